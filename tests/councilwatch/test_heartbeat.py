from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from councilwatch import heartbeat
from councilwatch.health import Health
from history.database import connect

if TYPE_CHECKING:
    from conftest import Hook

NOON = datetime(2025, 12, 4, 12, 0, tzinfo=UTC)
WELL = Health((), NOON, 1, 0)


def test_it_is_due_once_on_each_day_in_london(tmp_path: Path) -> None:
    db = connect(tmp_path / "x.db")
    assert heartbeat.due(db, WELL, NOON)
    heartbeat.keep(db, NOON, answered=True)
    assert not heartbeat.due(db, WELL, NOON + timedelta(hours=11, minutes=59))
    assert heartbeat.due(db, WELL, NOON + timedelta(hours=12, minutes=1))


@pytest.mark.parametrize("ill", [Health(("disk",), NOON, 1, 0), Health((), NOON, 3, 1)])
def test_it_stays_away_while_anything_is_wrong(tmp_path: Path, ill: Health) -> None:
    assert not heartbeat.due(connect(tmp_path / "x.db"), ill, NOON)


def test_a_call_that_failed_is_made_again_after_a_while(tmp_path: Path) -> None:
    db = connect(tmp_path / "x.db")
    heartbeat.keep(db, NOON, answered=False)
    assert not heartbeat.due(db, WELL, NOON + timedelta(minutes=14))
    assert heartbeat.due(db, WELL, NOON + timedelta(minutes=15))


def test_what_keeps_a_call_from_answering_is_told_without_its_address(hook: Hook) -> None:
    url = f"http://{hook.address}/secret-token"
    assert heartbeat.call(url) is None
    hook.status = 404
    assert heartbeat.call(url) == "it answered 404"
    hook.close()
    said = heartbeat.call(url)
    assert said
    assert "secret-token" not in said
