"""A history that tells the demo council's story, and the real application in front of it, on a real socket."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from config.topics import load_topics
from councilwatch.timetable import clear_days_asked, clear_working_days
from web.serve import Server
from web.site import Site

NOW = datetime(2026, 1, 16, 8, tzinfo=UTC)  # the end of the story


def _telling() -> ModuleType:
    """`telling.py` beside this file, which is imported by its path as test files are."""
    name = "councilwatch_telling"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("telling.py"))
        assert spec and spec.loader
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole story, once."""
    path = tmp_path_factory.mktemp("story") / "told.db"
    with _telling().Telling(path) as telling:
        telling.whole()
        telling.amend()
        telling.spoil()
    return path


@pytest.fixture
def history(told: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may write to."""
    return Path(shutil.copy(told, tmp_path / "history.db"))


Serve = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """serve(database, **what the site is told) -> a client of the running application."""
    with ExitStack() as stack:

        def start(database: Path, **told: object) -> httpx.Client:
            site = Site(database, lambda: NOW, clear_working_days, clear_days_asked, load_topics(), **told)  # type: ignore[arg-type]
            server = Server(site, "127.0.0.1", 0)
            thread = threading.Thread(target=server.run)
            thread.start()

            def end() -> None:
                server.stop()
                thread.join(20)
                assert not thread.is_alive()

            stack.callback(end)
            deadline = time.monotonic() + 20
            while not server.ready:
                assert thread.is_alive() and time.monotonic() < deadline
                time.sleep(0.02)
            return stack.enter_context(httpx.Client(base_url=server.address, timeout=20))

        yield start


@pytest.fixture(scope="session")
def site(serve: Serve, told: Path) -> httpx.Client:
    """The application on the whole story."""
    return serve(told)
