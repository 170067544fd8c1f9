"""What watches would do, without doing it: over the recorded history (`backtest`), and how much they match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from config.topics import Topic
from config.watches import Watch
from history.changes import Change
from history.database import stamp
from notifiers.alerts import alerts_for, alerts_for_standing
from notifiers.matcher import Matcher
from notifiers.reasons import Reason
from notifiers.thing import Thing
from notifiers.things import item, notice, read_change, rows, thing_of


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An alert that a watch would have sent: the change, what it was about as it stood then, and the reason."""

    change: Change
    thing: Thing
    reason: Reason


@dataclass(frozen=True, slots=True)
class Reach:
    """How many items and notices there were in some days, and how many of them each watch (by name) matched."""

    things: int
    matched: Mapping[str, int]

    def nothing(self) -> tuple[str, ...]:
        """Watches that matched nothing at all."""
        return tuple(name for name, count in self.matched.items() if self.things and not count)

    def nearly_everything(self) -> tuple[str, ...]:
        """Watches that matched more than half, where there was enough to judge by."""
        return tuple(name for name, count in self.matched.items() if self.things >= 20 and count > self.things / 2)


def rehearse(db: Database, watch: Watch, topics: Mapping[str, Topic]) -> Iterator[Rehearsed]:
    """The alerts that the watch would have sent, change by change in the history's order; writes nothing."""
    matcher = Matcher([watch], topics)
    for row in db.query("select * from changes order by id"):
        change = read_change(row)
        thing = thing_of(db, change, as_it_was=True)
        for alert in alerts_for(change, thing, matcher, topics):
            yield Rehearsed(change, thing, alert.reason)


def standing(db: Database, watch: Watch, topics: Mapping[str, Topic]) -> int:
    """How many things that were there at the first look the watch's summary would have told of."""
    matcher = Matcher([watch], topics)
    items = rows(db, "select i.id from items i join meetings m on m.id = i.meeting where m.baseline = 1")
    notices = rows(db, "select id from notices where baseline = 1")
    things = (*(item(db, row["id"]) for row in items), *(notice(db, row["id"]) for row in notices))
    return sum(bool(alerts_for_standing(thing, matcher, topics)) for thing in things)


def reach(db: Database, watches: Sequence[Watch], topics: Mapping[str, Topic], now: datetime, days: int = 365) -> Reach:
    """How much each watch matches of what meetings dealt with in so many days, whatever kinds of change it wants."""
    anything = [watch.model_copy(update={"kinds": None}) for watch in watches]
    matcher = Matcher(anything, topics)
    since = stamp(now - timedelta(days=days))
    items = rows(
        db,
        """select i.id from items i join meetings m on m.id = i.meeting where m.starts_at_utc >= ?
           and i.withdrawn_at is null order by i.id desc limit 5000""",
        (since,),
    )
    notices = rows(
        db,
        "select id from notices where first_seen >= ? and withdrawn_at is null order by id desc limit 1000",
        (since,),
    )
    count: Counter[str] = Counter({watch.name: 0 for watch in watches})
    things = [*(item(db, row["id"]) for row in items), *(notice(db, row["id"]) for row in notices)]
    for thing in things:
        count.update(alert.watch for alert in alerts_for_standing(thing, matcher, topics))
    return Reach(len(things), dict(count))
