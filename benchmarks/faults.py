"""Who cries wolf, and who stays silent: one page, each fault and each real change in turn, us and the rivals counted.

Each turn is four looks: two at the page as it was, one at what is the matter, one after. A fault is gone at the last look and
must cause no alert; a change stays and must cause one. The rivals watch the page twice over: as they come out of the box, and
with a filter that cuts the page to `#modgov`. Ours watches the same meeting for a word that all its items bear. Last, a change
whose message is refused once by the mail server or the web hook.
"""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from benchmarks import ours
from benchmarks.measure import Asked, Figure, Result
from benchmarks.rivals import VERSIONS, UnavailableError, rival
from benchmarks.town import NOW, serve, story
from demo.behaviour import Behaviour, Fault
from demo.council import Item
from demo.server import Request
from demo.site import Site
from demo.story import Story

_TOKEN = re.compile(rb'(visitor=|name="visit" value=)"[0-9a-f]{16}"')


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the matter at the third look. A `change` stays; anything else is gone at the fourth."""

    name: str
    fault: Fault | None = None
    change: Callable[[Story], Story] | None = None
    news: bool = False
    volatile: bool = False


@dataclass
class Score:
    true: int = 0
    false: int = 0
    lost: int = 0

    def count(self, scene: Scene, alerts: int) -> None:
        due = int(scene.news)
        self.true += min(alerts, due)
        self.false += max(0, alerts - due)
        self.lost += max(0, due - alerts)


def _items(told: Story, change: Callable[[list[Item]], list[Item]]) -> Story:
    """The story with the items of its one meeting altered, in their new order."""
    items = change(list(told.base.items.values()))
    placed = {item.id: replace(item, position=place) for place, item in enumerate(items, 1)}
    papers = {number: paper for number, paper in told.base.documents.items() if paper.item in placed}
    base = replace(told.base, items=MappingProxyType(placed), documents=MappingProxyType(papers))
    return replace(told, base=base)


def _added(title: str) -> Callable[[Story], Story]:
    def change(told: Story) -> Story:
        return _items(told, lambda items: [*items, replace(items[0], id=99_999, title=title, number="99.", minutes="")])

    return change


SCENES: Final = (
    Scene("500", Fault("500")),
    Scene("503", Fault("503")),
    Scene("empty body", Fault("empty body")),
    Scene("page without its items", Fault("no items")),
    Scene("maintenance page with 200", Fault("maintenance")),
    Scene("page cut off", Fault("truncated")),
    Scene("login page", Fault("login")),
    Scene("error page with 200", Fault("mgError")),
    Scene("challenge page with 200", Fault("challenge 200")),
    Scene("token in the page", volatile=True),
    Scene("one item moved to the end", change=lambda told: _items(told, lambda items: [*items[1:], items[0]])),
    Scene("one item removed", change=lambda told: _items(told, lambda items: items[1:]), news=True),
    Scene("PSPO item added", change=_added("Business: Public Spaces Protection Order"), news=True),
    Scene("another item added", change=_added("Business: Allotments"), news=True),
)


class _Council:
    """One council with one meeting, whose page is steady unless it is to be `volatile`."""

    def __init__(self) -> None:
        told = story(1, 16_000)
        titled = {number: replace(item, title=f"Business: {item.title}") for number, item in told.base.items.items()}
        self.usual = replace(told, base=replace(told.base, items=MappingProxyType(titled)))
        self.site = Site(self.usual, lambda: NOW, behaviour=Behaviour(web_service=False))
        self.volatile = False
        self._server = serve(self)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.meeting = f"{self.base}/ieListDocuments.aspx?CId=101&MId=1001"

    def respond(self, target: str, host: str) -> bytes:
        path, _, query = target.partition("?")
        sent = self.site.respond(Request("GET", path, query, {}, 0.0))
        body = sent.body if self.volatile else _TOKEN.sub(rb'\1"0000000000000000"', sent.body)
        body = body.replace(self.site.host.encode(), host.encode())
        headers = {"Content-Type": sent.content_type, "Content-Length": str(len(body))} | sent.headers
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {sent.status} Said\r\n{told}\r\n".encode() + body

    def show(self, scene: Scene | None) -> None:
        self.site.story = scene.change(self.usual) if scene and scene.change else self.usual
        self.site.behaviour = Behaviour(web_service=False, fault=scene.fault if scene else None)
        self.volatile = scene.volatile if scene else False

    def after(self, scene: Scene) -> None:
        self.show(scene if scene.change else None)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def measure(asked: Asked) -> Result:
    scenes = SCENES[8:10] if asked.quick else SCENES
    rows: list[Figure] = []
    notes = [
        "faults: " + ", ".join(scene.name for scene in SCENES if not scene.news) + " are to be silent; "
        + ", ".join(scene.name for scene in SCENES if scene.news) + " are to be told. A hang and Retry-After are not tried here"
    ]  # fmt: skip
    council = _Council()
    try:
        rows += _told("councilwatch", _ours(asked, council, scenes), notes)
        for name in VERSIONS:
            for how, css in (("out of the box", None), ("cut to #modgov", "#modgov")):
                called = f"{name}, {how}"
                try:
                    rows += _told(called, _theirs(asked, council, scenes, name, css), notes)
                except (UnavailableError, RuntimeError, OSError) as error:
                    notes.append(f"faults: {called}: could not be driven: {error}")
        rows += _refused(asked, council, notes)
    finally:
        council.close()
    return Result(tuple(rows), tuple(notes))


def _told(name: str, result: tuple[Score, list[str]], notes: list[str]) -> list[Figure]:
    score, wrong = result
    told = f"{score.true} true, {score.false} false, {score.lost} lost"
    if wrong:
        notes.append(f"faults: {name} was wrong at {', '.join(wrong)}")
    if name != "councilwatch":
        return [Figure("faults", f"{name}: alerts", told)]
    return [Figure("faults", f"{name}: alerts", told, "0 false, 0 lost", score.false + score.lost == 0)]


def _scored(scene: Scene, alerts: int, score: Score, wrong: list[str]) -> None:
    score.count(scene, alerts)
    if alerts != int(scene.news):
        wrong.append(f"{scene.name} ({alerts} for {int(scene.news)})")


def _ours(asked: Asked, council: _Council, scenes: Sequence[Scene]) -> tuple[Score, list[str]]:
    score, wrong = Score(), list[str]()
    with _hook() as hook:
        for number, scene in enumerate(scenes):
            asked.say(f"faults: councilwatch, {scene.name}")
            folder = _fresh(asked.folder / "ours")
            ours.configure(folder, [council.base], to=f"json://{hook.address}/reader", watch='any = ["business"]')
            council.show(None)
            at = _hours(number)
            ours.poll(folder, now=next(at))
            ours.poll(folder, now=next(at))
            hook.posts = 0
            council.show(scene)
            ours.poll(folder, now=next(at), may_fail=True)
            council.after(scene)
            ours.poll(folder, now=next(at), may_fail=True)
            _scored(scene, hook.posts, score, wrong)
    return score, wrong


def _theirs(
    asked: Asked, council: _Council, scenes: Sequence[Scene], name: str, css: str | None
) -> tuple[Score, list[str]]:
    score, wrong = Score(), list[str]()
    for scene in scenes:
        asked.say(f"faults: {name}{' with a filter' if css else ''}, {scene.name}")
        council.show(None)
        folder = asked.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        other = rival(name, folder, [council.meeting], asked.say, css=css)
        try:
            other.look()
            other.look()
            council.show(scene)
            alerts = int(bool(other.look().changed))
            council.after(scene)
            alerts += bool(other.look().changed)
        finally:
            other.close()
        _scored(scene, alerts, score, wrong)
    return score, wrong


def _hours(number: int) -> Iterator[datetime]:
    at = NOW + timedelta(days=number % 2)
    while True:
        yield at
        at += timedelta(hours=1)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


class _Hook:
    """A web hook on loopback: it counts what it took with 200, and may refuse."""

    def __init__(self) -> None:
        self.posts = 0
        self.refused = 0
        self.status = 200
        self.address = ""


@contextmanager
def _hook() -> Iterator[_Hook]:
    hook = _Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if hook.status == 200:
                hook.posts += 1
            else:
                hook.refused += 1
            self.send_response(hook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.address = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()


class _Post:
    """A mail server's handler: it takes letters, or answers 451."""

    def __init__(self) -> None:
        self.letters = 0
        self.refuses = False
        self.refused = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        if self.refuses:
            self.refused += 1
            return "451 try again later"
        self.letters += 1
        return "250 taken"


def _refused(asked: Asked, council: _Council, notes: list[str]) -> list[Figure]:
    """A change whose message is refused at the first try; two more looks follow, nothing else changes."""
    scene = next(scene for scene in SCENES if scene.name == "PSPO item added")
    rows = []
    with _hook() as hook:
        asked.say("faults: councilwatch, a message refused")
        folder = _fresh(asked.folder / "ours")
        ours.configure(folder, [council.base], to=f"json://{hook.address}/reader", watch='any = ["business"]')
        council.show(None)
        at = _hours(0)
        ours.poll(folder, now=next(at))
        hook.posts = 0
        hook.status = 500
        council.show(scene)
        ours.poll(folder, now=next(at), may_fail=True)
        hook.status = 200
        for _ in range(2):
            ours.poll(folder, now=next(at), may_fail=True)
        rows.append(_arrived("councilwatch (web hook 500)", hook.posts, hook.refused))
    for name in ("urlwatch", "webchanges"):
        try:
            rows.append(_mail_refused(asked, council, name, scene))
        except (UnavailableError, RuntimeError, OSError, ImportError) as error:
            notes.append(f"faults: {name}, a message refused: could not be driven: {error}")
    notes.append(
        "faults: changedetection.io's delivery was not tried: see its own issues on notifications lost after one try"
    )
    return rows


def _mail_refused(asked: Asked, council: _Council, name: str, scene: Scene) -> Figure:
    from aiosmtpd.controller import Controller

    asked.say(f"faults: {name}, a message refused")
    post = _Post()
    with socket.socket() as free:  # the controller connects to its own port at once, so that it must know it
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        folder = asked.folder / f"{name}-mail"
        shutil.rmtree(folder, ignore_errors=True)
        council.show(None)
        other = rival(name, folder, [council.meeting], asked.say, mail_port=port)
        other.look()
        other.look()
        post.letters, post.refuses = 0, True
        council.show(scene)
        other.look()
        post.refuses = False
        other.look()
        other.look()
    finally:
        controller.stop()
    return _arrived(f"{name} (mail server 451)", post.letters, post.refused)


def _arrived(name: str, arrived: int, refused: int) -> Figure:
    if not refused:
        return Figure("faults", f"{name}: the message refused at first", "it never tried to send")
    told = {0: "lost", 1: "sent later"}.get(arrived, f"sent {arrived} times")
    goal = name.startswith("councilwatch")
    return Figure(
        "faults",
        f"{name}: the message refused at first",
        told,
        "sent later" if goal else None,
        arrived == 1 if goal else None,
    )
