"""The readers on pages as councils served them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from scraper.moderngov import (
    calendar,
    committees,
    consultations,
    decisions,
    item,
    meeting,
    meetings,
    packs,
    plans,
    rss,
    webservice,
)
from scraper.moderngov.dates import LONDON
from scraper.moderngov.inside import fingerprint
from scraper.records import CommitteeRecord, MeetingList, MeetingRecord, NoticeListing, NoticeRecord, Refused, Suspect

KINGSTON = "https://moderngov.kingston.gov.uk"
SERVICE = "https://democracy.manchester.gov.uk/mgWebService.asmx"


def test_the_meeting_of_kingston(captures: Path) -> None:
    body = (captures / "kingston-meeting-edited-by-hand.html").read_bytes()
    record = meeting.read_meeting(body, f"{KINGSTON}/ieListDocuments.aspx?CId=711&MId=10214&Ver=4", "text/html")
    assert isinstance(record, MeetingRecord)
    assert record.meeting_id == 10214
    assert record.committee_name == "Kingston and North Kingston Neighbourhood Committee"
    assert record.starts_at == datetime(2025, 11, 18, 19, 30, tzinfo=LONDON)
    assert (record.agenda_id, record.agenda_state, record.minutes_state, record.status) == (
        10223,
        "published",
        "approved",
        "scheduled",
    )
    assert [(d.document_id, d.kind, d.size_shown) for d in record.documents] == [
        ("g10223:T0", "frontsheet", "253 KB"),
        ("g10223:T10", "pack", "1 MB"),
        ("g10223:T2", "decisions", "115 KB"),
        ("g10223:T1", "minutes", "82 KB"),
    ]
    assert [item.number for item in record.items] == [f"{number}." for number in range(29, 39)]
    assert [item.item_id for item in record.items] == [
        51114,
        51115,
        51116,
        51117,
        51118,
        51126,
        51593,
        51594,
        51123,
        51124,
    ]
    assert record.items[4].title == "Minutes"
    assert record.items[4].text == "To confirm as a correct record the minutes of the meeting held 8 October 2025."
    assert record.items[2].issue_id == 53844
    assert (
        record.items[2].minutes == "Apologies for absence were received from Councillors Helen Grocott and Afi Afilaka."
    )
    grants = record.items[6]
    assert grants.cut == frozenset({"minutes"})
    assert grants.minutes and grants.minutes.endswith("decided to allocate the remaining funds")
    assert grants.decision and grants.decision.splitlines()[1].startswith(
        "1. a Neighbourhood Community Grant to Man & Boy"
    )
    assert [(d.document_id, d.title, d.size_shown) for d in grants.documents] == [
        ("s111161", "Community Grants Programme", "284 KB"),
        ("s111162", "9_Annex 1 - NCG and BCG Guidelines (updated May 2023)", "91 KB"),
    ]
    assert not any(item.restricted for item in record.items)
    assert record.venue == "Chessington World of Adventure"


def test_the_cancelled_meeting_of_kingston(captures: Path) -> None:
    body = (captures / "kingston-meeting-cancelled.html").read_bytes()
    record = meeting.read_meeting(body, f"{KINGSTON}/ieListDocuments.aspx?CId=711&MId=10161&Ver=4", None)
    assert isinstance(record, MeetingRecord)
    assert (record.status, record.items, record.documents, record.agenda_state) == ("cancelled", (), (), "none")
    assert record.starts_at == datetime(2025, 12, 4, 19, 30, tzinfo=LONDON)
    assert (record.committee_id, record.venue) == (711, "Guildhall, Kingston upon Thames")
    assert record.contact == "Alice Aubrey 07521058748 Email: alice.aubrey@kingston.gov.uk"


def test_the_list_of_meetings_of_kingston(captures: Path) -> None:
    body = (captures / "kingston-browse-meetings.html").read_bytes()
    listing = meetings.read_meeting_list(body, f"{KINGSTON}/ieListMeetings.aspx?CommitteeId=711", None)
    assert isinstance(listing, MeetingList)
    assert len(listing.meetings) == 15
    assert (listing.committee_id, listing.covers_from, listing.covers_to) == (711, date(2024, 9, 5), date(2026, 6, 15))
    assert listing.earlier_url == f"{KINGSTON}/ieListMeetings.aspx?Act=earlier&CId=711&D=202409051930&MD=ielistmeetings"
    assert listing.later_url is not None
    rows = {row.meeting_id: row for row in listing.meetings}
    assert rows[10221].starts_at == datetime(2026, 1, 15, 19, 30, tzinfo=LONDON)
    assert (rows[10221].agenda_out, rows[10221].decisions_out, rows[10221].minutes_out) == (True, True, True)
    assert (rows[10162].agenda_out, rows[10162].decisions_out, rows[10162].minutes_out) == (True, True, False)
    assert (rows[10337].agenda_out, rows[10337].status) == (False, "scheduled")
    assert rows[10161].status == "cancelled"
    assert rows[10161].url == f"{KINGSTON}/ieListDocuments.aspx?CId=711&MId=10161&Ver=4"


def test_the_committees_of_kingston_under_a_banner_that_is_never_closed(captures: Path) -> None:
    body = (captures / "kingston-committee-structure.html").read_bytes()
    found = committees.read_committees(body, f"{KINGSTON}/mgListCommittees.aspx?bcr=1", None)
    assert isinstance(found, tuple)
    assert len(found) == 30
    assert found[0] == CommitteeRecord(137, "Council", "Council")
    assert (
        CommitteeRecord(
            626,
            "Joint Appointments Committee (Kingston & Richmond)",
            "Joint Committees (Kingston with other Local Authorities)",
        )
        in found
    )


def test_the_decision_of_kirklees(captures: Path) -> None:
    body = (captures / "kirklees-decision-detail.html").read_bytes()
    record = decisions.read_decision(body, "https://democracy.kirklees.gov.uk/ieDecisionDetails.aspx?ID=4321", None)
    assert isinstance(record, NoticeRecord)
    assert record.title == "Minutes of Previous Meeting"
    assert (
        record.text
        == "Decision:\nThe Minutes of the Policy Committee meeting on 23 September 2015 were approved as a correct record."
    )
    assert (record.status, record.key) == ("Recommendations Approved", False)
    assert (record.published, record.decided) == (date(2015, 10, 22), date(2015, 10, 19))
    assert (record.meeting_id, record.issue_id) == (4832, 6535)
    assert [(d.document_id, d.title, d.size_shown) for d in record.documents] == [
        ("s7942", "polc2 - 23.09.2015", "119 KB")
    ]


def test_the_decisions_of_kirklees(captures: Path) -> None:
    body = (captures / "kirklees-decisions-list.html").read_bytes()
    listing = decisions.read_decisions(body, "https://democracy.kirklees.gov.uk/mgDelegatedDecisions.aspx?DS=2", None)
    assert isinstance(listing, NoticeListing)
    assert [(row.notice_id, row.published) for row in listing.notices] == [
        (13567, date(2025, 4, 1)),
        (13149, date(2025, 11, 3)),
    ]
    assert listing.notices[0].title.endswith("George Hotel, Railway Street, Huddersfield")
    assert listing.notices[1].title == "Admission of the Public"


def test_the_web_service_of_manchester(captures: Path) -> None:
    found = webservice.read_committees(
        (captures / "manchester-GetCommittees.xml").read_bytes(), f"{SERVICE}/GetCommittees", None
    )
    assert isinstance(found, tuple)
    assert [(row.committee_id, row.expired) for row in found] == [(312, True), (163, False), (144, False)]

    url = f"{SERVICE}/GetMeetings?lCommitteeId=144&sFromDate=01%2F01%2F2026&sToDate=01%2F03%2F2026"
    listing = webservice.read_meetings((captures / "manchester-GetMeetings.xml").read_bytes(), url, None)
    assert isinstance(listing, MeetingList)
    assert (listing.committee_id, listing.covers_from, listing.covers_to) == (144, date(2026, 1, 1), date(2026, 3, 1))
    assert [(row.meeting_id, row.status, row.committee_name) for row in listing.meetings] == [
        (4966, "cancelled", "Audit Committee"),
        (4967, "scheduled", "Audit Committee"),
    ]
    assert listing.meetings[1].starts_at == datetime(2026, 2, 10, 10, tzinfo=LONDON)

    body = (captures / "manchester-GetMeeting-cancelled.xml").read_bytes()
    record = webservice.read_meeting(body, f"{SERVICE}/GetMeeting?lMeetingId=4966", None)
    assert isinstance(record, MeetingRecord)
    assert (record.status, record.items, record.agenda_state) == ("cancelled", (), "none")
    assert record.venue == "Council Antechamber, Level 2, Town Hall Extension"
    assert record.attendance == ("Councillor Basil Curley, Committee Member: Expected",)
    assert "contact" not in record.fields
    assert "documents" not in record.fields


@pytest.mark.parametrize(
    "name", ["denbighshire-not-an-answer.xml", "leeds-not-an-answer.xml", "eastherts-empty-answer.xml"]
)
@pytest.mark.parametrize(
    "read", [webservice.read_committees, webservice.read_meetings, webservice.read_meeting, rss.read_feed]
)
def test_what_is_no_answer_is_none(captures: Path, name: str, read: Callable[..., object]) -> None:
    told = read((captures / name).read_bytes(), f"{SERVICE}/GetCommittees", "text/xml")
    assert isinstance(told, Suspect | Refused)


READERS = {
    meeting.read_meeting: "kingston-meeting",
    meetings.read_meeting_list: "kingston-browse",
    committees.read_committees: "kingston-committee-structure",
    item.read_item: "none captured",
    packs.read_packs: "none captured",
    calendar.read_calendar: "none captured",
    plans.read_plan_items: "none captured",
    plans.read_plans_home: "none captured",
    consultations.read_consultations: "none captured",
    decisions.read_decisions: "kirklees-decisions-list",
    webservice.read_committees: "manchester-GetCommittees",
    webservice.read_meetings: "manchester-GetMeetings",
    webservice.read_meeting: "manchester-GetMeeting-",
}


@pytest.mark.parametrize("read", READERS, ids=lambda read: f"{read.__module__.rsplit('.', 1)[-1]}.{read.__name__}")
def test_a_page_of_another_kind_is_never_taken_for_this_one(captures: Path, read: Callable[..., object]) -> None:
    for capture in sorted(captures.iterdir()):
        told = read(capture.read_bytes(), f"{KINGSTON}/page.aspx?ID=1&MId=2&CId=3", None)
        right = capture.name.startswith(READERS[read])
        # the page of a meeting names its packs too
        other = read is packs.read_packs and capture.name == "kingston-meeting-edited-by-hand.html"
        assert other or isinstance(told, Suspect | Refused) != right, (capture.name, told)


def test_what_the_template_alone_changed_has_the_same_fingerprint(captures: Path) -> None:
    body = (captures / "kingston-meeting-edited-by-hand.html").read_bytes()
    assert fingerprint(body.replace(b"2024 Royal Borough", b"2026 Royal Borough")) == fingerprint(body)
    assert fingerprint(body.replace(b"Chessington World", b"Surbiton World")) != fingerprint(body)
    last = b"There were no urgent items."
    assert fingerprint(body.replace(last, b"There was one.")) != fingerprint(body)
