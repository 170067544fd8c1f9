"""Decisions that executives and officers publish: `mgDelegatedDecisions.aspx` lists them, `ieDecisionDetails.aspx`
tells each.

Both captured at Kirklees, cut down. One list holds the whole range of days asked for. Columns differ by site and by
list, the same column may hold links to other things, and a row outside of the range was seen.
"""

from __future__ import annotations

import re
from datetime import date

from bs4 import Tag

from scraper.markup import line_of, words_of
from scraper.moderngov import addresses, dates
from scraper.moderngov.details import Details
from scraper.moderngov.page import Page, reads
from scraper.records import NoticeListing, NoticeRecord, Refused, Suspect

_LISTED = frozenset({"title", "published"})
_THINGS = "decisions?|records?|items|penderfyniadau"
_TABLE = re.compile("mgTabTable")
_PUBLISHED = re.compile(r"publi|^date$|cyhoedd|^dyddiad$", re.IGNORECASE)


@reads
def read_decisions(page: Page) -> NoticeListing | Suspect | Refused:
    """The rows that lead to a decision, each with its title and the day it was published."""
    found: dict[int, NoticeRecord] = {}
    columns: dict[int, int | None] = {}
    days: dict[int, date | None] = {}
    for link, address in page.links():
        decision_id = _decision_id(address)
        row = link.find_parent("tr")
        if decision_id is None or row is None:
            continue
        title = words_of(link)  # without the hidden " ref: 13567"
        if not title:
            return Suspect(f"decision {decision_id} stands in the list without a title")
        if id(row) not in days:
            days[id(row)] = _published(row, columns)
        published = days[id(row)]
        fields = _LISTED if published else _LISTED - {"published"}
        record = NoticeRecord("decision", decision_id, title, address, published=published, fields=fields)
        found.setdefault(decision_id, record)
    if not found and page.root.find("table", class_=_TABLE) is None and not page.says_none(_THINGS):
        return Suspect("no decisions on a page of decisions")
    return NoticeListing("decision", tuple(found.values()))


@reads
def read_decision(page: Page) -> NoticeRecord | Suspect | Refused:
    """One decision whole. The day it was taken can lie years before the day it was published."""
    decision_id = _decision_id(page.url)
    details = Details(page)
    if decision_id is None or not page.h2:
        return Suspect("the page bears no number or no title of a decision")
    if not details.labels:
        return Suspect("the page of a decision has none of its labels")
    return NoticeRecord(
        kind="decision",
        notice_id=decision_id,
        title=page.h2,
        url=page.url,
        text=details.text(),
        decision_maker=details.label(r"decision[- ]?maker|penderfynwr|decision taken by"),
        status=details.label(r"status|statws"),
        published=details.day(r"publi|cyhoedd"),
        decided=details.day(r"date of decision|decision date|date decision|dyddiad (?:y )?penderfyniad"),
        due=details.day(r"decision due|due date"),
        key=details.yes(r"key decision|allweddol|decision type"),
        wards=details.label(r"\bwards?\b|\bwardiau\b"),
        meeting_id=details.meeting_id,
        issue_id=details.issue_id,
        documents=tuple(details.documents.values()),
        fields=frozenset(
            {
                "title",
                "text",
                "decision_maker",
                "status",
                "published",
                "decided",
                "due",
                "key",
                "wards",
                "meeting_id",
                "documents",
            }
        ),
    )


def _decision_id(address: str) -> int | None:
    """The number of a decision; negative where only the agenda item is known that it was taken under."""
    if addresses.page_name(address) not in {"iedecisiondetails.aspx", "mgdecisiondetails.aspx"}:
        return None
    known = addresses.number(address, "ID")
    item = addresses.number(address, "AIId")
    return known if known else -item if item else None


def _published(row: Tag, columns: dict[int, int | None]) -> date | None:
    """The day under the heading "Published" or "Date"; the first day of the row where no heading says so."""
    table = row.find_parent("table")
    if id(table) not in columns:  # once a table, not once a row
        headings = table.find_all("th") if table is not None else []
        named = (
            at for at, one in enumerate(headings) if _PUBLISHED.search(str(one.get("abbr") or line_of(one)).strip())
        )
        columns[id(table)] = next(named, None)
    cells = row.find_all("td", recursive=False, limit=20)
    at = columns[id(table)]
    told = [cells[at]] if at is not None and at < len(cells) else []
    return next((day for cell in [*told, *cells[1:]] if (day := dates.day(line_of(cell)[:200]))), None)
