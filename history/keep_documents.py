"""What the documents of a meeting say: which to fetch, and what came of it. Hash and text are kept, bytes are not.

All writes stand inside the caller's write_txn. `now` is aware.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from history.changes import Change
from history.database import stamp
from history.differences import Difference, Reading
from history.keep_meetings import write_document_version
from history.ledger import About, write_changes
from history.load import load_document
from history.store import store_document

_LONDON: Final = ZoneInfo("Europe/London")
_BYTES: Final = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
# What a compilation only repeats: kind of document -> the items' column whose presence makes it needless.
_REPEATS: Final = {"pack": "title", "frontsheet": "title", "minutes": "minutes", "decisions": "decision"}


@dataclass(frozen=True, slots=True)
class WantedDocument:
    """A document whose bytes are to be fetched. `id` is its row; `size` in bytes as far as the page shows it."""

    id: int
    document_id: str
    title: str
    kind: str
    url: str
    size: int | None


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document as it stands. `fetched`: its bytes were read; `wanted`: they are to be read (again)."""

    id: int
    title: str
    size_shown: str | None
    fetched: bool
    wanted: bool


class Extracted(Protocol):
    """What was made of a document's bytes: `text` None or empty, and `state` why, where there is none."""

    @property
    def text(self) -> str | None: ...
    @property
    def pages(self) -> int | None: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TextArrived:
    """The first text of a document (row), and the change that told of its being added, None in a baseline."""

    document: int
    added: int | None


@dataclass(frozen=True, slots=True)
class DocumentKept:
    """`arrived`: first texts, which are no changes of their own. `changes`: `document.replaced`, with both texts."""

    arrived: tuple[TextArrived, ...]
    changes: tuple[Change, ...]


def document_texts_wanted(db: Database, meeting: int, now: datetime) -> tuple[WantedDocument, ...]:
    """The documents of a meeting (row) to fetch now, smallest first.

    Those never fetched; those whose title, shown size or number changed; on the meeting's day all that were not fetched
    that day. Compilations only where the page does not itself say what they compile. None before its `next_look_at`.
    """
    starts_at = db.conn.execute("SELECT starts_at FROM meetings WHERE id = ?", (meeting,)).fetchone()[0]
    local = now.astimezone(_LONDON)
    fetched_before = ""
    if starts_at and datetime.fromisoformat(starts_at).date() == local.date():
        fetched_before = stamp(datetime.combine(local.date(), time(0), _LONDON))
    said = db.conn.execute(
        "SELECT count(title) > 0, count(minutes) > 0, count(decision) > 0 FROM items"
        " WHERE meeting = ? AND withdrawn_at IS NULL",
        (meeting,),
    ).fetchone()
    is_said = dict(zip(("title", "minutes", "decision"), said, strict=True))
    rows = db.conn.execute(
        "SELECT id, document_id, title, kind, url, size_shown FROM documents WHERE meeting = ? AND withdrawn_at IS NULL"
        " AND missing_since IS NULL AND forgotten_at IS NULL AND restricted = 0 AND (wanted OR fetched_at < ?)"
        " AND (next_look_at IS NULL OR next_look_at <= ?) ORDER BY id",
        (meeting, fetched_before, stamp(now)),
    )
    wanted = {  # one for each document: two items may link to the same file
        number: WantedDocument(row, number, title, kind, url, _size(shown))
        for row, number, title, kind, url, shown in rows
        if not is_said.get(_REPEATS.get(kind, ""), 0)
    }
    return tuple(sorted(wanted.values(), key=lambda document: (document.size is None, document.size or 0, document.id)))


def known_documents(db: Database, source: int, meeting_id: int) -> Mapping[str, KnownDocument]:
    """The standing documents of a meeting, by moderngov's numbers of both; empty where the meeting is not known."""
    rows = db.conn.execute(
        "SELECT d.document_id, d.id, d.title, d.size_shown, d.sha256 IS NOT NULL, d.wanted FROM documents d"
        " JOIN meetings m ON m.id = d.meeting WHERE m.source = ? AND m.meeting_id = ? AND d.withdrawn_at IS NULL",
        (source, meeting_id),
    )
    return {
        number: KnownDocument(row, title, shown, bool(fetched), bool(wanted))
        for number, row, title, shown, fetched, wanted in rows
    }


def keep_document(
    db: Database, meeting: int, document_id: str, extracted: Extracted, size: int, sha256: str, now: datetime
) -> DocumentKept:
    """Keep what was fetched of a meeting's document: `size` in bytes and `sha256` (hex) are of the bytes as served.

    Other bytes than before are `document.replaced`. Of what was taken out of the record no text is kept again.
    """
    at = stamp(now)
    arrived: list[TextArrived] = []
    changes: list[Change] = []
    rows = db.conn.execute(
        "SELECT d.id, d.item, d.notice, m.council FROM documents d JOIN meetings m ON m.id = d.meeting"
        " WHERE d.meeting = ? AND d.document_id = ?",
        (meeting, document_id),
    ).fetchall()
    for row, item, notice, council in rows:
        old = load_document(db, row)
        new = replace(old, fetched_at=at, wanted=False)
        if old.sha256 == sha256:
            store_document(db, {}, old, new, at)
            continue
        text = (extracted.text or None) if old.forgotten_at is None else None
        new = replace(new, size=size, sha256=sha256, pages=extracted.pages, text_state=extracted.state, text=text)
        store_document(db, {}, old, new, at)
        if text != old.text:
            db.conn.execute("UPDATE documents SET text = ? WHERE id = ?", (text, row))
        reading = Reading(at, old.transport or "html", old.parser or "")
        version = write_document_version(db, new, {"item": item, "notice": notice}, reading, None)
        if old.sha256 is None:
            if text is not None:
                arrived.append(TextArrived(row, _added(db, row)))
            continue
        replaced = Difference("document.replaced", "text", old.text, text)
        about = About(council, meeting, item, row, notice)
        changes += write_changes(db, about, (replaced,), version, at)
    if changes:
        db.conn.execute("UPDATE meetings SET last_changed = ? WHERE id = ?", (at, meeting))
    return DocumentKept(tuple(arrived), tuple(changes))


def _added(db: Database, document: int) -> int | None:
    row = db.conn.execute(
        "SELECT max(id) FROM changes WHERE document = ? AND kind = 'document.added'", (document,)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _size(shown: str | None) -> int | None:
    """Bytes of "821 KB"."""
    match = re.search(r"([\d.,]+)\s*([KMG]?B)\b", shown or "", re.IGNORECASE)
    if match is None:
        return None
    try:
        return int(float(match[1].replace(",", "")) * _BYTES[match[2].upper()])
    except ValueError:
        return None
