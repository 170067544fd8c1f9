"""Is all well: sources, when they were last read and will be next, what waits to be sent, and the polls of each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.database import stamp
from history.questions import rows, when

_WAITING: Final = ("waiting", "sending", "unknown")
_FAILED: Final = ("refused", "dead")


@dataclass(frozen=True, slots=True)
class SourceCondition:
    """A site. `state` since `since`; `next_look` is the earliest of its site's, committees' and meetings'."""

    councils: tuple[str, ...]
    base_url: str
    state: str
    since: datetime | None
    last_ok: datetime | None
    last_error: str | None
    transport: str | None
    retry_at: datetime | None
    next_look: datetime | None
    meetings: int


@dataclass(frozen=True, slots=True)
class PollDay:
    """What the polls of one day (UTC) did; `failed` are those whose outcome was not "ok"."""

    day: str
    polls: int
    failed: int
    requests: int
    pages_read: int
    changes: int


@dataclass(frozen=True, slots=True)
class Sending:
    """How many deliveries wait (`unknown` of them with an unknown outcome), failed for good, and were sent lately."""

    waiting: int
    unknown: int
    failed: int
    sent: int
    oldest_waiting: datetime | None


def sending(db: Database, now: datetime, days: int = 30) -> Sending:
    """Of what was sent: the last `days` days. Counts only, but of private tables: public pages may not be able to ask."""
    states = {
        row["state"]: row["n"]
        for row in rows(
            db,
            "SELECT state, count(*) AS n FROM deliveries WHERE state <> 'sent' OR sent_at >= ? GROUP BY state",
            (stamp(now - timedelta(days=days)),),
        )
    }
    oldest = rows(
        db,
        "SELECT min(m.created_at) AS at FROM deliveries d JOIN messages m ON m.id = d.message"
        " WHERE d.state IN ('waiting', 'sending', 'unknown')",
    )
    return Sending(
        waiting=sum(states.get(state, 0) for state in _WAITING),
        unknown=states.get("unknown", 0),
        failed=sum(states.get(state, 0) for state in _FAILED),
        sent=states.get("sent", 0),
        oldest_waiting=when(oldest[0]["at"]),
    )


def sources(db: Database) -> tuple[SourceCondition, ...]:
    """Every site, those in trouble first. Reads nothing private, so the public pages may ask it."""
    named: dict[int, list[str]] = {}
    for row in rows(db, "SELECT source, name FROM councils WHERE source IS NOT NULL ORDER BY name"):
        named.setdefault(row["source"], []).append(row["name"])
    found = rows(
        db,
        """SELECT s.id, s.base_url, s.state, s.since, s.last_ok, s.last_error, s.transport, s.retry_at,
             (SELECT min(at) FROM (SELECT s.next_look_at AS at
                UNION ALL SELECT min(next_look_at) FROM committees WHERE source = s.id AND expired = 0
                UNION ALL SELECT min(next_look_at) FROM meetings WHERE source = s.id)) AS next_look,
             (SELECT count(*) FROM meetings WHERE source = s.id) AS meetings
           FROM sources s ORDER BY s.state = 'ok', s.base_url""",
    )
    moments = ("since", "last_ok", "retry_at", "next_look")
    return tuple(
        SourceCondition(
            councils=tuple(named.get(row.pop("id"), ())), **row | {name: when(row[name]) for name in moments}
        )
        for row in found
    )


def polls_by_day(db: Database, since: datetime) -> tuple[PollDay, ...]:
    """The polls begun since a moment, by day, oldest first."""
    found = rows(
        db,
        """SELECT substr(started_at, 1, 10) AS day, count(*) AS polls, sum(outcome IS NOT NULL AND outcome <> 'ok') AS failed,
             sum(requests) AS requests, sum(pages_read) AS pages_read, sum(changes) AS changes
           FROM polls WHERE started_at >= ? GROUP BY 1 ORDER BY 1""",
        (stamp(since),),
    )
    return tuple(PollDay(**row) for row in found)
