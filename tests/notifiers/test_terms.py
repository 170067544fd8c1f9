"""Phrases are found as a reader finds them, and quoted as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.terms import Found, Phrases, normalise


def _quoted(phrases: list[str], text: str) -> list[tuple[str, str]]:
    return [(hit.phrase, text[hit.start : hit.end]) for hit in Phrases(phrases).find(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "quoted"),
    [
        ("PSPO", "Two pspos were made", "pspos"),
        ("PSPOs", "the PSPO's terms", "PSPO's"),
        ("public spaces protection order", "PUBLIC SPACE PROTECTION ORDERS", "PUBLIC SPACE PROTECTION ORDERS"),
        (
            "public spaces protection order",
            "a Public Spaces\r\n  Protection Order",
            "Public Spaces\r\n  Protection Order",
        ),
        ("public spaces protection order", "Public Spaces Protection (Order)", "Public Spaces Protection (Order"),
        ("anti-social behaviour", "antisocial behaviour", "antisocial behaviour"),
        ("anti-social behaviour", "anti social behaviour", "anti social behaviour"),
        ("antisocial behaviour", "anti-social behaviour", "anti-social behaviour"),
        ("antisocial behaviour", "anti-\nsocial behaviour", "anti-\nsocial behaviour"),
        ("residents' parking", "Residents’ parking", "Residents’ parking"),
        ("resident's parking", "residents parking", "residents parking"),
        ("policy", "Policies", "Policies"),
        ("house", "houses", "houses"),
        ("bus", "Buses", "Buses"),
        ("church", "churches", "churches"),
        ("P.S.P.O.", "the PSPO", "PSPO"),
        ("PSPO", "the P.S.P.O. was", "P.S.P.O."),
        ("Ynys Môn", "Ynys Mon", "Ynys Mon"),
        ("Ynys Mon", "Ynys Mo\u0302n", "Ynys Mo\u0302n"),
        ("protection", "pro\u00adtection", "pro\u00adtection"),
        ("office", "of\ufb01ce", "of\ufb01ce"),
        ("PC", "two PCs", "PCs"),
        ("18/00123/FUL", "see 18/00123/ful", "18/00123/ful"),
    ],
)
def test_what_does_not_matter(phrase: str, text: str, quoted: str) -> None:
    assert _quoted([phrase], text) == [(phrase, quoted)]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("order", "border"),
        ("PSPO", "PSPOXY"),
        ("new", "the news"),
        ("bus", "us"),
        ("public order", "public spaces order"),
        ("", "anything"),
        ("–", "a – b"),
    ],
)
def test_whole_words_in_order(phrase: str, text: str) -> None:
    assert _quoted([phrase], text) == []


def test_phrases_within_others_and_beside_others_are_all_found() -> None:
    found = _quoted(
        ["dog control", "control", "control order", "dog control order"], "Dog control orders, control order"
    )
    assert sorted(found) == [
        ("control", "control"),
        ("control", "control"),
        ("control order", "control order"),
        ("control order", "control orders"),
        ("dog control", "Dog control"),
        ("dog control order", "Dog control orders"),
    ]


def test_phrases_that_read_alike_are_each_told() -> None:
    assert _quoted(["PSPO", "PSPOs"], "a PSPO") == [("PSPO", "PSPO"), ("PSPOs", "PSPO")]


def test_one_walk_finds_a_few_among_many() -> None:
    phrases = Phrases([f"matter number {n}" for n in range(20_000)])
    text = "On matter number 17 nothing; on matter number 19999, much."
    assert [hit.phrase for hit in phrases.find(text)] == ["matter number 17", "matter number 19999"]


@given(st.text(max_size=200))
def test_offsets_map_into_any_text(text: str) -> None:
    normalised = normalise(text)
    assert len(normalised.words) == len(normalised.spans)
    last = 0
    for start, end in normalised.spans:
        assert last <= start < end <= len(text)
        last = end


@given(
    st.lists(
        st.sampled_from(["order", "Orders", "dog-control", "PSPO", "xx", "anti-", "social", ";", "\n"]), max_size=40
    )
)
def test_every_word_of_a_text_is_found_in_it(words: list[str]) -> None:
    text = " ".join(words)
    for found in Phrases(["order", "PSPO"]).find(text):
        assert isinstance(found, Found)
        assert text[found.start : found.end].lower().rstrip("s") in ("order", "pspo")
    wanted = sum(word.lower().rstrip("s") in ("order", "pspo") for word in words)
    assert len(Phrases(["order", "PSPO"]).find(text)) == wanted
