"""An unchanged sweep: 300 meeting pages of 60 KB that are as they were, for us and for each rival, in one run.

Every program is measured as a whole process (changedetection.io, which is a server, while it looks) and by what each
further page costs it: the difference between 300 pages and one, over 299. The rivals watch whole pages, which is the
cheapest they can do. On top of the 300 pages ours reads the committees and their 30 lists, which tell of new meetings.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import ours
from benchmarks.measure import Asked, Cost, Figure, Result, cpu, mb, middle, ms
from benchmarks.rivals import VERSIONS, UnavailableError, rival
from benchmarks.town import Town

PAGES = 300
_GOALS = {"urlwatch": 1 / 2, "changedetection.io": 1 / 3}


@dataclass(frozen=True, slots=True)
class Swept:
    whole: Cost
    further: float  # CPU seconds of each page but the first


def measure(asked: Asked) -> Result:
    pages = 30 if asked.quick else PAGES
    figures: list[Figure] = []
    notes = ["unchanged sweep: start-up is part of the whole process; a server or daemon pays it once"]
    with Town(meetings=pages, web_service=False) as many, Town(meetings=1, web_service=False) as one:
        asked.say("unchanged sweep: councilwatch")
        own = _ours(asked, many, one, pages)
        figures += _rows("councilwatch", own, pages)
        daemon = _daemon(asked, many) / pages
        figures.append(Figure("unchanged sweep", "councilwatch, CPU a page in the daemon", ms(daemon)))
        for name in VERSIONS:
            try:
                asked.say(f"unchanged sweep: {name}")
                their = _theirs(name, asked, many, one, pages)
            except (UnavailableError, RuntimeError, OSError) as error:
                notes.append(f"unchanged sweep: {name} skipped: {error}")
                continue
            figures += _rows(name, their, pages)
            figures += ratios(name, own, their, daemon, pages)
    return Result(tuple(figures), tuple(notes))


def _rows(name: str, swept: Swept, pages: int) -> list[Figure]:
    return [
        Figure("unchanged sweep", f"{name}, CPU a page, whole process", ms(swept.whole.cpu / pages)),
        Figure("unchanged sweep", f"{name}, CPU of each further page", ms(swept.further)),
        Figure("unchanged sweep", f"{name}, wall clock for {pages} pages", f"{swept.whole.wall:.2f} s"),
        Figure("unchanged sweep", f"{name}, peak memory", mb(swept.whole.peak)),
    ]


def ratios(name: str, own: Swept, their: Swept, daemon: float, pages: int) -> list[Figure]:
    goal = _GOALS.get(name)
    further = own.further / their.further
    running = daemon * pages / their.whole.cpu
    # a daemon against a daemon: changedetection.io's figure has no start-up in it either
    compared = {"": running} if name == "changedetection.io" else {"": own.whole.cpu / their.whole.cpu}
    if name == "urlwatch":
        compared[", each as it runs for months (our daemon, its cron job)"] = running
    return [
        *(
            Figure(
                "unchanged sweep",
                f"ours to {name}, CPU{how}",
                f"{ratio:.2f}",
                None if goal is None else f"at most {goal:.2f}",
                None if goal is None else ratio <= goal,
            )
            for how, ratio in compared.items()
        ),
        Figure("unchanged sweep", f"ours to {name}, each further page", f"{further:.2f}"),
    ]


def _ours(asked: Asked, many: Town, one: Town, pages: int) -> Swept:
    costs = {}
    for name, town in (("many", many), ("one", one)):
        folder = _empty(asked.folder / f"ours-{name}")
        ours.configure(folder, [town.base()])
        ours.poll(folder)
        costs[name] = middle([ours.poll(folder) for _ in range(asked.runs)])
    return Swept(costs["many"], (costs["many"].cpu - costs["one"].cpu) / (pages - 1))


def _daemon(asked: Asked, town: Town) -> float:
    """CPU seconds of a sweep in a process that has been running for a while."""
    logging.getLogger("councilwatch").setLevel(logging.CRITICAL)
    taken = []
    with ours.poller(ours.configure(asked.folder / "ours-many", [town.base()])) as poller:
        poller.poll(everything=True)
        for _ in range(asked.runs):
            with cpu() as used:
                poller.poll(everything=True)
            taken.append(used[0])
    return median(taken)


def _theirs(name: str, asked: Asked, many: Town, one: Town, pages: int) -> Swept:
    costs = {}
    for which, town, count in (("many", many, pages), ("one", one, 1)):
        urls = [town.meeting(place) for place in range(count)]
        other = rival(name, asked.folder / f"{name}-{which}", urls, asked.say)
        try:
            other.look()
            costs[which] = middle([other.look().cost for _ in range(asked.runs)])
        finally:
            other.close()
    return Swept(costs["many"], (costs["many"].cpu - costs["one"].cpu) / (pages - 1))


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
