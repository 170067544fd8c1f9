"""Which page answers which address. Names of pages and of parameters are read in any case, as moderngov reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from demo.pages import (
    calendar,
    committees,
    consultations,
    decisions,
    files,
    item,
    meeting,
    meetings,
    news,
    notices,
    packs,
    plans,
    search,
    webservice,
)
from demo.pages.asked import Answer, Asked, NotThere

_Page = Callable[[Asked], Answer]

PAGES: Mapping[str, _Page] = {
    "mglistcommittees.aspx": committees.committee_list,
    "mgcommitteestructure.aspx": committees.committee_list,
    "mgcommitteedetails.aspx": committees.committee_page,
    "iedochome.aspx": committees.meetings_home,
    "ielistmeetings.aspx": meetings.meeting_list,
    "ielistdocuments.aspx": meeting.meeting_page,
    "mgai.aspx": item.item_page,
    "mgreasonsrestricted.aspx": item.reasons_page,
    "mgconvert2pdf.aspx": lambda asked: files.document(asked.state, asked.number("id")),
    "mgchoosedocpack.aspx": packs.pack_chooser,
    "mgmeetingattendance.aspx": packs.attendance,
    "mgcalendarmonthview.aspx": calendar.month_page,
    "mgdelegateddecisions.aspx": decisions.register,
    "mglistofficerdecisions.aspx": decisions.officer_register,
    "iedecisiondetails.aspx": decisions.decision_page,
    "mgplanshome.aspx": plans.plans_home,
    "mglistplans.aspx": plans.plan_list,
    "mglistplanitems.aspx": plans.plan_page,
    "mgissuehistoryhome.aspx": plans.issue_history,
    "ieissuedetails.aspx": plans.issue_meetings,
    "mgconsultationlistdisplay.aspx": consultations.consultation_list,
    "mgconsultationdisplay.aspx": consultations.consultation_page,
    "mgrss.aspx": news.feed,
    "mgwhatsnew.aspx": news.whats_new,
    "iedocsearch.aspx": search.search_form,
    "iesearchresults2.aspx": search.search_results,
    "mgerror.aspx": notices.error_page,
    "login.aspx": notices.login,
}

SERVICE: Mapping[str, _Page] = {
    "getcommittees": webservice.committees,
    "getmeetings": webservice.meetings,
    "getallmeetingsbydate": webservice.meetings_by_date,
    "getmeeting": webservice.meeting,
}

_FILE = re.compile(r"documents/(?P<kind>[sgb])(?P<number>\d+)/", re.IGNORECASE)


def answer(asked: Asked, path: str) -> Answer:
    """The answer to a path below the site's own (no leading slash). Raises `NotThere` and `MissingParameter`."""
    low = path.lower()
    if low.startswith("mgwebservice.asmx/"):
        method = SERVICE.get(low.removeprefix("mgwebservice.asmx/"))
        if method is None:
            raise NotThere
        return method(asked)
    if found := _FILE.match(path):
        number = int(found["number"])
        if found["kind"].lower() != "g":
            return files.document(asked.state, number)
        if "t" not in asked.query:
            raise NotThere
        return files.meeting_document(asked.state, number, asked.number("t"))
    shown = PAGES.get(low)
    if shown is None:
        raise NotThere
    return shown(asked)
