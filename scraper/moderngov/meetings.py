"""The meetings of one committee, `ieListMeetings.aspx?CommitteeId=711`: a list, newest first, past and future on one
page.

Captured at Kingston: fifteen rows to a page, paged by `Act=earlier` and `Act=later`. What is out stands as text after
the link.
"""

from __future__ import annotations

import re
from datetime import date

from bs4.element import NavigableString, Tag

from scraper.canonical import canonical
from scraper.markup import line_of, words_of
from scraper.moderngov import addresses, dates
from scraper.moderngov.page import Page, reads
from scraper.moderngov.status import status_of
from scraper.records import ListedMeeting, MeetingList, Refused, Suspect

_AGENDA = re.compile(r"\bagenda\b|\brhaglen\b", re.IGNORECASE)
_DECISIONS = re.compile(r"\bdecisions?\b|\bph?enderfyniad(?:au)?\b", re.IGNORECASE)
_MINUTES = re.compile(r"\bminutes\b|\bch?ofnodion\b", re.IGNORECASE)
_OUT = re.compile(
    rf"(?:\b(?:draft|drafft|a|and)\b|{_AGENDA.pattern}|{_DECISIONS.pattern}|{_MINUTES.pattern})", re.IGNORECASE
)


@reads
def read_meeting_list(page: Page) -> MeetingList | Suspect | Refused:
    """The rows of one page, and the days it is complete for: from its oldest row on, or all where none is earlier."""
    rows: dict[int, ListedMeeting] = {}
    paging: dict[str, str] = {}
    asked_for = addresses.number(page.url, "CommitteeId", "CId")
    for link, address in page.links():
        asked = addresses.parameters(address)
        file = addresses.page_name(address)
        if file == "ielistmeetings.aspx" and asked.get("act", "").lower() in {"earlier", "later"}:
            paging.setdefault(asked["act"].lower(), address)
        meeting_id = addresses.number(address, "MId", "MeetingId") if file == "ielistdocuments.aspx" else None
        if meeting_id is None or asked.get("info") == "1" or link.find_parent("li") is None:
            continue
        row = _row(page, link, address, meeting_id)
        if isinstance(row, Suspect):
            return row
        rows.setdefault(meeting_id, row)
    if not rows and not _is_empty(page) and not page.says_none("meetings|cyfarfodydd|gyfarfodydd|chyfarfodydd"):
        return Suspect("no meetings on a page of meetings")
    committee_id = asked_for or next((row.committee_id for row in rows.values()), None)
    covers_from, covers_to = _span(page.url, tuple(rows.values()), paging)
    return MeetingList(
        committee_id, tuple(rows.values()), covers_from, covers_to, paging.get("earlier"), paging.get("later")
    )


def _is_empty(page: Page) -> bool:
    """Whether the list of meetings stands there with nothing in it, as for a committee that never met."""
    listed = page.root.find("ul", class_="mgNonBulletTableList")
    return listed is not None and not line_of(listed)


def _row(page: Page, link: Tag, address: str, meeting_id: int) -> ListedMeeting | Suspect:
    words = words_of(link)[:500]
    found = next(dates.moments(words), None) or next(dates.moments(canonical(str(link.get("title") or ""))[:500]), None)
    if found is None:
        return Suspect(f"meeting {meeting_id} stands in the list without a date")
    before = words[: found.start] if found.day and words else ""
    tail = _tail(link)
    # "PROVISIONAL - 3 Mar 2026 7:30 pm" is reported, as is the name of the committee before the date
    prefix = next((part for part in re.split(r"\s[-–]\s?", before) if part.isupper()), "")
    status, note = status_of(" - ".join(part for part in (prefix, _OUT.sub("", tail).strip(" ,-–")) if part))
    told = not tail or bool(_OUT.search(tail))
    return ListedMeeting(
        meeting_id=meeting_id,
        committee_id=addresses.number(address, "CId", "CommitteeId")
        or addresses.number(page.url, "CommitteeId", "CId"),
        committee_name=page.h2 or None,
        starts_at=found.moment,
        status=status,
        url=address,
        agenda_out=bool(_AGENDA.search(tail)) if told else None,
        decisions_out=bool(_DECISIONS.search(tail)) if told else None,
        minutes_out=bool(_MINUTES.search(tail)) if told else None,
        status_note=note,
    )


def _tail(link: Tag) -> str:
    """The words after a link in its row: ` - Agenda, Decisions, Minutes`."""
    words: list[str] = []
    for sibling in link.next_siblings:
        if isinstance(sibling, Tag) and sibling.name in {"a", "li", "ul"}:
            break
        words.append(
            line_of(sibling)
            if isinstance(sibling, Tag)
            else str(sibling)
            if isinstance(sibling, NavigableString)
            else ""
        )
    return canonical(" ".join(words)).replace("\n", " ").strip(" -–,")[:300]


def _span(url: str, rows: tuple[ListedMeeting, ...], paging: dict[str, str]) -> tuple[date | None, date | None]:
    days = sorted(row.starts_at.date() for row in rows if row.starts_at)
    covers_from = days[0] if days and "earlier" in paging else None
    covers_to = days[-1] if days and "later" in paging else None
    year = addresses.number(url, "Year")
    if year and 1900 < year < 2200:  # a filter by year is reported: the page then speaks of no other
        covers_from = max(covers_from or date(year, 1, 1), date(year, 1, 1))
        covers_to = min(covers_to or date(year, 12, 31), date(year, 12, 31))
    return covers_from, covers_to
