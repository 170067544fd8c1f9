"""Who is told: subscribers, watches and subscriptions as the config has them, kept in the database.

A removed subscriber is forgotten: what waits is cancelled, and name, addresses, labels and the texts of their messages are
erased.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

from sqlite_utils import Database

from config.addresses import Address, Addresses, Unread
from config.settings import Settings, Subscriber
from config.times import WEEKDAYS, AtOnce, Deliver, Weekly
from config.topics import Topic, all_terms
from config.watches import Watch
from history.database import stamp
from history.notes import note
from notifiers.matcher import Matcher, plain_name
from notifiers.things import rows


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address as the database may know it: a keyed hash, and a label that is safe to show."""

    key: str
    label: str


Recipients = Callable[[], tuple[Recipient, ...]]
"""A reader's recipients, asked for where there is something to tell: only then is an address looked at."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber with their row's id, their watches by name, and since when they have each."""

    id: int
    name: str
    deliver: Deliver
    timezone: str
    quiet: tuple[time, time] | None
    reminders_days: int | None
    recipients: Recipients
    since: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class People:
    """All who are told, and the watches compiled; made once for a config.

    `fresh` are new (reader's id, watch). `committees` are those that are followed of a council (slug), by `plain_name`;
    None: all.
    """

    readers: tuple[Reader, ...]
    by_watch: Mapping[str, Sequence[Reader]]
    operator: Recipients
    watches: Mapping[str, int]
    matcher_made: Callable[[], Matcher]
    topics: Mapping[str, Topic]
    fresh: frozenset[tuple[int, str]]
    committees: Mapping[str, frozenset[str] | None]

    @property
    def matcher(self) -> Matcher:
        """Compiled when it is first asked for: most polls find nothing new."""
        return self.matcher_made()

    def having(self, watch: str) -> Sequence[Reader]:
        return self.by_watch.get(watch, ())


def configured(db: Database, settings: Settings, addresses: Addresses | Unread | None, now: datetime) -> People:
    """Makes the tables say what the config says, inside the caller's write_txn.

    `addresses` is None for a command that sends nothing: then no delivery is touched.
    """
    ids = _keep_subscribers(db, settings.subscribers, now)
    changed = _keep_watches(db, settings, now)
    watches = {row["name"]: int(row["id"]) for row in rows(db, "select id, name from watches where removed_at is null")}
    fresh: set[tuple[int, str]] = set()
    for subscriber in settings.subscribers:
        wanted = {watches[name]: name for name in subscriber.watches}
        fresh |= _keep_subscriptions(db, ids[subscriber.name], wanted, changed, now)
    key = address_key(db)
    readers = [
        _reader(db, ids[each.name], each, _recipients(key, addresses, each.name)) for each in settings.subscribers
    ]
    operator = _recipients(key, addresses, None)
    if addresses is not None and not (isinstance(addresses, Unread) and were_read(db, addresses)):
        _drop_other_addresses(db, {None: operator(), **{reader.id: reader.recipients() for reader in readers}})
        _remember(db, key, addresses)
    topics = topics_kept(settings)
    by_watch: dict[str, list[Reader]] = defaultdict(list)
    for reader in readers:
        for name in reader.since:
            by_watch[name].append(reader)
    followed = {
        council.slug: None if council.committees is None else frozenset(plain_name(name) for name in council.committees)
        for council in settings.councils
    }
    watched = [watch for watch in settings.watches if watch.name in by_watch]
    matcher = cache(lambda: Matcher(watched, topics))
    return People(tuple(readers), dict(by_watch), operator, watches, matcher, topics, frozenset(fresh), followed)


def topics_kept(settings: Settings) -> Mapping[str, Topic]:
    """The topics of which milestones are kept: all that are not experimental, and those that are watched."""
    watched = {watch.topic for watch in settings.watches}
    return {slug: topic for slug, topic in settings.topics.items() if slug in watched or not topic.experimental}


def address_key(db: Database) -> bytes:
    """The random key under which addresses are hashed, made when it is first asked for."""
    db.execute(
        "insert or ignore into settings_of_record (name, value) values ('address key', ?)", (secrets.token_hex(32),)
    )
    return bytes.fromhex(rows(db, "select value from settings_of_record where name = 'address key'")[0]["value"])


def hashed(key: bytes, address: Address) -> str:
    """What stands in `deliveries.address`: HMAC-SHA-256 of the whole address, in hex."""
    return hmac.new(key, address.url.get_secret_value().encode(), hashlib.sha256).hexdigest()


def were_read(db: Database, addresses: Unread) -> bool:
    """Whether these very addresses were read, and taken over into the database, before."""
    known = rows(
        db,
        """select k.value as key, a.value as mark from settings_of_record k, settings_of_record a
           where k.name = 'address key' and a.name = 'addresses read'""",
    )
    return bool(known) and known[0]["mark"] == _marked(bytes.fromhex(known[0]["key"]), addresses)


def _marked(key: bytes, addresses: Unread) -> str:
    return hmac.new(key, addresses.mark.encode(), hashlib.sha256).hexdigest()


def _remember(db: Database, key: bytes, addresses: Addresses | Unread) -> None:
    """What was taken over; of addresses that stand alone nothing is known but that they are others than before."""
    note(db, "addresses read", _marked(key, addresses) if isinstance(addresses, Unread) else "")


def fingerprint(watch: Watch, topics: Mapping[str, Topic]) -> str:
    """Of everything by which a watch matches: its own terms and limits, and its topic's words."""
    said = watch.model_dump(mode="json", exclude={"name"})
    if watch.topic is not None:
        topic = topics[watch.topic]
        laws = [law.model_dump(mode="json") for law in topic.laws]
        said["words"] = [sorted(all_terms(topic)), sorted(topic.not_meant), laws]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def deliver_in_words(deliver: Deliver) -> str:
    """As the config has it: "at once", "daily 07:30", "weekly Mon 07:30"."""
    if isinstance(deliver, AtOnce):
        return "at once"
    if isinstance(deliver, Weekly):
        return f"weekly {WEEKDAYS[deliver.weekday][:3]} {deliver.time:%H:%M}"
    return f"daily {deliver.time:%H:%M}"


def _reader(db: Database, number: int, subscriber: Subscriber, recipients: Recipients) -> Reader:
    since = rows(
        db,
        "select w.name, s.since from subscriptions s join watches w on w.id = s.watch where s.subscriber = ?",
        (number,),
    )
    return Reader(
        number,
        subscriber.name,
        subscriber.deliver,
        subscriber.timezone,
        subscriber.quiet,
        subscriber.reminders_days,
        recipients,
        {row["name"]: datetime.fromisoformat(row["since"]) for row in since},
    )


def _recipients(key: bytes, addresses: Addresses | Unread | None, subscriber: str | None) -> Recipients:
    """Those of a subscriber, or the operator's (None)."""

    @cache
    def recipients() -> tuple[Recipient, ...]:
        if addresses is None:
            return ()
        several = addresses.operator if subscriber is None else addresses.of_subscriber.get(subscriber, ())
        return tuple({(known := hashed(key, each)): Recipient(known, each.label) for each in several}.values())

    return recipients


def _keep_subscribers(db: Database, subscribers: Iterable[Subscriber], now: datetime) -> Mapping[str, int]:
    ids = {}
    for subscriber in subscribers:
        quiet = f"{subscriber.quiet[0]:%H:%M}-{subscriber.quiet[1]:%H:%M}" if subscriber.quiet else None
        db.execute(
            """insert into subscribers (name, deliver, timezone, quiet, since) values (?, ?, ?, ?, ?)
               on conflict (name) do update set deliver = excluded.deliver, timezone = excluded.timezone,
               quiet = excluded.quiet""",
            (subscriber.name, deliver_in_words(subscriber.deliver), subscriber.timezone, quiet, stamp(now)),
        )
        ids[subscriber.name] = int(rows(db, "select id from subscribers where name = ?", (subscriber.name,))[0]["id"])
    for row in rows(db, "select id from subscribers where removed_at is null"):
        if row["id"] not in ids.values():
            _forget(db, row["id"], now)
    return ids


def _forget(db: Database, subscriber: int, now: datetime) -> None:
    """Cancels what waits for a subscriber and erases who they were; that they were told remains.

    Each message names its reader, in several forms, so their texts go; of the operator's messages those that named them are
    made anew if they still wait.
    """
    (named,) = rows(db, "select name from subscribers where id = ?", (subscriber,))
    db.execute(
        "update subscribers set name = 'removed subscriber ' || id, removed_at = ?, quiet = null where id = ?",
        (stamp(now), subscriber),
    )
    db.execute("delete from subscriptions where subscriber = ?", (subscriber,))
    db.execute("update messages set body = null where subscriber = ?", (subscriber,))
    _erase_from_operator(db, named["name"], f"removed subscriber {subscriber}")
    db.execute(
        """delete from settings_of_record where name in (select 'refused address ' || d.address from deliveries d
           where d.subscriber = ? and not exists
             (select 1 from deliveries o where o.address = d.address and o.subscriber is not d.subscriber))""",
        (subscriber,),
    )
    _drop(db, subscriber, None)


def _erase_from_operator(db: Database, name: str, instead: str) -> None:
    """The operator was told "mail to r…@example.org (residents)" of what could not be delivered."""
    for row in rows(db, "select name, value from settings_of_record where name like 'told in message %'"):
        troubles = json.loads(row["value"])
        theirs = [trouble for trouble in troubles if trouble["what"].endswith(f" ({name})")]
        for trouble in theirs:
            trouble["what"] = f"an address of {instead}"
        if theirs:
            db.execute("update settings_of_record set value = ? where name = ?", (json.dumps(troubles), row["name"]))
            db.execute(
                "update messages set body = null, subject = ? where id = ?",
                (f"[Councilwatch] Not delivered: an address of {instead}", int(row["name"].rsplit(" ", 1)[1])),
            )


def _keep_watches(db: Database, settings: Settings, now: datetime) -> set[str]:
    """Returns the names of the watches that are new or match other words than before."""
    known = {row["name"]: row for row in rows(db, "select name, fingerprint, removed_at from watches")}
    changed = set()
    for watch in settings.watches:
        definition = watch.model_dump_json(exclude={"name"}, exclude_defaults=True)
        mark = fingerprint(watch, settings.topics)
        before = known.get(watch.name)
        if before is None or before["fingerprint"] != mark or before["removed_at"] is not None:
            changed.add(watch.name)
            db.execute(
                """insert into watches (name, topic, definition, fingerprint, since) values (?, ?, ?, ?, ?)
                   on conflict (name) do update set topic = excluded.topic, definition = excluded.definition,
                   fingerprint = excluded.fingerprint, since = excluded.since, removed_at = null""",
                (watch.name, watch.topic, definition, mark, stamp(now)),
            )
    names = {watch.name for watch in settings.watches}
    for name, row in known.items():
        if name not in names and row["removed_at"] is None:
            db.execute("update watches set removed_at = ? where name = ?", (stamp(now), name))
            db.execute("delete from subscriptions where watch = (select id from watches where name = ?)", (name,))
    return changed


def _keep_subscriptions(
    db: Database, number: int, wanted: Mapping[int, str], changed: set[str], now: datetime
) -> set[tuple[int, str]]:
    """Makes a subscriber's watches those that are wanted (id to name); returns those that are fresh."""
    known = {row["watch"] for row in rows(db, "select watch from subscriptions where subscriber = ?", (number,))}
    fresh = {watch: name for watch, name in wanted.items() if watch not in known or name in changed}
    for watch in known - wanted.keys():
        db.execute("delete from subscriptions where subscriber = ? and watch = ?", (number, watch))
    for watch in fresh:
        db.execute(
            "insert or replace into subscriptions (subscriber, watch, since) values (?, ?, ?)",
            (number, watch, stamp(now)),
        )
    return {(number, name) for name in fresh.values()}


def _drop_other_addresses(db: Database, wanted: Mapping[int | None, tuple[Recipient, ...]]) -> None:
    """Cancels and erases the deliveries to addresses that the config no longer has (None: the operator's).

    What waited for an address that was replaced goes to the new one, where no other address of the reader's has it.
    """
    for row in rows(db, "select distinct subscriber, address from deliveries where address not like 'erased %'"):
        recipients = wanted.get(row["subscriber"], ())
        if any(recipient.key == row["address"] for recipient in recipients):
            continue
        for message in _drop(db, row["subscriber"], row["address"]):
            for recipient in recipients:
                db.execute(
                    """insert or ignore into deliveries (message, subscriber, address, label, next_attempt_at)
                       select ?, ?, ?, ?, coalesce(not_before, created_at) from messages where id = ?""",
                    (message, row["subscriber"], recipient.key, recipient.label, message),
                )


def _drop(db: Database, subscriber: int | None, address: str | None) -> list[int]:
    """Cancels and erases deliveries to an address (None: all of the subscriber's).

    Returns the messages that thereby reach nobody who was meant to have them.
    """
    gone = rows(
        db,
        "select id, message, state from deliveries where subscriber is ? and (? is null or address = ?)",
        (subscriber, address, address),
    )
    for row in gone:
        db.execute(
            """update deliveries set address = 'erased ' || id, label = 'erased', next_attempt_at = null, state =
               case when state in ('waiting', 'sending', 'unknown') then 'cancelled' else state end where id = ?""",
            (row["id"],),
        )
    unsent = {row["message"] for row in gone if row["state"] in ("waiting", "refused")}
    live = "select 1 from deliveries where message = ? and state not in ('cancelled', 'refused', 'dead')"
    return [message for message in sorted(unsent) if not rows(db, live, (message,))]
