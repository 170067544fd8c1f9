"""A demo council on a real socket, its clock in the test's hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import httpx
import pytest

from demo.behaviour import Behaviour
from demo.site import Site
from demo.story import Story, storyline


@dataclass
class Clock:
    """Says the moment it was set to."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Visit:
    """A site, its clock, and a client that keeps its connection."""

    site: Site
    clock: Clock
    client: httpx.Client

    def get(self, path: str, **options: object) -> httpx.Response:
        return self.client.get(f"{self.site.base_url}/{path}", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def story() -> Story:
    return storyline()


@pytest.fixture
def visit(story: Story) -> Iterator[Callable[..., Visit]]:
    """``visit(behaviour, at=…, of=…)`` opens a site; by default the demo council at the end of its story."""
    with ExitStack() as stack:

        def opened(behaviour: Behaviour | None = None, at: datetime | None = None, of: Story | None = None) -> Visit:
            told = of or story
            clock = Clock(at or told.ends)
            site = stack.enter_context(Site(told, clock, behaviour=behaviour))
            client = stack.enter_context(httpx.Client(timeout=10, headers={"User-Agent": "tests"}, trust_env=False))
            return Visit(site, clock, client)

        yield opened
