from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Town


def test_a_backup_is_whole_and_says_so(town: Town, tmp_path: Path) -> None:
    town.call("poll")
    copy = tmp_path / "copy.db"
    said = town.call("backup", str(copy))
    assert said.code == 0
    assert "sound" in said.out
    conn = sqlite3.connect(copy)
    assert conn.execute("SELECT count(*) FROM meetings").fetchone() == town.ask("SELECT count(*) FROM meetings")[0]
    conn.close()


def test_the_copy_put_in_place_of_the_database_goes_on_where_it_was(town: Town, tmp_path: Path) -> None:
    town.call("poll")
    copy = tmp_path / "copy.db"
    town.call("backup", str(copy))
    for file in town.database.parent.glob("councilwatch.db*"):
        file.unlink()
    copy.rename(town.database)
    before = len(town.hook.posts)
    assert town.call("poll", "--all").code == 0
    assert town.ask("SELECT count(*) FROM changes") == [(0,)]
    assert len(town.hook.posts) == before


def test_a_target_that_cannot_be_is_one_line(town: Town) -> None:
    town.call("poll")
    for target in (str(town.database), str(town.database.parent / "missing" / "copy.db")):
        said = town.call("backup", target)
        assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)


def test_what_is_forgotten_is_gone_and_leaves_a_mark(town: Town) -> None:
    town.call("poll")
    ((item, minutes),) = town.ask("SELECT id, minutes FROM items WHERE number = 'SSP/46/25'")
    said = town.call("forget", f"item:{item}", "--why", "the council asked", "--yes")
    assert said.code == 0
    assert said.lines[0].startswith(f"forgotten: item {item}")
    assert town.ask("SELECT minutes FROM items WHERE id = ?", item) == [(None,)]
    assert town.ask("SELECT why FROM tombstones") == [("the council asked",)]
    told = json.dumps(town.ask("SELECT content FROM versions")) + json.dumps(town.ask("SELECT reason FROM alerts"))
    assert not [said for said in minutes.splitlines() if len(said) > 60 and json.dumps(said)[1:-1] in told]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("item:1", "--why", "x"), "add --yes"),
        (("itm:1", "--why", "x", "--yes"), "is not an id"),
        (("item:0", "--why", "x", "--yes"), "is not an id"),
        (("item:1", "--why", " ", "--yes"), "--why is empty"),
        (("item:99999", "--why", "x", "--yes"), "no item 99999"),
        (("item:1",), "--why"),
    ],
)
def test_what_cannot_be_forgotten_is_one_line_and_nothing_is_lost(
    town: Town, args: tuple[str, ...], words: str
) -> None:
    town.call("poll")
    before = town.ask("SELECT count(*) FROM items WHERE text IS NOT NULL OR minutes IS NOT NULL")
    said = town.call("forget", *args)
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert words in said.err
    assert town.ask("SELECT count(*) FROM items WHERE text IS NOT NULL OR minutes IS NOT NULL") == before
