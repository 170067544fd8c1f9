"""Figures for Prometheus, read from the history when they are asked for, so that a restart loses none of them.

docs/metrics.md lists them for people; a test holds the two together.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlite_utils import Database

from councilwatch.health import examine
from history.database import HistoryError, connect, moment

GAUGES: Final = {
    "well": "1 where `councilwatch health` says well, 0 where it does not",
    "sources": "sources by state: ok, suspect, failing, blocked, disallowed",
    "last_look_timestamp_seconds": "when something was last looked at",
    "source_last_ok_timestamp_seconds": "when each source last had a good poll",
    "host_requests_today": "requests sent to each host on its last day of requests, which its budget counts",
    "deliveries": "deliveries by state: waiting, sending, sent, unknown, refused, dead, cancelled",
    "oldest_waiting_delivery_seconds": "age of the oldest message that is still to be sent; 0 where there is none",
    "meetings": "meetings known",
    "database_bytes": "size of the database file and its log",
    "disk_free_bytes": "free room on the database's disk",
    "config_refused": "1 while a changed config is refused and the old one stays",
    "last_tick_seconds": "how long the daemon's last tick took",
}
COUNTERS: Final = {
    "changes": "changes recorded in this database",
    "alerts": "alerts made in this database",
    "polls": "polls of single sources in this database",
    "ticks": "ticks of this process",
    "ticks_failed": "ticks of this process that ended in an error",
}


@dataclass(slots=True)
class Ticks:
    """What the process counts of itself; the daemon writes it, the metrics read it."""

    ended: int = 0
    failed: int = 0
    last_seconds: float = 0.0
    config_refused: bool = False


class HistoryCollector(Collector):
    """Reads the history anew for each scrape, over a connection of its own."""

    def __init__(self, path: Path, ticks: Ticks, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._ticks = ticks
        self._clock = clock

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering it does not read the history

    def collect(self) -> Iterator[Metric]:
        """The figures; of a history that cannot be read only those of the process, and `well` 0."""
        yield from self._of_process()
        try:
            db = connect(self._path, create=False, read_only=True)
            with closing(db.conn):
                yield from list(self._of_history(db))
        except (HistoryError, sqlite3.Error, OSError):
            yield _gauge("well", 0)

    def _of_process(self) -> Iterator[Metric]:
        yield _gauge("config_refused", self._ticks.config_refused)
        yield _gauge("last_tick_seconds", self._ticks.last_seconds)
        yield _counter("ticks", self._ticks.ended)
        yield _counter("ticks_failed", self._ticks.failed)

    def _of_history(self, db: Database) -> Iterator[Metric]:
        at = self._clock()
        health = examine(db, self._path, at)
        run = db.conn.execute
        yield _gauge("well", health.well)
        if health.looked_at is not None:
            yield _gauge("last_look_timestamp_seconds", health.looked_at.timestamp())
        yield _labelled("sources", "state", run("SELECT state, count(*) FROM sources GROUP BY state"))
        ok = run("SELECT base_url, last_ok FROM sources WHERE last_ok IS NOT NULL")
        yield _labelled("source_last_ok_timestamp_seconds", "source", ((name, _seconds(last)) for name, last in ok))
        yield _labelled("host_requests_today", "host", run("SELECT host, spent FROM hosts"))
        yield _labelled("deliveries", "state", run("SELECT state, count(*) FROM deliveries GROUP BY state"))
        (oldest,) = run(
            "SELECT min(m.created_at) FROM deliveries d JOIN messages m ON m.id = d.message"
            " WHERE d.state IN ('waiting', 'sending', 'unknown')"
        ).fetchone()
        yield _gauge("oldest_waiting_delivery_seconds", max(0.0, at.timestamp() - _seconds(oldest)) if oldest else 0)
        yield _gauge("meetings", run("SELECT count(*) FROM meetings").fetchone()[0])
        for name in ("changes", "alerts", "polls"):
            # ids only grow, so the newest counts them all, even where old rows are cleared away
            yield _counter(name, run(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0])  # noqa: S608
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        yield _gauge("database_bytes", sum(file.stat().st_size for file in files if file.exists()))
        yield _gauge("disk_free_bytes", shutil.disk_usage(self._path.parent).free)


def serve(address: tuple[str, int], collector: Collector) -> Callable[[], None]:
    """Serves the figures at http://HOST:PORT/metrics; returns what ends it. Raises OSError where the port is taken."""
    registry = CollectorRegistry()
    registry.register(collector)
    ProcessCollector(registry=registry)
    host, port = address
    server, thread = start_http_server(port, host, registry)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


def _gauge(name: str, value: float) -> Metric:
    return GaugeMetricFamily(f"councilwatch_{name}", GAUGES[name], value=float(value))


def _counter(name: str, value: float) -> Metric:
    return CounterMetricFamily(f"councilwatch_{name}", COUNTERS[name], value=float(value))


def _labelled(name: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"councilwatch_{name}", GAUGES[name], labels=[label])
    for each, value in values:
        family.add_metric([each], float(value))
    return family


def _seconds(text: str) -> float:
    return moment(text).timestamp()
