"""From changes to messages, in a real database: each alert once, to whom it belongs, in one message for a meeting."""

from __future__ import annotations

import json

from notifiers import outbox
from notifiers.alerts import Reason

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'
PARKS = '[[watch]]\nname = "Parks"\nany = ["park"]'
RESIDENTS = ("residents", ["PSPOs"], "")


def test_a_matching_item_makes_one_message_with_a_delivery_for_each_address(book, configure) -> None:
    people = configure(
        PSPO, RESIDENTS, addresses={"residents": ["mailto://a@x.org", "mailto://b@x.org", "mailto://a@x.org"]}
    )
    meeting = book.meeting(book.council())
    changes = [
        book.change("agenda.published", "meeting", meeting),
        book.change("item.added", "item", book.item(meeting, "PSPO Update")),
        book.change("item.added", "item", book.item(meeting, "Apologies")),
        book.change("item.added", "item", book.item(meeting, "Town centre", text="A new PSPO is proposed.")),
    ]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 2
    (message,) = book.rows("select * from messages")
    assert (message["kind"], message["meeting"], message["body"]) == ("alert", meeting, None)
    deliveries = book.rows("select * from deliveries where message = ?", message["id"])
    assert [d["state"] for d in deliveries] == ["waiting", "waiting"]
    assert "x.org" not in json.dumps(deliveries)
    assert len(book.rows("select * from message_alerts")) == 2


def test_telling_the_same_changes_twice_tells_once(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    changes = [book.change("item.added", "item", book.item(book.meeting(book.council()), "PSPO Update"))]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 1
    assert outbox.tell_changes(book.db, changes, people, book.now) == 0
    assert len(book.rows("select * from messages")) == 1


def test_a_known_word_where_something_else_changed_is_no_alert(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    item = book.item(book.meeting(book.council()), "PSPO Update", text="The PSPO is reviewed.\nTea is at ten.")
    change = book.rewrite(item, "text", "The PSPO is reviewed.\nTea is at eleven.", "item.amended")
    assert outbox.tell_changes(book.db, [change], people, book.now) == 0


def test_a_removed_paragraph_is_told_as_removed(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    item = book.item(book.meeting(book.council()), "Town centre", text="A PSPO is proposed.\nTea is at ten.")
    change = book.rewrite(item, "text", "Tea is at ten.", "item.amended")
    assert outbox.tell_changes(book.db, [change], people, book.now) == 1
    assert Reason.from_json(book.rows("select reason from alerts")[0]["reason"]).why == "removed"


def test_a_cancelled_meeting_is_told_for_the_items_it_was_to_have(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    meeting = book.meeting(book.council())
    book.item(meeting, "PSPO Update")
    other = book.meeting(book.council("leeds", "Leeds"), "Planning")
    changes = [book.change("meeting.cancelled", "meeting", m) for m in (meeting, other)]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 1
    reason = Reason.from_json(book.rows("select reason from alerts")[0]["reason"])
    assert (reason.why, reason.quotes[0].sentence) == ("state", "PSPO Update")
