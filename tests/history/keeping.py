"""A site to keep in a history, poll by poll, and records made short."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from history.captures import Captured
from history.database import connect, write_txn
from history.keep_lists import ListKept, keep_list
from history.keep_meetings import MeetingKept, keep_meeting
from history.keep_sources import keep_source
from scraper.records import MEETING_FIELDS, ItemRecord, ListedMeeting, MeetingList, MeetingRecord

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
EVENING = datetime(2026, 2, 1, 19, tzinfo=ZoneInfo("Europe/London"))


def item(number: int, /, **values: Any) -> ItemRecord:
    """Item `number` of a page, with moderngov's number 100 more."""
    made = ItemRecord(
        100 + number, number, f"{number}.", f"Title of {number}", f"http://site/mgAi.aspx?ID={100 + number}"
    )
    return replace(made, **values)


def meeting(*items: ItemRecord, **values: Any) -> MeetingRecord:
    made = MeetingRecord(
        1,
        "http://site/ieListDocuments.aspx?CId=7&MId=1",
        "html",
        MEETING_FIELDS,
        committee_id=7,
        committee_name="Cabinet",
        starts_at=EVENING,
        venue="Town Hall",
        agenda_state="published" if items else "none",
        items=items,
    )
    return replace(made, **values)


def listed(*numbers: int, **values: Any) -> MeetingList:
    rows = tuple(
        ListedMeeting(number, 7, "Cabinet", EVENING + timedelta(days=number), "scheduled", f"http://site/m{number}")
        for number in numbers
    )
    return MeetingList(7, tuple(replace(row, **values) for row in rows))


@dataclass
class Site:
    """A source in the history, read poll by poll; each poll is an hour after the last."""

    db: Database
    source: int
    now: datetime = START
    bodies: int = 0
    kept: list[MeetingKept] = field(default_factory=list)

    def reads(self, record: MeetingRecord, *, parser: str = "1", body: bytes | None = None, **values: Any) -> list[str]:
        """The kinds of change that a reading of this record makes."""
        captured = Captured(record.url, repr(record).encode() if body is None else body, self.now)
        with write_txn(self.db):
            self.kept.append(keep_meeting(self.db, self.source, record, [captured], self.now, parser, **values))
        self.now += timedelta(hours=1)
        return [change.kind for change in self.kept[-1].changes]

    @property
    def last(self) -> MeetingKept:
        return self.kept[-1]

    def lists(self, listing: MeetingList, **values: Any) -> ListKept:
        with write_txn(self.db):
            kept = keep_list(self.db, self.source, listing, None, self.now, **values)
        self.now += timedelta(hours=1)
        return kept

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return list(self.db.query(sql, list(values)))


def begin(path: Path) -> Site:
    db = connect(path)
    with write_txn(db):
        source = keep_source(db, "http://site/", [("anytown", "Anytown", "http://site/", "England")], START)
    return Site(db, source.id)
