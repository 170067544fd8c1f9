"""From changes to messages, in a real database: each alert once, to whom it belongs, in one message for a meeting."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.database import write_txn
from notifiers import outbox
from notifiers.bulletin import Trouble
from notifiers.reasons import Reason

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


def test_changes_and_what_they_cause_are_one_transaction(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    meeting = book.meeting(book.council())
    with pytest.raises(ZeroDivisionError), write_txn(book.db):
        change = book.change("item.added", "item", book.item(meeting, "PSPO Update"))
        assert outbox.tell_changes(book.db, [change], people, book.now) == 1
        raise ZeroDivisionError
    for table in ("changes", "alerts", "messages", "message_alerts", "deliveries", "milestones"):
        assert book.rows(f"select * from {table}") == []


def test_a_closing_date_that_moved_in_a_sentence_without_the_term_is_told(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    text = "A public consultation on the PSPO is open.\nComments on the order close on 12 January 2026."
    item = book.item(book.meeting(book.council()), "Town centre", text=text)
    change = book.rewrite(item, "text", text.replace("12 January", "26 January"), "item.amended")
    assert outbox.tell_changes(book.db, [change], people, book.now) == 1
    reason = Reason.from_json(book.rows("select reason from alerts")[0]["reason"])
    assert reason.why == "facts"
    assert [(d.kind, d.date) for d in reason.dates] == [("closes", "2026-01-26")]
    assert "26 January" in " ".join(quote.sentence for quote in reason.quotes)


def test_a_restriction_that_only_words_tell_in_the_minutes_is_no_alert(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    item = book.item(book.meeting(book.council()), "PSPO Update", restricted=1, restricted_by="words")
    minutes = (
        "This report was restricted due to the links to Information relating to crime.\nAGREED to note the update."
    )
    assert (
        outbox.tell_changes(book.db, [book.rewrite(item, "minutes", minutes, "minutes.drafted")], people, book.now) == 0
    )


def test_a_withdrawn_or_restricted_item_is_told_for_what_it_says(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    meeting = book.meeting(book.council())
    item, other = book.item(meeting, "PSPO Update"), book.item(meeting, "Apologies")
    changes = [book.change(kind, "item", i) for kind in ("item.withdrawn", "item.restricted") for i in (item, other)]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 2
    assert len(book.rows("select * from messages")) == 1


def test_an_agenda_is_told_by_its_items_and_by_itself_only_where_asked_for(book, configure) -> None:
    asked = '[[watch]]\nname = "Agendas"\nany = ["PSPO"]\nkinds = ["agenda.published"]'
    people = configure(f"{PSPO}\n{asked}", ("residents", ["PSPOs", "Agendas"], ""))
    meeting = book.meeting(book.council())
    changes = [
        book.change("agenda.published", "meeting", meeting),
        book.change("item.added", "item", book.item(meeting, "PSPO Update")),
    ]
    outbox.tell_changes(book.db, changes, people, book.now)
    told = """select w.name, c.kind from alerts a join watches w on w.id = a.watch
              join changes c on c.id = a.change order by 1"""
    assert [tuple(row.values()) for row in book.rows(told)] == [
        ("Agendas", "agenda.published"),
        ("PSPOs", "item.added"),
    ]


def test_agreed_minutes_say_nothing_new_and_are_told_only_where_asked_for(book, configure) -> None:
    asked = '[[watch]]\nname = "Approvals"\nany = ["PSPO"]\nkinds = ["minutes.approved"]'
    people = configure(f"{PSPO}\n{asked}", ("residents", ["PSPOs", "Approvals"], ""))
    meeting = book.meeting(book.council())
    book.item(meeting, "PSPO Update")
    outbox.tell_changes(book.db, [book.change("minutes.approved", "meeting", meeting)], people, book.now)
    told = "select w.name from alerts a join watches w on w.id = a.watch"
    assert book.rows(told) == [{"name": "Approvals"}]


def test_a_document_is_matched_by_title_and_text_and_told_with_its_item(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    meeting = book.meeting(book.council())
    item = book.item(meeting, "PSPO Update")
    paper = book.document("Report", meeting=meeting, item=item, text="The Public Spaces Protection Order expires.")
    changes = [book.change("item.added", "item", item), book.change("document.added", "document", paper)]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 2
    assert len(book.rows("select * from messages")) == 1


def test_document_text_that_comes_later_joins_the_message_that_waits(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    meeting = book.meeting(book.council())
    item = book.item(meeting, "PSPO Update")
    paper = book.document("Report", meeting=meeting, item=item)
    changes = [book.change("item.added", "item", item), book.change("document.added", "document", paper)]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 1
    book.db.execute("update documents set text = 'The PSPO expires.' where id = ?", (paper,))
    assert outbox.tell_document_text(book.db, paper, changes[1].id, people, book.later(minutes=1)) == 1
    assert outbox.tell_document_text(book.db, paper, changes[1].id, people, book.later(minutes=1)) == 0
    assert len(book.rows("select * from messages")) == 1
    assert len(book.rows("select * from message_alerts")) == 2


def test_a_replaced_document_is_matched_on_its_changed_paragraphs(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    meeting = book.meeting(book.council())
    paper = book.document("Report", meeting=meeting, text="The PSPO.\nTea at eleven.\nA park.")
    before = "The PSPO.\nTea at ten.\nA park."
    same = book.change(
        "document.replaced", "document", paper, field="text", before=before, after="The PSPO.\nTea at eleven.\nA park."
    )
    assert outbox.tell_changes(book.db, [same], people, book.now) == 0
    new = book.change(
        "document.replaced", "document", paper, field="text", before="A park.", after="The PSPO.\nA park."
    )
    assert outbox.tell_changes(book.db, [new], people, book.now) == 1


def test_the_minutes_of_a_new_item_are_told_once(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    item = book.item(book.meeting(book.council()), "Town centre", minutes="The PSPO was noted.")
    changes = [
        book.change("item.added", "item", item),
        book.change("minutes.drafted", "item", item, field="minutes", after="The PSPO was noted."),
    ]
    assert outbox.tell_changes(book.db, changes, people, book.now) == 1
    told = "select c.kind from alerts a join changes c on c.id = a.change"
    assert book.rows(told) == [{"kind": "minutes.drafted"}]


def test_a_document_replaced_by_one_without_text_is_told_for_what_it_said(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    paper = book.document("Report", meeting=book.meeting(book.council()))
    change = book.change("document.replaced", "document", paper, field="text", before="The PSPO.", after=None)
    assert outbox.tell_changes(book.db, [change], people, book.now) == 1
    assert Reason.from_json(book.rows("select reason from alerts")[0]["reason"]).why == "state"


def test_quiet_hours_hold_a_message_back_and_keep_what_belongs_together(book, configure) -> None:
    people = configure(PSPO, ("residents", ["PSPOs"], 'quiet = "22:00-07:00"'))
    meeting = book.meeting(book.council())
    book.later(hours=11)
    for minutes in (0, 90):
        book.later(minutes=minutes)
        change = book.change("item.added", "item", book.item(meeting, f"PSPO {minutes}"))
        outbox.tell_changes(book.db, [change], people, book.now)
    (message,) = book.rows("select * from messages")
    assert message["not_before"] == "2025-11-19T07:00:00+00:00"
    assert book.rows("select next_attempt_at from deliveries") == [{"next_attempt_at": message["not_before"]}]


def test_notices_are_matched_and_their_dates_become_milestones(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    council = book.council()
    notice = book.notice(
        council, "consultation", "PSPO survey", text="Have your say.", opens="2025-11-20", due="2026-01-12"
    )
    assert outbox.tell_changes(book.db, [book.change("consultation.opened", "notice", notice)], people, book.now) == 1
    dates = book.rows("select kind, date, precision from milestones where kind <> 'stage' order by date")
    assert dates == [
        {"kind": "opens", "date": "2025-11-20", "precision": "day"},
        {"kind": "closes", "date": "2026-01-12", "precision": "day"},
    ]
    moved = book.change("consultation.amended", "notice", notice, field="due", before="2026-01-12", after="2026-02-02")
    assert outbox.tell_changes(book.db, [moved], people, book.now) == 1


def test_milestones_are_replaced_when_a_text_changes_and_go_with_a_withdrawn_item(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    item = book.item(book.meeting(book.council()), "PSPO", text="The PSPO is due to expire in April 2026.")
    outbox.tell_changes(book.db, [book.change("item.added", "item", item)], people, book.now)
    dated = "select date from milestones where kind = 'expires'"
    assert book.rows(dated) == [{"date": "2026-04"}]
    change = book.rewrite(item, "text", "The PSPO is due to expire in May 2026.", "item.amended")
    outbox.tell_changes(book.db, [change], people, book.now)
    assert book.rows(dated) == [{"date": "2026-05"}]
    outbox.tell_changes(book.db, [book.change("item.withdrawn", "item", item)], people, book.now)
    assert book.rows("select * from milestones") == []


def test_milestones_are_kept_of_topics_that_nobody_watches(book, configure) -> None:
    people = configure(PARKS, ("residents", ["Parks"], ""))
    meeting = book.meeting(book.council(), baseline=1)
    book.item(meeting, "Town centre", text="The PSPO is due to expire in April 2026.")
    assert outbox.tell_standing(book.db, meeting, people, book.now) == 0
    assert {row["topic"] for row in book.rows("select topic from milestones")} == {"pspo"}


def test_the_operator_is_told_what_is_wrong(book, configure) -> None:
    people = configure(PSPO, RESIDENTS)
    trouble = Trouble("https://x.example", "failing", book.now, "it answers 500", "wait")
    message = outbox.tell_operator(book.db, "trouble", [trouble], people, book.now)
    assert book.rows("select subscriber, kind from messages") == [{"subscriber": None, "kind": "trouble"}]
    assert len(book.rows("select * from deliveries where message = ?", message)) == 1


WORDS = ("PSPO", "park", "school", "library")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    had=st.lists(st.sets(st.sampled_from(WORDS), min_size=1), min_size=1, max_size=4),
    titles=st.lists(st.sampled_from([*WORDS, "park and school", "other"]), min_size=1, max_size=6),
)
def test_a_subscriber_never_gets_what_only_another_watches(begin, had, titles) -> None:
    watches = "\n".join(f'[[watch]]\nname = "{word}"\nany = ["{word}"]' for word in WORDS)
    book, people, _ = begin(watches, *((f"s{n}", sorted(names), "") for n, names in enumerate(had)))
    meeting = book.meeting(book.council())
    changes = [book.change("item.added", "item", book.item(meeting, title)) for title in titles]
    outbox.tell_changes(book.db, changes, people, book.now)
    for number, names in enumerate(had):
        told = book.rows(
            """select i.title from messages m join subscribers s on s.id = m.subscriber
               join message_alerts ma on ma.message = m.id join alerts a on a.id = ma.alert
               join items i on i.id = a.item
               where s.name = ? and a.subscriber = s.id""",
            f"s{number}",
        )
        wanted = [title for title in titles for name in names if name in title]
        assert sorted(row["title"] for row in told) == sorted(wanted)
    assert (
        book.rows("select * from deliveries d join messages m on m.id = d.message where d.subscriber <> m.subscriber")
        == []
    )
