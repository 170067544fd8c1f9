"""From changes to the outbox: alerts, and the messages that tell them, in the same transaction as the changes.

Every function works inside the caller's `write_txn`, so that a change and its alerts are kept together or not at all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlite_utils import Database

from config.addresses import Addresses, Unread
from config.settings import Settings
from config.times import AtOnce
from history.changes import Change
from history.database import stamp
from notifiers.alerts import NewAlert, alerts_for, alerts_for_standing, field_of
from notifiers.bulletin import Trouble
from notifiers.envelopes import add_alerts, attach_missing, new_message, unsent_message
from notifiers.milestones import forget_milestones, keep_milestones, milestones_of
from notifiers.people import People, Reader, configured
from notifiers.thing import Thing
from notifiers.things import change as change_row
from notifiers.things import document, notice, rows, thing_of, things_in, things_in_window

FLOOD: Final = 200
"""From this alert of an hour on, a reader who is told at once gets one digest instead."""


def keep_people(db: Database, settings: Settings, addresses: Addresses | Unread | None, now: datetime) -> People:
    """Subscribers, watches and subscriptions as configured; `addresses` is None where nothing will be sent.

    Who has a new watch, or one whose words changed, is told in the next summary (`digests.close_summaries`) what stands
    in the history now, and never of earlier changes.
    """
    people = configured(db, settings, addresses, now)
    if addresses is not None:
        attach_missing(db, people, now)
    if people.fresh:
        for thing in things_in_window(db, now):
            for alert in alerts_for_standing(thing, people.matcher, people.topics):
                for reader in people.having(alert.watch):
                    if (reader.id, alert.watch) in people.fresh:
                        _keep(db, alert, reader, people, now)
    return people


def tell_changes(db: Database, changes: Sequence[Change], people: People, now: datetime) -> int:
    """Alerts for changes that were just kept, and messages for who is told at once. Returns how many alerts are new.

    Call it when the texts of new documents are kept too: a document's title and text are matched together.
    """
    made: list[tuple[Reader, int]] = []
    things: dict[tuple[object, ...], Thing] = {}
    for change in changes:
        thing = thing_of(db, change)
        for alert in alerts_for(change, thing, people.matcher, people.topics):
            made += _keep_for_all(db, alert, change.seen_at, people, now)
        if field_of(change) is not None or not thing.is_meeting:
            things[thing.item, thing.document, thing.notice] = thing
        if change.kind.endswith(".withdrawn"):
            forget_milestones(db, thing)
            things.pop((thing.item, thing.document, thing.notice), None)
        if change.kind == "meeting.moved" and change.meeting is not None:
            # what its items tell is true as of another day now
            things |= {(each.item, each.document, each.notice): each for each in things_in(db, change.meeting)}
    for thing in things.values():
        keep_milestones(db, thing, milestones_of(thing, people.matcher, people.topics), now)
    _tell_at_once(db, made, now)
    return len(made)


def tell_document_text(db: Database, number: int, change: int | None, people: People, now: datetime) -> int:
    """Alerts for a document whose text was read for the first time, after its `document.added` was told.

    `change` is the id of that change; None for a document that stood in the baseline, which goes into the summary.
    """
    thing = document(db, number)
    keep_milestones(db, thing, milestones_of(thing, people.matcher, people.topics), now)
    if change is None:
        return _tell_standing(db, [thing], people, now)
    added = change_row(db, change)
    made = [
        kept
        for alert in alerts_for(added, thing, people.matcher, people.topics)
        for kept in _keep_for_all(db, alert, added.seen_at, people, now)
    ]
    _tell_at_once(db, made, now)
    return len(made)


def tell_standing(db: Database, meeting: int, people: People, now: datetime) -> int:
    """Alerts (without a change) for what a meeting of the baseline holds at its first reading, for the summary."""
    return _tell_standing(db, things_in(db, meeting), people, now)


def tell_standing_notices(db: Database, notices: Iterable[int], people: People, now: datetime) -> int:
    """The same for notices that stood in the first list of their kind."""
    return _tell_standing(db, (notice(db, number) for number in notices), people, now)


def tell_operator(
    db: Database,
    kind: Literal["trouble", "recovery", "dead"],
    troubles: Sequence[Trouble],
    people: People,
    now: datetime,
) -> int:
    """A message to the operator; the caller sees to it that a trouble's beginning and end are each told once.

    What is told is kept beside it (`settings_of_record`, "told in message N"), for it may pass before it is sent.
    """
    subject = "; ".join(f"{trouble.what}: {trouble.state}" for trouble in troubles)
    message = new_message(db, None, people.operator, kind, now, subject=subject)
    assert message is not None
    told = [asdict(trouble) | {"since": trouble.since and trouble.since.isoformat()} for trouble in troubles]
    db.execute(
        "insert into settings_of_record (name, value) values (?, ?)", (f"told in message {message}", json.dumps(told))
    )
    return message


def _tell_standing(db: Database, things: Iterable[Thing], people: People, now: datetime) -> int:
    count = 0
    for thing in things:
        keep_milestones(db, thing, milestones_of(thing, people.matcher, people.topics), now)
        for alert in alerts_for_standing(thing, people.matcher, people.topics):
            for reader in people.having(alert.watch):
                count += _keep(db, alert, reader, people, now) is not None
    return count


def _keep_for_all(
    db: Database, alert: NewAlert, seen_at: datetime, people: People, now: datetime
) -> list[tuple[Reader, int]]:
    """An alert for everybody who has the watch. Who took it after the change is told in a summary instead."""
    made = []
    for reader in people.having(alert.watch):
        if seen_at < reader.since[alert.watch]:
            _keep(db, NewAlert(alert.watch, None, alert.thing, alert.reason), reader, people, now)
        elif (kept := _keep(db, alert, reader, people, now)) is not None:
            made.append((reader, kept))
    return made


def _keep(db: Database, alert: NewAlert, reader: Reader, people: People, now: datetime) -> int | None:
    """One alert as a row; None where it was told before. What was told of a thing needs no summary of it."""
    watch, thing = people.watches[alert.watch], alert.thing
    about = (thing.meeting, thing.item, thing.document, thing.notice)
    if alert.change is None and rows(
        db,
        """select 1 from alerts where subscriber = ? and watch = ? and meeting is ? and item is ? and document is ?
           and notice is ? limit 1""",
        (reader.id, watch, *about),
    ):
        return None
    made = db.execute(
        """insert or ignore into alerts (change, watch, subscriber, council, meeting, item, document, notice, reason,
           created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (alert.change, watch, reader.id, thing.council, *about, alert.reason.to_json(), stamp(now)),
    )
    return made.lastrowid if made.rowcount == 1 else None


def _tell_at_once(db: Database, made: Iterable[tuple[Reader, int]], now: datetime) -> None:
    """One message for each reader and meeting; from the flood mark on, alerts wait for `digests.close_digests`."""
    of_reader: dict[int, list[int]] = defaultdict(list)
    readers: dict[int, Reader] = {}
    for reader, alert in made:
        if isinstance(reader.deliver, AtOnce):
            readers[reader.id] = reader
            of_reader[reader.id].append(alert)
    for number, alerts in of_reader.items():
        lately = rows(
            db,
            "select count(*) as n from alerts where subscriber = ? and created_at > ? and change is not null",
            (number, stamp(now - timedelta(hours=1))),
        )[0]["n"] - len(alerts)
        together: dict[tuple[int, int | None], list[int]] = defaultdict(list)
        for row in rows(
            db,
            "select id, council, meeting from alerts where id in (select value from json_each(?)) order by id",
            (json.dumps(alerts),),
        ):
            together[row["council"], row["meeting"]].append(row["id"])
        for place, group in together.items():
            lately += len(group)
            if lately < FLOOD:
                _tell_group(db, readers[number], place, group, now)


def _tell_group(
    db: Database, reader: Reader, place: tuple[int, int | None], alerts: Sequence[int], now: datetime
) -> None:
    council, meeting = place
    waiting = unsent_message(db, reader, council, meeting, now)
    if waiting is not None:
        add_alerts(db, waiting, alerts)
        return
    new_message(
        db,
        reader,
        reader.recipients,
        "alert",
        now,
        subject=about(db, alerts[0]),
        council=council,
        meeting=meeting,
        alerts=alerts,
    )


def about(db: Database, alert: int) -> str:
    """What an alert is about, in a few words, for the list of what waits."""
    return str(
        rows(
            db,
            """select coalesce(i.title, n.title, d.title, k.name, '') as title from alerts a
               left join items i on i.id = a.item left join notices n on n.id = a.notice
               left join documents d on d.id = a.document left join meetings m on m.id = a.meeting
               left join committees k on k.id = m.committee where a.id = ?""",
            (alert,),
        )[0]["title"]
    )
