"""What words weigh: the same sums as the model they were learned by, and nothing from words that nobody knows."""

import json
from math import exp, isclose
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config.weights import Learned, Weights

OPEN, CLOSED = "consultation open", "consultation closed"
WEIGHTS = Weights((OPEN, CLOSED), (10, -10), {"now": (300, 900, -900), "was": (400, -800, 800), "the": (100, 0, 0)})


def test_words_speak_for_one_label_and_against_another() -> None:
    open_now, was_open = WEIGHTS.scores({"now"}), WEIGHTS.scores({"was"})
    assert open_now[OPEN] > open_now[CLOSED]
    assert was_open[CLOSED] > was_open[OPEN]


def test_a_score_is_the_weight_over_the_length_of_what_is_said() -> None:
    # rarities 3 and 4 are 5 long: (9 - 8) / 5 for the one, as much against the other, and 0.1 beforehand
    scores = WEIGHTS.scores(["now", "was"])
    assert isclose(scores[OPEN] - scores[CLOSED], 2 * (0.1 + 1 / 5))


@given(st.lists(st.sampled_from(["now", "was", "the", "never heard of"]), unique=True))
def test_scores_are_logarithms_of_shares_of_one(said: list[str]) -> None:
    scores = WEIGHTS.scores(said)
    assert isclose(sum(exp(score) for score in scores.values()), 1)
    assert scores == WEIGHTS.scores([*said, "unknown"])


def test_of_several_sentences_the_one_with_the_weightiest_words_tells() -> None:
    assert WEIGHTS.speaks({"now", "the"}, OPEN) > WEIGHTS.speaks({"was", "the"}, OPEN)


def test_the_file_is_read_with_the_first_question(tmp_path: Path) -> None:
    file = tmp_path / "quay.weights.json"
    learned = Learned(file)
    table = {"labels": ["a", "b"], "beforehand": [0, 0], "words": {"now": [100, 5, -5]}}
    file.write_text(json.dumps({"examples": "0", "stages": table, "dates": table}))
    assert learned.stages.scores({"now"})["a"] > learned.dates.scores({"now"})["b"]
