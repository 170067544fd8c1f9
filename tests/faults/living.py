"""The daemon as a process of its own, on a watcher's council and by its clock, with five ticks a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.processes import Launcher, Process
from tests.faults.town import Watcher

Until = Callable[[Callable[[], object], str], None]
Lives = Callable[..., "Living"]
"""Makes a daemon that watches a story (and more of what a Watcher takes); it has not begun yet."""


TICKS = {"COUNCILWATCH_LOG": "debug"}  # each of which is a line
NOTHING: Mapping[str, str] = {}


class Living:
    """A daemon that can be ended and begun anew. `log` goes over all its lives."""

    def __init__(self, watcher: Watcher, launcher: Launcher, until: Until) -> None:
        self.watcher, self.until = watcher, until
        self._launcher = launcher
        self._lives: list[Process] = []
        self._clock = watcher.folder / "clock"
        self.later()

    @property
    def process(self) -> Process:
        return self._lives[-1]

    def begin(self, environ: Mapping[str, str] = NOTHING, **job: Any) -> None:
        """Begins, and waits for the end of the first poll of what is due."""
        ticked = self.ticks
        job |= {"clock": str(self._clock), "environ": {**TICKS, **environ}}
        self._lives.append(self._launcher.start(self.watcher.config, "run", **job))
        self.until(lambda: self.process.log("started") or self.process.ended() is not None, "the daemon's start")
        assert self.process.ended() is None, self.process.err
        self.until(lambda: self.ticks > ticked, "the first tick")

    def end(self, number: int = 15) -> None:
        """SIGTERM; it ends within ten seconds."""
        self.process.signal(number)
        assert self.process.wait(10) == (0 if number == 15 else -number)

    def later(self, **span: float) -> None:
        """The clock is set."""
        now = self.watcher.later(**span)
        new = self._clock.with_suffix(".new")
        new.write_text(now.isoformat())
        new.replace(self._clock)

    def look(self, **span: float) -> None:
        """Some time passes, and whatever is due is done: two ticks have ended since."""
        self.later(**span)
        before = self.ticks
        self.until(lambda: self.ticks >= before + 2, "two ticks")

    @property
    def ticks(self) -> int:
        """How many the daemon has ended, well or not, in all its lives."""
        return sum(len(each.log("tick")) for each in self._lives)

    def edit(self, old: str, new: str) -> str:
        """Puts words of the config in others' place, all at once, as editors do; returns what it was."""
        config = self.watcher.config
        was = config.read_text("utf-8")
        assert old in was
        beside = config.with_suffix(".new")
        beside.write_text(was.replace(old, new, 1), "utf-8")
        beside.replace(config)
        return was

    def log(self, event: str) -> list[dict[str, Any]]:
        return [said for life in self._lives for said in life.log(event)]

    def run(self, *args: str) -> Process:
        """Another command, at the same time."""
        return self._launcher.run(self.watcher.config, *args, clock=str(self._clock))

    def told(self) -> list[str]:
        """The subjects of what the operator was told since the last time."""
        return [told.partition("\n")[0] for told in self.watcher.hook.take("/operator")]
