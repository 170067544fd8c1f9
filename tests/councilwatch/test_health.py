from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from councilwatch.health import disk_is_nearly_full

if TYPE_CHECKING:
    from conftest import Town


def test_before_the_first_poll_it_is_unwell_and_after_it_well(town: Town) -> None:
    before = town.call("health")
    assert (before.code, before.err) == (1, "")
    assert before.out.startswith("unwell: ")
    town.call("poll")
    assert (town.call("health").code, town.call("health").out) == (0, "well: last look 0 seconds ago\n")


def test_it_is_unwell_when_nothing_was_looked_at_for_two_hours(town: Town) -> None:
    town.call("poll")
    town.clock.moment += timedelta(hours=1, minutes=59)
    assert town.call("health").out == "well: last look 1 hour ago\n"
    town.clock.moment += timedelta(minutes=2)
    said = town.call("health")
    assert said.code == 1
    assert "nothing was looked at for 2 hours" in said.out
    assert len(said.lines) == 1


def test_it_is_unwell_when_a_message_waits_for_six_hours(town: Town) -> None:
    town.hook.status = 500
    town.call("poll", "--all")
    for _ in range(7):
        town.clock.moment += timedelta(hours=1)
        town.call("poll")
    said = town.call("health")
    assert said.code == 1
    assert "1 delivery waits, the oldest for" in said.out
    assert "nothing was looked at" not in said.out
    town.hook.status = 200
    town.call("alerts", "--retry")
    assert town.call("health").code == 0


def test_it_is_unwell_when_the_clock_was_set_back(town: Town) -> None:
    town.call("poll")
    town.clock.moment -= timedelta(minutes=4)
    assert town.call("health").code == 0
    town.clock.moment -= timedelta(days=1)
    assert "set the clock right" in town.call("health").out


def test_a_file_that_is_no_database_is_one_line_and_exit_2(town: Town) -> None:
    town.database.write_bytes(b"not a database at all" * 100)
    said = town.call("health")
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1


def test_it_looks_at_no_secret_and_loads_nothing_that_sends(town: Town) -> None:
    town.call("poll")
    town.config.write_text(town.config.read_text().replace(f'"json://{town.hook.address}/residents"', '"${UNSET}"'))
    assert town.call("health").code == 0
    script = (
        "import sys; from councilwatch.cli import run;"
        f"run(['health', '--config', {str(town.config)!r}], {{}});"
        "loaded = {'apprise', 'httpx', 'lxml', 'jinja2'} & sys.modules.keys(); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("free", "total", "nearly"),
    [
        (15_000_000, 20_000_000, True),  # hardly room for a page and its log
        (60_000_000, 64_000_000, False),  # small, but empty
        (40_000_000_000, 2_000_000_000_000, False),  # a fiftieth, and plenty
        (900_000_000, 1_000_000_000, False),
        (900_000_000, 100_000_000_000, True),
    ],
)
def test_when_a_disk_counts_as_nearly_full(free: int, total: int, nearly: bool) -> None:
    assert disk_is_nearly_full(free, total) is nearly
