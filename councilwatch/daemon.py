"""The daemon: a tick every minute that polls what is due and sends what waits, for months.

What is due stands in the database, so a tick that was missed, or a daemon that was away, is made up for by the next one.
The database is held only during a tick, so that `poll`, `alerts --retry` and the rest can work in between. Nothing that
a tick may meet ends the daemon: it says so once, and goes on at the next tick.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from config.settings import Settings
from councilwatch import clock_jumps, heartbeat
from councilwatch.alarms import tell_alarms
from councilwatch.health import Illness, disk_illness, examine
from councilwatch.logs import configure_logs
from councilwatch.metrics import HistoryCollector, Ticks, serve
from councilwatch.poll import PollResult
from councilwatch.program import Program, UsageError
from councilwatch.signals import Signals
from councilwatch.taken import Taking
from councilwatch.timetable import LONDON
from history.database import HistoryError, connect, daemon_lock, take_clock, work_lock, write_txn

EVERY: Final = timedelta(minutes=1)
JITTER_S: Final = 5
LONGEST_PAUSE: Final = 16  # times EVERY: between two tries, when ticks end in errors again and again
PATIENCE_S: Final = 5.0  # for another command at work on the database; then the next tick tries again
DRAIN_S: Final = 8.0  # what is at work at SIGTERM has so long to come to an end; the promise is ten seconds
CLOCK_SLACK_S: Final = 60.0

log = logging.getLogger("councilwatch")


class Daemon:
    """One daemon for one database. `live` returns when a signal asked it to stop, with everything committed."""

    def __init__(self, program: Program, settings: Settings, signals: Signals) -> None:
        """Raises ConfigError where an address cannot be used."""
        configure_logs(program.environ, daemon=True)
        # APScheduler says at each minute of a long tick that it has skipped one
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._program = program
        self._signals = signals
        self._path = settings.service.database
        self._config = Taking(program, settings, signals.stop)
        self._config_told: bool | None = None  # None: the last process may have told of it
        self._ticks = Ticks()
        self._troubles: set[str] = set()  # each told once, until a tick goes well again
        self._tries, self._pause_ends = 0, 0.0
        self._has_database = False
        self._idle = threading.Event()
        self._idle.set()
        self._end_metrics: Callable[[], None] = lambda: None

    def live(self) -> None:
        """Ticks until asked to stop.

        Raises HistoryError where the database cannot be used or another daemon has it, UsageError where the port of
        the metrics is taken.
        """
        with daemon_lock(self._path):
            self._open_history()
            self._serve_metrics()
            scheduler = BackgroundScheduler(
                executors={"default": ThreadPoolExecutor(1)},
                job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
                timezone=LONDON,
            )
            scheduler.add_job(self._tick, _minutely(), id="tick", next_run_time=datetime.now(UTC))
            log.info(
                "started", extra={"database": str(self._path), "councils": len(self._config.now.settings.councils)}
            )
            scheduler.start()
            try:
                self._until_stopped(scheduler)
            finally:
                drained = self._idle.wait(DRAIN_S)
                scheduler.shutdown(wait=drained)
                self._end_metrics()
                self._config.now.close()
        if not drained:
            # what was in hand is not committed: the next start reads or sends it again
            log.warning("stopped in the middle of something; nothing is lost, it is begun again at the next start")
            sys.stderr.flush()
            os._exit(0)
        log.info("stopped")

    def _open_history(self) -> None:
        """Makes the database or brings it up to date, so that what is wrong with it is said at once."""
        db = connect(self._path)
        with closing(db.conn):
            take_clock(db, self._program.pretended)

    def _until_stopped(self, scheduler: BackgroundScheduler) -> None:
        """Hears signals, and keeps the scheduler, which goes by the wall clock, from being put off by that clock."""
        ahead = _ahead()
        while not self._signals.stop.is_set():
            woken = self._signals.any.wait(30.0)
            self._signals.any.clear()
            jump = _ahead() - ahead
            if abs(jump) > CLOCK_SLACK_S:
                ahead += jump
                log.warning("the clock jumped, or the machine slept", extra={"seconds": round(jump)})
            if woken or abs(jump) > CLOCK_SLACK_S:
                scheduler.modify_job("tick", trigger=_minutely(), next_run_time=datetime.now(UTC))

    def _tick(self) -> None:
        self._idle.clear()
        begun = time.monotonic()
        trouble: str | None = None
        try:
            if not self._signals.stop.is_set() and not self._pauses(begun):
                self._look()
                self._goes_well()
        except (HistoryError, sqlite3.Error, OSError) as error:
            trouble = str(error)
            if trouble not in self._troubles:
                disk = disk_illness(self._path) if self._path.exists() else None
                reason = f"{trouble}; {disk.words}" if disk else trouble
                log.error("the tick could not be finished; it is tried again", extra={"reason": reason})  # noqa: TRY400
        except Exception as error:
            # a mistake of ours over one page must not end the watch over all the others
            trouble = f"{type(error).__name__}: {error}"
            if trouble not in self._troubles:
                log.exception("a mistake in councilwatch, please report it; it goes on")
        finally:
            if trouble is not None:
                self._pause(trouble)
            self._ticks.ended += 1
            self._ticks.failed += trouble is not None
            self._ticks.last_seconds = time.monotonic() - begun
            log.debug("tick", extra={"seconds": round(self._ticks.last_seconds, 3)})
            self._idle.set()

    def _pauses(self, now: float) -> bool:
        """Whether it is too soon to try again: what a poll asked for and could not write down, the next asks for again."""
        return now < self._pause_ends and not self._signals.reload.is_set()

    def _pause(self, trouble: str) -> None:
        self._troubles.add(trouble)
        if not self._has_database:
            return  # another command is at work, and nothing was asked of anybody
        self._pause_ends = time.monotonic() + EVERY.total_seconds() * min(1 << self._tries, LONGEST_PAUSE) - JITTER_S
        self._tries += 1

    def _goes_well(self) -> None:
        if self._troubles:
            log.info("works again")
        self._troubles.clear()
        self._tries, self._pause_ends = 0, 0.0

    def _look(self) -> None:
        """One tick: the config if it changed, a poll of what is due, and on a day that all is well the heartbeat."""
        asked = self._signals.reload.is_set()
        self._signals.reload.clear()
        metrics_at = self._config.now.settings.service.metrics
        if self._config.look(asked=asked) and self._config.now.settings.service.metrics != metrics_at:
            self._move_metrics()
        self._ticks.config_refused = self._config.refusal is not None
        self._has_database = False
        with work_lock(self._path, PATIENCE_S):
            self._has_database = True
            self._mend_clock()
            self._tell_of_config()
            _log_sent(self._config.now.poller.poll())
        if not self._signals.stop.is_set():
            self._beat()

    def _mend_clock(self) -> None:
        db = connect(self._path)
        with closing(db.conn):
            mended = clock_jumps.mend(db, self._config.now.settings.timetable, self._program.clock())
        if mended:
            self._config.renew()  # what the hosts are remembered for is of another time, too

    def _tell_of_config(self) -> None:
        """The operator hears, by the old config, that the new one is refused, and that it is taken over at last."""
        refusal, now, poller = self._config.refusal, self._program.clock(), self._config.now.poller
        cure = "The old one stays until it is put right, which takes no restart."
        standing = [Illness(self._config.now.settings.path.name, "refused", refusal, cure)] if refusal else []
        if bool(standing) == self._config_told:
            return
        db = connect(self._path)
        with closing(db.conn):
            people = poller.people(db)
            with write_txn(db):
                tell_alarms(db, "config", standing, people, now, over_after=timedelta())
        self._config_told = bool(standing)

    def _beat(self) -> None:
        url, now = self._config.now.addresses.heartbeat, self._program.clock()
        if url is None:
            return
        db = connect(self._path)
        with closing(db.conn):
            if not heartbeat.due(db, examine(db, self._path, now), now):
                return
            why_not = heartbeat.call(url)
            heartbeat.keep(db, now, answered=why_not is None)
        if why_not is None:
            log.info("heartbeat called")
        else:
            log.warning("the address of the heartbeat does not answer; it is called again", extra={"reason": why_not})

    def _move_metrics(self) -> None:
        self._end_metrics()
        self._end_metrics = lambda: None
        try:
            self._serve_metrics()
        except UsageError as error:
            log.error("no metrics are served", extra={"reason": str(error)})  # noqa: TRY400

    def _serve_metrics(self) -> None:
        address = self._config.now.settings.service.metrics
        if address is None:
            return
        try:
            self._end_metrics = serve(address, HistoryCollector(self._path, self._ticks, self._program.clock))
        except OSError as error:
            where = f"{address[0]}:{address[1]}"
            raise UsageError(f"metrics: {where} cannot be listened on ({error.strerror}); name another port") from None


def _minutely() -> IntervalTrigger:
    return IntervalTrigger(seconds=EVERY.total_seconds(), jitter=JITTER_S, timezone=LONDON)


def _ahead() -> float:
    """By how much the wall clock is ahead of the one that only goes forward, in seconds."""
    return time.time() - time.monotonic()


def _log_sent(result: PollResult) -> None:
    done = result.delivered
    if done.sent:
        log.info("sent", extra={"messages": done.sent})
    if done.refused or done.dead:
        log.warning(
            "messages given up; councilwatch alerts says why", extra={"refused": done.refused, "dead": done.dead}
        )
