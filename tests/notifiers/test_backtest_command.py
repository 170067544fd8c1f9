"""`councilwatch backtest WATCH`, as it is typed."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from councilwatch.backtest import command

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'
RESIDENTS = ("residents", ["PSPOs"], "")


@pytest.fixture
def backtest(book, configured, tmp_path):
    settings = configured(f"{PSPO}", RESIDENTS)
    settings.path.write_text(settings.path.read_text().replace("[service]", '[service]\ndatabase = "history.db"'))
    meeting = book.meeting(book.council())
    book.change(
        "item.added", "item", book.item(meeting, "PSPO Update", "SSP/53/25", text="The PSPO expires in May 2026.")
    )
    book.change("item.added", "item", book.item(meeting, "Apologies"))

    def run(*arguments: str):
        return CliRunner().invoke(command, arguments, obj=SimpleNamespace(config_path=settings.path))

    return run


def test_json_and_csv_tell_the_same(backtest) -> None:
    (told,) = json.loads(backtest("PSPOs", "--json").stdout)
    assert (told["kind"], told["number"], told["title"], told["words"]) == (
        "item.added",
        "SSP/53/25",
        "PSPO Update",
        "PSPO",
    )
    assert [dict(row) for row in csv.DictReader(io.StringIO(backtest("PSPOs", "--csv").stdout))] == [told]


def test_people_get_a_table_and_a_count(backtest) -> None:
    result = backtest("PSPOs")
    assert "SSP/53/25 PSPO Update" in result.stdout
    assert result.stderr == '1 alert by "PSPOs" over the recorded history\n'


def test_a_watch_that_does_not_exist_is_one_line_with_the_nearest(backtest) -> None:
    result = backtest("PSPO")
    assert result.exit_code == 2
    assert result.stderr.endswith('there is no watch "PSPO"; did you mean "PSPOs"?\n')
    assert result.stderr.count("\n") == 1


def test_without_a_history_it_says_so(backtest, tmp_path) -> None:
    for file in tmp_path.glob("history.db*"):
        file.unlink()
    result = backtest("PSPOs")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
