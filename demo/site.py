"""The demo council's web server, on loopback: real sockets, a movable clock, a log of requests, faults on demand."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import parse_qsl, quote

from demo.behaviour import Behaviour, Fault
from demo.council import SiteState
from demo.faults import Sending, redirect, struck
from demo.pages import notices
from demo.pages.asked import BASE, NOW, TOKEN, Answer, Asked, NotThere
from demo.pages.routes import answer
from demo.pages.webservice import MissingParameter
from demo.server import Request, Server
from demo.story import Story, events_passed, state_at

_SESSION = re.compile(r"/\(X\(1\)S\(\w+\)\)", re.IGNORECASE)
_LIBRARY_AGENTS = ("python-requests", "python-httpx", "python-urllib", "curl", "scrapy", "wget")


_Pages = dict[tuple[object, ...], Answer]


@dataclass(slots=True)
class _Kept:
    """Rendered pages of one state of the council; thrown away when it changes."""

    key: tuple[int, str] = (-1, "")
    state: SiteState | None = None
    pages: _Pages = field(default_factory=dict)


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
        self._behaviour = behaviour or Behaviour()
        self._struck = 0
        self._keep = keep
        self._kept = _Kept()
        self._lock = threading.Lock()
        self._server = Server((host, port), self.respond)
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
        return self._server.seen()

    def forget_requests(self) -> None:
        self._server.forget()

    def most_in_flight(self) -> int:
        """How many requests were open at once, at most: 1 for a polite client."""
        marks = [(request.received, 1) for request in self.requests]
        marks += [(request.answered, -1) for request in self.requests if request.answered is not None]
        most = current = 0
        for _, step in sorted(marks):
            current += step
            most = max(most, current)
        return most

    def _state_and_pages(self) -> tuple[SiteState, _Pages]:
        moment = self.clock()
        day = moment.astimezone(self.story.base.zone).date().isoformat()
        key = (events_passed(self.story, moment), day)
        with self._lock:
            if self._kept.key != key or self._kept.state is None:
                self._kept = _Kept(key, state_at(self.story, moment))
            assert self._kept.state is not None
            return self._kept.state, self._kept.pages

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
        """What goes back for a request; ``form`` is the body of a POST."""
        behaviour = self.behaviour
        target = f"{request.path}?{request.query}" if request.query else request.path
        fault = self._strikes(behaviour, target)
        state, pages = self._state_and_pages()
        asked = self._asked(state, behaviour, "&".join(filter(None, (request.query, form))))
        root = behaviour.prefix
        if request.path == "/robots.txt":
            robots = behaviour.robots
            usual = Sending(robots.status, robots.body.encode(), f"{robots.content_type}; charset=utf-8")
        elif not request.path.lower().startswith(f"{root}/".lower()):
            usual = self._sent(behaviour, notices.not_found(), 404)
        else:
            path = request.path[len(root) :]
            if behaviour.session_in_path:
                session = _SESSION.match(path)
                if session is None:
                    token = sha256(f"{len(self.requests)}".encode()).hexdigest()[:24]
                    query = f"?{request.query}" if request.query else ""
                    return redirect(f"{root}/(X(1)S({token})){quote(path, safe='/()')}{query}")
                root, path = root + session.group(), path[session.end() :]
            if fault and fault.kind == "no items":
                asked, pages = replace(asked, state=_with_items_lost(state, path)), {}
            usual = self._page(asked, path, request, pages, root)
        return struck(fault, usual, asked, root=root, address=f"http://{self.host}{quote(target, safe='/()?&=%')}")

    def _asked(self, state: SiteState, behaviour: Behaviour, query: str) -> Asked:
        wanted = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
        language = {"0": "en", "1": "cy"}.get(wanted.get("lll", ""), behaviour.language)
        return Asked(state, MappingProxyType(wanted), behaviour, language)

    def _page(self, asked: Asked, path: str, request: Request, pages: _Pages, root: str) -> Sending:
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
            return redirect(f"{root}/ieDocHome.aspx")
        key = (low, tuple(sorted(asked.query.items())), asked.language)
        try:
            shown = pages.get(key)
            if shown is None:
                shown = answer(asked, path.removeprefix("/"))
                if len(pages) < self._keep:
                    pages[key] = shown
        except NotThere:
            if low.startswith("/mgwebservice.asmx"):
                return self._sent(behaviour, Answer("System.NullReferenceException\r\n", "text/plain"), 500)
            return redirect(f"{root}/mgError.aspx")
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


def _with_items_lost(state: SiteState, path: str) -> SiteState:
    """The council as a page shows it that has lost its rows: a meeting without items, a list without entries."""
    low = path.lower()
    if "listdocuments" in low or low.endswith("getmeeting"):
        return state.without_items()
    return state.without_rows(committees="committee" in low and "details" not in low)
