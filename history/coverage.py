"""Which days the lists of a committee have covered so far: news is only what an earlier list would have named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.database import moment
from scraper.records import ListedMeeting, MeetingList

STEP: Final = timedelta(days=2)  # a window that moves with the days reaches so much further, and a little


@dataclass(frozen=True, slots=True)
class Cover:
    """What the lists of a committee have covered so far; `since` None: there was none that was complete."""

    since: str | None
    first: str | None = None
    last: str | None = None
    listed_at: str | None = None

    @classmethod
    def of(cls, db: Database, source: int, committee_id: int) -> Cover:
        row = db.conn.execute(
            "SELECT baseline_at, covered_from, covered_to, listed_at FROM committees"
            " WHERE source = ? AND committee_id = ?",
            (source, committee_id),
        ).fetchone()
        return cls(*row) if row else cls(None)

    def announces(self, listed: ListedMeeting, now: datetime) -> bool:
        """Whether a list that named this meeting before would have, so that it is new now."""
        if self.since is None:
            return False
        if listed.starts_at is None:
            return True
        day = listed.starts_at.date()
        if self.first and day < date.fromisoformat(self.first):
            return False
        if not self.last:
            return True
        moved = now - moment(self.listed_at) if self.listed_at else timedelta(0)
        return day <= date.fromisoformat(self.last) + moved + STEP


def note_cover(db: Database, source: int, listing: MeetingList, at: str) -> None:
    """Note what days the lists have covered by now; NULL is open-ended, and wider than any day.

    Days that do not touch those covered before (a backfill of some year) are not joined to them over the gap.
    """
    first = None if listing.covers_from is None else listing.covers_from.isoformat()
    last = None if listing.covers_to is None else listing.covers_to.isoformat()
    apart = "coalesce(?2 < date(covered_from, '-1 day') OR ?1 > date(covered_to, '+1 day'), 0)"
    for table in ("sources", "committees") if listing.committee_id is None else ("committees",):
        of = "id = ?" if table == "sources" else "source = ?"
        values: list[str | int | None] = [first, last, at, at, source]
        if listing.committee_id is not None:
            of += " AND committee_id = ?"
            values.append(listing.committee_id)
        db.conn.execute(
            f"UPDATE {table} SET covered_from = CASE WHEN baseline_at IS NULL THEN ?1"  # noqa: S608
            f" WHEN {apart} THEN covered_from WHEN ?1 IS NULL OR covered_from IS NULL THEN NULL ELSE min(covered_from, ?1) END,"
            " covered_to = CASE WHEN baseline_at IS NULL THEN ?2"
            f" WHEN {apart} THEN covered_to WHEN ?2 IS NULL OR covered_to IS NULL THEN NULL ELSE max(covered_to, ?2) END,"
            f" baseline_at = coalesce(baseline_at, ?3), listed_at = ?4 WHERE {of}",
            values,
        )
