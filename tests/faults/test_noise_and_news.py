"""What a page does without saying anything new, and what it says that is: told once, as one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from demo.behaviour import Behaviour, Fault
from tests.faults.town import PSPO_ITEM, START, TRANSPORTS, Watcher, added, event, gone, items_of, town

Watch = Callable[..., Watcher]


@pytest.fixture(params=TRANSPORTS)
def usual(request: pytest.FixtureRequest) -> Behaviour:
    return TRANSPORTS[request.param]


def test_a_clock_and_a_token_in_the_page_are_no_news(watch: Watch, usual: Behaviour) -> None:
    watcher = watch(town(), usual)
    watcher.poll()
    for _ in range(3):
        watcher.later(hours=1)
        watcher.poll()
    assert watcher.kinds() == []
    assert watcher.one("SELECT count(*) FROM versions") == watcher.one(
        "SELECT (SELECT count(*) FROM meetings) + (SELECT count(*) FROM items) + (SELECT count(*) FROM documents)"
        " + (SELECT count(*) FROM documents WHERE text IS NOT NULL)"
        " + (SELECT count(*) FROM meetings WHERE read_at IS NOT NULL)"
    ), "what is unchanged has no further version"


@pytest.mark.parametrize(
    "dress",
    [
        Behaviour(language="cy"),
        Behaviour(double_encoded=True),
        Behaviour(plain_heading=True, empty_subtitles=True),
        Behaviour(session_in_path=True),
        Behaviour(validators=True),
        Behaviour(charset="cp1252"),
        Behaviour(charset="cp1252", declared=""),
        Behaviour(dates_ignored=True, all_committees="-1"),
        Behaviour(counts_only=True),
    ],
    ids=lambda dress: " ".join(
        name for name in ("language", "double_encoded", "plain_heading", "session_in_path", "validators", "charset",
                          "declared", "dates_ignored", "counts_only") if getattr(dress, name) != getattr(Behaviour(), name)
    ),
)  # fmt: skip
@pytest.mark.parametrize("web_service", [True, False])
def test_a_site_that_puts_on_another_dress_says_nothing_new_and_can_be_read_in_it(
    watch: Watch, dress: Behaviour, web_service: bool
) -> None:
    watcher = watch(town(added(48)), Behaviour(web_service=web_service))
    watcher.poll()
    before = watcher.standing()
    watcher.site.behaviour = replace(dress, web_service=web_service)
    watcher.later(hours=1)
    watcher.poll()
    assert watcher.kinds() == [] and watcher.state == "ok"
    assert watcher.standing() == before
    watcher.later(hours=48)
    watcher.poll()
    assert watcher.kinds() == ["item.added"]
    assert len(watcher.hook.take()) == 1
    watcher.site.behaviour = Behaviour(web_service=web_service)
    watcher.later(hours=1)
    watcher.poll()
    assert watcher.kinds() == ["item.added"] and watcher.hook.take() == []


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(prefix="/moderngov"), Behaviour(session_in_path=True), Behaviour(needs_user_agent=True)],
    ids=["prefix", "session in path", "needs a User-Agent"],
)
@pytest.mark.parametrize("web_service", [True, False])
def test_a_site_with_peculiar_addresses_is_read_like_any_other(
    watch: Watch, behaviour: Behaviour, web_service: bool
) -> None:
    watcher = watch(town(added(48)), replace(behaviour, web_service=web_service))
    watcher.poll()
    assert len(watcher.standing()) == 16
    watcher.poll()
    watcher.later(hours=50)
    watcher.poll()
    assert watcher.kinds() == ["item.added"]
    (message,) = watcher.hook.take()
    assert f"{behaviour.prefix}/mgAi.aspx?ID=70099" in message and "(X(1)" not in message


@pytest.mark.parametrize("first", ["html", "web service", "both"])
@pytest.mark.parametrize("then", ["html", "web service", "both"])
def test_another_transport_is_never_news(watch: Watch, first: str, then: str) -> None:
    watcher = watch(town(), TRANSPORTS[first])
    watcher.poll()
    watcher.site.behaviour = TRANSPORTS[then]
    for _ in range(3):
        watcher.later(minutes=40)
        watcher.poll(everything=False)
    assert watcher.kinds() == [] and watcher.hook.posts == [], "what answers is found out before anybody is told"
    watcher.later(days=1)
    watcher.poll()
    watcher.later(minutes=31)
    watcher.poll(everything=False)
    assert watcher.state == "ok"
    assert watcher.kinds() == [] and watcher.hook.posts == []


def test_what_need_not_be_asked_again_is_not(watch: Watch, usual: Behaviour) -> None:
    """The committees, and which transports answer, are asked for once a week, even where they never change."""
    watcher = watch(town(), usual)
    for _ in range(3):
        watcher.poll()
        watcher.later(days=8)
    watcher.poll(everything=False)
    watcher.site.forget_requests()
    for _ in range(6):
        watcher.later(hours=3)
        watcher.poll(everything=False)
    asked = [request.path.lower() for request in watcher.site.requests]
    assert len(asked) > 6
    assert not any("committees" in path for path in asked)


def test_an_item_that_moves_to_the_end_is_no_news(watch: Watch, usual: Behaviour) -> None:
    moved = event(24, "The first item goes to the end", item=[{"id": 70001, "position": 99, "number": "7."}])
    watcher = watch(town(moved), usual)
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    assert watcher.kinds() == []
    assert watcher.one("SELECT max(position) = (SELECT position FROM items WHERE item_id = 70001) FROM items"
                       " WHERE meeting = (SELECT id FROM meetings WHERE meeting_id = 700)")  # fmt: skip


def test_items_that_are_renumbered_are_no_news(watch: Watch, usual: Behaviour) -> None:
    renumbered = event(24, "Renumbered", item=[{"id": 70000 + n, "number": f"CAB/{n}/25"} for n in range(1, 7)])
    watcher = watch(town(renumbered), usual)
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    assert watcher.kinds() == []
    assert watcher.one("SELECT count(*) FROM items WHERE number LIKE 'CAB/%'") == 6


def test_an_item_that_is_taken_off_is_believed_at_the_next_good_poll_and_is_one_change(
    watch: Watch, usual: Behaviour
) -> None:
    watcher = watch(town(added(0.01), gone(24, 70099)), usual)
    watcher.later(minutes=5)
    watcher.poll()
    watcher.hook.take()  # the summary of what stood there
    watcher.later(hours=25)
    watcher.poll()
    assert watcher.kinds() == [] and watcher.state == "ok"
    watcher.strikes(Fault("maintenance"))
    watcher.later(minutes=30)
    watcher.poll()
    assert watcher.kinds() == [], "a page that cannot be trusted is no sighting"
    watcher.strikes(None)
    watcher.later(minutes=30)
    watcher.poll()
    assert watcher.kinds() == ["item.withdrawn"]
    (message,) = watcher.hook.take()
    assert "Town Centre PSPO" in message and "taken off" in message.lower()
    watcher.later(minutes=30)
    watcher.poll()
    assert watcher.kinds() == ["item.withdrawn"] and watcher.hook.take() == []
    watcher.sound()


def test_an_item_that_was_only_missing_is_not_new_when_it_is_back(watch: Watch, usual: Behaviour) -> None:
    back = event(25, "It is back", meeting=[{"id": 700, "item": [PSPO_ITEM]}])
    watcher = watch(town(added(0.01), gone(24, 70099), back), usual)
    watcher.later(minutes=5)
    watcher.poll()
    watcher.hook.take()
    watcher.later(hours=24)
    watcher.poll()
    watcher.later(hours=1)
    watcher.poll()
    watcher.poll()
    assert watcher.kinds() == [] and watcher.hook.take() == []


def test_many_items_lost_are_believed_after_three_good_polls_over_six_hours(watch: Watch, usual: Behaviour) -> None:
    watcher = watch(town(gone(24, 70001, 70003, 70005)), usual)
    watcher.poll()
    watcher.later(hours=25)
    for hours in (2, 2, 1):
        watcher.poll()
        assert watcher.kinds() == []
        assert watcher.state == "ok", "one page in doubt is its own affair"
        watcher.later(hours=hours)
    watcher.later(hours=1.1)
    watcher.poll()
    assert watcher.kinds() == ["item.withdrawn"] * 3
    watcher.poll()
    assert watcher.kinds() == ["item.withdrawn"] * 3
    watcher.sound()


def test_a_page_in_doubt_is_asked_for_again_soon_without_being_told_to(watch: Watch, usual: Behaviour) -> None:
    watcher = watch(town(gone(24, 70001, 70003, 70005)), usual)
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    for _ in range(14):
        watcher.later(minutes=31)
        watcher.poll(everything=False)
    assert watcher.kinds() == ["item.withdrawn"] * 3


def test_an_item_on_the_subject_is_one_alert_that_explains_itself(watch: Watch, usual: Behaviour) -> None:
    watcher = watch(town(added(24)), usual)
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    assert watcher.kinds() == ["item.added"]
    (message,) = watcher.hook.take()
    told = " ".join(message.split())
    for part in (
        "Town Centre PSPO",
        "Cabinet, Wednesday 26 November 2025, 10.00 am",
        "six-week public consultation on a new Public Spaces Protection Order",
        "your watch “PSPO consultations” matched",
        "mgAi.aspx?ID=70099",
    ):
        assert part in told
    for _ in range(3):
        watcher.later(hours=2)
        watcher.poll()
    assert watcher.hook.take() == []


def test_another_item_beside_a_known_word_is_no_alert(watch: Watch, usual: Behaviour) -> None:
    other = {
        "id": 70098,
        "number": "8.",
        "title": "Cycle parking at the station",
        "text": "To note the number of stands.",
    }
    watcher = watch(town(added(0.01), added(24, other)), usual)
    watcher.later(minutes=5)
    watcher.poll()
    (summary,) = watcher.hook.take()
    assert "Town Centre PSPO" in summary
    watcher.later(hours=25)
    watcher.poll()
    assert watcher.kinds() == ["item.added"]
    assert watcher.hook.take() == []


def test_a_meeting_that_vanishes_from_the_lists_and_comes_back_is_told_as_such(watch: Watch, usual: Behaviour) -> None:
    off = event(24, "Off the calendar", meeting=[{"id": 701, "gone": True}])
    watcher = watch(town(off), usual)
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    assert watcher.kinds() == []
    watcher.later(hours=1)
    watcher.poll()
    watcher.later(hours=6)
    watcher.poll()
    assert set(watcher.kinds()) <= {"meeting.withdrawn"}
    watcher.later(hours=6)
    watcher.poll()
    assert watcher.kinds() == ["meeting.withdrawn"]
    assert watcher.state == "ok"


def test_an_agenda_that_comes_out_is_announced_as_one_thing(watch: Watch, usual: Behaviour) -> None:
    out = event(24, "The agenda is out", meeting=[
        {"id": 701, "agenda": True, "item": [*items_of(701), PSPO_ITEM | {"id": 70199}]}])  # fmt: skip
    watcher = watch(town(out), usual)
    watcher.poll()
    watcher.later(hours=25)
    watcher.poll()
    kinds = [kind for kind in watcher.kinds() if kind != "document.added"]  # frontsheet and pack, in HTML only
    assert sorted(kinds) == ["agenda.published", *["item.added"] * 7]
    assert len(watcher.hook.take()) == 1


def test_meetings_on_later_pages_of_a_list_are_in_the_baseline_and_watched(watch: Watch) -> None:
    many = [{"id": 801 + n, "committee": 8, "starts": START + timedelta(days=n)} for n in range(-20, 45)]
    many = [each for each in many if each["id"] != 800]
    late = event(24, "A new one far ahead", meeting=[{"id": 999, "committee": 8, "starts": START + timedelta(days=50)}])
    watcher = watch(town(event(0.01, "More meetings", meeting=many), late), Behaviour(web_service=False))
    watcher.later(minutes=5)
    watcher.poll()
    assert watcher.one("SELECT count(*) FROM meetings WHERE committee_id = 8") == 65
    watcher.later(hours=12)
    watcher.poll()
    assert watcher.kinds() == []
    watcher.later(hours=13)
    watcher.poll()
    assert watcher.kinds() == ["meeting.announced"]
