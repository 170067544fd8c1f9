"""The unseen texts stay unseen, and are read as rightly as we promise; counts, never seconds."""

from __future__ import annotations

import json

from benchmarks.reading import GOAL, STAGE_GOAL, TEXTS, Read, read, rightness
from config.topics import DATE_KINDS, SHIPPED, STAGES, load_topics

NONE: frozenset[tuple[str, str, str]] = frozenset()
MAY, JUNE = ("opens", "2026-05", "month"), ("closes", "2026-06", "month")


def test_no_unseen_text_is_an_example() -> None:
    unseen, examples = (
        [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
        for path in (TEXTS, SHIPPED / "pspo.examples.jsonl")
    )
    assert {text for text in unseen if len(text) > 60} & set(examples) == set()


def test_unseen_texts_hold_every_stage_and_date() -> None:
    labels = [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines()]
    assert {label["stage"] for label in labels} == set(STAGES)
    assert {one["kind"] for label in labels for one in label["dates"]} == set(DATE_KINDS)


def test_unseen_texts_are_read_as_rightly_as_promised() -> None:
    right = rightness(list(read(load_topics()["pspo"])))
    assert min(right.relevant_precision, right.relevant_recall) > GOAL
    assert right.stages > STAGE_GOAL
    assert min(right.dates_precision, right.dates_recall) > GOAL


def test_what_is_right_is_counted() -> None:
    right = rightness(
        [
            Read(True, "decided", frozenset({MAY, JUNE}), True, "decided", frozenset({MAY})),
            Read(True, "none", NONE, True, "in force", frozenset({JUNE})),
            Read(True, "none", NONE, False, "none", NONE),
            Read(False, "none", NONE, True, "decided", NONE),
        ]
    )
    assert (right.relevant_precision, right.relevant_recall) == (2 / 3, 2 / 3)
    assert right.stages == 2 / 3
    assert (right.dates_precision, right.dates_recall) == (1 / 2, 1 / 2)
