"""Every topic reads its own examples, right and wrong ones, as they are labelled."""

import json
from dataclasses import dataclass
from datetime import date

import pytest

from config.topics import SHIPPED, load_topics
from notifiers.facts import read_facts

TOPICS = load_topics()


@dataclass(frozen=True)
class Reading:
    id: str
    relevant: bool
    stage: str
    dates: frozenset[tuple[str, str, str]]


def _labelled(slug: str) -> list[tuple[dict[str, str], Reading]]:
    lines = (SHIPPED / f"{slug}.examples.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        (
            row,
            Reading(
                row["id"],
                row["relevant"],
                row["stage"],
                frozenset((d["kind"], d["date"], d["precision"]) for d in row["dates"]),
            ),
        )
        for row in rows
    ]


def _read(slug: str, row: dict[str, str]) -> Reading:
    facts = read_facts(TOPICS[slug], row["title"], row["text"], date.fromisoformat(row["meeting_date"]), row["kind"])
    dates = frozenset((d.kind, d.date, d.precision) for d in facts.dates)
    return Reading(row["id"], facts.relevant, facts.stage, dates)


@pytest.mark.parametrize("slug", sorted(TOPICS))
def test_examples_are_read_as_labelled(slug: str) -> None:
    examples = _labelled(slug)
    assert any(label.relevant for _, label in examples)
    assert any(not label.relevant for _, label in examples)
    misread = [(label, read) for row, label in examples if (read := _read(slug, row)) != label]
    assert misread == []


def test_there_are_examples_of_every_stage_and_kind_of_date() -> None:
    labels = [label for _, label in _labelled("pspo")]
    assert len(labels) >= 200
    assert {label.stage for label in labels} == {
        "proposed",
        "consultation planned",
        "consultation open",
        "consultation closed",
        "decided",
        "in force",
        "expiring",
        "none",
    }
    kinds = {kind for label in labels for kind, _, _ in label.dates}
    assert kinds == {"opens", "closes", "expires", "comes into force", "decision due"}
