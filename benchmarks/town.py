"""Councils' sites on loopback, in a process of their own, so that their cost is not the measured program's.

All councils show the same meetings under their own names; each has an address of its own in 127.0.0.0/8. Pages are the
demo council's, rendered once and then sent from memory. Commands come by standard input, one a line, and each is answered
by a line: `change N` (from now on one page in N bears another sentence; 0: none), `count` (requests since it was last asked).
"""

from __future__ import annotations

import argparse
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType, TracebackType
from typing import Final, Protocol, Self
from zlib import crc32

from demo.behaviour import Behaviour
from demo.faults import Sending
from demo.server import Request
from demo.site import Site
from demo.story import Story
from demo.synthetic import many

NOW: Final = datetime(
    2026, 1, 14, 9, 0, tzinfo=UTC
)  # what time it is in the town, and for the program that looks at it
SPREAD: Final = timedelta(days=100)  # the meetings stand in the middle of the window in which meetings are looked at
COMMITTEES: Final = 30
WORDS: Final = ", point "  # in every paragraph of minutes
NEW_WORDS: Final = ", with consultation on the proposed Public Spaces Protection Order, point "


class Town:
    """The sites, from outside. A context manager; `base(n)` is the address of the n-th council's site."""

    def __init__(self, *, meetings: int = 40, web_service: bool = True, page_bytes: int = 60_000) -> None:
        self._command = [
            *(sys.executable, "-m", "benchmarks.town"),
            *("--meetings", str(meetings), "--bytes", str(page_bytes)),
            *([] if web_service else ["--html-only"]),
        ]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def base(self, number: int = 0) -> str:
        return f"http://127.0.{1 + number // 250}.{1 + number % 250}:{self.port}"

    def meeting(self, place: int) -> str:
        """The address of a meeting's page at the first council."""
        return f"{self.base()}/ieListDocuments.aspx?CId={101 + place % COMMITTEES}&MId={1_001 + place}"

    def change(self, one_in: int) -> None:
        self._tell(f"change {one_in}")

    def requests(self) -> int:
        """Requests since this was last asked."""
        return int(self._tell("count"))

    def _tell(self, command: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def story(meetings: int, page_bytes: int) -> Story:
    """`meetings` meetings of one council, evenly spread over the days that `poll --all` looks at."""
    told = many(COMMITTEES, meetings, page_bytes=page_bytes)
    first = datetime.combine(NOW.date() - SPREAD / 2, time(18))
    placed = {
        number: replace(meeting, starts=first + timedelta(hours=int(place * SPREAD / timedelta(hours=1) / meetings)))
        for place, (number, meeting) in enumerate(told.base.meetings.items())
    }
    return Story(replace(told.base, meetings=MappingProxyType(placed)), NOW - timedelta(1), NOW + timedelta(1))


class _Pages:
    """Answers, rendered when first asked for. `respond` turns a request line's target and host into bytes."""

    def __init__(self, told: Story, behaviour: Behaviour) -> None:
        self._site = Site(told, lambda: NOW, behaviour=behaviour, keep=0)
        self._sent: dict[str, Sending] = {}
        self._lock = threading.Lock()
        self.one_in = 0
        self.count = 0

    def respond(self, target: str, host: str) -> bytes:
        with self._lock:
            self.count += 1
            usual = self._sent.get(target)
            if usual is None:
                path, _, query = target.partition("?")
                usual = self._sent[target] = self._site.respond(Request("GET", path, query, {}, 0.0))
        body = usual.body.replace(self._site.host.encode(), host.encode())
        body = body.replace(b"Synthetic Council 1", b"Synthetic Council " + host.encode())
        if self.one_in and ("MId=" in target or "lMeetingId=" in target):
            number = target.rpartition("Id=")[2]
            if crc32(f"{host} {number}".encode()) % self.one_in == 0:
                body = body.replace(WORDS.encode(), NEW_WORDS.encode(), 1)
        head = f"HTTP/1.1 {usual.status} OK\r\nContent-Type: {usual.content_type}\r\nContent-Length: {len(body)}\r\n"
        more = "".join(f"{name}: {value}\r\n" for name, value in usual.headers.items())
        return f"{head}{more}\r\n".encode() + body


class Responds(Protocol):
    """A site: a request line's target and the host that was asked -> the whole answer, or nothing to hang up."""

    def respond(self, target: str, host: str) -> bytes: ...


def serve(pages: Responds) -> socketserver.ThreadingTCPServer:
    """Serves on every loopback address, on a free port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while line := self.rfile.readline():
                host = ""
                while (header := self.rfile.readline().strip()) != b"":
                    if header[:5].lower() == b"host:":
                        host = header[5:].decode().strip()
                answer = pages.respond(line.split()[1].decode(), host)
                if not answer:
                    return
                self.wfile.write(answer)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that goes away is no news."""

    server = Server(("0.0.0.0", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve councils' sites on loopback.")
    parser.add_argument("--meetings", type=int, default=40)
    parser.add_argument("--bytes", type=int, default=60_000)
    parser.add_argument("--html-only", action="store_true")
    asked = parser.parse_args()
    pages = _Pages(story(asked.meetings, asked.bytes), Behaviour(web_service=not asked.html_only))
    print(serve(pages).server_address[1], flush=True)
    commands: dict[str, Callable[[str], str]] = {
        "change": lambda n: _set(pages, int(n)),
        "count": lambda _: _count(pages),
    }
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        print(commands[word](rest), flush=True)


def _set(pages: _Pages, one_in: int) -> str:
    pages.one_in = one_in
    return "ok"


def _count(pages: _Pages) -> str:
    count, pages.count = pages.count, 0
    return str(count)


if __name__ == "__main__":
    main()
