"""The demo's ends of the line: an inbox that takes mail by SMTP, and a hook that takes what Slack would be sent."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from aiosmtpd.controller import Controller

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str


class Inbox:
    """An SMTP server on loopback. `address` is host:port; `take` gives what arrived since."""

    def __init__(self) -> None:
        self._mails: SimpleQueue[Mail] = SimpleQueue()
        with socket.create_server(("127.0.0.1", 0)) as free:  # the controller cannot find a free port itself
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        self._server: Any = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        self._mails.put(Mail(", ".join(envelope.rcpt_tos), str(message["Subject"]), text))
        return "250 taken"

    def take(self) -> list[Mail]:
        return _all_of(self._mails)


class SlackHook:
    """An HTTP server on loopback that stands in for Slack's incoming web hooks while the block lasts."""

    def __init__(self) -> None:
        posts: SimpleQueue[str] = SimpleQueue()
        self._posts = posts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                posts.put(str(payload.get("text", "")))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the demo shows what arrives."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Self:
        from apprise.plugins.slack import NotifySlack  # noqa: PLC0415  a second of start-up

        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._before = NotifySlack.webhook_url
        NotifySlack.webhook_url = f"http://127.0.0.1:{self._server.server_address[1]}/services"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from apprise.plugins.slack import NotifySlack  # noqa: PLC0415

        NotifySlack.webhook_url = self._before
        self._server.shutdown()
        self._server.server_close()

    def take(self) -> list[str]:
        return _all_of(self._posts)


def _all_of(queue: SimpleQueue[T]) -> list[T]:
    found: list[T] = []
    while True:
        try:
            found.append(queue.get_nowait())
        except Empty:
            return found
