"""Whatever a site shows, poll after poll: the invariants hold, and nothing is told that was not so."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.deep_check import deep_check
from history.load import load_meeting
from scraper.records import DocumentRecord, ItemRecord, MeetingRecord
from tests.history.keeping import begin, item, meeting

TEXTS = st.sampled_from(
    [None, "We met.", "We met and agreed.", "A public consultation was scheduled.\nIt follows in May."]
)


@st.composite
def pages(draw: st.DrawFn) -> MeetingRecord:
    numbers = draw(st.lists(st.integers(1, 6), unique=True, max_size=6))
    items: list[ItemRecord] = []
    for position, number in enumerate(numbers, 1):
        documents = tuple(
            DocumentRecord(f"s{number}{d}", f"Report {d}", "report", f"http://site/s{number}{d}.pdf")
            for d in draw(st.lists(st.integers(1, 2), unique=True, max_size=2))
        )
        minutes = draw(TEXTS)
        restricted = draw(st.booleans())
        items.append(
            item(
                number,
                position=position,
                item_id=draw(st.sampled_from([100 + number, 100 + number, None])),
                number=draw(st.sampled_from(["", f"{position}.", f"CAB/{number}/26"])),
                title=draw(st.sampled_from([f"Title of {number}", "Minutes", "Update"])),
                text=draw(TEXTS),
                minutes=minutes,
                cut=frozenset({"minutes"}) if minutes and draw(st.booleans()) else frozenset(),
                restricted=restricted,
                restricted_by=draw(st.sampled_from(["mark", "title", "words"])) if restricted else None,
                documents=documents,
            )
        )
    record = meeting(*items)
    return replace(
        record,
        transport=draw(st.sampled_from(["html", "webservice", "both"])),
        status=draw(st.sampled_from(["scheduled", "scheduled", "cancelled"])),
        minutes_state=draw(st.sampled_from(["none", "draft", "published", "approved"])),
        fields=record.fields - draw(st.sampled_from([frozenset(), frozenset({"documents", "contact"})])),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(pages(), st.sampled_from(["1", "1", "2"]), st.integers(0, 5)), min_size=1, max_size=7))
def test_any_readings(polls: list[tuple[MeetingRecord, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = begin(Path(folder) / "history.db")
        known: set[int] = set()
        for record, parser, again in polls:
            site.reads(record, parser=parser)
            for change in site.last.changes:
                if change.kind == "item.added":
                    assert change.item not in known
                    known.add(change.item or 0)
            # The same page again and again tells of nothing but losses, and at last of nothing at all.
            for _ in range(again):
                kinds = site.reads(record, parser=parser)
                assert all(kind.endswith((".withdrawn", ".amended")) for kind in kinds), kinds
                assert all(change.after is None for change in site.last.changes)
        for _ in range(7):
            site.reads(polls[-1][0])
        versions = site.rows("SELECT count(*) n FROM versions")
        assert site.reads(polls[-1][0]) == []
        assert site.rows("SELECT count(*) n FROM versions") == versions
        assert not site.last.pending_losses
        assert deep_check(site.db) == ()
        state = load_meeting(site.db, site.source, 1)
        assert state is not None
        standing = [each for each in state.items if each.withdrawn_at is None]
        assert len(standing) == len(polls[-1][0].items)
        for each in state.items:
            (newest,) = site.rows(
                "SELECT content FROM versions WHERE entity = 'item' AND entity_id = ? ORDER BY seen_at DESC, id DESC LIMIT 1",
                each.id,
            )
            assert json.loads(newest["content"]) == each.content()
        site.db.close()
