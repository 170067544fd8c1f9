"""One site in one poll: which transport answers, what is asked next, what is remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from demo.behaviour import Behaviour, Fault
from demo.site import Site as Town
from demo.story import storyline
from scraper.fetch import Fetcher, FetchError, Limits
from scraper.manners import Manners
from scraper.records import Transport
from scraper.source import PageMemory, Site, remembered

NOW = datetime(2025, 12, 4, 9, 0, tzinfo=UTC)
MEETING = (1135, 3241)  # the Safer Stockton Partnership of 26 November
Visit = Callable[..., Site]


@pytest.fixture
def visit() -> Iterator[Visit]:
    """A poll of the demo council as it stands on 4 December 2025; `town` of the result is its server."""
    town = Town(storyline(), lambda: NOW)
    fetcher = Fetcher("us@example.org", lambda: NOW, stop=threading.Event(), limits=Limits(seconds_per_fetch=1.0))
    memory: dict[str, PageMemory] = {}

    def begin(behaviour: Behaviour | None = None, transport: Transport | None = None, **more: object) -> Site:
        if behaviour is not None:
            town.behaviour = behaviour
        host = fetcher.host(town.base_url, Manners(0, 0))
        host.begin_poll(again=True)
        town.forget_requests()
        site = Site(town.base_url, host, memory.get, NOW.date(), transport, **more)  # type: ignore[arg-type]
        site.memory = memory  # type: ignore[attr-defined]
        site.town = town  # type: ignore[attr-defined]
        return site

    with town, fetcher:
        yield begin


def _paths(site: Site) -> list[str]:
    return [request.path.rpartition("/")[2] for request in site.town.requests if request.path != "/robots.txt"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("behaviour", "transport"),
    [
        (Behaviour(), "both"),
        (Behaviour(web_service=False), "html"),
        (Behaviour(html_blocked=True), "webservice"),
    ],
)
def test_which_transports_answer_is_found_out(visit: Visit, behaviour: Behaviour, transport: str) -> None:
    site = visit(behaviour)
    assert site.committees().record
    assert site.meeting(*MEETING).state == "read"
    assert site.transport == transport
    assert not site.find_again


def test_both_transports_give_one_record(visit: Visit) -> None:
    records = {
        kind: visit(behaviour, transport).meeting(*MEETING).record
        for kind, behaviour, transport in (
            ("both", Behaviour(), "both"),
            ("html", Behaviour(web_service=False), "html"),
            ("webservice", Behaviour(html_blocked=True), "webservice"),
        )
    }
    both, html, service = records["both"], records["html"], records["webservice"]
    assert both is not None and html is not None and service is not None
    for other in (html, service):
        assert [item.item_id for item in other.items] == [item.item_id for item in both.items]
        assert [item.title for item in other.items] == [item.title for item in both.items]
    assert not any(item.cut for record in (both, html, service) for item in record.items), "cut minutes are read whole"
    assert [item.minutes for item in html.items] == [item.minutes for item in both.items]


@pytest.mark.parametrize(("means_all", "number"), [("0", 0), ("-1", -1)])
def test_which_number_means_all_committees_is_found_out(visit: Visit, means_all: str, number: int) -> None:
    site = visit(Behaviour(all_committees=means_all), "both")  # type: ignore[arg-type]
    look = site.all_meetings(NOW.date().replace(month=9), NOW.date().replace(year=2026))
    assert look is not None and look.record is not None and look.record.meetings
    assert site.calendar_committee == number


def test_unchanged_bytes_are_not_parsed(visit: Visit) -> None:
    site = visit(Behaviour(web_service=False), "html")
    first = site.meeting(*MEETING)
    for look in first.looks:
        kept = remembered(look)
        assert kept is not None
        site.memory[look.url] = kept  # type: ignore[attr-defined]
    again = visit(transport="html")
    assert again.meeting(*MEETING).state == "unchanged"
    assert visit(transport="html").meeting(*MEETING, whatever=True).state == "read"


def test_where_the_service_says_nothing_new_the_page_is_asked_only_when_it_is_due(visit: Visit) -> None:
    site = visit(Behaviour(), "both")
    for look in site.meeting(*MEETING).looks:
        site.memory[look.url] = remembered(look)  # type: ignore[attr-defined]
    again = visit(transport="both")
    assert again.meeting(*MEETING, page_due=False).state == "unchanged"
    assert _paths(again) == ["GetMeeting"]
    due = visit(transport="both")
    due.meeting(*MEETING, page_due=True)
    assert _paths(due) == ["GetMeeting", "ieListDocuments.aspx"]


def test_where_the_page_is_asked_first_the_service_is_asked_only_when_it_changed_or_is_due(visit: Visit) -> None:
    site = visit(Behaviour(), "both")
    for look in site.meeting(*MEETING).looks:
        site.memory[look.url] = remembered(look)  # type: ignore[attr-defined]
    again = visit(transport="both")
    assert again.meeting(*MEETING, service_due=False).state == "unchanged"
    assert _paths(again) == ["ieListDocuments.aspx"]
    for url in [url for url in site.memory if "ieListDocuments" in url]:  # type: ignore[attr-defined]
        site.memory[url] = PageMemory(None, None, "other bytes", site.memory[url].parser)  # type: ignore[attr-defined]
    changed = visit(transport="both")
    look = changed.meeting(*MEETING, service_due=False)
    assert look.record is not None and look.record.transport == "both"
    assert _paths(changed)[:2] == ["ieListDocuments.aspx", "GetMeeting"]
    only_service = visit(Behaviour(html_blocked=True), "webservice")
    only_service.meeting(*MEETING, service_due=False)
    assert _paths(only_service) == ["GetMeeting"]


def test_a_page_that_is_asked_first_and_hangs_or_is_gone(visit: Visit) -> None:
    hangs = visit(Behaviour(fault=Fault("hang", "3241")), "both")
    assert hangs.meeting(*MEETING, service_due=False).state == "troubled"
    assert _paths(hangs) == ["ieListDocuments.aspx"]
    blocked = visit(Behaviour(html_blocked=True), "both")
    assert blocked.meeting(*MEETING, service_due=False).state == "read", "the web service answers in its place"


def test_a_meeting_that_hangs_is_not_asked_for_by_its_other_door(visit: Visit) -> None:
    site = visit(Behaviour(fault=Fault("hang", "3241")), "both")
    assert site.meeting(*MEETING).state == "troubled"
    assert _paths(site) == ["GetMeeting"]
    assert site.meeting(1135, 3105).state == "read", "and the others are read as ever"


def test_a_page_stands_in_for_a_service_that_fails(visit: Visit) -> None:
    site = visit(Behaviour(fault=Fault("500", "asmx")), "both")
    look = site.meeting(*MEETING)
    assert look.state == "read" and look.record is not None and look.record.transport == "html"


def test_a_host_that_is_too_busy_ends_the_poll(visit: Visit) -> None:
    site = visit(Behaviour(fault=Fault("503", "asmx|aspx", retry_after="60")), "both")
    with pytest.raises(FetchError) as caught:
        site.committees()
    assert caught.value.kind == "throttled" and caught.value.retry_at is not None


def test_what_a_site_need_not_have_is_no_trouble(visit: Visit) -> None:
    from scraper.moderngov import addresses, rss

    site = visit(Behaviour(fault=Fault("mgError", "mgRss")), "html")
    assert not site.read(addresses.feed(site.base_url, None), rss.read_feed, optional=True).good
    assert site.looks == []
