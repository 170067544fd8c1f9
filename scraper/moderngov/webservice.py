"""The web service, `mgWebService.asmx/<method>`, asked by plain GET: the same records as the pages, from XML.

Captured, cut down, at Manchester: GetCommittees, GetMeetings, GetMeeting. GetAllMeetingsByDate is reported only.
Empty elements hold a newline, counts a leading blank, booleans are `True` and `False`, and the bodies of texts are
escaped HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from scraper.canonical import canonical
from scraper.markup import text_of_html
from scraper.moderngov import addresses, dates
from scraper.moderngov.answer import Answer, answers
from scraper.moderngov.restrictions import restriction
from scraper.moderngov.status import status_of
from scraper.records import (
    ITEM_FIELDS,
    CommitteeRecord,
    DocumentRecord,
    ItemRecord,
    ListedMeeting,
    MeetingList,
    MeetingRecord,
    Refused,
    Suspect,
)

# the packs, the contact and whether minutes are a draft are on the pages only
FIELDS = frozenset({"starts_at", "venue", "status", "agenda_state", "minutes_state", "items"})

_MOST_ITEMS = 1000
_ESCAPED_MARKUP = re.compile(r"\s*&lt;(?:div|p|span|table|ul|ol|br|b|strong|h[1-6])\b", re.IGNORECASE)
_NO_NUMBER = re.compile(r"0+\.?")


@answers("committees")
def read_committees(answer: Answer, _url: str) -> tuple[CommitteeRecord, ...] | Suspect | Refused:
    """All committees but deleted ones; those that have expired are marked."""
    found: dict[int, CommitteeRecord] = {}
    for committee in answer.iter("committee"):
        committee_id, name = _number(committee, "committeeid"), _line(committee, "committeetitle")
        if committee_id is None or not name:
            return Suspect("a committee without number or name")
        if not _true(committee, "committeedeleted"):
            category = _line(committee, "committeecategory") or None
            found[committee_id] = CommitteeRecord(committee_id, name, category, _true(committee, "committeeexpired"))
    counted = _number(answer, "committeescount") or 0
    if counted > 0 and answer.find("committee") is None:
        return Suspect(f"the answer counts {counted} committees and names none")
    return tuple(found.values()) if found else Suspect("the answer names no committees")


@answers("getmeetings", "getmeetingsbydate", "getallmeetingsbydate")
def read_meetings(answer: Answer, url: str) -> MeetingList | Suspect | Refused:
    """The meetings of GetMeetings or GetAllMeetingsByDate, complete for the days that were asked for.

    Meetings outside of those days stand in the list too: some sites ignore the dates, and the caller finds that out.
    """
    rows: dict[int, ListedMeeting] = {}
    for meeting in answer.iter("meeting"):
        meeting_id = _number(meeting, "meetingid")
        if meeting_id is None:
            return Suspect("a meeting without a number")
        starts_at = _starts_at(meeting)
        if starts_at is None:
            return Suspect(f"meeting {meeting_id} has no date")
        committee_id, name = _committee_of(meeting)
        status, note = status_of(_line(meeting, "meetingstatus"))
        page = addresses.meeting(addresses.site(url), committee_id, meeting_id)
        rows[meeting_id] = ListedMeeting(meeting_id, committee_id, name, starts_at, status, page, status_note=note)
    counted = _number(answer, "meetingscount") or 0
    if counted > 0 and not rows:
        return Suspect(f"the answer counts {counted} meetings and lists none")
    asked_for = addresses.number(url, "lCommitteeId")
    asked = addresses.parameters(url)
    return MeetingList(
        committee_id=asked_for if asked_for is not None and asked_for > 0 else None,
        meetings=tuple(rows.values()),
        covers_from=dates.day(asked.get("sfromdate", "")) or date.max,
        covers_to=dates.day(asked.get("stodate", "")) or date.min,
    )


@answers("meeting")
def read_meeting(answer: Answer, url: str) -> MeetingRecord | Suspect | Refused:
    """A meeting with its items. What the answer holds and is not published is left out, as the pages leave it out."""
    meeting_id = _number(answer, "meetingid")
    starts_at = _starts_at(answer)
    if meeting_id is None or starts_at is None:
        return Suspect("a meeting without number or date")
    asked_for = addresses.number(url, "lMeetingId")
    if asked_for is not None and asked_for != meeting_id:
        return Suspect(f"meeting {meeting_id} where {asked_for} was asked for")
    displayed = _line(answer, "isdisplayallowed").lower() != "false"
    agenda_out = displayed and _true(answer, "agendapublished")
    minutes_out = displayed and _true(answer, "minutepublished")
    items = _items(answer, url) if agenda_out or minutes_out else ()
    if isinstance(items, Suspect):
        return items
    if (agenda_out or minutes_out) and not items:
        return Suspect("no items in an answer that says its agenda is out")
    status, note = status_of(_line(answer, "meetingstatus"))
    venue = ", ".join(part for part in (_line(answer, "meetingroom"), _line(answer, "meetinglocation")) if part)
    return MeetingRecord(
        meeting_id=meeting_id,
        url=addresses.meeting(addresses.site(url), None, meeting_id),
        transport="webservice",
        fields=FIELDS,
        committee_name=_name_in_papers(answer),
        agenda_id=_number(answer, "agendaid"),
        starts_at=starts_at,
        venue=venue.rstrip(" .") or None,
        status=status,
        status_note=note,
        agenda_state="published" if agenda_out or minutes_out else "none",
        minutes_state="published" if minutes_out else "none",
        items=items,
        attendance=tuple(_attendees(answer)),
    )


def _items(answer: Answer, url: str) -> tuple[ItemRecord, ...] | Suspect:
    given = list(answer.iter("agendaitem"))
    if len(given) > _MOST_ITEMS:
        return Suspect(f"far more items than a meeting has: {len(given)}")
    # a site that forbids the display of every item of a displayed agenda says nothing by it
    shown = [item for item in given if _line(item, "isdisplayallowed").lower() != "false"]
    records: list[ItemRecord] = []
    for item in shown or given:
        record = _item(item, answer, url, len(records) + 1)
        if record is None:
            return Suspect("an item without a number")
        if record.title or record.text or record.decision or record.minutes or record.documents:
            records.append(record)
    return tuple(records)


def _item(item: Answer, meeting: Answer, url: str, position: int) -> ItemRecord | None:
    item_id = _number(item, "agendaitemid")
    if item_id is None:
        return None
    title = _line(item, "agendaitemtitle")
    number = _line(item, "fulldisplaynumberformat")
    text = _body(item, "agendatext")
    minutes_out = _true(meeting, "minutepublished") or _true(item, "isminutepublished")
    decision_out = _true(meeting, "decisionpublished") or _true(item, "isdecisionpublished")
    minutes = _body(item, "minutesnonemptyhtmlbody") if minutes_out else None
    decision = _body(item, "decisionnonemptyhtmlbody") if decision_out else None
    restricted, restricted_by, paragraph = restriction(title, text, minutes, marked=_true(item, "isrestricted"))
    speaks_of = ITEM_FIELDS - {"votes"}
    if item.find("decisionnonemptyhtmlbody") is None:
        speaks_of -= {"decision"}
    base = addresses.site(url)
    return ItemRecord(
        item_id=item_id,
        position=position,
        number="" if _NO_NUMBER.fullmatch(number) else number,  # a heading between items
        title=title,
        url=addresses.item(base, item_id),
        text=text,
        decision=decision,
        minutes=minutes,
        restricted=restricted,
        restricted_by=restricted_by,
        restriction=paragraph,
        documents=tuple(_documents(item, base)),
        fields=speaks_of,
    )


def _documents(item: Answer, base: str) -> Iterator[DocumentRecord]:
    for linked in item.iter("linkeddoc"):
        number, title, url = _number(linked, "attachmentid"), _line(linked, "title"), _line(linked, "url")
        address = addresses.absolute(f"{base}/", url) if url else None
        if number is None:
            continue
        if _true(linked, "isurl") and address is not None:
            yield DocumentRecord(f"url:{address}", title, "report", address)
            continue
        own = f"{base}/mgConvert2PDF.aspx?ID={number}"
        yield DocumentRecord(f"s{number}", title, "report", address or own, restricted=_true(linked, "isrestricted"))


def _attendees(answer: Answer) -> Iterator[str]:
    for attendee in answer.iter("attendee"):
        name, role, attendance = (
            canonical(attendee.get(key) or "").replace("\n", " ") for key in ("name", "roledescription", "attendance")
        )
        if name:
            yield ": ".join(part for part in (", ".join(part for part in (name, role) if part), attendance) if part)


def _name_in_papers(answer: Answer) -> str | None:
    """The answer bears no committee; its papers do."""
    return next((name for linked in answer.iter("linkeddoc") if (name := _line(linked, "committeetitle"))), None)


def _committee_of(meeting: Answer) -> tuple[int | None, str | None]:
    """The committee in the meeting itself (GetAllMeetingsByDate) or round it (GetMeetings)."""
    for place in (meeting, *islice(meeting.iterancestors(), 2)):
        if place.find("committeeid") is not None:
            return _number(place, "committeeid"), _line(place, "committeetitle") or None
    return None, None


def _body(element: Answer, name: str) -> str | None:
    """The canonical text of escaped HTML; unescaped once more only where all of its tags are escaped still."""
    body = element.findtext(name) or ""
    if "<" not in body and _ESCAPED_MARKUP.match(body):
        body = body.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    return text_of_html(body) if body.strip() else None


def _line(element: Answer, name: str) -> str:
    return canonical(element.findtext(name) or "").replace("\n", " ")


def _starts_at(meeting: Answer) -> datetime | None:
    day, clock = ((meeting.findtext(name) or "").strip()[:40] for name in ("meetingdate", "meetingtime"))
    return dates.of_web_service(day, clock)


def _number(element: Answer, name: str) -> int | None:
    text = (element.findtext(name) or "").strip()
    return int(text) if re.fullmatch("[0-9]{1,12}", text) else None


def _true(element: Answer, name: str) -> bool:
    return (element.findtext(name) or "").strip().lower() == "true"
