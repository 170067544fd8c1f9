"""The server: what it logs, how its clock moves, and the honest peculiarities of sites."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from demo.behaviour import (
    ROBOTS_CRAWL_DELAY,
    ROBOTS_DISALLOW_ALL,
    ROBOTS_FORBIDDEN,
    ROBOTS_HTML,
    ROBOTS_MISSING,
    ROBOTS_SERVER_ERROR,
    ROBOTS_UNAUTHORISED,
    Behaviour,
    Fault,
    Robots,
)
from demo.story import Story
from demo.synthetic import many

MEETING = "ieListDocuments.aspx?CId=1135&MId=3241"
Opened = Callable[..., Any]  # the fixture `visit`


def test_the_log_tells_what_was_asked_and_when(visit: Opened) -> None:
    here = visit()
    assert here.get(MEETING).status_code == 200
    assert here.get("mgwebservice.asmx/getcommittees").status_code == 200
    first, second = here.site.requests
    assert (first.method, first.path, first.query) == ("GET", "/ieListDocuments.aspx", "CId=1135&MId=3241")
    assert first.headers["user-agent"] == "tests"
    assert first.received <= first.answered <= second.received <= second.answered
    assert first.status == 200
    assert here.site.most_in_flight() == 1
    here.site.forget_requests()
    assert here.site.requests == ()


def test_two_at_once_show_in_the_log(visit: Opened) -> None:
    here = visit(Behaviour(fault=Fault("hang", "first")))
    waiting = threading.Thread(target=lambda: _ignore(here.site.base_url + "/mgAi.aspx?first"), daemon=True)
    waiting.start()
    while not here.site.requests:
        pass
    here.get(MEETING)
    assert here.site.most_in_flight() == 2


def _ignore(address: str) -> None:
    try:
        httpx.get(address, trust_env=False)
    except httpx.HTTPError:
        return


def test_the_clock_moves_the_council(visit: Opened, story: Story) -> None:
    here = visit(at=story.starts)
    assert "No documents are available" in here.get(MEETING).text
    here.clock.moment = story.starts + timedelta(days=3)
    assert "Operation Shield Update" in here.get(MEETING).text
    here.clock.moment = story.starts
    assert "No documents are available" in here.get(MEETING).text


def test_fetched_twice_only_the_volatile_parts_differ(visit: Opened) -> None:
    here = visit()
    one, two = here.get(MEETING).text, here.get(MEETING).text
    assert one != two
    cut = [page.split('<div id="modgov">')[1].split('<nav class="desktop-only"')[0] for page in (one, two)]
    assert cut[0] == cut[1]
    assert "@@" not in one


def test_the_maintenance_page_is_a_200_on_every_address(visit: Opened, story: Story) -> None:
    down = next(event.at for event in story.events if "maintenance" in event.what)
    here = visit(at=down)
    for path in (MEETING, "mgListCommittees.aspx", "mgWebService.asmx/GetCommittees"):
        shown = here.get(path)
        assert (shown.status_code, "maintenance" in shown.text) == (200, True)
        assert "modgov" not in shown.text


def test_unknown_things_lead_to_mgerror(visit: Opened) -> None:
    here = visit()
    for path in ("ieListDocuments.aspx?MId=1", "nothing.aspx", "documents/s1/x.pdf", "documents/g3229/x.pdf"):
        shown = here.get(path)
        assert (shown.status_code, shown.headers["location"]) == (302, "/mgError.aspx")
    error = here.get("mgError.aspx")
    assert error.status_code == 200
    assert "mgErrorTxt" in error.text


def test_documents(visit: Opened) -> None:
    here = visit()
    page = here.get(MEETING)
    assert 'href="documents/s61203/Recorded Crime and Disorder Oct 24 - Oct 25.pdf"' in page.text, "raw blanks"
    report = here.get("documents/s61203/Recorded Crime and Disorder Oct 24 - Oct 25.pdf")
    assert report.headers["content-type"] == "application/pdf"
    assert report.content.startswith(b"%PDF-")
    assert here.get("mgConvert2PDF.aspx?ID=61203").content == report.content
    assert here.get("documents/g3229/x.pdf?T=1").content.startswith(b"%PDF-")
    assert here.get("documents/b23550/x.pdf?T=9").content.startswith(b"%PDF-")


def test_names_of_parameters_in_any_case_and_both_languages(visit: Opened) -> None:
    here = visit()
    for query in ("MID=3241", "mid=3241&CID=1135", "MeetingId=3241&Ver=4&XXR=0"):
        assert "SSP&#47;46&#47;25" in here.get(f"ieListDocuments.aspx?{query}").text
    assert "Cofnodion:" in here.get(f"{MEETING}&LLL=1").text
    here.site.behaviour = Behaviour(language="cy")
    assert "Cofnodion:" in here.get(MEETING).text
    assert "Cofnodion:" not in here.get(f"{MEETING}&LLL=0").text


def test_a_year_can_be_chosen_by_post(visit: Opened) -> None:
    here = visit()
    form = {"hCommitteeId": "1135", "YearSelect": "2026"}
    shown = here.client.post(f"{here.site.base_url}/ieListMeetings.aspx", data=form)
    assert shown.text.count("mgMeetingTableLnk") == 2


def test_a_site_below_a_path(visit: Opened) -> None:
    here = visit(Behaviour(prefix="/moderngov"))
    assert here.site.base_url.endswith("/moderngov")
    assert "SSP&#47;46&#47;25" in here.get(MEETING).text
    assert here.client.get(f"http://{here.site.host}/{MEETING}").status_code == 404
    assert here.client.get(f"http://{here.site.host}/robots.txt").status_code == 200
    assert "/moderngov/mgConvert2PDF.aspx" in here.get("mgWebService.asmx/GetMeeting?lMeetingId=3241").text
    assert here.get("nothing.aspx").headers["location"] == "/moderngov/mgError.aspx"


def test_a_session_in_the_path(visit: Opened) -> None:
    here = visit(Behaviour(session_in_path=True))
    sent = here.get(MEETING)
    assert sent.status_code == 302
    shown = here.client.get(f"{here.site.base_url}/{MEETING}", follow_redirects=True)
    assert "/(X(1)S(" in str(shown.url)
    assert "SSP&#47;46&#47;25" in shown.text
    committee = here.client.get(urljoin(str(shown.url), "mgCommitteeDetails.aspx?ID=1135"))
    assert committee.status_code == 200, "links are relative and stay in the session"


def test_one_transport_may_be_shut(visit: Opened) -> None:
    here = visit(Behaviour(web_service=False))
    assert here.get("mgWebService.asmx/GetCommittees").status_code == 404
    here.site.behaviour = Behaviour(html_blocked=True)
    assert here.get(MEETING).status_code == 403
    assert "Just a moment..." in here.get(MEETING).text
    assert here.get("mgWebService.asmx/GetCommittees").status_code == 200
    assert here.get("documents/s61201/x.pdf").status_code == 200


def test_encodings(visit: Opened) -> None:
    here = visit()
    utf8 = here.get(MEETING)
    assert utf8.headers["content-type"] == "text/html; charset=utf-8"
    assert "–" in utf8.text
    here.site.behaviour = Behaviour(charset="windows-1252")
    western = here.get(MEETING)
    assert western.headers["content-type"] == "text/html; charset=windows-1252"
    assert "–".encode("cp1252") in western.content
    assert "–" in western.text
    here.site.behaviour = Behaviour(charset="windows-1252", declared="utf-8")
    assert "–" not in here.get(MEETING).text
    here.site.behaviour = Behaviour(declared="")
    assert here.get(MEETING).headers["content-type"] == "text/html"


def test_validators_only_where_configured(visit: Opened, story: Story) -> None:
    here = visit(at=story.starts)
    assert "etag" not in here.get(MEETING).headers
    here.site.behaviour = Behaviour(validators=True)
    first = here.get(MEETING)
    for asked in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        again = here.get(MEETING, headers=asked)
        assert (again.status_code, again.content) == (304, b"")
    here.clock.moment = story.starts + timedelta(days=3)
    assert here.get(MEETING, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    assert here.get(MEETING, headers={"If-Modified-Since": first.headers["last-modified"]}).status_code == 200


def test_clients_without_a_name_of_their_own_may_be_refused(visit: Opened) -> None:
    here = visit(Behaviour(needs_user_agent=True))
    assert here.get(MEETING).status_code == 200
    assert here.get(MEETING, headers={"User-Agent": "python-httpx/0.28"}).status_code == 403
    assert here.get(MEETING, headers={"User-Agent": ""}).status_code == 403


@pytest.mark.parametrize(
    ("robots", "status", "words"),
    [
        (Robots(), 200, "User-agent: *"),
        (ROBOTS_DISALLOW_ALL, 200, "Disallow: /\n"),
        (ROBOTS_CRAWL_DELAY, 200, "Crawl-delay: 2"),
        (ROBOTS_SERVER_ERROR, 500, ""),
        (ROBOTS_UNAUTHORISED, 401, ""),
        (ROBOTS_FORBIDDEN, 403, ""),
        (ROBOTS_MISSING, 404, ""),
        (ROBOTS_HTML, 200, "<!DOCTYPE html>"),
    ],
)
def test_robots(visit: Opened, robots: Robots, status: int, words: str) -> None:
    here = visit(Behaviour(robots=robots))
    shown = here.get("robots.txt")
    assert shown.status_code == status
    assert words in shown.text


def test_a_council_made_by_rule_is_served_at_the_size_asked_for(visit: Opened) -> None:
    here = visit(of=many(2, 4, page_bytes=60_000))
    for meeting in range(1_001, 1_005):
        assert abs(len(here.get(f"ieListDocuments.aspx?MId={meeting}").content) - 60_000) < 3_000


def test_it_can_be_looked_at() -> None:
    command = [sys.executable, "-m", "demo", "--at", "2025-12-04T09:00"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as program:
        try:
            assert program.stdout is not None
            address = program.stdout.readline().split(" at ")[1].split(" ")[0]
            page = httpx.get(f"{address}{MEETING}", trust_env=False)
            assert "Agenda and draft minutes" in page.text
        finally:
            program.terminate()


def test_pages_are_rendered_once_for_a_state(visit: Opened, story: Story) -> None:
    here = visit()
    here.get(MEETING)
    _, pages = here.site._state_and_pages()
    assert len(pages) == 1
    kept = next(iter(pages.values()))
    here.get(MEETING)
    assert next(iter(here.site._state_and_pages()[1].values())) is kept
    here.site.behaviour = replace(here.site.behaviour, plain_heading=True)
    assert '<div class="mgHeader">' not in here.get(MEETING).text
