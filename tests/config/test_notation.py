"""The notation of topic files: what each sign matches, and what it never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.notation import NotationError, Patterns, Written

LISTS = {"made": ("made", "seal*")}


def _shown(pattern: str, words: str) -> list[str]:
    line = f" {words} "
    starts = [n for n, letter in enumerate(line[:-1]) if letter == " "]
    hits = Patterns(lambda: Written({"x": [pattern]}, LISTS), ["the order"]).find(line, starts)
    return [line[hit.start : hit.end].strip() for hit in hits]


@pytest.mark.parametrize(
    ("pattern", "words", "found"),
    [
        ("order made", "the order made here", ["order made"]),
        ("order made", "the orders made here", []),
        ("order* made", "the orders made here", ["orders made"]),
        ("(order|plan) made", "a plan made", ["plan made"]),
        ("order [duly|now] made", "order now made order made", ["order now made", "order made"]),
        ("order .. made", "order a b c d e made", ["order a b c d e made"]),
        ("order .. made", "order a b c d e f made", []),
        ("order !not made", "order now made order not made", ["order now made"]),
        ("order ... made", "order a b c d e f made", ["order a b c d e f made"]),
        ("@it .. {made}", "the order was sealed", ["the order was sealed"]),
        ("@it .. {made}", "@topic was made", ["@topic was made"]),
        ("closes on @date", "closes on @date", ["closes on @date"]),
        ("from @any to @date", "from @date to @date", ["from @date to @date"]),
    ],
)
def test_signs(pattern: str, words: str, found: list[str]) -> None:
    assert _shown(pattern, words) == found


def test_the_date_that_is_meant_is_pointed_at() -> None:
    line = " from @date to @date "
    hits = Patterns(lambda: Written({"ends": ["from @any to @date"]}, {}), []).find(line, [0, 5, 11, 14])
    assert [hit.date for hit in hits] == [14]


@pytest.mark.parametrize(
    "pattern", ["", "(a", "a)", "[a", ".. a", "[a]", "{none} a", "a $", "(a|)", "or* a", "!a b", "a" + " .. b" * 7]
)
def test_what_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(NotationError) as caught:
        Patterns(lambda: Written({"x": [pattern]}, LISTS), []).check()
    assert "\n" not in str(caught.value)


@given(st.text(alphabet="ab *()[]|.@{}", max_size=30), st.text(alphabet="ab ", max_size=60))
def test_any_pattern_is_read_or_refused(pattern: str, words: str) -> None:
    line = f" {' '.join(words.split())} "
    starts = [n for n, letter in enumerate(line[:-1]) if letter == " "]
    patterns = Patterns(lambda: Written({"x": [pattern]}, LISTS), ["b"])
    try:
        patterns.check()
    except NotationError:
        return
    for hit in patterns.find(line, starts):
        assert 0 <= hit.start < hit.end <= len(line)
