"""Meetings, a month at a time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.database import stamp
from history.questions import (
    MEETING_COLUMNS,
    MEETING_TABLES,
    Meeting,
    committee_rows,
    council_rows,
    marks,
    meeting_of,
    rows,
)
from web.asked import Asked, NotUnderstoodError, Shown, address
from web.dates import LONDON
from web.pages.choices import choices
from web.site import Site

MOST: Final = 300
FILTERS: Final = ("council", "committee")


def page(db: Database, site: Site, asked: Asked) -> Shown:
    first = _month(asked, site)
    after = (first + timedelta(days=32)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    found = meetings_between(db, asked, _midnight(first), _midnight(after), MOST + 1)
    given = asked.filters(*FILTERS)
    by_day: dict[date, list[Meeting]] = {}
    for each in found[:MOST]:
        if each.starts_at:
            by_day.setdefault(each.starts_at.astimezone(LONDON).date(), []).append(each)
    return Shown(
        "meetings.html",
        {
            "month": first,
            "days": by_day,
            "too_many": len(found) > MOST,
            "most": MOST,
            "given": given,
            "asked": asked,
            "choices": choices(db, site, asked),
            "before": address("/meetings", given, [("month", f"{before:%Y-%m}")]),
            "before_month": before,
            "after": address("/meetings", given, [("month", f"{after:%Y-%m}")]),
            "after_month": after,
        },
        feeds=(("text/calendar", address("/meetings.ics", given), "Meetings"),),
    )


def meetings_between(db: Database, asked: Asked, since: datetime, until: datetime, most: int) -> list[Meeting]:
    """The meetings that start between two moments, of the councils and committees asked for. Raises NotFoundError."""
    councils = council_rows(db, asked.all("council"))
    committees = committee_rows(db, asked.all("committee"), councils)
    where = ""
    of: tuple[int, ...] = ()
    if committees:
        where, of = f" AND m.committee IN ({marks(committees)})", committees
    elif councils:
        where, of = f" AND m.council IN ({marks(councils)})", councils
    found = rows(
        db,
        f"SELECT {MEETING_COLUMNS} FROM {MEETING_TABLES} WHERE m.starts_at_utc >= ? AND m.starts_at_utc < ?"  # noqa: S608
        f" AND m.withdrawn_at IS NULL{where} ORDER BY m.starts_at_utc, m.id LIMIT ?",
        (stamp(since), stamp(until), *of, most),
    )
    return [meeting_of(row) for row in found]


def _month(asked: Asked, site: Site) -> date:
    value = asked.one("month")
    if not value:
        return site.clock().astimezone(LONDON).date().replace(day=1)
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value):
        raise NotUnderstoodError(f"“{value}” is not a month. Write it like 2025-11.")
    return date.fromisoformat(f"{value}-01")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)
