from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest

from councilwatch.metrics import COUNTERS, GAUGES, HistoryCollector, Ticks

if TYPE_CHECKING:
    from conftest import Town

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")


def test_the_page_lists_every_figure_with_its_meaning() -> None:
    listed = dict(re.findall(r"^\| `councilwatch_(\w+)` \| (.*) \|$", PAGE, re.MULTILINE))
    assert listed == GAUGES | {f"{name}_total": words for name, words in COUNTERS.items()}


def test_every_listed_figure_is_served_and_no_other(town: Town) -> None:
    town.hook.status = 500
    town.call("poll", "--all")
    served = _served(town.database, lambda: town.clock.moment)
    names = set(re.findall(r"^councilwatch_(\w+?)(?=[ {])", served, re.MULTILINE))
    assert names == GAUGES.keys() | {f"{name}_total" for name in COUNTERS}
    assert 'councilwatch_deliveries{state="waiting"} 1.0' in served
    assert "residents" not in served


def test_a_history_that_cannot_be_read_is_unwell_and_the_process_still_speaks(tmp_path: Path) -> None:
    served = _served(tmp_path / "none.db", lambda: datetime.now(UTC))
    assert "councilwatch_well 0.0" in served
    assert "councilwatch_ticks_total 0.0" in served


def _served(path: Path, clock: Callable[[], datetime]) -> str:
    registry = CollectorRegistry()
    registry.register(HistoryCollector(path, Ticks(), clock))
    return generate_latest(registry).decode()
