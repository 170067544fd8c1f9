"""What is told together: digests, floods held back, and summaries of what stood already."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.database import write_txn
from notifiers import digests, outbox

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'
PARKS = '[[watch]]\nname = "Parks"\nany = ["park"]'
DAILY = ("residents", ["PSPOs"], 'deliver = "daily 07:30"')
AT_ONCE = ("residents", ["PSPOs"], "")


def add(book, people, meeting, title="PSPO Update") -> int:
    return outbox.tell_changes(
        book.db, [book.change("item.added", "item", book.item(meeting, title))], people, book.now
    )


def test_a_daily_digest_comes_at_its_time_with_everything_since_the_last(book, configure) -> None:
    people = configure(PSPO, DAILY)
    council = book.council()
    add(book, people, book.meeting(council))
    book.later(hours=2)
    add(book, people, book.meeting(council, "Cabinet"))
    assert book.rows("select * from messages") == []
    assert digests.close_digests(book.db, people, book.later(hours=3)) == []
    (digest,) = digests.close_digests(book.db, people, book.later(hours=15))
    assert len(book.rows("select * from message_alerts where message = ?", digest)) == 2
    assert digests.close_digests(book.db, people, book.later(minutes=1)) == []


def test_a_digest_missed_while_down_is_sent_once(book, configure) -> None:
    people = configure(PSPO, DAILY)
    add(book, people, book.meeting(book.council()))
    assert len(digests.close_digests(book.db, people, book.later(days=4))) == 1
    assert digests.close_digests(book.db, people, book.later(hours=1)) == []


def test_a_digest_with_nothing_to_tell_is_no_message(book, configure) -> None:
    people = configure(PSPO, DAILY)
    assert digests.close_digests(book.db, people, book.later(days=2)) == []


def test_a_flood_is_held_back_and_told_in_one_digest(book, configure) -> None:
    people = configure(PSPO, AT_ONCE)
    council = book.council()
    for number in range(230):
        add(book, people, book.meeting(council, f"Committee {number}"))
    assert len(book.rows("select * from messages where kind = 'alert'")) == 199
    (digest,) = digests.close_digests(book.db, people, book.later(minutes=1))
    assert digests.was_flood(book.db, digest, outbox.FLOOD)
    assert book.rows("select id from alerts where id not in (select alert from message_alerts)") == []
    add(book, people, book.meeting(council, "Late committee"))
    assert digests.close_digests(book.db, people, book.later(minutes=30)) == []
    assert len(digests.close_digests(book.db, people, book.later(minutes=31))) == 1
    add(book, people, book.meeting(council, "After the flood"))
    assert len(book.rows("select * from messages where kind = 'alert'")) == 200


def test_the_baseline_is_told_in_one_summary_once_all_of_it_is_read(book, configure) -> None:
    people = configure(PSPO, AT_ONCE)
    council = book.council()
    first = book.meeting(council, baseline=1)
    book.item(first, "PSPO Update")
    unread = book.meeting(council, baseline=1, read_at=None)
    assert outbox.tell_standing(book.db, first, people, book.now) == 1
    assert outbox.tell_standing(book.db, first, people, book.now) == 0
    assert digests.close_summaries(book.db, people, book.later(minutes=5)) == []
    book.db.execute("update meetings set read_at = ? where id = ?", (book.now.isoformat(), unread))
    book.item(unread, "PSPO renewal")
    outbox.tell_standing(book.db, unread, people, book.now)
    (summary,) = digests.close_summaries(book.db, people, book.later(minutes=5))
    assert len(book.rows("select * from message_alerts where message = ?", summary)) == 2
    assert book.rows("select distinct kind from messages") == [{"kind": "summary"}]


def test_a_summary_waits_no_longer_than_a_day_and_comes_daily_at_most(book, configure) -> None:
    people = configure(PSPO, AT_ONCE)
    council = book.council()
    first = book.meeting(council, baseline=1)
    book.item(first, "PSPO Update")
    second = book.meeting(council, baseline=1, read_at=None)
    outbox.tell_standing(book.db, first, people, book.now)
    assert len(digests.close_summaries(book.db, people, book.later(hours=24))) == 1
    book.item(second, "PSPO renewal")
    book.db.execute("update meetings set read_at = ? where id = ?", (book.now.isoformat(), second))
    outbox.tell_standing(book.db, second, people, book.now)
    assert digests.close_summaries(book.db, people, book.later(hours=1)) == []
    assert len(digests.close_summaries(book.db, people, book.later(hours=23))) == 1


def test_a_new_watch_gets_one_summary_of_what_stands_and_no_alert_for_earlier_changes(book, configure) -> None:
    configure(PARKS, ("residents", ["Parks"], ""))
    meeting = book.meeting(book.council())
    change = book.change("item.added", "item", book.item(meeting, "PSPO Update"))
    book.later(days=1)
    people = configure(f"{PARKS}\n{PSPO}", ("residents", ["Parks", "PSPOs"], ""))
    assert book.rows("select change, item from alerts") == [{"change": None, "item": change.item}]
    assert len(digests.close_summaries(book.db, people, book.now)) == 1
    assert outbox.tell_changes(book.db, [change], people, book.now) == 0
    again = configure(f"{PARKS}\n{PSPO}", ("residents", ["Parks", "PSPOs"], ""))
    assert again.fresh == frozenset()
    assert len(book.rows("select * from alerts")) == 1


def test_a_watch_whose_words_grew_tells_only_of_what_was_not_told(book, configure) -> None:
    people = configure('[[watch]]\nname = "W"\nany = ["park"]', ("residents", ["W"], ""))
    meeting = book.meeting(book.council())
    add(book, people, meeting, "Park benches")
    book.item(meeting, "Trees")
    book.later(hours=1)
    people = configure('[[watch]]\nname = "W"\nany = ["park", "tree"]', ("residents", ["W"], ""))
    standing = book.rows("select i.title from alerts a join items i on i.id = a.item where a.change is null")
    assert standing == [{"title": "Trees"}]


def test_what_was_told_at_once_is_not_told_again_in_a_digest_or_summary(book, configure) -> None:
    people = configure(PSPO, AT_ONCE)
    meeting = book.meeting(book.council())
    add(book, people, meeting)
    assert outbox.tell_standing(book.db, meeting, people, book.now) == 0
    assert digests.close_digests(book.db, people, book.later(days=2)) == []
    assert digests.close_summaries(book.db, people, book.now + timedelta(days=2)) == []


def test_alerts_that_waited_for_a_daily_digest_are_told_when_the_reader_changes_to_at_once(book, configure) -> None:
    people = configure(PSPO, DAILY)
    add(book, people, book.meeting(book.council()))
    people = configure(PSPO, AT_ONCE)
    assert len(digests.close_digests(book.db, people, book.later(minutes=1))) == 1


def test_a_summary_does_not_wait_for_committees_that_are_not_followed(book, configured) -> None:
    config = configured(PSPO, AT_ONCE)
    council = config.councils[0].model_copy(update={"committees": ("CABINET",)})
    people = outbox.keep_people(book.db, config.model_copy(update={"councils": (council,)}), None, book.now)
    stockton = book.council()
    read = book.meeting(stockton, "Cabinet", baseline=1)
    book.item(read, "PSPO Update")
    book.meeting(stockton, "Planning", baseline=1, read_at=None)
    outbox.tell_standing(book.db, read, people, book.now)
    assert len(digests.close_summaries(book.db, people, book.now)) == 1


MODES = ("", 'quiet = "22:00-07:00"', 'deliver = "daily 07:30"', 'deliver = "weekly Mon 07:30"')
STEPS = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 90)),
    st.tuples(st.just("stood"), st.integers(1, 3)),
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("mode"), st.integers(0, 3)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=8))
def test_whatever_happens_each_alert_is_told_exactly_once(begin, steps) -> None:
    book, people, keep = begin(PSPO, AT_ONCE)
    with write_txn(book.db):
        council = book.council()
        for step, number in [*steps, *[("wait", 24)] * 9]:
            if step == "mode":
                people = keep(PSPO, ("residents", ["PSPOs"], MODES[number]))
            for each in range(number if step == "add" else 0):
                add(book, people, book.meeting(council, f"Committee {each}"))
            for _ in range(number if step == "stood" else 0):
                meeting = book.meeting(council, baseline=1)
                book.item(meeting, "PSPO Update")
                outbox.tell_standing(book.db, meeting, people, book.now)
            book.later(hours=number if step == "wait" else 0)
            digests.close_digests(book.db, people, book.now)
            digests.close_summaries(book.db, people, book.now)
    told = (
        "select a.id, count(ma.message) as n from alerts a left join message_alerts ma on ma.alert = a.id group by a.id"
    )
    assert {row["n"] for row in book.rows(told)} <= {1}
    by_kind = """select m.kind, a.change is null as stood from message_alerts ma join messages m on m.id = ma.message
                 join alerts a on a.id = ma.alert"""
    assert all((row["kind"] == "summary") == bool(row["stood"]) for row in book.rows(by_kind))
