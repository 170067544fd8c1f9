"""What is wrong with the service itself, told to the operator once when it begins and once when it is over.

What a source's pages tell is `trouble.py`'s affair. What stands is kept in the database, so that a restart repeats nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from councilwatch import clock_jumps
from councilwatch.health import Illness, examine
from history.database import moment, stamp
from history.notes import note
from notifiers.bulletin import Trouble
from notifiers.outbox import tell_operator
from notifiers.people import People

OVER_AFTER: Final = timedelta(hours=1)  # what comes and goes is one trouble
_SEEN_EVERY: Final = timedelta(minutes=10)


def alarms_of_service(db: Database, path: Path, now: datetime) -> list[Illness]:
    """What is wrong beside the sources, for who is about to look and to send: what that may cure is no alarm yet."""
    about_to_be_cured = {"looks"} if _is_put_off(db, now) else {"looks", "deliveries"}
    wrong = [each for each in examine(db, path, now).wrong if each.what not in about_to_be_cured]
    return wrong + clock_jumps.lately(db, now)


def _is_put_off(db: Database, now: datetime) -> bool:
    """Whether a delivery was tried in vain, and is not to be tried now."""
    found = db.conn.execute(
        "SELECT 1 FROM deliveries WHERE state IN ('waiting', 'unknown') AND attempts > 0 AND next_attempt_at > ? LIMIT 1",
        (stamp(now),),
    )
    return found.fetchone() is not None


def tell_alarms(
    db: Database,
    kind: str,
    standing: Iterable[Illness],
    people: People,
    now: datetime,
    *,
    over_after: timedelta = OVER_AFTER,
) -> None:
    """Tells of what is new of this kind, and of what has not been seen for `over_after`, which is over.

    Inside the caller's write_txn.
    """
    prefix = f"alarm {kind}: "
    known = {
        name.removeprefix(prefix): json.loads(value)
        for name, value in db.conn.execute(
            "SELECT name, value FROM settings_of_record WHERE substr(name, 1, ?) = ?", (len(prefix), prefix)
        )
    }
    stands = {each.what: each for each in standing}
    for what, ill in stands.items():
        since = known.get(what, {}).get("since", stamp(now))
        if what not in known:
            tell_operator(db, "trouble", [Trouble(what, ill.state, now, ill.why, ill.cure)], people, now)
        if what not in known or abs(now - moment(known[what]["seen"])) >= _SEEN_EVERY:
            note(db, prefix + what, json.dumps({"since": since, "seen": stamp(now)}))
    for what in known.keys() - stands.keys():
        if abs(now - moment(known[what]["seen"])) >= over_after:
            tell_operator(db, "recovery", [Trouble(what, "ok", moment(known[what]["since"]), "", "")], people, now)
            db.conn.execute("DELETE FROM settings_of_record WHERE name = ?", (prefix + what,))
