"""The history in a browser, served: as an application, and as a server that ends when it is asked to."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import uvicorn
from datasette.plugins import pm

from history.database import HistoryError, connect
from web import plugin
from web.browser import Browser
from web.headers import Application, Headers
from web.site import Site

_NAME: Final = "councilwatch"
_GRACE_S: Final = 3  # that open requests may take once the server is asked to end


def application(site: Site, log: Callable[[str], None] = lambda _: None) -> tuple[Application, Browser]:
    """The ASGI application, and the browser behind it, to be closed in the end.

    Raises HistoryError where the database cannot be read, is not ours or of another version.
    """
    connect(site.database, read_only=True).close()
    if not pm.has_plugin(_NAME):
        pm.unregister(name="datasette.handle_exception")
        pm.register(plugin, name=_NAME)
    browser = Browser(site, log)
    return Headers(browser.app(), site.prefix), browser


class Server:
    """Serves a site at `address` once it is entered, in a thread of its own or (`run`) in the caller's.

    The port is taken at once, so that two do not take the same and an error is told before anything begins; port 0
    takes a free one. Raises HistoryError where the address cannot be had or the database not be read.
    """

    def __init__(self, site: Site, host: str, port: int, log: Callable[[str], None] = lambda _: None) -> None:
        self._application, self._browser = application(site, log)
        self._socket = _listen(host, port)
        self._server = _Uvicorn(
            uvicorn.Config(
                self._application,
                log_config=None,
                access_log=False,
                lifespan="on",
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
                limit_concurrency=200,
            )
        )
        name, number = self._socket.getsockname()[:2]
        shown = f"[{name}]" if ":" in name else name
        self.address = f"http://{shown}:{number}{site.prefix}"

    def run(self) -> None:
        """Serve until SIGTERM or Ctrl-C, or until `stop` is called from another thread."""
        try:
            with self._ended_by_signals():
                self._server.run(sockets=[self._socket])
        finally:
            self._browser.close()
            self._socket.close()

    def stop(self) -> None:
        """Ask it to end; `run` returns when open requests are answered."""
        self._server.should_exit = True

    @property
    def ready(self) -> bool:
        return self._server.started

    @contextmanager
    def _ended_by_signals(self) -> Iterator[None]:
        """While the block lasts, the first signal asks to end and the second insists; only in the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def end(_number: int, _frame: FrameType | None) -> None:
            self._server.force_exit = self._server.should_exit
            self._server.should_exit = True

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to us: its own way ends the process before anything can be closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
    except OSError as error:
        raise HistoryError(f"cannot serve at {host}:{port}: {error.strerror or error}; try another --port") from error
    return listening
