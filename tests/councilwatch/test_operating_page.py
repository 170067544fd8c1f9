"""What docs/operating.md tells an operator to type works, against the demo council."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from councilwatch.cli import COMMANDS, run
from councilwatch.trouble import TROUBLED
from demo.story import Story

if TYPE_CHECKING:
    from conftest import Town

ROOT = Path(__file__).parents[2]
ROOMS = ("councilwatch", "notifiers", "scraper", "history")
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TYPED = [line for block in BLOCKS for line in block.splitlines()]
OURS = list(dict.fromkeys(line for line in TYPED if line.startswith("councilwatch ")))


def test_every_command_of_ours_works_in_the_order_of_the_page(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "init").mkdir()
    environ = {"COUNCILWATCH_NOW": town.clock.moment.isoformat()}
    assert len(OURS) >= 10
    for line in OURS:
        args = shlex.split(line)[1:]
        monkeypatch.chdir(tmp_path / "init" if args[0] == "init" else tmp_path)
        code = run(args, environ)
        assert code == 0, f"{line}: {capsys.readouterr()}"


def test_every_command_that_the_words_name_exists() -> None:
    named = set(re.findall(r"`councilwatch ([a-z]+)", PAGE))
    assert named <= COMMANDS.keys()
    assert {"run", "check", "alerts", "health"} - {"run"} <= named


def test_every_state_of_trouble_has_its_row() -> None:
    rows = PAGE.partition("## When something is wrong")[2].partition("## ")[0]
    for state in (*(state for state in TROUBLED if state != "failing"), "disallowed"):
        assert f"`{state}`" in rows


def test_every_event_of_the_log_that_is_listed_is_one_and_those_of_every_day_are_listed() -> None:
    source = "".join(file.read_text("utf-8") for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    rows = PAGE.partition("| `event` | with | says |")[2].partition("\n\n")[0]
    listed = re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (.+?) \|", rows, re.MULTILINE)))
    assert len(listed) > 10
    for event in listed:
        assert re.search(rf'log\.\w+\(\s*"{re.escape(event)}', source), event
    for event in re.findall(r'log\.info\(\s*"([^"]+)"', (ROOT / "councilwatch" / "daemon.py").read_text("utf-8")):
        assert f"`{event}`" in PAGE, event


def test_files_that_are_named_are_there() -> None:
    for name in re.findall(r"\b(?:docker|docs)/[\w.]+\w|requirements\.lock|\]\((\w+\.md)", PAGE):
        if name:
            assert (ROOT / "docs" / name).exists(), name
    for name in ("docker/Dockerfile", "docker/compose.yaml", "docker/councilwatch.service", "requirements.lock"):
        assert name in PAGE
        assert (ROOT / name).exists()


@pytest.mark.parametrize("service", ["daemon", "web"])
def test_the_composed_services_are_hardened(service: str) -> None:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
    described = composed["services"][service]
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert described["restart"] == "unless-stopped"
    assert described["user"] == "10001:10001"
    assert described["mem_limit"]
    assert described["command"][0] in COMMANDS
    assert ("secrets" in described) is (service == "daemon")


def test_the_daemon_gets_thirty_seconds_and_the_secrets_of_a_fresh_config(told: Story) -> None:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
    from config.registry import councils
    from councilwatch.init import text_for

    assert composed["services"]["daemon"]["stop_grace_period"] == "30s"
    wanted = {name.lower() for name in re.findall(r"\$\{(\w+)\}", text_for(councils()["stockton-on-tees"]))}
    assert wanted == set(composed["services"]["daemon"]["secrets"]) == set(composed["secrets"])


def test_the_image_is_built_from_locks_and_runs_as_nobody_of_note() -> None:
    lines = (ROOT / "docker" / "Dockerfile").read_text().splitlines()
    said = [line for line in lines if not line.startswith("#")]
    assert said[0].startswith("ARG BASE_IMAGE=")
    assert [line for line in said if line.startswith("FROM")] == ["FROM ${BASE_IMAGE} AS build", "FROM ${BASE_IMAGE}"]
    installs = [line for line in said if "install" in line and "pip " in line]
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert re.search(r"ARG USER_ID=[1-9]\d+", "\n".join(said))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert version[0] in (ROOT / "docker" / "build.lock").read_text()


def test_the_unit_is_one_that_systemd_reads(tmp_path: Path) -> None:
    unit = (ROOT / "docker" / "councilwatch.service").read_text()
    copy = tmp_path / "councilwatch.service"
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE))
    try:
        found = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("systemd-analyze is not on this machine")
    assert (found.returncode, found.stderr) == (0, "")
