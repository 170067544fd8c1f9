"""The addresses of a moderngov site. Names of parameters are case-insensitive there, and any site may live under a
path.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urldefrag, urljoin, urlsplit

_QUOTED = "/:?=&%#;+,@!$'()*~[]"  # what an address may hold as it stands; blanks and letters with accents it may not
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_SESSION = re.compile(r"/\((?:[A-Z]\([^()/]{0,80}\)){1,4}\)(?=/)")


def committees(base: str) -> str:
    return _at(base, "mgListCommittees.aspx?bcr=1")


def committee_structure(base: str) -> str:
    """The committees again, by category: some sites have the one list, some the other."""
    return _at(base, "mgCommitteeStructure.aspx?bcr=1")


def meeting_list_by_year(base: str, committee_id: int) -> str:
    """The list under its other name, all years; empty at Kirklees, elsewhere the one that works (reported)."""
    return _at(base, f"ieListMeetings.aspx?CId={committee_id}&Year=0")


def meeting_list(base: str, committee_id: int) -> str:
    return _at(base, f"ieListMeetings.aspx?CommitteeId={committee_id}")


def meeting(base: str, committee_id: int | None, meeting_id: int) -> str:
    of_committee = f"CId={committee_id}&" if committee_id else ""
    return _at(base, f"ieListDocuments.aspx?{of_committee}MId={meeting_id}&Ver=4")


def item(base: str, item_id: int) -> str:
    return _at(base, f"mgAi.aspx?ID={item_id}")


def calendar(base: str, year: int, month: int) -> str:
    """The month's calendar of all committees. `DD` is the year (reported, no capture)."""
    return _at(base, f"mgCalendarMonthView.aspx?M={month}&DD={year}&CID=0&OT=&C=-1&MR=0")


def decisions(base: str, since: date, until: date, *, forthcoming: bool = False) -> str:
    """The decisions published (or forthcoming) between two days. Half a year at most: some sites fail on more."""
    return _at(
        base,
        f"mgDelegatedDecisions.aspx?XXR=0&DR={_day(since)}-{_day(until)}&ACT=Find&RP=0&K=0&V=0&DM=0&HD=0"
        f"&DS={1 if forthcoming else 2}&Next=true&META=mgdelegateddecisions",
    )


def decision(base: str, decision_id: int) -> str:
    """A decision's page; a negative number names the agenda item that the decision was taken under."""
    return _at(base, f"ieDecisionDetails.aspx?{'ID' if decision_id > 0 else 'AIId'}={abs(decision_id)}")


def plans_home(base: str) -> str:
    return _at(base, "mgPlansHome.aspx?bcr=1")


def issue(base: str, issue_id: int) -> str:
    return _at(base, f"mgIssueHistoryHome.aspx?IId={issue_id}")


def consultations(base: str) -> str:
    return _at(base, "mgConsultationListDisplay.aspx?bcr=1")


def feed(base: str, committee_id: int | None) -> str:
    return _at(base, "mgRss.aspx?XXR=0" if committee_id is None else f"mgRss.aspx?CID={committee_id}")


def pack_chooser(base: str, agenda_id: int, supplement_id: int | None = None) -> str:
    return _at(base, f"mgChooseDocPack.aspx?ID={agenda_id}" + (f"&SID={supplement_id}" if supplement_id else ""))


def ws_committees(base: str) -> str:
    return _at(base, "mgWebService.asmx/GetCommittees")


def ws_meetings(base: str, committee_id: int, since: date, until: date) -> str:
    days = f"sFromDate={_day(since)}&sToDate={_day(until)}"
    return _at(base, f"mgWebService.asmx/GetMeetings?lCommitteeId={committee_id}&{days}")


def ws_all_meetings(base: str, committee_id: int, since: date, until: date) -> str:
    """All meetings between two days; `committee_id` is 0 or -1, whichever means "all" at this site."""
    days = f"sFromDate={_day(since)}&sToDate={_day(until)}"
    return _at(
        base, f"mgWebService.asmx/GetAllMeetingsByDate?lCommitteeId={committee_id}&{days}&bIsAscendingDateOrder=true"
    )


def ws_meeting(base: str, meeting_id: int) -> str:
    return _at(base, f"mgWebService.asmx/GetMeeting?lMeetingId={meeting_id}")


def number(url: str, *names: str) -> int | None:
    """The first of the named parameters (lower or upper case alike) that holds a number; None where none does."""
    asked = parameters(url)
    for name in names:
        value = asked.get(name.lower(), "")
        if re.fullmatch("-?[0-9]{1,12}", value):
            return int(value)
    return None


def parameters(url: str) -> dict[str, str]:
    """The parameters of an address, names in lower case; the first of those that stand there twice."""
    found: dict[str, str] = {}
    try:
        query = urlsplit(url).query
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return found
    for name, value in pairs:
        found.setdefault(name.lower(), value.strip())
    return found


def page_name(url: str) -> str:
    """The file that an address names, in lower case: `ielistdocuments.aspx`."""
    try:
        return urlsplit(url).path.rsplit("/", 1)[-1].lower()
    except ValueError:
        return ""


@lru_cache(maxsize=1024)  # the same links are asked about by several readers of a page
def absolute(page_url: str, href: str) -> str | None:
    """The whole address of a link: joined with its page, line ends taken out, blanks encoded, no fragment.

    None for what is no web address (`mailto:`, `javascript:`) or cannot be read.
    """
    href = re.sub(r"[\r\n\t\x00-\x1f\x7f]+", "", href).strip()
    try:
        joined = urldefrag(urljoin(page_url, href)).url
        parts = urlsplit(joined)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(_NO_ESCAPE.sub("%25", joined), safe=_QUOTED, errors="replace")


def without_session(url: str) -> str:
    """The address without the session that cookieless ASP.NET puts into the path, `/(X(1)S(fkn0jf…))/` (seen at Leeds)."""
    return _SESSION.sub("", url)


def site(page_url: str) -> str:
    """The base of the site that a page belongs to: everything before its file, or before `mgWebService.asmx`."""
    start = without_session(page_url.split("?", 1)[0].split("#", 1)[0])
    service = start.lower().find("/mgwebservice.asmx")
    return start[:service] if service >= 0 else start.rsplit("/", 1)[0]


def _at(base: str, page: str) -> str:
    return f"{base.rstrip('/')}/{page}"


def _day(day: date) -> str:
    return quote(f"{day.day:02d}/{day.month:02d}/{day.year:04d}", safe="")
