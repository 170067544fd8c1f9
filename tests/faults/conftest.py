"""Watchers that are closed at the end."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.topics import load_topics
from demo.behaviour import Behaviour
from demo.story import Story
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
