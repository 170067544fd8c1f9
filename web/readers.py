"""The pages' own way to the history: a few threads, each with a connection for reading, a snapshot and a time limit."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from sqlite_utils import Database

from history.database import connect
from web.guard import guard_pages

T = TypeVar("T")

THREADS: Final = 4
SECONDS: Final = 5.0  # that the queries of one page may take
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the clock


class TookTooLongError(Exception):
    """The page asks more of the history than a page may."""


class Readers:
    """Hands questions to threads. A page sees one state of the history, whatever is written meanwhile."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._own = threading.local()

    async def ask(self, question: Callable[[Database], T]) -> T:
        """What the question answers. Raises what it raises, HistoryError and TookTooLongError."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._ask, question)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, question: Callable[[Database], T]) -> T:
        db = self._connection()
        deadline = time.monotonic() + SECONDS
        db.conn.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
        db.conn.execute("BEGIN")
        try:
            return question(db)
        except sqlite3.OperationalError as error:
            if str(error) == "interrupted":
                raise TookTooLongError from error
            raise
        finally:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")

    def _connection(self) -> Database:
        db: Database | None = getattr(self._own, "db", None)
        if db is None:
            db = self._own.db = connect(self._database, read_only=True)
            guard_pages(db.conn)
        return db
