"""The outbox's other end: what waits is sent, and what became of it is written down (`ledger.py`).

All work on the database is done in the caller's thread; each address has a worker of its own, so that a slow or broken
one never delays another, and gets its messages in their order.
"""

from __future__ import annotations

import fcntl
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from config.addresses import Address, Addresses, Unread
from history.database import HistoryError, path_of
from notifiers import channels
from notifiers.bulletin import Bulletin
from notifiers.ledger import Ledger, TellOperator
from notifiers.sending import Delivered, Letter, Outcome
from notifiers.things import Row

AT_ONCE: Final = 24
"""So many addresses are served side by side."""
LOCK_SECONDS: Final = 120.0

Send = Callable[[Address, Letter], Outcome]


def deliver(
    connect: Callable[[], Database],
    addresses: Addresses | Unread,
    bulletin_of: Callable[[Database, int, datetime], Bulletin],
    clock: Callable[[], datetime],
    *,
    retry_all: bool = False,
    stop: threading.Event | None = None,
    tell_operator: TellOperator | None = None,
    send: Send = channels.send,
    draw: Callable[[], float] = random.random,
) -> Delivered:
    """Sends every delivery that is due (with `retry_all` every one that waits), each address's in their order.

    `bulletin_of(db, message id, now)` gathers what a message tells; it is asked once, and the rendered forms are kept.
    `draw` gives numbers from 0 to 1, for the jitter. After `stop` nothing new is begun. Raises HistoryError where the
    database cannot be written, or where another process has been sending for two minutes.
    """
    stop = stop or threading.Event()
    with closing(connect()) as db, _only_one(path_of(db), stop):
        ledger = Ledger(db, addresses, bulletin_of, clock, draw, tell_operator, retry_all=retry_all)
        ledger.take_up()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sending") as pool:
            # what is sent may itself cause word to the operator, so look again until nothing is due
            while not stop.is_set() and (queues := ledger.due()):
                _Round(ledger, pool, send, stop).run(queues)
        return ledger.delivered


class _Round:
    """Empties the queues, one letter at a time for each address, all addresses side by side."""

    def __init__(self, ledger: Ledger, pool: ThreadPoolExecutor, send: Send, stop: threading.Event) -> None:
        self.ledger, self.pool, self.send, self.stop = ledger, pool, send, stop
        self.running: dict[Future[Outcome], tuple[Row, deque[Row]]] = {}

    def run(self, queues: list[deque[Row]]) -> None:
        for queue in queues:
            self._begin(queue)
        while self.running:
            done, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in done:
                row, queue = self.running.pop(future)
                outcome = _result(future)
                self.ledger.record(row, outcome)
                if outcome.state in ("failed", "unknown") and outcome.about == "address":
                    self.ledger.hold(queue, row)
                    queue.clear()
                self._begin(queue)

    def _begin(self, queue: deque[Row]) -> None:
        while queue and not self.stop.is_set():
            row = queue.popleft()
            ready = self.ledger.claim(row)
            if ready is not None:
                self.running[self.pool.submit(self.send, *ready)] = (row, queue)
                return


def _result(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception as error:
        # a worker's mistake is this letter's failure, not the end of the others
        return Outcome("failed", f"could not be sent: {type(error).__name__}")


@contextmanager
def _only_one(database: Path, stop: threading.Event) -> Iterator[None]:
    """One process sends at a time, so that a row marked `sending` is a dead one's and never a living one's."""
    ends = time.monotonic() + LOCK_SECONDS
    with database.with_name(database.name + ".sending").open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > ends or stop.wait(0.1):
                    raise HistoryError(
                        f"{database}: another councilwatch is sending; try again when it is done"
                    ) from None
        yield
