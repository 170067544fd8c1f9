"""`councilwatch try`: texts in, facts out, and one line where the input is wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from councilwatch.try_topic import command

LINE = {
    "id": "a1",
    "kind": "minutes",
    "meeting_date": "2025-11-04",
    "title": "Alcohol PSPO",
    "text": "The PSPO expires in July 2026. It was AGREED that a public consultation be carried out.",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(command, arguments, input=given)


def test_json_lines_in_and_out() -> None:
    result = _run(
        "pspo", "--json", given=json.dumps(LINE) + "\n\n" + json.dumps(LINE | {"id": 2, "text": "", "title": "x"})
    )
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {
            "id": "a1",
            "relevant": True,
            "stage": "consultation planned",
            "dates": [{"kind": "expires", "date": "2026-07", "precision": "month"}],
        },
        {"id": 2, "relevant": False, "stage": "none", "dates": []},
    ]


def test_a_text_is_shown_for_people(tmp_path: Path) -> None:
    file = tmp_path / "minutes.txt"
    file.write_text("The PSPO was discussed. The PSPO will expire on 3 June 2026.\x1b[31m")
    result = _run("pspo", str(file), "--date", "2026-01-20")
    assert result.exit_code == 0
    assert "PSPO (2)" in result.output
    assert "expiring, as told on 20 January 2026" in result.output
    assert "expires 2026-06-03" in result.output
    assert "\x1b" not in result.output


def test_a_text_about_something_else_says_so() -> None:
    assert "Nothing here about Public Spaces Protection Orders." in _run("pspo", given="Allotments.").output


def test_a_text_without_a_title_may_be_json_too() -> None:
    result = _run("pspo", "--json", given="A PSPO is in force.")
    assert json.loads(result.output)["stage"] == "in force"


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["psop"], "", 'topic "psop" does not exist; did you mean "pspo"?'),
        (["pspo", "nowhere.txt"], "", "nowhere.txt: cannot be read"),
        (["pspo", "--date", "soon"], "x", '--date: "soon" is not a date'),
        (["pspo", "--json"], '{"id": 1', "line 1: is not JSON"),
        (["pspo", "--json"], '{"id": 1}', "line 1: has neither title nor text"),
        (["pspo", "--json"], '{"text": 5}', "line 1: text must be text"),
        (["pspo", "--json"], json.dumps(LINE) + "\n[]", "line 2: is not an object"),
        (["pspo", "--json"], json.dumps(LINE | {"meeting_date": "4/11/25"}), "line 1: meeting_date"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], given: str, said: str) -> None:
    result = _run(*arguments, given=given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_operators_topics_are_known_from_the_config(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "allotments.toml").write_text('title = "Allotments"\nterms = ["allotment"]\n')
    (tmp_path / "councilwatch.toml").write_text('[service]\ntopics = "own"\n')
    result = _run("allotments", "--json", given="An allotment.")
    assert json.loads(result.output)["relevant"] is True
