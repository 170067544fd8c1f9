"""Calendar files: a meeting that is still to come, a closing date known to the day. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from notifiers.bulletin import Attachment, Bulletin, Story
from notifiers.calling import day_of, named
from notifiers.lines import clean, shortened, web_url

MOST: Final = 6


def calendars(bulletin: Bulletin, today: date) -> tuple[Attachment, ...]:
    """A file for each meeting and closing date told of that is not past, six at most. A cancelled meeting has none."""
    if bulletin.kind not in ("alert", "digest", "reminder", "summary"):
        return ()
    files: dict[str, Attachment] = {}
    for story in bulletin.stories:
        for name, event in _events(story, bulletin.now, today):
            number = len(files) + 1
            kept = Attachment(f"{name}-{number}.ics" if files else f"{name}.ics", "text/calendar", _file(event))
            files.setdefault(str(event["uid"]), kept)
    return tuple(files.values())[:MOST]


def _events(story: Story, now: datetime, today: date) -> Iterator[tuple[str, Event]]:
    where = web_url(story.meeting_url)
    if story.starts_at is not None and story.starts_at > now and story.status == "scheduled":
        event = _event(story, f"meeting {where} {story.committee}", f"{story.committee} ({story.council})", now)
        event.add("dtstart", story.starts_at.astimezone(UTC))
        if story.venue:
            event.add("location", shortened(story.venue, 200))
        yield "meeting", event
    for told in story.dates:
        day = day_of(told)
        if told.kind == "closes" and day is not None and day >= today:
            subject = story.title or story.topic or story.committee
            event = _event(story, f"closes {where} {story.title} {day}", f"Last day to comment: {subject}", now)
            event.add("dtstart", day)
            event.add("dtend", day + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
            yield "closing-date", event


def _event(story: Story, identity: str, summary: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@councilwatch")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", shortened(summary, 200))
    url = web_url(story.respond_at or "") or web_url(story.links[0].url if story.links else story.meeting_url)
    if url:
        event.add("url", url)
    event.add("description", clean(named(story)).strip() + (f"\n{url}" if url else ""))
    return event


def _file(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Councilwatch//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
