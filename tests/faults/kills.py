"""Rounds of killing: the same morning of a council, again and again, each time with a kill somewhere else in its poll."""

from __future__ import annotations

import socket
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.faults.processes import Launcher, Process
from tests.faults.town import PSPO_ITEM, RESIDENTS, START, Watcher, added, event, town

SUBSCRIBERS = (
    RESIDENTS
    + """
[[subscriber]]
name = "readers"
to = ["mailto://127.0.0.1:{smtp}?from=us@example.org&to=one@example.org&mode=insecure"]
watches = ["PSPO consultations"]
"""
)
MINUTES = "A public consultation on the revised Public Spaces Protection Order would open in the new year."


class Mailbox:
    """An SMTP server that notes of each mail who got it, what about, and its Message-ID."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, str]] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._server: Any = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content)
        self.mails += [(to, str(mail["Subject"]), str(mail["Message-ID"])) for to in envelope.rcpt_tos]
        return "250 taken"

    def close(self) -> None:
        self._server.stop()


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one kill. `begun`: the deliveries that were with their providers when it struck.

    `lost` and `repeated` count what did not come, and what came more often, than without the kill. `renamed`: a mail
    that came twice under two Message-IDs, so that a mail client could not tell.
    """

    killed: bool
    point: str | None
    begun: int
    lost: Counter[Any]
    repeated: Counter[Any]
    renamed: bool

    def check(self) -> None:
        """0 lost; a repeat only of what was with its provider when the program was killed, and only one."""
        assert not self.lost, self
        assert self.repeated.total() <= self.begun, self
        assert not self.renamed, self


class Morning:
    """A council on a morning with much news, and its watcher, whose poll is to be killed."""

    def __init__(self, folder: Path, launcher: Launcher, *, documents: bool = True) -> None:
        self.mailbox = Mailbox()
        story = town(
            added(24),
            event(24, "Minutes", item=[{"id": 60003, "minutes": MINUTES}]),
            event(24, "Another meeting", meeting=[
                {"id": 810, "committee": 8, "starts": START.replace(day=28), "agenda": True,
                 "item": [PSPO_ITEM | {"id": 81001, "title": "Gating order"}]}]),
        )  # fmt: skip
        council = f"documents = {str(documents).lower()}"
        self.watcher = Watcher(story, folder, council=council, subscribers=SUBSCRIBERS, smtp=self.mailbox.port)
        self._launcher = launcher
        assert self._poll(self.watcher.now).wait() == 0
        self.watcher.snapshot()
        self.expected, self.points, self.seconds = self._whole()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watcher.close()
        self.mailbox.close()

    def round(self, *, kill_again_at: int | None = None, **kill: float) -> Round:
        """Everything as it was the evening before; a poll that is killed; then one more, after which nothing waits."""
        self._begin()
        killed = self._poll(self.watcher.now, **kill)
        begun = self.watcher.one("SELECT count(*) FROM deliveries WHERE state = 'sending'")
        if kill_again_at is not None:
            self._poll(self.watcher.later(minutes=10), kill_at=kill_again_at)
            begun += self.watcher.one("SELECT count(*) FROM deliveries WHERE state IN ('sending', 'unknown')")
        self.watcher.later(minutes=10)
        again = self._poll(self.watcher.now)
        assert again.wait() == 0, again.err
        self.watcher.sound()
        assert self.watcher.rows("SELECT * FROM deliveries WHERE state <> 'sent'") == []
        came = self._came()
        names: dict[Any, set[str]] = {}
        for to, subject, name in self.mailbox.mails:
            names.setdefault((to, subject), set()).add(name)
        return Round(
            killed.wait() == -9,
            killed.points[-1] if killed.points else None,
            begun,
            self.expected - came,
            came - self.expected,
            any(len(several) > 1 for several in names.values()),
        )

    def _whole(self) -> tuple[Counter[Any], tuple[str, ...], float]:
        self._begin()
        begun = time.monotonic()
        whole = self._poll(self.watcher.now)
        seconds = time.monotonic() - begun
        assert whole.wait() == 0
        return self._came(), whole.points, seconds

    def _begin(self) -> None:
        self.watcher.restore()
        for path in self.watcher.folder.glob("councilwatch.db.*"):
            path.unlink()
        self.watcher.later(hours=25)
        self.mailbox.mails.clear()

    def _came(self) -> Counter[Any]:
        mails: Counter[Any] = Counter((to, subject) for to, subject, _ in self.mailbox.mails)
        return mails + Counter((path, body["title"]) for path, body in self.watcher.hook.posts)

    def _poll(self, at: datetime, **kill: float) -> Process:
        environ = {"COUNCILWATCH_NOW": at.isoformat()}
        return self._launcher.run(self.watcher.config, "poll", "--all", environ=environ, points=True, **kill)
