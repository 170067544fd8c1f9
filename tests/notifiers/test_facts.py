"""What texts say of a topic: the rules one by one, and what must hold of any text."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.topics import Topic, load_topics
from notifiers.dates import find_dates
from notifiers.facts import Facts, read_facts, sentences

TODAY = date(2025, 11, 26)
PSPO = load_topics()["pspo"]


def _read(text: str, title: str = "Public Spaces Protection Order", kind: str = "minutes") -> Facts:
    return read_facts(PSPO, title, text, TODAY, kind)


def _dates(facts: Facts) -> set[tuple[str, str]]:
    return {(told.kind, told.date) for told in facts.dates}


class TestTheMeetingThatStartedIt:
    @pytest.fixture
    def items(self) -> dict[str, str]:
        folder = os.environ.get("COUNCILWATCH_SEED")
        if folder is None:
            pytest.skip("COUNCILWATCH_SEED does not name the folder with the meeting's text")
        (page,) = Path(folder).glob("*.txt")
        parts = re.split(r"^(SSP/\d+/25)$", page.read_text("utf-8"), flags=re.MULTILINE)
        return {number: text.strip() for number, text in zip(parts[1::2], parts[2::2], strict=True)}

    def test_the_news_is_in_the_minutes_of_another_item(self, items: dict[str, str]) -> None:
        title, _, text = items["SSP/46/25"].partition("\n")
        facts = read_facts(PSPO, title, text, TODAY)
        assert facts.stage == "consultation planned"
        assert facts.stage_sentence is not None
        assert "public consultation was scheduled to take place" in facts.stage_sentence
        assert [(told.kind, told.date, told.precision) for told in facts.dates] == [("expires", "2026-04", "month")]
        assert "due to expire in April 2026" in facts.dates[0].sentence

    def test_a_bare_update_tells_nothing(self, items: dict[str, str]) -> None:
        title, _, text = items["SSP/53/25"].partition("\n")
        facts = read_facts(PSPO, title, text, TODAY)
        assert facts.relevant
        assert (facts.stage, facts.dates) == ("none", ())

    def test_the_other_items_are_not_about_it(self, items: dict[str, str]) -> None:
        for number in items.keys() - {"SSP/46/25", "SSP/53/25"}:
            title, _, text = items[number].partition("\n")
            assert not read_facts(PSPO, title, text, TODAY).relevant, number


def test_a_step_outranks_the_state() -> None:
    assert (
        _read("The order expires in July 2026, and the public will be asked about a new one.").stage
        == "consultation planned"
    )


def test_only_what_settles_the_order_is_decided() -> None:
    assert _read("RESOLVED that the order be extended.").stage == "decided"
    assert _read("RESOLVED that there be consultation on extending the order.").stage == "consultation planned"
    assert _read("RESOLVED to recommend to Council that the order be extended.").stage == "proposed"


def test_partners_first_is_not_yet_the_public() -> None:
    text = "Statutory partners are being consulted on the draft order. A public consultation will follow."
    assert _read(text).stage == "consultation planned"


def test_a_second_consultation_is_planned_again() -> None:
    text = "The consultation closed on 3 October 2025. A second consultation will be held from 5 January 2026."
    facts = _read(text)
    assert facts.stage == "consultation planned"
    assert ("opens", "2026-01-05") in _dates(facts)


@pytest.mark.parametrize(("title", "stage"), [("PSPO Renewal", "proposed"), ("PSPO Update", "none")])
def test_bare_titles(title: str, stage: str) -> None:
    assert _read("", title, "agenda").stage == stage


def test_dates_of_the_other_matter_are_not_the_topics() -> None:
    text = "Consultation on the Traffic Regulation Order closes on 9 January 2026. The PSPO in the square remains in force."
    facts = _read(text, "Highways")
    assert (facts.stage, facts.dates) == ("in force", ())


def test_nothing_is_worked_out() -> None:
    assert _dates(_read("Consultation on the order runs for six weeks from 3 November 2025.")) == {
        ("opens", "2025-11-03")
    }
    assert _dates(_read("The report will come back in due course, before Christmas.")) == set()


def test_a_date_that_was_moved_no_longer_holds() -> None:
    text = "The closing date of the consultation has been moved from 12 December 2025 to 9 January 2026."
    assert _dates(_read(text)) == {("closes", "2026-01-09")}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        (
            "The PSPO consultation was due to end on 12 December but has been prolonged to 9 January.",
            {("closes", "2026-01-09")},
        ),
        (
            "It was hoped to launch the consultation on the PSPO in October, but this has been put back to 12 January.",
            {("opens", "2026-01-12")},
        ),
        (
            "A decision on the PSPO had been pencilled in for 9 December but will now be 13 January.",
            {("decision due", "2026-01-13")},
        ),
        (
            "The PSPO was extended from 3 March 2026 to 2 March 2029.",
            {("comes into force", "2026-03-03"), ("expires", "2029-03-02")},
        ),
    ],
)
def test_what_takes_the_place_of_a_date_is_of_its_kind(text: str, dates: set[tuple[str, str]]) -> None:
    assert _dates(_read(text, "Report")) == dates


def test_scrutiny_is_no_decision() -> None:
    text = "A draft PSPO would be brought to the Committee in January 2026."
    assert _dates(_read(text, "Cabinet")) == {("decision due", "2026-01")}
    assert _dates(_read(text, "Overview and Scrutiny Committee")) == set()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 December 2025\nBudget\nPSPO: extension\n14 January 2026\nLibraries", "2025-12-03"),
        ("3 December 2025\nBudget\n14 January 2026\nLibraries\nPSPO: extension", "2026-01-14"),
        ("PSPO: extension\n3 December 2025\nLibraries\n14 January 2026", "2025-12-03"),
        ("3 December 2025 - Budget\n14 January 2026 - PSPO: extension\n4 February 2026 - Libraries", "2026-01-14"),
    ],
)
def test_of_a_plans_dates_only_that_of_its_own_row_is_the_orders(text: str, day: str) -> None:
    assert _dates(_read(text, "Forward plan", "plan")) == {("decision due", day)}


def test_other_matters_of_a_list_have_dates_of_their_own() -> None:
    text = "Consultations:\n(a) {} - comments by 5 December 2025.\n(b) Bus strategy - comments by 12 December 2025."
    assert _dates(_read(text.format("Draft PSPO"), "Parish Council")) == {("closes", "2025-12-05")}


def test_a_field_of_a_record_is_of_what_the_record_is_about() -> None:
    fields = (
        "Decision: To begin consultation on a PSPO.\nDecision maker: Head of Place\nReasons: Fires\n"
        "Alternatives considered: Signage and fencing only - rejected\nConsultation period: 1 December 2025 - 12 January 2026"
    )
    wanted = {("opens", "2025-12-01"), ("closes", "2026-01-12")}
    assert _dates(_read(fields, "Record of officer decision", "decision")) == wanted


def test_the_season_of_a_ban_is_no_consultation() -> None:
    text = "We are consulting on a PSPO that would make it an offence to swim between May and September."
    assert _dates(_read(text, "Have your say")) == set()


def test_what_may_be_called_in_is_the_decision_and_not_the_order() -> None:
    begins = "The PSPO is made. Comes into effect: 5 December 2025"
    assert _dates(_read(begins)) == {("comes into force", "2025-12-05")}
    assert _dates(_read(f"{begins} unless called in.")) == set()


def test_call_in_and_publication_are_no_key_dates() -> None:
    text = "Cabinet agreed to make the order. Date of publication: 27 November 2025. Effective from: 5 December 2025."
    assert _dates(_read(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The Principal School Places Officer (PSPO) spoke.",
        "Two staff passed the Scrum PSPO examination.",
        "Quotation PSPO/25/117 was accepted.",
        "The A38 (Prohibition of Overtaking) Order, PSPO/38/25, was made under the Road Traffic Regulation Act 1984.",
        "Vehicles were seized under section 59 of the Police Reform Act 2002.",
        "A closure order under section 80 of the Anti-social Behaviour, Crime and Policing Act 2014 was made.",
        "The designated public place order is still in force.",
    ],
)
def test_letters_and_sections_that_mean_something_else(text: str) -> None:
    assert not _read(text, "Report").relevant


@pytest.mark.parametrize(
    "text",
    [
        "An order under section 59 of the Anti-social Behaviour, Crime and Policing Act 2014 was made.",
        "The Anti-social Behaviour, Crime and Policing Act 2014 (s.60) limits its length.",
        "Gorchymyn o dan adran 59 o Ddeddf Ymddygiad Gwrthgymdeithasol, Troseddu a Phlismona 2014",
        "the Open Spaces\nProtection Order",
        "RESOLVED (i) to approve the PSPO; (ii) that signs be ordered.",
        "the restriction, imposed under the Anti-social Behaviour, Crime and Policing Act 2014",
    ],
)
def test_by_whatever_name(text: str) -> None:
    assert _read(text, "Report").relevant


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("RESOLVED – That it be made. Noted.", ["RESOLVED – That it be made.", "Noted."]),
        ("See s. 59 and No. 3 of 2023. Next.", ["See s. 59 and No. 3 of 2023.", "Next."]),
        ("It met at 9.00 a.m. on Friday. Cllr. Smith came.", ["It met at 9.00 a.m. on Friday.", "Cllr. Smith came."]),
        ("1. The Order\n2. The plan", ["1. The Order", "2. The plan"]),
        ("• one\n• two", ["one", "two"]),
        ("St. John's Rd. was shut", ["St. John's Rd. was shut"]),
        ("First line of a\nsentence.", ["First line of a\nsentence."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == parts


WORDS = """the The PSPO order Order consultation closes on from to until 3 March 2026 14 December April spring 2027 was agreed
RESOLVED – That be made. extended; and but, expires section 59 of the Anti-social Behaviour, Crime and Policing Act 2014
traffic TRO ( ) • Cabinet 12/01/2026 GDMC ymgynghoriad"""
PROSE = st.lists(st.sampled_from(["\n", *WORDS.split()]), max_size=60).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.one_of(PROSE, st.text(max_size=200)), PROSE)
def test_any_text_is_read_and_only_quoted(text: str, title: str) -> None:
    facts = read_facts(PSPO, title, text, TODAY)
    whole = f"{title}\n{text}"
    for hit in facts.found:
        assert 0 <= hit.start < hit.end <= len(whole)
    assert facts.relevant == bool(facts.found)
    if not facts.relevant:
        assert (facts.stage, facts.stage_sentence, facts.dates) == ("none", None, ())
    if facts.stage != "none":
        assert facts.stage_sentence is not None
        assert facts.stage_sentence in whole
    for told in facts.dates:
        assert told.sentence in whole
        assert any(_says(told.date, stated) for stated in find_dates(whole))


def _says(day: str, stated: object) -> bool:
    """Whether a stated date is this one, but for a year left out."""
    parts = [int(part) for part in day.split("-")]
    said = [getattr(stated, name) for name in ("year", "month", "day")[: len(parts)]]
    return all(one is None or one == part for one, part in zip(said, parts, strict=True)) and any(said)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_sentences_cover_every_word_of_a_text_in_order(text: str) -> None:
    last = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= last
        assert not re.search(r"\w", text[last : sentence.start])
        last = sentence.end
    assert not re.search(r"\w", text[last:])


@pytest.mark.parametrize("unit", ["the order ", "1 ", "a.b.", "(((", "PSPO 3 March ", "\n", "from 3 March to "])
def test_work_grows_with_the_text_and_not_faster(unit: str) -> None:
    small, large = (len(sentences(unit * n)) for n in (200, 2000))
    assert large <= 10 * small + 10
    counted = [len(read_facts(PSPO, "PSPO", unit * n, TODAY).found) for n in (200, 2000)]
    assert counted[1] <= 10 * counted[0] + 10


def test_a_date_goes_with_the_verb_that_governs_it() -> None:
    text = (
        "Consultation will open at noon on Monday 1 December 2025, and shuts at 5 pm on 9 January. A pool opens 5 July."
    )
    assert _dates(_read(text)) == {("opens", "2025-12-01"), ("closes", "2026-01-09")}


def test_a_table_gives_its_dates_under_their_heads() -> None:
    facts = _read("Order | Commenced | Ends\nAbbey Fields | 15/01/2024 | 14/01/2027", "Public Spaces Protection Orders")
    assert _dates(facts) == {("comes into force", "2024-01-15"), ("expires", "2027-01-14")}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        (
            "5 January 2026 - consultation starts\n15 February 2026 - consultation ends\n10 March 2026 - Cabinet decision",
            {("opens", "2026-01-05"), ("closes", "2026-02-15"), ("decision due", "2026-03-10")},
        ),
        ("The PSPO is being consulted on. How long have I got? Until 9 January.", {("closes", "2026-01-09")}),
        (
            "These PSPOs expire in 2026:\n- Quay: 17 May 2026\n- Park: 30 June",
            {("expires", "2026-05-17"), ("expires", "2026-06-30")},
        ),
        ("The closing date for comments was 12 December. It is now 9 January.", {("closes", "2026-01-09")}),
        ("12/01/26 consultation goes live", {("opens", "2026-01-12")}),
        (
            "The PSPOs reach the end of their term: Mill Lane 11 July 2026; Bus Station 20 October 2026.",
            {("expires", "2026-07-11"), ("expires", "2026-10-20")},
        ),
        ("Cabinet decides in the spring, probably April 2026.", {("decision due", "2026-04")}),
        ("The order applies from Good Friday, 3 April 2026.", {("comes into force", "2026-04-03")}),
    ],
)
def test_a_date_is_read_with_what_stands_over_or_beside_it(text: str, dates: set[tuple[str, str]]) -> None:
    assert _dates(_read(text, "Public Spaces Protection Order")) == dates


@pytest.mark.parametrize(
    ("text", "relevant"),
    [
        ("Both were made under Part 4, Chapter 2 of the Anti-social Behaviour, Crime and Policing Act 2014.", True),
        ("The section 59 order has two years left.", True),
        ("A section 60 order was authorised by the inspector.", False),
        ("An order under section 59 of the Highways Act 1980 was sealed.", False),
        ("A Public Spaces (Intoxicating Substances) Protection Order applies.", True),
        ("The Public Realm Street Performance Offer (PSPO) opens in May.", False),
        ("The drinking order (Anti-social Behaviour, Crime and Policing Act 2014) applies.", True),
    ],
)
def test_known_by_the_law_or_not_at_all(text: str, relevant: bool) -> None:
    assert _read(text, "Report").relevant is relevant


def test_partners_deadline_is_not_the_publics() -> None:
    text = "The police are being consulted first on the PSPO, and their responses are due by 12 December 2025. The public follow."
    assert _dates(_read(text)) == set()


@pytest.mark.parametrize(
    ("text", "relevant"),
    [
        ("An order under the Anti-social Behaviour, Crime and Policing Act 2014 would ban fires.", True),
        ("A closure order under the Anti-social Behaviour, Crime and Policing Act 2014 was made.", False),
        (
            "The Anti-social Behaviour, Crime and Policing Act 2014 has many tools. Under section 59 an order may be made.",
            True,
        ),
        (
            "The Anti-social Behaviour, Crime and Policing Act 2014 has many tools. Section 59 of the Police Act too.",
            False,
        ),
    ],
)
def test_an_order_under_the_act(text: str, relevant: bool) -> None:
    assert _read(text, "Report").relevant is relevant


def test_an_operators_topic_is_read_by_the_same_rules(tmp_path: Path) -> None:
    (tmp_path / "allotments.toml").write_text('title = "Allotments"\nterms = ["allotment"]\n')
    topic: Topic = load_topics(tmp_path)["allotments"]
    facts = read_facts(topic, "Allotments", "Consultation on allotment rents closes on 9 January 2026.", TODAY)
    assert (facts.stage, _dates(facts)) == ("consultation open", {("closes", "2026-01-09")})
