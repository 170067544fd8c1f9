"""The XML web service: root names, and the oddities of Manchester's and of others' answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from demo.behaviour import Behaviour
from demo.pages.asked import Asked, NotThere
from demo.pages.routes import answer
from demo.pages.webservice import MissingParameter
from demo.story import Story, parse_story, state_at

Called = Callable[..., etree._Element]
SPAN = {"sFromDate": "01/11/2025", "sToDate": "31/12/2025"}


def raw(story: Story, method: str, at: str = "", behaviour: Behaviour | None = None, **query: str) -> str:
    moment = datetime.fromisoformat(at).replace(tzinfo=story.base.zone) if at else story.ends
    wanted = {name.lower(): value for name, value in query.items()}
    page = answer(Asked(state_at(story, moment), wanted, behaviour or Behaviour()), f"mgWebService.asmx/{method}")
    assert page.content_type == "text/xml"
    assert isinstance(page.body, str)
    return page.body


@pytest.fixture
def called(story: Story) -> Called:
    def parsed(method: str, at: str = "", behaviour: Behaviour | None = None, **query: str) -> etree._Element:
        return etree.fromstring(raw(story, method, at, behaviour, **query).encode())

    return parsed


def texts(root: etree._Element, path: str) -> list[str]:
    return [(found.text or "").strip() for found in root.iterfind(path)]


def test_committees(called: Called, story: Story) -> None:
    root = called("GetCommittees")
    assert root.tag == "committees"
    assert root.findtext("committeescount") == " 5"
    assert texts(root, "committee/committeetitle")[:2] == ["Cabinet", "Licensing Committee"]
    assert texts(root, "committee/committeeexpired") == ["False"] * 4 + ["True"]


def test_meetings_of_one_committee_in_a_range(called: Called) -> None:
    root = called("GetMeetings", lCommitteeId="228", **SPAN)
    assert root.tag == "getmeetings"
    assert root.findtext("meetingscount") == " 2"
    assert texts(root, "committee/committeemeetings/meeting/meetingdate") == ["02/12/2025", "16/12/2025"]
    assert texts(root, "committee/committeemeetings/meeting/meetingstatus") == ["Confirmed", "Cancelled"]
    assert texts(root, "committee/committeemeetings/meeting/meetingtime") == ["1.30 pm", "2.00 pm"]
    counts = called("GetMeetings", behaviour=Behaviour(counts_only=True), lCommitteeId="228", **SPAN)
    assert [child.tag for child in counts] == ["meetingscount", "committeescount"]


@pytest.mark.parametrize(("means_all", "other"), [("0", "-1"), ("-1", "0")])
def test_all_meetings_by_date_and_which_number_means_all(called: Called, means_all: str, other: str) -> None:
    behaviour = Behaviour(all_committees=means_all)  # type: ignore[arg-type]
    root = called("GetAllMeetingsByDate", behaviour=behaviour, lCommitteeId=means_all, **SPAN)
    assert root.tag == "getmeetingsbydate"
    assert len(texts(root, "meetings/meeting/meetingid")) == 6
    none = called("GetAllMeetingsByDate", behaviour=behaviour, lCommitteeId=other, **SPAN)
    assert texts(none, "meetings/meeting/meetingid") == []
    assert (none.findtext("meetings") or "").strip() == "", "an empty element holds a line break"


def test_dates_that_are_ignored(called: Called) -> None:
    everything = 12
    iso = called("GetAllMeetingsByDate", lCommitteeId="0", sFromDate="2025-11-01", sToDate="2025-12-31")
    assert iso.findtext("meetingscount") == f" {everything}"
    quirk = called("GetAllMeetingsByDate", behaviour=Behaviour(dates_ignored=True), lCommitteeId="0", **SPAN)
    assert quirk.findtext("meetingscount") == f" {everything}"


def test_one_meeting(called: Called) -> None:
    root = called("GetMeeting", lMeetingId="3241")
    assert root.tag == "meeting"
    assert (root.findtext("meetingid"), root.findtext("agendaid")) == ("3241", "3229")
    assert (root.findtext("meetingdate"), root.findtext("meetingtime")) == ("26/11/2025", "9.00 am")
    assert root.findtext("minutepublished") == "True"
    assert texts(root, "agendaitems/agendaitem/fulldisplaynumberformat") == [f"SSP/{n}/25" for n in range(42, 55)]
    assert set(texts(root, "agendaitems/agendaitem/isrestricted")) == {"False"}
    licensing = root.findall("agendaitems/agendaitem")[5]
    minutes = BeautifulSoup(licensing.findtext("minutesnonemptyhtmlbody") or "", "lxml")
    assert "broken down by ward next time." in minutes.get_text(), "never cut"
    assert minutes.find("div", class_="WordSection1") is not None
    assert texts(licensing, "linkeddocuments/linkeddoc/attachmentid") == ["61204"]
    assert root.find("attendees/attendee").get("name") == "Chair of the Partnership"  # type: ignore[union-attr]


def test_nothing_shows_before_the_agenda_is_out(called: Called) -> None:
    root = called("GetMeeting", at="2025-11-17T09:00", lMeetingId="3241")
    assert root.findtext("agendapublished") == "False"
    assert texts(root, "agendaitems/agendaitem") == []


def test_an_exempt_item_is_marked(called: Called) -> None:
    root = called("GetMeeting", lMeetingId="3151")
    assert texts(root, "agendaitems/agendaitem/isrestricted") == ["False", "False", "True"]


def test_titles_may_be_escaped_twice(story: Story) -> None:
    council = """
        [council]
        starts = 2025-11-01T08:00:00
        [[committee]]
        id = 1
        name = "People's Panel & Friends"
    """
    small = parse_story(council)
    assert "<committeetitle>People's Panel &amp; Friends<" in raw(small, "GetCommittees")
    twice = raw(small, "GetCommittees", behaviour=Behaviour(double_encoded=True))
    assert "<committeetitle>People&amp;#39;s Panel &amp;amp; Friends<" in twice


def test_a_parameter_that_is_missing_and_a_meeting_that_is_not_there(called: Called) -> None:
    with pytest.raises(MissingParameter, match="sFromDate"):
        called("GetMeetings", lCommitteeId="228")
    with pytest.raises(NotThere):
        called("GetMeeting", lMeetingId="1")
    with pytest.raises(NotThere):
        called("GetSomethingElse")


CAPTURES = os.environ.get("MODERNGOV_CAPTURES")


@pytest.mark.skipif(not CAPTURES, reason="MODERNGOV_CAPTURES does not name the folder of captured pages")
@pytest.mark.parametrize(
    ("capture", "method", "query"),
    [
        ("manchester-GetCommittees.xml", "GetCommittees", {}),
        ("manchester-GetMeetings.xml", "GetMeetings", {"lCommitteeId": "228", **SPAN}),
        ("manchester-GetMeeting-cancelled.xml", "GetMeeting", {"lMeetingId": "3161"}),
    ],
)
def test_elements_are_those_of_captured_answers(
    called: Called, capture: str, method: str, query: dict[str, str]
) -> None:
    theirs = etree.fromstring((Path(CAPTURES or "") / capture).read_bytes())
    ours = called(method, **query)

    def shape(element: etree._Element, prefix: str = "") -> list[str]:
        path = f"{prefix}/{element.tag!s}"
        return list(dict.fromkeys([path, *(row for child in element for row in shape(child, path))]))

    photos = ("photosmallurl", "photobigurl")
    assert [row for row in shape(theirs) if not row.endswith(photos)] == shape(ours)
