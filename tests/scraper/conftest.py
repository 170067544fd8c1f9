"""A web server that answers exactly what a test tells it to, byte for byte, and keeps a log."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from scraper.fetch import Fetcher, Host
from scraper.host import Limits
from scraper.manners import HostMemory, Manners


def answer(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """An HTTP answer; `content_type="text/html"` becomes a header."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Seen:
    path: str
    headers: Mapping[str, str]
    begun: float
    ended: float = 0.0


Reply = bytes | Callable[[socket.socket], None]


@dataclass
class WebServer:
    """`answers` is by path with query; what is not there is 404. A function writes to the socket itself."""

    answers: dict[str, Reply] = field(default_factory=dict)
    log: list[Seen] = field(default_factory=list)
    most_in_flight: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    _in_flight: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.log if seen.path != "/robots.txt"]

    def close(self) -> None:
        self.closing.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        held = b""
        with connection:
            try:
                while not self.closing.is_set():
                    while b"\r\n\r\n" not in held:
                        more = connection.recv(65536)
                        if not more:
                            return
                        held += more
                        if not held.startswith(b"GET "):
                            return
                    head, _, held = held.partition(b"\r\n\r\n")
                    self._reply(connection, head.decode("latin-1"))
            except OSError:
                return

    def _reply(self, connection: socket.socket, head: str) -> None:
        first, *rest = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        seen = Seen(first.split(" ")[1], headers, time.monotonic())
        with self._lock:
            self.log.append(seen)
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            reply = self.answers.get(seen.path, answer(status=404))
            if callable(reply):
                reply(connection)
            else:
                connection.sendall(reply)
        finally:
            with self._lock:
                self._in_flight -= 1
            seen.ended = time.monotonic()


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Visit:
    """A fetcher on its way to the server."""

    server: WebServer
    fetcher: Fetcher
    clock: Clock
    stop: threading.Event

    def host(self, manners: Manners | None = None, memory: HostMemory | None = None, spent_today: int = 0) -> Host:
        manners = manners or Manners(seconds_between_requests=0, requests_per_day=0)
        return self.fetcher.host(self.server.url, manners, memory=memory, spent_today=spent_today)


@pytest.fixture
def server() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


@pytest.fixture
def visit(server: WebServer) -> Iterator[Visit]:
    clock, stop = Clock(), threading.Event()
    limits = Limits(seconds_per_fetch=5, page_bytes=200_000, document_bytes=400_000)
    with Fetcher("you@example.org", clock, stop=stop, limits=limits) as fetcher:
        yield Visit(server, fetcher, clock, stop)


@pytest.fixture
def make_answer() -> Callable[..., bytes]:
    return answer
