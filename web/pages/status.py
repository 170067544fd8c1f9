"""Is all well: the sites, when they were last read and will be next, what waits to be sent, and the polls of each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, timedelta
from typing import Final

from sqlite_utils import Database

from history.condition import PollDay, polls_by_day, sending, sources
from web.asked import Asked, Shown
from web.site import Site

_DAYS: Final = 30


def page(db: Database, site: Site, _asked: Asked) -> Shown:
    now = site.clock()
    return Shown(
        "status.html",
        {
            "sources": sources(db),
            "sending": sending(db, now, _DAYS),
            "days": tuple(_without_gaps(polls_by_day(db, now - timedelta(days=_DAYS)), now.astimezone(UTC).date())),
            "span": _DAYS,
        },
    )


def _without_gaps(days: Iterable[PollDay], today: date) -> Iterable[PollDay]:
    """From the first day with a poll to today: a day without any is what people are to see."""
    known = {day.day: day for day in days}
    if not known:
        return
    day = date.fromisoformat(min(known))
    while day <= today:
        yield known.get(day.isoformat(), PollDay(day.isoformat(), 0, 0, 0, 0, 0))
        day += timedelta(days=1)
