"""Weights are what the examples teach, and were learned from the examples as they are."""

import json
from datetime import date
from math import isclose
from pathlib import Path

import pytest
from sklearn.pipeline import make_pipeline

from config.topics import SHIPPED
from config.weights import Learned
from learning.__main__ import main
from learning.examples import Example, digest
from learning.lessons import cases_of, learn, pupil, write

DAY = date(2025, 11, 26)
PLACES = ("Quay", "Park", "Square", "Green", "Market", "Station")


def _example(text: str, stage: str, *dates: tuple[str, str]) -> Example:
    told = frozenset((kind, day, "day") for kind, day in dates)
    return Example("minutes", DAY, "Cabinet", text, True, stage, told)  # type: ignore[arg-type]


EXAMPLES = [
    *(_example(f"The PSPO for the {place} is wibbling now.", "consultation open") for place in PLACES),
    *(
        _example(f"The PSPO for the {place} wobbled till 3 May 2025.", "consultation closed", ("closes", "2025-05-03"))
        for place in PLACES
    ),
    *(_example(f"On 4 June 2025 a cat saw the PSPO for the {place}.", "none") for place in PLACES),
]


@pytest.mark.parametrize("weights", sorted(SHIPPED.glob("*.weights.json")), ids=lambda path: path.name)
def test_shipped_weights_were_learned_from_the_examples_as_they_are(weights: Path) -> None:
    slug = weights.name.removesuffix(".weights.json")
    learned_from = json.loads(weights.read_text("utf-8"))["examples"]
    assert learned_from == digest(slug), f"examples were changed: run `python -m learning {slug}`"


def test_words_that_tell_one_stage_from_another_are_found() -> None:
    stages = learn("pspo", EXAMPLES)["stages"]
    said = stages.scores({"is", "is wibbling"})
    assert max(said, key=lambda stage: said[stage]) == "consultation open"
    assert "quay" not in stages.words  # it stands in too few


def test_every_date_of_a_text_is_a_case_and_one_that_is_none_says_so() -> None:
    labels = cases_of("pspo", EXAMPLES)["dates"].labels
    assert sorted(labels) == ["closes"] * len(PLACES) + ["no key date"] * len(PLACES)


def test_what_is_written_weighs_as_the_model_does(tmp_path: Path) -> None:
    file = tmp_path / "pspo.weights.json"
    write(file, learn("pspo", EXAMPLES), "")
    cases = cases_of("pspo", EXAMPLES)["stages"]
    model = make_pipeline(*pupil()).fit(cases.said, cases.labels)
    written = Learned(file).stages
    for said, row in zip(cases.said, model.predict_log_proba(cases.said), strict=True):
        scores = written.scores(said)
        assert all(
            isclose(scores[label], score, abs_tol=0.05) for label, score in zip(model.classes_, row, strict=True)
        )


def test_a_topic_without_examples_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-topic"]) == 2
    assert "name topics that have examples" in capsys.readouterr().err
