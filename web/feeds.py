"""Feeds: changes, topics and searches as Atom (RFC 4287); meetings and key dates as iCalendar (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event
from lxml import etree
from sqlite_utils import Database

from history.chronicle import Filters, ToldChange, change, changes
from history.questions import committee_rows, council_rows, marks, rows
from history.searching import fts_query
from history.timelines import KeyDate, key_dates
from web import words
from web.asked import Asked, NotHereError, Sent, address
from web.dates import LONDON, day
from web.pages.meetings import meetings_between
from web.pages.whats_new import FILTERS, filters_of
from web.site import Site

ENTRIES: Final = 100
_MATCHING: Final = 2_000  # of the newest things that have the words
_MEETINGS: Final = 3_000
_BEHIND, _AHEAD = timedelta(days=60), timedelta(days=400)
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def of_changes(db: Database, site: Site, asked: Asked) -> Sent:
    found = changes(db, filters_of(asked, site, ENTRIES))
    given = asked.filters(*FILTERS)
    names = ", ".join(value for _, value in given)
    return _atom(site, asked, f"Council changes{f': {names}' if names else ''}", address("/", given), found)


def of_topic(db: Database, site: Site, asked: Asked) -> Sent:
    slug = asked.parts["slug"]
    if slug not in site.topics:
        raise NotHereError(f"There is no topic “{slug}”.")
    found = changes(db, Filters(asked.all("council"), topic=slug, limit=ENTRIES))
    page = address(f"/topic/{slug}", asked.filters("council"))
    return _atom(site, asked, f"{site.topic_title(slug)}: changes", page, found)


def of_search(db: Database, site: Site, asked: Asked) -> Sent:
    """The newest changes of what has the words."""
    query = fts_query(asked.one("q"))
    if query is None:
        raise NotHereError("Say which words to look for: /search.atom?q=…")
    found = _changes_of_matching(db, site, asked, query)
    given = asked.filters("q", "council", "committee")
    return _atom(site, asked, f"Search: {asked.one('q')}", address("/search", given), found)


def of_meetings(db: Database, site: Site, asked: Asked) -> Sent:
    now = site.clock()
    calendar = _calendar("Council meetings")
    for meeting in meetings_between(db, asked, now - _BEHIND, now + _AHEAD, _MEETINGS):
        event = Event()
        event.add("uid", f"{uuid5(NAMESPACE_URL, meeting.url)}@councilwatch")
        event.add("dtstamp", (meeting.last_changed or now).astimezone(UTC))
        if meeting.last_changed:
            event.add("last-modified", meeting.last_changed.astimezone(UTC))
        assert meeting.starts_at is not None  # only those that start in the span were asked for
        event.add("dtstart", meeting.starts_at.astimezone(UTC))
        event.add("summary", _plain(f"{meeting.committee}, {meeting.council_name}"))
        event.add("status", "CANCELLED" if meeting.status == "cancelled" else "CONFIRMED")
        if meeting.venue:
            event.add("location", _plain(meeting.venue))
        if url := words.safe_link(meeting.url):
            event.add("url", url)
        agenda = "The agenda is published" if meeting.agenda_state == "published" else "No agenda is published yet"
        event.add("description", _plain(f"{agenda}. What changed: {_base(site, asked)}/meeting/{meeting.id}"))
        calendar.add_component(event)
    return _calendar_sent(calendar, "meetings")


def of_dates(db: Database, site: Site, asked: Asked) -> Sent:
    """Key dates to come, of those that were told precise to the day."""
    today = site.clock().astimezone(LONDON).date()
    topics = asked.all("topic")
    if unknown := [slug for slug in topics if slug not in site.topics]:
        raise NotHereError(f"There is no topic “{unknown[0]}”.")
    calendar = _calendar("Key dates")
    events: dict[str, Event] = {}
    for told in key_dates(db, today, topics, asked.all("council")):
        if told.precision == "day":
            event = _key_date(site, asked, told)
            events.setdefault(str(event["uid"]), event)  # told by two sentences, it is still one date
    for event in events.values():
        calendar.add_component(event)
    return _calendar_sent(calendar, "dates")


def _changes_of_matching(db: Database, site: Site, asked: Asked, query: str) -> list[ToldChange]:
    councils = council_rows(db, asked.all("council"))
    committees = committee_rows(db, asked.all("committee"), councils)
    where = ""
    of: tuple[int, ...] = ()
    if committees:
        where = f" AND meeting IN (SELECT id FROM meetings WHERE committee IN ({marks(committees)}))"  # noqa: S608
        of = committees
    elif councils:
        where, of = f" AND +council IN ({marks(councils)})", councils
    ids: list[tuple[str, int]] = []
    for kind in ("item", "document"):
        hidden = "" if kind == "item" or site.show_withdrawn_documents else _WITHDRAWN
        found = rows(
            db,
            f"""SELECT seen_at, id FROM changes WHERE {kind} IN (SELECT rowid FROM {kind}s_fts WHERE {kind}s_fts MATCH ?{hidden}
                  ORDER BY rowid DESC LIMIT {_MATCHING}){where} ORDER BY seen_at DESC, id DESC LIMIT {ENTRIES}""",  # noqa: S608
            (query, *of),
        )
        ids += [(row["seen_at"], row["id"]) for row in found]
    newest = sorted(set(ids), reverse=True)[:ENTRIES]
    return [change(db, number) for _, number in newest]


_WITHDRAWN: Final = " AND +rowid NOT IN (SELECT id FROM documents WHERE withdrawn_at IS NOT NULL)"


def _atom(site: Site, asked: Asked, title: str, page: str, found: Sequence[ToldChange]) -> Sent:
    base = _base(site, asked)
    own = base + address(asked.path, asked.query)
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _put(feed, "id", own)
    _put(feed, "title", title)
    _put(feed, "updated", _rfc3339(max((each.seen_at for each in found), default=datetime(2020, 1, 1, tzinfo=UTC))))
    _link(feed, "self", own, "application/atom+xml")
    _link(feed, "alternate", base + page, "text/html")
    author = _put(feed, "author")
    _put(author, "name", "Councilwatch")
    generator = _put(feed, "generator", "Councilwatch")
    generator.set("uri", f"{base}/about")
    for each in found:
        feed.append(_entry(site, base, each))
    body = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return Sent(body, "application/atom+xml; charset=utf-8")


def _entry(site: Site, base: str, told: ToldChange) -> etree._Element:
    entry = etree.Element(f"{{{_ATOM}}}entry", nsmap={None: _ATOM})
    seen = _rfc3339(told.seen_at)
    # the same whatever the address that this history is served at
    _put(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'{told.url}#{told.kind}/{told.id}@{seen}')}")
    _put(entry, "title", ": ".join(part for part in (words.kind_in_words(told.kind), _named(told)) if part))
    _put(entry, "updated", seen)
    _put(entry, "published", seen)
    _link(entry, "alternate", f"{base}/change/{told.id}", "text/html")
    if url := words.safe_link(told.url):
        _link(entry, "related", url, "text/html")
    _put(entry, "category").set("term", told.kind)
    content = _put(entry, "content", str(words.feed_body(site, told)))
    content.set("type", "html")
    return entry


def _named(told: ToldChange) -> str:
    title = f"{told.number} {told.title}" if told.number and not told.document else told.title
    meeting = f"{told.committee}, {day(told.starts_at)}" if told.committee and told.starts_at else told.committee or ""
    where = meeting if told.title != told.committee else day(told.starts_at) if told.starts_at else ""
    return ", ".join(part for part in (title, where, told.council_name) if part)


def _put(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text is not None:
        element.text = _NOT_XML.sub(" ", text)
    return element


def _link(parent: etree._Element, rel: str, href: str, media_type: str) -> None:
    link = _put(parent, "link")
    link.set("rel", rel)
    link.set("href", _NOT_XML.sub("", href))
    link.set("type", media_type)


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Councilwatch//councilwatch//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    return calendar


def _key_date(site: Site, asked: Asked, told: KeyDate) -> Event:
    on = date.fromisoformat(told.date)
    page = next(f"/{kind}/{row}" for kind, row in _about(told) if row is not None)
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'{told.url}#{told.topic}/{told.kind}/{told.date}')}@councilwatch")
    event.add("dtstamp", datetime.fromisoformat(told.as_of[:10]).replace(tzinfo=UTC))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", _plain(f"{told.kind.capitalize()}: {told.title} ({told.council_name})"))
    event.add("transp", "TRANSPARENT")
    said = f"“{told.sentence}” " if told.sentence else ""
    event.add("description", _plain(f"{said}As told on {told.as_of[:10]}. {_base(site, asked)}{page}"))
    if url := words.safe_link(told.url):
        event.add("url", url)
    return event


def _about(told: KeyDate) -> Iterable[tuple[str, int | None]]:
    return (("document", told.document), ("item", told.item), ("notice", told.notice), ("meeting", told.meeting))


def _calendar_sent(calendar: Calendar, name: str) -> Sent:
    return Sent(
        calendar.to_ical(), "text/calendar; charset=utf-8", {"content-disposition": f'inline; filename="{name}.ics"'}
    )


def _plain(text: str) -> str:
    return " ".join(_NOT_XML.sub(" ", text).split())


def _base(site: Site, asked: Asked) -> str:
    return site.history_url.rstrip("/") if site.history_url else asked.origin + site.prefix


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
