"""`councilwatch backfill --since DATE`: reads the past, politely; sends nothing.

The lists are read back to the date, then the meetings, newest first, each a transaction. What was read is known by its
`read_at`, so that it can be stopped anywhere and goes on where it was. The database is let go of between two meetings,
so that a daemon can work meanwhile, and most of a day's requests are left to the present.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlite_utils import Database

from config.addresses import Addresses
from config.errors import one_line
from config.settings import Council
from councilwatch.hosts import keep_host, recall_host
from councilwatch.logs import configure_logs
from councilwatch.papers import BACKLOG_SHARE
from councilwatch.past import list_past, read_past, unread_since
from councilwatch.poll import Poller, sources
from councilwatch.program import UsageError, program, settings
from councilwatch.source_poll import SourcePoll
from councilwatch.timetable import LONDON
from councilwatch.working import PATIENCE_S, stopped_by_signals
from history.database import connect, stamp, take_clock, work_lock, write_txn
from notifiers.outbox import keep_people
from notifiers.people import People
from scraper.fetch import Fetcher, FetchError

_BREATH_S: Final = 0.25  # between two meetings, for a daemon that waits for the database
_EVERY: Final = 25  # meetings between two lines, where there is no terminal
_NOBODY: Final = Addresses({}, (), None)


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a source's backfill ended. "later": the day's share of requests is spent, or it was stopped."""

    state: Literal["done", "later", "failed"]
    words: str


@click.command("backfill")
@click.option("--since", required=True, metavar="DATE", help="The first day to read, like 2024-05-01.")
@click.pass_context
def command(ctx: click.Context, since: str) -> int:
    """Read meetings back to DATE into the history, within the manners that go for all polls; sends nothing.

    A day's requests are few, so years take days: start it again, from cron for instance, and it goes on where it was.
    Ctrl-C stops it after the meeting in hand. Exit code 0 where it is done or goes on another day, 1 where a source
    failed.

    \b
    Examples:
      councilwatch backfill --since 2024-05-01
    """
    run, said = program(ctx), settings(ctx)
    day = _day(since, run.clock().astimezone(LONDON).date())
    configure_logs(run.environ)
    path = said.service.database
    failed = False
    with closing(connect(path)) as db:
        take_clock(db, run.pretended)
        stop = threading.Event()
        with stopped_by_signals(stop), Fetcher(said.service.contact, run.clock, stop=stop) as fetcher:
            poller = Poller(said, _NOBODY, fetcher, run.clock, stop)
            with work_lock(path, PATIENCE_S), write_txn(db):
                # nobody is told of the past; what anybody watches is kept in mind all the same
                people = replace(keep_people(db, said, None, run.clock()), readers=(), operator=tuple)
            for base, councils in sources(said).items():
                ended = _read_source(poller, db, base, councils, people, day)
                click.echo(one_line(f"{base}: {ended.words}"), err=ended.state == "failed")
                failed = failed or ended.state == "failed"
                if stop.is_set():
                    break
    return 1 if failed else 0


def _read_source(
    poller: Poller, db: Database, base: str, councils: Sequence[Council], people: People, since: date
) -> _Ended:
    path = poller.settings.service.database
    with work_lock(path, PATIENCE_S):
        poll, _ = poller.begin(db, base, councils, people, everything=False)
    read = failed = 0
    left = 0
    try:
        if not _listed(db, poll, since):
            with work_lock(path, PATIENCE_S):
                list_past(poll, since)
                _note(db, poll, since, "reading")
        waiting = unread_since(poll, since)
        left = len(waiting)
        with _progress(base, left) as step:
            for meeting in waiting:
                if _spent(poll, councils):
                    return _Ended("later", f"{read} meetings read, {left} to go; today's share of requests is spent")
                with work_lock(path, PATIENCE_S):
                    memory, spent = recall_host(db, poll.site.host.name, poller.clock())
                    poll.site.host.learn(spent, memory)  # a daemon may have asked it meanwhile
                    good = read_past(poll, meeting)
                    with write_txn(db):
                        keep_host(db, poll.site.host.name, poll.site.host, poller.clock())
                read, failed, left = read + good, failed + (not good), left - 1
                step(read + failed)
                poller.stop.wait(_BREATH_S)
    except FetchError as error:
        if error.kind in ("stopped", "budget"):
            return _Ended("later", f"{read} meetings read, {left} to go; {error.reason}")
        return _Ended("failed", f"{read} meetings read, {left} to go; {error.reason}")
    finally:
        with write_txn(db):
            keep_host(db, poll.site.host.name, poll.site.host, poller.clock())
        poll.site.host.end_poll()
    if failed:
        return _Ended("failed", f"{read} meetings read, {failed} could not be; start it again to try those once more")
    _note(db, poll, since, "done")
    return _Ended("done", f"{read} meetings read; the past is complete back to {since}")


def _listed(db: Database, poll: SourcePoll, since: date) -> bool:
    """Whether an earlier run has read the lists back so far."""
    row = db.conn.execute(
        "SELECT 1 FROM backfills WHERE source = ? AND since <= ? AND state IN ('reading', 'done')",
        (poll.source.id, since.isoformat()),
    ).fetchone()
    return row is not None


def _note(db: Database, poll: SourcePoll, since: date, state: str) -> None:
    at = stamp(poll.now)
    with write_txn(db):
        db.conn.execute(
            "INSERT INTO backfills (source, since, state, started_at, ended_at) VALUES (?1, ?2, ?3, ?4, ?5)"
            " ON CONFLICT (source, since) DO UPDATE SET state = ?3, ended_at = ?5",
            (poll.source.id, since.isoformat(), state, at, at if state == "done" else None),
        )


def _spent(poll: SourcePoll, councils: Sequence[Council]) -> bool:
    """Whether the past has had its share of the day's requests."""
    budgets = [council.politeness.requests_per_day for council in councils if council.politeness.requests_per_day]
    return bool(budgets) and poll.site.host.spent_today >= min(budgets) * BACKLOG_SHARE


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    if not total:
        yield lambda _done: None
    elif sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(what, total=total)
            yield lambda done: bar.update(task, completed=done)
    else:

        def line(done: int) -> None:
            if done % _EVERY == 0:
                click.echo(f"{what}: {done} of {total} meetings")

        yield line


def _day(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise UsageError(f"backfill: --since {said!r} is not a day; write it like 2024-05-01") from None
    if day >= today:
        raise UsageError(f"backfill: --since {said} is not in the past; the present is read by councilwatch poll")
    return day
