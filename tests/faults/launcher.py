"""Starts the program again and again, as processes of its own, and kills them where it is told to. Never imported by tests.

    python launcher.py

Everything is loaded once and every process is a fork, so that hundreds of them cost seconds. `processes.py` speaks with
it, in lines of JSON: a job is started, and {"pid": 123} is the answer; {"wait": 123, "seconds": 5} is answered when it has
ended with {"code": -9, "points": [...]}, and with {"code": null} where it has not.

Nothing in the product knows of it. Its points are the ends of transactions and of sends, wrapped before any other module
takes hold of them: whatever writes or sends is counted, without being named here.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from history import database

ROOT = Path(__file__).parents[2]
_connect = sqlite3.connect
_write_txn = database.write_txn
_job: dict[str, Any] = {}
_pipe: list[int] = []  # the end that points are written to, in a process whose points are wanted


def _point(kind: str) -> None:
    """One more point is reached; the process ends here, without a word, if it is the one."""
    if not _pipe:
        return
    os.write(_pipe[0], f"{kind}\n".encode())
    _job["left"] = _job.get("left", -1) - 1
    if _job["left"] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)


def _caller() -> str:
    """Which `with write_txn(…)` of the product is at work: "councilwatch/poll.py:105"."""
    frame = sys._getframe(3)  # over `_watched_txn` and contextlib
    return f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno}"


@contextmanager
def _watched_txn(db: Any) -> Iterator[None]:
    where = _caller()
    with _write_txn(db):
        yield
        _point(f"before commit {where}")
    _point(f"after commit {where}")


database.write_txn = _watched_txn  # type: ignore[assignment]


def _watched_connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
    """A connection that tells of what is written outside a transaction: no kill falls before or after that."""
    connection = _connect(*args, **kwargs)
    if _pipe:
        verbs = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")

        def look(statement: str) -> None:
            if statement.lstrip().upper().startswith(verbs) and not connection.in_transaction:
                _point(f"stray write: {' '.join(statement.split())[:80]}")

        connection.set_trace_callback(look)
    return connection


sqlite3.connect = _watched_connect  # type: ignore[assignment]

from notifiers import channels  # noqa: E402

_send = channels.send


def _watched_send(*args: Any, **kwargs: Any) -> Any:
    _point("before send")
    outcome = _send(*args, **kwargs)
    _point("after send")
    return outcome


channels.send = _watched_send

from config import settings as config_settings  # noqa: E402
from councilwatch import cli, daemon  # noqa: E402
from tests.faults.town import Watcher, added, town  # noqa: E402

_load_topics = config_settings.load_topics
_topics = _load_topics(None)
config_settings.load_topics = lambda folder: _topics if folder is None else _load_topics(folder)


def _work(job: dict[str, Any]) -> int:
    _job["left"] = job.get("kill_at", -1)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(job.get(name, os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), number)
    os.chdir(job["folder"])
    for command in job.get("mounts", ()):
        _in_a_world_of_its_own()
        subprocess.run(["mount", *command], check=True)
    # the threads of the one that is copied do not come along
    sys.modules["apprise.apprise"].__dict__["_shared_executor"] = ThreadPoolExecutor(channels.WORKERS)
    if "limit" in job:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["limit"], job["limit"]))
    if job.get("powerless"):
        _give_up_all_powers()
    if "clock" in job:
        clock = Path(job["clock"])
        cli.clock_of = lambda environ: (lambda: datetime.fromisoformat(clock.read_text()).astimezone(UTC), False)
        daemon.EVERY, daemon.JITTER_S = timedelta(seconds=0.2), 0
    return cli.run(job["args"], job["environ"])


def _give_up_all_powers() -> None:
    """root may write everywhere, but for a root without its capabilities."""
    version_3_of_myself = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(version_3_of_myself, none):
        raise OSError(ctypes.get_errno(), "capset")


def _in_a_world_of_its_own() -> None:
    """Mounts that are made from here on are seen by this process only, and end with it."""
    if not _job.get("alone"):
        new_mounts = 0x00020000
        if ctypes.CDLL(None, use_errno=True).unshare(new_mounts):
            raise OSError(ctypes.get_errno(), "unshare")
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        _job["alone"] = True


def _kill_after(pid: int, seconds: float) -> None:
    """Kills a process after so many seconds, or finds it ended; it is not waited for here."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)


def _start(job: dict[str, Any], pipes: dict[int, int]) -> dict[str, Any]:
    reading, writing = os.pipe() if job.get("points") else (-1, -1)
    pid = os.fork()
    if pid == 0:
        _pipe[:] = [writing] if writing >= 0 else []
        sys.stdin.close()
        try:
            code = _work(job)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    if writing >= 0:
        os.close(writing)
        pipes[pid] = reading
    if "kill_after" in job:
        _kill_after(pid, job["kill_after"])
    return {"pid": pid}


def _wait(pid: int, seconds: float, pipes: dict[int, int]) -> dict[str, Any]:
    ends = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return {"code": os.waitstatus_to_exitcode(status), "points": _reached(pipes.pop(pid, None))}
        if time.monotonic() > ends:
            return {"code": None}
        time.sleep(0.005)


def _reached(pipe: int | None) -> list[str]:
    """The points of a process that has ended; they are few enough for a pipe to hold."""
    if pipe is None:
        return []
    with os.fdopen(pipe) as points:
        return points.read().split("\n")[:-1]


def _warm_up() -> None:
    """Whatever is loaded or made when it is first needed, is: by a poll that sends."""
    with TemporaryDirectory() as folder:
        watcher = Watcher(town(added(24)), Path(folder))
        for _ in range(2):
            watcher.run("poll", "--all")
            watcher.later(hours=25)
        watcher.close()


def main() -> None:
    pipes: dict[int, int] = {}
    answers = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    _warm_up()
    gc.freeze()  # a collection in a fork would copy the pages that all of them share
    for line in sys.stdin:
        job = json.loads(line)
        answer = _wait(job["wait"], job["seconds"], pipes) if "wait" in job else _start(job, pipes)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
