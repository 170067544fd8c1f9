"""The rivals: how each is installed, told what to watch, and made to look once. Each lives in an environment of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from benchmarks.measure import Cost, process_cost, run

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "councilwatch-benchmarks"
VERSIONS: Final = {"urlwatch": "2.29", "webchanges": "3.37", "changedetection.io": "0.60.10"}

_FEW: Final = 10  # pages


class UnavailableError(Exception):
    """A rival that cannot be measured here; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at all pages: what it cost, and of which addresses it told a change or an error."""

    cost: Cost
    changed: frozenset[str]
    failed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a page is watched: what a CSS selector picks, and of that only the lines that hold a word."""

    css: str | None = None
    word: str | None = None


class Rival(Protocol):
    """Watches pages. `look` looks at all of them once; the first look is the one to compare with."""

    name: str

    def look(self) -> Looked: ...

    def look_killed(self, begun: Callable[[], bool]) -> None:
        """A look that is ended by SIGKILL once `begun` has returned."""

    def close(self) -> None: ...


def installed(name: str, say: Callable[[str], None]) -> Path:
    """The folder of a rival's programs, installed from the package index where it is not yet. Raises UnavailableError."""
    folder = CACHE / f"{name}-{VERSIONS[name]}"
    if (folder / "ready").exists():
        return folder / "bin"
    say(f"installing {name} {VERSIONS[name]} into {folder}")
    CACHE.mkdir(parents=True, exist_ok=True)
    pip = [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check"]
    for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, f"{name}=={VERSIONS[name]}", "cssselect"]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise UnavailableError(
                f"cannot be installed: {(done.stderr.strip() or 'pip failed').splitlines()[-1][:200]}"
            )
    (folder / "ready").touch()
    return folder / "bin"


_MAIL = """
  email:
    enabled: true
    from: watcher@example.org
    to: reader@example.org
    method: smtp
    smtp:
      host: {host}
      port: {port}
      starttls: false
      auth: false
"""


class _OnceThrough:
    """urlwatch and webchanges: a program that looks at every page once, tells, and ends."""

    def __init__(
        self, name: str, bin_: Path, folder: Path, urls: Sequence[str], only: Filter, sends_to: str | None
    ) -> None:
        self.name = name
        self._folder = folder
        with_word = "grep" if name == "urlwatch" else "keep_lines_containing"
        filters = [
            *([f"css: '{only.css}'"] if only.css else []),
            *(["html2text", f"{with_word}: '{only.word}'"] if only.word else []),
        ]
        job = "".join(["filter:\n" if filters else "", *(f"  - {each}\n" for each in filters), "---\n"])
        (folder / "jobs.yaml").write_text("".join(f"url: {url}\n{job}" for url in urls))
        host, _, port = (sends_to or "").partition(":")
        mail = _MAIL.format(host=host, port=port) if sends_to else ""
        (folder / "config.yaml").write_text(f"report:\n  stdout:\n    enabled: true\n    color: false\n{mail}")
        store = "--cache" if name == "urlwatch" else "--database"
        jobs = "--urls" if name == "urlwatch" else "--jobs"
        (folder / "hooks.py").touch()
        self._command = [str(bin_ / name), jobs, "jobs.yaml", "--config", "config.yaml", store, "seen.db"]
        self._command += ["--hooks", "hooks.py"] if name == "urlwatch" else []
        self._looked = 0.0
        self._environ = {**os.environ, "HOME": str(folder), "COLUMNS": "300", "NO_PROXY": "*"}

    def look(self) -> Looked:
        _next_second(self._looked)
        self._looked = time.time()
        cost = run(self._command, self._folder, self._environ, good=(0, 1))
        told = cost.said.splitlines()

        def of(word: str) -> frozenset[str]:
            return frozenset(line.partition(word)[2].strip() for line in told if f"{word}" in line)

        return Looked(cost, of("CHANGED:"), of("ERROR:"))

    def look_killed(self, begun: Callable[[], bool]) -> None:
        _next_second(self._looked)
        with subprocess.Popen(
            self._command, cwd=self._folder, env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            begun()
            process.kill()

    def close(self) -> None:
        """Nothing is left running."""


class _Daemon:
    """changedetection.io: a server that is told to look by its REST interface, and asked what it saw."""

    name = "changedetection.io"

    def __init__(self, bin_: Path, folder: Path, urls: Sequence[str], only: Filter, sends_to: str | None) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._data.mkdir()
        self._program = str(bin_ / "changedetection.io")
        self._changes: dict[str, int] = {}
        self._first = True
        self._start()
        try:
            for uuid in self._ask("GET", "watch"):
                self._ask("DELETE", f"watch/{uuid}")
            more: dict[str, object] = {
                **({"include_filters": [only.css]} if only.css else {}),
                **({"trigger_text": [only.word]} if only.word else {}),
                **({"notification_urls": [sends_to]} if sends_to else {}),
            }
            self._watches = {self._ask("POST", "watch", {"url": url, **more})["uuid"]: url for url in urls}
            self._wait(lambda: self._checked() == len(urls))  # each is looked at as soon as it is known
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        environ = {
            **os.environ,
            **{"HOME": str(self._folder), "FETCH_WORKERS": "1", "MINIMUM_SECONDS_RECHECK_TIME": "0", "NO_PROXY": "*"},
            **{"DISABLE_VERSION_CHECK": "true", "ALLOW_IANA_RESTRICTED_ADDRESSES": "true", "LOGGER_LEVEL": "ERROR"},
        }
        command = [self._program, "-d", str(self._data), "-p", str(self._port), "-h", "127.0.0.1"]
        with (self._folder / "log.txt").open("a") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, env=environ, stdout=log, stderr=log)
        try:
            self._key = self._wait(lambda: _key_in(self._data))
            self._wait(lambda: isinstance(self._ask("GET", "watch"), dict))
        except BaseException:
            self.close()
            raise

    def look(self) -> Looked:
        before, begun = process_cost(self._process.pid)[0], time.perf_counter()
        if not self._first:
            since = {uuid: each["last_checked"] for uuid, each in self._ask("GET", "watch").items()}
            counts = self._counts()
            _next_second(max(since.values()))
            before, begun = process_cost(self._process.pid)[0], time.perf_counter()
            self._ask("GET", "watch?recheck_all=1")
            self._wait(lambda: all(each["last_checked"] > since[u] for u, each in self._ask("GET", "watch").items()))
            if counts:
                self._wait(lambda: all(count > counts[uuid] for uuid, count in self._counts().items()))
        self._first = False
        after, peak = process_cost(self._process.pid)
        cost = Cost(time.perf_counter() - begun, after - before, peak)
        watches = self._ask("GET", "watch")
        changes = {uuid: int(each["last_changed"] or 0) for uuid, each in watches.items()}
        changed = {self._watches[u] for u, at in changes.items() if u in self._changes and at != self._changes[u]}
        self._changes = changes
        failed = {self._watches[uuid] for uuid, each in watches.items() if each.get("last_error")}
        return Looked(cost, frozenset(changed), frozenset(failed))

    def look_killed(self, begun: Callable[[], bool]) -> None:
        self._ask("GET", "watch?recheck_all=1")
        begun()
        self._process.kill()
        self._process.wait()
        self._start()

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _counts(self) -> dict[str, int]:
        """How often each was checked, to the end: a check is dated when it begins. Not asked where it would cost much."""
        uuids = self._watches if len(self._watches) <= _FEW else ()
        return {uuid: int(self._ask("GET", f"watch/{uuid}")["check_count"]) for uuid in uuids}

    def _checked(self) -> int:
        return sum(bool(each["last_checked"]) for each in self._ask("GET", "watch").values())

    def _wait(self, true: Callable[[], Any], seconds: float = 120.0) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise UnavailableError(f"ended by itself with {self._process.returncode}")
            with suppress(urllib.error.URLError, OSError, ValueError):
                if answer := true():
                    return answer
            time.sleep(1.0)  # asking is work for it too
        raise UnavailableError(f"did not do what it was asked within {seconds:.0f} seconds")

    def _ask(self, method: str, what: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"x-api-key": self._key, "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/api/v1/{what}", data=data, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None


def _next_second(since: float) -> None:
    """Waits until a time in whole seconds is another: urlwatch and changedetection.io tell their snapshots apart by it."""
    while time.time() < since + 1.1:
        time.sleep(0.05)


def _key_in(data: Path) -> str:
    """The key of its REST interface, which it makes for itself at its first start."""
    told = json.loads((data / "changedetection.json").read_text())
    return str(told["settings"]["application"].get("api_access_token") or "")


def rival(
    name: str,
    folder: Path,
    urls: Sequence[str],
    say: Callable[[str], None],
    *,
    only: Filter = Filter(),
    sends_to: str | None = None,
) -> Rival:
    """A rival that watches these pages, in an empty folder.

    `sends_to`: where its alerts go, a mail server's host and port for urlwatch and webchanges, an Apprise URL for
    changedetection.io. Raises UnavailableError.
    """
    bin_ = installed(name, say)
    folder.mkdir(parents=True)
    if name == "changedetection.io":
        return _Daemon(bin_, folder, urls, only, sends_to)
    return _OnceThrough(name, bin_, folder, urls, only, sends_to)
