"""Days of a busy council at a pretended clock, as the daemon lives through them. `benchmarks/months.py` does weeks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.months import BUDGET, live
from demo.behaviour import Behaviour


@pytest.mark.parametrize("web_service", [True, False])
def test_every_agenda_is_seen_within_two_hours_for_few_requests(tmp_path: Path, web_service: bool) -> None:
    days = live(tmp_path, 4, Behaviour(web_service=web_service), 35, timedelta(minutes=10))
    assert len(days.lags) >= 1 and days.unseen == []
    assert max(days.lags) < timedelta(hours=2)
    assert max(days.requests.values()) <= BUDGET
    assert days.states == {"ok"}
    assert days.due >= 1 and days.told_once
    assert days.failed_ticks == 0
    assert days.unsound == ()
