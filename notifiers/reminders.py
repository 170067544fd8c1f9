"""What is told by the calendar and not by a change: a consultation is about to close, a quiet watch lives."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from history.database import stamp
from notifiers.bulletin import Quiet
from notifiers.envelopes import new_message
from notifiers.hours import at
from notifiers.people import People, Reader
from notifiers.things import AHEAD, BACK, Row, rows

MONTH: Final = timedelta(days=30)
MORNING: Final = time(8)
"""No reminder comes earlier on its day."""


def reminders(db: Database, people: People, now: datetime) -> list[int]:
    """Reminders that are due before a closing date that is known to the day, each told once; returns the messages' ids.

    They go to subscribers who want them, about what an alert of theirs concerned. A closing date that moves is another
    date, and is reminded of again. Inside the caller's write_txn.
    """
    made = []
    for reader in people.readers:
        if reader.reminders_days is None:
            continue
        for (council, subject, closes), alerts in _closing(db, reader, reader.reminders_days, now).items():
            message = new_message(
                db,
                reader,
                reader.recipients,
                "reminder",
                now,
                subject=f"closes on {closes}",
                council=council,
                alerts=alerts,
                once=f"reminder {reader.id} {council} {subject} {closes}",
            )
            if message is not None:
                made.append(message)
    return made


def proofs_of_life(db: Database, people: People, now: datetime) -> list[int]:
    """A word to each subscriber, monthly at most, whose watches (one or several) heard nothing for a month.

    Where nothing was looked at in that month there is no proof to give, and none is sent. Returns the messages' ids.
    """
    made = []
    for reader in people.readers:
        lately = rows(
            db,
            "select 1 from messages where subscriber = ? and kind = 'proof of life' and created_at > ? limit 1",
            (reader.id, stamp(now - MONTH)),
        )
        if lately:
            continue
        quiet = quiet_for(db, reader.id, now)
        if quiet is None or not quiet.looks:
            continue
        message = new_message(
            db, reader, reader.recipients, "proof of life", now, subject=f"{quiet.watch}: nothing new"
        )
        if message is not None:
            made.append(message)
    return made


def quiet_for(db: Database, subscriber: int, moment: datetime) -> Quiet | None:
    """What was looked at in the month before a moment, for the subscriber's watches that heard nothing in it."""
    month = stamp(moment - MONTH)
    silent = rows(
        db,
        """select w.name, w.definition from subscriptions s join watches w on w.id = s.watch
           where s.subscriber = ? and s.since <= ? and not exists
             (select 1 from alerts a where a.subscriber = s.subscriber and a.watch = s.watch and a.created_at > ?
              and a.created_at <= ?) order by w.id""",
        (subscriber, month, month, stamp(moment)),
    )
    if not silent:
        return None
    councils = _councils_of(db, [json.loads(row["definition"]).get("councils") for row in silent])
    ids = json.dumps([council["id"] for council in councils])
    sources = json.dumps(sorted({council["source"] for council in councils if council["source"] is not None}))
    looks = rows(
        db,
        """select coalesce(sum(requests), 0) as n from polls where started_at > ? and started_at <= ?
           and source in (select value from json_each(?))""",
        (month, stamp(moment), sources),
    )[0]["n"]
    meetings = rows(
        db,
        """select count(*) as n, min(case when starts_at_utc > ? and status = 'scheduled' then starts_at end) as next
           from meetings where council in (select value from json_each(?)) and withdrawn_at is null
           and starts_at_utc between ? and ? and read_at is not null""",
        (stamp(moment), ids, stamp(moment - BACK), stamp(moment + AHEAD)),
    )[0]
    return Quiet(
        watch=_in_words([row["name"] for row in silent]),
        looks=looks,
        meetings=meetings["n"],
        next_meeting=datetime.fromisoformat(meetings["next"]).date() if meetings["next"] else None,
        council_names=tuple(council["name"] for council in councils),
    )


def _closing(db: Database, reader: Reader, days: int, now: datetime) -> dict[tuple[int, str, str], list[int]]:
    """The reader's alerts on what closes within so many days, by council, subject and closing date."""
    zone = ZoneInfo(reader.timezone)
    today = now.astimezone(zone).date()
    until = today + timedelta(days=days)
    told = rows(
        db,
        """select a.id, a.council, ms.topic as subject, ms.date as closes from alerts a
           join subscriptions s on s.subscriber = a.subscriber and s.watch = a.watch
           join watches w on w.id = a.watch
           join milestones ms on ms.council = a.council and ms.kind = 'closes' and ms.precision = 'day'
             and ms.date between :today and :until and ms.item is a.item and ms.document is a.document
             and ms.notice is a.notice and ms.meeting is a.meeting and (w.topic is null or w.topic = ms.topic)
           where a.subscriber = :reader
           union
           select a.id, a.council, 'notice ' || n.id, substr(n.due, 1, 10) from alerts a
           join subscriptions s on s.subscriber = a.subscriber and s.watch = a.watch
           join notices n on n.id = a.notice
           where a.subscriber = :reader and n.kind = 'consultation' and n.withdrawn_at is null
             and substr(n.due, 1, 10) between :today and :until and not exists
             (select 1 from milestones ms
              where ms.notice = n.id and ms.kind = 'closes' and ms.date = substr(n.due, 1, 10))
           order by 1""",
        {"reader": reader.id, "today": today.isoformat(), "until": until.isoformat()},
    )
    closing: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for row in told:
        first = date.fromisoformat(row["closes"]) - timedelta(days=days)
        if at(first, MORNING, zone) <= now:
            closing[row["council"], row["subject"], row["closes"]].append(row["id"])
    return closing


def _councils_of(db: Database, wanted: Iterable[list[str] | None]) -> list[Row]:
    """The councils that watches look at; a watch that names none looks at all."""
    named = list(wanted)
    slugs = None if any(slugs is None for slugs in named) else {slug for slugs in named for slug in slugs or ()}
    councils = rows(db, "select id, slug, name, source from councils order by name")
    return [council for council in councils if slugs is None or council["slug"] in slugs]


def _in_words(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
