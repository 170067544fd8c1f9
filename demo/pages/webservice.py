"""The XML web service, ``mgWebService.asmx/<Method>``: GetCommittees, GetMeetings, GetAllMeetingsByDate and GetMeeting.

Counts begin with a blank, empty elements hold a line break and blanks, bodies are escaped HTML, times are ``9.00 am``,
as captured at Manchester. GetAllMeetingsByDate has no capture; its shape is as reported.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date, datetime

from demo.council import Council, Document, Item, Meeting
from demo.pages.asked import BASE, Answer, Asked, NotThere
from demo.pages.word import LF, word_section
from demo.pages.wording import clock_time, slashed

XML = "text/xml"
_LINE = re.compile(r"\n(?= *<)")
_DOTTED = Council(dotted_time=True)


class MissingParameter(Exception):  # noqa: N818 - an answer: ASP.NET says so in a 500
    """A parameter that the method wants was not given; its name is the message."""


def committees(asked: Asked) -> Answer:
    rows = asked.state.committees.values()
    made = [_count("committeescount", len(rows))]
    for row in rows:
        parts = [
            _element("committeeid", row.id),
            _element("committeetitle", _free(asked, row.name)),
            _element("committeedeleted", value=False),
            _element("committeeexpired", row.expired),
            _element("committeecategory", _free(asked, row.category)),
        ]
        made.append(_parent("committee", parts))
    return _xml("committees", made)


def meetings(asked: Asked) -> Answer:
    """GetMeetings(lCommitteeId, sFromDate, sToDate): one committee's meetings, or everybody's for 0."""
    wanted = _given(asked, "lcommitteeid", "lCommitteeId")
    since, until = _range(asked)
    made, total = [], 0
    chosen = [row for row in asked.state.committees.values() if wanted in ("0", str(row.id))]
    for committee in chosen:
        rows = [row for row in asked.state.meetings_of(committee.id) if since <= row.starts.date() <= until]
        total += len(rows)
        inner = [
            _parent(
                "meeting",
                [
                    _element("meetingid", row.id),
                    _element("meetingdate", slashed(row.starts)),
                    _element("meetingstatus", _free(asked, _status(row))),
                    _element("meetingtime", clock_time(row.starts, _DOTTED)),
                    _element("iswebcast", bool(row.webcast)),
                ],
            )
            for row in rows
        ]
        parts = [
            _element("committeeid", committee.id),
            _element("committeetitle", _free(asked, committee.name)),
            _count("committeemeetingcount", len(rows)),
            _parent("committeemeetings", inner),
        ]
        made.append(_parent("committee", parts))
    counts = [_count("meetingscount", total), _count("committeescount", len(chosen))]
    return _xml("getmeetings", counts if asked.behaviour.counts_only else counts + made)


def meetings_by_date(asked: Asked) -> Answer:
    """GetAllMeetingsByDate(lCommitteeId, sFromDate, sToDate, bIsAscendingDateOrder)."""
    wanted = _given(asked, "lcommitteeid", "lCommitteeId")
    since, until = _range(asked)
    meaning_all = {"0", "-1"} if asked.behaviour.all_committees == "both" else {asked.behaviour.all_committees}
    rows = [
        row
        for row in asked.state.meetings.values()
        if (wanted in meaning_all or wanted == str(row.committee)) and since <= row.starts.date() <= until
    ]
    ascending = asked.query.get("bisascendingdateorder", "true").lower() != "false"
    rows.sort(key=lambda row: (row.starts, row.id), reverse=not ascending)
    inner = [
        _parent(
            "meeting",
            [
                _element("meetingid", row.id),
                _element("committeeid", row.committee),
                _element("committeetitle", _free(asked, asked.state.committees[row.committee].name)),
                _element("meetingdate", slashed(row.starts)),
                _element("meetingtime", clock_time(row.starts, _DOTTED)),
                _element("meetingstatus", _free(asked, _status(row))),
            ],
        )
        for row in rows
    ]
    return _xml("getmeetingsbydate", [_count("meetingscount", len(rows)), _parent("meetings", inner)])


def meeting(asked: Asked) -> Answer:
    """GetMeeting(lMeetingId): one meeting with its items, their documents, and who is expected."""
    state = asked.state
    row = state.meetings.get(int(number) if (number := _given(asked, "lmeetingid", "lMeetingId")).isdigit() else 0)
    if row is None:
        raise NotThere
    committee = state.committees[row.committee]
    parts = [
        _element("meetingid", row.id),
        _element("meetingdate", slashed(row.starts)),
        _element("meetingstatus", _free(asked, _status(row))),
        _element("isdisplayallowed", value=True),
        _element("meetingtime", clock_time(row.starts, _DOTTED)),
        _element("meetingactualstarttime", ""),
        _element("meetingplannedfinishtime", ""),
        _element("meetingactualfinishtime", ""),
        _element("meetinglocation", _free(asked, row.venue)),
        _element("iswebcast", bool(row.webcast)),
        _element("agendaid", state.agenda_id(row)),
        _element("agendapublished", row.agenda),
        _element("decisionpublished", row.decisions),
        _element("minutepublished", row.minutes),
        _element("meetingroom", ""),
        _parent(
            "agendaitems", (_item(asked, row, item, place) for place, item in enumerate(state.items_of(row.id), 1))
        ),
        _parent("attendees", (_attendee(committee.id, place, name) for place, name in enumerate(committee.members, 1))),
    ]
    return _xml("meeting", parts)


def _item(asked: Asked, row: Meeting, item: Item, place: int) -> str:
    state = asked.state
    name = state.committees[row.committee].name
    day = slashed(row.starts)
    papers = state.documents_of("item", item.id)
    return _parent(
        "agendaitem",
        [
            _element("agendaitemid", item.id),
            _element("agendaitemtitle", _free(asked, item.title)),
            _element("agendatext", _body(item.text)),
            _element("actualmeetingdate", day),
            _element("preferreddate", day),
            _element("agendaitemnumber", place),
            _element("agendaitemsubnumber", ""),
            _element("fulldisplaynumberformat", item.number),
            _element("authorusername", ""),
            _element("commentlabel1", "Presented By"),
            _element("commenttext1", ""),
            _element("commentlabel2", "Actions"),
            _element("commenttext2", ""),
            _element("minutesnonemptyhtmlbody", _body(item.minutes)),
            _element("decisionnonemptyhtmlbody", _body(item.decision)),
            _element("declarationcount", 0),
            _element("iscallin", value=False),
            _element("iscomment", value=False),
            _element("isdecision", bool(item.decision)),
            _element("isdecisionpublished", bool(item.decision) and row.decisions),
            _element("isminutepublished", bool(item.minutes)),
            _element("ispubliccanspeak", value=False),
            _element("isrestricted", item.restricted),
            _element("isdisplayallowed", value=True),
            _element("minutesitemnumber", place),
            _element("minutesitemsubnumber", ""),
            _element("refertocommittee", _free(asked, name)),
            _parent("linkeddocuments", (_linked(asked, row, item, paper, at) for at, paper in enumerate(papers, 1))),
        ],
    )


def _linked(asked: Asked, row: Meeting, item: Item, paper: Document, place: int) -> str:
    published = paper.changed.astimezone(asked.state.zone).date() if paper.changed else row.starts.date()
    return _parent(
        "linkeddoc",
        [
            _element("attachmentid", paper.id),
            _element("title", _free(asked, paper.title)),
            _element("isurl", value=False),
            _element("url", f"{BASE}/mgConvert2PDF.aspx?ID={paper.id}"),
            _element("isrestricted", value=False),
            _element("restrictionsRef", ""),
            _element("itemnum", place),
            _element("publicationdate", slashed(published)),
            _element("meetingdate", slashed(row.starts)),
            _element("decisiondate", ""),
            _element("committeetitle", _free(asked, asked.state.committees[row.committee].name)),
            _element("isdecisionattachment", value=False),
            _element("ownertitle", _free(asked, item.title)),
        ],
    )


def _attendee(committee: int, place: int, name: str) -> str:
    number = f"{committee}{place}"
    role = "Chair" if place == 1 else "Committee Member"
    head = (
        f'<attendee membertype="U" memberid="{number}" name="{html.escape(name)}" roledescription="{role}" '
        'attendance="Expected" politicalparty="IND" ward="Town Centre">'
    )
    return f"{head}\n{_indented([_element('url', f'{BASE}/mgUserInfo.aspx?UID={number}')])}\n</attendee>"


def _status(row: Meeting) -> str:
    status = "Cancelled" if row.cancelled else "Confirmed"
    return f"{status}; {row.note}" if row.note else status


def _given(asked: Asked, name: str, printed: str) -> str:
    if name not in asked.query:
        raise MissingParameter(printed)
    return asked.query[name].strip()


def _range(asked: Asked) -> tuple[date, date]:
    """The days asked for. A date that is not dd/mm/yyyy is accepted and then ignored, as reported."""
    texts = (_given(asked, "sfromdate", "sFromDate"), _given(asked, "stodate", "sToDate"))
    days = []
    for text, otherwise in zip(texts, (date.min, date.max), strict=True):
        try:
            day = datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day
        except ValueError:
            day = otherwise
        days.append(otherwise if asked.behaviour.dates_ignored else day)
    return days[0], days[1]


def _body(text: str) -> str:
    return word_section(text).replace(LF, "\n") if text else ""


def _free(asked: Asked, text: str) -> str:
    """Free text, escaped once more where the council's service does so twice."""
    return html.escape(text).replace("&#x27;", "&#39;") if asked.behaviour.double_encoded else text


def _element(name: str, value: str | int | bool) -> str:
    text = str(value)
    return f"<{name}>{html.escape(text, quote=False)}</{name}>" if text else f"<{name}>\n</{name}>"


def _count(name: str, number: int) -> str:
    return f"<{name}> {number}</{name}>"


def _parent(name: str, inner: Iterable[str]) -> str:
    rows = list(inner)
    return f"<{name}>\n{_indented(rows)}\n</{name}>" if rows else f"<{name}>\n</{name}>"


def _indented(rows: list[str]) -> str:
    # Only lines that begin with a tag: the text of an escaped body may have line breaks of its own.
    return "\n".join("  " + _LINE.sub("\n  ", row) for row in rows)


def _xml(root: str, inner: list[str]) -> Answer:
    return Answer(f'<?xml version="1.0" encoding="utf-8"?>\n{_parent(root, inner)}\n', XML)
