from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from demo.behaviour import Behaviour, Fault
from demo.story import Story

if TYPE_CHECKING:
    from conftest import Town


@pytest.fixture
def town(town_of: Callable[[Story, datetime], Town], long_past: Story) -> Town:
    """Late in 2026, when a poll looks at no meeting of 2025 any more."""
    return town_of(long_past, datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize("web_service", [True, False])
def test_it_reads_the_past_and_tells_nobody(town: Town, web_service: bool) -> None:
    town.site.behaviour = Behaviour(web_service=web_service)
    town.call("poll")
    assert town.ask("SELECT count(*) FROM meetings WHERE read_at IS NOT NULL") == [(0,)]
    said = town.call("backfill", "--since", "2025-09-01")
    assert said.code == 0, said.err
    assert said.lines[-1].endswith("meetings read; the past is complete back to 2025-09-01")
    ((read, first),) = town.ask("SELECT count(*), min(starts_at_utc) FROM meetings WHERE read_at IS NOT NULL")
    assert read == 27  # of forty, weekly from June, those from September on
    assert first > "2025-09-01"
    assert town.ask("SELECT count(*) FROM changes") == town.ask("SELECT count(*) FROM alerts") == [(0,)]
    assert town.hook.posts == []


def test_a_second_run_asks_for_nothing_that_was_read(town: Town) -> None:
    town.call("backfill", "--since", "2026-01-01")
    town.site.forget_requests()
    said = town.call("backfill", "--since", "2026-01-01")
    assert said.lines[-1].endswith(": 0 meetings read; the past is complete back to 2026-01-01")
    assert town.site.requests == ()
    assert town.call("backfill", "--since", "2025-12-01").code == 0
    read = [request.path for request in town.site.requests if "MId=" in request.query]
    assert 0 < len(read) <= 5


def test_it_stops_where_the_site_does_and_goes_on_from_there(town: Town) -> None:
    town.site.behaviour = Behaviour(fault=Fault("503", paths="MId=10[12]|MeetingId=10[12]|lMeetingId=10[12]"))
    broken = town.call("backfill", "--since", "2025-06-01")
    assert broken.code == 1
    assert "to go" in broken.err
    ((some,),) = town.ask("SELECT count(*) FROM meetings WHERE read_at IS NOT NULL")
    assert some < 40
    town.site.behaviour = Behaviour()
    town.clock.moment = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    assert town.call("backfill", "--since", "2025-06-01").code == 0
    assert town.ask("SELECT count(*) FROM meetings WHERE read_at IS NOT NULL") == [(40,)]


def test_a_poll_afterwards_has_nothing_to_do(town: Town) -> None:
    town.call("poll")
    town.call("backfill", "--since", "2025-12-01")
    town.site.forget_requests()
    town.call("poll")
    assert town.site.requests == ()


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "2027-01-01"])
def test_a_day_that_is_none_or_not_past_is_one_line(town: Town, since: str) -> None:
    said = town.call("backfill", "--since", since)
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert not town.database.exists()


def test_most_of_the_days_requests_are_left_to_the_present(town: Town) -> None:
    text = town.config.read_text().replace("requests_per_day = 0", "requests_per_day = 40")
    town.config.write_text(text)
    town.call("poll")
    said = town.call("backfill", "--since", "2025-06-01")
    assert said.code == 0
    assert "today's share of requests is spent" in said.out
    assert len(town.site.requests) <= 40 * 0.6 + 3
    town.clock.moment = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    town.site.forget_requests()
    assert "today's share of requests is spent" in town.call("backfill", "--since", "2025-06-01").out
    ((read,),) = town.ask("SELECT count(*) FROM meetings WHERE read_at IS NOT NULL")
    assert read > 10
