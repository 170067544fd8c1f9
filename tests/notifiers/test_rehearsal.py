"""What a watch would have sent, and how much it matches."""

from __future__ import annotations

from config.topics import load_topics
from config.watches import Watch
from notifiers.rehearsal import reach, rehearse, standing

TOPICS = load_topics()
PSPOS = Watch(name="PSPOs", topic="pspo")


def test_a_rehearsal_sees_each_change_as_the_thing_stood_then(book) -> None:
    item = book.item(book.meeting(book.council()), "PSPO Update")
    added = book.change("item.added", "item", item)
    book.later(days=1)
    renamed = book.rewrite(item, "title", "Town centre", "item.amended")
    book.later(days=1)
    withdrawn = book.change("item.withdrawn", "item", item)
    told = [(entry.change.id, entry.reason.why) for entry in rehearse(book.db, PSPOS, TOPICS)]
    assert told == [(added.id, "words"), (renamed.id, "removed")]
    assert withdrawn.id not in dict(told)


def test_a_rehearsal_writes_nothing(book) -> None:
    book.change("item.added", "item", book.item(book.meeting(book.council()), "PSPO Update"))
    before = book.db.conn.total_changes
    assert len(list(rehearse(book.db, PSPOS, TOPICS))) == 1
    assert book.db.conn.total_changes == before


def test_what_stood_at_the_first_look_is_counted_apart(book) -> None:
    council = book.council()
    book.item(book.meeting(council, baseline=1), "PSPO Update")
    book.item(book.meeting(council), "PSPO Update")
    assert standing(book.db, PSPOS, TOPICS) == 1


def test_reach_knows_watches_that_match_nothing_or_nearly_everything(book) -> None:
    meeting = book.meeting(book.council())
    for number in range(20):
        book.item(meeting, f"Item {number}", text="The council met." + (" PSPO." if number < 2 else ""))
    watches = [
        PSPOS,
        Watch(name="all", any=("council",)),
        Watch(name="none", any=("unicorn",)),
        Watch(name="cancelled", any=("PSPO",), kinds=("meeting.cancelled",)),
    ]
    found = reach(book.db, watches, TOPICS, book.now)
    assert found.things == 20
    assert found.matched == {"PSPOs": 2, "all": 20, "none": 0, "cancelled": 2}
    assert (found.nothing(), found.nearly_everything()) == (("none",), ("all",))


def test_an_empty_history_warns_of_nothing(book) -> None:
    found = reach(book.db, [PSPOS], TOPICS, book.now)
    assert (found.nothing(), found.nearly_everything()) == ((), ())
