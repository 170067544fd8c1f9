"""Matching: one changed item of 5 KB against 1, 1,000 and 100,000 watches of which (at most) ten match.

The watches look for words of council prose, no two for the same; those that match look for words that stand in the item.
"""

from __future__ import annotations

from itertools import count
from statistics import median
from time import process_time
from typing import Final

from benchmarks.measure import Asked, Figure, Result, ms
from config.topics import load_topics
from config.watches import Watch
from demo.synthetic import many
from notifiers.matcher import Matcher, Passage, Subject

WATCHES: Final = (1, 1_000, 100_000)
MATCHING: Final = 10
GOAL_S: Final = 0.002
_BYTES: Final = 5_000
_KINDS: Final = (
    "highways",
    "library",
    "flood",
    "licensing",
    "parking",
    "planning",
    "school",
    "estate",
    "footpath",
    "market",
)


def measure(asked: Asked) -> Result:
    """The growth from one watch to 100,000 is shown too: it is to be flat."""
    text = next(iter(many(1, 1, page_bytes=8 * _BYTES).base.items.values())).minutes[:_BYTES]
    marks = [f"Wexcombe {kind} scheme" for kind in _KINDS]
    step = len(text) // len(marks)
    parts = [text[at * step : (at + 1) * step] + f" The {mark} was noted." for at, mark in enumerate(marks)]
    told = " ".join(parts)
    topics = load_topics()
    rows, taken = [], {}
    for number in (1, 100) if asked.quick else WATCHES:
        asked.say(f"matching: {number:,} watches")
        matcher = Matcher(_watches(number, marks), topics)
        found = len(matcher.match(_subject(told, 0)))
        assert found == min(number, MATCHING), found
        taken[number] = _seconds(matcher, told, max(asked.runs, 50))
        goal = number == WATCHES[-1]
        rows.append(
            Figure(
                "matching",
                f"CPU with {number:,} watches, {found} of them matching",
                ms(taken[number]),
                ms(GOAL_S) if goal else None,
                taken[number] <= GOAL_S if goal else None,
            )
        )
    first, *_, last = taken.values()
    rows.append(Figure("matching", "growth from the fewest watches to the most", f"{last / first:.2f} times"))
    note = f"matching: {len(told):,} characters, another text each time; compiling the watches is not counted"
    return Result(tuple(rows), (note,))


def _watches(number: int, marks: list[str]) -> list[Watch]:
    """The last ten are those that match; a tenth of the others ask for two things, and a tenth for words near each other."""
    matching = [Watch(name=mark, any=(mark,)) for mark in marks[: min(number, MATCHING)]]
    others: list[Watch] = []
    for at in count():
        if len(others) + len(matching) >= number:
            break
        place = f"Quorley {at}"
        kind = _KINDS[at % len(_KINDS)]
        if at % 10 == 0:
            others.append(Watch(name=place, all=(f"{place} {kind}", kind)))
        elif at % 10 == 1:
            others.append(Watch(name=place, near=(place, kind), within=8))
        else:
            others.append(Watch(name=place, any=(f"{place} {kind}", f"{kind} at {place}")))
    return [*others, *matching]


def _seconds(matcher: Matcher, told: str, runs: int) -> float:
    taken = []
    for number in range(runs):
        subject = _subject(told, number)
        begun = process_time()
        matcher.match(subject)
        taken.append(process_time() - begun)
    return median(taken)


def _subject(told: str, number: int) -> Subject:
    """An item that was never seen before, so that nothing remembered of its text helps."""
    return Subject("council-1", "Cabinet", (Passage("minutes", f"Minute {number}. {told}", "minutes.drafted"),))
