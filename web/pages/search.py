"""Search in items and documents, with the words marked and the counts by council, committee and year."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.finding import find
from history.questions import NotFoundError
from history.searching import Facet, Wanted, search
from web.asked import Asked, Elsewhere, Shown, address
from web.dates import LONDON
from web.pages.choices import choices
from web.site import Site

PAGE: Final = 20
_DEEPEST: Final = 50  # pages
_NAMES_ONE: Final = re.compile(r"[A-Za-z]{1,8}(/[A-Za-z0-9.-]{1,12}){1,4}|https?://\S+")
FILTERS: Final = ("q", "council", "committee", "year", "since", "until")


def wanted_of(asked: Asked, site: Site, limit: int, offset: int = 0) -> Wanted:
    """The search that an address names. Raises NotUnderstoodError for a day that is none."""
    since, until = asked.day("since"), asked.day("until")
    first = datetime(since.year, since.month, since.day, tzinfo=LONDON) if since else None
    last = datetime(until.year, until.month, until.day, tzinfo=LONDON) + timedelta(days=1) if until else None
    year = asked.count("year", 9_998)
    if year:
        first, last = datetime(year, 1, 1, tzinfo=LONDON), datetime(year + 1, 1, 1, tzinfo=LONDON)
    return Wanted(
        asked.one("q"), asked.all("council"), asked.all("committee"), first, last,
        withdrawn=site.show_withdrawn_documents, limit=limit, offset=offset,
    )  # fmt: skip


def page(db: Database, site: Site, asked: Asked) -> Shown | Elsewhere:
    if _NAMES_ONE.fullmatch(asked.one("q")):
        # a reference or the address of a page on a council's site is not among the words of anything
        with suppress(NotFoundError):
            meant = find(db, asked.one("q"))
            return Elsewhere(f"/{meant.kind}/{meant.id}")
    number = max(asked.count("page", _DEEPEST), 1)
    given = asked.filters(*FILTERS)
    found = search(db, wanted_of(asked, site, PAGE, (number - 1) * PAGE)) if asked.one("q") else None
    more = found is not None and found.total > number * PAGE and number < _DEEPEST
    return Shown(
        "search.html",
        {
            "words": asked.one("q"),
            "found": found,
            "number": number,
            "older": address("/search", given, [("page", number + 1)]) if more else None,
            "newer": address("/search", given, [("page", number - 1)]) if number > 1 else None,
            "given": given,
            "asked": asked,
            "choices": choices(db, site, asked),
            "by": _by(found.facets) if found else (),
        },
        feeds=(("application/atom+xml", address("/search.atom", given), f"Search: {asked.one('q')}"),)
        if asked.one("q")
        else (),
    )


def _by(facets: tuple[Facet, ...]) -> tuple[tuple[str, list[Facet]], ...]:
    groups: dict[str, list[Facet]] = {}
    for facet in facets:
        groups.setdefault(facet.by, []).append(facet)
    return tuple((by, group[:10]) for by, group in groups.items())
