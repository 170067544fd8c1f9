"""`councilwatch check`: what works and what does not, a line for each thing, before anybody relies on it."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

import click
from sqlite_utils import Database

from config.addresses import Addresses, resolve
from config.errors import advice, one_line, quoted
from config.settings import Council, Settings
from config.topics import check_shipped
from councilwatch.health import disk_is_nearly_full
from councilwatch.hosts import keep_host, manners_of, recall_host
from councilwatch.logs import configure_logs
from councilwatch.poll import SIDE_BY_SIDE, share_in_words, sources
from councilwatch.program import Program, program, settings
from councilwatch.timetable import LONDON
from councilwatch.working import PATIENCE_S, stopped_by_signals
from history.database import HistoryError, connect, plain_errors, work_lock, write_txn
from history.deep_check import deep_check
from notifiers.rehearsal import reach
from scraper.fetch import Fetcher, FetchError
from scraper.links import network_host
from scraper.manners import HostMemory
from scraper.records import CommitteeRecord, MeetingList
from scraper.source import Site

_AROUND: Final = timedelta(days=60)
_PLACEHOLDER: Final = "you@example.org"
_COLOURS: Final = {"ok": "green", "warn": "yellow", "fail": "red"}
_BY: Final = {"webservice": "by web service", "html": "by its pages", "both": "by web service and pages"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. "warn": works, but perhaps not as meant; "fail": does not work."""

    grade: Literal["ok", "warn", "fail"]
    about: str
    words: str


@click.command("check")
@click.option("--deep", is_flag=True, help="Read the whole history, and see that it is consistent in itself.")
@click.pass_context
def command(ctx: click.Context, deep: bool) -> int:
    """Say what works and what does not: config, addresses, database, disk, sources, committees, watches.

    Each council is asked three or four times. Sends nothing. Exit code 0 where all works, 1 where something does not, 2
    for a wrong config or a database that cannot be used.

    \b
    Examples:
      councilwatch check
      councilwatch check --deep
    """
    configure_logs(program(ctx).environ)
    said = settings(ctx)
    check_shipped()
    failed = False
    for finding in _findings(program(ctx), said, resolve(said, program(ctx).environ), deep):
        grade = click.style(f"{finding.grade:4}", fg=_COLOURS[finding.grade])
        click.echo(f"{grade}  {one_line(finding.about)}: {one_line(finding.words)}")
        failed = failed or finding.grade == "fail"
    return 1 if failed else 0


def _findings(run: Program, said: Settings, addresses: Addresses, deep: bool) -> Iterator[Finding]:
    path = said.service.database
    counted = (len(said.councils), len(said.watches), len(said.subscribers))
    yield Finding("ok", "config", "{}: councils: {}, watches: {}, subscribers: {}".format(said.path, *counted))
    yield from _of_shard(said)
    if said.service.contact == _PLACEHOLDER:
        yield Finding("warn", "contact", f"is still {_PLACEHOLDER}; put your own, so that councils can reach you")
    yield from _of_addresses(said, addresses)
    yield from _of_database(path, deep)
    yield _of_disk(path)
    yield from _of_watches(run, said)
    yield from _of_sources(run, said)


def _of_shard(said: Settings) -> Iterator[Finding]:
    if share := share_in_words(said):
        grade: Literal["ok", "warn"] = "ok" if sources(said) else "warn"
        yield Finding(grade, "shard", share)


def _of_addresses(said: Settings, addresses: Addresses) -> Iterator[Finding]:
    for name, found in (*addresses.of_subscriber.items(), ("operator", addresses.operator)):
        for address in found:
            yield Finding("ok", f"address of {name}", address.label)
    if not addresses.operator:
        yield Finding("warn", "operator", "nobody hears when a source stops working; give `to` in [operator]")
    idle = {watch.name for watch in said.watches}.difference(*(each.watches for each in said.subscribers))
    for name in sorted(idle):
        yield Finding("warn", f"watch {quoted(name)}", "no subscriber has it")


def _of_database(path: Path, deep: bool) -> Iterator[Finding]:
    """Raises HistoryError where it cannot be read or written."""
    if not path.exists():
        if not path.parent.is_dir():
            raise HistoryError(f"{path}: the folder {path.parent} does not exist; make it first")
        yield Finding("ok", "database", f"{path} is made by the first poll")
        return
    with plain_errors(path), closing(connect(path, create=False)) as db:
        db.conn.execute("BEGIN IMMEDIATE")
        db.conn.execute("ROLLBACK")
        (answer,) = db.conn.execute("PRAGMA quick_check(1)").fetchone()
        meetings, changes = db.conn.execute(
            "SELECT (SELECT count(*) FROM meetings), (SELECT count(*) FROM changes)"
        ).fetchone()
        if answer != "ok":
            yield Finding("fail", "database", f"{path} is damaged ({answer}); put back the newest backup")
        else:
            yield Finding("ok", "database", f"{path}: {meetings} meetings, {changes} changes")
        if deep:
            faults = _faults(db)
            yield from (Finding("fail", "history", fault) for fault in faults)
            if not faults:
                yield Finding(
                    "ok", "history", "every change, version, capture, alert and delivery is where it should be"
                )


def _faults(db: Database) -> tuple[str, ...]:
    try:
        return deep_check(db)
    except (sqlite3.Error, ValueError) as error:
        return (f"holds what cannot be read ({error}); put back the newest backup",)


def _of_disk(path: Path) -> Finding:
    total, _, free = shutil.disk_usage(path.parent)
    if disk_is_nearly_full(free, total):
        return Finding("fail", "disk", f"{free / 1e6:.0f} MB free at {path.parent}; make room")
    return Finding("ok", "disk", f"{free / 1e9:.1f} GB free at {path.parent}")


def _of_watches(run: Program, said: Settings) -> Iterator[Finding]:
    """What a year of the history says of each watch, where there is a history."""
    path = said.service.database
    if not path.exists() or not said.watches:
        return
    with plain_errors(path), closing(connect(path, create=False, read_only=True)) as db:
        found = reach(db, said.watches, said.topics, run.clock())
    if not found.things:
        return
    for name, count in found.matched.items():
        about = f"watch {quoted(name)}"
        if name in found.nothing():
            yield Finding("warn", about, f"matched none of the {found.things} items of a year; are its words right?")
        elif name in found.nearly_everything():
            yield Finding("warn", about, f"matched {count} of {found.things} items; its words are too common")
        else:
            yield Finding("ok", about, f"matched {count} of the {found.things} items of a year")


# -- sources ----------------------------------------------------------------------------------------------------------


def _of_sources(run: Program, said: Settings) -> Iterator[Finding]:
    stop = threading.Event()
    database = said.service.database
    with (
        stopped_by_signals(stop),
        work_lock(database, PATIENCE_S),  # so that no poll asks the same hosts meanwhile
        Fetcher(said.service.contact, run.clock, stop=stop) as fetcher,
        ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="check") as pool,
    ):
        each = sources(said).items()
        for findings in pool.map(lambda source: _of_source(run, database, fetcher, *source), each):
            yield from findings


def _of_source(run: Program, database: Path, fetcher: Fetcher, base: str, councils: Sequence[Council]) -> list[Finding]:
    """One site, with what is remembered of its host, and the requests counted."""
    about, name, now = f"source {base}", network_host(base), run.clock()
    if not database.exists():
        return list(_of_site(about, _site(run, fetcher, base, councils, None, 0), councils))
    with closing(connect(database, create=False)) as db:
        with plain_errors(database):
            memory, spent = recall_host(db, name, now)
        site = _site(run, fetcher, base, councils, memory, spent)
        found = list(_of_site(about, site, councils))
        if not run.pretended:
            with write_txn(db):
                keep_host(db, name, site.host, run.clock())
    return found


def _site(
    run: Program, fetcher: Fetcher, base: str, councils: Sequence[Council], memory: HostMemory | None, spent: int
) -> Site:
    allowed = frozenset(host for each in councils for host in each.hosts)
    host = fetcher.host(base, manners_of(councils), allowed_hosts=allowed, spent_today=spent, memory=memory)
    host.begin_poll(again=True)
    return Site(base, host, lambda _url: None, run.clock().astimezone(LONDON).date())


def _of_site(about: str, site: Site, councils: Sequence[Council]) -> Iterator[Finding]:
    try:
        look = site.committees()
        if look.record is None:
            grade: Literal["warn", "fail"] = "warn" if look.state == "disallowed" else "fail"
            yield Finding(grade, about, look.reason or look.state)
            return
        committees = {each.name.casefold(): each for each in look.record}
        wanted = [name for council in councils for name in council.committees or ()]
        meetings = _meetings(site, [committees[name.casefold()] for name in wanted if name.casefold() in committees])
        yield Finding(
            "ok", about, f"answers {_BY[site.transport or 'html']}, {len(look.record)} committees, {meetings}"
        )
        for name in wanted:
            if name.casefold() not in committees:
                known = [each.name for each in look.record if not each.expired]
                yield Finding("fail", about, f"there is no committee {quoted(name)}{advice(name, known)}")
    except FetchError as error:
        yield Finding("fail", about, error.reason)


def _meetings(site: Site, wanted: Sequence[CommitteeRecord]) -> str:
    """The newest meeting and the next, in words, from one list."""
    since, until = site.today - _AROUND, site.today + _AROUND
    look = site.all_meetings(since, until)
    if look is None and wanted:
        look = site.committee_meetings(wanted[0].committee_id, since, until)
    listing: MeetingList | None = look.record if look is not None else None
    days = (
        sorted(each.starts_at.astimezone(LONDON).date() for each in listing.meetings if each.starts_at)
        if listing
        else []
    )
    past, coming = [day for day in days if day <= site.today], [day for day in days if day > site.today]
    if not days:
        return "no list of meetings read yet" if listing is None else "no meeting within 60 days"
    around = (("last", past[-1:]), ("next", coming[:1]))
    return ", ".join(f"{which} meeting {day:%-d %B %Y}" for which, found in around for day in found)
