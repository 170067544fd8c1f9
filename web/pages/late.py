"""Late and quiet, for reporters: late agendas, papers of the last day, and what was amended after it was published."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlite_utils import Database

from history.punctuality import amended_afterwards, days_ahead, last_day_papers, late_agendas
from web.asked import Asked, Shown
from web.pages.choices import choices
from web.site import Site

MOST: Final = 100  # rows of a table; with more of them a council is to be chosen
_SPANS: Final = {30: "the last 30 days", 90: "the last 90 days", 365: "the last year"}


def page(db: Database, site: Site, asked: Asked) -> Shown:
    days = asked.count("days", 365)
    days = days if days in _SPANS else 90
    until = site.clock() + timedelta(seconds=1)
    since, councils = until - timedelta(days=days), asked.all("council")
    late = late_agendas(db, since, until, site.clear_days, site.days_asked, councils)
    ahead = days_ahead(db, since, until, councils)
    return Shown(
        "late.html",
        {
            "late": late[:MOST],
            "late_in_all": len(late),
            "last_day": last_day_papers(db, since, until, councils, MOST),
            "amended": amended_afterwards(db, since, until, councils, MOST),
            "ahead": ahead[:MOST],
            "ahead_in_all": len(ahead),
            "most": MOST,
            "spans": _SPANS,
            "days": days,
            "choices": choices(db, site, asked),
            "asked": asked,
        },
    )
