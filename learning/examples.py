"""The labelled texts of a topic."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from config.topics import SHIPPED, Stage


@dataclass(frozen=True, slots=True)
class Example:
    """A text and how it is to be read: `dates` are kind, ISO date and precision."""

    kind: str
    day: date
    title: str
    text: str
    relevant: bool
    stage: Stage
    dates: frozenset[tuple[str, str, str]]


def examples_of(slug: str) -> list[Example]:
    """The examples of a shipped topic, in the order of their file."""
    return [_example(line) for line in _file(slug).decode("utf-8").splitlines()]


def digest(slug: str) -> str:
    """What tells one state of the examples from another."""
    return hashlib.sha256(_file(slug)).hexdigest()


def _file(slug: str) -> bytes:
    return (SHIPPED / f"{slug}.examples.jsonl").read_bytes()


def _example(line: str) -> Example:
    said = json.loads(line)
    return Example(
        said["kind"],
        date.fromisoformat(said["meeting_date"]),
        said["title"],
        said["text"],
        said["relevant"],
        said["stage"],
        frozenset((one["kind"], one["date"], one["precision"]) for one in said["dates"]),
    )
