"""The web service: what it says in other words than the pages, and what it says though it is not published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

import pytest

from scraper.moderngov.webservice import read_committees, read_meeting, read_meetings
from scraper.records import DocumentRecord, MeetingList, MeetingRecord, Refused, Suspect

BASE = "https://democracy.example.gov.uk/x"
URL = f"{BASE}/mgWebService.asmx/GetMeeting?lMeetingId=42"


def element(name: str, value: object = "") -> str:
    return f"<{name}>{value}</{name}>" if value != "" else f"<{name}>\n  </{name}>"


def item(number: int, title: str, inner: str = "", **values: object) -> str:
    defaults: dict[str, object] = {
        "fulldisplaynumberformat": f"{number}.",
        "isdisplayallowed": True,
        "isrestricted": False,
    }
    parts = "".join(element(name, value) for name, value in (defaults | values).items())
    return (
        f"<agendaitem>{element('agendaitemid', number)}{element('agendaitemtitle', title)}{parts}{inner}</agendaitem>"
    )


def answer(*items: str, **values: object) -> bytes:
    defaults: dict[str, object] = {
        "meetingid": 42,
        "meetingdate": "10/02/2026",
        "meetingstatus": "Confirmed",
        "isdisplayallowed": True,
        "meetingtime": "10.00 am",
        "meetinglocation": "Town Hall",
        "agendaid": 55,
        "agendapublished": True,
        "decisionpublished": True,
        "minutepublished": True,
        "meetingroom": "",
    }
    parts = "".join(element(name, value) for name, value in (defaults | values).items())
    inner = "".join(items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<meeting>{parts}<agendaitems>{inner}</agendaitems></meeting>'.encode()
    )


def read(body: bytes) -> MeetingRecord:
    record = read_meeting(body, URL, "text/xml; charset=utf-8")
    assert isinstance(record, MeetingRecord), record
    return record


def html(text: str) -> str:
    return escape(f'<div class="WordSection1">\n<p class="MsoNormal">{text}</p>\n</div>')


def test_an_item_with_its_texts_and_papers() -> None:
    linked = (
        "<linkeddocuments><linkeddoc><attachmentid>60860</attachmentid><title>6 - Minutes  Audit</title><isurl>False</isurl>"
        "<url>https://democracy.example.gov.uk/x/mgConvert2PDF.aspx?ID=60860</url><isrestricted>True</isrestricted></linkeddoc>"
        "<linkeddoc><attachmentid>60861</attachmentid><title>Film</title><isurl>True</isurl><url>https://tv.example/1</url>"
        "</linkeddoc></linkeddocuments>"
    )
    texts = {
        "agendatext": html("To note."),
        "minutesnonemptyhtmlbody": html("Noted by <b>all</b> &amp; sundry."),
        "decisionnonemptyhtmlbody": html("Agreed."),
    }
    record = read(answer(item(7, "Grants", linked, **texts)))
    found = record.items[0]
    assert (found.item_id, found.number, found.title, found.position) == (7, "7.", "Grants", 1)
    assert (found.text, found.minutes, found.decision) == ("To note.", "Noted by all & sundry.", "Agreed.")
    assert found.documents == (
        DocumentRecord("s60860", "6 - Minutes Audit", "report", f"{BASE}/mgConvert2PDF.aspx?ID=60860", restricted=True),
        DocumentRecord("url:https://tv.example/1", "Film", "report", "https://tv.example/1"),
    )
    assert "votes" not in found.fields
    assert "decision" in found.fields
    assert (record.agenda_state, record.minutes_state, record.agenda_id) == ("published", "published", 55)
    assert (record.venue, record.transport) == ("Town Hall", "webservice")


def test_entities_encoded_twice() -> None:
    found = read(
        answer(item(7, "Chair&amp;#39;s Communications &amp;amp; more", agendatext=html("Fish &amp; chips")))
    ).items[0]
    assert (found.title, found.text) == ("Chair's Communications & more", "Fish & chips")
    twice = escape(escape("<p>Fish &amp; chips</p>"))
    assert read(answer(item(7, "x", agendatext=twice))).items[0].text == "Fish & chips"


def test_escaped_tags_in_a_text_are_text() -> None:
    body = html("Use &lt;b&gt; for bold")
    assert read(answer(item(7, "x", agendatext=body))).items[0].text == "Use <b> for bold"


def test_headings_between_items() -> None:
    record = read(
        answer(
            item(1, "Part A", fulldisplaynumberformat="0"), item(2, "", fulldisplaynumberformat=""), item(3, "Grants")
        )
    )
    assert [(found.number, found.title, found.position) for found in record.items] == [
        ("", "Part A", 1),
        ("3.", "Grants", 2),
    ]


def test_what_is_not_published_is_left_out() -> None:
    rows = item(1, "Grants", minutesnonemptyhtmlbody=html("Secret"), decisionnonemptyhtmlbody=html("Secret"))
    hidden = read(answer(rows, minutepublished=False, decisionpublished=False)).items[0]
    assert (hidden.minutes, hidden.decision) == (None, None)
    assert read(answer(rows, agendapublished=False, minutepublished=False)).items == ()
    assert read(answer(rows, isdisplayallowed=False)).items == ()
    two = read(answer(rows, item(2, "Not shown", isdisplayallowed=False)))
    assert [found.title for found in two.items] == ["Grants"]


def test_a_flag_that_every_item_bears_tells_nothing() -> None:
    assert len(read(answer(item(1, "a", isdisplayallowed=False), item(2, "b", isdisplayallowed=False))).items) == 2


def test_the_mark_of_a_restricted_item() -> None:
    found = read(answer(item(1, "Land (Exempt Category 3)", isrestricted=True), item(2, "Land - Exempt"))).items
    assert [(one.restricted, one.restricted_by, one.restriction) for one in found] == [
        (True, "mark", "3"),
        (True, "title", None),
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Cancelled", ("cancelled", None)),
        ("Confirmed", ("scheduled", None)),
        ("Confirmed; Rescheduled from 24 September 2026", ("scheduled", "Rescheduled from 24 September 2026")),
        ("Confirmed; Budget Council", ("scheduled", "Budget Council")),
        ("Provisional", ("scheduled", "Provisional")),
        ("Postponed", ("cancelled", "Postponed")),
        ("Cancelled; Chair&amp;#39;s illness", ("cancelled", "Chair's illness")),
    ],
)
def test_statuses(status: str, expected: tuple[str, str | None]) -> None:
    record = read(answer(item(1, "a"), meetingstatus=status))
    assert (record.status, record.status_note) == expected


def test_another_meeting_than_the_one_asked_for_is_suspect() -> None:
    assert isinstance(read_meeting(answer(item(1, "a"), meetingid=43), URL, None), Suspect)


def test_an_agenda_that_is_out_without_items_is_suspect() -> None:
    assert isinstance(read_meeting(answer(), URL, None), Suspect)
    assert read(answer(agendapublished=False, minutepublished=False)).agenda_state == "none"


LIST = f"{BASE}/mgWebService.asmx/GetMeetings?lCommitteeId=9&sFromDate=01/01/2026&sToDate=31%2F03%2F2026"
MEETING = (
    "<meeting><meetingid>{}</meetingid>{}<meetingdate>{}</meetingdate>"
    "<meetingtime>13:30</meetingtime><meetingstatus>Confirmed</meetingstatus></meeting>"
)


def test_lists_by_both_methods() -> None:
    of_committee = "<committeeid>9</committeeid><committeetitle>Roads &amp;amp; Bridges</committeetitle>"
    by_date = (
        f"<getmeetingsbydate><meetingscount> 1</meetingscount>"
        f"<meetings>{MEETING.format(5, of_committee, '13/02/2026')}</meetings></getmeetingsbydate>"
    )
    nested = (
        f"<getmeetings><meetingscount> 2</meetingscount><committee>{of_committee}<committeemeetings>"
        f"{MEETING.format(5, '', '13/02/2026')}{MEETING.format(6, '', '13/02/1999')}"
        f"</committeemeetings></committee></getmeetings>"
    )
    for body, count in ((by_date, 1), (nested, 2)):
        listing = read_meetings(body.encode(), LIST, None)
        assert isinstance(listing, MeetingList)
        assert (listing.covers_from, listing.covers_to) == (date(2026, 1, 1), date(2026, 3, 31))
        assert len(listing.meetings) == count  # what lies outside of the days asked for is the caller's to judge
        first = listing.meetings[0]
        assert (first.committee_id, first.committee_name, first.meeting_id) == (9, "Roads & Bridges", 5)
        assert first.url == f"{BASE}/ieListDocuments.aspx?CId=9&MId=5&Ver=4"
        assert first.starts_at is not None
        assert first.starts_at.isoformat() == "2026-02-13T13:30:00+00:00"
        assert (first.agenda_out, first.minutes_out) == (None, None)


def test_an_answer_of_counts_alone_is_suspect() -> None:
    body = b"<getmeetings><meetingscount> 12</meetingscount><committeescount> 1</committeescount></getmeetings>"
    assert isinstance(read_meetings(body, LIST, None), Suspect)
    none = read_meetings(body.replace(b" 12", b" 0"), LIST, None)
    assert isinstance(none, MeetingList)
    assert none.meetings == ()


Read = Callable[[bytes, str, str | None], object]


@pytest.mark.parametrize("read_any", [read_committees, read_meetings, read_meeting])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body><h1>Down for maintenance</h1></body></html>", Refused),
        (b"<html><title>Just a moment...</title></html>", Refused),
        (b"<script>location='https://x'</script>", Suspect),
        (b"<unknown/>", Suspect),
        (b"", Suspect),
        (b"Missing parameter: lMeetingId.", Suspect),
        (b'<?xml version="1.0"?><meeting><meetingid>42</meetingid><agendait', Suspect),
        (b'<!DOCTYPE m [<!ENTITY a "b">]><meeting><meetingid>&a;</meetingid></meeting>', Suspect),
    ],
)
def test_what_is_no_answer(read_any: Read, body: bytes, kind: type) -> None:
    assert isinstance(read_any(body, URL, "text/xml"), kind)


def test_an_answer_in_another_charset_and_with_characters_that_xml_forbids() -> None:
    body = answer(item(1, "Officer@@s @@ &#x1f;Café"))
    found = read(body.replace("é".encode(), b"\xe9").replace(b"@@", b"\x92", 1).replace(b"@@", b"\x0b"))
    assert found.items[0].title == "Officer’s Café"
