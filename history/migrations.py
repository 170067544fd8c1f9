"""How a database of any earlier version becomes one of this version: a list that only grows.

The first migration is `schema.sql` itself. A released migration is never edited: what comes later is a function of
its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database, Migrations

HISTORY = Migrations("councilwatch")


@HISTORY()
def begin(db: Database) -> None:
    """The schema as first released."""
    for statement in statements((Path(__file__).parent / "schema.sql").read_text("utf-8")):
        db.conn.execute(statement)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a database stands: `newer` are migrations that we do not know; `foreign`: it has tables, and none are
    ours.
    """

    applied: tuple[str, ...]
    pending: tuple[str, ...]
    newer: tuple[str, ...]
    foreign: bool


def standing(db: Database) -> Standing:
    """Reads only."""
    applied = tuple(migration.name for migration in HISTORY.applied(db))
    known = [migration.name for migration in HISTORY._migrations]
    tables = db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    # ours leave SQLite's own mark of a version at 0
    version = db.conn.execute("PRAGMA user_version").fetchone()[0]
    return Standing(
        applied=applied,
        pending=tuple(name for name in known if name not in applied),
        newer=(*(name for name in applied if name not in known), *([f"version {version}"] if version else [])),
        foreign=bool(tables) and not applied,
    )


def apply(db: Database) -> None:
    """Inside the caller's transaction, so that two processes that start at once migrate once."""
    HISTORY.apply(db)


def statements(script: str) -> Iterator[str]:
    """The statements of a script. (`executescript` would commit the transaction that the migration stands in.)"""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
