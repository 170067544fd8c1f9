"""A changed page of 60 KB, step by step: fetched, parsed, recorded, matched. How far bs4 is from what lxml can do.

Every run serves a page that differs in one sentence, so that each is a real change with a version, a capture, a change and
an alert. The limits beside it only build a tree and gather its text, which is less than reading a meeting from it.
"""

from __future__ import annotations

import logging
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import lxml.html

from benchmarks import ours
from benchmarks.measure import Asked, Figure, Result, cpu, ms, times
from benchmarks.town import Town
from councilwatch import meetings
from scraper import source
from scraper.fetch import Host
from scraper.moderngov.inside import inside as inside_of
from scraper.moderngov.meeting import read_meeting
from scraper.tree import soup_of

GOAL_S = 0.040
PARSING_SHARE = 1 / 3
PARSING = "parsing (the tree, and the reading of it)"


def measure(asked: Asked) -> Result:
    logging.getLogger("councilwatch").setLevel(logging.CRITICAL)
    pages = 5 if asked.quick else 20
    asked.say("changed page")
    with Town(meetings=pages, web_service=False) as town:
        body = urllib.request.urlopen(town.meeting(0)).read()
        whole, steps = _polled(asked, town, pages)
        url = town.meeting(0)
    limits = _limits(body, url, max(asked.runs, 20))
    whole_ms = whole / pages
    parsing = limits["bs4 + lxml, the tree"]
    share = steps[PARSING] / whole
    rows = [
        Figure(
            "changed page",
            "CPU of one, whole (fetch, parse, record, match)",
            ms(whole_ms),
            ms(GOAL_S),
            whole_ms <= GOAL_S,
        ),
        *(Figure("changed page", f"of which {name}", ms(seconds / pages)) for name, seconds in steps.items()),
        Figure(
            "changed page",
            "parsing, share of the whole",
            f"{share:.2f}",
            f"at most {PARSING_SHARE:.2f}",
            share <= PARSING_SHARE,
        ),
        *(Figure("changed page", f"limit: {name}", ms(seconds)) for name, seconds in limits.items()),
    ]
    gained = parsing - limits["lxml alone, tree and text"]
    notes = (
        f"changed page: {len(body):,} bytes. With lxml alone instead of bs4 the tree would cost {ms(gained)} less;"
        " selectolax is not a dependency and is measured where it is installed",
    )
    return Result(tuple(rows), notes)


def _polled(asked: Asked, town: Town, pages: int) -> tuple[float, dict[str, float]]:
    """CPU seconds of a poll in which every page is another than before, and of its steps."""
    config = ours.configure(asked.folder, [town.base()])
    wholes: list[float] = []
    steps: dict[str, list[float]] = defaultdict(list)
    with ours.poller(config) as poller:
        poller.poll(everything=True)  # the baseline
        for turn in range(2 * asked.runs + 1):
            town.change(1 if turn % 2 == 0 else 0)
            with _Clocks() as clocks, cpu() as used:
                result = poller.poll(everything=True)
            changed = result.sources[0].changes
            if turn == 0:
                continue  # caches are filled
            assert changed >= pages, f"{changed} changes on {pages} pages"
            wholes.append(used[0])
            for name, seconds in clocks.seconds.items():
                steps[name].append(seconds)
    return median(wholes), {name: median(taken) for name, taken in steps.items()}


class _Clocks:
    """While it lasts, four functions of the program are timed (CPU of their thread)."""

    STEPS: tuple[tuple[str, Any, str], ...] = (
        ("fetching", Host, "get"),
        (PARSING, source, "_look"),
        ("recording", meetings, "keep_meeting"),
        ("matching, alerts and messages", meetings, "tell_changes"),
    )

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._before: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> _Clocks:
        from time import thread_time

        def timed(name: str, work: Callable[..., Any], *args: Any, **more: Any) -> Any:
            begun = thread_time()
            try:
                return work(*args, **more)
            finally:
                self.seconds[name] += thread_time() - begun

        for name, where, what in self.STEPS:
            work = getattr(where, what)
            self._before.append((where, what, work))
            setattr(where, what, _function(timed, name, work))
        return self

    def __exit__(self, *_: object) -> None:
        for where, what, work in self._before:
            setattr(where, what, work)


def _function(timed: Callable[..., Any], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function: a class binds one to its objects, as it does not bind a partial."""

    def function(*args: Any, **more: Any) -> Any:
        return timed(name, work, *args, **more)

    return function


def _tree(inside: bytes) -> None:
    with soup_of(inside):
        pass


def _limits(body: bytes, url: str, runs: int) -> dict[str, float]:
    inside = inside_of(body)
    found: dict[str, Callable[[], object]] = {
        "reading a meeting, as used": partial(read_meeting, body, url, "text/html; charset=utf-8"),
        "bs4 + lxml, the tree": lambda: _tree(inside),
        "lxml alone, tree and text": lambda: lxml.html.fromstring(inside).text_content(),
    }
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        pass
    else:
        found["selectolax alone, tree and text"] = lambda: LexborHTMLParser(inside).text()
    return {name: median(times(work, runs)) for name, work in found.items()}
