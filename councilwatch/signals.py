"""The signals that a daemon obeys, as events that its threads can wait for."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self


class Signals:
    """While the block lasts, SIGTERM and SIGINT set `stop`, SIGHUP sets `reload`, and each of them sets `any`."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.reload = threading.Event()
        self.any = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        meant = {signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self.reload}

        def note(number: int, _frame: FrameType | None) -> None:
            meant[signal.Signals(number)].set()
            self.any.set()

        self._before = {number: signal.signal(number, note) for number in meant}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
