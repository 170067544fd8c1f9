"""The history of an issue: the thread that ties one subject over meetings (`mgIssueHistoryHome.aspx`,
`ieIssueDetails.aspx`).

Known as text only: `Meeting: 20/09/2017 - Council (Item 52)`, then `52 <title>`. What counts is where the links lead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from scraper.markup import links_in, words_of
from scraper.moderngov import addresses, dates
from scraper.moderngov.page import Page, reads
from scraper.records import Refused, Suspect

_ITEM = re.compile(r"AI(\d{1,12})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IssueStep:
    """A meeting, or an item of a meeting, that an issue came before; a decision where the link leads to one."""

    title: str
    url: str
    day: date | None = None
    meeting_id: int | None = None
    item_id: int | None = None
    decision_id: int | None = None


@dataclass(frozen=True, slots=True)
class IssueHistory:
    issue_id: int
    title: str
    url: str
    steps: tuple[IssueStep, ...]


@reads
def read_issue_history(page: Page) -> IssueHistory | Suspect | Refused:
    """The steps of an issue in the page's order; none is an answer too, for a subject that is only planned."""
    issue_id = addresses.number(page.url, "IId")
    title = page.h2 or page.h1
    if issue_id is None or not title:
        return Suspect("the page bears no number or no title of an issue")
    steps: dict[tuple[int | None, int | None, int | None], IssueStep] = {}
    for link in links_in(page.root):
        address = page.link(link)
        if address is None:
            continue
        words = words_of(link)
        item = _ITEM.fullmatch(urlsplit(str(link.get("href"))).fragment)
        file = addresses.page_name(address)
        step = IssueStep(
            title=words,
            url=address,
            day=dates.day(words[:300]),
            meeting_id=addresses.number(address, "MId", "MeetingId") if file == "ielistdocuments.aspx" else None,
            item_id=int(item[1]) if item else addresses.number(address, "ID") if file == "mgai.aspx" else None,
            decision_id=addresses.number(address, "ID") if file == "iedecisiondetails.aspx" else None,
        )
        key = (step.meeting_id, step.item_id, step.decision_id)
        if any(key):
            steps.setdefault(key, step)
    return IssueHistory(issue_id, title, page.url, tuple(steps.values()))
