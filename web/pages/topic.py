"""A topic through all meetings: stages as told, key dates, mentions by month, and the timeline."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

from config.topics import all_terms
from history.questions import rows
from history.timelines import key_dates, mentions_by_month, timeline
from web.asked import Asked, NotHereError, Shown, address
from web.dates import LONDON
from web.pages.choices import choices
from web.site import Site

_COUNTED: Final = 1_000
_MONTHS: Final = 24  # in the chart


def all_topics(db: Database, site: Site, _asked: Asked) -> Shown:
    found = []
    for slug, topic in sorted(site.topics.items(), key=lambda each: each[1].title):
        (row,) = rows(
            db, "SELECT count(*) AS n FROM (SELECT 1 FROM milestones WHERE topic = ? LIMIT ?)", (slug, _COUNTED)
        )
        found.append((slug, topic, row["n"]))
    return Shown("topics.html", {"topics": found, "counted": _COUNTED})


def page(db: Database, site: Site, asked: Asked) -> Shown:
    slug = asked.parts["slug"]
    topic = site.topics.get(slug)
    if topic is None:
        raise NotHereError(f"There is no topic “{slug}”.")
    councils = asked.all("council")
    today = site.clock().astimezone(LONDON).date()
    steps = timeline(db, slug, all_terms(topic), councils)
    stages = [step for step in steps if step.kind == "said" and step.what not in ("mentioned", "same matter")]
    latest = {step.council: step for step in stages}  # steps are in order of date: the last one stays
    given = asked.filters("council")
    return Shown(
        "topic.html",
        {
            "slug": slug,
            "topic": topic,
            "stages": sorted(latest.values(), key=lambda step: step.day, reverse=True),
            "dates": key_dates(db, today, (slug,), councils),
            "months": mentions_by_month(db, slug, councils)[-_MONTHS:],
            "steps": steps[::-1],
            "choices": choices(db, site, asked),
            "asked": asked,
            "given": given,
        },
        feeds=(
            ("application/atom+xml", address(f"/topic/{slug}.atom", given), f"{topic.title}: changes"),
            ("text/calendar", address("/dates.ics", [("topic", slug)], given), f"{topic.title}: key dates"),
        ),
    )
