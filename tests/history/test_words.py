"""Word differences: exact for any two texts, readable for people, and quick for the longest."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from history.words import Piece, as_html, as_terminal, as_text, differences, elide

WORDS = st.lists(
    st.sampled_from(["the", "PSPO", "order", "expires", "in", "\n", " ", "  ", "2026", ".\n"]), max_size=60
)
TEXTS = st.one_of(st.text(max_size=80), WORDS.map(" ".join))


def joined(pieces: tuple[Piece, ...], *ops: str) -> str:
    return "".join(piece.text for piece in pieces if piece.op in ops)


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after
    assert all(piece.text for piece in pieces)
    assert all(one.op != other.op for one, other in pairwise(pieces))


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert differences(text, text) == ((Piece("same", text),) if text else ())


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)
def test_what_differs_survives_elision(before: str, after: str) -> None:
    pieces = differences(before, after)
    shown = elide(pieces, around=2)
    assert [piece for piece in shown if piece.op != "same"] == [piece for piece in pieces if piece.op != "same"]


def test_a_moved_date_reads_as_one_change() -> None:
    pieces = differences("It closes on 3 March 2026 at noon.", "It closes on 17 April 2026 at noon.")
    assert as_text(pieces) == "It closes on [-3 March-] {+17 April+} 2026 at noon."


def test_only_the_paragraph_that_changed_is_marked() -> None:
    before = "One stays.\nTwo has old words.\nThree stays."
    after = "One stays.\nTwo has new words.\nThree stays."
    assert (
        as_html(differences(before, after)) == "One stays.\nTwo has <del>old</del> <ins>new</ins> words.\nThree stays."
    )


def test_long_unchanged_stretches_are_left_out() -> None:
    before = " ".join(f"w{n}" for n in range(100)) + " old end"
    after = before.replace("old", "new")
    assert as_text(elide(differences(before, after), around=3)) == "… w97 w98 w99 [-old-] {+new+} end"


def test_markup_and_escape_codes_stay_text() -> None:
    pieces = differences("a <b>x</b>", "a <script>\x1b[2J</script>")
    assert as_html(pieces) == "a <del>&lt;b&gt;x&lt;/b&gt;</del> <ins>&lt;script&gt;\x1b[2J&lt;/script&gt;</ins>"
    assert "\x1b[2J" not in as_terminal(pieces)
    assert as_terminal(differences("old", "new")) == "\x1b[31;9mold\x1b[0m \x1b[32;4mnew\x1b[0m"


def test_long_texts_of_words_that_repeat_come_to_an_end() -> None:
    # difflib alone does not finish these
    before = " ".join(["the order", "the area", "of the order"] * 4_000)
    after = " ".join(["the order", "of the area", "of the town"] * 4_000)
    pieces = differences(before, after)
    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after
    assert len(joined(pieces, "same")) > len(after) / 2


def test_texts_too_long_for_words_are_compared_by_the_paragraph() -> None:
    before = "x " * 60_000 + "\nThe end"
    after = "y x " * 60_000 + "\nThe end"
    pieces = differences(before, after)
    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after
