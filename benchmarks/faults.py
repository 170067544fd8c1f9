"""Who cries wolf, and who stays silent: one page, each fault and each real change in turn, us and the rivals counted.

Each turn is three looks: one at the page as it was, one at what is the matter, one after. A fault is gone at the last look and
must cause no alert; a change stays and must cause one. The page is watched for every change, and for a word: the rivals out
of the box, cut to `#modgov`, and at the best that they can be set up for a word. Messages that are refused: `lost_alerts.py`.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from benchmarks import ours
from benchmarks.measure import Asked, Figure, Result
from benchmarks.receivers import hook
from benchmarks.rivals import VERSIONS, Filter, UnavailableError, rival
from benchmarks.town import NOW, serve, story
from demo.behaviour import Behaviour, Fault
from demo.council import Item
from demo.server import Request
from demo.site import Site
from demo.story import Story

WORD: Final = "PSPO"
HANG_S: Final = 5  # a request that is not answered is hung up on after so long

_TOKEN = re.compile(rb'(visitor=|name="visit" value=)"[0-9a-f]{16}"')


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the matter at the second look. A `change` stays; anything else is gone at the third.

    `news`: to whom it is news, to who watches for every change and to who watches for the word. `lasting`: a fault stays, too.
    """

    name: str
    fault: Fault | None = None
    change: Callable[[Story], Story] | None = None
    news: tuple[str, ...] = ()
    volatile: bool = False
    lasting: bool = False


@dataclass
class Score:
    """Alerts counted; `rude` are requests made inside a Retry-After."""

    watching: str
    true: int = 0
    false: int = 0
    lost: int = 0
    rude: int = 0
    wrong: list[str] = field(default_factory=list)

    def count(self, scene: Scene, alerts: int) -> None:
        due = int(self.watching in scene.news)
        self.true += min(alerts, due)
        self.false += max(0, alerts - due)
        self.lost += max(0, due - alerts)
        if alerts != due:
            self.wrong.append(f"{scene.name} ({alerts} for {due})")


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


EVERY, FOR_WORD = "every change", f"the word {WORD}"
SCENES: Final = (
    Scene("500", Fault("500")),
    Scene("no answer", Fault("hang")),
    Scene("503 with Retry-After", Fault("503", retry_after="7200"), lasting=True),
    Scene("empty body", Fault("empty body")),
    Scene("page without its items", Fault("no items")),
    Scene("maintenance page with 200", Fault("maintenance")),
    Scene("page cut off", Fault("truncated")),
    Scene("login page", Fault("login")),
    Scene("error page with 200", Fault("mgError")),
    Scene("challenge page with 200", Fault("challenge 200")),
    Scene("token in the page", volatile=True),
    Scene("one item moved to the end", change=lambda told: _items(told, lambda items: [*items[1:], items[0]])),
    Scene("one item removed", change=lambda told: _items(told, lambda items: items[1:]), news=(EVERY,)),
    Scene(f"{WORD} item added", change=_added(f"Business: {WORD} for the seafront"), news=(EVERY, FOR_WORD)),
    Scene("another item added", change=_added("Business: Allotments"), news=(EVERY,)),
)
QUICK: Final = ("503 with Retry-After", "page without its items", f"{WORD} item added")


@dataclass(frozen=True, slots=True)
class SetUp:
    """How a rival is told to watch the page."""

    name: str
    watching: str
    filter: Filter


SET_UPS: Final = (
    SetUp("out of the box", EVERY, Filter()),
    SetUp("cut to #modgov", EVERY, Filter("#modgov")),
    SetUp(f"cut to #modgov, for {WORD}", FOR_WORD, Filter("#modgov", WORD)),
)


class Council:
    """One council with one meeting, one of whose items bears the word. Its page is steady unless it is to be `volatile`."""

    def __init__(self) -> None:
        told = story(1, 16_000)
        items = [replace(item, title=f"Business: {item.title}") for item in told.base.items.values()]
        items[1] = replace(items[1], title=f"Business: {WORD} for the parks")
        self.usual = _items(told, lambda _: items)
        self.site = Site(self.usual, lambda: NOW, behaviour=Behaviour(web_service=False))
        self.volatile = False
        self.requests = 0
        self._let_go = threading.Event()
        self._server = serve(self)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.meeting = f"{self.base}/ieListDocuments.aspx?CId=101&MId=1001"

    def respond(self, target: str, host: str) -> bytes:
        self.requests += 1
        fault = self.site.behaviour.fault
        if fault is not None and fault.kind == "hang":
            self._let_go.wait(HANG_S)
            return b""
        path, _, query = target.partition("?")
        sent = self.site.respond(Request("GET", path, query, {}, 0.0))
        body = sent.body if self.volatile else _TOKEN.sub(rb'\1"0000000000000000"', sent.body)
        body = body.replace(self.site.host.encode(), host.encode())
        headers = {"Content-Type": sent.content_type, "Content-Length": str(len(body))} | sent.headers
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {sent.status} Said\r\n{told}\r\n".encode() + body

    def show(self, scene: Scene | None) -> None:
        """From now on the page is as the scene has it; None: as usual."""
        self._let_go.set()
        self._let_go = threading.Event()
        self.site.story = scene.change(self.usual) if scene and scene.change else self.usual
        self.site.behaviour = Behaviour(web_service=False, fault=scene.fault if scene else None)
        self.volatile = scene.volatile if scene else False

    def after(self, scene: Scene) -> None:
        self.show(scene if scene.change or scene.lasting else None)

    def close(self) -> None:
        self._let_go.set()
        self._server.shutdown()
        self._server.server_close()


def measure(asked: Asked) -> Result:
    scenes = [scene for scene in SCENES if scene.name in QUICK] if asked.quick else SCENES
    figures: list[Figure] = []
    silent, told = ([scene.name for scene in SCENES if bool(scene.news) == news] for news in (False, True))
    notes = [f"faults: {', '.join(silent)} are to be silent; {', '.join(told)} are to be told; for {WORD} only its own"]
    council = Council()
    try:
        for watching, watch in ((EVERY, 'any = ["business"]'), (FOR_WORD, f'any = ["{WORD}"]')):
            figures += rows("councilwatch", _ours(asked, council, scenes, watching, watch), notes, ours=True)
        for name in VERSIONS:
            for set_up in SET_UPS:
                called = f"{name}, {set_up.name}"
                try:
                    figures += rows(called, _theirs(asked, council, scenes, name, set_up), notes)
                except (UnavailableError, RuntimeError, OSError) as error:
                    notes.append(f"faults: {called}: could not be driven: {error}")
    finally:
        council.close()
    return Result(tuple(figures), tuple(notes))


def rows(name: str, score: Score, notes: list[str], *, ours: bool = False) -> list[Figure]:
    if score.wrong:
        notes.append(f"faults: {name}, watching for {score.watching}, was wrong at {', '.join(score.wrong)}")
    told = f"{score.true} true, {score.false} false, {score.lost} lost"
    bad = score.false + score.lost
    rude = f"{name}: requests inside a Retry-After, for {score.watching}"
    return [
        Figure("faults", f"{name}: alerts of {score.watching}", told, *(("0 false, 0 lost", bad == 0) if ours else ())),
        Figure("faults", rude, str(score.rude), *(("0", not score.rude) if ours else ())),
    ]


def _ours(asked: Asked, council: Council, scenes: Sequence[Scene], watching: str, watch: str) -> Score:
    score = Score(watching)
    with hook() as received:
        for number, scene in enumerate(scenes):
            asked.say(f"faults: councilwatch, {watching}, {scene.name}")
            folder = _fresh(asked.folder / "ours")
            ours.configure(folder, [council.base], to=f"json://{received.address}/reader", watch=watch)
            council.show(None)
            at = hours(number)

            def look(folder: Path = folder, at: Iterator[datetime] = at) -> None:
                ours.poll(folder, now=next(at), may_fail=True)

            look()
            received.taken = 0
            _trouble(council, scene, score, look)
            score.count(scene, received.taken)
    return score


def _theirs(asked: Asked, council: Council, scenes: Sequence[Scene], name: str, set_up: SetUp) -> Score:
    score = Score(set_up.watching)
    council.show(None)
    other = rival(name, asked.folder / f"{name}, {set_up.name}", [council.meeting], asked.say, only=set_up.filter)
    alerts = 0

    def look() -> None:
        nonlocal alerts
        alerts += bool(other.look().changed)

    try:
        for scene in scenes:
            asked.say(f"faults: {name}, {set_up.name}, {scene.name}")
            council.show(None)
            other.look()
            alerts = 0
            _trouble(council, scene, score, look)
            score.count(scene, alerts)
    finally:
        other.close()
    return score


def _trouble(council: Council, scene: Scene, score: Score, look: Callable[[], object]) -> None:
    """The second look and the third."""
    council.show(scene)
    look()
    council.after(scene)
    council.requests = 0
    look()
    score.rude += council.requests if scene.lasting else 0


def hours(number: int) -> Iterator[datetime]:
    """The times of one turn's looks, by our clock."""
    at = NOW + timedelta(days=number % 2)
    while True:
        yield at
        at += timedelta(hours=1)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
