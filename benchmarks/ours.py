"""Councilwatch as a rival sees it: a config for a town's sites, and the real command line over it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from benchmarks.measure import Cost, run
from benchmarks.town import NOW
from config.addresses import resolve
from config.settings import load
from councilwatch.poll import Poller
from councilwatch.program import collect_seldom
from history.database import connect, take_clock
from scraper.fetch import Fetcher

_HEAD = """
[service]
contact = "benchmarks@example.org"
database = "councilwatch.db"

[politeness]
seconds_between_requests = 0.0
requests_per_day = 0

[[watch]]
name = "PSPOs"
{watch}

[[subscriber]]
name = "reader"
to = ["{to}"]
watches = ["PSPOs"]
"""
_COUNCIL = """
[[council]]
slug = "council-{number}"
name = "Council {number}"
base_url = "{base}"
documents = false
"""
# sqlite-utils loads NumPy where it finds it. It is here for the plots; nobody who installs the program has it.
NOT_OURS = "numpy"
_START = f"import sys; sys.modules[{NOT_OURS!r}] = None; from councilwatch.cli import main; sys.exit(main())"
_POLL = [sys.executable, "-c", _START, "poll", "--all"]


def configure(
    folder: Path, bases: Iterable[str], *, to: str = "json://127.0.0.1:9/nobody", watch: str = 'topic = "pspo"'
) -> Path:
    """Writes councilwatch.toml; papers are not read, so that all that counts is pages."""
    told = [
        _HEAD.format(to=to, watch=watch),
        *(_COUNCIL.format(number=number, base=base) for number, base in enumerate(bases)),
    ]
    path = folder / "councilwatch.toml"
    path.write_text("".join(told))
    return path


def poll(
    folder: Path, heard: Callable[[str], None] = lambda _: None, *, now: datetime = NOW, may_fail: bool = False
) -> Cost:
    """`councilwatch poll --all` in a process of its own. `may_fail`: a source that failed (exit code 1) is no error."""
    return run(_POLL, folder, _environ(now), heard, (0, 1) if may_fail else (0,))


@contextmanager
def polling(folder: Path, *, now: datetime) -> Iterator[subprocess.Popen[bytes]]:
    """The same, while it runs."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(_POLL, cwd=folder, env=_environ(now), stdout=quiet, stderr=quiet) as process:
        yield process


def _environ(now: datetime) -> dict[str, str]:
    return os.environ | {"COUNCILWATCH_NOW": now.isoformat(), "PYTHONPATH": str(Path(__file__).parents[1])}


@contextmanager
def poller(config: Path) -> Iterator[Poller]:
    """The same in this process, as the daemon has it."""
    collect_seldom()
    settings = load(config)
    db = connect(settings.service.database)
    take_clock(db, pretended=True)
    db.close()
    stop = threading.Event()
    with Fetcher(settings.service.contact, lambda: NOW, stop=stop) as fetcher:
        yield Poller(settings, resolve(settings, {}), fetcher, lambda: NOW, stop)
