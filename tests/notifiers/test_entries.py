"""A list of matters of which the topic is one: what its other entries say is theirs."""

from datetime import date

import pytest

from config.topics import load_topics
from notifiers.entries import entries
from notifiers.facts import Facts, read_facts, sentences
from notifiers.first_reading import first_reading

TODAY = date(2025, 1, 21)
PSPO = load_topics()["pspo"]


def _read(text: str) -> Facts:
    return read_facts(PSPO, "Community Committee", text, TODAY, "minutes")


def _others(text: str) -> set[str]:
    """The sentences that stand in another matter's entry."""
    read = first_reading(PSPO, "Community Committee", text, TODAY, "minutes")
    assert read is not None
    told = [one.clause for one in read.told]
    return {read.said[told[number].sentence].text for number, ours in entries(PSPO, told).items() if not ours}


@pytest.mark.parametrize(
    "text",
    [
        "AM/14 Allotments. Rents fall due by 31 March. AM/15 Public Spaces Protection Order. It expires on 30 June 2025. "
        "AM/16 Play area. The lease ends in December 2027.",
        "3.1 Waste. The round ends on 6 October. 3.2 Safety. The public spaces protection order expires on 30 June 2025. "
        "3.3 Parks. The licence expires in May 2026.",
        "EB 71 Local Plan: consultation until 5 March. EB 72 PSPO for the quay: the order expires on 30 June 2025. "
        "EB 73 Leisure contract: runs until 31 March 2030.",
        "24/33 Insurance. The agreement runs to June 2027. 24/34 District matters. The public spaces protection order comes "
        "to an end on 30 June 2025. 24/35 Cemetery. Fees rise from 1 July.",
        "Bins: rounds change from 2 March. Parking: comments on the scheme by 20 February. PSPO: the order runs out on "
        "30 June 2025. Trees: planting until March.",
        "Leisure – pool shut until 12 May. Dogs – the public spaces protection order expires on 30 June 2025. Youth – book "
        "by 30 May. Roads – works from 7 April.",
    ],
)
def test_only_the_topics_entry_gives_dates(text: str) -> None:
    assert [(told.kind, told.date) for told in _read(text).dates] == [("expires", "2025-06-30")]


def test_a_row_of_a_plan_is_due_when_it_says() -> None:
    text = (
        "Ref 21: Fleet strategy; Cabinet, 8 April 2025. Ref 22: Public Spaces Protection Order, to approve consultation; "
        "Cabinet, 6 May 2025. Ref 23: Housing policy; Council, 22 July 2025."
    )
    facts = read_facts(PSPO, "Forward Plan", text, TODAY, "plan")
    assert [(told.kind, told.date) for told in facts.dates] == [("decision due", "2025-05-06")]


def test_an_entry_ends_where_the_next_begins_whatever_it_is_headed_with() -> None:
    text = "1. Rota: changed. 2. PSPO: noted. 3. Budget: consultation from 3 February. 4. Allotments: let."
    assert _others(text) == {
        "1. Rota: changed.",
        "3. Budget: consultation from 3 February.",
        "4. Allotments: let.",
    }


def test_a_list_within_a_sentence_ends_with_it() -> None:
    text = (
        "Have your say: (1) budget, until 3 March; (2) PSPO for the quay; (3) cemetery rules. The order ends in June."
    )
    read = first_reading(PSPO, "News", text, TODAY, "notice")
    assert read is not None
    told = [one.clause for one in read.told]
    assert [told[number].line for number in entries(PSPO, told)][-1] == " 3 cemetery rules "


@pytest.mark.parametrize(
    "text",
    [
        # Numbered paragraphs of one report.
        "4.1 The PSPO expires on 30 June 2025. 4.2 A survey ran from 3 June to 15 July. 4.3 Cabinet decides in March.",
        # What is named before a list is divided in it.
        "The PSPO is to be renewed. Dogs: leads in parks. Alcohol: town centre only. Fires: none.",
        # The fields of a record.
        "Item: PSPO for the quay. Decision maker: Cabinet. Date of decision: 6 May 2025. Contact: the clerk.",
        # What was resolved on one matter.
        "(a) that the PSPO be made; (b) that it begin on 1 May; (c) that signs be put up.",
        # Two entries that speak of it.
        "1. Dogs: the PSPO lasts. 2. Alcohol: the PSPO is to go. 3. Allotments: let.",
    ],
)
def test_parts_of_one_matter_are_no_list_of_matters(text: str) -> None:
    assert _others(text) == set()


def test_an_entry_that_speaks_of_the_order_is_not_anothers() -> None:
    text = (
        "25/112 Remarks. None. 25/113 Borough. Their dog order ends on 30 June. 25/114 Roads. Shut from 6 October. 25/115 "
        "PSPO signs. Nine are missing. 25/116 Tree. To be put up on 29 November."
    )
    assert not any("dog order" in sentence for sentence in _others(text))
    assert len(_others(text)) == len(sentences(text)) - 4
