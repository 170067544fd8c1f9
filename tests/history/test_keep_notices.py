"""Decisions, plans and consultations: baseline, amendments, losses and closing days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from history.database import stamp, write_txn
from history.keep_notices import NoticesKept, close_consultations, keep_notices, saw_notices
from scraper.records import DocumentRecord, NoticeKind, NoticeRecord
from tests.history.keeping import Site


def notice(number: int, kind: NoticeKind = "consultation", **values: Any) -> NoticeRecord:
    values.setdefault("title", f"Notice {number}")
    return NoticeRecord(kind, number, url=f"http://site/notice{number}", **values)


def keeps(
    site: Site, *records: NoticeRecord, kind: NoticeKind = "consultation", complete: bool = True, **values: Any
) -> list[str]:
    with write_txn(site.db):
        kept: NoticesKept = keep_notices(site.db, site.source, kind, records, site.now, complete=complete, **values)
    return [change.kind for change in kept.changes]


def test_the_first_list_is_the_baseline_and_so_is_the_first_reading_of_its_pages(site: Site) -> None:
    assert keeps(site, notice(1), notice(2)) == []
    assert keeps(site, notice(1, text="Should we?"), complete=False) == []
    assert keeps(site, notice(1, text="Should we, please?"), complete=False) == ["consultation.amended"]
    assert keeps(site, notice(1), notice(2), notice(3)) == ["consultation.opened"]
    assert keeps(site, notice(3, text="May we?"), complete=False) == ["consultation.opened"]
    assert keeps(site, notice(1), notice(2), notice(3)) == []


@pytest.mark.parametrize(
    ("kind", "opened", "amended", "gone"),
    [
        ("decision", "decision.published", "decision.amended", "decision.amended"),
        ("plan", "plan.added", "plan.amended", "plan.withdrawn"),
        ("consultation", "consultation.opened", "consultation.amended", "consultation.closed"),
    ],
)
def test_the_life_of_a_notice(site: Site, kind: NoticeKind, opened: str, amended: str, gone: str) -> None:
    old = [notice(n, kind) for n in range(1, 5)]
    keeps(site, *old, kind=kind)
    assert keeps(site, *old, notice(9, kind), kind=kind) == [opened]
    assert keeps(site, *old, notice(9, kind, title="Other"), kind=kind) == [amended]
    assert keeps(site, *old, kind=kind) == []
    assert keeps(site, *old, kind=kind) == [gone]
    assert keeps(site, *old, kind=kind) == []


def test_a_consultation_closes_once_when_its_last_day_has_passed(site: Site) -> None:
    open_one = notice(1, due=date(2026, 1, 10))
    keeps(site)
    assert keeps(site, open_one) == ["consultation.opened"]
    site.now = datetime(2026, 1, 10, 23, tzinfo=UTC)
    with write_txn(site.db):
        assert close_consultations(site.db, site.source, site.now) == ()
    site.now = datetime(2026, 1, 11, 1, tzinfo=UTC)
    with write_txn(site.db):
        assert [c.kind for c in close_consultations(site.db, site.source, site.now)] == ["consultation.closed"]
    assert keeps(site, open_one) == []
    assert keeps(site) == keeps(site) == []
    assert keeps(site, notice(1, due=date(2026, 3, 1))) == ["consultation.amended", "consultation.opened"]


def test_days_that_no_list_covered_before_are_no_news(site: Site) -> None:
    window = {"complete_from": date(2026, 1, 1), "complete_to": date(2026, 1, 31)}
    keeps(site, kind="decision", **window)
    earlier = notice(5, "decision", published=date(2025, 6, 1))
    assert keeps(site, earlier, kind="decision", complete_from=date(2025, 1, 1), complete_to=date(2026, 1, 31)) == []
    assert keeps(site, kind="decision", **window) == []  # and is not missed where it is not asked for
    assert keeps(site, kind="decision", **window) == []


def test_documents_of_a_notice(site: Site) -> None:
    keeps(site, kind="decision")
    paper = DocumentRecord("s1", "Report", "report", "http://site/s1.pdf")
    told = keeps(site, notice(1, "decision", documents=(paper,), text="Agreed."), kind="decision", complete=False)
    assert told == ["decision.published", "document.added"]


def test_a_list_with_the_bytes_it_had_is_a_sighting_of_what_stood_on_it(site: Site) -> None:
    first, *others = (notice(number, "decision") for number in (1, 2, 3))
    keeps(site, first, kind="decision")
    site.now += timedelta(hours=3)
    keeps(site, *others, kind="decision", complete_from=date(2026, 1, 1))
    before = dict(site.db.conn.execute("SELECT notice_id, last_seen FROM notices"))
    site.now += timedelta(hours=3)
    with write_txn(site.db):
        saw_notices(site.db, site.source, "decision", site.now)
    after = dict(site.db.conn.execute("SELECT notice_id, last_seen FROM notices"))
    assert after[1] == before[1]
    assert after[2] == after[3] == stamp(site.now) > before[2]
