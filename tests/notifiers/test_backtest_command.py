"""`councilwatch backtest WATCH`, as it is typed."""

from __future__ import annotations

import csv
import io
import json

import pytest

from councilwatch.cli import run

PSPO = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"'
RESIDENTS = ("residents", ["PSPOs"], "")


@pytest.fixture
def backtest(book, configured, capsys):
    settings = configured(f"{PSPO}", RESIDENTS)
    settings.path.write_text(settings.path.read_text().replace("[service]", '[service]\ndatabase = "history.db"'))
    meeting = book.meeting(book.council())
    book.change(
        "item.added", "item", book.item(meeting, "PSPO Update", "SSP/53/25", text="The PSPO expires in May 2026.")
    )
    book.change("item.added", "item", book.item(meeting, "Apologies"))

    def typed(*arguments: str) -> tuple[int, str, str]:
        code = run(["--config", str(settings.path), "backtest", *arguments], {})
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


def test_json_and_csv_tell_the_same(backtest) -> None:
    (told,) = json.loads(backtest("PSPOs", "--json")[1])
    assert (told["kind"], told["number"], told["title"]) == ("item.added", "SSP/53/25", "PSPO Update")
    assert told["words"] == "PSPO"
    assert [dict(row) for row in csv.DictReader(io.StringIO(backtest("PSPOs", "--csv")[1]))] == [told]


def test_people_get_a_table_and_a_count(backtest) -> None:
    code, out, err = backtest("PSPOs")
    assert code == 0
    assert "SSP/53/25 PSPO Update" in out
    assert err == '1 alert by "PSPOs" over the recorded history\n'


def test_a_watch_that_does_not_exist_is_one_line_with_the_nearest(backtest) -> None:
    code, out, err = backtest("PSPO")
    assert (code, out) == (2, "")
    assert err.endswith('there is no watch "PSPO"; did you mean "PSPOs"?\n')
    assert err.count("\n") == 1


def test_without_a_history_it_says_so_in_one_line(backtest, tmp_path) -> None:
    for file in tmp_path.glob("history.db*"):
        file.unlink()
    code, _, err = backtest("PSPOs")
    assert (code, err.count("\n")) == (2, 1)
