"""A council on a real socket, a hook that messages go to, a config of both, and the command line over them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from councilwatch.cli import run
from demo.site import Site
from demo.story import Story, storyline
from demo.synthetic import many
from history.database import connect

THURSDAY = datetime(2025, 12, 4, 9, 0, tzinfo=UTC)  # in the storyline: the draft minutes came out on the second

CONFIG = """
[service]
contact = "tests@example.org"
{service}

[operator]
to = ["json://{hook}/operator"]
{operator}

[politeness]
seconds_between_requests = 0.0
requests_per_day = 0

[[council]]
slug = "stockton-on-tees"
base_url = "{site}"
{council}

[[watch]]
name = "PSPO consultations"
topic = "pspo"

[[subscriber]]
name = "residents"
to = ["json://{hook}/residents"]
watches = ["PSPO consultations"]
"""


@dataclass
class Clock:
    """Says the moment it was set to."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


class Hook:
    """A web hook on loopback: `posts` are (path, JSON or None); it answers `status`."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                hook.posts.append((self.path, json.loads(body)))
                self._answer()

            def do_GET(self) -> None:
                hook.posts.append((self.path, None))
                self._answer()

            def _answer(self) -> None:
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        return [path for path, _ in self.posts]


@dataclass
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass
class Town:
    """All of it. `clock` is the council's and the program's; `call` runs one command line at that time."""

    site: Site
    clock: Clock
    hook: Hook
    config: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def database(self) -> Path:
        return self.config.parent / "councilwatch.db"

    def write(self, *, service: str = "", operator: str = "", council: str = "") -> None:
        self.config.write_text(
            CONFIG.format(
                hook=self.hook.address, site=self.site.base_url, service=service, operator=operator, council=council
            )
        )

    def call(self, *args: str, real: bool = False) -> Said:
        """One command line, at the town's time or (`real`) by the clock on the wall."""
        self.capsys.readouterr()
        environ = {} if real else {"COUNCILWATCH_NOW": self.clock.moment.isoformat()}
        code = run([*args, "--config", str(self.config)], environ)
        return Said(code, *self.capsys.readouterr())

    def history(self) -> Database:
        return connect(self.database, create=False)

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        db = self.history()
        try:
            return list(db.conn.execute(question, values).fetchall())
        finally:
            db.close()


@pytest.fixture(scope="session")
def told() -> Story:
    return storyline()


@pytest.fixture(scope="session")
def long_past() -> Story:
    """Forty meetings of two committees, a week apart, half of them before 21 October 2025."""
    return many(2, 40, page_bytes=12_000, first_day=date(2025, 6, 3))


@pytest.fixture
def hook() -> Iterator[Hook]:
    opened = Hook()
    yield opened
    opened.close()


@pytest.fixture
def town_of(
    tmp_path: Path, hook: Hook, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[Story, datetime], Town]]:
    sites: list[Site] = []

    def opened(story: Story, moment: datetime) -> Town:
        clock = Clock(moment)
        site = Site(story, clock)
        site.__enter__()
        sites.append(site)
        town = Town(site, clock, hook, tmp_path / "councilwatch.toml", capsys)
        town.write()
        return town

    yield opened
    for site in sites:
        site.close()


@pytest.fixture
def town(town_of: Callable[[Story, datetime], Town], told: Story) -> Town:
    """The storyline's council on the Thursday after its draft minutes came out."""
    return town_of(told, THURSDAY)


@pytest.fixture
def until() -> Callable[[Callable[[], object], str], None]:
    """`until(true, what)` waits for what another thread or process is to bring about."""

    def wait(true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, f"in vain waited for: {what}"
            time.sleep(0.02)

    return wait
