"""The matcher against a naive one, and each way of saying what a watch is about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.topics import load_topics
from config.watches import Watch
from notifiers.matcher import Matcher, Passage, Subject
from notifiers.terms import normalise

TOPICS = load_topics()


def about(*texts: str | tuple[str, str]) -> Subject:
    """Minutes just drafted by Stockton's Cabinet, or texts of other fields: ("title", "Norton")."""
    fielded = [("minutes", text) if isinstance(text, str) else text for text in texts]
    passages = tuple(Passage(field, text, "minutes.drafted") for field, text in fielded)
    return Subject("stockton", "Cabinet", passages)


def words(watch: Watch, subject: Subject) -> list[str] | None:
    """The words that matched, as written; None where the watch did not match."""
    matches = Matcher([watch], TOPICS).match(subject)
    if not matches:
        return None
    return [subject.passages[hit.passage].text[hit.start : hit.end] for hit in matches[0].hits]


@pytest.mark.parametrize(
    "text",
    [
        "A dog-control order",
        "Dog Control Orders were made",
        "the ‘dog control order’ lapsed",
        "a dog\ncontrol order",
        "DOG CONTROL ORDER",
        "dog–control order".replace("–", "‑"),
    ],
)
def test_case_plurals_hyphens_quotes_and_line_wraps_do_not_matter(text: str) -> None:
    assert words(Watch(name="dogs", any=("dog control order",)), about(text))


def test_a_word_within_a_word_is_not_that_word() -> None:
    assert words(Watch(name="art", any=("art",)), about("The party started late")) is None


def test_every_key_of_a_watch_must_hold() -> None:
    watch = Watch(name="w", any=("dogs", "cats"), all=("Norton", "park"), none=("horses",))
    assert words(watch, about("A dog in the park at Norton")) == ["dog", "park", "Norton"]
    assert words(watch, about("A dog at Norton")) is None
    assert words(watch, about("The park at Norton")) is None
    assert words(watch, about("A dog and a horse in the park at Norton")) is None


def test_all_may_be_met_across_the_passages_of_one_subject() -> None:
    watch = Watch(name="w", all=("Norton", "park"))
    assert words(watch, about(("title", "Norton"), ("minutes", "The park"))) == ["Norton", "park"]


def test_near_counts_words_within_one_passage() -> None:
    watch = Watch(name="w", near=("fees", "allotments"), within=4)
    assert words(watch, about("The fees for all our allotments rise")) == ["fees", "allotments"]
    assert words(watch, about("The fees for all of our many allotments rise")) is None
    assert words(watch, about(("title", "Fees"), ("minutes", "Allotments"))) is None


@pytest.mark.parametrize(
    ("watch", "hit"),
    [
        (Watch(name="w", any=("park",), councils=("stockton",)), True),
        (Watch(name="w", any=("park",), councils=("leeds",)), False),
        (Watch(name="w", any=("park",), committees=("CABINET",)), True),
        (Watch(name="w", any=("park",), committees=("Planning",)), False),
        (Watch(name="w", any=("park",), fields=("minutes",)), True),
        (Watch(name="w", any=("park",), fields=("title", "decision")), False),
        (Watch(name="w", any=("park",), kinds=("minutes.*",)), True),
        (Watch(name="w", any=("park",), kinds=("item.added",)), False),
    ],
)
def test_filters(watch: Watch, hit: bool) -> None:
    assert (words(watch, about("The park")) is not None) is hit


def test_none_looks_only_where_the_watch_looks() -> None:
    watch = Watch(name="w", any=("park",), none=("horse",), fields=("minutes",))
    assert words(watch, about(("title", "Horses"), ("minutes", "The park"))) == ["park"]


def test_a_topic_matches_by_any_of_its_names_and_may_be_narrowed() -> None:
    subject = about("The Public Spaces Protection Order for Norton; PSPOs elsewhere")
    assert words(Watch(name="w", topic="pspo"), subject)[-1] == "PSPOs"
    assert words(Watch(name="w", topic="pspo", all=("Norton",)), subject) is not None
    assert words(Watch(name="w", topic="pspo", all=("Thornaby",)), subject) is None
    assert words(Watch(name="w", topic="pspo", any=("Thornaby", "Norton")), subject) is not None


def test_topics_spoken_of_are_found_watched_or_not() -> None:
    assert "pspo" in Matcher([], TOPICS).topics(about("A PSPO for the town centre"))
    assert Matcher([], TOPICS).topics(about("Nothing of the kind")) == ()


def test_matches_come_in_the_order_of_the_watches() -> None:
    watches = [Watch(name=f"w{n}", any=("park", f"word{n}")) for n in range(5)]
    assert [m.watch.name for m in Matcher(watches, {}).match(about("a park"))] == [w.name for w in watches]


TERMS = st.sampled_from(["dog", "park", "dog control", "control order", "tree", "tax band", "band"])
PROSE = st.lists(
    st.sampled_from(["Dogs", "dog", "control", "order", "orders", "park", "tree", "tax", "band", "the", "\n", "-"])
).map(" ".join)
WATCHES = st.builds(
    lambda any_, all_, none, near, within: (any_, all_, none, near if len(near) != 1 else (), within),
    *(st.lists(TERMS, max_size=2, unique=True).map(tuple) for _ in range(4)),
    st.integers(1, 6),
).filter(lambda parts: parts[0] or parts[1] or parts[3])


def naive(watch: Watch, subject: Subject) -> bool:
    texts = [normalise(passage.text).words for passage in subject.passages]

    def places(term: str, text: tuple[str, ...]) -> list[int]:
        wanted = normalise(term).words
        return [n for n in range(len(text)) if text[n : n + len(wanted)] == wanted]

    def stands(term: str) -> bool:
        return any(places(term, text) for text in texts)

    def near() -> bool:
        for text in texts:
            for start in range(len(text)):
                if all(any(start <= n <= start + watch.within for n in places(term, text)) for term in watch.near):
                    return True
        return False

    return (
        (not watch.any or any(map(stands, watch.any)))
        and all(map(stands, watch.all))
        and not any(map(stands, watch.none))
        and (not watch.near or near())
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(WATCHES, min_size=1, max_size=5), st.lists(PROSE, min_size=1, max_size=3))
def test_the_matcher_agrees_with_a_naive_one(parts: list[tuple], texts: list[str]) -> None:
    watches = [
        Watch(name=f"w{n}", any=a, all=b, none=c, near=d, **({"within": e} if d else {}))
        for n, (a, b, c, d, e) in enumerate(parts)
    ]
    subject = about(*(text.replace("-", "") for text in texts))
    assert [m.watch.name for m in Matcher(watches, {}).match(subject)] == [w.name for w in watches if naive(w, subject)]
