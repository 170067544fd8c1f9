"""Whatever a site does for a while: no false change, no false alert, the right state, and a recovery that tells nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from councilwatch.logs import configure_logs
from demo.behaviour import Fault, FaultKind
from tests.faults.town import QUICK, TRANSPORTS, USUAL, Watcher, added, town

STATES: dict[FaultKind, str] = {
    "500": "failing",
    "503": "failing",
    "429": "failing",
    "hang": "failing",
    "drip": "failing",
    "header drip": "failing",
    "reset": "failing",
    "empty body": "suspect",
    "no items": "suspect",
    "maintenance": "suspect",
    "truncated": "suspect",
    "broken off": "failing",
    "mgError": "suspect",
    "html for xml": "suspect",
    "challenge 403": "blocked",
    "challenge 200": "blocked",
    "login": "suspect",
    "huge": "failing",
    "gzip bomb": "failing",
    "elsewhere": "failing",
    "loop": "failing",
}
LIMITS = dict.fromkeys(("hang", "drip", "header drip"), QUICK)
PAGE = "MId=700|MeetingId=700"


@pytest.fixture(scope="module", params=TRANSPORTS)
def town_watcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    """A watcher that knows the town well, and whose site hides an item until two days have passed."""
    configure_logs({})
    folder = tmp_path_factory.mktemp("town")
    watcher = Watcher(town(added(48)), folder, TRANSPORTS[request.param])
    watcher.poll()
    watcher.poll()
    watcher.snapshot()
    yield watcher
    watcher.close()


@pytest.fixture(scope="module")
def stranger_in_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    watcher = Watcher(town(added(48)), tmp_path_factory.mktemp("stranger"))
    yield watcher
    watcher.close()


@pytest.fixture
def stranger(stranger_in_town: Watcher) -> Watcher:
    """A watcher that was never here before."""
    stranger_in_town.begin_anew()
    return stranger_in_town


@pytest.fixture
def watcher(town_watcher: Watcher) -> Watcher:
    town_watcher.restore()
    assert town_watcher.state == "ok"
    return town_watcher


def _alerts_once_for_the_item_that_is_added(watcher: Watcher) -> None:
    watcher.later(hours=50)
    assert watcher.poll().failed == ()
    assert watcher.kinds() == ["item.added"]
    (message,) = watcher.hook.take()
    assert "Town Centre PSPO" in message and "Cabinet, Wednesday 26 November 2025" in message
    watcher.poll()
    assert watcher.kinds() == ["item.added"] and watcher.hook.take() == []
    watcher.sound()


@pytest.mark.parametrize("kind", STATES)
def test_a_site_in_trouble_changes_nothing_and_its_recovery_tells_nothing(watcher: Watcher, kind: FaultKind) -> None:
    before = watcher.standing()
    watcher.strikes(Fault(kind))
    (source,) = watcher.poll(limits=LIMITS.get(kind, USUAL)).sources
    expected = STATES[kind]
    if watcher.usual.html_blocked and kind in ("mgError", "login"):
        expected = "blocked"  # those pages are pages of HTML, too
    assert watcher.state == source.state == expected
    assert source.reason and "\n" not in source.reason
    assert watcher.standing() == before and watcher.kinds() == []

    watcher.strikes(None)
    watcher.later(minutes=30)
    assert watcher.poll().failed == ()
    assert watcher.state == "ok"
    assert watcher.standing() == before and watcher.kinds() == []
    assert watcher.hook.posts == [], "nobody hears of one bad poll, nor that it is over"
    _alerts_once_for_the_item_that_is_added(watcher)


@pytest.mark.parametrize("kind", [kind for kind in STATES if kind not in ("503", "429")])
def test_one_flaky_page_is_its_own_affair(watcher: Watcher, kind: FaultKind) -> None:
    before = watcher.standing()
    watcher.strikes(Fault(kind, PAGE))
    assert watcher.poll(limits=LIMITS.get(kind, USUAL)).failed == ()
    assert watcher.state == "ok"
    assert watcher.standing() == before and watcher.kinds() == []

    watcher.strikes(None)
    watcher.later(minutes=31)
    asked = len(watcher.site.requests)
    assert watcher.poll(everything=False).failed == (), "a page in trouble is asked for again soon"
    assert any("700" in request.query for request in watcher.site.requests[asked:])
    assert watcher.standing() == before and watcher.kinds() == []
    assert watcher.hook.posts == []


@pytest.mark.parametrize("kind", [*STATES, "wrong charset"])
def test_a_site_in_trouble_at_the_first_poll_leaves_no_half_made_baseline(stranger: Watcher, kind: FaultKind) -> None:
    watcher = stranger
    for paths in (r"\.aspx|\.asmx|/documents/", "ieListMeetings|GetMeeting", "ieListDocuments|mgAi"):
        watcher.strikes(Fault(kind, paths))
        watcher.poll(limits=LIMITS.get(kind, USUAL))
        watcher.later(minutes=20)
        assert watcher.kinds() == []
    watcher.strikes(None)
    watcher.poll()
    assert watcher.state == "ok"
    assert watcher.kinds() == [] and watcher.hook.take() == []
    assert len(watcher.standing()) == 16
    _alerts_once_for_the_item_that_is_added(watcher)


def test_pages_in_a_charset_that_the_site_does_not_own_up_to_say_nothing_new(watcher: Watcher) -> None:
    watcher.strikes(Fault("wrong charset"))
    watcher.poll()
    assert watcher.kinds() == []
    watcher.strikes(None)
    watcher.later(minutes=30)
    watcher.poll()
    assert watcher.kinds() == [] and watcher.hook.posts == []
    _alerts_once_for_the_item_that_is_added(watcher)
