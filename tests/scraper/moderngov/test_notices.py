"""Decisions, plans, issues, consultations, packs and feeds. But for the decisions no capture stands behind any of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from scraper.moderngov.consultations import consultation_days, read_consultation, read_consultations
from scraper.moderngov.decisions import read_decision, read_decisions
from scraper.moderngov.issues import IssueHistory, read_issue_history
from scraper.moderngov.item import read_item
from scraper.moderngov.packs import read_packs
from scraper.moderngov.plans import read_issue, read_plan_items, read_plans_home
from scraper.moderngov.rss import read_feed
from scraper.records import Hint, ItemText, NoticeListing, NoticeRecord, Suspect

BASE = "https://democracy.example.gov.uk"
Made = Callable[..., bytes]


def label(name: str, value: str) -> str:
    return f'<p><span  class="mgLabel" >{name}: </span>{value}</p>'


def test_a_list_of_decisions_with_other_columns(made: Made) -> None:
    rows = (
        '<tr><td  class="mgMainTxt" >Cabinet</td><td><a  href="ieDecisionDetails.aspx?ID=5">Road closure'
        '<span  class="mgHide" > ref&#58; 5</span></a>'
        "</td><td>01&#47;04&#47;2025</td><td>02&#47;04&#47;2025</td></tr>"
        '<tr><td>Cabinet</td><td><a  href="ieDecisionDetails.aspx?AIId=9">Budget</a></td><td></td><td></td></tr>'
    )
    head = "<tr><th>Maker</th><th>Title</th><th>Effective<!--x--></th><th abbr='Published'>Date</th></tr>"
    listing = read_decisions(
        made(f'<table class="mgTabTable tablesorter">{head}{rows}</table>'), f"{BASE}/mgDelegatedDecisions.aspx", None
    )
    assert isinstance(listing, NoticeListing)
    assert [(n.notice_id, n.title, n.published) for n in listing.notices] == [
        (5, "Road closure", date(2025, 4, 2)),
        (-9, "Budget", None),
    ]
    assert listing.notices[1].fields == frozenset({"title"})


@pytest.mark.parametrize("said", ["There are no decisions to show", "No decisions found for these dates"])
def test_a_list_without_decisions_says_so_or_is_suspect(made: Made, said: str) -> None:
    empty = read_decisions(made(f'<p class="mgLabel">{said}</p>'), f"{BASE}/mgDelegatedDecisions.aspx", None)
    assert empty == NoticeListing("decision", ())
    assert isinstance(read_decisions(made("<p>Welcome</p>"), f"{BASE}/mgDelegatedDecisions.aspx", None), Suspect)


def test_a_decision_in_welsh(made: Made) -> None:
    body = made(
        label("Penderfynwr", "Cabinet")
        + label("Statws y Penderfyniad", "Argymhellion a Gymeradwywyd")
        + label("Is AllweddolPenderfyniad?", "Nac ydw")
        + label("Dyddiad cyhoeddi", "22&#47;10&#47;2025")
        + label("Dyddiad y penderfyniad", "19&#47;10&#47;2025")
        + '<h3 class="mgSubSubTitleTxt">Penderfyniad:</h3>'
        '<div class="mgWordPara"><p>Cytunwyd.</p></div>',
        h1="Manylion y penderfyniad",
        h2="Gorchymyn",
    )
    record = read_decision(body, f"{BASE}/ieDecisionDetails.aspx?ID=5&LLL=1", None)
    assert isinstance(record, NoticeRecord)
    assert (record.decision_maker, record.key, record.text) == ("Cabinet", False, "Penderfyniad:\nCytunwyd.")
    assert (record.published, record.decided) == (date(2025, 10, 22), date(2025, 10, 19))


def test_a_plan_from_its_home_to_its_entries(made: Made) -> None:
    home = made('<ul><li><a href="mgListPlans.aspx?RPId=1137&RD=0">Cabinet</a></li></ul>', h1="Forward plans", h2="")
    assert read_plans_home(home, f"{BASE}/mgPlansHome.aspx", None) == (f"{BASE}/mgListPlans.aspx?RPId=1137&RD=0",)
    entries = (
        '<p><a class="mgPlanItemTitle" href="mgIssueHistoryHome.aspx?IId=31">Orders</a></p>'
        + label("Decision type", "Key")
        + label("Decision maker", "Cabinet")
        + label("Decision due", "12 March 2026")
        + label("Notice of proposed decision first published", "19/12/2025")
        + label("Wards affected", "Norton")
        + '<p><a class="mgPlanItemTitle" href="mgIssueHistoryHome.aspx?IId=32">Budget</a></p>'
        + label("Decision due", "Before June 2026")
    )
    listing = read_plan_items(made(entries, h1="Forward plan"), f"{BASE}/mgListPlanItems.aspx?PlanId=1&RP=2", None)
    assert isinstance(listing, NoticeListing)
    first, second = listing.notices
    assert (first.notice_id, first.title, first.key, first.decision_maker, first.wards) == (
        31,
        "Orders",
        True,
        "Cabinet",
        "Norton",
    )
    assert (first.due, first.published) == (date(2026, 3, 12), date(2025, 12, 19))
    assert (second.notice_id, second.due, second.key, second.wards) == (32, None, None, None)
    assert "wards" not in second.fields
    editions = made('<a href="mgListPlanItems.aspx?PlanId=1133&RP=1130">Cabinet, 2026</a><p class="mgLabel">x</p>')
    assert read_plan_items(editions, f"{BASE}/mgListPlans.aspx?RPId=1", None) == NoticeListing(
        "plan", (), (f"{BASE}/mgListPlanItems.aspx?PlanId=1133&RP=1130",)
    )
    assert isinstance(
        read_plan_items(made('<p class="mgLabel">x</p>'), f"{BASE}/mgListPlanItems.aspx?PlanId=1", None), Suspect
    )


def test_an_issue_and_its_history(made: Made) -> None:
    body = made(
        label("Decision type", "Non-key")
        + label("Decision due", "12 Mar 2026 by Cabinet")
        + '<div class="mgWordPara"><p>To decide.</p></div><h2 class="mgSectionTitle">Agenda items</h2><ul class="mgBulletList">'
        '<li><a href="ieListDocuments.aspx?CId=1&MId=42#AI77">20&#47;09&#47;2017 - Council</a> 52. Orders</li></ul>',
        h1="Issue details",
        h2="Orders",
    )
    url = f"{BASE}/mgIssueHistoryHome.aspx?IId=31"
    record = read_issue(body, url, None)
    assert isinstance(record, NoticeRecord)
    assert (record.notice_id, record.key, record.due, record.decision_maker) == (
        31,
        False,
        date(2026, 3, 12),
        "Cabinet",
    )
    assert record.text == "To decide."  # another meeting of the same subject is no new text of the plan
    history = read_issue_history(body, url, None)
    assert isinstance(history, IssueHistory)
    assert [(step.meeting_id, step.item_id, step.day) for step in history.steps] == [(42, 77, date(2017, 9, 20))]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "The consultation opens on 5 January 2026 and closes on 16 February 2026.",
            (date(2026, 1, 5), date(2026, 2, 16)),
        ),
        ("The closing date for sharing your views is 14 September 2026.", (None, date(2026, 9, 14))),
        ("Start date: Fri, 17 Jul 2026, end date: Mon, 14 Sep 2026", (date(2026, 7, 17), date(2026, 9, 14))),
        ("Comments must reach us by 1 May 2026.", (None, date(2026, 5, 1))),
        ("The order of 3 March 2023 is under review. The office is closed on Mondays.", (None, None)),
        ("It closes in April 2026.", (None, None)),
    ],
)
def test_days_are_taken_from_words_that_say_so(text: str, days: tuple[date | None, date | None]) -> None:
    assert consultation_days(text) == days


def test_consultations(made: Made) -> None:
    rows = '<ul class="mgBulletList"><li><a href="mgConsultationDisplay.aspx?ID=626">Orders</a> closes 16/02/2026</li></ul>'
    listing = read_consultations(made(rows, h2=""), f"{BASE}/mgConsultationListDisplay.aspx", None)
    assert isinstance(listing, NoticeListing)
    assert [(n.notice_id, n.title, n.due) for n in listing.notices] == [(626, "Orders", date(2026, 2, 16))]
    body = made(
        '<div class="mgWordPara"><p>Tell us by 1 May 2026: until 1 May 2026.</p></div>', h1="Consultation", h2="Orders"
    )
    record = read_consultation(body, f"{BASE}/mgConsultationDisplay.aspx?ID=626", None)
    assert isinstance(record, NoticeRecord)
    assert (record.title, record.due) == ("Orders", date(2026, 5, 1))


def test_the_chooser_of_packs(made: Made) -> None:
    rows = (
        '<ul class="mgBulletList"><li><a href="documents/g55/Public reports pack.pdf?T=10">Public reports pack '
        '<span class="mgFileSize">PDF 3 MB</span></a></li>'
        '<li><a href="documents/b23550/Late.pdf?T=9">Supplement: Late Material'
        '</a></li><li><a href="mgChooseDocPack.aspx?ID=55">Back</a></li></ul>'
    )
    found = read_packs(made(rows), f"{BASE}/mgChooseDocPack.aspx?ID=55", None)
    assert not isinstance(found, Suspect)
    assert [(d.document_id, d.kind, d.size_shown) for d in found] == [
        ("g55:T10", "pack", "3 MB"),
        ("sid23550", "late paper", None),
    ]


def test_an_items_own_page(made: Made) -> None:
    body = made(
        '<div class="mgWordPara"><p>To note.</p></div><p class="mgSubItemTitleTxt">Minutes:'
        '</p><div class="mgWordPara"><p>Noted whole.</p></div>'
        '<p class="mgSubItemTitleTxt">Supporting documents:</p><ul class="mgBulletList">'
        '<li><a href="documents/s5/R.pdf" title="Link to document '
        '&#39;Report&#39;">R <span class="mgFileSize">PDF 1 KB</span></a></li></ul>',
        h1="Agenda item",
        h2="Orders",
    )
    record = read_item(body, f"{BASE}/mgAi.aspx?ID=51902", None)
    assert isinstance(record, ItemText)
    assert (record.item_id, record.title, record.text, record.minutes) == (51902, "Orders", "To note.", "Noted whole.")
    assert [(d.document_id, d.title) for d in record.documents] == [("s5", "Report")]
    cut = body.replace(b"Noted whole.", b'Noted ... <a href="mgAi.aspx?ID=51902">view the full minutes</a>')
    assert isinstance(read_item(cut, f"{BASE}/mgAi.aspx?ID=51902", None), Suspect)


FEED = '\ufeff<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>New</title>{}</channel></rss>'
ENTRY = (
    "<item><title>Orders &amp;amp; more</title><link>ieDecisionDetails.aspx?ID=5"
    "</link><pubDate>Fri, 17 Jul 2026 09:30:00 GMT</pubDate></item>"
)


def test_a_feed_with_a_byte_order_mark_and_repetitions() -> None:
    expected = Hint("Orders & more", f"{BASE}/ieDecisionDetails.aspx?ID=5", datetime(2026, 7, 17, 9, 30, tzinfo=UTC))
    assert read_feed(FEED.format(ENTRY * 3).encode(), f"{BASE}/mgRss.aspx?XXR=0", "text/xml") == (expected,)
    undated = read_feed(
        FEED.format(ENTRY.replace("Fri, 17 Jul 2026 09:30:00 GMT", "soon")).encode(), f"{BASE}/mgRss.aspx", None
    )
    assert not isinstance(undated, Suspect)
    assert undated[0].published is None
    assert read_feed(FEED.format("").encode(), f"{BASE}/mgRss.aspx", None) == ()


def test_html_in_place_of_a_feed_is_suspect(made: Made) -> None:
    assert isinstance(
        read_feed(made("<ul class='mgBulletList'><li>x</li></ul>"), f"{BASE}/mgRss.aspx?bcr=1", "text/html"), Suspect
    )
    assert isinstance(read_feed(FEED.format(ENTRY)[:-20].encode(), f"{BASE}/mgRss.aspx", None), Suspect)
