"""A change against watches, without a database: what counts as changed, and the reason that is given."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.topics import load_topics
from config.watches import FIELDS, KINDS, Watch
from history import changes
from history.changes import Change
from notifiers.alerts import alerts_for, alerts_for_standing, changed_paragraphs
from notifiers.bulletin import Quote, ToldDate
from notifiers.matcher import Matcher
from notifiers.reasons import LONGEST_QUOTE, MOST_QUOTES, Reason
from notifiers.thing import Thing

TOPICS = load_topics()
DAY = date(2025, 11, 26)
NOW = datetime(2025, 11, 27, 9, tzinfo=UTC)
PSPOS = Watch(name="PSPOs", topic="pspo")


def item(title: str = "Town centre", **texts: str) -> Thing:
    said = (("title", title), *((field, texts.get(field, "")) for field in ("text", "decision", "minutes")))
    return Thing(1, "stockton-on-tees", "Cabinet", DAY, said, meeting=1, item=1)


def amended(thing: Thing, field: str, before: str | None, kind: str = "item.amended") -> Change:
    return Change(1, NOW, 1, kind, meeting=1, item=1, field=field, before=before, after=dict(thing.texts)[field])


def reasons(watch: Watch, change: Change, thing: Thing) -> list[Reason]:
    return [alert.reason for alert in alerts_for(change, thing, Matcher([watch], TOPICS), TOPICS)]


def test_the_config_knows_the_kinds_of_change_by_the_same_names() -> None:
    assert KINDS == changes.KINDS


PARAGRAPHS = st.lists(st.sampled_from(["The PSPO stands.", "Tea.", "A park.", "Tea  .", "PSPOs.", ""]), max_size=6).map(
    "\n".join
)


@settings(max_examples=100, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS)
def test_own_words_match_exactly_where_a_paragraph_with_them_came_or_went(before: str, after: str) -> None:
    thing = item(minutes=after)
    watch = Watch(name="w", any=("PSPO",))
    had, has = ({line for line in text.split("\n") if "PSPO" in line} for text in (before, after))
    found = reasons(watch, amended(thing, "minutes", before, "minutes.amended"), thing)
    assert [reason.why for reason in found] == (["words"] if has - had else ["removed"] if had - has else [])


@settings(max_examples=100, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS)
def test_changed_paragraphs_are_those_of_one_text_alone(before: str, after: str) -> None:
    added, removed = changed_paragraphs(before, after)
    assert not set(filter(None, added.split("\n"))) & set(before.split("\n"))
    assert not set(filter(None, removed.split("\n"))) & set(after.split("\n"))
    assert changed_paragraphs(after, before) == (removed, added)


def test_a_paragraph_that_is_said_twice_is_added_twice() -> None:
    assert changed_paragraphs("kept", "kept\nsaid\nagain\nsaid") == ("said\nagain\nsaid", "")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["PSPOs", "the", "order.", "Tea", "is", "a\n", "Public Spaces Protection Order"]), max_size=200
    )
)
def test_quotes_are_in_the_text_and_their_spans_are_the_words(words: list[str]) -> None:
    text = " ".join(words)
    thing = item(minutes=text)
    for reason in reasons(PSPOS, amended(thing, "minutes", None, "minutes.drafted"), thing):
        assert 0 < len(reason.quotes) <= MOST_QUOTES
        for quote in reason.quotes:
            assert quote.sentence.removeprefix("… ").removesuffix(" …") in text
            assert len(quote.sentence) <= LONGEST_QUOTE + 4
            assert {" ".join(quote.sentence[start:end].split()) for start, end in quote.spans} <= set(reason.words)


@given(
    st.builds(
        Reason,
        words=st.lists(st.text(max_size=5), max_size=3).map(tuple),
        fields=st.lists(st.sampled_from(FIELDS), max_size=3).map(tuple),
        quotes=st.lists(st.builds(Quote, st.text(max_size=9), st.just(((0, 1),)), st.just("minutes")), max_size=2).map(
            tuple
        ),
        why=st.sampled_from(["words", "state"]),
        stage=st.none() | st.just("decided"),
        dates=st.lists(st.builds(ToldDate, *[st.text(max_size=5)] * 4), max_size=2).map(tuple),
    )
)
def test_a_reason_is_the_same_after_it_was_kept(reason: Reason) -> None:
    assert Reason.from_json(reason.to_json()) == reason


def test_a_decision_that_does_not_name_the_order_again_is_told_by_its_stage() -> None:
    thing = item(
        "Public Spaces Protection Order renewal", decision="RESOLVED that the Order be extended for three years."
    )
    (reason,) = reasons(PSPOS, amended(thing, "decision", None, "decision.published"), thing)
    assert (reason.why, reason.stage) == ("facts", "decided")


def test_a_stage_that_is_no_longer_told_is_no_news() -> None:
    thing = item("PSPO", text="The PSPO.\nTea was served.")
    before = "The PSPO.\nTea was served.\nThe order will be consulted on next year."
    assert [reason.why for reason in reasons(PSPOS, amended(thing, "text", before), thing)] == []


def test_a_watch_of_some_fields_hears_nothing_of_dates_in_others() -> None:
    watch = Watch(name="w", topic="pspo", fields=("title",))
    text = "A consultation on the PSPO is open.\nIt closes on 12 January 2026."
    thing = item("PSPO", text=text)
    assert reasons(watch, amended(thing, "text", text.replace("12", "9")), thing) == []
    assert len(reasons(PSPOS, amended(thing, "text", text.replace("12", "9")), thing)) == 1


@pytest.mark.parametrize("kind", ["item.withdrawn", "item.returned", "item.restricted", "item.unrestricted"])
def test_a_change_of_state_matches_on_the_item_as_it_stands(kind: str) -> None:
    thing = item(minutes="The PSPO expires in April 2026.")
    (reason,) = reasons(PSPOS, Change(1, NOW, 1, kind, meeting=1, item=1), thing)
    assert reason.why == "state"
    assert [told.date for told in reason.dates] == ["2026-04"]


def test_a_thing_does_not_quote_its_own_title() -> None:
    thing = item("PSPO Renewal")
    (reason,) = reasons(PSPOS, Change(1, NOW, 1, "item.added", meeting=1, item=1), thing)
    assert (reason.words, reason.quotes) == (("PSPO",), ())


def test_what_stood_is_matched_by_the_kind_of_change_that_would_have_brought_it() -> None:
    thing = item("Town centre", minutes="The PSPO.")
    for kinds, told in ((("minutes.*",), 1), (("item.*",), 0), (None, 1)):
        watch = Watch(name="w", any=("PSPO",), kinds=kinds)
        assert len(alerts_for_standing(thing, Matcher([watch], TOPICS), TOPICS)) == told
