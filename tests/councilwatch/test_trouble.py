"""What a poll says of a source, and what the operator is told of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilwatch.trouble import TROUBLED, State, Trouble, advice, after, judge, patience

START = datetime(2025, 11, 20, 9, 0, tzinfo=UTC)
states = st.sampled_from(["ok", "suspect", "failing", "blocked", "disallowed"])


@pytest.mark.parametrize(
    ("looks", "troubled", "known", "ended_by", "state"),
    [
        ({"read": 3, "unchanged": 5}, 0, 8, None, "ok"),
        ({"read": 9, "suspect": 1}, 1, 10, None, "ok"),
        ({"read": 1, "suspect": 1}, 1, 40, None, "ok"),  # one flaky page is its own affair
        ({"unchanged": 6, "suspect": 3}, 3, 9, None, "suspect"),
        ({"unchanged": 6, "status": 3}, 3, 9, None, "failing"),
        ({"suspect": 3}, 3, 40, "left alone", "suspect"),
        ({"refused": 2, "suspect": 1}, 3, 40, "left alone", "suspect"),
        ({"timeout": 2}, 2, 40, "left alone", "failing"),
        ({"blocked": 3}, 3, 40, "left alone", "blocked"),
        ({"disallowed": 3}, 3, 3, "left alone", "disallowed"),
        ({}, 0, 40, "throttled", "failing"),
        ({}, 0, 40, "left alone", "failing"),
        ({}, 0, 40, "budget", None),
        ({}, 0, 40, "stopped", None),
        ({}, 0, 40, None, None),
        ({"read": 4}, 0, 40, "budget", "ok"),
    ],
)
def test_what_the_pages_of_a_poll_speak_for(
    looks: dict[str, int], troubled: int, known: int, ended_by: str | None, state: State | None
) -> None:
    assert judge(Counter(looks), troubled, known, ended_by) == state


def _told(polls: list[State], every: timedelta) -> list[str | None]:
    standing, now, told = Trouble(), START, []
    for state in polls:
        standing, tell = after(standing, state, "a reason", now)
        told.append(tell)
        now += every
    return told


def test_the_operator_hears_after_three_polls_or_six_hours_and_once_when_it_is_over() -> None:
    quick = _told(["suspect"] * 5 + ["ok", "ok"], timedelta(minutes=30))
    assert quick == [None, None, "trouble", None, None, "recovery", None]
    slow = _told(["failing"] * 3 + ["ok"], timedelta(hours=6))
    assert slow == [None, "trouble", None, "recovery"]


def test_one_bad_poll_is_not_told_nor_is_its_end() -> None:
    assert _told(["failing", "ok", "suspect", "ok"], timedelta(hours=5)) == [None] * 4


def test_trouble_that_changes_its_kind_is_still_the_same_trouble() -> None:
    assert _told(["failing"] * 3 + ["suspect"] * 3 + ["blocked", "ok"], timedelta(hours=1)) == [
        None,
        None,
        "trouble",
        None,
        None,
        None,
        None,
        "recovery",
    ]


@given(st.lists(states, max_size=40), st.timedeltas(timedelta(minutes=1), timedelta(hours=8)))
def test_trouble_and_recovery_take_turns(polls: list[State], every: timedelta) -> None:
    told = [tell for tell in _told(polls, every) if tell]
    assert told == ["trouble", "recovery"] * (len(told) // 2) + ["trouble"] * (len(told) % 2)
    if polls and polls[-1] == "ok":
        assert len(told) % 2 == 0, "a good poll ends all trouble that was told"


@given(states, st.integers(0, 50))
def test_every_trouble_has_its_advice_and_its_patience(state: State, polls: int) -> None:
    assert bool(advice(state)) is (state != "ok") and (state in TROUBLED or state in ("ok", "disallowed"))
    soon = timedelta(minutes=30)
    assert soon <= patience(polls, soon) <= timedelta(hours=2)
