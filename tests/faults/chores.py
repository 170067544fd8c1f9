"""What the program does beside its usual poll, each to be killed at its commits: first starts, odd sites, commands."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.behaviour import Behaviour, Fault
from demo.story import Story
from tests.faults.processes import ROOT, Launcher, Process
from tests.faults.town import PSPO_ITEM, START, Watcher, added, event, items_of, town

Until = Callable[[Callable[[], object], str], None]
SECRET = "A named child of the parish was mentioned here, who should never have been."


@dataclass(frozen=True, slots=True)
class Chore:
    """A command line, and what is arranged before it."""

    args: tuple[str, ...]
    arrange: Callable[[Watcher], object] = lambda watcher: None


def _stranger(watcher: Watcher) -> None:
    watcher.begin_anew()


def _pages_in_trouble(watcher: Watcher) -> None:
    watcher.later(hours=49)
    watcher.site.behaviour = Behaviour(web_service=False, fault=Fault("mgError", "MId=800"))


def _late_paper(watcher: Watcher) -> None:
    watcher.later(hours=73)


def _hook_fails(watcher: Watcher) -> None:
    watcher.later(hours=73)
    watcher.hook.status = 500


def _hook_away(watcher: Watcher) -> None:
    """Two messages wait for an address where nobody listens."""
    watcher.later(hours=73)
    watcher.config.write_text(
        watcher.config.read_text().replace(f"json://127.0.0.1:{watcher.hook.port}", "json://127.0.0.1:1")
    )


def _papers_gone(watcher: Watcher) -> None:
    watcher.begin_anew()
    watcher.strikes(Fault("500", "/documents/"))


def _past_gone(watcher: Watcher) -> None:
    watcher.strikes(Fault("mgError", "(MId|MeetingId)=500"))


def _long_away(watcher: Watcher) -> None:
    """The meeting that was cancelled was to be looked at again, and its window is past."""
    watcher.later(hours=75)
    watcher.poll()
    watcher.later(days=105)


def _set_back(watcher: Watcher) -> None:
    watcher.later(hours=-3)
    heartbeat = f'[operator]\nheartbeat = "http://127.0.0.1:{watcher.hook.port}/beat"'
    watcher.config.write_text(watcher.config.read_text().replace("[operator]", heartbeat))


CHORES: Mapping[str, Chore] = {
    "first poll": Chore(("poll", "--all"), _stranger),
    "pages in trouble": Chore(("poll", "--all"), _pages_in_trouble),
    "late paper": Chore(("poll", "--all"), _late_paper),
    "papers that cannot be had": Chore(("poll", "--all"), _papers_gone),
    "long away": Chore(("poll",), _long_away),
    "hook fails": Chore(("poll", "--all"), _hook_fails),
    "hook away": Chore(("poll", "--all"), _hook_away),
    "backfill": Chore(("backfill", "--since", "2024-06-01")),
    "backfill in vain": Chore(("backfill", "--since", "2024-06-01"), _past_gone),
    "forget item": Chore(("forget", "item:{secret}", "--why", "names a child", "--yes")),
    "forget version": Chore(("forget", "version:1", "--why", "names a child", "--yes"), _late_paper),
    "forget capture": Chore(("forget", "capture:1", "--why", "names a child", "--yes")),
    "notify": Chore(("notify",)),
    "notify in vain": Chore(("notify",), _hook_fails),
    "check": Chore(("check",)),
    "daemon": Chore(("run",), _set_back),
}


def busy_town() -> Story:
    """A town with a past before the window, an item that is amended, and a late paper."""
    past = [{**each, "minutes": "Noted. " + each["text"]} for each in items_of(500, 3)]
    return town(
        event(0.01, "A year ago", meeting=[
            {"id": 500, "committee": 7, "starts": START.replace(year=START.year - 1), "agenda": True, "minutes": True,
             "item": past}]),
        added(0.02, {"id": 70050, "number": "0.", "title": "A complaint", "text": SECRET}),
        added(48, PSPO_ITEM),
        event(48, "A second matter", meeting=[{"id": 800, "item": [PSPO_ITEM | {"id": 80099, "title": "Park PSPO"}]}]),
        event(72, "A late paper", document=[{"id": 9100, "item": 70003, "title": "Report on the PSPO", "text": "Words."}]),
        event(74, "One is called off", meeting=[{"id": 701, "cancelled": True}]),
    )  # fmt: skip


def transactions() -> frozenset[str]:
    """Where the product writes: every `with write_txn(…)`, as "councilwatch/poll.py:105"."""
    found = set()
    for room in ("config", "scraper", "history", "notifiers", "councilwatch", "web"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                for item in node.items if isinstance(node, ast.With) else ():
                    called = item.context_expr.func if isinstance(item.context_expr, ast.Call) else None
                    if isinstance(called, ast.Name) and called.id == "write_txn":
                        found.add(f"{file.relative_to(ROOT)}:{item.context_expr.lineno}")
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Done:
    """The points that a chore comes by, and what it leaves behind."""

    points: tuple[str, ...]
    left: object


class Workshop:
    """The busy town, as it was on its first day, and a chore done there: whole, or killed and done again."""

    def __init__(self, watcher: Watcher, launcher: Launcher, until: Until) -> None:
        self.watcher, self._launcher, self._until = watcher, launcher, until
        watcher.later(minutes=5)
        watcher.poll()
        watcher.snapshot()
        self._config = watcher.config.read_text()
        self._whole: dict[str, Done] = {}
        self._secret = watcher.one("SELECT id FROM items WHERE text = ?", SECRET)

    def whole(self, name: str) -> Done:
        """The chore without a kill."""
        if name not in self._whole:
            self._arrange(CHORES[name])
            process = self._finish(CHORES[name])
            self._whole[name] = Done(process.points, self._left())
        return self._whole[name]

    def killed(self, name: str, kill_at: int) -> object:
        """What the chore leaves behind where it is killed at a point, and done again."""
        self._arrange(CHORES[name])
        assert self._start(CHORES[name], kill_at=kill_at).wait() == -9
        self.watcher.later(minutes=1)
        self._finish(CHORES[name])
        self.watcher.sound()
        return self._left()

    def _arrange(self, chore: Chore) -> None:
        for path in self.watcher.folder.glob("councilwatch.db.*"):
            path.unlink()
        self.watcher.restore()
        self.watcher.config.write_text(self._config)
        self.watcher.hook.status = 200
        chore.arrange(self.watcher)

    def _start(self, chore: Chore, **job: Any) -> Process:
        clock = self.watcher.folder / "clock"
        clock.write_text(self.watcher.now.isoformat())
        args = [word.format(secret=self._secret) for word in chore.args]
        job |= {"points": True, "clock": str(clock), "environ": {"COUNCILWATCH_LOG": "debug"}}
        return self._launcher.start(self.watcher.config, *args, **job)

    def _finish(self, chore: Chore) -> Process:
        process = self._start(chore)
        if chore.args == ("run",):
            self._until(lambda: len(process.log("tick")) >= 2 or process.ended() is not None, "two ticks")
            process.signal(15)
        code = process.wait()
        assert code in (0, 1) or "was forgotten already" in process.err, process.err
        return process

    def _left(self) -> object:
        """What stands, what was told of it and to whom, and whether the secret is still anywhere in the file."""
        told = {(path, str(body and body["title"])) for path, body in self.watcher.hook.posts}
        files = self.watcher.folder.glob("councilwatch.db*")
        secret = any(SECRET.encode() in file.read_bytes() for file in files)
        waits = self.watcher.one("SELECT count(*) FROM deliveries WHERE state IN ('sending', 'unknown')")
        return self.watcher.standing(), sorted(self.watcher.kinds()), told, secret, waits
