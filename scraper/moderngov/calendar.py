"""The calendar of all committees for a month, `mgCalendarMonthView.aspx?M=3&DD=2020`, where `DD` is the year.

Known as text and from reports: a grid of weekdays with day labels such as `2 March`, days of the neighbouring months
included; a link has a `title` such as `CANCELLED - Audit Committee, 12/03/2026 6.00 pm`.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time

from bs4 import Tag

from scraper.canonical import canonical
from scraper.markup import line_of, words_of
from scraper.moderngov import addresses, dates
from scraper.moderngov.page import Page, reads
from scraper.moderngov.status import status_of
from scraper.records import ListedMeeting, MeetingList, Refused, Suspect

_PREFIX = re.compile(r"^((?:[A-Z']{3,} ?){1,3})\s*[-–:]\s+")
_CALENDAR = re.compile(r"calend[ae]r|calendr", re.IGNORECASE)
_GRID = re.compile("mgCalendar")
_CLOCK = re.compile(r"\b(?:\d{1,2}[.:]\d{2}\s?(?:[ap]m|y[bhp])?|\d{1,2}\s?[ap]m|noon|midday)\b", re.IGNORECASE)


@reads
def read_calendar(page: Page) -> MeetingList | Suspect | Refused:
    """The month's meetings that have a page. Suspect where the month cannot be told or a meeting stands on no day."""
    month = _month(page)
    if not _CALENDAR.search(f"{page.h1} {page.h2}") and page.root.find(class_=_GRID) is None:
        return Suspect("a page without a calendar where one was asked for")
    if month is None:
        return Suspect("a calendar that does not tell its month")
    rows: dict[int, ListedMeeting] = {}
    for link, address in page.links():
        meeting_id = addresses.number(address, "MId", "MeetingId")
        if addresses.page_name(address) != "ielistdocuments.aspx" or meeting_id is None:
            continue
        row = _row(link, address, meeting_id, month)
        if row is None:
            return Suspect(f"meeting {meeting_id} stands in the calendar without a day")
        rows.setdefault(meeting_id, row)
    if not rows and page.root.find("td") is None:
        return Suspect("a calendar without days")
    year, number = month
    last = calendar.monthrange(year, number)[1]
    return MeetingList(None, tuple(rows.values()), date(year, number, 1), date(year, number, last))


def _row(link: Tag, address: str, meeting_id: int, month: tuple[int, int]) -> ListedMeeting | None:
    words, title = words_of(link)[:500], canonical(str(link.get("title") or "")).replace("\n", " ")[:500]
    starts_at = dates.moment(title) or dates.moment(words) or _on_day_of_cell(link, f"{title} {_beside(link)}", month)
    if starts_at is None:
        return None
    named = title.split(",", 1)[0] if dates.day(title) else words
    named = _CLOCK.sub("", named, count=1).strip(" ,-–")
    prefix = _PREFIX.match(named)
    status, note = status_of(prefix[1].strip() if prefix else "")
    name = _PREFIX.sub("", named)
    committee_id = addresses.number(address, "CId", "CommitteeId") or None
    return ListedMeeting(meeting_id, committee_id, name or None, starts_at, status, address, status_note=note)


def _beside(link: Tag) -> str:
    """The words of the link and those that stand with it: the time, where the `title` has none."""
    entry = link.find_parent("li")
    return line_of(link if entry is None else entry)[:500]


def _on_day_of_cell(link: Tag, words: str, month: tuple[int, int]) -> datetime | None:
    """The day that the link's cell is labelled with; `30 April` in the calendar of May is the neighbour's."""
    cell = link.find_parent("td") or link.find_parent(class_=re.compile("Calendar"))
    label = dates.day_label(line_of(cell)[:40]) if cell is not None else None
    if label is None:
        return None
    year, number = month
    named = label[1] or number
    year += {-11: 1, 11: -1}.get(named - number, 0)
    clock = _CLOCK.search(words)
    try:
        day = date(year, named, label[0])
    except ValueError:
        return None
    at = dates.moment(f"{day:%d/%m/%Y} {clock.group()}") if clock else None
    return at or datetime.combine(day, time(), tzinfo=dates.LONDON)


def _month(page: Page) -> tuple[int, int] | None:
    told = dates.month_and_year(f"{page.h1} {page.h2}")
    asked_year, asked_month = addresses.number(page.url, "DD"), addresses.number(page.url, "M")
    if told is None and asked_year and asked_month and 1900 < asked_year < 2200 and 1 <= asked_month <= 12:
        told = asked_year, asked_month
    return told
