"""Who loses an alert: a change whose message is refused once, and one whose sender is killed while it sends.

Two looks follow, at which nothing changes and the receiver is well again. urlwatch and webchanges send by mail, ours and
changedetection.io to a web hook.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from benchmarks import ours
from benchmarks.faults import SCENES, WORD, Council, hours
from benchmarks.measure import Asked, Figure, Result
from benchmarks.receivers import Mood, Receiver, hook, post
from benchmarks.rivals import VERSIONS, Rival, UnavailableError, rival

_PATIENCE_S: Final = 60
_AFTER_S: Final = 5  # changedetection.io sends in its own time, after a look
_NEWS: Final = next(scene for scene in SCENES if scene.name == f"{WORD} item added")
_TROUBLES: Final[tuple[tuple[str, Mood], ...]] = (
    ("refused once", "refuses"),
    ("killed while sending", "hangs"),
)


class _Watcher(Protocol):
    def look(self) -> object: ...

    def look_killed(self, begun: Callable[[], bool]) -> None:
        """A look that is ended by SIGKILL once `begun` has returned."""


class _Ours:
    """`councilwatch poll`, an hour later each time."""

    def __init__(self, folder: Path, base: str, address: str) -> None:
        ours.configure(folder, [base], to=f"json://{address}/reader", watch=f'any = ["{WORD}"]')
        self._folder, self._hours = folder, hours(0)

    def look(self) -> object:
        return ours.poll(self._folder, now=next(self._hours), may_fail=True)

    def look_killed(self, begun: Callable[[], bool]) -> None:
        with ours.polling(self._folder, now=next(self._hours)) as process:
            begun()
            process.kill()


def measure(asked: Asked) -> Result:
    rows: list[Figure] = []
    notes: list[str] = []
    council = Council()
    try:
        for name in ("councilwatch", *VERSIONS):
            for trouble, mood in _TROUBLES:
                asked.say(f"lost alerts: {name}, {trouble}")
                try:
                    with _watching(asked, council, name, trouble) as (watcher, receiver):
                        rows.append(_lost(council, name, trouble, mood, watcher, receiver))
                except (UnavailableError, RuntimeError, OSError) as error:
                    notes.append(f"lost alerts: {name}, {trouble}: could not be driven: {error}")
    finally:
        council.close()
    return Result(tuple(rows), tuple(notes))


@contextmanager
def _watching(asked: Asked, council: Council, name: str, trouble: str) -> Iterator[tuple[_Watcher, Receiver]]:
    folder = asked.folder / f"{name}, {trouble}"
    shutil.rmtree(folder, ignore_errors=True)
    council.show(None)
    if name == "councilwatch":
        folder.mkdir(parents=True)
        with hook() as received:
            yield _Ours(folder, council.base, received.address), received
        return
    with hook() as received, post() as letters:
        by_hook = name == "changedetection.io"
        sends_to = f"json://{received.address}/reader" if by_hook else f"127.0.0.1:{letters.port}"
        other: Rival = rival(name, folder, [council.meeting], asked.say, sends_to=sends_to)
        try:
            yield other, (received if by_hook else letters)
        finally:
            other.close()


def _lost(council: Council, name: str, trouble: str, mood: Mood, watcher: _Watcher, receiver: Receiver) -> Figure:
    watcher.look()
    watcher.look()
    while receiver.tried.acquire(blocking=False):
        pass
    receiver.taken, receiver.mood = 0, mood
    council.show(_NEWS)

    def begun() -> bool:
        return receiver.tried.acquire(timeout=_PATIENCE_S)

    if mood == "hangs":
        watcher.look_killed(begun)
    else:
        watcher.look()
        if not begun():
            raise UnavailableError("it never tried to send")
    receiver.mood = "takes"
    watcher.look()
    watcher.look()
    receiver.tried.acquire(timeout=_AFTER_S)
    told = {0: "lost", 1: "sent later"}.get(receiver.taken, f"sent {receiver.taken} times")
    goal = ("sent later", receiver.taken == 1) if name == "councilwatch" else ()
    return Figure("lost alerts", f"{name}: a message {trouble}", told, *goal)
