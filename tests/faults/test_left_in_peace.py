"""What a site asks of us in robots.txt and Retry-After is kept to, from one start of the program to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest

from demo import behaviour as site
from demo.behaviour import Behaviour, Fault, Robots
from tests.faults.town import START, TRANSPORTS, Watcher, added, event, items_of, town

Watch = Callable[..., Watcher]


@pytest.mark.parametrize(
    ("robots", "state", "code"),
    [
        (site.ROBOTS_OPEN, "ok", 0),
        (site.ROBOTS_MISSING, "ok", 0),
        (site.ROBOTS_HTML, "ok", 0),
        (site.ROBOTS_DISALLOW_ALL, "disallowed", 0),
        (Robots("User-agent: councilwatch\nDisallow: /\n"), "disallowed", 0),
        (Robots("User-agent: councilwatch\nAllow: /\n\nUser-agent: *\nDisallow: /\n"), "ok", 0),
        (site.ROBOTS_UNAUTHORISED, "blocked", 1),
        (site.ROBOTS_FORBIDDEN, "blocked", 1),
        (site.ROBOTS_SERVER_ERROR, "failing", 1),
        (Robots("", 503), "failing", 1),
    ],
    ids=["open", "404", "html", "disallows all", "disallows us", "allows only us", "401", "403", "500", "503"],
)
def test_robots_txt_decides_what_is_read(watch: Watch, robots: Robots, state: str, code: int) -> None:
    watcher = watch(town(), Behaviour(robots=robots))
    assert watcher.run("poll", "--all") == code
    assert watcher.state == state
    asked = {request.path for request in watcher.site.requests}
    if state == "ok":
        assert len(asked) > 5
    else:
        assert asked == {"/robots.txt"}
        assert watcher.one("SELECT count(*) FROM meetings") == 0


def test_a_source_that_is_disallowed_is_no_failure_and_robots_txt_is_asked_again_in_a_day(watch: Watch) -> None:
    watcher = watch(town(), Behaviour(robots=site.ROBOTS_DISALLOW_ALL))
    for _ in range(8):
        assert watcher.poll().failed == ()
        watcher.later(hours=3, minutes=1)
    assert watcher.state == "disallowed"
    assert len(watcher.site.requests) == 1
    (told,) = watcher.hook.take("/operator")
    assert "disallowed" in told and "ignore_robots" in told
    watcher.site.behaviour = Behaviour()
    watcher.poll()
    assert watcher.state == "ok" and len(watcher.standing()) == 16
    assert watcher.kinds() == []
    (told,) = watcher.hook.take("/operator")
    assert "Works again" in told
    assert watcher.hook.posts == []


def test_one_part_of_a_site_that_robots_txt_closes_is_done_without(watch: Watch) -> None:
    watcher = watch(town(added(48)), Behaviour(robots=Robots("User-agent: *\nDisallow: /ieListDocuments.aspx\n")))
    assert watcher.run("poll", "--all") == 0
    watcher.later(hours=49)
    assert watcher.run("poll", "--all") == 0
    assert not any("ielistdocuments" in request.path.lower() for request in watcher.site.requests)
    assert watcher.kinds() == ["item.added"] and len(watcher.hook.take()) == 1


def test_the_operators_reason_overrides_robots_txt(watch: Watch) -> None:
    watcher = watch(
        town(), Behaviour(robots=site.ROBOTS_DISALLOW_ALL), council='ignore_robots = "the clerk said yes on 3 May"'
    )
    assert watcher.run("poll", "--all") == 0
    assert watcher.state == "ok" and len(watcher.standing()) == 16


@pytest.mark.parametrize("kind", ["503", "429"])
@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("first", [True, False])
def test_retry_after_is_kept_even_by_poll_all(watch: Watch, kind: site.FaultKind, form: str, first: bool) -> None:
    watcher = watch(town(added(48)))
    if not first:
        watcher.poll()
    watcher.later(hours=1)
    # the site's own clock gives the date, and it is the one of this machine
    from datetime import UTC, datetime

    wait = "7200" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    watcher.strikes(Fault(kind, r"\.aspx|\.asmx", retry_after=wait))
    asked = len(watcher.site.requests)
    watcher.poll()
    assert watcher.state == "failing"
    assert len(watcher.site.requests) - asked <= 2, "robots.txt, and the request that was refused"
    watcher.strikes(None)
    asked = len(watcher.site.requests)
    for everything in (True, False, True):
        watcher.later(minutes=35)
        watcher.poll(everything=everything)
    assert len(watcher.site.requests) == asked, "nothing at all is asked before the time is over"
    watcher.later(minutes=20)
    watcher.poll(everything=False)
    assert watcher.state == "ok" and watcher.kinds() == []
    watcher.later(hours=50)
    watcher.poll()
    assert watcher.kinds() == ["item.added"] and len(watcher.hook.take()) == 1


def test_without_a_retry_after_poll_all_asks_again_and_the_daemon_backs_off(watch: Watch) -> None:
    watcher = watch(town())
    watcher.poll()
    watcher.strikes(Fault("503"))
    watcher.later(hours=3)
    watcher.poll()
    asked = len(watcher.site.requests)
    watcher.later(minutes=1)
    watcher.poll(everything=False)
    assert len(watcher.site.requests) == asked
    watcher.poll()
    assert len(watcher.site.requests) == asked + 1


def test_the_operator_hears_of_trouble_once_and_of_its_end_once(watch: Watch) -> None:
    watcher = watch(town())
    watcher.poll()
    watcher.strikes(Fault("maintenance"))
    for _ in range(6):
        watcher.later(hours=3)
        assert watcher.run("poll", "--all") == 1
    (trouble,) = watcher.hook.take("/operator")
    assert "suspect" in trouble and watcher.site.base_url in trouble
    watcher.strikes(None)
    for _ in range(3):
        watcher.later(hours=3)
        assert watcher.run("poll", "--all") == 0
    (recovery,) = watcher.hook.take("/operator")
    assert watcher.site.base_url in recovery
    assert watcher.hook.posts == []


@pytest.mark.parametrize("kind", ["maintenance", "500", "503", "challenge 403"])
def test_a_site_in_trouble_is_asked_little(watch: Watch, kind: site.FaultKind) -> None:
    """Half a day of trouble, looked at every quarter of an hour, costs the site little, and its end is soon seen."""
    watcher = watch(town())
    watcher.poll()
    watcher.strikes(Fault(kind))
    watcher.site.forget_requests()
    for _ in range(12 * 4):
        watcher.later(minutes=15)
        watcher.poll(everything=False)
    assert watcher.state in ("suspect", "failing", "blocked")
    assert 5 <= len(watcher.site.requests) <= 60
    watcher.strikes(None)
    for _ in range(9 if kind != "503" else 36):  # a host that is too busy is left alone for longer and longer
        watcher.later(minutes=15)
        watcher.poll(everything=False)
    assert watcher.state == "ok"


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("paths", ["(MId|MeetingId)=700", "(MId|MeetingId)=(700|800|600)"], ids=["one", "three"])
def test_a_page_that_stays_broken_is_its_own_affair_for_days(watch: Watch, transport: str, paths: str) -> None:
    others = [
        {"id": n, "committee": 8, "starts": START + timedelta(days=n - 810), "agenda": True, "item": items_of(n, 3)}
        for n in range(800, 835)
        if n != 800
    ]
    watcher = watch(town(event(0.01, "More meetings", meeting=others)), TRANSPORTS[transport])
    watcher.later(minutes=5)
    watcher.poll()
    watcher.strikes(Fault("mgError", paths))
    watcher.site.forget_requests()
    states = set()
    for _ in range(30):
        watcher.later(minutes=48)
        watcher.poll(everything=False)
        states.add(watcher.state)
    assert states == {"ok"}
    assert watcher.hook.posts == []
    asked = [request for request in watcher.site.requests if request.query.endswith("MeetingId=700")]
    asked += [request for request in watcher.site.requests if "MId=700" in request.query]
    assert 4 < len(asked) < 45
    watcher.strikes(None)
    watcher.later(hours=2)
    watcher.poll(everything=False)
    assert watcher.kinds() == []


def test_a_whole_site_in_trouble_is_noticed_by_whatever_page_is_due(watch: Watch) -> None:
    watcher = watch(town())
    watcher.poll()
    watcher.later(hours=2)
    watcher.strikes(Fault("maintenance"))
    for _ in range(3):
        watcher.later(minutes=40)
        watcher.poll(everything=False)
    assert watcher.state == "suspect"


def test_a_spent_budget_waits_for_the_next_day_and_is_no_trouble(watch: Watch) -> None:
    watcher = watch(town(added(48)), council="politeness = { requests_per_day = 20 }")
    watcher.poll()
    watcher.poll()
    asked = len(watcher.site.requests)
    assert asked == 20
    polls = watcher.one("SELECT count(*) FROM polls")
    for _ in range(6):
        watcher.later(hours=1)
        watcher.poll(everything=False)
    assert len(watcher.site.requests) == asked
    assert watcher.one("SELECT count(*) FROM polls") == polls, "what cannot be asked is not due"
    assert watcher.state == "ok" and watcher.hook.posts == []
    for _ in range(4):
        watcher.later(hours=17)
        watcher.poll(everything=False)
    assert watcher.kinds() == ["item.added"]
