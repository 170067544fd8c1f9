"""A changed page of 60 KB, step by step: fetched, parsed, recorded, matched. How far bs4 is from what lxml can do.

Every run serves pages that differ in one sentence, so that each is a real change with a version, a capture, a change and
an alert. In every other run that sentence brings the words that are watched for, which are then read for a stage and dates:
that is the whole way, and what the goals are asked of. In the others the words go again. The limits beside it only build a
tree and gather its text, which is less than reading a meeting from it.
"""

from __future__ import annotations

import logging
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Turn:
    """CPU seconds of a poll in which every page is another than before, and of its steps."""

    whole: float
    steps: Mapping[str, float]


def measure(asked: Asked) -> Result:
    logging.getLogger("councilwatch").setLevel(logging.CRITICAL)
    pages = 5 if asked.quick else 20
    asked.say("changed page")
    with Town(meetings=pages, web_service=False) as town:
        body = urllib.request.urlopen(town.meeting(0)).read()
        turns = _polled(asked, town, pages)
        url = town.meeting(0)
    limits = _limits(body, url, max(asked.runs, 20))
    found = {name: Figure("changed page", f"limit: {name}", ms(seconds)) for name, seconds in limits.items()}
    gained = limits["bs4 + lxml, the tree"] - limits["lxml alone, tree and text"]
    notes = (
        f"changed page: {len(body):,} bytes. With lxml alone instead of bs4 the tree would cost {ms(gained)} less;"
        " selectolax is not a dependency and is measured where it is installed",
        "changed page: its goal can be read in two ways, and both stand here: parsing as a share of what the page took, and"
        " as a third of the 40 ms that it may take",
    )
    return Result((*rows(turns[True], turns[False], pages), *found.values()), notes)


def rows(come: Turn, gone: Turn, pages: int) -> list[Figure]:
    """What is told of a poll in which the watched words come, and of one in which they go."""
    whole, parsing = come.whole / pages, come.steps[PARSING] / pages
    share, most = parsing / whole, GOAL_S * PARSING_SHARE
    told = [
        ("CPU of one, whole (fetch, parse, record, match, alert)", ms(whole), ms(GOAL_S), whole <= GOAL_S),
        *((f"of which {name}", ms(seconds / pages), None, None) for name, seconds in come.steps.items()),
        ("parsing, share of the whole", f"{share:.2f}", f"at most {PARSING_SHARE:.2f}", share <= PARSING_SHARE),
        (f"parsing, where a page may cost {ms(GOAL_S)}", ms(parsing), f"at most {ms(most)}", parsing <= most),
        ("CPU of one from which the words go again", ms(gone.whole / pages), None, None),
        ("parsing, share of that", f"{gone.steps[PARSING] / gone.whole:.2f}", None, None),
    ]
    return [Figure("changed page", *row) for row in told]


def _polled(asked: Asked, town: Town, pages: int) -> dict[bool, Turn]:
    """The median turns, by whether the words came."""
    config = ours.configure(asked.folder, [town.base()])
    turns: dict[bool, list[Turn]] = {True: [], False: []}
    with ours.poller(config) as poller:
        poller.poll(everything=True)  # the baseline
        for turn in range(2 * asked.runs + 2):
            words_come = turn % 2 == 0
            town.change(1 if words_come else 0)
            with _Clocks() as clocks, cpu() as used:
                (result,) = poller.poll(everything=True).sources
            if turn < 2:
                continue  # caches are filled
            assert result.changes >= pages, f"{result.changes} changes on {pages} pages"
            assert result.alerts >= pages, f"{result.alerts} alerts of {pages} pages"
            turns[words_come].append(Turn(used[0], clocks.seconds))
    return {words_come: _middle(taken) for words_come, taken in turns.items()}


def _middle(turns: Sequence[Turn]) -> Turn:
    steps = {name: median(turn.steps[name] for turn in turns) for name in turns[0].steps}
    return Turn(median(turn.whole for turn in turns), steps)


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
