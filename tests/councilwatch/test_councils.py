import csv
import io
import json
import os
import pty
import subprocess
import sys

from click.testing import CliRunner, Result

from councilwatch.councils import command

LISTED = "import sys; from councilwatch.councils import command; command(prog_name='councils')"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words)


def test_a_line_for_each_council_without_a_terminal() -> None:
    result = run("mid", "devon")
    assert result.exit_code == 0
    assert result.stdout == "mid-devon  Mid Devon District Council  England  https://democracy.middevon.gov.uk\n"
    assert len(run().stdout.splitlines()) == 318


def test_the_columns_stand_under_each_other() -> None:
    lines = run("devon").stdout.splitlines()
    assert len({line.index("https://") for line in lines}) == 1
    assert [line.rpartition("  ")[2] for line in lines if "west-devon" in line] == ["south-hams"]


def test_json_and_csv_for_programs() -> None:
    expected = {
        "slug": "adur",
        "name": "Adur District Council",
        "nation": "England",
        "base_url": "https://democracy.adur-worthing.gov.uk",
    }
    assert json.loads(run("adur", "--json").stdout) == [expected | {"shared_with": ["worthing"]}]
    rows = list(csv.DictReader(io.StringIO(run("adur", "--csv").stdout)))
    assert rows == [expected | {"shared_with": "worthing"}]
    assert len(json.loads(run("--json").stdout)) == len(list(csv.DictReader(io.StringIO(run("--csv").stdout)))) == 318


def test_none_found_names_the_nearest() -> None:
    result = run("stokton")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'no council matches "stokton"; did you mean "stockton-on-tees"?\n'
    assert json.loads(run("xyzzy", "--json").stdout) == []
    assert run("xy\x1bzzy").stderr == 'no council matches "xy\\x1bzzy"\n'


def test_json_or_csv() -> None:
    result = run("--json", "--csv")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_table_on_a_terminal() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", LISTED, "stockton"], stdout=theirs, env=os.environ | {"COLUMNS": "200", "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                read = os.read(ours, 4096)
            except OSError:  # how a closed terminal ends
                break
            if not read:
                break
            shown += read
        assert process.wait() == 0
    os.close(ours)
    heading, row = shown.decode().strip().splitlines()
    assert "slug" in heading
    assert "https://moderngov.stockton.gov.uk" in row
