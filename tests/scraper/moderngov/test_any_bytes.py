"""Any bytes at all, and any damage to a real page, end in a record or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.moderngov import (
    calendar,
    committees,
    consultations,
    decisions,
    issues,
    item,
    meeting,
    meetings,
    packs,
    plans,
    rss,
    webservice,
)
from scraper.moderngov.inside import fingerprint
from scraper.moderngov.page import decoded
from scraper.records import MeetingRecord, Refused, Suspect
from scraper.tree import MOST_TAGS

Read = Callable[[bytes, str, str | None], object]
READERS: tuple[Read, ...] = (
    meeting.read_meeting,
    meetings.read_meeting_list,
    committees.read_committees,
    calendar.read_calendar,
    item.read_item,
    packs.read_packs,
    decisions.read_decisions,
    decisions.read_decision,
    plans.read_plans_home,
    plans.read_plan_items,
    plans.read_issue,
    issues.read_issue_history,
    consultations.read_consultations,
    consultations.read_consultation,
    rss.read_feed,
    webservice.read_committees,
    webservice.read_meetings,
    webservice.read_meeting,
)
URL = "https://x.example.gov.uk/ieListDocuments.aspx?ID=1&MId=5&IId=4&CId=3"
SCRAPS = [
    b"<a>",
    b"</td>",
    b"<table>",
    b"</table>",
    b"<!--",
    b"-->",
    b"<script>",
    b"&#",
    b"<p",
    b"</div>",
    b"<tr>",
    b'"',
    b"<li>",
    b"&#99999999;",
    b"\0",
    b"\xff",
    b"<![CDATA[",
    b"<?xml",
    b'<td class="mgItemNumberCell">',
]


def read_by_all(body: bytes, content_type: str | None = None) -> None:
    for read in READERS:
        told = read(body, URL, content_type)
        # the net under a reader must not be what catches it
        assert not (isinstance(told, Suspect) and "cannot be read" in told.reason), (read, told)
    fingerprint(body)
    decoded(body, content_type)


@settings(max_examples=100)
@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html", "text/html; charset=utf-16", "text/html; charset=bogus"]),
)
def test_any_bytes(body: bytes, content_type: str | None) -> None:
    read_by_all(body, content_type)
    read_by_all(b'<div id="modgov"><h2>A - 1 January 2026</h2><p class="mgLabel">' + body, content_type)


MARKUP = st.lists(
    st.sampled_from(
        [
            *SCRAPS,
            b"<div id=modgov>",
            b"<h2 class=mgSubTitleTxt>",
            b"Cabinet - 3 March 2026 10.00 am",
            b"</h2>",
            b'<p class="mgAiTitleTxt">',
            b'<a name="AI5"></a>',
            b'<p class="mgSubItemTitleTxt">Minutes:</p>',
            b'<a href="mgAi.aspx?ID=5">',
            b'<ul class="mgBulletList"><li>',
            b'<a href="documents/s5/x.pdf">',
            b'<a href="ieListDocuments.aspx?MId=5">',
            b"<td>",
            b'<table class="mgTableNoBorder">',
            b"Recorded Vote",
            b"<caption>",
            b"<span class=mgLabel>",
            b"Venue:",
            b"</span>",
            b'<div class="mgFooter">',
            b'<a href="ieDecisionDetails.aspx?ID=5">',
            b'<a href="mgReasonsRestricted.aspx?OID=5&OT=A">',
            b'<a href="http://[">',
            b'<a href="?ID=&&=%zz">',
            b"<ol start=99999 type=i>",
        ]
    ),
    max_size=40,
)


@settings(max_examples=100)
@given(MARKUP)
def test_the_words_of_moderngov_in_any_order(pieces: list[bytes]) -> None:
    read_by_all(b"".join(pieces))
    read_by_all(b'<div id="modgov">' + b"".join(pieces) + b'<div class="mgFooter">')


@st.composite
def damage(draw: st.DrawFn) -> list[tuple[float, int, bytes]]:
    one = st.tuples(
        st.floats(0, 1),
        st.sampled_from([0, 1, 5, 50, 500, 5000]),
        st.one_of(st.just(b""), st.sampled_from(SCRAPS), st.binary(max_size=8)),
    )
    return draw(st.lists(one, min_size=1, max_size=6))


def damaged(body: bytes, damages: list[tuple[float, int, bytes]]) -> bytes:
    for where, gone, put in damages:
        at = int(where * len(body))
        body = body[:at] + put + body[at + gone :]
    return body


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.data())
def test_damaged_captures(captures: Path, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(sorted(captures.iterdir()))).read_bytes()
    read_by_all(damaged(body, data.draw(damage())), data.draw(st.sampled_from([None, "text/html; charset=utf-8"])))


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.floats(0, 1))
def test_a_meeting_cut_off_anywhere_is_whole_or_suspect(captures: Path, where: float) -> None:
    body = (captures / "kingston-meeting-edited-by-hand.html").read_bytes()
    told = meeting.read_meeting(body[: int(where * len(body))], URL, None)
    assert isinstance(told, Suspect | Refused) or told == meeting.read_meeting(body, URL, None)


@pytest.mark.parametrize(
    "filling",
    [
        b"<" * 8_000_000,
        b"<div>" * 50_000,
        b"<a href='documents/s1/x.pdf'>" * 30_000,
        b"x" * 8_000_000,
        b"<!--" * 2_000_000,
    ],
    ids=["brackets", "deep", "links", "text", "comments"],
)
def test_what_would_take_long_is_not_begun(filling: bytes) -> None:
    row = b'<tr><td class="mgItemNumberCell"><a name="AI1"></a>1.</td><td><p class="mgAiTitleTxt">T</p>'
    head = b'<div id="modgov"><h1>Agenda</h1><h2>Cabinet - 3 March 2026</h2><table id="mgItemTable">' + row
    told = meeting.read_meeting(head + filling + b'</td></tr></table><div class="mgFooter"></div></div>', URL, None)
    assert isinstance(told, Suspect)
    assert "far more" in told.reason
    assert filling.count(b"<") == 0 or filling.count(b"<") > MOST_TAGS


def test_a_long_page_of_a_real_size_is_read() -> None:
    row = (
        '<tr><td class="mgItemNumberCell"><a name="AI{0}"></a>{0}.</td><td>'
        '<p class="mgAiTitleTxt">T</p><div class="mgWordPara">{1}</div></td></tr>'
    )
    text = (
        '<p class="MsoNormal"><span style="color:black">Some <b>words</b> of a long debate, a line of them.</span></p>'
        * 30
    )
    rows = "".join(row.format(number, text) for number in range(1, 101))
    body = (
        f'<div id="modgov"><h1>Agenda</h1><h2>Council - 3 March 2026</h2>'
        f'<table id="mgItemTable">{rows}</table><div class="mgFooter"></div></div>'
    )
    told = meeting.read_meeting(body.encode(), URL, None)
    assert isinstance(told, MeetingRecord), told
    assert len(told.items) == 100
