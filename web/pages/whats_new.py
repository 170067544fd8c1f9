"""What's new: changes, the newest first, grouped by the day they were seen and the meeting they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from sqlite_utils import Database

from history.changes import KINDS
from history.chronicle import Filters, ToldChange, changes
from web.asked import Asked, NotHereError, Shown, address
from web.dates import LONDON
from web.pages.choices import choices
from web.site import Site

PAGE: Final = 80  # changes on a page
FILTERS: Final = ("council", "committee", "topic", "kind")
_ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Together:
    """Changes of one meeting (or one notice) that were seen on one day, by kind; `first` names what they are of."""

    first: ToldChange
    kinds: tuple[tuple[str, tuple[ToldChange, ...]], ...]


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    together: tuple[Together, ...]


def filters_of(asked: Asked, site: Site, limit: int) -> Filters:
    """The filters that an address names. Raises NotHereError for a topic that nobody knows."""
    topic = asked.one("topic") or None
    if topic is not None and topic not in site.topics:
        raise NotHereError(f"There is no topic “{topic}”.")
    return Filters(
        asked.all("council"), asked.all("committee"), asked.all("kind"), topic,
        before=asked.count("before", 2**62) or None, limit=limit,
    )  # fmt: skip


def page(db: Database, site: Site, asked: Asked) -> Shown:
    found = changes(db, filters_of(asked, site, PAGE + 1))
    shown = found[:PAGE]
    given = asked.filters(*FILTERS)
    older = address("/", given, [("before", shown[-1].id)]) if len(found) > PAGE else None
    return Shown(
        "whats_new.html",
        {
            "days": tuple(by_day(shown)),
            "choices": choices(db, site, asked),
            "asked": asked,
            "filtered": bool(given),
            "given": given,
            "older": older,
            "newest": address("/", given) if asked.one("before") else None,
        },
        feeds=(("application/atom+xml", address("/changes.atom", given), "Changes"),),
    )


def by_day(found: Iterable[ToldChange]) -> Iterable[Day]:
    """Changes that follow one another, by local day, then by meeting in the order in which each was last changed."""
    for day, seen in groupby(found, key=lambda change: change.seen_at.astimezone(LONDON).date()):
        groups: dict[tuple[str, int], list[ToldChange]] = {}
        for change in seen:
            about = ("meeting", change.meeting) if change.meeting else ("notice", change.notice or -change.id)
            groups.setdefault(about, []).append(change)
        yield Day(day, tuple(Together(_names(group), by_kind(group)) for group in groups.values()))


def _names(group: list[ToldChange]) -> ToldChange:
    """The change whose title is that of the meeting or the notice, not of a document of it."""
    return next((change for change in group if change.document is None), group[0])


def by_kind(group: Iterable[ToldChange]) -> tuple[tuple[str, tuple[ToldChange, ...]], ...]:
    """Changes by kind, the kinds in the order in which a meeting goes through them."""
    ordered = sorted(group, key=lambda change: (_ORDER.get(change.kind, 99), change.id))
    return tuple((kind, tuple(same)) for kind, same in groupby(ordered, key=lambda change: change.kind))
