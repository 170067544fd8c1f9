"""The busy council's server as a process of its own, at a clock that the caller moves."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.busy_council import busy_council
from demo.behaviour import Behaviour, Fault
from demo.site import Site

_SPAWN: Final = multiprocessing.get_context("spawn")


class ClockedSite:
    """The site at `base_url`. `now` is the time, there and here; `counted` gives the requests since it was last asked."""

    def __init__(self, days: int, every: int, behaviour: Behaviour, now: datetime) -> None:
        self._clock = _SPAWN.Value("d", now.timestamp())
        self._ours, theirs = _SPAWN.Pipe()
        self._behaviour, self._down = behaviour, False
        self._process = _SPAWN.Process(
            target=_serve, args=(days, every, behaviour, self._clock, theirs), daemon=True, name="busy council"
        )

    def __enter__(self) -> Self:
        self._process.start()
        self.base_url = str(self._ours.recv())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ours.send(None)
        self._process.join(20)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.value, UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._clock.value = moment.timestamp()

    def counted(self) -> Counter[str]:
        """How many requests of each kind of page there were since the last time."""
        return Counter(self._ask("count"))

    def fault(self, down: bool) -> None:
        """Whether every page is answered with 500 from now on."""
        if down != self._down:
            self._ask("down" if down else "up")
            self._down = down

    def _ask(self, word: str) -> Any:
        self._ours.send(word)
        return self._ours.recv()


def _serve(days: int, every: int, behaviour: Behaviour, clock: Any, caller: Connection) -> None:
    story = busy_council(days, every).story
    with Site(story, lambda: datetime.fromtimestamp(clock.value, UTC), behaviour=behaviour, keep=1000) as site:
        caller.send(site.base_url)
        while (word := caller.recv()) is not None:
            if word == "count":
                caller.send(Counter(request.path.rpartition("/")[2] for request in site.requests))
                site.forget_requests()
            else:
                fault = Fault("500") if word == "down" else None
                site.behaviour = Behaviour(web_service=behaviour.web_service, fault=fault)
                caller.send(None)
