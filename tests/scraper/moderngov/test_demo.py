"""The whole demo council read by both transports, in its several moods: one record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from demo.behaviour import Behaviour, Fault, FaultKind
from demo.site import Site
from scraper.moderngov import (
    addresses,
    calendar,
    committees,
    consultations,
    decisions,
    issues,
    item,
    meeting,
    meetings,
    packs,
    plans,
    rss,
    webservice,
)
from scraper.records import ItemRecord, ItemText, MeetingList, MeetingRecord, NoticeListing, Refused, Suspect

Fetch = Callable[[str], tuple[bytes, str, str | None]]
Council = Callable[..., tuple[Site, Fetch]]

MOODS = {
    "usual": Behaviour(),
    "welsh": Behaviour(language="cy"),
    "no classes, empty sub-titles": Behaviour(plain_heading=True, empty_subtitles=True),
    "encoded twice, under a path": Behaviour(double_encoded=True, prefix="/moderngov"),
    "wrong charset": Behaviour(charset="windows-1252", declared="utf-8"),
    "cookieless session": Behaviour(session_in_path=True),
}


def good(told: object) -> object:
    assert not isinstance(told, Suspect | Refused), told
    return told


def whole(found: ItemRecord, fetch: Fetch) -> ItemRecord:
    """The item with its cut texts read from its own page, as a poll does."""
    if not found.cut:
        return found
    text = good(item.read_item(*fetch(found.url)))
    assert isinstance(text, ItemText)
    for name in found.cut:
        beginning = getattr(found, name)
        assert getattr(text, name).startswith(beginning)
        assert len(getattr(text, name)) > len(beginning)
    return replace(found, minutes=text.minutes, cut=frozenset())


def readings(site: Site, fetch: Fetch) -> Iterator[tuple[MeetingRecord, MeetingRecord]]:
    for number in site.state.meetings:
        page = good(meeting.read_meeting(*fetch(addresses.meeting(site.base_url, None, number))))
        answer = good(webservice.read_meeting(*fetch(addresses.ws_meeting(site.base_url, number))))
        assert isinstance(page, MeetingRecord)
        assert isinstance(answer, MeetingRecord)
        yield page, answer


@pytest.mark.parametrize("mood", MOODS)
def test_both_transports_make_one_record(council: Council, mood: str) -> None:
    site, fetch = council(MOODS[mood])
    cut = items = 0
    for page, answer in readings(site, fetch):
        for field in answer.fields - {"items", "minutes_state"}:
            assert getattr(page, field) == getattr(answer, field), field
        assert (page.minutes_state == "none") == (answer.minutes_state == "none")
        assert len(page.items) == len(answer.items)
        for shown, told in zip(page.items, answer.items, strict=True):
            cut, items = cut + bool(shown.cut), items + 1
            found = whole(shown, fetch)
            for field in told.fields - {"documents"}:
                assert getattr(found, field) == getattr(told, field), (shown.item_id, field)
            assert [(d.document_id, d.title) for d in found.documents] == [
                (d.document_id, d.title) for d in told.documents
            ]
            assert (found.restricted_by, found.restriction) == (told.restricted_by, told.restriction)
    assert items > 20
    assert cut > 0


@pytest.mark.parametrize("mood", MOODS)
def test_lists_of_both_transports_agree(council: Council, mood: str) -> None:
    site, fetch = council(MOODS[mood])
    found = good(webservice.read_committees(*fetch(addresses.ws_committees(site.base_url))))
    shown = good(committees.read_committees(*fetch(addresses.committees(site.base_url))))
    assert isinstance(found, tuple)
    assert isinstance(shown, tuple)
    running = {row.committee_id: row.name for row in found if not row.expired}
    assert {row.committee_id: row.name for row in shown} == running
    for number in running:
        page = good(meetings.read_meeting_list(*fetch(addresses.meeting_list(site.base_url, number))))
        asked = addresses.ws_meetings(site.base_url, number, date(2020, 1, 1), date(2030, 1, 1))
        answer = good(webservice.read_meetings(*fetch(asked)))
        assert isinstance(page, MeetingList)
        assert isinstance(answer, MeetingList)
        told = {row.meeting_id: (row.starts_at, row.status, row.committee_id) for row in answer.meetings}
        assert {row.meeting_id: (row.starts_at, row.status, row.committee_id) for row in page.meetings} == told


def test_every_month_of_the_calendar(council: Council) -> None:
    site, fetch = council()
    for year, month in {(row.starts.year, row.starts.month) for row in site.state.meetings.values()}:
        listing = good(calendar.read_calendar(*fetch(addresses.calendar(site.base_url, year, month))))
        assert isinstance(listing, MeetingList)
        wanted = {
            row.id: row.starts.replace(tzinfo=None)
            for row in site.state.meetings.values()
            if (row.starts.year, row.starts.month) == (year, month)
        }
        inside = {
            row.meeting_id: row.starts_at.replace(tzinfo=None)
            for row in listing.meetings
            if row.starts_at
            and listing.covers_from
            and listing.covers_to
            and listing.covers_from <= row.starts_at.date() <= listing.covers_to
        }
        assert inside == wanted


def test_notices_packs_and_feeds(council: Council) -> None:
    site, fetch = council()
    base = site.base_url
    listing = good(decisions.read_decisions(*fetch(addresses.decisions(base, date(2025, 1, 1), date(2027, 1, 1)))))
    assert isinstance(listing, NoticeListing)
    assert len(listing.notices) == len(site.state.decisions)
    for notice in listing.notices:
        good(decisions.read_decision(*fetch(notice.url)))
    homes = good(plans.read_plans_home(*fetch(addresses.plans_home(base))))
    assert isinstance(homes, tuple)
    entries = []
    for home in homes:
        editions = good(plans.read_plan_items(*fetch(home)))
        assert isinstance(editions, NoticeListing)
        for edition in editions.more:
            found = good(plans.read_plan_items(*fetch(edition)))
            assert isinstance(found, NoticeListing)
            entries += found.notices
    assert {entry.notice_id for entry in entries} == {row.id for row in site.state.issues.values() if row.plan}
    for entry in entries:
        good(plans.read_issue(*fetch(entry.url)))
        history = good(issues.read_issue_history(*fetch(entry.url)))
        assert isinstance(history, issues.IssueHistory)
        assert history.steps
    asked = good(consultations.read_consultations(*fetch(addresses.consultations(base))))
    assert isinstance(asked, NoticeListing)
    assert asked.notices
    for notice in asked.notices:
        good(consultations.read_consultation(*fetch(notice.url)))
    late = [page for page, _ in readings(site, fetch) if any(d.kind == "late paper" for d in page.documents)]
    assert late
    for page in late:
        assert page.agenda_id is not None
        found_packs = good(packs.read_packs(*fetch(addresses.pack_chooser(base, page.agenda_id))))
        assert isinstance(found_packs, tuple)
        supplements = {d.document_id for d in page.documents if d.kind in {"pack", "late paper"}}
        assert {d.document_id for d in found_packs} == supplements
    assert good(rss.read_feed(*fetch(addresses.feed(base, None))))
    assert isinstance(rss.read_feed(*fetch(f"{base}/mgRss.aspx?bcr=1")), Suspect)


BROKEN: tuple[FaultKind, ...] = (
    "500",
    "empty body",
    "no items",
    "maintenance",
    "truncated",
    "mgError",
    "html for xml",
    "challenge 200",
    "login",
)


@pytest.mark.parametrize("kind", BROKEN)
def test_no_fault_is_read_as_a_meeting(council: Council, kind: FaultKind) -> None:
    site, fetch = council()
    out = [number for number, row in site.state.meetings.items() if row.agenda]
    site.behaviour = Behaviour(fault=Fault(kind))
    for number in out[:4]:
        for read, address in (
            (meeting.read_meeting, addresses.meeting(site.base_url, None, number)),
            (webservice.read_meeting, addresses.ws_meeting(site.base_url, number)),
        ):
            assert isinstance(read(*fetch(address)), Suspect | Refused)
    lists = addresses.meeting_list(site.base_url, site.state.meetings[out[0]].committee)
    assert isinstance(committees.read_committees(*fetch(addresses.committees(site.base_url))), Suspect | Refused)
    # a list that says that it is empty cannot be told from one: history asks three times before it believes a loss
    listed = meetings.read_meeting_list(*fetch(lists))
    assert isinstance(listed, Suspect | Refused) or (kind == "no items" and not listed.meetings)
