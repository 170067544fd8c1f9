"""The log of polls, thinned: of days long past, one row for each source stays, with the sums of what it stands for.

A source is polled some hundred times a day. What happened each time matters while somebody may still ask why; afterwards
requests and changes by the day are enough. What polls found is kept for ever, in other tables.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.database import stamp
from history.notes import note, noted

KEPT_WHOLE: Final = timedelta(days=90)  # so long every poll has a row of its own
_DONE: Final = "polls thinned up to"


def thin_polls(db: Database, now: datetime) -> int:
    """Inside the caller's write_txn: thins the days (UTC) that have come of age since the last time; how many rows went.

    Of each day the newest row stays: from the day's first beginning to its last end, with the sums, and with the last
    outcome that was not "ok", if any was not.
    """
    until = stamp(now - KEPT_WHOLE)[:10]
    since = noted(db, _DONE) or ""
    if until <= since:
        return 0
    gone = sum(_thin(db, source, since, until) for (source,) in db.conn.execute("SELECT id FROM sources").fetchall())
    note(db, _DONE, until)
    return gone


def _thin(db: Database, source: int, since: str, until: str) -> int:
    days = db.conn.execute(
        "SELECT substr(started_at, 1, 10), max(id), min(started_at), sum(requests), sum(bytes), sum(pages_read),"
        " sum(pages_changed), sum(pages_suspect), sum(changes), count(*)"
        " FROM polls WHERE source = ? AND started_at >= ? AND started_at < ? GROUP BY 1",
        (source, since, until),
    ).fetchall()
    gone = 0
    for day, newest, started_at, *sums, polls in days:
        if polls == 1:
            continue
        span = (source, day, f"{day}U")  # "T" stands after the day in a stamp
        bad = db.conn.execute(
            "SELECT outcome FROM polls WHERE source = ? AND started_at >= ? AND started_at < ? AND outcome <> 'ok'"
            " ORDER BY id DESC LIMIT 1",
            span,
        ).fetchone()
        db.conn.execute(
            "DELETE FROM polls WHERE source = ? AND started_at >= ? AND started_at < ? AND id <> ?", (*span, newest)
        )
        db.conn.execute(
            "UPDATE polls SET started_at = ?, requests = ?, bytes = ?, pages_read = ?, pages_changed = ?,"
            " pages_suspect = ?, changes = ?, outcome = coalesce(?, outcome) WHERE id = ?",
            (started_at, *sums, bad[0] if bad else None, newest),
        )
        gone += polls - 1
    return gone
