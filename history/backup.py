"""A verified copy of the database while it is in use."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from history.database import HistoryError, path_of, plain_errors

_COUNTED: Final = ("meetings", "items", "documents", "versions", "changes", "captures", "alerts", "deliveries")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was read back: its size in bytes, and the rows of its main tables."""

    path: Path
    size: int
    rows: dict[str, int]


def backup(db: Database, target: Path) -> Backup:
    """Copy the whole database to `target`, replaced at once when the copy has proved sound; polls may go on meanwhile.

    HistoryError where the target cannot be written, is the database itself, or the copy is not sound; then `target` is as
    it was.
    """
    if target.resolve() == path_of(db).resolve():
        raise HistoryError(f"{target}: is the database itself; name another file for the copy")
    unfinished = target.with_name(target.name + ".unfinished")
    with plain_errors(target):
        unfinished.unlink(missing_ok=True)
        try:
            rows = _copy(db, unfinished, target)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        return Backup(target, target.stat().st_size, rows)


def _copy(db: Database, unfinished: Path, target: Path) -> dict[str, int]:
    before = _count(db.conn)
    copy = sqlite3.connect(unfinished)
    try:
        db.conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
        rows = _count(copy)
    finally:
        copy.close()
    short = [table for table in _COUNTED if rows[table] < before[table]]
    if answer != "ok" or short:
        fault = answer if answer != "ok" else f"rows of {', '.join(short)} are missing"
        raise HistoryError(f"{target}: the copy is not sound ({fault}); check the disk and try again")
    return rows


def _count(conn: sqlite3.Connection) -> dict[str, int]:
    return {table: int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in _COUNTED}  # noqa: S608
