"""What is remembered of an address, so that an unchanged page stops early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from history.database import moment, stamp


@dataclass(frozen=True, slots=True)
class PageMemory:
    """`sha256` is of the bytes inside div#modgov as last read, None where the page is to be read whatever it says.

    `trouble` is why it was suspect last time, None where it was good; `trouble_polls` how often in a row.
    """

    url: str
    etag: str | None
    last_modified: str | None
    sha256: str | None
    parser: str | None
    fetched_at: datetime
    trouble: str | None = None
    trouble_polls: int = 0


def page_memory(db: Database, source: int, url: str) -> PageMemory | None:
    """What is remembered of this address; None where it was never asked for."""
    row = db.conn.execute(
        "SELECT url, etag, last_modified, sha256, parser, fetched_at, trouble, trouble_polls FROM pages"
        " WHERE source = ? AND url = ?",
        (source, url),
    ).fetchone()
    if row is None:
        return None
    url, etag, last_modified, sha256, parser, fetched_at, trouble, polls = row
    return PageMemory(url, etag, last_modified, sha256, parser, moment(fetched_at), trouble, polls)


def remember_page(
    db: Database,
    source: int,
    url: str,
    *,
    etag: str | None,
    last_modified: str | None,
    sha256: str | None,
    parser: str,
    now: datetime,
) -> None:
    """Remember a good page. `sha256` None makes the next poll read it whatever it says (losses still to be
    believed).
    """
    db.conn.execute(
        "INSERT INTO pages (source, url, etag, last_modified, sha256, parser, fetched_at) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT (source, url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,"
        " sha256 = excluded.sha256, parser = excluded.parser, fetched_at = excluded.fetched_at,"
        " trouble = NULL, trouble_polls = 0",
        (source, url, etag, last_modified, sha256, parser, stamp(now)),
    )


def saw_page(db: Database, source: int, url: str, now: datetime) -> None:
    """Remember that a page is as it was."""
    db.conn.execute(
        "UPDATE pages SET fetched_at = ?, trouble = NULL, trouble_polls = 0 WHERE source = ? AND url = ?",
        (stamp(now), source, url),
    )


def remember_trouble(db: Database, source: int, url: str, trouble: str, now: datetime) -> int:
    """Remember that the page could not be trusted, and why; what was read before stays remembered. Says how often in
    a row.
    """
    row = db.conn.execute(
        "INSERT INTO pages (source, url, fetched_at, trouble, trouble_polls) VALUES (?,?,?,?,1)"
        " ON CONFLICT (source, url) DO UPDATE SET fetched_at = excluded.fetched_at, trouble = excluded.trouble,"
        " trouble_polls = trouble_polls + 1 RETURNING trouble_polls",
        (source, url, stamp(now), trouble),
    ).fetchone()
    return int(row[0])
