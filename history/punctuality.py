"""Late and quiet, for reporters: agendas later than the law asks for, papers added on the last day, minutes and decisions
amended after they were published. Each with the time it was seen and the hash to cite.

When something was seen is not when it was published: that lies between this look and the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlite_utils import Database

from history.chronicle import Filters, ToldChange, changes
from history.database import stamp
from history.questions import council_rows, marks, rows

ClearDays = Callable[[date, date, str | None], int]
"""(published, meeting, nation) -> working days between the two, neither counted."""
DaysAsked = Callable[[str | None, str], int]
"""(nation, committee) -> how many clear working days the law asks for; 0: none."""
LAST_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LateAgenda:
    """An agenda that was first seen with fewer clear working days left than the law asks for."""

    meeting: int
    council: str
    council_name: str
    nation: str | None
    committee: str
    starts_at: datetime
    seen_at: datetime
    clear_days: int
    asked: int
    url: str
    change: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class AgendaNotice:
    """How long before its meetings a committee's agendas were seen; medians and extremes in days."""

    council: str
    committee: str
    meetings: int
    median_days: float
    shortest_days: float
    longest_days: float


def late_agendas(
    db: Database,
    since: datetime,
    until: datetime,
    clear_days: ClearDays,
    days_asked: DaysAsked,
    councils: Sequence[str] = (),
) -> tuple[LateAgenda, ...]:
    """Agendas whose publication was seen as a change between the moments, latest first.

    Agendas that stood there at the first look are left out: nobody knows when they came.
    """
    found = []
    for row in _agendas(db, since, until, councils):
        starts_at, seen_at = datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["seen_at"])
        asked = days_asked(row["nation"], row["committee"])
        days = clear_days(seen_at.astimezone(starts_at.tzinfo).date(), starts_at.date(), row["nation"])
        if days < asked and seen_at < starts_at:
            row |= {"starts_at": starts_at, "seen_at": seen_at, "clear_days": days, "asked": asked}
            found.append(LateAgenda(**row))
    return tuple(sorted(found, key=lambda late: (late.seen_at, late.meeting), reverse=True))


def last_day_papers(
    db: Database, since: datetime, until: datetime, councils: Sequence[str] = (), limit: int = 200
) -> tuple[ToldChange, ...]:
    """Documents that were added within 24 hours before their meeting began, newest first."""
    added = changes(db, Filters(tuple(councils), kinds=("document.added",), since=since, until=until, limit=limit * 20))
    return tuple(told for told in added if told.starts_at and timedelta() <= told.starts_at - told.seen_at <= LAST_DAY)[
        :limit
    ]


def amended_afterwards(
    db: Database, since: datetime, until: datetime, councils: Sequence[str] = (), limit: int = 200
) -> tuple[ToldChange, ...]:
    """Minutes and decisions that were changed after they had been published, newest first."""
    kinds = ("minutes.amended", "decision.amended")
    return changes(db, Filters(tuple(councils), kinds=kinds, since=since, until=until, limit=limit))


def days_ahead(
    db: Database, since: datetime, until: datetime, councils: Sequence[str] = ()
) -> tuple[AgendaNotice, ...]:
    """Days between an agenda and its meeting, by committee, the shortest median first."""
    by_committee: dict[tuple[str, str], list[float]] = {}
    for row in _agendas(db, since, until, councils):
        ahead = datetime.fromisoformat(row["starts_at"]) - datetime.fromisoformat(row["seen_at"])
        by_committee.setdefault((row["council"], row["committee"]), []).append(ahead / timedelta(days=1))
    notices = [
        AgendaNotice(council, committee, len(days), round(_median(days), 1), round(min(days), 1), round(max(days), 1))
        for (council, committee), days in by_committee.items()
    ]
    return tuple(sorted(notices, key=lambda notice: (notice.median_days, notice.council, notice.committee)))


def _agendas(db: Database, since: datetime, until: datetime, councils: Sequence[str]) -> list[dict[str, Any]]:
    of = council_rows(db, councils)
    where = f" AND x.council IN ({marks(of)})" if of else ""
    return rows(
        db,
        f"""SELECT x.meeting, c.slug AS council, c.name AS council_name, c.nation, k.name AS committee, m.starts_at, x.seen_at,
              m.url, x.id AS change, p.sha256
            FROM changes x JOIN meetings m ON m.id = x.meeting JOIN committees k ON k.id = m.committee
              JOIN councils c ON c.id = x.council LEFT JOIN versions v ON v.id = x.version
              LEFT JOIN captures p ON p.id = v.capture
            WHERE x.kind = 'agenda.published' AND x.seen_at >= ? AND x.seen_at < ? AND m.starts_at IS NOT NULL
              AND m.status = 'scheduled'{where}""",  # noqa: S608
        (stamp(since), stamp(until), *of),
    )


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
