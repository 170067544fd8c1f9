"""What a poll that finds nothing new does not load: each of these costs it more than all of its pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.ours import NOT_OURS, configure
from demo.behaviour import Behaviour
from demo.site import Site
from demo.synthetic import many

ROOT = Path(__file__).parents[2]
READING_PAGES = ("bs4", "soupsieve", "lxml", "scraper.tree", "scraper.moderngov.meeting")
READING_TEXTS = ("notifiers.facts", "notifiers.reading", "notifiers.dates", "notifiers.mentions", "rapidfuzz")
SENDING = ("apprise", "jinja2", "css_inline", "icalendar", "notifiers.delivery", "notifiers.channels")
OTHER_COMMANDS = ("datasette", "apscheduler", "prometheus_client", "pypdfium2", "aiosmtpd", "web.plugin", "demo.site")
SHOWING = ("rich", "pygments", "asyncio", "structlog")  # what libraries of ours load where they find it


def loaded(folder: Path, *words: str, now: str | None = None) -> set[str]:
    """The modules that a command has loaded when it ends, with exit code 0."""
    told = folder / "modules.txt"
    start = (
        "import sys; from councilwatch.cli import run; import os; code = run(sys.argv[2:], dict(os.environ));"
        "open(sys.argv[1], 'w').write('\\n'.join(sys.modules)); sys.exit(code)"
    )
    environ = os.environ | {"PYTHONPATH": str(ROOT)} | ({"COUNCILWATCH_NOW": now} if now else {})
    done = subprocess.run(
        [sys.executable, "-c", start, str(told), *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(told.read_text().split())


def named(modules: set[str], unwanted: Sequence[str]) -> set[str]:
    return {name for name in unwanted if name in modules}


def test_a_poll_that_finds_nothing_new_loads_only_what_it_needs(tmp_path: Path) -> None:
    told = many(2, 3, page_bytes=12_000)
    moment = told.starts
    with Site(told, lambda: moment, behaviour=Behaviour(web_service=False)) as site:
        configure(tmp_path, [site.base_url])
        for _ in range(2):  # the first reads everything, the second finds out that nothing of it is left to be read
            first = loaded(tmp_path, "poll", "--all", now=moment.isoformat())
        again = loaded(tmp_path, "poll", "--all", now=moment.isoformat())
    assert named(first, ("councilwatch.poll",))
    assert named(again, (*READING_PAGES, *READING_TEXTS, *SENDING, *OTHER_COMMANDS, *SHOWING)) == set()


@pytest.mark.parametrize("words", [["--help"], ["councils", "Stockton"]])
def test_a_command_loads_nothing_of_the_others(tmp_path: Path, words: list[str]) -> None:
    modules = loaded(tmp_path, *words)
    assert named(modules, ("httpx", "sqlite_utils", *READING_PAGES, *SENDING, *OTHER_COMMANDS)) == set()


def test_what_the_benchmark_keeps_from_the_program_is_nothing_that_comes_with_it() -> None:
    names = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    assert names
    assert NOT_OURS not in names
