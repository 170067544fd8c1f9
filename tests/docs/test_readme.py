"""Every command that the README shows is run, in its order, with the demo council in a real one's place."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from councilwatch.cli import run
from councilwatch.inbox import Inbox
from demo.site import Site
from demo.story import storyline

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line)
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
# these go on until they are stopped, or are the suite itself: what they do is tested where they live
ELSEWHERE = [["make", "demo"], ["make", "test"], ["councilwatch", "web"]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def test_the_readme_begins_with_what_it_does_a_picture_and_two_commands() -> None:
    head = README.split("## Watch")[0]
    assert head.index("tells you") < head.index("docs/alert.png") < head.index("make demo") < head.index("make test")
    assert (ROOT / "docs" / "alert.png").read_bytes().startswith(b"\x89PNG")


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_its_commands_do_what_it_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = storyline()
    moment = next(event.at for event in story.events if "Draft minutes" in event.what)
    with Site(story, lambda: moment) as site, Inbox() as inbox:
        environ = {"COUNCILWATCH_NOW": moment.isoformat()}
        for command in COMMANDS:
            if command in ELSEWHERE:
                continue
            if command[0] == "export":
                name, _, value = command[1].partition("=")
                value = value.replace("user:password@mail.example.org", inbox.address)
                environ[name] = os.path.expandvars(value) if "$" not in value else environ[value.strip("$")]
                continue
            assert command[0] == "councilwatch", command
            assert run(command[1:], environ) == 0, (command, capsys.readouterr().err)
            if command[1] == "init":
                _put_the_demo_in_place(folder / "councilwatch.toml", site.base_url)
        (mail, *_) = inbox.take()
    assert mail.to == "you@example.org"
    assert "Operation Shield Update" in mail.text
    assert "SSP/46/25" in capsys.readouterr().out


def _put_the_demo_in_place(config: Path, base_url: str) -> None:
    """No test reaches a real council."""
    text = config.read_text(encoding="utf-8")
    slug = 'slug = "stockton-on-tees"'
    assert slug in text
    own = f'{slug}\nname = "Stockton-on-Tees"\nbase_url = "{base_url}"\n'
    own += "politeness = { seconds_between_requests = 0, requests_per_day = 0 }"
    config.write_text(text.replace(slug, own), encoding="utf-8")


def test_make_demo_without_a_terminal_ends_by_itself(folder: Path) -> None:
    program = Path(sys.executable).with_name("councilwatch")
    done = subprocess.run([program, "demo"], capture_output=True, text=True, timeout=120, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "consultation planned. Operation Shield Update" in done.stdout
    for line in re.findall(r"^  (\S*councilwatch --database .+)$", done.stdout, re.MULTILINE):
        words = shlex.split(line)
        assert run(words[1:], {}) == 0, line
    assert (folder / "councilwatch-demo.db").exists()
