"""Watchers and processes that are ended with their test."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.topics import load_topics
from demo.behaviour import Behaviour
from demo.story import Story
from tests.faults.living import Lives, Living
from tests.faults.processes import Launcher
from tests.faults.town import Watcher


@pytest.fixture(scope="session", autouse=True)
def topics_read_once() -> Iterator[None]:
    """The shipped topics are the same for all of a session's watchers, and half of what starting one costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("config.settings.load_topics", functools.cache(load_topics))
        yield


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    """Makes a Watcher of a story (and a behaviour of the site)."""
    made: list[Watcher] = []

    def make(story: Story, behaviour: Behaviour | None = None, **more: Any) -> Watcher:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Watcher(story, folder, behaviour, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def launchpad() -> Iterator[Launcher]:
    with Launcher() as launcher:
        yield launcher


@pytest.fixture
def launcher(launchpad: Launcher) -> Iterator[Launcher]:
    """Starts the program as processes of their own."""
    yield launchpad
    launchpad.end_all()


def wait_until(true: Callable[[], object], what: str) -> None:
    """Waits for what a process is to bring about."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, f"in vain waited for: {what}"
        time.sleep(0.02)


@pytest.fixture
def until() -> Callable[[Callable[[], object], str], None]:
    return wait_until


@pytest.fixture
def lives(
    watch: Callable[..., Watcher], launcher: Launcher, until: Callable[[Callable[[], object], str], None]
) -> Lives:
    return lambda story, *args, **more: Living(watch(story, *args, **more), launcher, until)
