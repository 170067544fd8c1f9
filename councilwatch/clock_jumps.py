"""After a clock that was ahead has been set back: what it had put off into the future is due again.

A machine that boots with a wrong date would otherwise look at nothing until that date has come.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from config.settings import Timetable
from councilwatch.timetable import AHEAD, BEHIND_UNAPPROVED
from history.database import moment, stamp, write_txn

SLACK: Final = timedelta(minutes=5)


def went_back(db: Database, now: datetime) -> datetime | None:
    """The time of the last poll, where that is still to come by the clock as it is now."""
    row = db.conn.execute("SELECT value FROM settings_of_record WHERE name = 'last poll'").fetchone()
    last = moment(row[0]) if row else None
    return last if last is not None and last - now > SLACK else None


def make_due_again(db: Database, timetable: Timetable, now: datetime) -> None:
    """Takes back every wait that this clock could not have given, and every memory of a look that is still to come."""
    longest = max(getattr(timetable, name) for name in type(timetable).model_fields)
    at, latest, window = stamp(now), stamp(now + longest + SLACK), (now - BEHIND_UNAPPROVED, now + AHEAD)
    with write_txn(db):
        run = db.conn.execute
        for table in ("sources", "committees", "documents"):
            run(f"UPDATE {table} SET next_look_at = ? WHERE next_look_at > ?", (at, latest))  # noqa: S608
        run(
            "UPDATE meetings SET next_look_at = ? WHERE next_look_at > ?"
            " AND (starts_at_utc IS NULL OR starts_at_utc BETWEEN ? AND ?)",
            (at, latest, *map(stamp, window)),
        )
        for column in ("committees_read_at", "notices_read_at", "transport_found_at"):
            run(f"UPDATE sources SET {column} = NULL WHERE {column} > ?", (at,))  # noqa: S608
        run("UPDATE sources SET retry_at = NULL WHERE retry_at > ?", (latest,))
        run("UPDATE hosts SET left_until = NULL WHERE left_until > ?", (latest,))
        run("UPDATE pages SET fetched_at = ? WHERE fetched_at > ?", (at, at))
        run("UPDATE subscribers SET last_digest_at = ? WHERE last_digest_at > ?", (at, at))
        run("UPDATE subscribers SET last_heard_at = ? WHERE last_heard_at > ?", (at, at))
        run("UPDATE deliveries SET next_attempt_at = ? WHERE next_attempt_at > ?", (at, stamp(now + timedelta(days=1))))
        run("UPDATE settings_of_record SET value = ? WHERE name = 'last poll'", (at,))
