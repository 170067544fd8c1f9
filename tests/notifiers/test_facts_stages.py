"""Which stage a text tells of, where it speaks of several matters or tells of one in parts."""

from datetime import date

import pytest

from config.topics import load_topics
from notifiers.facts import read_facts

TODAY = date(2025, 11, 26)
PSPO = load_topics()["pspo"]


def _stage(text: str, title: str = "Cabinet", kind: str = "minutes") -> str:
    return read_facts(PSPO, title, text, TODAY, kind).stage


def test_what_stands_under_a_line_goes_on_with_it_until_the_next() -> None:
    entry = "24. PSPO FOR THE OLD TOWN\nMr Lowe spoke of noise.\nThe police were neutral.\nA vote was taken.\nThe Mayor left.\n"
    assert _stage(entry + "RESOLVED that a consultation on renewal begin in January.") == "consultation planned"
    other = "25. LEISURE CENTRE\nRESOLVED that consultation begin in January."
    assert _stage("24. PSPO UPDATE\nThe order is in force.\n" + other) == "in force"


def test_the_only_consultation_spoken_of_is_the_topics() -> None:
    mention = "The roof is mended and open again. The Clerk asked about the PSPO for the Green. The officer was away. "
    assert _stage(mention + "The consultation ended in August.") == "consultation closed"
    assert _stage("There is a survey on buses. " + mention + "The consultation ended in August.") == "in force"


def test_another_question_is_of_another_matter() -> None:
    text = "The Inspector said that drinking was banned by the PSPO. Mrs Good then asked about the hedge, and it was "
    assert _stage(text + "agreed to cut it.") == "in force"


@pytest.mark.parametrize(
    ("title", "stage"),
    [("Decisions taken since the last meeting", "decided"), ("Item 7", "proposed")],
)
def test_an_agenda_that_records_decisions_tells_of_them(title: str, stage: str) -> None:
    assert _stage("(a) Approved: the PSPO for the Quay be extended.", title, "agenda item") == stage


def test_a_far_end_is_a_matter_to_deal_with_where_it_is_told_as_one() -> None:
    end = "The PSPO expires in March 2027"
    assert _stage(f"{end}.") == "in force"
    assert _stage(f"{end}, and this is flagged as a matter that the new authority will have to address.") == "expiring"


def test_what_was_done_before_is_no_step() -> None:
    assert _stage("Incidents have fallen since the PSPO was brought in; it is working.") == "in force"
    assert (
        _stage("The order, a PSPO, was made in 2023 following public consultation. 33 notices were served.")
        == "in force"
    )


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("AGREED to advise the Leader to make a PSPO.", "proposed"),
        ("AGREED in principle that the PSPO should be renewed.", "proposed"),
        ("RESOLVED that the PSPO, due to end in March, be extended.", "decided"),
        ("RESOLVED that the public be consulted on the making of a PSPO.", "consultation planned"),
        ("RESOLVED that the request of the Forum for a PSPO on the sea wall be refused.", "decided"),
        ("The PSPO must be renewed every three years.", "proposed"),
    ],
)
def test_what_a_body_settles(text: str, stage: str) -> None:
    assert _stage(text) == stage


@pytest.mark.parametrize(
    ("put", "assent", "stage"),
    [
        ("Officers recommended that the PSPO be extended for three years.", "Agreed as recommended.", "decided"),
        ("Cllr Reed moved that the PSPO be varied to take in the park.", "The motion was carried.", "decided"),
        ("Cllr Reed moved that the PSPO be varied to take in the park.", "The Chair thanked her.", "proposed"),
        ("Cllr Reed moved that the district be asked to extend its PSPO.", "Carried unanimously.", "proposed"),
        (
            "The report sought approval to consult on a PSPO.",
            "The recommendations were approved.",
            "consultation planned",
        ),
    ],
)
def test_what_was_put_to_a_body_is_resolved_where_it_is_said_to_be_carried(put: str, assent: str, stage: str) -> None:
    assert _stage(f"{put} {assent}") == stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Members heard how Barton had used a PSPO to fine riders, and how Corby had extended its order.", "none"),
        ("The reviewers praised a neighbouring district, where a PSPO covers e-bikes.", "none"),
        ("Dogs on the beach. PSPO? Clerk to ask the district.", "proposed"),
        (
            "The applicant questioned the PSPO. The application was dismissed and the order remains in effect.",
            "in force",
        ),
        ("The PSPO (boats) was in place at the quay some years ago but has since ended.", "none"),
        (
            "The Clerk said that the PSPO consultation had finished and the Vale would decide in June.",
            "consultation closed",
        ),
        ("Notice is given that the Council has varied the PSPO made on 3 May 2023 so as to add Elm Park.", "decided"),
    ],
)
def test_what_is_said_of_others_or_of_before_is_no_step(text: str, stage: str) -> None:
    assert _stage(text) == stage


def test_a_row_whose_cells_have_labels_heads_no_table() -> None:
    row = "Ref 1 | Lead: ASB | Action: draft a variation to the PSPO | Status: amber\n"
    assert (
        _stage(row + "Ref 2 | Lead: Estates | Action: terms to be agreed by 30 January | Status: green") == "proposed"
    )


@pytest.mark.parametrize("title", ["PSPO (Quayside) - report withdrawn", "PSPO, Quayside: item withdrawn"])
def test_a_report_that_is_withdrawn_decides_nothing(title: str) -> None:
    assert _stage("", title) != "decided"
