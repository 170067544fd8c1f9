"""The whole program against the demo council: a config in a folder, a hook that takes what is sent, a clock to move."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from councilwatch.cli import run
from demo.behaviour import Behaviour
from demo.site import Site
from demo.story import Story

CONFIG = """
[service]
contact = "tests@example.org"
[politeness]
seconds_between_requests = 0
requests_per_day = 0
[[council]]
slug = "demo"
name = "Demo"
base_url = "{base_url}"
[[watch]]
name = "PSPO consultations"
topic = "pspo"
[[subscriber]]
name = "residents"
to = ["json://127.0.0.1:{hook}/"]
watches = ["PSPO consultations"]
[operator]
to = ["json://127.0.0.1:{hook}/operator"]
"""


class Hook:
    """A web hook that keeps what it is sent; `status` is what it answers."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if hook.status == 200:
                    hook.posts.append((self.path, body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self) -> list[str]:
        """The messages to the subscriber since the last time, as subject and text."""
        taken = [f"{body['title']}\n{body['message']}" for path, body in self.posts if path == "/"]
        self.posts = [post for post in self.posts if post[0] != "/"]
        return taken

    def take_operator(self) -> list[str]:
        taken = [f"{body['title']}\n{body['message']}" for path, body in self.posts if path == "/operator"]
        self.posts = [post for post in self.posts if post[0] != "/operator"]
        return taken

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Watched:
    """A demo council, its watcher's folder, and the moment that both stand at."""

    def __init__(self, story: Story, folder: Path, behaviour: Behaviour | None = None) -> None:
        self.story = story
        self.moment = story.starts + timedelta(minutes=5)
        self.hook = Hook()
        self.site = Site(story, lambda: self.moment, behaviour=behaviour).__enter__()
        self.config = folder / "councilwatch.toml"
        self.config.write_text(CONFIG.format(base_url=self.site.base_url, hook=self.hook.port))
        self.database = folder / "councilwatch.db"

    def run(self, *args: str) -> int:
        return run([*args, "--config", str(self.config)], {"COUNCILWATCH_NOW": self.moment.isoformat()})

    def poll(self, at: datetime | None = None) -> int:
        """`poll --all`, five minutes after the moment given."""
        if at is not None:
            self.moment = at + timedelta(minutes=5)
        return self.run("poll", "--all")

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        db = sqlite3.connect(self.database)
        db.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in db.execute(sql, values)]
        finally:
            db.close()

    def close(self) -> None:
        self.site.close()
        self.hook.close()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Any]:
    """Makes a Watched of a story (and a behaviour of the site); closes it at the end."""
    made: list[Watched] = []

    def make(story: Story, behaviour: Behaviour | None = None) -> Watched:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Watched(story, folder, behaviour))
        return made[-1]

    yield make
    for each in made:
        each.close()
