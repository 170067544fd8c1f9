"""Small facts that the service keeps of itself, each by its name, in `settings_of_record`."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

LAST_POLL: Final = "last poll"  # when the last one ended
SET_BACK: Final = "clock set back"  # JSON: when that was found, and the newest record of the time before


def noted(db: Database, name: str) -> str | None:
    """What was last noted under a name; None where nothing was."""
    row = db.conn.execute("SELECT value FROM settings_of_record WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def note(db: Database, name: str, value: str) -> None:
    """Inside the caller's write_txn: notes a value in place of what stood under the name."""
    db.conn.execute(
        "INSERT INTO settings_of_record (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (name, value),
    )
