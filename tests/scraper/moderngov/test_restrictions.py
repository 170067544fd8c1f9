"""What tells that an item is restricted, and what only looks like it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from scraper.moderngov.restrictions import restriction

EXEMPT = "paragraph 3 of Part 1 of Schedule 12A of the Local Government Act 1972"


@pytest.mark.parametrize(
    ("title", "paragraph"),
    [
        ("Seafront Lease - Exempt", None),
        ("Seafront Lease: Brighton Wheel (Exempt Category 3)", "3"),
        ("Commercial Property (Exempt Paragraphs 1 and 2)", "1 and 2"),
        ("Land Disposal - Exempt - paragraph 3", "3"),
        ("EXEMPT - Land at North Street", None),
        ("RESTRICTED Report on Land", None),
        ("Exempt Item: Land", None),
        ("Senior pay (Confidential)", None),
        ("Land Disposal (Part 2)", None),
        ("Budget - Not for publication", None),
        ("Property Matter - Confidential Appendix", None),
    ],
)
def test_titles_that_tell(title: str, paragraph: str | None) -> None:
    assert restriction(title, None, None, marked=False) == (True, "title", paragraph)


@pytest.mark.parametrize(
    ("words", "paragraph"),
    [
        ("This report was restricted due to the links to information relating to crime.", None),
        ("Members were presented with a restricted report that gave an overview.", None),
        ("Due to an investigation this Agenda Item was restricted.", None),
        ("This report was a restricted document due to the statistics.", None),
        (f"The report is exempt under {EXEMPT}.", "3"),
        (f"Exempt by virtue of {EXEMPT}.", "3"),
        ("The appendix is not for publication by virtue of paragraphs 1 and 2 of Schedule 12A", "1 and 2"),
        ("Members considered an exempt report of the Director.", None),
    ],
)
def test_words_that_tell(words: str, paragraph: str | None) -> None:
    assert restriction("Update", None, f"First.\n{words}", marked=False) == (True, "words", paragraph)
    assert restriction("Update", words, None, marked=False) == (True, "words", paragraph)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Restricted Parking Zone", "The vehicles are restricted to 7.5 tonnes."),
        ("RESTRICTED PARKING ZONE", "A weight restriction applies."),
        ("Proposed restricted parking zone - High Street", "The item concerns restricted byways."),
        (
            "Exclusion of the Press and Public",
            f"That the public be excluded as it involves exempt information under {EXEMPT}",
        ),
        (
            "Urgent business",
            f"To resolve that the public be excluded from items that involve exempt information under {EXEMPT}",
        ),
        ("Confidential items", None),
        ("Exempt Business", None),
        ("Gwahardd y Cyhoedd a'r Wasg", None),
        ("Local Plan (Part 2)", None),
        ("Confidential Reporting Policy", "The policy on confidential reporting was noted."),
        ("Supported exempt accommodation - update", "Exempt accommodation was discussed."),
        ("Parking", "Access was restricted to permit holders, and blue badges are exempt."),
        ("Debate", "The item was restricted to ten minutes."),
    ],
)
def test_what_only_looks_like_it(title: str, words: str | None) -> None:
    assert restriction(title, words, words, marked=False) == (False, None, None)


def test_the_pages_own_mark_outranks_words() -> None:
    assert restriction("Exclusion of the public", None, None, marked=True) == (True, "mark", None)
    assert restriction("Land", f"Exempt under {EXEMPT}.", None, marked=True) == (True, "mark", "3")


def test_the_real_meeting_that_only_words_mark() -> None:
    folder = os.environ.get("COUNCILWATCH_SEED")
    if not folder:
        pytest.skip("COUNCILWATCH_SEED does not name the folder with the real meeting")
    text = next(Path(folder).glob("*.txt")).read_text(encoding="utf-8")
    parts = re.split(r"^(SSP/\d+/25)$", text, flags=re.MULTILINE)
    told = {
        number: restriction("x", None, said, marked=False)[1]
        for number, said in zip(parts[1::2], parts[2::2], strict=True)
    }
    assert len(told) == 13
    assert {number for number, by in told.items() if by == "words"} == {f"SSP/{n}/25" for n in (51, 52, 53, 54)}
