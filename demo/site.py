"""The demo council's web server, on loopback: real sockets, a movable clock, a log of requests, faults on demand."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Self, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.behaviour import Behaviour, Fault
from demo.council import SiteState
from demo.faults import Sending, struck
from demo.pages import notices
from demo.pages.asked import BASE, NOW, TOKEN, Answer, Asked, NotThere
from demo.pages.routes import answer
from demo.pages.webservice import MissingParameter
from demo.story import Story, events_passed, state_at

_SESSION = re.compile(r"/\(X\(1\)S\(\w+\)\)", re.IGNORECASE)
_LIBRARY_AGENTS = ("python-requests", "python-httpx", "python-urllib", "curl", "scrapy", "wget")


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


@dataclass(slots=True)
class _Kept:
    """Rendered pages of one state of the council; thrown away when it changes."""

    key: tuple[int, str] = (-1, "")
    state: SiteState | None = None
    pages: dict[tuple[object, ...], Answer] = field(default_factory=dict)


class Site:
    """A council's site at ``base_url``. ``clock`` says what time it is there (aware); it may jump.

    ``behaviour`` may be set to another value at any time. ``keep`` is how many rendered pages are remembered for as
    long as the council's state does not change. Use as a context manager; closing it ends requests that hang or drip.
    """

    def __init__(
        self,
        story: Story,
        clock: Callable[[], datetime],
        *,
        behaviour: Behaviour | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        keep: int = 256,
    ) -> None:
        self.story = story
        self.clock = clock
        self.closing = threading.Event()
        self._behaviour = behaviour or Behaviour()
        self._struck = 0
        self._keep = keep
        self._kept = _Kept()
        self._lock = threading.Lock()
        self._log: list[Request] = []
        self._server = _Server((host, port), _Handler)
        self._server.site = self
        self._thread = threading.Thread(target=self._server.serve, name="demo council", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; connections that are open are ended."""
        self.closing.set()
        self._server.end()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def host(self) -> str:
        """``127.0.0.1:port``."""
        name, port = self._server.server_address[:2]
        return f"{name!s}:{port}"

    @property
    def base_url(self) -> str:
        """The site's address without a slash at the end."""
        return f"http://{self.host}{self.behaviour.prefix}"

    @property
    def behaviour(self) -> Behaviour:
        return self._behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        with self._lock:
            self._behaviour, self._struck = behaviour, 0
            self._kept = _Kept()

    @property
    def state(self) -> SiteState:
        """What the site shows now."""
        return self._state_and_pages()[0]

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests since the start or the last `forget_requests`, in the order of their coming."""
        with self._lock:
            return tuple(self._log)

    def forget_requests(self) -> None:
        with self._lock:
            self._log.clear()

    def most_in_flight(self) -> int:
        """How many requests were open at once, at most: 1 for a polite client."""
        marks = [(request.received, 1) for request in self.requests]
        marks += [(request.answered, -1) for request in self.requests if request.answered is not None]
        most = current = 0
        for _, step in sorted(marks):
            current += step
            most = max(most, current)
        return most

    def _state_and_pages(self) -> tuple[SiteState, dict[tuple[object, ...], Answer]]:
        moment = self.clock()
        day = moment.astimezone(self.story.base.zone).date().isoformat()
        key = (events_passed(self.story, moment), day)
        with self._lock:
            if self._kept.key != key or self._kept.state is None:
                self._kept = _Kept(key, state_at(self.story, moment))
            assert self._kept.state is not None
            return self._kept.state, self._kept.pages

    def _begin(self, request: Request) -> None:
        with self._lock:
            self._log.append(request)

    def _strikes(self, behaviour: Behaviour, target: str) -> Fault | None:
        """The fault that strikes this request, counted."""
        fault = behaviour.fault
        if fault is None or not fault.strikes(target):
            return None
        with self._lock:
            if fault.times is not None and self._struck >= fault.times:
                return None
            self._struck += 1
        return fault

    def respond(self, request: Request, form: str = "") -> Sending:
        """What goes back for a request."""
        behaviour = self.behaviour
        target = f"{request.path}?{request.query}" if request.query else request.path
        address = f"http://{self.host}{target}"
        fault = self._strikes(behaviour, target)
        state, pages = self._state_and_pages()
        path = request.path
        if path == "/robots.txt":
            robots = behaviour.robots
            sending = Sending(robots.status, robots.body.encode(), f"{robots.content_type}; charset=utf-8")
            return struck(fault, sending, self._asked(state, behaviour, ""), address) if fault else sending
        if not path.lower().startswith(f"{behaviour.prefix}/".lower()):
            return Sending(404, _text(notices.not_found()), "text/html; charset=utf-8")
        path = path[len(behaviour.prefix) :]
        if behaviour.session_in_path:
            session = _SESSION.match(path)
            if session is None:
                token = sha256(f"{len(self._log)}".encode()).hexdigest()[:24]
                return Sending(
                    302,
                    b"",
                    headers={"Location": f"{behaviour.prefix}/(X(1)S({token})){target[len(behaviour.prefix) :]}"},
                )
            path = path[session.end() :]
        asked = self._asked(state, behaviour, "&".join(filter(None, (request.query, form))))
        if fault:
            if fault.kind == "no items":
                lost = (
                    state.without_items()
                    if "listdocuments" in path.lower() or "getmeeting?" in target.lower()
                    else None
                )
                asked = Asked(lost or state.without_meetings(), asked.query, behaviour, asked.language)
                return self._page(asked, path, request, {})
            usual = self._page(asked, path, request, pages)
            return struck(fault, usual, asked, address)
        return self._page(asked, path, request, pages)

    def _asked(self, state: SiteState, behaviour: Behaviour, query: str) -> Asked:
        wanted = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
        language = {"0": "en", "1": "cy"}.get(wanted.get("lll", ""), behaviour.language)
        return Asked(state, MappingProxyType(wanted), behaviour, language)

    def _page(self, asked: Asked, path: str, request: Request, pages: dict[tuple[object, ...], Answer]) -> Sending:
        behaviour, low = asked.behaviour, path.lower()
        is_page = low.endswith(".aspx") and "mgconvert2pdf" not in low
        agent = request.headers.get("user-agent", "").lower()
        if behaviour.needs_user_agent and (not agent or agent.startswith(_LIBRARY_AGENTS)):
            return self._sent(behaviour, notices.challenge(), 403)
        if behaviour.html_blocked and (is_page or low == "/"):
            return self._sent(behaviour, notices.challenge(), 403)
        if not behaviour.web_service and low.startswith("/mgwebservice.asmx"):
            return self._sent(behaviour, notices.not_found(), 404)
        if asked.state.council.maintenance:
            return self._sent(behaviour, notices.maintenance(asked))
        if low in ("", "/"):
            return Sending(302, b"", headers={"Location": "ieDocHome.aspx"})
        key = (low, tuple(sorted(asked.query.items())), asked.language)
        try:
            shown = pages.get(key)
            if shown is None:
                shown = answer(asked, path.removeprefix("/"))
                if len(pages) < self._keep:
                    pages[key] = shown
        except NotThere:
            if low.startswith("/mgwebservice.asmx"):
                return self._sent(
                    behaviour, Answer("System.NullReferenceException: no such thing\r\n", "text/plain"), 500
                )
            return Sending(302, b"", headers={"Location": "mgError.aspx"})
        except MissingParameter as missing:
            return self._sent(behaviour, Answer(f"Missing parameter: {missing}.\r\n", "text/plain"), 500)
        return self._sent(behaviour, shown, request=request)

    def _sent(self, behaviour: Behaviour, shown: Answer, status: int = 200, request: Request | None = None) -> Sending:
        """An answer in the site's encoding, its volatile parts filled in, its validators honoured."""
        if isinstance(shown.body, bytes):
            body, content_type = shown.body, shown.content_type
        else:
            text = shown.body.replace(BASE, self.base_url)
            xml = shown.content_type == "text/xml"
            charset = "utf-8" if xml else behaviour.charset
            body = text.encode(charset, "xmlcharrefreplace")
            declared = charset if behaviour.declared is None or xml else behaviour.declared
            content_type = f"{shown.content_type}; charset={declared}" if declared else shown.content_type
        headers = {"Cache-Control": "private", "X-Powered-By": "ASP.NET"}
        if behaviour.validators and request and status == 200:
            tag = f'"{sha256(body).hexdigest()[:20]}"'
            modified = self._modified()
            headers |= {"ETag": tag, "Last-Modified": format_datetime(modified, usegmt=True)}
            if _unchanged(request, tag, modified):
                return Sending(304, b"", "", headers)
        if isinstance(shown.body, str):
            token = sha256(f"{time.monotonic_ns()}".encode()).hexdigest()[:16]
            body = body.replace(TOKEN.encode(), token.encode())
            body = body.replace(NOW.encode(), f"{self.clock():%d%%2f%m%%2f%Y+%H%%3a%M}".encode())
        return Sending(status, body, content_type, headers)

    def _modified(self) -> datetime:
        """When the council last did something."""
        moment = self.clock()
        past = [event.at for event in self.story.events if event.at <= moment]
        return max([self.story.starts, *past]).astimezone(UTC).replace(microsecond=0)


def _unchanged(request: Request, tag: str, modified: datetime) -> bool:
    if given := request.headers.get("if-none-match"):
        return tag in given
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and parsedate_to_datetime(since) >= modified
    except ValueError:
        return False


def _text(shown: Answer) -> bytes:
    return shown.body if isinstance(shown.body, bytes) else shown.body.encode()


class _Server(ThreadingHTTPServer):
    """Accepts until it is closed, and can end what is open: the stock loop looks up only twice a second."""

    daemon_threads = True
    request_queue_size = 64
    site: Site

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which may ask a name server."""
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def serve(self) -> None:
        while not self.site.closing.is_set():
            try:
                connection, address = self.socket.accept()
            except OSError:
                return
            with self._guard:
                self._open.add(connection)
            self.process_request(connection, address)

    def end(self) -> None:
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
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """The site keeps its own log."""

    def _serve(self) -> None:
        site = self.server.site
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(parts.path), parts.query, headers, time.monotonic())
        site._begin(request)
        try:
            form = self.rfile.read(int(headers.get("content-length") or 0)).decode("ascii", "replace")
            sending = site.respond(request, form)
            request.status = sending.status
            if sending.way == "whole":  # before the last byte leaves: the client's next request may come at once
                request.answered = time.monotonic()
            if not sending.send(self, site.closing):
                self.close_connection = True
        finally:
            request.answered = request.answered or time.monotonic()
