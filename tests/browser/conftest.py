"""Debian's Chromium in front of the application, which shows the demo council's story. Skipped where there is none."""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.topics import load_topics
from councilwatch.timetable import clear_days_asked, clear_working_days
from web.serve import Server
from web.site import Site

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
NOW = datetime(2026, 1, 16, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the application is served, with the whole story in it."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: install Debian's package chromium, or name one in CHROMIUM")
    spec = importlib.util.spec_from_file_location("telling", Path(__file__).parents[1] / "web" / "telling.py")
    assert spec and spec.loader
    telling = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(telling)
    path = tmp_path_factory.mktemp("browser") / "history.db"
    with telling.Telling(path) as story:
        story.whole()
        story.amend()
        story.spoil()
    site = Site(path, lambda: NOW, clear_working_days, clear_days_asked, load_topics(), contact="clerk@example.org")
    server = Server(site, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.ready:
        time.sleep(0.02)
    yield server.address
    server.stop()
    thread.join(20)


@pytest.fixture(scope="session")
def chromium(address: str) -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", params=[375, 1280], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, chromium: playwright.Browser, address: str) -> Iterator[playwright.Page]:
    """A window as wide as a phone's or a desk's, with what went wrong on it in `page.troubles`. Scripts of ours: none."""
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800}, base_url=address, locale="en-GB", timezone_id="Europe/London"
    )
    page = context.new_page()
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(message.text))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on(
        "requestfailed",
        # the icon is still on its way when a test leaves a page early: that is the browser's doing, and no trouble
        lambda failed: (
            None
            if failed.failure == "net::ERR_ABORTED" and failed.url.endswith("/static/mark.svg")
            else page.troubles.append(f"{failed.url}: {failed.failure}")
        ),
    )
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "data:")) else page.troubles.append(f"asks {asked.url}"),
    )
    yield page
    context.close()
