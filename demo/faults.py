"""What goes wrong, on the wire: an answer that is to be sent, and the same answer after a fault has struck it."""

from __future__ import annotations

import os
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from http.server import BaseHTTPRequestHandler
from typing import Literal

from demo.behaviour import Fault
from demo.pages import notices
from demo.pages.asked import Answer, Asked

HUGE = 30 * 1024 * 1024
BOMB = 200 * 1024 * 1024
_BLANKS = b" " * (1024 * 1024)

_Way = Literal["whole", "hang", "drip", "header drip", "reset", "broken off"]


@dataclass(frozen=True, slots=True)
class Sending:
    """A response, and the way it takes to the client."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    way: _Way = "whole"
    pause: float = 0.05

    def send(self, handler: BaseHTTPRequestHandler, closing: threading.Event) -> bool:
        """Send it; False where the connection cannot be used again. Hanging and dripping end with ``closing``."""
        if self.way == "hang":
            closing.wait()
            return False
        if self.way == "reset":
            _reset(handler.connection)
            return False
        head, body = self._head(handler), b"" if handler.command == "HEAD" or self.status == 304 else self.body
        if self.way == "whole":
            handler.wfile.write(head + body)
            return True
        if self.way == "broken off":
            handler.wfile.write(head + body[: len(body) // 2])
            return False
        slow = head + body if self.way == "header drip" else body
        if self.way == "drip":
            handler.wfile.write(head)
        for at in range(len(slow)):
            if closing.wait(self.pause):
                return False
            handler.wfile.write(slow[at : at + 1])
        return True

    def _head(self, handler: BaseHTTPRequestHandler) -> bytes:
        reason = handler.responses.get(self.status, ("", ""))[0]
        rows = [f"HTTP/1.1 {self.status} {reason}", f"Date: {handler.date_time_string()}", "Server: Microsoft-IIS/10.0"]
        if self.content_type and self.status != 304:
            rows.append(f"Content-Type: {self.content_type}")
        rows += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status != 304:
            rows.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")


def struck(fault: Fault | None, usual: Sending, asked: Asked, *, root: str, address: str) -> Sending:
    """The response after the fault; ``usual`` is what would have been sent.

    ``root`` is the path below which the site lives, ``address`` is what was asked for.
    """
    if fault is None:
        return usual
    if fault.kind in ("hang", "drip", "header drip", "reset", "broken off"):
        return replace(usual, way=fault.kind, pause=fault.pause)
    wait = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    simple: dict[str, Callable[[], Sending]] = {
        "500": lambda: _notice(notices.server_error(), 500),
        "503": lambda: _notice(notices.server_error(), 503, wait),
        "429": lambda: _notice(notices.server_error(), 429, wait),
        "empty body": lambda: replace(usual, status=200, body=b""),
        "maintenance": lambda: _notice(notices.maintenance(asked)),
        "truncated": lambda: replace(usual, body=usual.body[: len(usual.body) // 2]),
        "mgError": lambda: _to_page(f"{root}/mgError.aspx", address, usual),
        "html for xml": lambda: _notice(notices.html_for_xml()),
        "challenge 403": lambda: _notice(notices.challenge(), 403),
        "challenge 200": lambda: _notice(notices.challenge()),
        "login": lambda: _to_page(f"{root}/login.aspx", address, usual),
        "wrong charset": lambda: replace(usual, body=usual.body.decode("utf-8", "replace").encode("cp1252", "replace")),
        "huge": lambda: replace(usual, body=usual.body + b"<!--" + b"." * HUGE + b"-->"),
        "gzip bomb": lambda: replace(
            usual, body=_bomb(usual.body), headers={**usual.headers, "Content-Encoding": "gzip"}
        ),
        "elsewhere": lambda: redirect(fault.to),
        "loop": lambda: redirect(address),
        "no items": lambda: usual,
    }
    return simple[fault.kind]()


def _notice(shown: Answer, status: int = 200, headers: dict[str, str] | None = None) -> Sending:
    body = shown.body if isinstance(shown.body, bytes) else shown.body.encode()
    return Sending(status, body, f"{shown.content_type}; charset=utf-8", headers or {})


def _to_page(path: str, address: str, usual: Sending) -> Sending:
    """A redirect to another page of the site, unless that is what was asked for."""
    return usual if path.lower() in address.lower() else redirect(f"{path}?aspxerrorpath=/")


def redirect(to: str) -> Sending:
    """A 302."""
    return Sending(302, b"", headers={"Location": to})


def _bomb(start: bytes) -> bytes:
    """A page followed by blanks that are 200 MB once they are unpacked, in one member of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    block, blocks = _packed_blanks(), BOMB // len(_BLANKS)
    check = zlib.crc32(start)
    for _ in range(blocks):
        check = zlib.crc32(_BLANKS, check)
    head, last_block = b"\x1f\x8b\x08" + bytes(6) + b"\xff", b"\x03\x00"
    return head + packed + block * blocks + last_block + struct.pack("<II", check, len(start) + blocks * len(_BLANKS))


@lru_cache(maxsize=1)
def _packed_blanks() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(_BLANKS) + packer.flush(zlib.Z_FULL_FLUSH)


def _reset(connection: socket.socket) -> None:
    """End a connection with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
