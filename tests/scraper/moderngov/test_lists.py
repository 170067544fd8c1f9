"""Lists of meetings and committees, the calendar, the addresses and the dates they are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.moderngov import addresses
from scraper.moderngov.calendar import read_calendar
from scraper.moderngov.committees import read_committees
from scraper.moderngov.dates import LONDON, moment, moments, of_web_service
from scraper.moderngov.meetings import read_meeting_list
from scraper.records import MeetingList, Suspect

BASE = "https://southampton.example.gov.uk/moderngov"
URL = f"{BASE}/ieListMeetings.aspx?CommitteeId=7"
Made = Callable[..., bytes]


def entry(meeting: int, words: str, tail: str = "") -> str:
    return (
        f'<li  class="mgTableEvenRow" ><a  class="mgMeetingTableLnk"    href="ieListDocuments.aspx?CId=7&amp;MId={meeting}'
        f'&amp;Ver=4"  title="Link&#32;to&#32;meeting&#32;details&#32;for&#32;Cabinet&#32;meeting&#32;of&#32;{words}">{words}'
        f"</a>{tail}</li>"
    )


def listed(*rows: str, paging: str = "") -> str:
    return (
        f'{paging}<div class="mgTableTitleTxt">Meetings</div><ul  class="mgNonBulletTableList"  >{"".join(rows)}</ul>'
    )


EARLIER = (
    '<a class="mgTableNextLnk" '
    'href="ieListMeetings.aspx?Act=earlier&amp;CId=7&amp;D=202409051930&amp;MD=ielistmeetings">Earlier</a>'
)
LATER = (
    '<a class="mgTableNextLnk" '
    'href="ieListMeetings.aspx?Act=later&amp;CId=7&amp;D=202606151930&amp;MD=ielistmeetings">Later</a>'
)
ROWS = (
    entry(3, "15 Jun 2026&nbsp;7&#58;30 pm"),
    entry(2, "3 Mar 2026 7.30 pm", " - Agenda"),
    entry(1, "5 Sep 2025 10:00 am", " - Agenda, Decisions, Minutes"),
)


def read(body: bytes, url: str = URL) -> MeetingList:
    listing = read_meeting_list(body, url, None)
    assert isinstance(listing, MeetingList), listing
    return listing


@pytest.mark.parametrize(
    ("paging", "covers"),
    [
        ("", (None, None)),
        (EARLIER, (date(2025, 9, 5), None)),
        (LATER, (None, date(2026, 6, 15))),
        (EARLIER + LATER, (date(2025, 9, 5), date(2026, 6, 15))),
    ],
)
def test_what_a_page_of_the_list_is_complete_for(
    made: Made, paging: str, covers: tuple[date | None, date | None]
) -> None:
    listing = read(made(listed(*ROWS, paging=paging), h1="Browse meetings", h2="Cabinet"))
    assert (listing.covers_from, listing.covers_to) == covers
    assert [row.meeting_id for row in listing.meetings] == [3, 2, 1]
    assert (listing.earlier_url is not None, listing.later_url is not None) == ("earlier" in paging, "later" in paging)


def test_a_list_of_one_year_speaks_of_no_other(made: Made) -> None:
    listing = read(made(listed(*ROWS[:2]), h2="Cabinet"), f"{BASE}/ieListMeetings.aspx?CId=7&Year=2026")
    assert (listing.covers_from, listing.covers_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert read(made(listed(*ROWS), h2="Cabinet"), f"{URL}&Year=0").covers_from is None


@pytest.mark.parametrize(
    ("words", "tail", "status", "note", "out"),
    [
        ("15 Jan 2026 7:30 pm", " - CANCELLED", "cancelled", None, (None, None, None)),
        ("15 Jan 2026 7:30 pm", " - Agenda, CANCELLED", "cancelled", None, (True, False, False)),
        ("15 Jan 2026 7:30 pm", " - Agenda, Draft minutes", "scheduled", None, (True, False, True)),
        ("CANCELLED - 15 Jan 2026 7:30 pm", "", "cancelled", None, (False, False, False)),
        ("PROVISIONAL - 15 Jan 2026 7:30 pm", "", "scheduled", "PROVISIONAL", (False, False, False)),
        ("15 Jan 2026 7:30 pm", " - PROVISIONAL", "scheduled", "PROVISIONAL", (None, None, None)),
        ("15 Ion 2026 7.30 yh", " - Rhaglen, Penderfyniadau, Cofnodion", "scheduled", None, (True, True, True)),
        ("15 Ion 2026 7.30 yh", " - WEDI&#39;I GANSLO", "cancelled", None, (None, None, None)),
    ],
)
def test_tails(made: Made, words: str, tail: str, status: str, note: str | None, out: tuple[bool | None, ...]) -> None:
    row = read(made(listed(entry(5, words, tail)), h2="Cabinet")).meetings[0]
    assert (row.status, row.status_note) == (status, note)
    assert (row.agenda_out, row.decisions_out, row.minutes_out) == out
    assert row.starts_at == datetime(2026, 1, 15, 19, 30, tzinfo=LONDON)
    assert (row.committee_id, row.committee_name) == (7, "Cabinet")


def test_the_constitution_is_no_meeting(made: Made) -> None:
    constitution = (
        '<ul><li><a href="ieListDocuments.aspx?CId=686&MId=9&info=1&MD=Constitution">1 Jan 2020</a></li></ul>'
    )
    assert [row.meeting_id for row in read(made(listed(*ROWS) + constitution)).meetings] == [3, 2, 1]


def test_a_list_without_rows_is_suspect_unless_it_is_empty_or_says_so(made: Made) -> None:
    assert isinstance(
        read_meeting_list(made('<div class="mgTableTitleTxt">Meetings</div>', h2="Cabinet"), URL, None), Suspect
    )
    said = made('<p class="mgTableTitleTxt">There are no meetings for this committee</p>', h2="Cabinet")
    assert read(said).meetings == ()
    assert read(made('<ul  class="mgNonBulletTableList" >\r\n</ul>', h2="Cabinet")).meetings == ()
    unread = made('<ul class="mgNonBulletTableList"><li>15 Jan 2026</li></ul>', h2="Cabinet")
    assert isinstance(read_meeting_list(unread, URL, None), Suspect)
    in_text = made('<div class="mgWordPara"><p>No meetings were held.</p></div>', h2="Cabinet")
    assert isinstance(read_meeting_list(in_text, URL, None), Suspect)


def test_a_row_without_a_date_is_suspect(made: Made) -> None:
    assert isinstance(read_meeting_list(made(listed(entry(5, "Agenda for Cabinet"))), URL, None), Suspect)


def test_committees_under_their_categories(made: Made) -> None:
    content = (
        '<h2 class="mgSectionTitle">Executive</h2><ul class="mgBulletList">'
        '<li><a href="mgCommitteeDetails.aspx?ID=1">Cabinet</a></li></ul>'
        '<h2 class="mgSectionTitle">Expired committees</h2>'
        '<ul class="mgBulletList"><li><a href="mgCommitteeDetails.aspx?ID=2">Roads '
        "&#38; Bridges</a></li></ul>"
    )
    found = read_committees(made(content, h1="Committee structure", h2=""), f"{BASE}/mgListCommittees.aspx", None)
    assert not isinstance(found, Suspect)
    assert [(row.committee_id, row.name, row.category, row.expired) for row in found] == [
        (1, "Cabinet", "Executive", False),
        (2, "Roads & Bridges", "Expired committees", True),
    ]
    assert isinstance(read_committees(made("<p>x</p>", h2="y"), f"{BASE}/mgListCommittees.aspx", None), Suspect)


def test_the_calendar_as_reported(made: Made) -> None:
    """No capture stands behind this: days label cells, and titles of links have dates of their own."""
    cells = (
        '<td class="mgCalendarWeekGrid"><p>30 April</p><a href="ieListDocuments.aspx?CId=1&MId=1">10.00 am Council</a></td>'
        '<td class="mgCalendarWeekGrid"><p>1 May</p>'
        '<a href="ieListDocuments.aspx?CId=2&MId=2">6.30 pm CANCELLED - Cabinet</a></td>'
        '<td class="mgCalendarWeekGrid"><p>2</p><a class="mgCalendarCellTxt" href="ieListDocuments.aspx?CId=3&MId=3" '
        'title="PROVISIONAL - Audit Committee, 02/05/2026 2.00 pm">Audit</a></td>'
    )
    body = made(f"<table><tr>{cells}</tr></table>", h1="Monthly meetings calendar - May 2026", h2="")
    listing = read_calendar(body, addresses.calendar(BASE, 2026, 5), None)
    assert isinstance(listing, MeetingList)
    assert (listing.committee_id, listing.covers_from, listing.covers_to) == (None, date(2026, 5, 1), date(2026, 5, 31))
    assert [(row.meeting_id, row.starts_at, row.status, row.status_note) for row in listing.meetings] == [
        (1, datetime(2026, 4, 30, 10, tzinfo=LONDON), "scheduled", None),
        (2, datetime(2026, 5, 1, 18, 30, tzinfo=LONDON), "cancelled", None),
        (3, datetime(2026, 5, 2, 14, tzinfo=LONDON), "scheduled", "PROVISIONAL"),
    ]
    assert listing.meetings[2].committee_name == "Audit Committee"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("15 Jan 2026\u00a07:30 pm", (2026, 1, 15, 19, 30)),
        ("Wednesday 26th November 2025 9.00 am", (2025, 11, 26, 9, 0)),
        ("Thursday, 13th November, 2008 5.45 pm", (2008, 11, 13, 17, 45)),
        ("3 March 2026 12.00 am", (2026, 3, 3, 0, 0)),
        ("3 March 2026 12.15 pm", (2026, 3, 3, 12, 15)),
        ("3 March 2026 midnight", (2026, 3, 3, 0, 0)),
        ("3 March 2026 12 noon", (2026, 3, 3, 12, 0)),
        ("3 March 2026, 10 am", (2026, 3, 3, 10, 0)),
        ("3 March 2026 at 7.00 p.m.", (2026, 3, 3, 19, 0)),
        ("3 March 2026 18:45", (2026, 3, 3, 18, 45)),
        ("03/03/2026 13:30", (2026, 3, 3, 13, 30)),
        ("3ydd Mawrth 2026 10.00 yb", (2026, 3, 3, 10, 0)),
        ("Dydd Sul 1af Chwefror 2026 hanner dydd", (2026, 2, 1, 12, 0)),
        ("6 Sept 2026", (2026, 9, 6, 0, 0)),
        ("3 March 2026 (time to be confirmed)", (2026, 3, 3, 0, 0)),
    ],
)
def test_dates_as_sites_print_them(text: str, at: tuple[int, ...]) -> None:
    assert moment(text) == datetime(*at, tzinfo=LONDON)  # type: ignore[misc]


@pytest.mark.parametrize(
    "text", ["31 February 2026", "32/01/2026", "2026", "March 2026", "15 January 26", "s15 Jan", ""]
)
def test_what_is_no_date(text: str) -> None:
    assert moment(text) is None


def test_a_summer_time_has_its_offset() -> None:
    found = of_web_service("10/07/2026", "10.00 am")
    assert found is not None
    assert found.isoformat() == "2026-07-10T10:00:00+01:00"
    assert of_web_service("2026-07-10", "") == datetime(2026, 7, 10, tzinfo=LONDON)
    assert of_web_service("", "10.00 am") is None


@settings(max_examples=100)
@given(st.text(alphabet="0123456789 /.:,-JanuarymthMawdy\u00a0pTn", max_size=60))
def test_no_text_upsets_the_dates(text: str) -> None:
    for found in moments(text):
        assert found.moment.tzinfo is LONDON
        assert 0 <= found.start < found.end <= len(text)


def test_parameters_in_any_case() -> None:
    assert addresses.number("https://x/a.aspx?mid=12&CID=7", "MId", "MeetingId") == 12
    assert addresses.number("https://x/a.aspx?MeetingId=12", "MId", "MeetingId") == 12
    assert addresses.number("https://x/a.aspx?MId=12x&ID=", "MId", "ID") is None
    assert addresses.number("https://[bad?MId=1", "MId") is None


def test_addresses_are_joined_with_the_page_and_cleaned() -> None:
    page = f"{BASE}/(X(1)S(abc))/ieListDocuments.aspx?MId=1"
    assert (
        addresses.absolute(page, "documents/s1/A \r\nb’s.pdf#search=%22x%22")
        == f"{BASE}/(X(1)S(abc))/documents/s1/A%20b%E2%80%99s.pdf"
    )
    assert addresses.absolute(page, "mailto:a@b.c") is None
    assert addresses.absolute(page, "javascript:x()") is None
    assert addresses.absolute(page, "http://[") is None


def test_built_addresses() -> None:
    assert addresses.meeting(f"{BASE}/", 7, 42) == f"{BASE}/ieListDocuments.aspx?CId=7&MId=42&Ver=4"
    asked = addresses.parameters(addresses.ws_all_meetings(BASE, -1, date(2026, 1, 2), date(2026, 11, 30)))
    assert asked == {
        "lcommitteeid": "-1",
        "sfromdate": "02/01/2026",
        "stodate": "30/11/2026",
        "bisascendingdateorder": "true",
    }
    assert (
        addresses.parameters(addresses.decisions(BASE, date(2026, 3, 24), date(2026, 9, 24)))["dr"]
        == "24/03/2026-24/09/2026"
    )
    assert addresses.site(addresses.ws_meeting(BASE, 5)) == BASE
    assert addresses.site(addresses.item(BASE, 5)) == BASE


def test_a_session_in_the_path_is_no_part_of_an_address() -> None:
    assert addresses.without_session(f"{BASE}/(X(1)S(fkn0jfigeevz5oferbjpjk55))/a.aspx?x=(1)") == f"{BASE}/a.aspx?x=(1)"
    assert (
        addresses.without_session(f"{BASE}/documents/s1/Plan (Part(1))/x.pdf")
        == f"{BASE}/documents/s1/Plan (Part(1))/x.pdf"
    )
    assert addresses.site(f"{BASE}/(S(abc))/mgWebService.asmx/GetMeeting?lMeetingId=1") == BASE


def test_a_percent_sign_in_a_file_name_is_encoded_and_an_escape_is_left() -> None:
    joined = addresses.absolute(f"{BASE}/x.aspx", "documents/s1/50% of 10%20more.pdf")
    assert joined == f"{BASE}/documents/s1/50%25%20of%2010%20more.pdf"
