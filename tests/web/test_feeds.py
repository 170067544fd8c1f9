"""Feeds and calendars, read by parsers that were not written here, and against what RFC 4287 asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import feedparser
import httpx
import pytest
from icalendar import Calendar
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/changes.atom", "/changes.atom?kind=minutes&committee=Safer+Stockton+Partnership", "/topic/pspo.atom",
         "/search.atom?q=pspo", "/search.atom?q=xylophonic", "/changes.atom?council=stockton-on-tees")  # fmt: skip


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_valid(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo and parsed.version == "atom10"
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        # RFC 4287, 4.1.1 and 4.1.2: exactly one of each
        assert [len(element.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert element.findtext(f"{ATOM}id", "").startswith(("http://", "urn:uuid:"))
        moment = element.findtext(f"{ATOM}updated", "")
        assert datetime.fromisoformat(moment).tzinfo is not None
        links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links)) and "alternate" in [rel for rel, _ in links]
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None  # which then holds for every entry
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    newest = [entry.updated for entry in parsed.entries]
    assert newest == sorted(newest, reverse=True)
    if newest:
        assert parsed.feed.updated == newest[0]


def test_entries_tell_what_changed_and_lead_there(site: httpx.Client) -> None:
    entries = feedparser.parse(site.get("/topic/pspo.atom").content).entries
    told = next(entry for entry in entries if "Draft minutes published: SSP/46/25" in entry.title)
    assert "Safer Stockton Partnership, 26 November 2025" in told.title
    assert "Officers reported on Operation Shield" in told.content[0].value
    assert site.get(told.link).status_code == 200
    replaced = next(
        e
        for e in feedparser.parse(site.get("/changes.atom").content).entries
        if "Document replaced: Recorded" in e.title
    )
    assert "<ins>" in replaced.content[0].value and "<del>" in replaced.content[0].value


def test_entries_keep_their_id_wherever_it_is_served(
    site: httpx.Client, serve: Callable[..., httpx.Client], told: Path
) -> None:
    other = serve(told, history_url="https://example.org/council")
    here = [entry.id for entry in feedparser.parse(site.get("/changes.atom").content).entries]
    there = feedparser.parse(other.get("/changes.atom").content)
    assert here == [entry.id for entry in there.entries]
    assert there.feed.id == "https://example.org/council/changes.atom"
    assert all(entry.link.startswith("https://example.org/council/change/") for entry in there.entries)


def test_control_characters_do_no_harm(serve: Callable[..., httpx.Client], history: Path) -> None:
    db = sqlite3.connect(history)
    db.execute("UPDATE items SET title = title || char(0x1, 0x0B, 0xFFFE) || '\ufdd0 & <x>'")
    db.execute("UPDATE meetings SET venue = 'Room' || char(7) || char(10) || 'END:VEVENT' || char(13) || ';,\\'")
    db.execute("UPDATE changes SET after = after || char(0x1B) || '[31m'")
    db.commit()
    db.close()
    client = serve(history)
    for path in FEEDS:
        answer = client.get(path)
        assert answer.status_code == 200 and not feedparser.parse(answer.content).bozo
        etree.fromstring(answer.content)
    calendar = Calendar.from_ical(client.get("/meetings.ics").content)
    assert {len(event.errors) for event in calendar.walk("VEVENT")} == {0}
    assert len(calendar.walk("VEVENT")) > 5
    assert client.get("/").status_code == 200


def test_meetings_are_a_calendar(site: httpx.Client) -> None:
    answer = site.get("/meetings.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    calendar = Calendar.from_ical(answer.content)
    assert calendar["version"] == "2.0" and calendar["prodid"]
    events = {str(event["summary"]) + str(event["dtstart"].dt.date()): event for event in calendar.walk("VEVENT")}
    uids = [str(event["uid"]) for event in events.values()]
    assert len(uids) == len(set(uids))
    january = events["Safer Stockton Partnership, Stockton-on-Tees Borough Council2026-01-14"]
    assert january["dtstart"].dt == datetime.fromisoformat("2026-01-14T09:00:00+00:00")
    assert "Jim Cooke Conference Suite" in january["location"]
    assert "CANCELLED" in {str(event["status"]) for event in events.values()}
    ours = Calendar.from_ical(site.get("/meetings.ics?committee=Cabinet").content).walk("VEVENT")
    assert ours and all("Cabinet" in event["summary"] for event in ours)


def test_only_dates_precise_to_the_day_are_in_the_calendar(site: httpx.Client) -> None:
    events = Calendar.from_ical(site.get("/dates.ics?topic=pspo").content).walk("VEVENT")
    days = {(event["dtstart"].dt, str(event["summary"]).split(":")[0]) for event in events}
    assert (date(2026, 2, 16), "Closes") in days and (date(2026, 3, 12), "Decision due") in days
    assert not [kind for _, kind in days if kind == "Expires"]  # told as a month only
    assert all(type(event["dtstart"].dt) is date for event in events)
    uids = [str(event["uid"]) for event in events]
    assert len(uids) == len(set(uids))
