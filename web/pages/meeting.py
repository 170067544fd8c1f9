"""A meeting: its agenda as it stands, or as it stood at a moment, what changed when, and the proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from sqlite_utils import Database

from history.chronicle import ToldChange, changes_of
from history.moments import as_it_stands, as_it_stood
from history.questions import rows, when
from web.asked import Asked, Shown, address
from web.pages.whats_new import by_kind
from web.site import Site


def page(db: Database, site: Site, asked: Asked) -> Shown:
    number, at = asked.number("id"), asked.moment("at")
    standing = as_it_stood(db, number, at) if at else as_it_stands(db, number)
    told = changes_of(db, "meeting", number)
    if at:
        told = tuple(change for change in told if change.seen_at <= at)
    meeting = standing.meeting
    of = [("council", meeting.council), ("committee", meeting.committee)]
    return Shown(
        "meeting.html",
        {
            "meeting": meeting,
            "standing": standing,
            "items": [item for item in standing.items if item.withdrawn_at is None],
            "gone": [item for item in standing.items if item.withdrawn_at is not None],
            "changes": told,
            "told": tuple(_by_moment(told)),
            "moments": _moments(db, number),
            "at": at,
            "starts_soon": meeting.starts_at is not None and meeting.starts_at > site.clock(),
        },
        feeds=(
            ("application/atom+xml", address("/changes.atom", of), f"Changes: {meeting.committee}"),
            ("text/calendar", address("/meetings.ics", of), f"Meetings: {meeting.committee}"),
        ),
    )


def _by_moment(told: Iterable[ToldChange]) -> Iterable[tuple[datetime, tuple[tuple[str, tuple[ToldChange, ...]], ...]]]:
    """What was seen at each moment, newest first, by kind."""
    for moment, seen in groupby(told, key=lambda change: change.seen_at):
        yield moment, by_kind(seen)


def _moments(db: Database, number: int) -> list[object]:
    """When something of the meeting was seen to be different, newest first: the moments worth going back to."""
    found = rows(
        db,
        """SELECT DISTINCT seen_at FROM (
             SELECT seen_at FROM versions WHERE entity = 'meeting' AND entity_id = ?1
             UNION SELECT seen_at FROM changes WHERE meeting = ?1) ORDER BY seen_at DESC LIMIT 200""",
        (number,),
    )
    return [when(row["seen_at"]) for row in found]
