"""Each fault that may befall a database is found and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from history.database import connect
from history.deep_check import deep_check
from tests.history.keeping import begin, item, meeting


def test_a_connection_that_may_only_read_can_check(tmp_path: Path) -> None:
    site = begin(tmp_path / "history.db")
    site.reads(meeting(item(1)))
    assert deep_check(connect(tmp_path / "history.db", read_only=True)) == ()
    site.db.close()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE captures SET body = zeroblob(9)", "capture 1 is not what its hash says"),
        ("UPDATE captures SET body = NULL", "capture 1 has no body and was not forgotten"),
        ("DELETE FROM captures", "names a row of captures that is not there"),
        ("UPDATE items SET title = 'Other' WHERE id = 1", "item 1: its version says another title than its row"),
        ("UPDATE items SET version = 1 WHERE id = 1", "item 1 has no version of itself"),
        ("UPDATE changes SET version = 1 WHERE item = 1", "names no version of the thing that it is about"),
        (
            "DELETE FROM changes WHERE version = 1; DELETE FROM versions WHERE id = 1",
            "meeting 1 has no version of itself",
        ),
        ("DROP TRIGGER items_fts_update; UPDATE items SET minutes = 'hidden' WHERE id = 1", "search does not agree"),
        (
            "INSERT INTO deliveries (message, address, label) VALUES (7, 'a', 'b')",
            "delivery 1 has no message",
        ),
    ],
)
def test_damage_is_found(tmp_path: Path, damage: str, said: str) -> None:
    site = begin(tmp_path / "history.db")
    site.reads(meeting(item(1), item(2)))
    assert deep_check(site.db) == ()
    site.db.conn.execute("PRAGMA foreign_keys = OFF")
    for statement in damage.split(";"):
        site.db.conn.execute(statement)
    assert any(said in fault for fault in deep_check(site.db)), deep_check(site.db)
    site.db.close()
