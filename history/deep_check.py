"""What must hold in every database, whatever happened to the machine: any operator can ask whether it does."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from typing import Final

from sqlite_utils import Database

from history.told import left_over

# Each query names rows that ought not to be; `{}` is put for what it found.
_RULES: Final = {
    "change {} names no version of the thing that it is about": (
        "SELECT c.id FROM changes c LEFT JOIN versions v ON v.id = c.version WHERE v.id IS NULL"
        " OR (v.entity, v.entity_id) IS NOT (CASE WHEN c.document IS NOT NULL THEN 'document' WHEN c.item IS NOT NULL"
        " THEN 'item' WHEN c.notice IS NOT NULL THEN 'notice' ELSE 'meeting' END,"
        " coalesce(c.document, c.item, c.notice, c.meeting))"
    ),
    "change {} tells of before its version": (
        "SELECT c.id FROM changes c JOIN versions v ON v.id = c.version WHERE c.seen_at < v.seen_at"
    ),
    "alert {} names a change that is not there": (
        "SELECT a.id FROM alerts a LEFT JOIN changes c ON c.id = a.change WHERE a.change IS NOT NULL AND c.id IS NULL"
    ),
    "message {} of kind alert tells no alert": (
        "SELECT m.id FROM messages m LEFT JOIN message_alerts a ON a.message = m.id WHERE m.kind = 'alert'"
        " AND a.alert IS NULL"
    ),
    "delivery {} has no message": (
        "SELECT d.id FROM deliveries d LEFT JOIN messages m ON m.id = d.message WHERE m.id IS NULL"
    ),
    "delivery {} is sent without a time": "SELECT id FROM deliveries WHERE state = 'sent' AND sent_at IS NULL",
    "version {} names a capture that is not there": (
        "SELECT v.id FROM versions v LEFT JOIN captures c ON c.id = v.capture WHERE v.capture IS NOT NULL AND c.id IS NULL"
    ),
    "capture {} has no body and was not forgotten": (
        "SELECT id FROM captures WHERE body IS NULL AND forgotten_at IS NULL"
    ),
    "meeting {} has no version of itself": (
        "SELECT t.id FROM meetings t LEFT JOIN versions v ON v.id = t.version AND v.entity = 'meeting'"
        " AND v.entity_id = t.id WHERE v.id IS NULL"
    ),
    "item {} has no version of itself": (
        "SELECT t.id FROM items t LEFT JOIN versions v ON v.id = t.version AND v.entity = 'item' AND v.entity_id = t.id"
        " WHERE v.id IS NULL"
    ),
    "document {} has no version of itself": (
        "SELECT t.id FROM documents t LEFT JOIN versions v ON v.id = t.version AND v.entity = 'document'"
        " AND v.entity_id = t.id WHERE v.id IS NULL"
    ),
    "notice {} has no version of itself": (
        "SELECT t.id FROM notices t LEFT JOIN versions v ON v.id = t.version AND v.entity = 'notice'"
        " AND v.entity_id = t.id WHERE v.id IS NULL"
    ),
    "document {} stands in the item of another meeting": (
        "SELECT d.id FROM documents d JOIN items i ON i.id = d.item WHERE d.meeting IS NOT i.meeting"
    ),
}
_SHOWN: Final = 3  # rows named of each kind of fault


def deep_check(db: Database) -> tuple[str, ...]:
    """Every fault in words, none where all is well. Reads everything once, as of one moment; changes nothing.

    Search is only compared on a connection that may write: SQLite wants the write lock for it.
    """
    db.conn.execute("BEGIN")
    try:
        faults = list(_faults(db))
    finally:
        db.conn.execute("ROLLBACK")
    return (*faults, *_search(db))


def _faults(db: Database) -> Iterator[str]:
    for (answer,) in db.conn.execute("PRAGMA integrity_check(10)"):
        if answer != "ok":
            yield f"the file is damaged: {answer}"
    for table, row, other, _ in db.conn.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} names a row of {other} that is not there"
    for fault, query in _RULES.items():
        rows = [row for (row,) in db.conn.execute(query)]
        for row in rows[:_SHOWN]:
            yield fault.format(row)
        if len(rows) > _SHOWN:
            yield f"… and {len(rows) - _SHOWN} more of the kind: {fault.format('N')}"
    yield from _damaged_captures(db)
    yield from _versions_that_differ(db)
    yield from (f"message {row} still carries words of {thing}, which was forgotten" for row, thing in left_over(db))


def _damaged_captures(db: Database) -> Iterator[str]:
    for row, sha256, body in db.conn.execute("SELECT id, sha256, body FROM captures WHERE body IS NOT NULL"):
        try:
            good = hashlib.sha256(zlib.decompress(body)).hexdigest() == sha256
        except zlib.error:
            good = False
        if not good:
            yield f"capture {row} is not what its hash says"


def _versions_that_differ(db: Database) -> Iterator[str]:
    """The version that shows a thing as it stands says what its row says."""
    for entity, columns in (
        ("meeting", ("status", "agenda_state", "minutes_state", "starts_at", "venue")),
        ("item", ("title", "text", "decision", "minutes", "number", "position")),
        ("document", ("title", "text", "sha256", "document_id")),
        ("notice", ("title", "text", "status", "due")),
    ):
        listed = ", ".join(f"t.{column}" for column in columns)
        query = f"SELECT t.id, v.content, t.withdrawn_at IS NOT NULL, {listed} FROM {entity}s t JOIN versions v"  # noqa: S608
        for row, content, withdrawn, *values in db.conn.execute(f"{query} ON v.id = t.version"):
            try:
                said = json.loads(content)
            except ValueError:
                yield f"the version of {entity} {row} cannot be read"
                continue
            stands = dict(zip(columns, values, strict=True)) | {"withdrawn": bool(withdrawn)}
            for field, value in stands.items():
                if said.get(field) != value:
                    yield f"{entity} {row}: its version says another {field} than its row"


def _search(db: Database) -> Iterator[str]:
    for table in ("items", "documents"):
        try:
            # Rank 1 compares the index with the table as well; it writes nothing, but SQLite wants a write lock for it.
            db.conn.execute(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                return
            yield f"search does not agree with the table of {table} ({error}); put back the newest backup"
