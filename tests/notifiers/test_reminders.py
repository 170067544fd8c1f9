"""Told by the calendar: closing dates are reminded of once each, and quiet watches prove monthly that they live."""

from __future__ import annotations

from datetime import date, timedelta

from notifiers import outbox, reminders
from notifiers.stories import bulletin

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'
PARKS = '[[watch]]\nname = "Parks"\nany = ["park"]'
OPEN = "A public consultation on the proposed PSPO is open.\nThe consultation closes on 12 December 2025."
KEEN = ("residents", ["PSPOs"], "remind_days_before = 3")


def tell_open(book, people) -> int:
    item = book.item(book.meeting(book.council()), "Town centre", text=OPEN)
    outbox.tell_changes(book.db, [book.change("item.added", "item", item)], people, book.now)
    return item


def test_a_closing_date_is_reminded_of_once_on_the_morning_of_its_day(book, configure, configured) -> None:
    people = configure(PSPO, KEEN)
    tell_open(book, people)
    book.now = book.now.replace(month=12, day=9, hour=7, minute=59)
    assert reminders.reminders(book.db, people, book.now) == []
    (message,) = reminders.reminders(book.db, people, book.later(minutes=1))
    assert reminders.reminders(book.db, people, book.later(days=1)) == []
    gathered = bulletin(book.db, message, configured(PSPO, KEEN), book.now)
    assert gathered.kind == "reminder"
    assert ("closes", "2025-12-12") in [(d.kind, d.date) for d in gathered.stories[0].dates]


def test_a_closing_date_that_moved_is_reminded_of_again(book, configure) -> None:
    people = configure(PSPO, KEEN)
    item = tell_open(book, people)
    book.now = book.now.replace(month=12, day=10)
    assert len(reminders.reminders(book.db, people, book.now)) == 1
    change = book.rewrite(item, "text", OPEN.replace("12 December", "19 December"), "item.amended")
    outbox.tell_changes(book.db, [change], people, book.now)
    assert reminders.reminders(book.db, people, book.now) == []
    assert len(reminders.reminders(book.db, people, book.later(days=6))) == 1


def test_no_reminder_after_the_day_nor_for_who_wants_none(book, configure) -> None:
    people = configure(PSPO, KEEN, ("press", ["PSPOs"], ""))
    tell_open(book, people)
    assert reminders.reminders(book.db, people, book.now.replace(month=12, day=13)) == []
    made = reminders.reminders(book.db, people, book.now.replace(month=12, day=12))
    assert [row["subscriber"] for row in book.rows("select subscriber from messages where kind = 'reminder'")] == [1]
    assert len(made) == 1


def test_a_consultation_s_own_closing_date_counts_for_any_watch(book, configure) -> None:
    people = configure(PARKS, ("residents", ["Parks"], "remind_days_before = 7"))
    notice = book.notice(book.council(), "consultation", "Park plans", due="2025-11-24")
    outbox.tell_changes(book.db, [book.change("consultation.opened", "notice", notice)], people, book.now)
    assert len(reminders.reminders(book.db, people, book.now)) == 1


def looked(book, requests=1200) -> None:
    book.db.execute(
        "insert into polls (source, started_at, requests) values (1, ?, ?)", (book.now.isoformat(), requests)
    )


def test_a_watch_that_heard_nothing_for_a_month_proves_that_it_lives(book, configure, configured) -> None:
    residents = ("residents", ["PSPOs"], "")
    people = configure(PSPO, residents)
    council = book.council()
    book.meeting(council)
    book.meeting(council, starts_at=book.now + timedelta(days=57))
    book.later(days=20)
    looked(book)
    assert reminders.proofs_of_life(book.db, people, book.now) == []
    (message,) = reminders.proofs_of_life(book.db, people, book.later(days=10))
    quiet = bulletin(book.db, message, configured(PSPO, residents), book.now).quiet
    assert quiet is not None
    assert (quiet.watch, quiet.looks, quiet.meetings, quiet.next_meeting) == ("PSPOs", 1200, 2, date(2026, 1, 14))
    assert quiet.council_names == ("Stockton-on-Tees",)
    looked(book)
    assert reminders.proofs_of_life(book.db, people, book.later(days=29)) == []
    looked(book)
    assert len(reminders.proofs_of_life(book.db, people, book.later(days=1))) == 1


def test_only_the_quiet_watches_prove_themselves_and_in_one_message(book, configure, configured) -> None:
    three = f'{PSPO}\n{PARKS}\n[[watch]]\nname = "Trees"\nany = ["tree"]'
    residents = ("residents", ["PSPOs", "Parks", "Trees"], "")
    people = configure(three, residents)
    meeting = book.meeting(book.council())
    book.later(days=25)
    looked(book)
    outbox.tell_changes(book.db, [book.change("item.added", "item", book.item(meeting, "Park"))], people, book.now)
    (message,) = reminders.proofs_of_life(book.db, people, book.later(days=6))
    quiet = bulletin(book.db, message, configured(three, residents), book.now).quiet
    assert quiet is not None
    assert quiet.watch == "PSPOs and Trees"


def test_where_nothing_was_looked_at_there_is_no_proof(book, configure) -> None:
    people = configure(PSPO, ("residents", ["PSPOs"], ""))
    book.meeting(book.council())
    assert reminders.proofs_of_life(book.db, people, book.later(days=31)) == []
