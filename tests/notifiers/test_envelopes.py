"""A message and its deliveries as rows."""

from __future__ import annotations

from datetime import timedelta

from notifiers.envelopes import give_up_at, new_message

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'


def test_a_message_is_given_up_after_a_fortnight_or_when_its_meeting_is_past(book) -> None:
    fortnight = book.now + timedelta(days=14)
    assert give_up_at(book.now, None) == fortnight
    assert give_up_at(book.now, book.now + timedelta(days=3)) == fortnight
    assert give_up_at(book.now, book.now + timedelta(days=40)) == book.now + timedelta(days=40)


def test_what_may_be_told_only_once_makes_one_message(book, configure) -> None:
    people = configure(PSPO, ("residents", ["PSPOs"], ""))
    (reader,) = people.readers
    made = [
        new_message(book.db, reader, reader.recipients, "reminder", book.now, subject="", once=once)
        for once in ("closes 1 May", "closes 1 May", "closes 2 May")
    ]
    assert [number is not None for number in made] == [True, False, True]
    assert len(book.rows("select * from deliveries")) == 2


def test_message_ids_differ_and_give_nothing_away(book, configure) -> None:
    people = configure(PSPO, ("residents", ["PSPOs"], ""))
    (reader,) = people.readers
    for _ in range(3):
        new_message(book.db, reader, reader.recipients, "test", book.now, subject="")
    ids = [row["message_id"] for row in book.rows("select message_id from messages")]
    assert len(set(ids)) == 3
    assert all(each.endswith("@councilwatch") and "residents" not in each for each in ids)


def test_quiet_hours_do_not_hold_back_the_operator(book, configure) -> None:
    people = configure(PSPO, ("residents", ["PSPOs"], 'quiet = "11:00-13:00"'))
    (reader,) = people.readers
    new_message(book.db, reader, reader.recipients, "test", book.now, subject="")
    new_message(book.db, None, people.operator, "trouble", book.now, subject="")
    held = [row["not_before"] for row in book.rows("select not_before from messages order by id")]
    assert held == ["2025-11-18T13:00:00+00:00", None]
