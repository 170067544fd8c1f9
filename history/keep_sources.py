"""Sites and their committees: whom we poll, what they are made of, and the log of each poll.

All writes stand inside the caller's write_txn. `now` is aware.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from history.database import HistoryError, path_of, stamp
from scraper.records import CommitteeRecord


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A site as something polled. `councils` are the rows of its councils, in the config's order, by slug."""

    id: int
    base_url: str
    state: str
    transport: str | None
    councils: tuple[tuple[str, int], ...]


def keep_source(
    db: Database, base_url: str, councils: Sequence[tuple[str, str, str, str | None]], now: datetime
) -> SourceRow:
    """The site at `base_url` with the councils (slug, name, base_url, nation) that share it, as configured now."""
    db.conn.execute(
        "INSERT INTO sources (base_url, since) VALUES (?, ?) ON CONFLICT (base_url) DO NOTHING", (base_url, stamp(now))
    )
    source, state, transport = db.conn.execute(
        "SELECT id, state, transport FROM sources WHERE base_url = ?", (base_url,)
    ).fetchone()
    rows = []
    for slug, name, url, nation in councils:
        db.conn.execute(
            "INSERT INTO councils (slug, name, base_url, nation, source) VALUES (?,?,?,?,?)"
            " ON CONFLICT (slug) DO UPDATE SET name = excluded.name, base_url = excluded.base_url,"
            " nation = excluded.nation, source = excluded.source",
            (slug, name, url, nation, source),
        )
        (council,) = db.conn.execute("SELECT id FROM councils WHERE slug = ?", (slug,)).fetchone()
        rows.append((slug, int(council)))
    return SourceRow(int(source), base_url, state, transport, tuple(rows))


def keep_committees(
    db: Database, source: int, records: Iterable[CommitteeRecord], council_of: Callable[[str], int], now: datetime
) -> None:
    """The committees as the site lists them; `council_of` says, by a committee's name, which council (row) it belongs
    to.
    """
    at = stamp(now)
    db.conn.executemany(
        "INSERT INTO committees (source, council, committee_id, name, category, expired, first_seen, last_seen)"
        " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (source, committee_id) DO UPDATE SET council = excluded.council,"
        " name = excluded.name, category = coalesce(excluded.category, category), expired = excluded.expired,"
        " last_seen = excluded.last_seen",
        [(source, council_of(r.name), r.committee_id, r.name, r.category, int(r.expired), at, at) for r in records],
    )
    db.conn.execute("UPDATE sources SET committees_read_at = ? WHERE id = ?", (at, source))


def committee_row(db: Database, source: int, committee_id: int, name: str | None, at: str) -> tuple[int, int, str]:
    """(row, council, name) of a committee, made where it is heard of for the first time: for the site's first council,
    and with the baseline that the lists of the whole site gave (they would have named its meetings)."""
    row = db.conn.execute(
        "SELECT id, council, name FROM committees WHERE source = ? AND committee_id = ?", (source, committee_id)
    ).fetchone()
    if row:
        return int(row[0]), int(row[1]), str(row[2])
    council = council_of_source(db, source)
    called = name or f"Committee {committee_id}"
    cursor = db.conn.execute(
        "INSERT INTO committees (source, council, committee_id, name, first_seen, last_seen, baseline_at, covered_from,"
        " covered_to, listed_at) SELECT id, ?, ?, ?, ?, ?, baseline_at, covered_from, covered_to, listed_at"
        " FROM sources WHERE id = ?",
        (council, committee_id, called, at, at, source),
    )
    return int(cursor.lastrowid or 0), council, called


def council_of_source(db: Database, source: int) -> int:
    """The first council of a site. HistoryError where it has none."""
    row = db.conn.execute("SELECT id FROM councils WHERE source = ? ORDER BY id LIMIT 1", (source,)).fetchone()
    if row is None:
        raise HistoryError(f"{path_of(db)}: source {source} belongs to no council; name one in the config")
    return int(row[0])


def keep_poll(
    db: Database,
    source: int,
    *,
    started_at: datetime,
    ended_at: datetime,
    outcome: str,
    requests: int = 0,
    fetched_bytes: int = 0,
    pages_read: int = 0,
    pages_changed: int = 0,
    pages_suspect: int = 0,
    changes: int = 0,
) -> int:
    """One row of the log of polls; `outcome` is the state it ended in ("ok", "failing", ...) or the error in words."""
    cursor = db.conn.execute(
        "INSERT INTO polls (council, source, started_at, ended_at, requests, bytes, pages_read, pages_changed,"
        " pages_suspect, changes, outcome) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            council_of_source(db, source),
            source,
            stamp(started_at),
            stamp(ended_at),
            requests,
            fetched_bytes,
            pages_read,
            pages_changed,
            pages_suspect,
            changes,
            outcome,
        ),
    )
    return int(cursor.lastrowid or 0)


def set_next_look(
    db: Database, table: Literal["sources", "committees", "meetings", "documents"], row: int, when: datetime | None
) -> None:
    """When to look at this row's page next; None: never of itself."""
    at = None if when is None else stamp(when)
    db.conn.execute(f"UPDATE {table} SET next_look_at = ? WHERE id = ?", (at, row))  # noqa: S608
