"""Killed with SIGKILL wherever it may be: no alert is lost, and none comes twice but what was on its way just then.

`make proof` does the same 200 times.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.faults.kills import Morning

PARTS = 4


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    with Morning(tmp_path_factory.mktemp("morning"), documents=False) as morning:
        yield morning


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_commit_or_after_any_providers_yes(morning: Morning, part: int) -> None:
    # what stands on the disk before a commit is what stood there after the one before it
    points = [n for n, point in enumerate(morning.points, 1) if point in ("before commit", "after send")]
    assert len(points) > 30
    for number in points[part::PARTS]:
        done = morning.round(kill_at=number)
        assert done.killed
        done.check()


def test_killed_at_twenty_random_moments(morning: Morning) -> None:
    draw = random.Random(20251126)
    for _ in range(20):
        morning.round(kill_after=draw.uniform(0, morning.seconds)).check()


def test_killed_twice_in_a_row(morning: Morning) -> None:
    """The kill of the poll that makes up for a kill loses nothing either."""
    half = len(morning.points) // 2
    done = morning.round(kill_at=half, kill_again_at=half // 2)
    assert done.killed
    done.check()
