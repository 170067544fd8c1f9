"""Two processes on one database ask a host no more than one would."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from councilwatch.hosts import keep_host, recall_host
from history.database import connect, write_txn
from scraper.fetch import Fetcher, Host
from scraper.manners import HostMemory, Manners

NOON = datetime(2025, 12, 4, 12, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:9"


def test_what_one_process_spent_the_other_has_spent(tmp_path: Path) -> None:
    db = connect(tmp_path / "x.db")
    one, other = _fetcher(), _fetcher()
    _take(other, 3, HostMemory())
    wait = HostMemory(NOON + timedelta(hours=1), stated=True)
    with write_txn(db):
        keep_host(db, "127.0.0.1:9", _take(one, 40, wait), NOON)
    memory, spent = recall_host(db, "127.0.0.1:9", NOON)
    host = _take(other, spent, memory)
    assert (host.spent_today, host.left_until) == (40, NOON + timedelta(hours=1))


def test_what_is_written_down_never_takes_away_from_what_was_spent() -> None:
    fetcher = _fetcher()
    _take(fetcher, 40, HostMemory())
    assert _take(fetcher, 3, HostMemory()).spent_today == 40


def _fetcher() -> Fetcher:
    return Fetcher("tests@example.org", lambda: NOON, stop=threading.Event())


def _take(fetcher: Fetcher, spent: int, memory: HostMemory) -> Host:
    return fetcher.host(BASE, Manners(0.0, 100), spent_today=spent, memory=memory)
