"""Processes of the program, started by `launcher.py`: forks of one that has loaded everything, so that each is cheap."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


@dataclass
class Process:
    """One that was started. Its words are in files, so that a test may look at them while it lives."""

    pid: int
    said: Path
    _launcher: Launcher
    _code: int | None = None
    points: tuple[str, ...] = ()

    @property
    def out(self) -> str:
        return self.said.with_suffix(".out").read_text("utf-8")

    @property
    def err(self) -> str:
        return self.said.with_suffix(".err").read_text("utf-8")

    def log(self, event: str = "") -> list[dict[str, Any]]:
        """What it has logged so far of events that begin so."""
        said = [json.loads(line) for line in self.err.splitlines() if line.startswith("{") and line.endswith("}")]
        return [each for each in said if each["event"].startswith(event)]

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, seconds: float = 60) -> int:
        """Its exit code; minus the signal's number where one killed it. Fails where it has not ended by then."""
        code = self.ended(seconds)
        assert code is not None, f"process {self.pid} goes on"
        return code

    def ended(self, seconds: float = 0.0) -> int | None:
        if self._code is None:
            answer = self._launcher.ask({"wait": self.pid, "seconds": seconds})
            self._code, self.points = answer["code"], tuple(answer.get("points", ()))
        return self._code


class Launcher:
    """Starts processes until it is closed, which ends them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._born: list[Process] = []
        self._numbers = count()
        self._folder = TemporaryDirectory()
        self._program = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("launcher.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end_all()
        assert self._program.stdin
        self._program.stdin.close()
        self._program.wait(30)
        self._folder.cleanup()

    def start(self, config: Path, *args: str, environ: dict[str, str] | None = None, **job: Any) -> Process:
        """The command line `args` with `config`, in its folder.

        `points`: note each commit and send; `kill_at`: be killed at the so manieth of them, `kill_after`: after so many
        seconds. `limit`: no file may grow beyond so many bytes. `powerless`: without the powers of root. `mounts`:
        arguments of `mount`, for it alone. `clock`: a file that says the time, and a daemon ticks five times a second.
        """
        said = Path(self._folder.name) / f"process{next(self._numbers)}"
        words = {name: str(said.with_suffix(f".{name}")) for name in ("out", "err")}
        for file in words.values():
            Path(file).touch()
        whole = {"args": [*args, "--config", str(config)], "environ": environ or {}, "folder": str(config.parent)}
        self._born.append(Process(self.ask({**whole, **words, **job})["pid"], said, self))
        return self._born[-1]

    def run(self, config: Path, *args: str, **more: Any) -> Process:
        """The same, ended."""
        process = self.start(config, *args, **more)
        process.wait(120)
        return process

    def end_all(self) -> None:
        """No process outlives its test."""
        for process in self._born:
            if process.ended() is None:
                process.signal(9)
                process.wait(10)
        self._born.clear()

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            assert self._program.stdin and self._program.stdout
            self._program.stdin.write(json.dumps(job) + "\n")
            self._program.stdin.flush()
            answer: dict[str, Any] = json.loads(self._program.stdout.readline())
        return answer
