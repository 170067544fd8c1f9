"""Where alerts arrive: a web hook and a mail server on loopback, that take, refuse, or take and never answer."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Protocol

Mood = Literal["takes", "refuses", "hangs"]
_HANG_S = 90


class Receiver(Protocol):
    """`taken` counts the messages it said yes to, `tried` all that reached it."""

    mood: Mood
    taken: int
    tried: threading.Semaphore


class Hook:
    """A web hook; refusing, it answers 500."""

    def __init__(self) -> None:
        self.mood: Mood = "takes"
        self.taken = 0
        self.tried = threading.Semaphore(0)
        self.address = ""
        self._let_go = threading.Event()

    def answer(self) -> int | None:
        self.tried.release()
        if self.mood == "hangs":
            self._let_go.wait(_HANG_S)
            return None
        self.taken += self.mood == "takes"
        return 200 if self.mood == "takes" else 500

    def let_go(self) -> None:
        self._let_go.set()


@contextmanager
def hook() -> Iterator[Hook]:
    """A web hook at `address`, host and port, for as long as the block lasts."""
    received = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = received.answer()
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    received.address = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield received
    finally:
        received.let_go()
        server.shutdown()
        server.server_close()


class Post:
    """A mail server; refusing, it answers 451."""

    def __init__(self) -> None:
        self.mood: Mood = "takes"
        self.taken = 0
        self.tried = threading.Semaphore(0)
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        self.tried.release()
        if self.mood == "hangs":
            await asyncio.sleep(_HANG_S)
        if self.mood != "takes":
            return "451 try again later"
        self.taken += 1
        return "250 taken"


@contextmanager
def post() -> Iterator[Post]:
    """A mail server at `port` for as long as the block lasts."""
    from aiosmtpd.controller import Controller

    received = Post()
    with socket.socket() as free:  # the controller connects to its own port at once, so that it must know it
        free.bind(("127.0.0.1", 0))
        received.port = free.getsockname()[1]
    controller = Controller(received, hostname="127.0.0.1", port=received.port)
    controller.start()
    try:
        yield received
    finally:
        controller.stop()
