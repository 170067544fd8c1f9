"""Patterns and the weight of words together: who is heard, and what is never overruled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.topics import DATE_KINDS, STAGES, Topic, load_topics
from config.weights import Weights
from notifiers.facts import read_facts
from notifiers.second_reading import NO_DATE

TODAY = date(2025, 11, 26)
PSPO = load_topics()["pspo"]
NOTHING = {"stages": {}, "dates": {}}


class _Taught:
    """What somebody was taught by hand: of each table, one word and the label that it speaks for, and how far."""

    def __init__(self, words: Mapping[str, Mapping[str, tuple[str, int]]]) -> None:
        self.stages = _weights(STAGES, words["stages"])
        self.dates = _weights((*DATE_KINDS, NO_DATE), words["dates"])


def _weights(labels: tuple[str, ...], words: Mapping[str, tuple[str, int]]) -> Weights:
    table = {
        word: (100, *(weight if label == speaks_for else 0 for label in labels))
        for word, (speaks_for, weight) in words.items()
    }
    return Weights(labels, tuple(0 for _ in labels), table)


def _taught(**words: Mapping[str, tuple[str, int]]) -> Topic:
    return replace(PSPO, learned=_Taught({**NOTHING, **words}))  # type: ignore[arg-type]


def test_where_words_say_nothing_the_patterns_are_heard() -> None:
    text = "RESOLVED that a consultation on a PSPO begin on 5 January 2026."
    patterns = read_facts(replace(PSPO, learned=None), "Cabinet", text, TODAY)
    assert patterns.stage == "consultation planned"
    assert read_facts(_taught(), "Cabinet", text, TODAY) == patterns


@pytest.mark.parametrize(("weight", "stage"), [(30, "in force"), (200, "none")], ids=["faintly", "clearly"])
def test_words_are_heard_where_they_speak_clearly(weight: int, stage: str) -> None:
    topic = _taught(stages={"zebra": ("none", weight)})
    assert read_facts(topic, "Cabinet", "The zebra is subject to the PSPO.", TODAY).stage == stage


@pytest.mark.parametrize(("weight", "stage"), [(100, "decided"), (300, "none")], ids=["clearly", "very clearly"])
def test_a_step_that_patterns_read_is_not_soon_overruled(weight: int, stage: str) -> None:
    topic = _taught(stages={"zebra": ("none", weight)})
    assert read_facts(topic, "Cabinet", "RESOLVED: the PSPO for the zebra be made.", TODAY).stage == stage


def test_of_what_no_example_was_the_patterns_are_heard() -> None:
    taught = _Taught(NOTHING)
    taught.stages = _weights(("none", "proposed"), {"zebra": ("none", 900)})
    topic = replace(PSPO, learned=taught)  # type: ignore[arg-type]
    assert read_facts(topic, "Cabinet", "RESOLVED: the PSPO for the zebra be made.", TODAY).stage == "decided"


def test_the_sentence_with_the_weightiest_words_is_quoted() -> None:
    topic = _taught(stages={"zebra": ("decided", 900)})
    text = "The PSPO was spoken of. It is a zebra. The order stands."
    facts = read_facts(topic, "Cabinet", text, TODAY)
    assert (facts.stage, facts.stage_sentence) == ("decided", "It is a zebra.")


@pytest.mark.parametrize(
    ("weight", "dates"), [(30, []), (100, [("expires", "2026-03-03")])], ids=["faintly", "clearly"]
)
def test_a_date_that_no_pattern_knows_is_told_where_words_speak_clearly(
    weight: int, dates: list[tuple[str, str]]
) -> None:
    topic = _taught(dates={"b zebra": ("expires", weight)})
    facts = read_facts(topic, "Cabinet", "The PSPO will zebra on 3 March 2026.", TODAY)
    assert [(told.kind, told.date) for told in facts.dates] == dates


def test_a_date_that_patterns_misread_is_left_out_where_words_speak_clearly() -> None:
    text = "The PSPO expires on 3 March 2026."
    assert read_facts(_taught(dates={"b expires": (NO_DATE, 300)}), "Cabinet", text, TODAY).dates == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "The PSPO",
                "the order",
                "ends on",
                "3 March 2026",
                "in May",
                "consultation",
                "opened",
                "was made",
                ".",
                "\n",
            ]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_no_date_is_told_that_the_text_does_not_state(text: str) -> None:
    told = {(one.date, one.precision) for one in read_facts(PSPO, "PSPO", text, TODAY).dates}
    assert told <= {("2026-03-03", "day"), ("2026-05", "month"), ("2025-05", "month")}
