"""Councils made by rule, for load and for measuring: as many meetings as wanted, the same ones for the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zlib import crc32

from demo.council import Committee, Council, Document, Item, Meeting, SiteState
from demo.story import Story

_SUBJECTS = (
    "Highways Maintenance Programme",
    "Local Plan: Issues and Options",
    "Library Service Review",
    "Air Quality Annual Status Report",
    "Treasury Management Half Year",
    "Homelessness and Rough Sleeping",
    "Parking Charges",
    "Flood Risk Strategy",
    "Adult Social Care Fees",
    "School Admissions",
    "Waste Collection Contract",
    "Leisure Centre Opening Hours",
)
_OPENINGS = (
    "Officers presented",
    "Members received",
    "The Committee considered",
    "The Chair introduced",
    "A report set out",
)
_MATTERS = (
    "the position at the end of the quarter",
    "what residents had said in reply to a survey",
    "the costs that had risen since the last meeting",
    "how the work would be shared with neighbouring councils",
    "the timetable for the coming year",
    "which streets would be dealt with first",
    "the advice of the district auditor",
)
_ENDINGS = (
    "It was noted that a further report would follow in the spring.",
    "Members asked for the figures to be broken down by ward.",
    "Nobody spoke against the proposal.",
    "A Member wondered whether the budget would be enough, and was told that it would be kept under review.",
    "The partners were thanked for their work.",
)
# Measured on rendered pages, in bytes: what a page, an item and a character of minutes take.
_PER_PAGE, _PER_ITEM, _PER_CHARACTER = 6_500, 540, 1.75


def many(
    committees: int = 8,
    meetings: int = 40,
    *,
    page_bytes: int = 60_000,
    first_day: date = date(2025, 6, 2),
    number: int = 0,
) -> Story:
    """A council with ``meetings`` meetings spread over ``committees`` committees, a week apart from ``first_day``.

    Every meeting has agenda, minutes and documents, and a page of about ``page_bytes`` bytes; nothing ever happens. The
    story starts in the middle of its meetings. ``number`` makes another council of the same shape.
    """
    halfway = datetime.combine(first_day + timedelta(weeks=meetings // 2), datetime.min.time(), UTC)
    bodies = {row.id: row for row in _committees(committees)}
    rows: dict[int, Meeting] = {}
    agenda: dict[int, Item] = {}
    papers: dict[int, Document] = {}
    items = max(8, page_bytes // 4_300)  # so that no item's minutes are long enough to be cut
    words = int((page_bytes - _PER_PAGE - _PER_ITEM * items) / items / _PER_CHARACTER)
    item_ids, paper_ids = count(number * 100_000 + 10_001), count(number * 100_000 + 50_001)
    for place in range(meetings):
        starts = datetime.combine(first_day + timedelta(weeks=place), datetime.min.time()) + timedelta(hours=18)
        meeting = Meeting(1_001 + place, 101 + place % committees, starts, venue="Town Hall", agenda=True, minutes=True)
        rows[meeting.id] = meeting
        for at in range(items):
            seed = crc32(f"{number} {place} {at}".encode())
            title = f"{_SUBJECTS[seed % len(_SUBJECTS)]} {place + 1}/{at + 1}"
            item = Item(next(item_ids), meeting.id, title, f"{at + 1}.", at + 1, minutes=_minutes(seed, words))
            agenda[item.id] = item
            if at % 3 == 0:
                paper = Document(next(paper_ids), title, item=item.id, text=_minutes(seed + 1, 600), size="24 KB")
                papers[paper.id] = paper
    council = Council(name=f"Synthetic Council {number + 1}")
    state = SiteState(council, halfway, committees=bodies, meetings=rows, items=agenda, documents=papers)
    return Story(state, halfway, halfway + timedelta(days=60))


def _committees(number: int) -> Iterator[Committee]:
    for place in range(number):
        yield Committee(101 + place, f"Committee No. {place + 1}", members=("The Chair", "A Member"))


def _minutes(seed: int, length: int) -> str:
    """Paragraphs of minutes, ``length`` characters of them or a little more."""
    made: list[str] = []
    written = 0
    for step in count():
        turn = crc32(f"{seed} {step}".encode())
        opening, matter = _OPENINGS[turn % len(_OPENINGS)], _MATTERS[turn // 7 % len(_MATTERS)]
        ending = _ENDINGS[turn // 49 % len(_ENDINGS)]
        made.append(f"{opening} {matter}, point {turn % 900 + 100}. {ending}")
        written += len(made[-1]) + 2
        if written >= length:
            break
    return "\n\n".join(made)
