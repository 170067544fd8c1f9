"""Is all well: the sites, when they were last read and will be next, what waits to be sent, and the polls of each day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlite_utils import Database

from history.condition import polls_by_day, sending, sources
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
            "days": polls_by_day(db, now - timedelta(days=_DAYS)),
            "span": _DAYS,
        },
    )
