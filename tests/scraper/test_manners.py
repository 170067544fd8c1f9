from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import FetchError
from scraper.manners import HostMemory, Manners, back_off, budget_day, check_manners, retry_at, robots_text

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def refused(host, url, kind):
    with pytest.raises(FetchError) as caught:
        host.get(url)
    assert caught.value.kind == kind, caught.value
    assert "\n" not in str(caught.value)
    return caught.value


# --- one at a time, spaced out ------------------------------------------------------------------------------------


def test_requests_are_spaced_from_the_end_of_one_to_the_start_of_the_next(visit, make_answer):
    visit.server.answers = {f"/{n}": make_answer(b"x") for n in range(3)}
    host = visit.host(Manners(seconds_between_requests=0.15))
    for n in range(3):
        host.get(f"{visit.server.url}/{n}")
    log = visit.server.log
    assert [seen.path for seen in log] == ["/robots.txt", "/0", "/1", "/2"]
    assert all(after.begun - before.begun >= 0.14 for before, after in pairwise(log))


def test_crawl_delay_outranks_a_shorter_spacing(visit, make_answer):
    visit.server.answers = {
        "/robots.txt": make_answer(b"User-agent: *\nCrawl-delay: 0.15\n"),
        "/a": make_answer(b"a"),
        "/b": make_answer(b"b"),
    }
    host = visit.host()
    host.get(f"{visit.server.url}/a")
    host.get(f"{visit.server.url}/b")
    log = visit.server.log
    assert all(after.begun - before.begun >= 0.14 for before, after in pairwise(log))


def test_two_sources_on_one_host_share_one_request_in_flight(visit, make_answer):
    visit.server.answers = {f"/{n}": make_answer(b"x" * 50_000) for n in range(12)}
    manners = Manners(0, 0)
    first = visit.fetcher.host(f"{visit.server.url}/adur", manners)
    second = visit.fetcher.host(f"{visit.server.url}/worthing", manners)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: (first, second)[n % 2].get(f"{visit.server.url}/{n}"), range(12)))
    assert len(visit.server.paths) == 12
    assert visit.server.most_in_flight == 1


def test_the_stricter_manners_count_where_two_sources_share_a_host(visit, make_answer):
    visit.server.answers = {"/robots.txt": make_answer(b"User-agent: *\nDisallow: /")}
    visit.host(Manners(0, 0, ignore_robots="the council said yes"))
    host = visit.host(Manners(0, 1))
    refused(host, f"{visit.server.url}/a", "disallowed")
    host.begin_poll()
    visit.clock.move(hours=2)
    assert host.spent_today == 1


def test_a_wait_ends_when_the_program_does(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    host = visit.host(Manners(seconds_between_requests=3600))
    with ThreadPoolExecutor(1) as waiting:
        refusal = waiting.submit(refused, host, f"{visit.server.url}/a", "stopped")
        visit.stop.set()
        refusal.result(timeout=30)
    assert visit.server.paths == []


# --- no address twice in a poll -----------------------------------------------------------------------------------


def test_no_address_is_fetched_twice_in_a_poll(visit, make_answer):
    visit.server.answers = {"/a?b=1": make_answer(b"a"), "/gone": make_answer(status=410)}
    host = visit.host()
    first = host.get(f"{visit.server.url}/a?b=1")
    assert host.get(f"{visit.server.url}/a?b=1#AI12") == first
    refused(host, f"{visit.server.url}/gone", "gone")
    refused(host, f"{visit.server.url}/gone", "gone")
    assert visit.server.paths == ["/a?b=1", "/gone"]
    host.begin_poll()
    host.get(f"{visit.server.url}/a?b=1")
    assert visit.server.paths == ["/a?b=1", "/gone", "/a?b=1"]


def test_addresses_that_redirect_to_one_page_fetch_that_page_once(visit, make_answer):
    to_error = make_answer(status=302, location="/mgError.aspx")
    visit.server.answers = {"/a": to_error, "/b": to_error, "/mgError.aspx": make_answer(b"error")}
    host = visit.host()
    pages = [host.get(visit.server.url + path) for path in ("/a", "/b")]
    assert [page.final_url for page in pages] == [f"{visit.server.url}/mgError.aspx"] * 2
    assert [page.url for page in pages] == [f"{visit.server.url}/a", f"{visit.server.url}/b"]
    assert visit.server.paths == ["/a", "/mgError.aspx", "/b"]


def test_a_page_too_large_to_be_remembered_is_still_not_fetched_twice(visit, make_answer):
    pages = {f"/{n}": make_answer(b"x" * 199_000) for n in range(12)}
    visit.server.answers = dict(pages)
    host = visit.host()
    for path in pages:
        host.get(visit.server.url + path)
    refused(host, f"{visit.server.url}/11", "left alone")
    assert len(visit.server.paths) == 12


def test_a_poll_can_go_on_after_its_connection_was_let_go(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a"), "/b": make_answer(b"b")}
    host = visit.host()
    host.get(f"{visit.server.url}/a")
    host.end_poll()
    assert host.requests == 2  # robots.txt and the page
    host.begin_poll()
    assert host.get(f"{visit.server.url}/b").body == b"b"
    assert host.requests == 1


# --- Retry-After and back-off -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone_for_the_rest_of_the_poll_and_until_it_said(visit, make_answer, status):
    visit.server.answers = {"/a": make_answer(status=status, retry_after="1800"), "/b": make_answer(b"b")}
    host = visit.host()
    until = visit.clock.now + timedelta(seconds=1800)
    assert refused(host, f"{visit.server.url}/a", "throttled").retry_at == until
    assert refused(host, f"{visit.server.url}/b", "left alone").retry_at == until
    assert host.left_until == until
    host.begin_poll(again=True)  # even an operator's "ask again" keeps to what the host said
    refused(host, f"{visit.server.url}/b", "left alone")
    visit.clock.move(minutes=31)
    host.begin_poll()
    assert host.get(f"{visit.server.url}/b").body == b"b"
    assert visit.server.paths == ["/a", "/b"]


def test_a_restart_does_not_forget_what_the_host_asked(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    host = visit.host(memory=HostMemory(left_until=NOW + timedelta(hours=1), stated=True, failures=1))
    host.begin_poll(again=True)
    refused(host, f"{visit.server.url}/a", "left alone")
    assert visit.server.log == []


def test_without_retry_after_the_back_off_is_ours_and_grows(visit, make_answer):
    visit.server.answers = {"/a": make_answer(status=503)}
    host = visit.host()
    waits = []
    for _ in range(4):
        host.begin_poll(again=True)
        refused(host, f"{visit.server.url}/a", "throttled")
        waits.append(host.left_until - visit.clock.now)
    assert all(after > before for before, after in pairwise(waits))
    assert host.memory.failures == 4
    visit.server.answers["/a"] = make_answer(b"well again")
    host.begin_poll(again=True)
    host.get(f"{visit.server.url}/a")
    assert host.memory == HostMemory(robots=host.memory.robots)


def test_a_host_that_hangs_up_again_and_again_has_its_peace(visit):
    visit.server.answers = {f"/{n}": lambda connection: connection.shutdown(2) for n in range(9)}
    host = visit.host()
    kinds = []
    for n in range(5):
        with pytest.raises(FetchError) as caught:
            host.get(f"{visit.server.url}/{n}")
        kinds.append(caught.value.kind)
    assert kinds == ["unreachable"] * 3 + ["left alone"] * 2
    assert visit.server.paths == ["/0", "/0", "/1", "/2"]  # the first on a kept-alive connection, which do break
    host.begin_poll()
    refused(host, f"{visit.server.url}/0", "left alone")
    host.begin_poll(again=True)
    refused(host, f"{visit.server.url}/0", "unreachable")


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_back_off_grows_but_not_beyond_fifteen_hours(failures, jitter):
    wait = back_off(failures, jitter)
    assert timedelta(minutes=7) < wait <= timedelta(hours=15)
    assert back_off(failures + 1, jitter) >= wait


def test_retry_after_is_read_as_seconds_and_as_a_date():
    later = format_datetime(NOW + timedelta(minutes=5), usegmt=True)
    assert retry_at("120", None, NOW) == NOW + timedelta(seconds=120)
    assert retry_at(later, None, NOW) == NOW + timedelta(minutes=5)
    assert retry_at(format_datetime(NOW - timedelta(days=1), usegmt=True), None, NOW) == NOW
    assert retry_at("99999999999999999999", None, NOW) == NOW + timedelta(days=30)
    assert [retry_at(text, None, NOW) for text in (None, "", "soon", "-5", "1.5")] == [None] * 5


def test_a_date_counts_from_the_clock_of_the_host_that_names_it():
    theirs = NOW + timedelta(days=3)
    until = retry_at(format_datetime(theirs + timedelta(minutes=5)), format_datetime(theirs), NOW)
    assert until == NOW + timedelta(minutes=5)


@given(st.text(max_size=40), st.text(max_size=40))
def test_retry_after_may_be_anything(text, date):
    until = retry_at(text, date, NOW)
    assert until is None or NOW <= until <= NOW + timedelta(days=30)


# --- the day's budget ---------------------------------------------------------------------------------------------


def test_the_budget_counts_every_request_and_is_new_the_next_day_in_london(visit, make_answer):
    visit.server.answers = {f"/{n}": make_answer(b"x") for n in range(9)}
    host = visit.host(Manners(0, requests_per_day=10), spent_today=7)
    host.get(f"{visit.server.url}/0")  # and robots.txt
    host.get(f"{visit.server.url}/1")
    error = refused(host, f"{visit.server.url}/2", "budget")
    assert "10 requests" in str(error)
    assert host.spent_today == 10
    visit.clock.now = datetime(2026, 11, 21, 0, 1, tzinfo=UTC)
    assert host.spent_today == 0
    host.begin_poll()
    host.get(f"{visit.server.url}/2")
    assert host.spent_today == 1  # robots.txt is still known


def test_the_budgets_day_is_londons():
    assert budget_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)).day == 2
    assert budget_day(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)).day == 1


def test_nothing_between_requests_is_for_this_machine_alone():
    for name in ("127.0.0.1", "::1", "localhost", "council.localhost"):
        check_manners(Manners(0, 0), name)
    for name in ("democracy.example.gov.uk", "10.0.0.1", "127.0.0.1.example.org"):
        with pytest.raises(ValueError, match="seconds_between_requests = 0 is allowed for a loopback"):
            check_manners(Manners(0, 350), name)
        with pytest.raises(ValueError, match="requests_per_day = 0"):
            check_manners(Manners(1, 0), name)


@pytest.mark.parametrize("manners", [{"seconds_between_requests": -1}, {"seconds_between_requests": float("nan")}])
def test_manners_that_mean_nothing_are_refused(manners):
    with pytest.raises(ValueError, match="give a number of seconds"):
        Manners(**manners)


# --- robots.txt ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\nDisallow: /secret\n",
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /secret\r\n",  # a byte order mark would hide the first line
        b"User-agent: *\nAllow: /\n\nUser-agent: CouncilWatch\nDisallow: /*cret$\n",
    ],
)
def test_robots_txt_is_obeyed(visit, make_answer, body):
    visit.server.answers = {"/robots.txt": make_answer(body), "/open": make_answer(b"x"), "/secret": make_answer(b"x")}
    host = visit.host()
    host.get(f"{visit.server.url}/open")
    error = refused(host, f"{visit.server.url}/secret", "disallowed")
    assert "ignore_robots" in str(error)
    assert visit.server.paths == ["/open"]


def test_a_redirect_does_not_lead_past_robots_txt(visit, make_answer):
    visit.server.answers = {
        "/robots.txt": make_answer(b"User-agent: *\nDisallow: /secret\n"),
        "/open": make_answer(status=302, location="/secret"),
        "/secret": make_answer(b"x"),
    }
    refused(visit.host(), f"{visit.server.url}/open", "disallowed")
    assert visit.server.paths == ["/open"]


@pytest.mark.parametrize(
    "rules",
    [
        {"status": 404},
        {"status": 410},
        {"status": 400},
        {"body": b"\n<!DOCTYPE html><pre>\nUser-agent: *\nDisallow: /\n</pre>", "content_type": "text/html"},
        {"body": b""},
    ],
)
def test_no_robots_txt_means_no_rules(visit, make_answer, rules):
    visit.server.answers = {"/robots.txt": make_answer(**rules), "/a": make_answer(b"a")}
    assert visit.host().get(f"{visit.server.url}/a").body == b"a"


def test_robots_txt_that_leads_to_a_page_of_html_means_no_rules(visit, make_answer):
    visit.server.answers = {
        "/robots.txt": make_answer(status=302, location="/mgError.aspx"),
        "/mgError.aspx": make_answer(b"<html>Disallow: /</html>"),
        "/a": make_answer(b"a"),
    }
    assert visit.host().get(f"{visit.server.url}/a").body == b"a"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, "unreachable"), (502, "unreachable"), (503, "throttled"), (401, "blocked"), (403, "blocked")],
)
def test_a_robots_txt_that_cannot_be_read_keeps_everything_unread(visit, make_answer, status, kind):
    visit.server.answers = {"/robots.txt": make_answer(status=status), "/a": make_answer(b"a"), "/b": make_answer(b"b")}
    host = visit.host()
    refused(host, f"{visit.server.url}/a", kind)
    refused(host, f"{visit.server.url}/b", kind)
    assert [seen.path for seen in visit.server.log] == ["/robots.txt"]


def test_robots_txt_is_kept_for_a_day_and_over_a_restart(visit, make_answer):
    visit.server.answers = {"/robots.txt": make_answer(b"User-agent: *\nDisallow: /b"), "/a": make_answer(b"a")}
    host = visit.host()
    host.get(f"{visit.server.url}/a")
    assert [each.text for each in host.memory.robots] == ["User-agent: *\nDisallow: /b"]
    visit.clock.move(hours=23)
    host.begin_poll()
    host.get(f"{visit.server.url}/a")
    assert [seen.path for seen in visit.server.log] == ["/robots.txt", "/a", "/a"]
    visit.clock.move(hours=2)
    host.begin_poll()
    host.get(f"{visit.server.url}/a")
    assert [seen.path for seen in visit.server.log][3:] == ["/robots.txt", "/a"]


def test_rules_remembered_from_before_a_restart_are_obeyed_without_asking(visit, make_answer):
    visit.server.answers = {"/robots.txt": make_answer(b"User-agent: *\nDisallow: /b"), "/a": make_answer(b"a")}
    first = visit.host()
    first.get(f"{visit.server.url}/a")
    with type(visit.fetcher)("you@example.org", visit.clock, stop=visit.stop) as restarted:
        host = restarted.host(visit.server.url, Manners(0, 0), memory=first.memory)
        refused(host, f"{visit.server.url}/b", "disallowed")
    assert [seen.path for seen in visit.server.log] == ["/robots.txt", "/a"]


def test_the_operator_may_override_robots_txt_with_a_reason(visit, make_answer):
    visit.server.answers = {"/robots.txt": make_answer(b"User-agent: *\nDisallow: /"), "/a": make_answer(b"a")}
    host = visit.host(Manners(0, 0, ignore_robots="agreed with Democratic Services"))
    assert host.get(f"{visit.server.url}/a").body == b"a"


def test_a_crawl_delay_that_leaves_no_room_is_told_and_not_sat_through(visit, make_answer):
    visit.server.answers = {"/robots.txt": make_answer(b"User-agent: *\nCrawl-delay: 86400")}
    error = refused(visit.host(), f"{visit.server.url}/a", "disallowed")
    assert "86400 seconds" in str(error)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_robots_txt(body):
    from scraper.manners import Robots, RobotsCopy

    robots = Robots(RobotsCopy("http://h", NOW, robots_text(body)))
    robots.allow("http://h/mgAi.aspx?ID=1")
    assert robots.crawl_delay() >= 0


# --- who we are ---------------------------------------------------------------------------------------------------


def test_the_user_agent_names_us_and_the_operator_and_no_library(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    visit.host().get(f"{visit.server.url}/a")
    agents = {seen.headers["user-agent"] for seen in visit.server.log}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("councilwatch/")
    assert agent.endswith("(+you@example.org)")
    assert not any(word in agent.lower() for word in ("python", "httpx", "curl", "bot", "mozilla"))


@pytest.mark.parametrize("contact", ["", "  ", "you@example.org\r\nX-Evil: 1", "ü@example.org"])
def test_a_contact_that_does_not_fit_into_a_header_is_refused(visit, contact):
    with pytest.raises(ValueError, match="contact: give"):
        type(visit.fetcher)(contact, visit.clock, stop=visit.stop)
