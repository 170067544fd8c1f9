"""One poll of one source: what is due is asked for, and what a poll did not come to stays due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.behaviour import Behaviour, Fault
from tests.faults.town import Watcher, event, town

Make = Callable[..., Watcher]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Make]:
    made: list[Watcher] = []

    def make(*events: dict[str, object], behaviour: Behaviour | None = None, **more: object) -> Watcher:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Watcher(town(*events), folder, behaviour, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_nothing_is_asked_for_that_is_not_due(watch: Make) -> None:
    watcher = watch()
    watcher.poll()
    watcher.site.forget_requests()
    watcher.later(minutes=20)
    assert watcher.poll(everything=False).sources == ()
    assert watcher.site.requests == ()


def test_meetings_whose_window_has_passed_leave_the_source_in_peace(watch: Make) -> None:
    watcher = watch(event(24, "Approved", meeting=[{"id": 600, "draft": False}]))
    watcher.poll()
    for days in (2, 14, 14):
        watcher.later(days=days)
        watcher.poll(everything=False)
    watcher.site.forget_requests()
    watcher.later(days=1)
    watcher.poll(everything=False)
    assert watcher.site.requests != ()
    assert not any("600" in request.query for request in watcher.site.requests), "its last look was yesterday's"
    for days in (14, 14, 14):
        watcher.later(days=days)
        watcher.poll(everything=False)
    watcher.site.forget_requests()
    watcher.later(minutes=5)
    assert watcher.poll(everything=False).sources == ()
    assert watcher.site.requests == ()


def test_a_meeting_that_a_list_says_something_new_of_stays_due_until_it_is_read(watch: Make) -> None:
    """The far meeting is looked at once a day by itself; its list says sooner that it was cancelled."""
    watcher = watch(event(30, "Cancelled", meeting=[{"id": 701, "cancelled": True}]))
    watcher.poll()
    watcher.later(hours=27)
    watcher.poll()  # the far meeting's daily look is behind us
    watcher.later(hours=3)
    watcher.strikes(Fault("503", "GetMeeting$|GetMeeting[?]|ieListDocuments"))
    watcher.poll(everything=False)
    assert watcher.kinds() == []
    watcher.strikes(None)
    watcher.later(hours=1)
    watcher.poll(everything=False)
    assert watcher.kinds() == ["meeting.cancelled"]


def test_a_meeting_that_was_announced_and_not_read_is_read_by_the_next_poll(watch: Make) -> None:
    meeting = {"id": 820, "committee": 8, "starts": "", "agenda": True}
    from tests.faults.town import START, items_of

    meeting |= {"starts": START.replace(day=29), "item": items_of(820, 3)}
    watcher = watch(event(24, "A new meeting", meeting=[meeting]))
    watcher.poll()
    watcher.later(hours=25)
    watcher.strikes(Fault("500", "820"))
    watcher.poll()
    assert watcher.kinds() == ["meeting.announced"]
    watcher.strikes(None)
    watcher.later(minutes=31)
    watcher.poll(everything=False)
    kinds = [kind for kind in watcher.kinds() if kind != "document.added"]
    assert kinds == ["meeting.announced", "agenda.published", *["item.added"] * 3]


def test_only_the_committees_that_were_asked_for_are_read_and_told(watch: Make) -> None:
    watcher = watch(
        event(24, "Cancelled", meeting=[{"id": 800, "cancelled": True}]), council='committees = ["Cabinet"]'
    )
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    assert not any("800" in request.query for request in watcher.site.requests)
    assert watcher.hook.posts == []


def test_a_stop_ends_the_poll_and_is_no_trouble_of_the_source(watch: Make) -> None:
    from contextlib import closing

    from config.addresses import resolve
    from config.settings import load
    from councilwatch.poll import Poller
    from history.database import connect, take_clock
    from scraper.fetch import Fetcher

    watcher = watch()
    watcher.poll()
    stop = threading.Event()
    stop.set()
    with closing(connect(watcher.database)) as db:
        take_clock(db, pretended=True)
    settings = load(watcher.config)
    watcher.later(hours=5)
    with Fetcher("tests@example.org", lambda: watcher.now, stop=stop) as fetcher:
        result = Poller(settings, resolve(settings, {}), fetcher, lambda: watcher.now, stop).poll(everything=True)
    assert result.failed == () and watcher.state == "ok"


def test_word_of_change_in_the_feed_is_looked_into_at_once(watch: Make) -> None:
    """By HTML, a far meeting is looked at once a day; the feed, read with the lists, says sooner that it changed."""
    change = event(30, "A note", meeting=[{"id": 701, "venue": "Library", "agenda": True, "item": [
        {"id": 70101, "number": "1.", "title": "Welcome"}]}])  # fmt: skip
    watcher = watch(change, behaviour=Behaviour(web_service=False))
    watcher.poll()
    watcher.later(hours=29, minutes=30)
    watcher.poll()
    watcher.later(hours=2, minutes=10)
    watcher.poll(everything=False)
    assert "agenda.published" in watcher.kinds()


def test_a_committee_that_the_site_has_not_is_told_of_once_and_so_is_its_end(watch: Make) -> None:
    watcher = watch(council='committees = ["Cabnet"]')
    for _ in range(3):
        watcher.poll()
        watcher.later(hours=2)
    (told,) = watcher.hook.take("/operator")
    assert "Cabnet" in told and 'did you mean "Cabinet"?' in told
    watcher.config.write_text(watcher.config.read_text().replace("Cabnet", "Cabinet"))
    assert watcher.run("poll", "--all") == 0
    (told,) = watcher.hook.take("/operator")
    assert "Works again" in told


def test_a_poll_says_that_the_days_requests_are_spent(watch: Make, capsys: pytest.CaptureFixture[str]) -> None:
    watcher = watch(council="[council.politeness]\nrequests_per_day = 3")
    assert watcher.run("poll", "--all") == 0
    assert "the 3 requests for today are spent" in capsys.readouterr().out
