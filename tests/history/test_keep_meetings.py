"""What readings of a meeting's page are news, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from history.database import HistoryError
from history.keep_meetings import saw_unchanged
from scraper.records import DocumentRecord, VoteRecord
from tests.history.keeping import EVENING, Site, item, listed, meeting

AGENDA = meeting(*(item(n, text=f"Text of {n}") for n in range(1, 14)))


def document(number: str, **values: Any) -> DocumentRecord:
    return replace(DocumentRecord(number, f"Report {number}", "report", f"http://site/{number}.pdf", "20 KB"), **values)


def with_item(record: Any, index: int, **values: Any) -> Any:
    items = list(record.items)
    items[index] = replace(items[index], **values)
    return replace(record, items=tuple(items))


def test_a_meeting_read_by_a_link_is_announced_with_its_agenda(site: Site) -> None:
    kinds = site.reads(AGENDA)
    assert kinds == ["meeting.announced", "agenda.published", *["item.added"] * 13]
    assert (site.last.first_reading, site.last.baseline) == (True, False)
    assert site.reads(AGENDA) == []


def test_an_agenda_that_appears_is_told_once(site: Site) -> None:
    site.reads(meeting())
    assert site.reads(AGENDA)[0] == "agenda.published"
    site.reads(replace(AGENDA, agenda_state="none"))
    assert site.reads(AGENDA) == []


def test_the_first_reading_of_the_baseline_tells_nothing_and_keeps_all(site: Site) -> None:
    site.lists(listed(1, 2))
    record = replace(AGENDA, starts_at=EVENING + timedelta(days=1))
    assert site.reads(record) == []
    assert site.last.baseline
    assert len(site.rows("SELECT * FROM versions WHERE entity = 'item' AND capture IS NOT NULL")) == 13
    assert site.reads(with_item(record, 0, minutes="We met.")) == ["minutes.drafted"]


def test_a_meeting_of_a_later_list_is_news_with_its_agenda(site: Site) -> None:
    site.lists(listed(2))
    assert [change.kind for change in site.lists(listed(1, 2)).changes] == ["meeting.announced"]
    record = replace(AGENDA, starts_at=EVENING + timedelta(days=1))
    assert site.reads(record) == ["agenda.published", *["item.added"] * 13]


def test_number_place_and_order_are_no_change_and_are_kept(site: Site) -> None:
    site.reads(AGENDA)
    items = [replace(one, number=f"{60 + n}.", position=n) for n, one in enumerate(reversed(AGENDA.items), 1)]
    assert site.reads(replace(AGENDA, items=tuple(items))) == []
    assert site.rows("SELECT number FROM items WHERE item_id = 113")[0]["number"] == "61."


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({"title": "Other"}, ["item.amended"]),
        ({"text": "Other"}, ["item.amended"]),
        ({"decision": "Agreed."}, ["decision.published"]),
        ({"minutes": "We met."}, ["minutes.drafted"]),
        ({"restricted": True, "restricted_by": "mark"}, ["item.restricted"]),
        ({"restricted": True, "restricted_by": "words"}, []),
        ({"documents": (document("s1"),)}, ["document.added"]),
        ({"votes": (VoteRecord("Motion", "Vote", "For: all", "Carried"),)}, []),
    ],
)
def test_what_each_difference_of_an_item_is(site: Site, values: dict[str, Any], kinds: list[str]) -> None:
    site.reads(AGENDA)
    assert site.reads(with_item(AGENDA, 4, **values)) == kinds
    assert site.reads(with_item(AGENDA, 4, **values)) == []
    change = [change for change in site.kept[1].changes if change.item]
    assert len(site.rows("SELECT * FROM versions WHERE entity = 'item' AND entity_id = 5")) == (2 if values else 1)
    assert all(change.version for change in change)


def test_a_restriction_lifted(site: Site) -> None:
    site.reads(with_item(AGENDA, 0, restricted=True, restricted_by="title"))
    assert site.reads(with_item(AGENDA, 0, restricted=True, restricted_by="words")) == []
    site.reads(with_item(AGENDA, 0, restricted=True, restricted_by="mark"))
    assert site.reads(AGENDA) == ["item.unrestricted"]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"starts_at": EVENING + timedelta(hours=1)}, "starts_at"), ({"venue": "Library"}, "venue")],
)
def test_a_meeting_moved(site: Site, values: dict[str, Any], field: str) -> None:
    site.reads(AGENDA)
    assert site.reads(replace(AGENDA, **values)) == ["meeting.moved"]
    (change,) = site.last.changes
    assert change.field == field
    assert change.before == {"starts_at": "2026-02-01T19:00:00+00:00", "venue": "Town Hall"}[field]


def test_a_venue_first_told_or_left_out_is_no_move(site: Site) -> None:
    site.reads(replace(AGENDA, venue=None))
    assert site.reads(AGENDA) == []
    assert site.reads(replace(AGENDA, venue=None)) == []
    assert site.reads(replace(AGENDA, venue="Library")) == ["meeting.moved"]


def test_cancelled_and_put_back(site: Site) -> None:
    site.reads(meeting())
    assert site.reads(meeting(status="cancelled")) == ["meeting.cancelled"]
    assert site.reads(meeting()) == ["meeting.reinstated"]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("none", "draft", "approved"), [[], ["minutes.approved"]]),
        (("none", "published", "draft", "approved"), [[], [], ["minutes.approved"]]),
        (("none", "published", "approved"), [[], []]),
        (("none", "approved"), [["minutes.approved"]]),
        (("draft", "published", "approved", "published", "approved"), [[], ["minutes.approved"], [], []]),
    ],
)
def test_the_states_of_minutes(site: Site, states: tuple[Any, ...], told: list[list[str]]) -> None:
    site.reads(replace(AGENDA, minutes_state=states[0]))
    assert [site.reads(replace(AGENDA, minutes_state=state)) for state in states[1:]] == told


def test_the_web_service_does_not_unsay_a_draft(site: Site) -> None:
    site.reads(replace(AGENDA, minutes_state="draft"))
    site.reads(replace(AGENDA, minutes_state="published", transport="webservice"))
    assert site.rows("SELECT minutes_state FROM meetings")[0]["minutes_state"] == "draft"


def test_one_item_missing_is_believed_at_the_next_poll_and_its_return_is_told(site: Site) -> None:
    site.reads(with_item(AGENDA, 0, documents=(document("s1"),)))
    shorter = replace(AGENDA, items=AGENDA.items[1:])
    assert site.reads(shorter) == []
    assert (site.last.pending_losses, site.last.doubt) == (True, None)
    assert site.reads(shorter) == ["item.withdrawn", "document.withdrawn"]
    assert not site.last.pending_losses
    assert site.reads(with_item(AGENDA, 0, documents=(document("s1"),))) == ["item.returned", "document.added"]


def test_what_comes_back_after_it_was_only_missing_is_not_new(site: Site) -> None:
    site.reads(AGENDA)
    assert site.reads(replace(AGENDA, items=AGENDA.items[1:])) == []
    assert site.reads(AGENDA) == []
    assert not site.last.pending_losses
    assert site.reads(replace(AGENDA, items=AGENDA.items[1:])) == []  # and the count begins anew


def test_a_page_without_its_items_is_believed_after_three_polls_and_six_hours(site: Site) -> None:
    site.reads(AGENDA)
    empty = replace(AGENDA, items=(), agenda_state="none")
    for _ in range(6):
        assert site.reads(empty) == []
        assert site.last.doubt == "only 0 of the 13 items that stood there are on the page"
        assert site.last.pending_losses
    assert site.rows("SELECT agenda_state FROM meetings")[0]["agenda_state"] == "published"
    assert site.reads(empty) == ["item.withdrawn"] * 13
    assert (site.last.pending_losses, site.last.doubt) == (False, None)


def test_two_polls_far_apart_are_not_three(site: Site) -> None:
    site.reads(AGENDA)
    site.reads(replace(AGENDA, items=()))
    site.now += timedelta(days=2)
    assert site.reads(replace(AGENDA, items=())) == []
    assert len(site.reads(replace(AGENDA, items=()))) == 13


def test_additions_are_recorded_at_once_even_on_a_page_in_doubt(site: Site) -> None:
    site.reads(AGENDA)
    assert site.reads(replace(AGENDA, items=(item(20),))) == ["item.added"]
    assert site.last.doubt


def test_a_text_that_vanishes_is_a_loss_like_any_other(site: Site) -> None:
    record = meeting(*(item(n, minutes=f"We met about {n}.") for n in range(1, 7)))
    site.reads(record)
    gone = with_item(record, 0, minutes=None)
    assert site.reads(gone) == []
    assert site.last.pending_losses
    assert site.reads(record) == []
    assert site.reads(gone) == []
    assert site.reads(gone) == ["minutes.amended"]
    assert site.reads(record) == ["minutes.amended"]  # drafted they were before


def test_cut_minutes(site: Site) -> None:
    whole = "The first part of it. The second part, with the news."
    cut = {"minutes": "The first part of it. The", "cut": frozenset({"minutes"})}
    site.reads(AGENDA)
    assert site.reads(with_item(AGENDA, 0, **cut)) == ["minutes.drafted"]
    assert site.reads(with_item(AGENDA, 0, minutes=whole)) == ["minutes.amended"]
    assert site.reads(with_item(AGENDA, 0, **cut)) == []
    assert site.rows("SELECT minutes, cut FROM items WHERE id = 1") == [{"minutes": whole, "cut": None}]
    other = {"minutes": "Another beginning altogether.", "cut": frozenset({"minutes"})}
    assert site.reads(with_item(AGENDA, 0, **other)) == ["minutes.amended"]
    assert site.last.changes[0].before == "The first part of it. The"


def test_neither_another_transport_nor_another_parser_is_news(site: Site) -> None:
    record = meeting(*(item(n, minutes=f"We “met”, about\n{n}.") for n in range(1, 5)))
    other = replace(
        record, items=tuple(replace(one, minutes=f'We "met" about {n}') for n, one in enumerate(record.items, 1))
    )
    site.reads(record)
    assert site.reads(replace(other, transport="webservice")) == []
    assert site.reads(replace(other, transport="webservice")) == []
    assert site.reads(other, parser="2") == []
    assert site.rows("SELECT minutes FROM items WHERE id = 1")[0]["minutes"] == 'We "met" about 1'
    assert site.reads(record, parser="2") == ["minutes.amended"] * 4  # the same parser saw other marks


def test_figures_differ_even_across_transports(site: Site) -> None:
    site.reads(with_item(AGENDA, 0, text="It costs £2.5m"))
    assert site.reads(replace(with_item(AGENDA, 0, text="It costs £25m"), transport="webservice")) == ["item.amended"]


def test_the_same_bytes_under_a_new_parser_are_no_news(site: Site) -> None:
    site.reads(AGENDA)
    assert site.reads(with_item(AGENDA, 0, minutes="We met."), parser="2", same_bytes=True) == []
    assert site.rows("SELECT minutes FROM items WHERE id = 1")[0]["minutes"] == "We met."


def test_what_only_the_new_transport_can_tell_is_filled_in_quietly(site: Site) -> None:
    fields = AGENDA.fields - {"documents", "contact"}
    by_service = replace(AGENDA, transport="webservice", fields=fields)
    site.reads(by_service)
    pack = document("g1:T10", kind="pack")
    by_page = replace(AGENDA, transport="both", documents=(pack,))
    assert site.reads(by_page) == []
    late = document("sid9", kind="late paper")
    assert site.reads(replace(by_page, documents=(pack, late))) == ["document.added"]


def test_a_site_long_read_both_ways_tells_what_only_the_page_says(site: Site) -> None:
    site.reads(replace(AGENDA, meeting_id=2, transport="both"))
    site.reads(replace(AGENDA, transport="webservice", fields=AGENDA.fields - {"documents"}))
    assert site.reads(replace(AGENDA, transport="both", documents=(document("sid9"),))) == ["document.added"]


def test_a_new_number_for_the_same_item_is_noted_as_doubt(site: Site) -> None:
    site.reads(AGENDA)
    assert site.reads(with_item(AGENDA, 3, item_id=999)) == []
    (row,) = site.rows("SELECT item_id, doubt FROM items WHERE doubt IS NOT NULL")
    assert row["item_id"] == 999
    assert "number was 104, now 999" in row["doubt"]


def test_documents_whose_title_size_or_number_changed_are_wanted_again_and_no_news(site: Site) -> None:
    site.reads(with_item(AGENDA, 0, documents=(document("s1"),)))
    site.db.execute("UPDATE documents SET wanted = 0")
    for values in ({"title": "Report, revised"}, {"size_shown": "21 KB"}, {"document_id": "s2", "title": "Report s1"}):
        assert site.reads(with_item(AGENDA, 0, documents=(document("s1", **values),))) == []
        assert site.rows("SELECT wanted FROM documents") == [{"wanted": 1}]
        site.db.execute("UPDATE documents SET wanted = 0")


def test_another_transport_keeps_the_number_of_a_document(site: Site) -> None:
    site.reads(with_item(AGENDA, 0, documents=(document("s1"),)))
    site.db.execute("UPDATE documents SET wanted = 0")
    read = with_item(AGENDA, 0, documents=(document("60860", title="Report s1", size_shown=None),))
    assert site.reads(replace(read, transport="webservice")) == []
    assert site.rows("SELECT document_id, wanted FROM documents") == [{"document_id": "s1", "wanted": 0}]


def test_fields_that_the_page_cannot_speak_of_are_left_alone(site: Site) -> None:
    site.reads(AGENDA)
    assert site.reads(replace(AGENDA, items=(), venue=None, fields=frozenset({"starts_at"}))) == []
    assert not site.last.pending_losses


def test_an_unknown_meeting_of_no_committee_is_refused_in_one_line(site: Site) -> None:
    with pytest.raises(HistoryError, match="names no committee"):
        site.reads(replace(AGENDA, committee_id=None))
    assert site.rows("SELECT * FROM meetings") == []


def test_a_sighting_writes_only_when(site: Site) -> None:
    site.reads(AGENDA)
    saw_unchanged(site.db, site.last.meeting, site.now + timedelta(days=1))
    (row,) = site.rows("SELECT last_seen, last_changed FROM meetings")
    assert row == {"last_seen": "2026-01-06T10:00:00+00:00", "last_changed": "2026-01-05T09:00:00+00:00"}
    assert {r["last_seen"] for r in site.rows("SELECT last_seen FROM items")} == {"2026-01-06T10:00:00+00:00"}


def test_the_proof_is_kept_once_and_only_where_something_changed(site: Site) -> None:
    site.reads(AGENDA, body=b"one")
    site.reads(AGENDA, body=b"two")
    site.reads(with_item(AGENDA, 0, text="Other"), body=b"three")
    site.reads(AGENDA, body=b"one")
    assert [r["sha256"][:4] for r in site.rows("SELECT sha256 FROM captures ORDER BY id")] == ["7692", "8b5b"]
