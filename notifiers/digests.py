"""What is told together: daily and weekly digests, what a flood held back, and summaries of what stood already."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.database import moment, stamp
from notifiers.envelopes import new_message
from notifiers.hours import last_digest_due
from notifiers.matcher import plain_name
from notifiers.people import People, Reader
from notifiers.things import AHEAD, BACK, Row, rows

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MARGIN: Final = timedelta(days=2)
"""A poll that takes long writes alerts with the time at which it began; so far back it is looked for those untold."""


def close_digests(db: Database, people: People, now: datetime) -> list[int]:
    """Makes the digests that are due, inside the caller's write_txn; returns their messages' ids.

    A digest time that passed while nobody was there to see it is made up for, once. With nothing to tell there is no
    message. For who is told at once, it holds what the flood guard kept back: now, then once an hour at most.
    """
    made = []
    for reader in people.readers:
        stored = rows(db, "select last_digest_at, since from subscribers where id = ?", (reader.id,))[0]
        last = moment(stored["last_digest_at"] or stored["since"])
        due = last_digest_due(reader.deliver, reader.timezone, now)
        if due is not None and last >= due:
            continue
        alerts = _untold(db, reader, last - MARGIN)
        if due is None and alerts and _digest_since(db, reader, now - HOUR):
            continue
        if due is not None or alerts or last < now - DAY:
            db.execute("update subscribers set last_digest_at = ? where id = ?", (stamp(now), reader.id))
        subject = f"{len(alerts)} to tell together"
        if alerts:
            message = new_message(db, reader, reader.recipients, "digest", now, subject=subject, alerts=alerts)
            assert message is not None
            made.append(message)
    return made


def close_summaries(db: Database, people: People, now: datetime, source: int | None = None) -> list[int]:
    """Makes the summaries of what stood already that are ready: one for each subscriber and council, at most daily.

    They wait until no meeting of the baseline in the window is still to be read, but no longer than a day. `source`
    limits them to the councils of one site. Inside the caller's write_txn; returns the messages' ids.
    """
    made = []
    for council in rows(db, "select id, slug, name from councils where ? is null or source = ?", (source, source)):
        untold = rows(
            db,
            """select a.id, a.subscriber, a.created_at from alerts a
               join subscriptions s on s.subscriber = a.subscriber and s.watch = a.watch
               where a.council = ? and a.change is null and not exists
                 (select 1 from message_alerts ma where ma.alert = a.id) order by a.id""",
            (council["id"],),
        )
        if not untold:
            continue
        waited = moment(min(row["created_at"] for row in untold)) <= now - DAY
        if not waited and _baseline_unread(db, council, people, now):
            continue
        alerts: dict[int, list[int]] = defaultdict(list)
        for row in untold:
            alerts[row["subscriber"]].append(row["id"])
        for reader in people.readers:
            if reader.id not in alerts or _summary_since(db, reader, council["id"], now - DAY):
                continue
            message = new_message(
                db,
                reader,
                reader.recipients,
                "summary",
                now,
                subject=f"{council['name']}: what stands already",
                council=council["id"],
                alerts=alerts[reader.id],
            )
            if message is not None:
                made.append(message)
    return made


def was_flood(db: Database, message: int, flood: int) -> bool:
    """Whether a digest tells what the flood guard held back: its reader had so many alerts within an hour."""
    found = rows(
        db,
        """select (select count(*) from alerts b where b.subscriber = a.subscriber and b.change is not null
             and julianday(b.created_at) > julianday(a.created_at) - 1.0/24 and b.created_at <= a.created_at) as n
           from message_alerts ma join alerts a on a.id = ma.alert join subscribers s on s.id = a.subscriber
           where ma.message = ? and s.deliver = 'at once' order by a.created_at desc limit 1""",
        (message,),
    )
    return bool(found) and found[0]["n"] >= flood


def _untold(db: Database, reader: Reader, since: datetime) -> list[int]:
    """Alerts of changes that no message tells yet, of watches that the reader still has."""
    return [
        row["id"]
        for row in rows(
            db,
            """select a.id from alerts a join subscriptions s on s.subscriber = a.subscriber and s.watch = a.watch
               where a.subscriber = ? and a.created_at >= ? and a.change is not null and not exists
                 (select 1 from message_alerts ma where ma.alert = a.id) order by a.id""",
            (reader.id, stamp(since)),
        )
    ]


def _digest_since(db: Database, reader: Reader, since: datetime) -> bool:
    return bool(
        rows(
            db,
            "select 1 from messages where subscriber = ? and kind = 'digest' and created_at > ? limit 1",
            (reader.id, stamp(since)),
        )
    )


def _summary_since(db: Database, reader: Reader, council: int, since: datetime) -> bool:
    return bool(
        rows(
            db,
            """select 1 from messages where subscriber = ? and kind = 'summary' and council = ? and created_at > ?
               limit 1""",
            (reader.id, council, stamp(since)),
        )
    )


def _baseline_unread(db: Database, council: Row, people: People, now: datetime) -> bool:
    """Whether a followed committee's meeting of the baseline in the window waits for its first reading."""
    followed = people.committees.get(council["slug"])
    waiting = rows(
        db,
        """select distinct k.name from meetings m join committees k on k.id = m.committee
           where m.council = ? and m.baseline = 1 and m.read_at is null and m.status = 'scheduled'
           and m.starts_at_utc between ? and ?""",
        (council["id"], stamp(now - BACK), stamp(now + AHEAD)),
    )
    return any(followed is None or plain_name(row["name"]) in followed for row in waiting)
