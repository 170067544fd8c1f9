"""`--database` stands in the config's place wherever a command opens the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Town

AT_WORK = [
    ("check", "--deep"),
    ("poll", "--all"),
    ("run",),
    ("notify",),
    ("alerts", "--retry"),
    ("backfill", "--since", "2025-11-01"),
]


@pytest.mark.parametrize("command", AT_WORK, ids=lambda words: words[0])
def test_a_database_that_cannot_be_is_one_line_and_the_config_s_is_left_alone(
    town: Town, tmp_path: Path, command: tuple[str, ...]
) -> None:
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"not a database " * 500)
    for wrong, why in ((junk, "is not a database"), (tmp_path / "missing" / "x.db", "does not exist; make it first")):
        said = town.call(*command, "--database", str(wrong), real=command == ("run",))
        assert (said.code, len(said.err.splitlines())) == (2, 1), said
        assert f"{wrong}: " in said.err and why in said.err
    assert (town.database.exists(), town.hook.posts) == (False, [])


def test_a_poll_writes_to_the_database_named_before_or_behind_it(town: Town, tmp_path: Path) -> None:
    for name, args in (("a.db", ("--database", "{}", "poll")), ("b.db", ("poll", "--database", "{}"))):
        assert town.call(*(word.format(tmp_path / name) for word in args)).code == 0
        assert (tmp_path / name).exists()
    assert not town.database.exists()
