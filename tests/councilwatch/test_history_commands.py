"""The commands that ask the history: what they print for people and programs, and what never reaches a terminal."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import pty
import re
import shlex
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from councilwatch.cli import run
from councilwatch.export import TABLES
from history.database import connect
from tests.history.small_history import NOW, build

COMMANDS = ("changes", "show", "diff", "search", "timeline", "export")
PRIVATE = (
    "subscribers",
    "watches",
    "subscriptions",
    "alerts",
    "messages",
    "message_alerts",
    "deliveries",
    "settings_of_record",
    "hosts",
)
ENVIRON = {"COUNCILWATCH_NOW": NOW.isoformat()}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("small") / "small.db"
    build(path).close()
    return path


@pytest.fixture
def ask(database: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command line on the small history: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)

    def asked(*args: str) -> tuple[int, str, str]:
        code = run([*args, "--database", str(database)], ENVIRON)
        told = capsys.readouterr()
        return code, told.out, told.err

    return asked


def _examples() -> list[tuple[str, ...]]:
    found = []
    for name in COMMANDS:
        help_text = importlib.import_module(f"councilwatch.{name}").command.help
        lines = [
            tuple(shlex.split(line)[1:]) for line in help_text.splitlines() if line.strip().startswith("councilwatch ")
        ]
        assert len(lines) >= 2, name
        found += lines
    return found


@pytest.mark.parametrize("line", _examples(), ids=" ".join)
def test_every_example_in_the_help_runs(ask, line: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    code, out, err = ask(*line)
    assert code == 0, err
    assert out or "written to" in err


@pytest.mark.parametrize(
    "line",
    [
        ("changes",),
        ("show", "meeting:1"),
        ("show", "item:1"),
        ("diff", "SSP/46/25"),
        ("search", "update"),
        ("timeline", "pspo"),
    ],
    ids=" ".join,
)
def test_json_is_json_and_csv_is_csv(ask, line: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = ask(*line, "--json")
    assert json.loads(out)
    _, out, _ = ask(*line, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows and all(None not in row.values() and None not in row for row in rows)
    code, out, err = ask(*line, "--json", "--csv")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_changes_are_grouped_by_meeting(ask) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = ask("changes", "--committee", "safer", "--kind", "minutes")
    assert out.splitlines()[0].startswith("Safer Stockton Partnership, Stockton-on-Tees, Wed 26 Nov 2025, 9.00 am")
    assert "[-April-] {+May+}" in out
    assert "minutes drafted  SSP/46/25 Operation Shield Update" in out


def test_since_counts_back_from_the_clock(ask) -> None:  # type: ignore[no-untyped-def]
    kinds = [row["kind"] for row in json.loads(ask("changes", "--since", "2d", "--json")[1])]
    assert kinds == ["meeting.cancelled"]
    assert ask("changes", "--since", "1h")[1] == "No changes of that kind.\n"
    assert ask("changes", "--since", "soon")[::2] == (
        2,
        'councilwatch: --since: "soon" is not a time; write it like 7d, 12h, 2w, 2026-01-14 or 2026-01-14T09:00\n',
    )


def test_show_tells_a_moment_and_its_proof(ask) -> None:  # type: ignore[no-untyped-def]
    _, before, _ = ask("show", "meeting:1", "--at", "2025-11-20")
    assert "As it stood on Thu 20 Nov 2025" in before and "expire in April" not in before and "sha256 " in before
    draft = " ".join(ask("show", "meeting:1", "--at", "2025-12-04T10:00")[1].split())
    assert "expire in April 2026" in draft and "minutes: draft" in draft and "Late paper on dogs" in draft
    now = " ".join(ask("show", "SSP/46/25")[1].split())
    assert "expire in May 2026" in now and "change:" in now
    value = json.loads(ask("show", "meeting:1", "--at", "2025-11-20", "--json")[1])
    assert [item["number"] for item in value["items"]] == ["SSP/46/25", "SSP/47/25", "SSP/53/25", "SSP/54/25"]
    assert value["proof"]["sha256"] and value["changes"]


def test_diff_tells_words_in_text_and_html(ask) -> None:  # type: ignore[no-untyped-def]
    assert "{+May+}" in ask("diff", "SSP/46/25")[1]
    html = ask("diff", "SSP/46/25", "--html")[1]
    assert "<ins>May</ins>" in html and "<h2>Operation Shield Update: minutes</h2>" in html
    value = json.loads(ask("diff", "meeting:1", "--from", "2025-11-20", "--json")[1])
    assert {one["field"] for one in value["differences"]} >= {"minutes", "decision", "minutes_state", ""}
    assert "Nothing in item:2 has changed" in ask("diff", "item:2")[1]


def test_search_marks_words_and_counts(ask) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = ask("search", "consultation", "-dogs")
    assert out.startswith("1 found, the best first") and "*consultation*" in out
    assert ask("search", "nowhere")[1] == "Nothing has these words.\n"


def test_a_timeline_reads_in_order(ask) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = ask("timeline", "pspo")
    assert out.index("2025\n") < out.index("consultation planned") < out.index("2026\n") < out.index("due: expires")
    assert "did you mean" in ask("timeline", "psop")[2]


@pytest.mark.parametrize("table", TABLES)
def test_every_public_table_is_exported_in_both_forms(ask, table: str, database: Path) -> None:  # type: ignore[no-untyped-def]
    db = connect(database, read_only=True)
    many = db[table].count
    db.close()
    assert len(ask("export", table, "--json")[1].splitlines()) == many
    assert len(list(csv.DictReader(io.StringIO(ask("export", table)[1])))) == many
    if table != "councils":
        assert ask("export", table, "--since", "1h")[0] == 0


@pytest.mark.parametrize("table", [*PRIVATE, "items_fts", "sqlite_master", "items; drop table items"])
def test_private_tables_are_not_exported(ask, table: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = ask("export", table)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_an_export_is_written_whole_or_not_at_all(ask, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert ask("export", "items", "--output", "items.csv")[0] == 0
    titles = [row["title"] for row in csv.DictReader((tmp_path / "items.csv").open(encoding="utf-8", newline=""))]
    assert "Operation Shield Update" in titles
    code, _, err = ask("export", "items", "--output", "nowhere/items.csv")
    assert code == 2 and "cannot be written" in err
    assert [path.name for path in tmp_path.iterdir()] == ["items.csv"]


@pytest.mark.parametrize(
    "line",
    [
        ("changes", "--council", "nowhere"),
        ("changes", "--kind", "minuts"),
        ("show", "meeting:99"),
        ("show", "SSP/99/99"),
        ("show", "meeting:1", "--at", "2020-01-01"),
        ("show", "meeting:1", "--at", "yesterday"),
        ("show", "change:1"),
        ("diff", "change:999"),
        ("diff", "meeting:1", "--from", "2025-12-01", "--to", "2025-11-01"),
        ("search", "update", "--committee", "nowhere"),
        ("search", "update", "--jsn"),
        ("timeline", "nothing"),
    ],
    ids=" ".join,
)
def test_errors_are_one_line_and_exit_2(ask, line: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    code, out, err = ask(*line)
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("end", ["", "--json", "--csv"])
@pytest.mark.parametrize(
    "line",
    [
        ("changes",),
        ("show", "meeting:1"),
        ("diff", "meeting:1", "--from", "2025-11-20"),
        ("search", "other", "--withdrawn"),
        ("export", "items"),
    ],
    ids=" ".join,
)
def test_no_councils_text_steers_a_terminal(database: Path, line: tuple[str, ...], end: str) -> None:
    args = [*line, "--database", str(database), *([end] if end else [])]
    shown = _on_a_terminal(args)
    assert "Any " in shown and "business" in shown
    colours_apart = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert not re.search("[\x1b\x9b\u202e\x07]", colours_apart)
    assert "\x1b[31mbusiness" not in shown
    if end == "" and line[0] != "export":
        assert "\x1b[" in shown  # on a terminal there are colours


def _on_a_terminal(args: list[str]) -> str:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {**ENVIRON, "TERM": "xterm-256color", "COLUMNS": "100"}
        os.environ.pop("NO_COLOR", None)
        os.execv(sys.executable, [sys.executable, "-c", "from councilwatch.cli import main; main()", *args])
    shown = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read
    os.close(terminal)
    os.waitpid(pid, 0)
    return shown.decode("utf-8", "replace")


@pytest.mark.parametrize("garble", [b"20x5-12-0", b"\xff\xfe25-12-0", b'{"{[}"}\x00\xff'])
@pytest.mark.parametrize("command", [("changes",), ("show", "meeting:1"), ("timeline", "pspo"), ("export", "changes")])
def test_overwritten_bytes_are_one_line_that_names_the_database(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], garble: bytes
) -> None:
    damaged = tmp_path / "damaged.db"
    with closing(connect(database, read_only=True)) as db, closing(sqlite3.connect(damaged)) as copy:
        db.conn.backup(copy)
    whole = damaged.read_bytes()
    damaged.write_bytes(re.sub(rb"202[56]-[01][0-9]-[0-3]", garble, whole))
    assert damaged.read_bytes() != whole
    code = run([*command, "--database", str(damaged)], ENVIRON)
    said = capsys.readouterr().err
    assert code in (0, 2), said
    if code:
        assert said.startswith(f"councilwatch: {damaged}: ") and "put back the newest backup" in said, said
    assert run(["changes", "--database", str(damaged)], ENVIRON) == 2


def test_what_is_missing_is_shown_by_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["forget", "item:12"], ["backfill"], ["search"]):
        assert run(command, ENVIRON) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert re.search(rf"Missing .*; for example: councilwatch {command[0]} \S", line), line
