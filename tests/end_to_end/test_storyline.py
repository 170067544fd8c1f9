"""Eight weeks of the demo council, by web service and by HTML: what is told, what is kept, what is not told."""

from __future__ import annotations

from typing import Any

import pytest

from demo.behaviour import Behaviour
from demo.story import Event, Story, storyline


def _event(story: Story, words: str) -> Event:
    return next(event for event in story.events if words in event.what)


@pytest.fixture(params=["both transports", "html only", "web service only"])
def watched(watch: Any, request: pytest.FixtureRequest) -> Any:
    behaviour = {
        "both transports": Behaviour(),
        "html only": Behaviour(web_service=False),
        "web service only": Behaviour(html_blocked=True),
    }[request.param]
    return watch(storyline(), behaviour)


def test_draft_minutes_give_exactly_one_message_that_names_and_quotes_the_item(watched: Any) -> None:
    story = watched.story
    watched.poll()
    watched.poll(_event(story, "The agenda of the Safer Stockton").at)
    watched.hook.take()
    assert watched.poll(_event(story, "Draft minutes").at) == 0
    (message,) = watched.hook.take()
    assert "SSP/46/25" in message and "Operation Shield Update" in message
    assert "A public consultation on the revised PSPOs would follow" in " ".join(message.split())
    assert "consultation planned" in message
    assert "April 2026" in message
    assert "SSP/53/25" in message and "restricted" in message
    watched.poll()
    assert watched.hook.take() == [], "the same pages again are no news"


def test_cut_minutes_are_read_whole(watched: Any) -> None:
    for event in watched.story.events[: watched.story.events.index(_event(watched.story, "Draft minutes")) + 1]:
        watched.poll(event.at)
    (item,) = watched.rows("SELECT minutes, cut FROM items WHERE number = 'SSP/47/25'")
    whole = next(i for i in watched.site.state.items.values() if i.number == "SSP/47/25").minutes
    assert " ".join(item["minutes"].split())[-80:] == " ".join(whole.split())[-80:]
    assert "full minutes" not in item["minutes"]


def test_maintenance_changes_nothing_and_the_recovery_announces_nothing(watched: Any) -> None:
    watched.poll()
    before = watched.rows("SELECT * FROM items ORDER BY id")
    maintenance = _event(watched.story, "maintenance")
    watched.poll(_event(watched.story, "Draft minutes").at)
    watched.hook.take()
    items = watched.rows("SELECT id, title, text, minutes, withdrawn_at FROM items ORDER BY id")
    changes = watched.rows("SELECT count(*) AS n FROM changes")
    assert watched.poll(maintenance.at) == 1
    assert watched.rows("SELECT state FROM sources") == [{"state": "suspect"}]
    assert watched.poll(_event(watched.story, "pages are back").at) == 0
    assert watched.rows("SELECT state FROM sources") == [{"state": "ok"}]
    assert watched.rows("SELECT id, title, text, minutes, withdrawn_at FROM items ORDER BY id") == items
    assert watched.rows("SELECT count(*) AS n FROM changes") == changes
    assert watched.hook.take() == []
    assert len(before) <= len(items)


def test_the_whole_story_leaves_a_sound_history(watched: Any) -> None:
    from history.database import connect
    from history.deep_check import deep_check

    watched.poll()
    for event in watched.story.events:
        watched.poll(event.at)
    assert deep_check(connect(watched.database, read_only=True)) == ()
    kinds = {row["kind"] for row in watched.rows("SELECT DISTINCT kind FROM changes")}
    assert {"meeting.announced", "agenda.published", "item.added", "minutes.drafted", "meeting.cancelled"} <= kinds
    assert {"item.withdrawn", "document.withdrawn", "meeting.withdrawn", "item.returned"}.isdisjoint(kinds)


def test_one_poll_asks_for_no_address_twice_and_for_one_at_a_time(watched: Any) -> None:
    watched.poll()
    asked = [f"{request.path}?{request.query}" for request in watched.site.requests]
    assert len(asked) == len(set(asked))
    assert watched.site.most_in_flight() == 1
    agents = {
        request.headers.get("User-Agent") or request.headers.get("user-agent") for request in watched.site.requests
    }
    (agent,) = agents
    assert agent is not None and agent.startswith("councilwatch/") and "tests@example.org" in agent
