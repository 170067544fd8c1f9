"""Topics as data: what ships, what an operator may add, and what is said when a file is wrong."""

import json
from functools import cache
from pathlib import Path

import pytest

from config.topics import (
    DATE_KINDS,
    STAGES,
    TopicError,
    _process,
    _shipped,
    all_terms,
    check_shipped,
    load_topics,
)

FULL = {"pspo", "selective-licensing", "traffic-orders"}
EXPERIMENTAL = {
    "licensing",
    "local-plan",
    "school-places",
    "council-tax",
    "asset-sales",
    "libraries-and-leisure",
    "cctv",
}
MINIMAL = 'title = "Allotments"\nterms = ["allotment", "allotments site"]\n'


def _refused(folder: Path) -> str:
    """The one line that says why a folder of topics is not taken."""
    with pytest.raises(TopicError) as caught:
        load_topics(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def _weights(**other: object) -> str:
    """A file of weights, with something in it other than it should be."""
    table = {"labels": ["decided", "none"], "beforehand": [0, 0], "words": {"let": [100, 5, -5]}, **other}
    return json.dumps({"examples": "0", "stages": table, "dates": table})


def test_ships_the_topics_it_promises() -> None:
    topics = load_topics()
    assert set(topics) == FULL | EXPERIMENTAL
    assert {slug for slug, topic in topics.items() if topic.experimental} == EXPERIMENTAL
    assert all(topic.slug == slug and topic.title for slug, topic in topics.items())


def test_every_pattern_of_the_shipped_topics_can_be_read() -> None:
    check_shipped()


def test_what_all_processes_share_is_read_with_the_first_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.topics._SHARED", tmp_path / "moved-away.toml")
    monkeypatch.setattr("config.topics._process", cache(_process.__wrapped__))
    topics = _shipped.__wrapped__()
    assert "PSPO" in topics["pspo"].terms
    with pytest.raises(TopicError, match="moved-away"):
        topics["pspo"].stages.find(" order made", [0, 6])


def test_every_topic_has_misspellings_and_welsh() -> None:
    for topic in load_topics().values():
        assert topic.misspellings, topic.slug
        assert topic.welsh, topic.slug
        assert set(all_terms(topic)) == {*topic.terms, *topic.misspellings, *topic.welsh}


def test_an_operators_topic_is_a_file_and_needs_no_code(tmp_path: Path) -> None:
    (tmp_path / "allotments.toml").write_text(MINIMAL + '[stages]\n"decided" = ["@it .. (be|was) let"]\n')
    topics = load_topics(tmp_path)
    assert topics["allotments"].terms == ("allotment", "allotments site")
    assert set(topics) > FULL


def test_an_operators_topic_may_replace_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "cctv.toml").write_text('title = "Cameras"\nterms = ["dash cam"]\n')
    assert load_topics(tmp_path)["cctv"].terms == ("dash cam",)
    assert load_topics()["cctv"].terms != ("dash cam",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title = ", "Invalid value"),
        (MINIMAL + 'welhs = ["rhandir"]\n', '"welhs" is not known; did you mean "welsh"?'),
        ('title = "Allotments"\nterms = []\n', "terms"),
        ('title = "Allotments"\n', "terms: field required"),
        (MINIMAL + '[stages]\n"decide" = ["x"]\n', 'stages: "decide" is not known; did you mean "decided"?'),
        (MINIMAL + '[dates]\n"close" = ["x"]\n', 'dates: "close" is not known; did you mean "closes"?'),
        (MINIMAL + '[stages]\n"decided" = ["(let|rented"]\n', "a bracket is not closed"),
        (MINIMAL + '[stages]\n"decided" = ["{unheard} of"]\n', "there is no list {unheard}"),
        (MINIMAL + '[stages]\n"decided" = [".. let"]\n', "must begin with a word"),
        (MINIMAL + "terms2 = 1\n", '"terms2" is not known; did you mean "terms"?'),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "allotments.toml").write_text(content)
    message = _refused(tmp_path)
    assert said in message
    assert "allotments.toml" in message


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("", "Expecting value"),
        ("{}", "'stages' is wanting"),
        (_weights(labels=["decided"]), "not one weight for each label"),
        (_weights(labels=["decided", "undecided"]), "there is no stage undecided"),
        (_weights(words=[]), "another shape"),
    ],
)
def test_weights_that_are_none_are_one_clear_line(tmp_path: Path, weights: str, said: str) -> None:
    (tmp_path / "allotments.toml").write_text(MINIMAL)
    (tmp_path / "allotments.weights.json").write_text(_weights())
    assert load_topics(tmp_path)["allotments"].learned is not None
    (tmp_path / "allotments.weights.json").write_text(weights)
    message = _refused(tmp_path)
    assert said in message
    assert "allotments.weights.json" in message


def test_a_file_that_is_not_text_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "allotments.toml").write_bytes(b"title = \xff\xfe")
    with pytest.raises(TopicError, match="not UTF-8"):
        load_topics(tmp_path)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(TopicError, match="no such folder"):
        load_topics(tmp_path / "nowhere")


def test_the_stages_and_kinds_are_those_of_the_rules() -> None:
    assert STAGES == (
        "proposed",
        "consultation planned",
        "consultation open",
        "consultation closed",
        "decided",
        "in force",
        "expiring",
        "none",
    )
    assert DATE_KINDS == ("opens", "closes", "expires", "comes into force", "decision due")
