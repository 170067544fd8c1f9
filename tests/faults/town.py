"""A small council, what happens in it, and its watcher: the whole program, with a clock and a site that a test commands."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from config.addresses import resolve
from config.settings import Settings, load
from councilwatch.cli import run
from councilwatch.poll import Poller, PollResult
from demo.behaviour import Behaviour, Fault
from demo.site import Site
from demo.story import Story, build_story
from history.database import connect, take_clock
from history.deep_check import deep_check
from scraper.fetch import Fetcher, Limits

START = datetime(2025, 11, 17, 8, 0)  # noqa: DTZ001  local, as all times in a storyline
QUICK = Limits(seconds_per_fetch=0.7)  # for sites that hang; a busy machine may need longer for all others
USUAL = Limits()

TRANSPORTS = {
    "both": Behaviour(),
    "html": Behaviour(web_service=False),
    "web service": Behaviour(html_blocked=True),
}

_TEXTS = (
    "Officers reported that the library’s café cost £40,000 more than planned.",
    "Members received the quarter’s figures – they were noted.",
    "The Chair introduced a paper on street lighting in the town centre.",
    "Waste collection would change from weekly to fortnightly in the spring.",
    "A survey of car parks had been carried out and its results were discussed.",
    "The date of the next meeting was agreed.",
)


def items_of(meeting: int, number: int = 6, **more: object) -> list[dict[str, Any]]:
    return [
        {"id": meeting * 100 + n, "number": f"{n}.", "title": f"Matter {n} of {meeting}", "text": _TEXTS[n - 1], **more}
        for n in range(1, number + 1)
    ]


PSPO_ITEM = {
    "id": 70099,
    "number": "7.",
    "title": "Town Centre PSPO",
    "text": "To seek approval for a six-week public consultation on a new Public Spaces Protection Order.",
}


def event(hours: float, what: str, **tables: object) -> dict[str, Any]:
    return {"at": START + timedelta(hours=hours), "what": what, **tables}


def added(hours: float, item: Mapping[str, Any] = PSPO_ITEM) -> dict[str, Any]:
    """An item appears on the agenda of the Cabinet's next meeting."""
    return event(hours, "An item is added", meeting=[{"id": 700, "item": [dict(item)]}])


def gone(hours: float, *items: int) -> dict[str, Any]:
    return event(hours, "Items are taken off", item=[{"id": number, "gone": True} for number in items])


def town(*events: Mapping[str, Any]) -> Story:
    """Two committees and four meetings: one past with minutes, two soon with agendas, one later without."""
    return build_story(
        {
            "council": {
                "name": "Anytown Borough Council",
                "starts": START,
                "ends": START + timedelta(days=60),
                "email": "democracy@anytown.example",
            },
            "committee": [{"id": 7, "name": "Cabinet"}, {"id": 8, "name": "Planning Committee"}],
            "meeting": [
                {"id": 600, "committee": 7, "starts": START - timedelta(days=21), "agenda": True, "minutes": True,
                 "draft": True, "item": [
                     {**each, "minutes": "The report was noted. " + each["text"]} for each in items_of(600, 5)]},
                {"id": 700, "committee": 7, "starts": START + timedelta(days=9, hours=2), "agenda": True,
                 "item": items_of(700)},
                {"id": 701, "committee": 7, "starts": START + timedelta(days=37, hours=2)},
                {"id": 800, "committee": 8, "starts": START + timedelta(days=10, hours=10), "agenda": True,
                 "item": items_of(800, 4)},
            ],
            "document": [
                {"id": 9001, "item": 70002, "title": "Figures of the quarter", "text": "The figures, in a table."},
            ],
            "event": [dict(each) for each in events],
        },
        "town",
    )  # fmt: skip


CONFIG = """
[service]
contact = "tests@example.org"
[politeness]
seconds_between_requests = 0
requests_per_day = 0
[[council]]
slug = "anytown"
name = "Anytown"
base_url = "{base_url}"
{council}
[[watch]]
name = "PSPO consultations"
topic = "pspo"
{subscribers}
[operator]
to = ["json://127.0.0.1:{hook}/operator"]
"""
RESIDENTS = """
[[subscriber]]
name = "residents"
to = ["json://127.0.0.1:{hook}/"]
watches = ["PSPO consultations"]
"""


class Hook:
    """A web hook that keeps what it takes. `status` is its answer; `answers`, while there are any, come first."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.answers: list[int] = []
        self.asked = 0
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.asked += 1
                status = hook.answers.pop(0) if hook.answers else hook.status
                if status == 200:
                    hook.posts.append((self.path, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def take(self, path: str = "/") -> list[str]:
        """What came to `path` since the last time, as subject and text."""
        taken = [f"{body['title']}\n{body['message']}" for at, body in self.posts if at == path]
        self.posts = [post for post in self.posts if post[0] != path]
        return taken

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Watcher:
    """The program that watches `story`, in a folder of its own. Every poll is a new start of it."""

    def __init__(
        self,
        story: Story,
        folder: Path,
        behaviour: Behaviour | None = None,
        *,
        council: str = "",
        subscribers: str = RESIDENTS,
        **places: object,
    ) -> None:
        self.story = story
        self.now = story.starts + timedelta(minutes=5)
        self.hook = Hook()
        self.site = Site(story, lambda: self.now, behaviour=behaviour).__enter__()
        self.usual = self.site.behaviour
        self.folder = folder
        self.config = folder / "councilwatch.toml"
        base = self.site.base_url
        people = subscribers.format(hook=self.hook.port, **places)
        self.config.write_text(
            CONFIG.format(base_url=base, hook=self.hook.port, council=council, subscribers=people), encoding="utf-8"
        )
        self.database = folder / "councilwatch.db"
        self._kept = folder / "kept.db"
        self._settings: Settings | None = None

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def strikes(self, fault: Fault | None) -> None:
        """From now on, the site has this fault."""
        self.site.behaviour = replace(self.usual, fault=fault)

    def poll(self, *, everything: bool = True, limits: Limits = USUAL) -> PollResult:
        """One poll by a program that was started for it."""
        settings = self._settings = self._settings or load(self.config)
        with closing(connect(self.database)) as db:
            take_clock(db, pretended=True)
        stop = threading.Event()
        with Fetcher("tests@example.org", lambda: self.now, stop=stop, limits=limits) as fetcher:
            return Poller(settings, resolve(settings, {}), fetcher, lambda: self.now, stop).poll(everything=everything)

    def run(self, *args: str) -> int:
        """The command line."""
        return run([*args, "--config", str(self.config)], {"COUNCILWATCH_NOW": self.now.isoformat()})

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.database)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    def one(self, sql: str, *values: object) -> Any:
        ((value,),) = (tuple(row.values()) for row in self.rows(sql, *values))
        return value

    @property
    def state(self) -> str:
        return str(self.one("SELECT state FROM sources"))

    def kinds(self, since: int = 0) -> list[str]:
        return [row["kind"] for row in self.rows("SELECT kind FROM changes WHERE id > ? ORDER BY id", since)]

    @property
    def last_change(self) -> int:
        return int(self.one("SELECT coalesce(max(id), 0) FROM changes"))

    def standing(self) -> list[dict[str, Any]]:
        """What the council has published, as the history holds it."""
        return self.rows(
            "SELECT m.meeting_id, m.starts_at, m.status, m.agenda_state, m.minutes_state, i.item_id, i.number, i.title,"
            " i.text, i.minutes, i.withdrawn_at FROM meetings m LEFT JOIN items i ON i.meeting = m.id ORDER BY 1, 6"
        )

    def snapshot(self) -> None:
        """Keeps the history as it is now, for `restore`."""
        with closing(sqlite3.connect(self.database)) as db, closing(sqlite3.connect(self._kept)) as copy:
            db.backup(copy)

    def restore(self) -> None:
        """Everything as it was at the snapshot, and nothing told since."""
        for end in ("-wal", "-shm"):
            self.database.with_name(self.database.name + end).unlink(missing_ok=True)
        shutil.copyfile(self._kept, self.database)
        self.site.behaviour = self.usual
        self.now = self.story.starts + timedelta(hours=1)
        self.hook.posts.clear()

    def begin_anew(self) -> None:
        """As if the program had never run."""
        for path in self.folder.glob("councilwatch.db*"):
            path.unlink()
        self.site.behaviour = self.usual
        self.now = self.story.starts + timedelta(hours=1)
        self.hook.posts.clear()

    def sound(self) -> None:
        """Whatever happened, the history is whole."""
        with closing(connect(self.database, read_only=True)) as db:
            assert deep_check(db) == ()

    def close(self) -> None:
        self.site.close()
        self.hook.close()
