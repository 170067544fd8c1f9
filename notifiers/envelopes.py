"""A message and its deliveries as rows: one message for a reader, one delivery for each of their addresses."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from history.database import stamp
from notifiers.bulletin import MessageKind
from notifiers.hours import end_of_quiet
from notifiers.people import People, Reader, Recipients, address_key
from notifiers.things import rows

PATIENCE: Final = timedelta(days=14)


def give_up_at(created_at: datetime, starts_at: datetime | None) -> datetime:
    """When a message that cannot be sent is dead: after 14 days, or when its meeting is past if that is later."""
    patience_ends = created_at + PATIENCE
    return patience_ends if starts_at is None else max(patience_ends, starts_at.astimezone(UTC))


def new_message(
    db: Database,
    to: Reader | None,
    recipients: Recipients,
    kind: MessageKind,
    now: datetime,
    *,
    subject: str,
    council: int | None = None,
    meeting: int | None = None,
    alerts: Iterable[int] = (),
    once: str | None = None,
) -> int | None:
    """Writes a message (to None: the operator) with its alerts and deliveries; inside the caller's write_txn.

    Returns its id, or None where a message was already made for the same `once`, the words that say what may be told
    only once. `subject` is for the list of what waits; the message's own is fixed when it is first sent. `message_id`
    is a name without angle brackets. Quiet hours hold the deliveries back, except the operator's.
    """
    named = hmac.new(address_key(db), once.encode(), "sha256").hexdigest()[:32] if once else secrets.token_hex(16)
    not_before = end_of_quiet(to.quiet, to.timezone, now) if to is not None else None
    made = db.execute(
        """insert or ignore into messages
           (subscriber, kind, subject, message_id, created_at, council, meeting, not_before)
           values (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            to.id if to is not None else None,
            kind,
            subject,
            f"{named}@councilwatch",
            stamp(now),
            council,
            meeting,
            stamp(not_before) if not_before else None,
        ),
    )
    if made.rowcount != 1:
        return None
    message = made.lastrowid
    assert message is not None
    add_alerts(db, message, alerts)
    for recipient in recipients():
        db.execute(
            """insert or ignore into deliveries (message, subscriber, address, label, next_attempt_at)
               values (?, ?, ?, ?, ?)""",
            (message, to.id if to is not None else None, recipient.key, recipient.label, stamp(not_before or now)),
        )
    return message


def add_alerts(db: Database, message: int, alerts: Iterable[int]) -> None:
    """Puts alerts into a message that was not sent yet."""
    for alert in alerts:
        db.execute("insert or ignore into message_alerts (message, alert) values (?, ?)", (message, alert))


def unsent_message(db: Database, reader: Reader, council: int, meeting: int | None, now: datetime) -> int | None:
    """A message about the same meeting that nobody has tried to send yet, so that what belongs together stays so."""
    found = rows(
        db,
        """select m.id from alerts a join message_alerts ma on ma.alert = a.id join messages m on m.id = ma.message
           where a.subscriber = ? and a.created_at > ? and m.kind = 'alert' and m.council = ? and m.meeting is ?
           and m.body is null and not exists
             (select 1 from deliveries d where d.message = m.id and (d.state <> 'waiting' or d.attempts > 0))
           order by m.id desc limit 1""",
        (reader.id, stamp(now - timedelta(days=1)), council, meeting),
    )
    return int(found[0]["id"]) if found else None


def anything_to_send(db: Database, now: datetime, *, whatever: bool) -> bool:
    """Whether a delivery is due (`whatever`: whether one waits at all), or was being sent when its process was killed."""
    found = rows(
        db,
        """select 1 from deliveries where state = 'sending' or (state in ('waiting', 'unknown')
           and (:whatever or next_attempt_at <= :now or (next_attempt_at is null and state = 'waiting'))) limit 1""",
        {"whatever": whatever, "now": stamp(now)},
    )
    return bool(found)


def attach_missing(db: Database, people: People, now: datetime) -> None:
    """Deliveries for messages that were made while no address was known, so that none is lost."""
    for row in rows(
        db,
        """select m.id, m.subscriber, m.not_before from messages m where m.created_at > ?
           and not exists (select 1 from deliveries d where d.message = m.id)""",
        (stamp(now - PATIENCE),),
    ):
        reader = next((reader for reader in people.readers if reader.id == row["subscriber"]), None)
        recipients = reader.recipients if reader else people.operator if row["subscriber"] is None else tuple
        for recipient in recipients():
            db.execute(
                "insert into deliveries (message, subscriber, address, label, next_attempt_at) values (?, ?, ?, ?, ?)",
                (row["id"], row["subscriber"], recipient.key, recipient.label, row["not_before"] or stamp(now)),
            )
