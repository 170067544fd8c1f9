"""Killed with SIGKILL wherever it may be: no alert is lost, and none comes twice but what was on its way just then.

`make proof` does the same 200 times.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import takewhile

import pytest

from tests.faults.chores import CHORES, Workshop, busy_town, transactions
from tests.faults.conftest import wait_until
from tests.faults.kills import Morning
from tests.faults.processes import Launcher
from tests.faults.town import Watcher


def commits(points: Iterable[str]) -> set[str]:
    """The transactions that these points are of. No write may stand outside of one, for no kill would fall beside it."""
    assert not [point for point in points if point.startswith("stray")]
    return {point.split()[2] for point in points if point.startswith("before commit")}


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, launchpad: Launcher) -> Iterator[Morning]:
    with Morning(tmp_path_factory.mktemp("morning"), launchpad, documents=False) as morning:
        yield morning


def test_killed_at_every_commit_and_after_every_providers_yes(morning: Morning) -> None:
    """What stands on the disk before a commit is what stood there after the one before it."""
    first = {point: number for number, point in reversed(list(enumerate(morning.points, 1)))}
    points = [number for point, number in first.items() if point.startswith("before commit")]
    points += [number for number, point in enumerate(morning.points, 1) if point == "after send"]
    assert len(points) > 20
    for number in points:
        done = morning.round(kill_at=number)
        assert done.killed
        done.check()


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, launchpad: Launcher) -> Iterator[Workshop]:
    watcher = Watcher(busy_town(), tmp_path_factory.mktemp("workshop"))
    yield Workshop(watcher, launchpad, wait_until)
    watcher.close()


@pytest.mark.parametrize("name", CHORES)
def test_killed_at_any_chore_that_is_then_done_again(workshop: Workshop, morning: Morning, name: str) -> None:
    """At each transaction that neither the morning nor a chore before this one has."""
    done = commits(morning.points)
    for before in takewhile(name.__ne__, CHORES):
        done |= commits(workshop.whole(before).points)
    whole = workshop.whole(name)
    for number, point in enumerate(whole.points, 1):
        if commits([point]) - done:
            done |= commits([point])
            assert workshop.killed(name, number) == whole.left, point


def test_every_transaction_of_the_product_is_among_them(workshop: Workshop, morning: Morning) -> None:
    """Whatever is written from now on, too: where this fails, a chore is missing that comes by there."""
    assert (
        transactions() - commits(morning.points).union(*(commits(workshop.whole(name).points) for name in CHORES))
        == set()
    )


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
