"""The country: 313 councils with 40 meetings each, every one on an address of its own, polled by one process.

First all of it is read for the first time, then nothing has changed, then one page in a hundred has. The sites answer by
HTML only: one page for each meeting, and for each council its committees, their 30 lists and the lists of notices.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from benchmarks import ours
from benchmarks.measure import MB, Asked, Cost, Figure, Result, mb, middle
from benchmarks.town import Town

COUNCILS, MEETINGS = 313, 40
GOAL_S, GOAL_BYTES = 30.0, 150 * MB


def measure(asked: Asked) -> Result:
    councils, runs = (10, 1) if asked.quick else (COUNCILS, asked.runs)
    path = asked.folder / "councilwatch.db"
    with Town(meetings=MEETINGS, web_service=False) as town:
        ours.configure(asked.folder, [town.base(number) for number in range(councils)])
        town.requests()
        fill = ours.poll(asked.folder, _progress(asked, "first fill", councils))
        asked_first, size = town.requests(), path.stat().st_size
        unchanged = middle([ours.poll(asked.folder, _progress(asked, "unchanged", councils)) for _ in range(runs)])
        asked_again = town.requests() // runs
        town.change(100)
        changed = ours.poll(asked.folder, _progress(asked, "1 % changed", councils))
        changes = sum(int(line.split(": ok, ")[1].split()[0]) for line in changed.said.splitlines() if ": ok, " in line)
        grown = path.stat().st_size - size
    whole = councils == COUNCILS
    rows = [
        *_rows("first fill", fill),
        Figure("country", "first fill, requests", f"{asked_first:,}"),
        Figure("country", "database afterwards", mb(size)),
        Figure(
            "country",
            "unchanged sweep, CPU",
            f"{unchanged.cpu:.1f} s",
            f"{GOAL_S:.0f} s",
            unchanged.cpu <= GOAL_S if whole else None,
        ),
        Figure(
            "country",
            "unchanged sweep, peak resident memory",
            mb(unchanged.peak),
            mb(GOAL_BYTES),
            unchanged.peak <= GOAL_BYTES if whole else None,
        ),
        Figure("country", "unchanged sweep, wall clock", f"{unchanged.wall:.0f} s"),
        Figure("country", "unchanged sweep, requests", f"{asked_again:,}"),
        *_rows(f"1 % changed ({changes} changes)", changed),
        Figure("country", "1 % changed, growth of the database", mb(grown)),
    ]
    note = f"country: {councils} councils, {councils * MEETINGS:,} meetings of 60 KB, papers not read, loopback without spacing"
    return Result(tuple(rows), (note,))


def _rows(what: str, cost: Cost) -> list[Figure]:
    return [
        Figure("country", f"{what}, CPU", f"{cost.cpu:.1f} s"),
        Figure("country", f"{what}, peak resident memory", mb(cost.peak)),
        Figure("country", f"{what}, wall clock", f"{cost.wall:.0f} s"),
    ]


def _progress(asked: Asked, what: str, councils: int) -> Callable[[str], None]:
    """Says how far a poll is, every fifty councils."""
    done = count(1)

    def heard(line: str) -> None:
        if "://" in line and ((number := next(done)) % 50 == 0 or number == councils):
            asked.say(f"country, {what}: {number} of {councils} councils")

    return heard
