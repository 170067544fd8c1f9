"""Runs the program again and again, as processes of its own, and kills them where it is told to. Never imported by tests.

    python killer.py

reads one job a line on standard input, JSON, and answers each with a line: {"pid": 123, "code": -9, "points": 17}. All
modules are loaded once and every job is a fork, so that hundreds of kills cost seconds. Nothing in the product knows of
it: the points are the ends of transactions and of sends, wrapped before any other module takes hold of them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from history import database

_write_txn = database.write_txn
_job: dict[str, Any] = {}
_pipe = -1


def _point(kind: str) -> None:
    """One more point is reached; the process ends here, without a word, if it is the one."""
    os.write(_pipe, f"{kind}\n".encode())
    _job["left"] = _job.get("left", -1) - 1
    if _job["left"] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)


@contextmanager
def _watched_txn(db: Any) -> Iterator[None]:
    with _write_txn(db):
        yield
        _point("before commit")
    _point("after commit")


database.write_txn = _watched_txn  # type: ignore[assignment]

from notifiers import channels  # noqa: E402

_send = channels.send


def _watched_send(*args: Any, **kwargs: Any) -> Any:
    _point("before send")
    outcome = _send(*args, **kwargs)
    _point("after send")
    return outcome


channels.send = _watched_send

import apprise  # noqa: E402, F401

import config.addresses  # noqa: E402, F401
import councilwatch.poll_once  # noqa: E402, F401
from config import settings as config_settings  # noqa: E402
from councilwatch.cli import run  # noqa: E402

_load_topics = config_settings.load_topics
_topics = _load_topics(None)
config_settings.load_topics = lambda folder: _topics if folder is None else _load_topics(folder)


def _work(job: dict[str, Any]) -> int:
    _job["left"] = job.get("kill_at", -1)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    return run(job["args"], job["environ"])


def _kill_after(pid: int, seconds: float) -> None:
    """Kills a process after so many seconds, or finds it ended; it is not waited for here."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)


def main() -> None:
    global _pipe
    for line in sys.stdin:
        job = json.loads(line)
        reading, _pipe = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os._exit(_work(job))
        os.close(_pipe)
        if "kill_after" in job:
            _kill_after(pid, job["kill_after"])
        with os.fdopen(reading) as points:
            reached = points.read().split("\n")[:-1]
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"pid": pid, "code": os.waitstatus_to_exitcode(status), "points": reached}), flush=True)


if __name__ == "__main__":
    main()
