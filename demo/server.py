"""The wire: accepts connections on loopback, reads requests, keeps a log of them, and sends what it is told to send."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import unquote, urlsplit

from demo.faults import Sending


@dataclass(slots=True)
class Request:
    """One request as the site saw it. Times are seconds of `time.monotonic`; ``answered`` is None while it is not."""

    method: str
    path: str
    query: str
    headers: dict[str, str]  # names in lower case
    received: float
    answered: float | None = None
    status: int = 0


class Server(ThreadingHTTPServer):
    """Accepts until it is closed, and can end what is open: the stock loop looks up only twice a second."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], respond: Callable[[Request, str], Sending]) -> None:
        self.respond = respond
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._log: list[Request] = []
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def seen(self) -> tuple[Request, ...]:
        """All requests since the last `forget`, in the order of their coming."""
        with self._guard:
            return tuple(self._log)

    def note(self, request: Request) -> None:
        with self._guard:
            self._log.append(request)

    def forget(self) -> None:
        with self._guard:
            self._log.clear()

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which may ask a name server."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def serve(self) -> None:
        while not self.closing.is_set():
            try:
                connection, address = self.socket.accept()
            except OSError:
                return
            with self._guard:
                self._open.add(connection)
            self.process_request(connection, address)

    def end(self) -> None:
        """Stop accepting, and end what is open."""
        self.closing.set()
        for each in (self.socket, *self._taken()):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.socket.close()

    def _taken(self) -> tuple[socket.socket, ...]:
        with self._guard:
            return tuple(self._open)

    def shutdown_request(self, request: object) -> None:
        with self._guard:
            self._open.discard(cast(socket.socket, request))
        super().shutdown_request(request)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-IIS/10.0"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """The site keeps its own log."""

    def _serve(self) -> None:
        server = self.server
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(parts.path), parts.query, headers, time.monotonic())
        server.note(request)
        try:
            form = self.rfile.read(int(headers.get("content-length") or 0)).decode("ascii", "replace")
            sending = server.respond(request, form)
            request.status = sending.status
            if sending.way == "whole":  # before the last byte leaves: the client's next request may come at once
                request.answered = time.monotonic()
            if not sending.send(self, server.closing):
                self.close_connection = True
        finally:
            request.answered = request.answered or time.monotonic()
