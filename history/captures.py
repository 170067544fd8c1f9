"""The proof: pages as they were served, compressed, once for each address and content."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from history.database import stamp


@dataclass(frozen=True, slots=True)
class Captured:
    """A body as it was served. `fetched_at` is aware."""

    url: str
    body: bytes
    fetched_at: datetime
    content_type: str | None = None


def keep_capture(db: Database, captured: Captured, council: int | None, *, forgotten: bool = False) -> int:
    """The row of the capture, written if this content of this address is not kept yet. Inside the caller's write_txn.

    `forgotten`: the page still shows what was taken out of the record, so only its hash is kept.
    """
    sha256 = hashlib.sha256(captured.body).hexdigest()
    row = db.conn.execute("SELECT id FROM captures WHERE url = ? AND sha256 = ?", (captured.url, sha256)).fetchone()
    if row:
        return int(row[0])
    fetched_at = stamp(captured.fetched_at)
    cursor = db.conn.execute(
        "INSERT INTO captures (council, url, fetched_at, sha256, body, content_type, forgotten_at)"
        " VALUES (?,?,?,?,?,?,?)",
        (
            council,
            captured.url,
            fetched_at,
            sha256,
            None if forgotten else zlib.compress(captured.body, 6),
            captured.content_type,
            fetched_at if forgotten else None,
        ),
    )
    return int(cursor.lastrowid or 0)


def body_of(db: Database, capture: int) -> bytes | None:
    """The bytes as served, or None where they were taken out of the record. KeyError where there is no such capture."""
    row = db.conn.execute("SELECT body FROM captures WHERE id = ?", (capture,)).fetchone()
    if row is None:
        raise KeyError(capture)
    return None if row[0] is None else zlib.decompress(row[0])
