from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from config.settings import load
from councilwatch import daemon
from councilwatch.daemon import Daemon
from councilwatch.program import Program
from councilwatch.signals import Signals
from demo.behaviour import Behaviour, Fault
from demo.story import Story
from demo.synthetic import many
from history.database import HistoryError, work_lock
from scraper.links import network_host

if TYPE_CHECKING:
    from conftest import Town

PROGRAM = str(Path(sys.executable).with_name("councilwatch"))
Until = Callable[[Callable[[], object], str], None]


class Alive:
    """A daemon in a thread, its clock the town's; `tick` lets a minute pass without one passing."""

    def __init__(self, town: Town, until: Until, stderr: StringIO) -> None:
        self._until, self._stderr = until, stderr
        self._signals = Signals()
        program = Program(town.config, {}, town.clock)
        self.daemon = Daemon(program, load(town.config), self._signals)
        self._thread = threading.Thread(target=self.daemon.live)
        self._thread.start()
        self._ticked(0)

    def tick(self, *, reload: bool = False) -> None:
        before = self.daemon._ticks.ended
        if reload:
            self._signals.reload.set()
        self._signals.any.set()
        self._ticked(before)

    def log(self, event: str = "") -> list[dict[str, Any]]:
        """What it has logged so far of events that begin so."""
        said = [json.loads(line) for line in self._stderr.getvalue().splitlines() if line.startswith("{")]
        return [each for each in said if each["event"].startswith(event)]

    def end(self) -> None:
        self._signals.stop.set()
        self._signals.any.set()
        self._thread.join(15)
        assert not self._thread.is_alive()

    def _ticked(self, before: int) -> None:
        self._until(lambda: self.daemon._ticks.ended > before and self.daemon._idle.is_set(), "a tick")


@pytest.fixture
def alive(town: Town, until: Until, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Alive]]:
    born: list[Alive] = []
    stderr = StringIO()

    def begin() -> Alive:
        monkeypatch.setattr(sys, "stderr", stderr)  # capsys closes its own before a daemon has had its last word
        born.append(Alive(town, until, stderr))
        return born[-1]

    yield begin
    for each in born:
        each.end()


def test_it_polls_and_sends_and_asks_for_nothing_before_it_is_due(town: Town, alive: Callable[[], Alive]) -> None:
    one = alive()
    assert town.hook.paths() == ["/residents"]
    town.site.forget_requests()
    one.tick()
    assert town.site.requests == ()
    town.clock.moment += timedelta(hours=2, minutes=1)
    one.tick()
    assert town.site.requests != ()


def test_a_restart_neither_repeats_nor_forgets(town: Town, alive: Callable[[], Alive]) -> None:
    alive().end()
    town.site.forget_requests()
    told = len(town.hook.posts)
    again = alive()
    assert (town.site.requests, len(town.hook.posts)) == ((), told)
    again.end()
    town.clock.moment += timedelta(days=3)  # while it is away, meetings and lists come due many times over
    alive().tick()
    asked = [f"{request.path}?{request.query}" for request in town.site.requests]
    assert asked
    assert len(asked) == len(set(asked))


def test_the_heartbeat_is_called_once_a_day_that_all_is_well(town: Town, alive: Callable[[], Alive]) -> None:
    town.write(operator=f'heartbeat = "http://{town.hook.address}/beat"')
    one = alive()
    one.tick()
    assert town.hook.paths().count("/beat") == 1
    town.clock.moment += timedelta(days=1)
    one.tick()
    assert town.hook.paths().count("/beat") == 2
    town.clock.moment += timedelta(days=1)
    town.site.behaviour = Behaviour(fault=Fault("500"))
    one.tick()
    assert town.hook.paths().count("/beat") == 2
    town.site.behaviour = Behaviour()
    town.clock.moment += timedelta(hours=13)
    one.tick()
    assert town.hook.paths().count("/beat") == 3


def test_a_changed_config_is_taken_over_and_a_wrong_one_refused_once(town: Town, alive: Callable[[], Alive]) -> None:
    one = alive()
    good = town.config.read_text()
    town.config.write_text(good.replace('name = "residents"', 'name = "neighbours"'))
    one.tick()
    assert len(one.log("the config is taken over")) == 1
    assert town.ask("SELECT name FROM subscribers WHERE removed_at IS NULL") == [("neighbours",)]

    town.config.write_text(good + "nonsense = 1\n")
    one.tick()
    one.tick()
    (refused,) = one.log("the changed config is refused")
    assert "nonsense" in refused["reason"]
    assert town.ask("SELECT name FROM subscribers WHERE removed_at IS NULL") == [("neighbours",)]

    town.config.write_text(good)
    one.tick()
    assert len(one.log("the config is taken over")) == 2
    one.tick(reload=True)  # SIGHUP: secrets may have changed, which no hash of the config shows
    assert len(one.log("the config is taken over")) == 3


def test_another_database_is_refused_while_it_lives(town: Town, alive: Callable[[], Alive]) -> None:
    one = alive()
    town.write(service='database = "other.db"')
    one.tick()
    (refused,) = one.log("the changed config is refused")
    assert "the database cannot change" in refused["reason"]
    assert not town.database.with_name("other.db").exists()


def test_other_commands_work_between_ticks_and_it_waits_for_them(
    town: Town, alive: Callable[[], Alive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "PATIENCE_S", 0.05)
    one = alive()
    with work_lock(town.database, 0.0):
        one.tick()
        one.tick()
    (told,) = one.log("the tick could not be finished")
    assert "another councilwatch is at work" in told["reason"]
    one.tick()
    assert len(one.log("works again")) == 1


def test_a_database_that_fails_is_told_once_and_lost_is_nothing(
    town: Town, alive: Callable[[], Alive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "LONGEST_PAUSE", 0)
    one = alive()
    away = town.database.with_name("away")
    for file in town.database.parent.glob("councilwatch.db-*"):
        file.unlink()
    town.database.rename(away)
    town.database.write_bytes(b"not a database at all" * 100)
    for _ in range(3):
        one.tick()
    assert len(one.log("the tick could not be finished")) == 1
    away.replace(town.database)
    one.tick()
    assert len(one.log("works again")) == 1
    assert town.ask("SELECT count(*) FROM meetings") != [(0,)]


def test_a_clock_that_was_ahead_does_not_put_everything_off(town: Town, alive: Callable[[], Alive]) -> None:
    right = town.clock.moment
    town.clock.moment = right + timedelta(days=5 * 365)
    one = alive()
    town.clock.moment = right
    town.site.forget_requests()
    one.tick()
    assert len(one.log("the clock was set back")) == 1
    assert town.ask("SELECT state FROM sources") == [("ok",)]
    read = {request.query for request in town.site.requests if "MeetingId=" in request.query or "MId=" in request.query}
    assert len(read) >= 5
    one.tick()
    assert len(one.log("the clock was set back")) == 1


def test_what_ends_in_an_error_is_tried_less_and_less_often(
    town: Town, alive: Callable[[], Alive], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a poll asked for and could not write down would be asked for again every minute."""
    one = alive()
    town.clock.moment += timedelta(days=1)
    polls: list[datetime] = []

    def fails(*_: object, **__: object) -> None:
        polls.append(town.clock.moment)
        raise HistoryError("the disk is full")

    monkeypatch.setattr("councilwatch.poll.keep_poll", fails)
    for _ in range(5):
        one.tick()
        town.clock.moment += timedelta(days=1)
    assert len(polls) == 1
    one.tick(reload=True)
    assert len(polls) == 2, "who has made room need not wait"
    monkeypatch.undo()
    one.daemon._pause_ends = 0.0
    one.tick()
    assert len(one.log("works again")) == 1


def test_metrics_are_served_and_follow_the_config(town: Town, alive: Callable[[], Alive]) -> None:
    port = _free_port()
    town.write(service=f'metrics = "127.0.0.1:{port}"')
    one = alive()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    assert "councilwatch_well 1.0" in text
    assert 'councilwatch_sources{state="ok"} 1.0' in text
    town.write()
    one.tick()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics")


# -- as a process of its own ------------------------------------------------------------------------------------------


@dataclass
class Process:
    town: Town
    child: subprocess.Popen[str]

    @property
    def log(self) -> str:
        return self._file.read_text()

    @property
    def _file(self) -> Path:
        return self.town.config.with_name("log")


@pytest.fixture
def this_month(town_of: Callable[[Story, datetime], Town]) -> Town:
    """A council whose meetings lie around today, for a daemon that goes by the real clock."""
    today = datetime.now(UTC).date()
    return town_of(many(2, 12, page_bytes=8_000, first_day=date.fromordinal(today.toordinal() - 42)), datetime.now(UTC))


@pytest.fixture
def process(this_month: Town, until: Until) -> Iterator[Callable[[], Process]]:
    born: list[Process] = []

    def begin() -> Process:
        command = [PROGRAM, "run", "--config", str(this_month.config)]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COUNCILWATCH")}
        with this_month.config.with_name("log").open("w") as log:
            child = subprocess.Popen(command, stderr=log, text=True, env=environ)
        born.append(Process(this_month, child))
        return born[-1]

    yield begin
    for each in born:
        each.child.kill()
        each.child.wait()


def test_sigterm_in_the_middle_of_a_poll_ends_it_within_ten_seconds_with_all_it_read(
    this_month: Town, process: Callable[[], Process], until: Until
) -> None:
    this_month.site.behaviour = Behaviour(fault=Fault("hang", paths="M(eeting)?Id=1007"))
    one = process()
    until(lambda: any("1007" in request.query for request in this_month.site.requests), "a request that hangs")
    read = len({request.query for request in this_month.site.requests if "MId=" in request.query})
    one.child.send_signal(signal.SIGTERM)
    assert one.child.wait(10) == 0
    assert '"event": "stopped"' in one.log
    ((kept,),) = this_month.ask("SELECT count(*) FROM meetings WHERE read_at IS NOT NULL")
    assert kept >= read - 1


def test_two_daemons_exclude_each_other_and_sighup_reloads(
    this_month: Town, process: Callable[[], Process], until: Until
) -> None:
    one = process()
    until(lambda: '"event": "polled"' in one.log, "the first poll")
    second = subprocess.run(
        [PROGRAM, "run", "--config", str(this_month.config)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, len(second.stderr.splitlines())) == (2, 1)
    assert f"another daemon already runs on it (process {one.child.pid})" in second.stderr
    one.child.send_signal(signal.SIGHUP)
    until(lambda: "the config is taken over" in one.log, "the reload")
    assert one.child.poll() is None


def test_a_pretended_clock_is_refused(town: Town) -> None:
    said = town.call("run")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert "COUNCILWATCH_NOW" in said.err
    assert not town.database.exists()


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_daemon_whose_shard_has_no_council_says_so(town: Town, alive: Callable[[], Alive]) -> None:
    own = crc32(network_host(town.site.base_url).encode()) % 50 + 1
    town.write(service=f'shard = "{own % 50 + 1}/50"')
    (line,) = alive().log("this machine's share")
    assert (line["level"], line["share"]) == ("warning", f"0 of 1 council in shard {own % 50 + 1}/50")
