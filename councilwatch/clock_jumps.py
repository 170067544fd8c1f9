"""After a clock that was ahead has been set back: what it had put off into the future is due again.

A machine that boots with a wrong date would otherwise look at nothing until that date has come. A clock that jumps ahead
only makes things due.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from config.settings import Timetable
from councilwatch.health import Illness
from councilwatch.timetable import AHEAD, BEHIND_UNAPPROVED
from history.database import moment, stamp, write_txn
from history.notes import LAST_POLL, SET_BACK, note, noted

SLACK: Final = timedelta(minutes=5)
TOLD_FOR: Final = timedelta(days=1)

log = logging.getLogger("councilwatch")


def mend(db: Database, timetable: Timetable, now: datetime) -> bool:
    """Makes up for a clock that was set back since the last poll; says whether it was, with a line in the log."""
    ahead = _went_back(db, now)
    if ahead is None:
        return False
    log.warning("the clock was set back; what it had put off is due again", extra={"was": ahead.isoformat()})
    _make_due_again(db, timetable, now)
    return True


def lately(db: Database, now: datetime) -> list[Illness]:
    """What the operator is told of a clock that was set back within the last day."""
    kept = noted(db, SET_BACK)
    mended = json.loads(kept) if kept else None
    if mended is None or not timedelta() <= now - moment(mended["at"]) < TOLD_FOR:
        return []
    why = f"it was set back to {mended['at']}; the newest record is of {mended['from']}"
    return [Illness("the clock", "set back", why, "See that it is right now (NTP). What it had put off is due again.")]


def _went_back(db: Database, now: datetime) -> datetime | None:
    """The time of the last poll, where that is still to come by the clock as it is now."""
    kept = noted(db, LAST_POLL)
    last = moment(kept) if kept else None
    return last if last is not None and last - now > SLACK else None


def _make_due_again(db: Database, timetable: Timetable, now: datetime) -> None:
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
        for table in ("meetings", "items", "documents", "notices"):
            # a loss is believed after so many hours, and they count from now
            run(f"UPDATE {table} SET missing_since = ? WHERE missing_since > ?", (at, at))  # noqa: S608
        run("UPDATE items SET texts_missing_since = ? WHERE texts_missing_since > ?", (at, at))
        run("UPDATE sources SET troubled_since = ? WHERE troubled_since > ?", (at, at))
        run("UPDATE pages SET fetched_at = ? WHERE fetched_at > ?", (at, at))
        run("UPDATE subscribers SET last_digest_at = ? WHERE last_digest_at > ?", (at, at))
        run("UPDATE subscribers SET last_heard_at = ? WHERE last_heard_at > ?", (at, at))
        day = stamp(now + timedelta(days=1))  # the longest wait between two tries, and the longest quiet hours
        run("UPDATE deliveries SET next_attempt_at = ? WHERE next_attempt_at > ?", (at, day))
        run("UPDATE messages SET not_before = ? WHERE not_before > ?", (at, day))
        (changed,) = run("SELECT max(seen_at) FROM changes").fetchone()
        newest = max(changed or "", noted(db, LAST_POLL) or "")
        note(db, SET_BACK, json.dumps({"at": at, "from": newest}))
        note(db, LAST_POLL, at)
