"""Every fault does on the wire what its name says, and only where it is meant to."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from demo.behaviour import Behaviour, Fault
from demo.faults import BOMB, HUGE
from demo.story import Story

MEETING = "ieListDocuments.aspx?CId=1135&MId=3241"
Opened = Callable[..., Any]  # the fixture `visit`
SERVICE = "mgWebService.asmx/GetMeeting?lMeetingId=3241"


def struck(kind: str, **options: object) -> Behaviour:
    return Behaviour(fault=Fault(kind, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["500", "503", "429"])
def test_statuses(visit: Opened, kind: str) -> None:
    here = visit(struck(kind, retry_after="120"))
    shown = here.get(MEETING)
    assert shown.status_code == int(kind)
    assert shown.headers.get("retry-after") == (None if kind == "500" else "120")
    here.site.behaviour = struck("429", retry_after="Wed, 03 Dec 2025 15:00:00 GMT")
    assert here.get(MEETING).headers["retry-after"] == "Wed, 03 Dec 2025 15:00:00 GMT"


@pytest.mark.parametrize("kind", ["hang", "drip", "header drip"])
def test_no_end_to_it(visit: Opened, kind: str) -> None:
    here = visit(struck(kind, pause=30.0))
    with pytest.raises(httpx.ReadTimeout):
        here.get(MEETING, timeout=0.2)
    here.site.close()  # ends at once, or this test does not


def test_a_drip_is_the_page_in_the_end(visit: Opened) -> None:
    here = visit(struck("drip", pause=0.0, paths="committees"))
    assert here.get("mgWebService.asmx/GetCommittees").text.endswith("</committees>\n")


@pytest.mark.parametrize(("kind", "error"), [("reset", httpx.ReadError), ("broken off", httpx.RemoteProtocolError)])
def test_connections_that_end(visit: Opened, kind: str, error: type[Exception]) -> None:
    here = visit(struck(kind))
    with pytest.raises(error):
        here.get(MEETING)
    here.site.behaviour = Behaviour()
    assert here.get(MEETING).status_code == 200


def test_pages_that_are_something_else(visit: Opened) -> None:
    here = visit()
    whole = here.get(MEETING).text
    for kind, status, words in (
        ("empty body", 200, ""),
        ("maintenance", 200, "essential maintenance"),
        ("challenge 403", 403, "Just a moment..."),
        ("challenge 200", 200, "Just a moment..."),
    ):
        here.site.behaviour = struck(kind)
        shown = here.get(MEETING)
        assert shown.status_code == status
        assert words in shown.text
        assert "modgov" not in shown.text
    here.site.behaviour = struck("truncated")
    shown = here.get(MEETING)
    assert abs(len(shown.text) - len(whole) / 2) < 200
    assert int(shown.headers["content-length"]) == len(shown.content)
    assert "</html>" not in shown.text


def test_lost_items_and_lost_lists(visit: Opened) -> None:
    here = visit(struck("no items"))
    page = here.get(MEETING)
    assert "Agenda and minutes" in page.text
    assert "mgItemTable" not in page.text
    assert "<agendaitem>" not in here.get(SERVICE).text
    assert "mgMeetingTableLnk" not in here.get("ieListMeetings.aspx?CId=1135").text
    assert "mgBulletList" not in here.get("mgListCommittees.aspx").text
    assert here.get("mgDelegatedDecisions.aspx").status_code == 200
    assert here.get("mgCalendarMonthView.aspx").status_code == 200


def test_redirects(visit: Opened) -> None:
    here = visit(struck("mgError"))
    error = here.get(MEETING, follow_redirects=True)
    assert (error.status_code, error.url.path) == (200, "/mgError.aspx")
    assert "mgErrorTxt" in error.text
    here.site.behaviour = struck("login")
    login = here.get(MEETING, follow_redirects=True)
    assert (login.status_code, login.url.path) == (200, "/login.aspx")
    assert 'type="password"' in login.text
    here.site.behaviour = struck("loop")
    with pytest.raises(httpx.TooManyRedirects):
        here.get(MEETING, follow_redirects=True)
    here.site.behaviour = struck("elsewhere", to="http://other.invalid/page")
    assert here.get(MEETING).headers["location"] == "http://other.invalid/page"


def test_html_where_xml_should_be(visit: Opened) -> None:
    here = visit(struck("html for xml", paths="asmx"))
    shown = here.get(SERVICE)
    assert shown.headers["content-type"].startswith("text/xml")
    assert shown.text.startswith("<html>")
    assert here.get(MEETING).text.startswith("<!DOCTYPE")


def test_bytes_that_are_not_what_the_header_says(visit: Opened) -> None:
    here = visit(struck("wrong charset"))
    shown = here.get(MEETING)
    assert "utf-8" in shown.headers["content-type"]
    with pytest.raises(UnicodeDecodeError):
        shown.content.decode("utf-8")


def test_too_much(visit: Opened) -> None:
    here = visit(struck("huge"))
    with here.client.stream("GET", f"{here.site.base_url}/{MEETING}") as answer:
        assert int(answer.headers["content-length"]) > HUGE
        answer.close()
    here.site.behaviour = struck("gzip bomb")
    with here.client.stream("GET", f"{here.site.base_url}/{MEETING}") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join(answer.iter_raw())
    assert len(packed) < 1_000_000
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        total = sum(len(part) for part in iter(lambda: file.read(1 << 22), b""))
    assert total > BOMB, "and its checksum is right, or the reader would have raised"


def test_only_where_and_as_often_as_it_should(visit: Opened, story: Story) -> None:
    here = visit(struck("500", paths=r"MId=3241", times=2))
    assert here.get("mgListCommittees.aspx").status_code == 200
    assert [here.get(MEETING).status_code for _ in range(3)] == [500, 500, 200]
    here.site.behaviour = struck("500", times=1)
    assert here.get(MEETING).status_code == 500
    here.clock.moment = story.starts + timedelta(days=1)
    assert here.get(MEETING).status_code == 200
    here.site.behaviour = struck("503", paths="robots")
    assert here.get("robots.txt").status_code == 503
