"""How rightly `pspo` reads: texts that were labelled by hands which had seen neither its patterns nor its examples.

They stand in `reading.jsonl` beside this file. Nothing is ever learned from them and no pattern is written for them, for
then they would measure nothing: on its own examples every topic is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.measure import Asked, Figure, Result
from config.topics import Topic, load_topics
from notifiers.facts import read_facts

TEXTS = Path(__file__).with_name("reading.jsonl")
GOAL = 0.95
STAGE_GOAL = 0.9

_Dates = frozenset[tuple[str, str, str]]  # kind, ISO date, precision


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was labelled and as it is read."""

    relevant: bool
    stage: str
    dates: _Dates
    read_relevant: bool
    read_stage: str
    read_dates: _Dates


@dataclass(frozen=True, slots=True)
class Rightness:
    """Shares of one. Stages count on relevant texts alone."""

    relevant_precision: float
    relevant_recall: float
    stages: float
    dates_precision: float
    dates_recall: float


def measure(asked: Asked) -> Result:
    asked.say("reading")
    texts = list(read(load_topics()["pspo"]))
    right = rightness(texts)
    rows = (
        ("texts on orders, precision", right.relevant_precision, GOAL),
        ("texts on orders, recall", right.relevant_recall, GOAL),
        ("stages", right.stages, STAGE_GOAL),
        ("key dates, precision", right.dates_precision, GOAL),
        ("key dates, recall", right.dates_recall, GOAL),
    )
    figures = tuple(
        Figure("reading", f"{what}, of {len(texts)} unseen texts", f"{share:.3f}", f"above {goal:.2f}", share > goal)
        for what, share, goal in rows
    )
    return Result(figures)


def read(topic: Topic) -> Iterator[Read]:
    """The texts in their order, each with its label."""
    for line in TEXTS.read_text("utf-8").splitlines():
        said = json.loads(line)
        day = date.fromisoformat(said["meeting_date"])
        facts = read_facts(topic, said["title"], said["text"], day, said["kind"])
        wanted = frozenset((one["kind"], one["date"], one["precision"]) for one in said["dates"])
        told = frozenset((one.kind, one.date, one.precision) for one in facts.dates)
        tolerated = {one for one in told - wanted if one[0] == "comes into force" and one[1] < said["meeting_date"]}
        yield Read(said["relevant"], said["stage"], wanted, facts.relevant, facts.stage, told - tolerated)


def rightness(texts: list[Read]) -> Rightness:
    found = sum(text.relevant and text.read_relevant for text in texts)
    relevant = [text for text in texts if text.relevant]
    dates = sum(len(text.dates & text.read_dates) for text in texts)
    return Rightness(
        found / sum(text.read_relevant for text in texts),
        found / len(relevant),
        sum(text.stage == text.read_stage for text in relevant) / len(relevant),
        dates / sum(len(text.read_dates) for text in texts),
        dates / sum(len(text.dates) for text in texts),
    )
