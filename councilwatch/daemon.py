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

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from config.settings import Settings
from councilwatch import clock_jumps, heartbeat
from councilwatch.health import examine
from councilwatch.logs import configure_logs
from councilwatch.metrics import HistoryCollector, Ticks, serve
from councilwatch.poll import PollResult
from councilwatch.program import Program, UsageError
from councilwatch.signals import Signals
from councilwatch.taken import Taking
from councilwatch.timetable import LONDON
from history.database import HistoryError, connect, daemon_lock, take_clock, work_lock

EVERY: Final = timedelta(minutes=1)
JITTER_S: Final = 5
PATIENCE_S: Final = 5.0  # for another command at work on the database; then the next tick tries again
DRAIN_S: Final = 9.0  # what is at work at SIGTERM has so long to come to an end; the promise is ten seconds
CLOCK_SLACK_S: Final = 60.0

log = structlog.get_logger()


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
        self._ticks = Ticks()
        self._trouble: str | None = None
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
            log.info("started", database=str(self._path), councils=len(self._config.now.settings.councils))
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
                log.warning("the clock jumped, or the machine slept", seconds=round(jump))
            if woken or abs(jump) > CLOCK_SLACK_S:
                scheduler.modify_job("tick", trigger=_minutely(), next_run_time=datetime.now(UTC))

    def _tick(self) -> None:
        self._idle.clear()
        begun = time.monotonic()
        trouble: str | None = None
        try:
            if not self._signals.stop.is_set():
                self._look()
        except (HistoryError, sqlite3.Error, OSError) as error:
            trouble = str(error)
            if trouble != self._trouble:
                log.error("the tick could not be finished; the next one goes on", reason=trouble)  # noqa: TRY400
        except Exception as error:
            # a mistake of ours over one page must not end the watch over all the others
            trouble = f"{type(error).__name__}: {error}"
            if trouble != self._trouble:
                log.exception("a mistake in councilwatch, please report it; the next tick goes on")
        finally:
            if self._trouble is not None and trouble is None:
                log.info("works again")
            self._trouble = trouble
            self._ticks.ended += 1
            self._ticks.failed += trouble is not None
            self._ticks.last_seconds = time.monotonic() - begun
            self._idle.set()

    def _look(self) -> None:
        """One tick: the config if it changed, a poll of what is due, and on a day that all is well the heartbeat."""
        asked = self._signals.reload.is_set()
        self._signals.reload.clear()
        metrics_at = self._config.now.settings.service.metrics
        if self._config.look(asked=asked) and self._config.now.settings.service.metrics != metrics_at:
            self._move_metrics()
        self._ticks.config_refused = self._config.refused
        with work_lock(self._path, PATIENCE_S):
            self._mend_clock()
            _log_sent(self._config.now.poller.poll())
        if not self._signals.stop.is_set():
            self._beat()

    def _mend_clock(self) -> None:
        db, now = connect(self._path), self._program.clock()
        with closing(db.conn):
            ahead = clock_jumps.went_back(db, now)
            if ahead is not None:
                log.warning("the clock was set back; what it had put off is due again", was=ahead.isoformat())
                clock_jumps.make_due_again(db, self._config.now.settings.timetable, now)

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
            log.warning("the address of the heartbeat does not answer; it is called again", reason=why_not)

    def _move_metrics(self) -> None:
        self._end_metrics()
        self._end_metrics = lambda: None
        try:
            self._serve_metrics()
        except UsageError as error:
            log.error("no metrics are served", reason=str(error))  # noqa: TRY400

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
    return IntervalTrigger(seconds=int(EVERY.total_seconds()), jitter=JITTER_S, timezone=LONDON)


def _ahead() -> float:
    """By how much the wall clock is ahead of the one that only goes forward, in seconds."""
    return time.time() - time.monotonic()


def _log_sent(result: PollResult) -> None:
    done = result.delivered
    if done.sent:
        log.info("sent", messages=done.sent)
    if done.refused or done.dead:
        log.warning("messages given up; councilwatch alerts says why", refused=done.refused, dead=done.dead)
