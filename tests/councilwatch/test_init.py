import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.registry import councils
from config.settings import AtOnce, load
from councilwatch.init import command, text_for


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, obj: object = None) -> Result:
    return CliRunner().invoke(command, words, obj=obj)


def test_writes_a_config_that_loads_and_says_what_is_next(folder: Path) -> None:
    result = run("stockton-on-tees")
    assert (result.exit_code, result.stderr) == (0, "")
    first, *steps = result.stdout.splitlines()
    assert first == "Wrote councilwatch.toml for Stockton-on-Tees Borough Council, https://moderngov.stockton.gov.uk"
    assert len(steps) == 3
    assert "councilwatch check" in steps[2]
    found = load(folder / "councilwatch.toml")
    assert [council.slug for council in found.councils] == ["stockton-on-tees"]
    assert found.operator.to == ("${OPERATOR_MAIL}",)
    assert [(watch.name, watch.topic) for watch in found.watches] == [("PSPO consultations", "pspo")]
    (subscriber,) = found.subscribers
    assert (subscriber.to, subscriber.deliver) == (("${RESIDENTS_MAIL}",), AtOnce())
    assert [path.name for path in folder.iterdir()] == ["councilwatch.toml"]


def test_every_council_s_config_is_toml() -> None:
    for slug, council in councils().items():
        assert tomllib.loads(text_for(council))["council"] == [{"slug": slug}]


def test_what_stands_in_comments_loads_too(folder: Path) -> None:
    text = text_for(councils()["adur"])
    for line in text.splitlines():
        if line.startswith(("# base_url", "# committees", "# quiet")):
            text = text.replace(line, line.removeprefix("# "))
        if line.startswith("# any"):
            text = text.replace('topic = "pspo"', "").replace(line, line.removeprefix("# "))
    (folder / "c.toml").write_text(text)
    found = load(folder / "c.toml")
    assert found.councils[0].base_url == councils()["adur"].base_url
    assert found.councils[0].committees == ("Cabinet",)
    assert found.watches[0].any == ("dog control", "car park")
    assert found.subscribers[0].quiet is not None


def test_a_shared_site_says_with_whom() -> None:
    assert "shared with worthing" in text_for(councils()["adur"])
    assert "shared" not in text_for(councils()["leeds"])


def test_never_writes_over_a_file(folder: Path) -> None:
    (folder / "councilwatch.toml").write_text("mine")
    result = run("adur")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "councilwatch.toml: is there already; name another with --config, or move it away\n"
    assert (folder / "councilwatch.toml").read_text() == "mine"


def test_an_unknown_slug_names_the_nearest(folder: Path) -> None:
    result = run("stokton-on-tees")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == '"stokton-on-tees" is not in the registry; did you mean "stockton-on-tees"?\n'
    assert list(folder.iterdir()) == []
    assert run("x\nyzzy").stderr == '"x\\nyzzy" is not in the registry; councilwatch councils lists them\n'


def test_the_file_may_have_another_name(folder: Path) -> None:
    result = run("adur", "--config", "other.toml")
    assert "councilwatch --config other.toml check" in result.stdout
    assert load(folder / "other.toml").councils[0].slug == "adur"


@dataclass
class Program:
    config_path: Path


def test_the_program_s_own_option_counts_where_the_command_has_none(folder: Path) -> None:
    assert run("adur", obj=Program(Path("program.toml"))).exit_code == 0
    assert (folder / "program.toml").exists()
    assert run("adur", "--config", "own.toml", obj=Program(Path("program.toml"))).exit_code == 0
    assert (folder / "own.toml").exists()


@pytest.mark.parametrize("target", ["none/c.toml", "."])
def test_where_nothing_can_be_written(folder: Path, target: str) -> None:
    result = run("adur", "--config", target)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert list(folder.iterdir()) == []
