"""Lists of decisions, plans and consultations: what is as it was is not read, and what the clock does is told all the same."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.ours import configure
from config.addresses import resolve
from config.settings import load
from councilwatch.poll import Poller
from demo.behaviour import Behaviour
from demo.site import Site
from demo.story import storyline
from history.database import connect
from scraper.fetch import Fetcher
from scraper.moderngov import page as moderngov_page

CLOSES = datetime(2026, 2, 16, 12, tzinfo=UTC)  # the demo's consultation


def test_a_consultation_closes_by_the_clock_though_its_page_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []
    soup = moderngov_page.soup_of
    monkeypatch.setattr(moderngov_page, "soup_of", lambda markup: parsed.append(markup) or soup(markup))
    told = storyline()
    clocks = {"site": told.starts, "ours": told.starts}
    with Site(told, lambda: clocks["site"], behaviour=Behaviour(web_service=False)) as site:
        settings = load(configure(tmp_path, [site.base_url]))
        with Fetcher("tests@example.org", lambda: clocks["ours"], stop=threading.Event()) as fetcher:
            poller = Poller(settings, resolve(settings, {}), fetcher, lambda: clocks["ours"], threading.Event())
            poller.poll(everything=True)
            clocks["site"] = clocks["ours"] = CLOSES - timedelta(days=20)
            poller.poll(everything=True)
            poller.poll(everything=True)
            parsed.clear()
            clocks["ours"] = CLOSES + timedelta(days=2)
            poller.poll(everything=True)
    db = connect(settings.service.database)
    kinds = [row[0] for row in db.conn.execute("SELECT kind FROM changes WHERE kind LIKE 'consultation.%' ORDER BY id")]
    db.close()
    assert kinds == ["consultation.opened", "consultation.closed"]
    assert not any(b"Consultations</h1>" in page for page in parsed)
