"""What is due: the rows whose next look has come. The daemon asks this; a restart neither repeats nor forgets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from history.database import moment, stamp


@dataclass(frozen=True, slots=True)
class DueMeeting:
    """A meeting as far as looking at it goes. `id` is the row, `meeting_id` moderngov's; times are aware UTC."""

    id: int
    meeting_id: int
    committee_id: int
    committee: str
    starts_at: datetime | None
    cancelled: bool
    minutes_state: str
    baseline: bool
    read_at: datetime | None
    next_look_at: datetime | None
    agenda_out: bool


@dataclass(frozen=True, slots=True)
class DueCommittee:
    id: int
    committee_id: int
    name: str
    next_look_at: datetime | None


_MEETING = (
    "SELECT m.id, m.meeting_id, m.committee_id, k.name, m.starts_at_utc, m.status = 'cancelled', m.minutes_state,"
    " m.baseline, m.read_at, m.next_look_at, m.agenda_state = 'published'"
    " FROM meetings m JOIN committees k ON k.id = m.committee"
)


def due_meetings(
    db: Database, source: int, committees: Collection[int], now: datetime, since: datetime, until: datetime
) -> list[DueMeeting]:
    """The meetings of these committees (moderngov's numbers) that start in the span, or have no date, and stand.

    All of them, nearest first; which of them are due is `timetable`'s to say from `next_look_at`.
    """
    rows = db.conn.execute(
        f"{_MEETING} WHERE m.source = ? AND m.withdrawn_at IS NULL"
        " AND (m.starts_at_utc IS NULL OR m.starts_at_utc BETWEEN ? AND ?)",
        (source, stamp(since), stamp(until)),
    )
    found = [_meeting(row) for row in rows if row[2] in committees]
    return sorted(found, key=lambda each: abs(each.starts_at - now).total_seconds() if each.starts_at else 0.0)


def meeting_numbered(db: Database, source: int, meeting_id: int) -> DueMeeting | None:
    """The meeting of moderngov's number."""
    row = db.conn.execute(f"{_MEETING} WHERE m.source = ? AND m.meeting_id = ?", (source, meeting_id)).fetchone()
    return _meeting(row) if row else None


def committees_of(db: Database, source: int) -> list[DueCommittee]:
    """The committees of a source that still sit, by name."""
    rows = db.conn.execute(
        "SELECT id, committee_id, name, next_look_at FROM committees WHERE source = ? AND expired = 0 ORDER BY name",
        (source,),
    )
    return [DueCommittee(int(row[0]), int(row[1]), str(row[2]), _time(row[3])) for row in rows]


def source_is_due(db: Database, base_url: str, now: datetime) -> bool:
    """Whether anything of the source is due: the source itself, a committee's list, a meeting or a document."""
    row = db.conn.execute("SELECT id, next_look_at, retry_at FROM sources WHERE base_url = ?", (base_url,)).fetchone()
    if row is None:
        return True
    at = stamp(now)
    if row[2] is not None and row[2] > at:
        return False
    if row[1] is None or row[1] <= at:
        return True
    return (
        db.conn.execute(
            "SELECT 1 FROM meetings WHERE source = ? AND next_look_at <= ? AND withdrawn_at IS NULL LIMIT 1",
            (row[0], at),
        ).fetchone()
        is not None
    )


def _meeting(row: tuple[int, int, int, str, str | None, int, str, int, str | None, str | None, int]) -> DueMeeting:
    number, meeting_id, committee_id, committee, starts, cancelled, minutes, baseline, read_at, next_look, agenda = row
    return DueMeeting(
        number,
        meeting_id,
        committee_id,
        committee,
        _time(starts),
        bool(cancelled),
        minutes,
        bool(baseline),
        _time(read_at),
        _time(next_look),
        bool(agenda),
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
