"""Who is who on a page that was renumbered, reordered or re-titled."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from history.identity import match_documents, match_items, same_words
from history.state import ItemState
from scraper.records import ItemRecord
from tests.history.keeping import item


def stored(read: ItemRecord, **values: object) -> ItemState:
    state = ItemState(
        read.number, read.title, read.position, read.url, "2026-01-01T00:00:00+00:00", item_id=read.item_id
    )
    return replace(state, **values)  # type: ignore[arg-type]


def found(states: list[ItemState], read: list[ItemRecord]) -> list[int | None]:
    return [match.stored for match in match_items(states, read)]


PAGE = [
    item(n, title=title)
    for n, title in enumerate(["Apologies", "Minutes", "Town centre order", "Any other business"], 1)
]


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(4)), titles=st.lists(st.text(min_size=1, max_size=20), min_size=4, max_size=4))
def test_numbers_keep_identity_through_new_order_and_titles(order: list[int], titles: list[str]) -> None:
    read = [replace(PAGE[n], position=at, number=f"{50 + at}.", title=titles[n]) for at, n in enumerate(order, 1)]
    assert found([stored(each) for each in PAGE], read) == order


items = st.builds(
    lambda number, position, title, shown: item(1, item_id=number, position=position, title=title, number=shown),
    st.none() | st.integers(1, 5),
    st.integers(1, 6),
    st.sampled_from(["Apologies", "Minutes", "Minutes of the last meeting", "PSPO", "PSPO update", ""]),
    st.sampled_from(["", "1.", "2.", "SSP/46/25", "SSP/47/25"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(items, max_size=7), st.lists(items, max_size=7))
def test_no_two_items_on_a_page_are_the_same_stored_one(before: list[ItemRecord], after: list[ItemRecord]) -> None:
    matched = [index for index in found([stored(each) for each in before], after) if index is not None]
    assert len(matched) == len(set(matched))
    assert all(0 <= index < len(before) for index in matched)


@settings(max_examples=60, deadline=None)
@given(st.lists(items, max_size=7))
def test_the_same_page_again_is_the_same_items(page: list[ItemRecord]) -> None:
    page = [replace(each, position=at) for at, each in enumerate(page, 1)]
    assert sorted(i for i in found([stored(e) for e in page], page) if i is not None) == list(range(len(page)))


def test_without_numbers_the_reference_goes_before_the_title() -> None:
    states = [stored(item(1, item_id=None, number="SSP/46/25")), stored(item(2, item_id=None, number="SSP/47/25"))]
    read = [item(2, item_id=None, number="SSP/47/25", title="Quite other"), item(1, item_id=None, number="SSP/46/25")]
    matches = match_items(states, read)
    assert [match.stored for match in matches] == [1, 0]
    assert "SSP/47/25" in (matches[0].doubt or "")
    assert matches[1].doubt is None


def test_without_numbers_alike_titles_are_one_item_with_a_doubt() -> None:
    states = [stored(replace(each, item_id=None)) for each in PAGE]
    read = [replace(PAGE[2], item_id=None, number="9.", position=1, title="Town centre orders")]
    (match,) = match_items(states, read)
    assert match.stored == 2
    assert "Town centre order" in (match.doubt or "")


def test_a_whole_page_numbered_anew_with_one_more_in_front() -> None:
    read = [item(50, position=1, title="Welcome")]
    read += [replace(each, item_id=900 + n, position=n + 2) for n, each in enumerate(PAGE)]
    assert found([stored(each) for each in PAGE], read) == [None, 0, 1, 2, 3]


def test_the_same_title_elsewhere_under_a_new_number_is_another_item() -> None:
    read = [PAGE[0], PAGE[2], PAGE[3], item(77, position=9, title="Minutes")]
    assert found([stored(each) for each in PAGE], read) == [0, 2, 3, None]


def test_documents_by_number_then_by_title_in_their_place() -> None:
    known = [(0, "s1", "Report", True), (0, "s2", "Appendix", True), (None, "g1:T10", "Pack", True)]
    assert match_documents(known, [(1, "s1", "Report"), (0, "60860", "Appendix"), (None, "g1:T1", "Minutes")]) == (
        0,
        1,
        None,
    )
    assert match_documents(known, [(1, "60860", "Appendix")]) == (None,)


def test_same_words() -> None:
    assert same_words("Bud get\n(final) – “now”") == same_words('Budget final: "now"')
    assert same_words("£2.5m") != same_words("£25m")
