"""A source that answers well and says nothing new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilwatch.silence import LEAST, is_unusual

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=each) for each in days]


@pytest.mark.parametrize(
    ("news", "held", "to_come", "unusual"),
    [
        (ago(100, 80, 60, 29), True, True, False),  # not twice the longest before it
        (ago(100, 90, 80, 41), True, True, False),
        (ago(100, 90, 80, 70), True, True, True),
        (ago(100, 90, 80, 70), False, True, False),  # a recess: nothing met, and the next meeting is listed
        (ago(100, 90, 80, 70), False, False, True),  # nothing met, and nothing is to come: has it moved?
        (ago(29), True, True, True),
        (ago(27), True, False, False),
    ],
)
def test_what_is_unusual(news: list[datetime], held: bool, to_come: bool, unusual: bool) -> None:
    assert is_unusual(news, NOW, held=held, to_come=to_come) is unusual


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30), st.booleans(), st.booleans())
def test_news_ends_every_silence_and_four_weeks_are_never_one(days: list[int], held: bool, to_come: bool) -> None:
    news = ago(*sorted(days, reverse=True))
    assert not is_unusual([*news, NOW], NOW, held=held, to_come=to_come)
    assert not is_unusual(news, news[-1] + LEAST, held=held, to_come=to_come)
