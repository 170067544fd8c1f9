"""What is remembered of a network host between polls: its robots.txt, the day's requests, and when it wants its peace."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from config.settings import Council
from history.database import moment, stamp
from scraper.fetch import Host
from scraper.manners import HostMemory, Manners, RobotsCopy, budget_day


def recall_host(db: Database, name: str, now: datetime) -> tuple[HostMemory, int]:
    """What the last process knew of a host, and the requests already spent on the present day."""
    row = db.conn.execute(
        "SELECT robots_body, spent_on, spent, left_until, failures, stated FROM hosts WHERE host = ?", (name,)
    ).fetchone()
    if row is None:
        return HostMemory(), 0
    robots, spent_on, spent, left_until, failures, stated = row
    copies = tuple(
        RobotsCopy(each["origin"], moment(each["fetched_at"]), each["text"]) for each in json.loads(robots or "[]")
    )
    memory = HostMemory(moment(left_until) if left_until else None, bool(stated), failures, copies)
    return memory, spent if spent_on == budget_day(now).isoformat() else 0


def keep_host(db: Database, name: str, host: Host, now: datetime) -> None:
    """Inside the caller's write_txn: what is to be known of the host after a restart."""
    memory = host.memory
    robots = [{"origin": c.origin, "fetched_at": stamp(c.fetched_at), "text": c.text} for c in memory.robots]
    db.conn.execute(
        "INSERT INTO hosts (host, robots_body, spent_on, spent, left_until, failures, stated) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT (host) DO UPDATE SET robots_body = excluded.robots_body, spent_on = excluded.spent_on,"
        " spent = excluded.spent, left_until = excluded.left_until, failures = excluded.failures,"
        " stated = excluded.stated",
        (
            name,
            json.dumps(robots),
            budget_day(now).isoformat(),
            host.spent_today,
            stamp(memory.left_until) if memory.left_until else None,
            memory.failures,
            int(memory.stated),
        ),
    )


def manners_of(councils: Iterable[Council]) -> Manners:
    """The strictest manners that the councils of one site ask for."""
    each = list(councils)
    budgets = [council.politeness.requests_per_day for council in each if council.politeness.requests_per_day]
    reasons = [council.ignore_robots for council in each]
    return Manners(
        max(council.politeness.seconds_between_requests for council in each),
        min(budgets, default=0),
        reasons[0] if all(reasons) else None,
    )
