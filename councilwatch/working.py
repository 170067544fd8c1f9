"""A command at work on the database: alone, with its clock checked, stopped by SIGTERM and SIGINT, its news in a line."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from config.addresses import Unread
from config.errors import one_line
from config.settings import Settings
from councilwatch import clock_jumps
from councilwatch.logs import configure_logs
from councilwatch.poll import Polled, Poller
from councilwatch.program import Program
from councilwatch.trouble import advice
from history.database import connect, take_clock, work_lock
from notifiers.people import were_read
from notifiers.sending import Delivered
from scraper.fetch import Fetcher

PATIENCE_S = 600.0  # how long to wait for another councilwatch at work on the same database


@contextmanager
def at_work(program: Program, settings: Settings) -> Iterator[Poller]:
    """A poller that has the database for itself until the end of the block.

    Raises ConfigError where an address cannot be used, HistoryError where the database cannot.
    """
    configure_logs(program.environ)
    addresses = Unread(settings, program.environ)
    path = settings.service.database
    if not path.exists():
        addresses.read()  # so that an address that cannot be used makes no database
    db = connect(path)
    try:
        take_clock(db, program.pretended)
        if not program.pretended:
            clock_jumps.mend(db, settings.timetable, program.clock())
        if not were_read(db, addresses):
            addresses.read()
    finally:
        db.close()
    stop = threading.Event()
    with (
        stopped_by_signals(stop),
        work_lock(path, PATIENCE_S),
        Fetcher(settings.service.contact, program.clock, stop=stop) as fetcher,
    ):
        yield Poller(settings, addresses, fetcher, program.clock, stop)


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """While the block lasts, SIGTERM and SIGINT set `stop`: the page in hand is finished, committed, and that is all."""

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say_polled(polled: Polled) -> None:
    """How the poll of one source went, in a line: on standard error where it failed."""
    if polled.state == "ok":
        news = _count(polled.changes, "change")
        told = f"{polled.base_url}: ok, {news}, {_count(polled.alerts, 'alert')}, {_count(polled.requests, 'request')}"
        click.echo(f"{told}; {one_line(polled.reason)}" if polled.reason else told)
    else:
        reason = one_line(polled.reason or "")
        click.echo(f"{polled.base_url}: {polled.state}: {reason}. {advice(polled.state)}".rstrip(), err=True)


def say_delivered(delivered: Delivered) -> None:
    """What was sent and what still waits; nothing where there was nothing to send."""
    told = {
        "sent": delivered.sent,
        "waiting": delivered.waiting,
        "outcome unknown": delivered.unknown,
        "given up": delivered.dead,
    }
    said = ", ".join(f"{number} {what}" for what, number in told.items() if number)
    if said:
        click.echo(f"messages: {said}")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
