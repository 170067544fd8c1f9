"""Every kind of page: the marks that moderngov's pages bear, and that all of them hang together."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.behaviour import Behaviour
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.routes import PAGES, answer
from demo.pages.word import paragraphs, shortened, word_para
from demo.story import Story, state_at
from demo.synthetic import many

# Addresses that pages of the demo council print and that it does not serve.
NOT_SERVED = (
    "mguserinfo",
    "mglocationdetails",
    "mglistrecordedvotesshort",
    "ielistmeetings.aspx?cid=686",
)
Shown = Callable[..., Tag]


@pytest.fixture
def shown(story: Story) -> Shown:
    """``shown("ieListDocuments.aspx", MId=…, at="2025-12-03T15:00")``: the page's ``#modgov``, parsed."""

    def parsed(
        path: str, at: str = "", behaviour: Behaviour | None = None, language: str = "en", **query: object
    ) -> Tag:
        soup = BeautifulSoup(text(story, path, at, behaviour, language, **query), "lxml")
        frame = soup.find(id="modgov")
        assert isinstance(frame, Tag)
        return frame

    return parsed


def text(
    story: Story, path: str, at: str = "", behaviour: Behaviour | None = None, language: str = "en", **query: object
) -> str:
    moment = datetime.fromisoformat(at).replace(tzinfo=story.base.zone) if at else story.ends
    wanted = {name.lower(): str(value) for name, value in query.items()}
    body = answer(Asked(state_at(story, moment), wanted, behaviour or Behaviour(), language), path).body
    assert isinstance(body, str)
    return body


def words(tag: Tag | None) -> str:
    assert tag is not None
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def titles(frame: Tag) -> list[str]:
    found = []
    for cell in frame.select("td.mgItemNumberCell + td > p.mgAiTitleTxt"):
        for size in cell.select("span.mgFileSize"):
            size.decompose()
        found.append(words(cell))
    return found


SEED = [
    ("SSP/42/25", "Evacuation Procedure", "PDF 9 KB"),
    ("SSP/43/25", "Declarations of Interest", ""),
    ("SSP/44/25", "Minutes", "PDF 131 KB"),
    ("SSP/45/25", "Recorded Crime & Disorder Report", "PDF 821 KB"),
    ("SSP/46/25", "Operation Shield Update", ""),
    ("SSP/47/25", "Selective Licensing Annual Report", "PDF 284 KB"),
    ("SSP/48/25", "Health & Wellbeing Strategy Update", "PDF 2 MB"),
    ("SSP/49/25", "Prevent (CT) Update", ""),
    ("SSP/50/25", "Any Other Business", ""),
    ("SSP/51/25", "Youth Endowment Fund", ""),
    ("SSP/52/25", "IQuanta Report", ""),
    ("SSP/53/25", "PSPO Update", ""),
    ("SSP/54/25", "CSP Plan", ""),
]


def test_the_meeting_page_has_the_facts_of_the_real_one(shown: Shown) -> None:
    frame = shown("ieListDocuments.aspx", at="2025-12-03T15:00", MId=3241)
    assert words(frame.h1) == "Agenda and draft minutes"
    assert words(frame.h2) == "Safer Stockton Partnership - Wednesday 26th November 2025 9.00 am"
    assert "Jim Cooke Conference Suite" in words(frame)
    numbers = [words(cell) for cell in frame.select("td.mgItemNumberCell")]
    cells = frame.select("td.mgItemNumberCell + td > p.mgAiTitleTxt")
    sizes = [words(size) if (size := cell.select_one("span.mgFileSize")) else "" for cell in cells]
    assert list(zip(numbers, titles(frame), sizes, strict=True)) == SEED


def test_long_minutes_are_cut_and_stand_whole_on_their_own_page(shown: Shown) -> None:
    frame = shown("ieListDocuments.aspx", MId=3241)
    cuts = frame.select("div.mgWordPara a[href*='mgAi.aspx']")
    assert [words(cut) for cut in cuts] == ["view the full minutes text for item SSP/47/25"]
    last, section = cuts[0].find_parent("p"), cuts[0].find_parent("div", class_="WordSection1")
    assert section is not None
    assert last is section.find_all("p")[-1]
    assert " ... view the full" in words(last)

    whole = shown("mgAi.aspx", ID=32906)
    assert words(whole.h1) == "Agenda item"
    assert words(whole.h2) == "Selective Licensing Annual Report"
    assert "broken down by ward next time." in words(whole)
    assert "broken down by ward" not in words(frame)
    assert words(whole.select("p.mgSubItemTitleTxt")[-1]) == "Supporting documents:"


def test_a_meeting_that_is_cancelled_or_has_nothing_out(shown: Shown, story: Story) -> None:
    frame = shown("ieListDocuments.aspx", MId=3161)
    assert words(frame.h1) == "Meeting"
    assert words(frame.h2).endswith("Tuesday 16th December 2025 2.00 pm, CANCELLED")
    assert frame.find(id="mgItemTable") is None
    assert "No documents are available for this meeting" in words(frame)
    assert "Proposed venue: Conference Room 1" in words(frame)
    head = text(story, "ieListDocuments.aspx", MId=3161).split("</head>")[0]
    assert "CANCELLED" not in head
    assert "Agenda for Licensing Committee on Tuesday 16th December 2025, 2.00 pm" in head.replace("&#47;", "/")


def test_papers_of_a_meeting_and_the_chooser(shown: Shown) -> None:
    before = shown("ieListDocuments.aspx", at="2025-11-24T16:00", MId=3241)
    after = shown("ieListDocuments.aspx", MId=3241)

    def papers(frame: Tag) -> dict[str, str]:
        links = frame.select("div.mgLinks li a")
        return {words(link).split(" PDF")[0]: str(link["href"]) for link in links}

    assert "?T=10" in papers(before)["Agenda reports pack"]
    assert papers(after)["Agenda reports pack"] == "mgChooseDocPack.aspx?ID=3229"
    late = papers(after)["Supplement: Late Paper - Agenda Item 9 - Bonfire Night figures"]
    assert late == "mgChooseDocPack.aspx?ID=3229&SID=23550"
    assert papers(after)["Printed minutes"].startswith("documents/g3229/Printed minutes Wednesday 26th-Nov-2025 09.00")
    assert "Printed draft minutes" in papers(shown("ieListDocuments.aspx", at="2025-12-03T15:00", MId=3241))
    chooser = shown("mgChooseDocPack.aspx", ID=3229)
    assert [urlsplit(str(link["href"])).query for link in chooser.select("ul a")] == ["T=10", "T=9"]
    assert len(shown("mgChooseDocPack.aspx", ID=3229, SID=23550).select("ul a")) == 1


def test_decisions_votes_additional_documents_and_exemption(shown: Shown, story: Story) -> None:
    frame = shown("ieListDocuments.aspx", MId=3151)
    assert words(frame.h1) == "Agenda and decisions"
    assert [words(sub) for sub in frame.select("p.mgSubItemTitleTxt")] == ["Additional documents:", "Decision:"]
    extra = frame.select_one("ul.mgBulletList a")
    assert extra is not None
    assert words(extra.select_one("span.mgHide")) == ", item 2."
    assert frame.select_one("a[href^='mgReasonsRestricted.aspx?OID=33003']") is not None
    assert "Paragraph 3 of Part 1 of Schedule 12A" in words(shown("mgReasonsRestricted.aspx", OID=33003, OT="I"))
    raw = text(story, "ieListDocuments.aspx", MId=3151)
    assert "</th> </th> <tr>" in raw
    assert "<td>Carried\r\n<li>" in raw


def test_a_list_of_meetings_pages_by_fifteen() -> None:
    council = many(1, 40, page_bytes=20_000)
    seen: list[str] = []
    query: Mapping[str, object] = {"CommitteeId": "101", "Act": "later", "D": "203001010000"}
    while True:
        frame = BeautifulSoup(text(council, "ieListMeetings.aspx", "", None, "en", **query), "lxml").find(id="modgov")
        assert isinstance(frame, Tag)
        rows = [str(link["href"]) for link in frame.select("a.mgMeetingTableLnk")]
        assert len(rows) <= 15
        seen += rows
        steps = [link for link in frame.select("a.mgTableNextLnk") if "Earlier" in words(link)]
        if not steps:
            break
        assert len(steps) == 2, "above and below the list"
        query = dict[str, object](part.split("=") for part in urlsplit(str(steps[0]["href"])).query.split("&"))
    assert len(seen) == len(set(seen)) == 40
    numbers = [int(re.findall(r"MId=(\d+)", row)[0]) for row in seen]
    assert numbers == sorted(numbers, reverse=True), "newest first"
    first = BeautifulSoup(text(council, "ieListMeetings.aspx", CId=101), "lxml")
    assert len(first.select("a.mgMeetingTableLnk")) == 15
    assert {words(link) for link in first.select("a.mgTableNextLnk")} == {"Earlier meetings", "Later meetings"}


def test_tails_of_the_list_stand_after_the_link(shown: Shown) -> None:
    frame = shown("ieListMeetings.aspx", CId=1135)
    tails = {words(row.a): words(row).removeprefix(words(row.a)) for row in frame.select("ul.mgNonBulletTableList li")}
    assert tails["26 Nov 2025 9.00 am"] == " - Agenda, Minutes"
    assert tails["14 Jan 2026 9.00 am"] == " - Agenda"
    assert tails["25 Mar 2026 9.00 am"] == ""
    cancelled = shown("ieListMeetings.aspx", CommitteeId=228).select("ul.mgNonBulletTableList li")
    assert words(cancelled[0]).endswith(" - CANCELLED")
    assert len(shown("ieListMeetings.aspx", CId=1135, Year=2026).select("a.mgMeetingTableLnk")) == 2


def test_decisions_plan_issue_and_consultation(shown: Shown) -> None:
    table = shown("mgDelegatedDecisions.aspx", DS=2, DR="01/12/2025-31/12/2025").select_one("table.mgTabTable")
    assert table is not None
    rows = [[words(cell) for cell in row.select("td.mgMainTxt")] for row in table.select("tbody tr")]
    title = "Consultation on revised Public Spaces Protection Orders ref: 4131"
    assert rows == [[title, "12/12/2025", "19/12/2025", "Not for call-in"]]
    assert len(shown("mgListOfficerDecisions.aspx").select("tbody tr")) == 2
    decision = words(shown("ieDecisionDetails.aspx", ID=4131))
    assert "Date of decision: 10/12/2025" in decision
    assert "Draft orders for consultation DOCX 3 KB" in decision
    assert "Decided at meeting: 11/12/2025 - Cabinet" in words(shown("ieDecisionDetails.aspx", AIId=33002))

    plan = shown("mgListPlanItems.aspx", PlanId=402, RP=216)
    assert "Public Spaces Protection Orders" in words(plan)
    assert "Decision due: 12 Mar 2026 by Cabinet" in words(plan)
    history = words(shown("mgIssueHistoryHome.aspx", IId=7120))
    assert "14/01/2026 - Safer Stockton Partnership" in history
    assert "26/11/2025 - Safer Stockton Partnership" in history
    assert "Item 5" in words(shown("ieIssueDetails.aspx", IId=7120, Opt=3))
    assert "closes on 16 February 2026" in words(shown("mgConsultationDisplay.aspx", ID=318))
    assert "Current consultations" in words(shown("mgConsultationListDisplay.aspx"))


def test_calendar_search_attendance(shown: Shown) -> None:
    december = shown("mgCalendarMonthView.aspx", M=12, DD=2025)
    assert "CANCELLED - Licensing Committee" in words(december)
    assert len(december.select("td.mgCalendarWeekGrid")) == 35
    found = shown("ieSearchResults2.aspx", SS='"public spaces protection order" OR PSPO', DT=3)
    assert "Operation Shield Update" in words(found)
    assert found.select_one("div.mgWordPara strong") is not None
    assert "No results found for your query" in words(shown("ieSearchResults2.aspx", SS="zzqx"))
    rows = shown("mgMeetingAttendance.aspx", ID=3241).select("table tr")
    assert [words(cell) for cell in rows[2].select("td")] == ["Cleveland Police", "Committee Member", "Present"]


def test_feeds_begin_with_a_byte_order_mark(story: Story) -> None:
    feed = text(story, "mgRss.aspx", CID=1135)
    assert feed.startswith("\ufeff<?xml")
    assert "<title>Safer Stockton Partnership, 26 Nov 2025 9.00 am</title>" in feed
    assert "Decision of Director" in text(story, "mgRss.aspx", XXR=0)
    assert "end date: Mon, 16 Feb 2026 23:59:00 GMT" in text(story, "mgRss.aspx", f=76)
    assert "<!DOCTYPE html>" in text(story, "mgRss.aspx", bcr=1)


def test_oddities_that_every_page_has(story: Story) -> None:
    raw = text(story, "ieListDocuments.aspx", MId=3241)
    assert raw.count('<a href="mgListCommittees.aspx?bcr=1"') == 2, "the menu is printed twice"
    assert raw.count("info=1&MD=Constitution") == 2
    assert "\r\n" in raw
    assert re.search(r"[^\r]\n", raw)
    for mark in ('<p  class="mgAiTitleTxt" >', '<p class="mgSubItemTitleTxt">', "&#47;", "&#38;", "&nbsp;", "SpellE"):
        assert mark in raw
    assert re.search(r'href="(/|https?:)[^"]*(aspx|documents/)', raw.split('id="modgov"')[1]) is None, "all relative"
    assert 'name="DC.date" scheme="W3CDTF"  content="2025-11-26"' in raw, "a meeting's own date"
    listed = text(story, "ieListMeetings.aspx", at="2025-12-20T10:00", CId=1135)
    assert 'name="DC.date" scheme="W3CDTF"  content="2025-12-20"' in listed, "the day of the fetch"


def test_tables_within_tables_stand_in_an_items_text(shown: Shown) -> None:
    frame = shown("ieListDocuments.aspx", MId=3150)
    assert frame.select_one("#mgItemTable div.mgWordPara table table") is not None
    assert len(titles(frame)) == 1


def test_welsh_says_the_same_in_other_words(shown: Shown) -> None:
    frame = shown("ieListDocuments.aspx", language="cy", MId=3241)
    assert words(frame.h1) == "Rhaglen a chofnodion"
    assert words(frame.h2).endswith("Dydd Mercher 26eg Tachwedd 2025 9.00 yb")
    assert "Cofnodion:" in words(frame)
    assert "pdf eicon" in str(frame)
    assert len(titles(frame)) == 13


def test_peculiarities_of_other_councils(shown: Shown) -> None:
    plain = shown("ieListDocuments.aspx", behaviour=Behaviour(plain_heading=True), MId=3241)
    assert plain.select_one("div.mgHeader") is None
    assert plain.h1 is not None
    empty = shown("ieListDocuments.aspx", behaviour=Behaviour(empty_subtitles=True), MId=3242)
    assert [words(sub) for sub in empty.select("p.mgSubItemTitleTxt")].count("Minutes:") == 6


def test_every_link_inside_leads_somewhere(story: Story) -> None:
    """A walk over the whole site at the end of the story: nothing but what is known not to be served is missing."""
    state = state_at(story, story.ends)
    menu = BeautifulSoup(text(story, "mgListCommittees.aspx"), "lxml").select("nav#side-nav a")
    waiting, seen = [str(link["href"]) for link in menu], set[str]()
    kinds: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address.lower() in seen or address.lower().startswith(NOT_SERVED):
            continue
        seen.add(address.lower())
        parts = urlsplit(address)
        query = dict(pair.partition("=")[::2] for pair in parts.query.lower().split("&"))
        try:
            page: Answer = answer(Asked(state, query), parts.path)
        except NotThere:
            pytest.fail(f"nothing at {address}")
        kinds.add(parts.path.split("/")[0].lower())
        if isinstance(page.body, str) and page.content_type == "text/html":
            frame = BeautifulSoup(page.body, "lxml").find(id="modgov")
            assert isinstance(frame, Tag)
            for link in frame.find_all("a", href=True):
                to = urljoin(f"http://x/{address}", str(link["href"])).partition("#")[0]
                if to.startswith("http://x/") and (".aspx" in to.lower() or "/documents/" in to):
                    waiting.append(to.removeprefix("http://x/").replace("%20", " "))
    by_address_only = {"mgcommitteestructure.aspx", "mgerror.aspx", "login.aspx", "mgrss.aspx", "mgconvert2pdf.aspx"}
    by_address_only |= {"mglistofficerdecisions.aspx", "iesearchresults2.aspx"}
    assert kinds >= {name for name in PAGES if name not in by_address_only} | {"documents"}


@settings(max_examples=80, deadline=None)
@given(
    st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs", "Sc"), exclude_characters="<\x1e"), max_size=400)
)
def test_word_html_says_the_words_it_was_given(given_text: str) -> None:
    """Whatever the runs, wraps and entities: the words between the tags are the storyline's."""
    soup = BeautifulSoup(word_para(f"x {given_text}").replace("\x1e", "\n"), "lxml")
    found = re.sub(r"\s+", "", soup.get_text())
    rows = paragraphs(f"x {given_text}")
    assert found == re.sub(r"\s+", "", "".join(row.removeprefix("- ") for row in rows))


def test_a_cut_falls_between_words() -> None:
    assert shortened("one two three", 5) == "one two"
    assert shortened("one", 5) == "one"


CAPTURES = os.environ.get("MODERNGOV_CAPTURES")


@pytest.mark.skipif(not CAPTURES, reason="MODERNGOV_CAPTURES does not name the folder of captured pages")
@pytest.mark.parametrize(
    ("capture", "path", "query"),
    [
        ("kingston-meeting-edited-by-hand.html", "ieListDocuments.aspx", {"MId": 3151}),
        ("kingston-meeting-cancelled.html", "ieListDocuments.aspx", {"MId": 3161}),
        ("kingston-browse-meetings.html", "ieListMeetings.aspx", {"CId": 1135}),
        ("kingston-committee-structure.html", "mgListCommittees.aspx", {}),
        ("kingston-committee-details.html", "mgCommitteeDetails.aspx", {"ID": 1135}),
        ("kirklees-decision-detail.html", "ieDecisionDetails.aspx", {"ID": 4131}),
        ("kirklees-decisions-list.html", "mgDelegatedDecisions.aspx", {"DS": 2}),
        ("kirklees-search-results.html", "ieSearchResults2.aspx", {"SS": "PSPO"}),
    ],
)
def test_pages_bear_the_classes_of_captured_ones(
    shown: Shown, capture: str, path: str, query: dict[str, object]
) -> None:
    soup = BeautifulSoup((Path(CAPTURES or "") / capture).read_bytes(), "lxml")

    def marks(tag: Tag) -> set[tuple[str, str]]:
        return {
            (each.name, name) for each in tag.find_all(class_=True) for name in each["class"] if name.startswith("mg")
        }

    frame = soup.find(id="modgov") or soup
    assert isinstance(frame, Tag)
    absent = marks(frame) - marks(shown(path, **query))
    assert absent <= {
        ("a", "mgTableNextLnk"),  # fewer than sixteen meetings: one page
        ("div", "mgMeetingsEarlierLater"),
        ("span", "mgLinkSep"),
        ("h2", "mgSectionTitle") if "cancelled" in capture else ("", ""),  # no webcast
        ("a", "mgAiTitleTxt") if "search" in capture else ("", ""),  # a hit in the archive of an older system
        ("span", "mgHide") if "search" in capture else ("", ""),  # more than one page of hits
    }, absent
