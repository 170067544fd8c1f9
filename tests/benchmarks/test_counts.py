"""What a poll costs, in counts that do not depend on the machine: requests, parses, queries, transactions.

A change that makes a sweep ask, parse or query more than before is caught here; one that makes it slower on some machine is
for the benchmarks to tell.
"""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from config.addresses import resolve
from config.settings import load
from councilwatch.poll import Poller
from demo.behaviour import Behaviour
from demo.site import Site
from demo.story import Story
from demo.synthetic import many
from history.database import connect
from notifiers import terms
from scraper.fetch import Fetcher
from scraper.moderngov import page as moderngov_page

MEETINGS = 8
COMMITTEES = 2
CONFIG = """
[service]
contact = "tests@example.org"
[politeness]
seconds_between_requests = 0.0
requests_per_day = 0
[[council]]
slug = "demo"
name = "Demo"
base_url = "{base}"
documents = false
[[watch]]
name = "PSPOs"
topic = "pspo"
[[subscriber]]
name = "reader"
to = ["json://127.0.0.1:9/nobody"]
watches = ["PSPOs"]
"""


@dataclass
class Spent:
    """What one poll did."""

    parses: int = 0
    queries: Counter[str] = field(default_factory=Counter)

    @property
    def writes(self) -> int:
        return sum(self.queries[word] for word in ("INSERT", "UPDATE", "DELETE"))


@dataclass(frozen=True)
class Counting(Poller):
    """A poller that counts what its connections are asked."""

    spent: Spent = field(default_factory=Spent)

    def connect(self) -> Database:
        db = super().connect()
        db.conn.set_trace_callback(lambda said: self.spent.queries.update([said.split(maxsplit=1)[0].upper()]))
        return db


@dataclass
class Sweeps:
    site: Site
    poller: Counting

    def poll(self) -> tuple[Spent, int]:
        """What a poll of everything cost, and the requests that it sent."""
        self.site.forget_requests()
        self.poller.spent.parses = 0
        self.poller.spent.queries.clear()
        self.poller.poll(everything=True)
        return self.poller.spent, len(self.site.requests)


@pytest.fixture(scope="module")
def told() -> Story:
    return many(COMMITTEES, MEETINGS, page_bytes=12_000)


@pytest.fixture
def sweeps(
    told: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Sweeps]:
    """A council read twice already, so that nothing is left of its first reading."""
    moment = told.starts
    with Site(told, lambda: moment, behaviour=Behaviour(web_service=request.param)) as site:
        config = tmp_path / "councilwatch.toml"
        config.write_text(CONFIG.format(base=site.base_url))
        settings = load(config)
        connect(settings.service.database).close()
        with Fetcher("tests@example.org", lambda: moment, stop=threading.Event()) as fetcher:
            poller = Counting(settings, resolve(settings, {}), fetcher, lambda: moment, threading.Event())
            soup = moderngov_page.soup_of

            def counted(markup: bytes) -> Any:
                poller.spent.parses += 1
                return soup(markup)

            monkeypatch.setattr(moderngov_page, "soup_of", counted)
            poller.poll(everything=True)
            poller.poll(everything=True)
            yield Sweeps(site, poller)


@pytest.mark.parametrize("sweeps", [False], indirect=True)
def test_an_unchanged_page_costs_one_request_and_is_not_parsed(sweeps: Sweeps) -> None:
    spent, requests = sweeps.poll()
    pages = sum("ieListDocuments" in request.path for request in sweeps.site.requests)
    assert pages == MEETINGS
    # beside them: committees, the list of each committee, decisions, plans, consultations, what the web service answers, a feed
    assert requests <= MEETINGS + COMMITTEES + 8
    assert spent.parses == 0


@pytest.mark.parametrize("sweeps", [False], indirect=True)
def test_an_unchanged_page_costs_few_queries(sweeps: Sweeps) -> None:
    spent, _ = sweeps.poll()
    assert spent.queries["BEGIN"] == spent.queries["COMMIT"]
    assert spent.queries["BEGIN"] <= 14 + COMMITTEES * 2  # not one for each page
    assert spent.writes <= 25 + 8 * MEETINGS
    assert spent.queries["SELECT"] <= 80 + 3 * MEETINGS


@pytest.mark.parametrize("sweeps", [True], indirect=True)
def test_with_the_web_service_an_unchanged_meeting_costs_two_requests_and_all_lists_one(sweeps: Sweeps) -> None:
    spent, requests = sweeps.poll()
    assert requests <= 2 * MEETINGS + 8
    assert spent.parses == 0


@pytest.mark.parametrize("sweeps", [False], indirect=True)
def test_polls_leave_nothing_behind_in_memory(sweeps: Sweeps) -> None:
    sweeps.poll()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(3):
        sweeps.poll()
    gc.collect()
    assert len(gc.get_objects()) - before < 500


def test_a_short_text_is_normalised_once_for_all_who_ask() -> None:
    terms._lately_normalised.cache_clear()
    text = f"A Public Spaces Protection Order, {datetime(2026, 1, 1, tzinfo=UTC):%d %B %Y}."
    assert terms.normalise(text) is terms.normalise(text)
    assert terms._lately_normalised.cache_info().hits == 1
    long = "order " * 5_000
    assert terms.normalise(long) == terms.normalise(long)
    assert terms._lately_normalised.cache_info().currsize == 1
