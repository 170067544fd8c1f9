"""`councilwatch health`: one line and an exit code; and what the heartbeat and the metrics take "well" to mean.

It needs the config and the database and nothing else: no secret, no network, and nothing that is slow to load.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click
from sqlite_utils import Database

from councilwatch.program import database_path, history, now
from history.database import HistoryError, moment, plain_errors, stamp
from history.notes import LAST_POLL, SET_BACK, noted

LOOKED_WITHIN: Final = timedelta(hours=2)  # the promise: what appears in its fortnight is seen within two hours
SENT_WITHIN: Final = timedelta(hours=6)
CLOCK_SLACK: Final = timedelta(minutes=5)
TROUBLED: Final = ("suspect", "failing", "blocked")


@dataclass(frozen=True, slots=True)
class Illness:
    """`what` is ill and how (`state`), why we think so, and what cures it."""

    what: str
    state: str
    why: str
    cure: str

    @property
    def words(self) -> str:
        return f"{self.why}; {self.cure}"


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with the service itself; and how its sources fare, which is not its illness."""

    wrong: tuple[Illness, ...]
    looked_at: datetime | None
    sources: int
    troubled: int

    @property
    def well(self) -> bool:
        return not self.wrong


@click.command("health")
@click.pass_context
def command(ctx: click.Context) -> int:
    """Say in one line whether the service is well: looks, deliveries, disk, clock, database.

    Exit code 0 where it is, 1 where it is not, 2 for a wrong config or a database that cannot be read.

    \b
    Examples:
      councilwatch health
      councilwatch health || mail -s "councilwatch is unwell" you@example.org
    """
    path = database_path(ctx)
    try:
        db = history(ctx)
        with plain_errors(path):
            found = examine(db, path, now(ctx))
    except HistoryError as error:
        full = disk_illness(path) if path.exists() else None  # then SQLite may not even be able to read
        if path.exists() and full is None:
            raise
        click.echo(f"unwell: {full.words if full else error}")
        return 1
    click.echo(said(found, now(ctx)))
    return 0 if found.well else 1


def examine(db: Database, path: Path, at: datetime) -> Health:
    """Looks at a database that is open for reading. Raises HistoryError or sqlite3's errors where it cannot be read."""
    looked_at = _looked_at(db, at)
    sources, troubled = db.conn.execute(
        "SELECT count(*), coalesce(sum(state IN (SELECT value FROM json_each(?))), 0) FROM sources",
        (json.dumps(TROUBLED),),
    ).fetchone()
    illnesses = (_looks(looked_at, at), _deliveries(db, at), disk_illness(path), _clock(db, looked_at, at))
    return Health(tuple(each for each in illnesses if each), looked_at, int(sources), int(troubled))


def said(health: Health, at: datetime) -> str:
    """The line that `health` prints."""
    if not health.well:
        return "unwell: " + "; ".join(each.words for each in health.wrong)
    assert health.looked_at is not None
    trouble = f", {health.troubled} of {health.sources} sources in trouble" if health.troubled else ""
    return f"well: last look {_span(at - health.looked_at)} ago{trouble}"


def _looked_at(db: Database, at: datetime) -> datetime | None:
    """When something was last looked at: the end of a poll, or, within a long one, the last page or source."""
    last = noted(db, LAST_POLL)
    newest = moment(last) if last else None
    if newest is not None and at - newest <= LOOKED_WITHIN:
        return newest
    (page,) = db.conn.execute("SELECT max(fetched_at) FROM pages").fetchone()
    poll = db.conn.execute("SELECT coalesce(ended_at, started_at) FROM polls ORDER BY id DESC LIMIT 1").fetchone()
    return max((moment(text) for text in (last, page, poll and poll[0]) if text), default=None)


def _looks(looked_at: datetime | None, at: datetime) -> Illness | None:
    if looked_at is None:
        return Illness("looks", "none", "nothing was looked at yet", "councilwatch run or councilwatch poll begins")
    if at - looked_at > LOOKED_WITHIN:
        why = f"nothing was looked at for {_span(at - looked_at)}"
        return Illness("looks", "none", why, "see whether councilwatch run is alive, and its log")
    return None


def _deliveries(db: Database, at: datetime) -> Illness | None:
    count, since, error = db.conn.execute(
        "SELECT count(*), min(coalesce(m.not_before, m.created_at)), max(d.last_error)"
        " FROM deliveries d JOIN messages m ON m.id = d.message"
        " WHERE d.state IN ('waiting', 'sending', 'unknown') AND coalesce(m.not_before, m.created_at) < ?",
        (stamp(at - SENT_WITHIN),),
    ).fetchone()
    if not count:
        return None
    because = f" ({error})" if error else ""
    waits = f"{count} {'delivery waits' if count == 1 else 'deliveries wait'}"
    why = f"{waits}, the oldest for {_span(at - moment(since))}{because}"
    return Illness("deliveries", "waiting", why, "see councilwatch alerts")


def disk_illness(path: Path) -> Illness | None:
    """Whether the disk of the database is read-only or nearly full."""
    if not os.access(path, os.W_OK):
        why = f"{path} may not be written to"
        return Illness("the disk", "read-only", why, "check who owns it and whether the disk is read-only")
    total, _, free = shutil.disk_usage(path.parent)
    if disk_is_nearly_full(free, total):
        return Illness("the disk", "nearly full", f"the disk is nearly full: {free / 1e6:.0f} MB free", "make room")
    return None


def disk_is_nearly_full(free: int, total: int) -> bool:
    """In bytes: less than 16 MB, or less than a gigabyte that is also less than a twentieth."""
    return free < 16_000_000 or (free < 1_000_000_000 and free * 20 < total)


def _clock(db: Database, looked_at: datetime | None, at: datetime) -> Illness | None:
    (changed,) = db.conn.execute("SELECT max(seen_at) FROM changes").fetchone()
    newest = max((each for each in (looked_at, moment(changed) if changed else None) if each), default=at)
    if newest - at <= CLOCK_SLACK or _is_known(db, newest):
        return None
    why = f"the clock says {stamp(at)}, but the newest record is of {stamp(newest)}"
    return Illness("the clock", "set back", why, "set the clock right")


def _is_known(db: Database, newest: datetime) -> bool:
    """Whether a record of a time to come is of a clock that `clock_jumps` has made up for."""
    mended = noted(db, SET_BACK)
    return mended is not None and newest <= moment(json.loads(mended)["from"])


def _span(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
