"""The meeting page: what belongs to what. Markup in our own words, shaped as the captured pages are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from scraper.moderngov.dates import LONDON
from scraper.moderngov.inside import fingerprint
from scraper.moderngov.meeting import read_meeting
from scraper.records import DocumentRecord, MeetingRecord, Suspect, VoteRecord

URL = "https://democracy.example.gov.uk/moderngov/ieListDocuments.aspx?CId=7&MId=42&Ver=4"
BASE = "https://democracy.example.gov.uk/moderngov"
Made = Callable[..., bytes]
Row = Callable[..., str]
Table = Callable[..., str]


def word(text: str) -> str:
    return f'<div class="mgWordPara"><div class="WordSection1"><p class="MsoNormal">{text}</p></div></div>'


def sub(title: str) -> str:
    return f'<p class="mgSubItemTitleTxt">{title}</p>'


def paper(number: int, title: str, size: str = "91 KB", item: str = "3.") -> str:
    return (
        f'<li><a  href="documents/s{number}/{title}.pdf"   title="Link to document &#39;{title}&#39; pdf file">{title} '
        f'<span  class="mgHide" >, item {item}</span> <span  class="mgFileSize" >'
        f'<img alt="pdf icon" /> PDF {size}</span> </a></li>'
    )


def read(body: bytes, url: str = URL) -> MeetingRecord:
    record = read_meeting(body, url, "text/html; charset=utf-8")
    assert isinstance(record, MeetingRecord), record
    return record


def test_text_belongs_to_the_last_sub_title_seen(made: Made, row: Row, table: Table) -> None:
    rest = (
        word("Agenda text.")
        + sub("Additional documents:")
        + f'<ul  class="mgBulletList" >{paper(2, "Annex")}</ul>'
        + sub("Decision:")
        + word("It was decided.")
        + sub("Minutes:")
        + word("It was <span class='SpellE'>min</span>uted.")
        + word("At length.")
    )
    item = read(made(table(row(9, "3.", "Grants", rest)))).items[0]
    assert (item.item_id, item.number, item.title, item.position) == (9, "3.", "Grants", 1)
    assert (item.text, item.decision, item.minutes) == (
        "Agenda text.",
        "It was decided.",
        "It was minuted.\nAt length.",
    )
    assert item.documents == (DocumentRecord("s2", "Annex", "report", f"{BASE}/documents/s2/Annex.pdf", "91 KB"),)
    assert item.url == f"{BASE}/mgAi.aspx?ID=9"
    assert item.cut == frozenset()


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Decision:", "decision"),
        ("Decisions:", "decision"),
        ("Penderfyniad:", "decision"),
        ("PENDERFYNIADAU", "decision"),
        ("Minutes:", "minutes"),
        ("Cofnodion:", "minutes"),
        ("Draft minutes:", "minutes"),
    ],
)
def test_sub_titles_in_both_languages(made: Made, row: Row, table: Table, title: str, field: str) -> None:
    item = read(made(table(row(9, "3.", "Title", sub(title) + word("Here."))), h1="Agenda and minutes")).items[0]
    assert getattr(item, field) == "Here."
    assert item.text is None


def test_an_unknown_sub_title_is_kept_as_text(made: Made, row: Row, table: Table) -> None:
    rest = word("Before.") + sub("Wards affected:") + word("All") + sub("Minutes:") + word("Noted.")
    item = read(made(table(row(9, "3.", "Title", rest)))).items[0]
    assert (item.text, item.minutes) == ("Before.\nWards affected:\nAll", "Noted.")


def test_empty_sub_titles_say_nothing(made: Made, row: Row, table: Table) -> None:
    item = read(made(table(row(9, "3.", "Title", sub("Additional documents:") + sub("Minutes:"))))).items[0]
    assert (item.text, item.minutes, item.decision, item.documents) == (None, None, None, ())


def test_an_item_titled_minutes_is_not_the_sub_title(made: Made, row: Row, table: Table) -> None:
    body = made(table(row(9, "3.", "Minutes", word("To confirm the minutes."))))
    record = read(body)
    assert (record.items[0].title, record.items[0].text, record.items[0].minutes) == (
        "Minutes",
        "To confirm the minutes.",
        None,
    )
    assert record.minutes_state == "none"


def test_tables_of_words_own_do_not_make_items(made: Made, row: Row, table: Table) -> None:
    inner = '<table class="MsoTable"><tr><td><p>One</p></td><td><table><tr><td>Deep</td></tr></table></td></tr></table>'
    rows = row(1, "1.", "First", f'<div class="mgWordPara">{inner}</div>'), row(2, "2.", "Second", word("After."))
    record = read(made(table(*rows)))
    assert [(item.item_id, item.text) for item in record.items] == [(1, "One\nDeep"), (2, "After.")]


def test_an_unclosed_table_in_a_text_does_not_swallow_the_next_item(made: Made, row: Row, table: Table) -> None:
    rows = (
        row(1, "1.", "First", '<div class="mgWordPara"><table><tr><td>One</div>'),
        row(2, "2.", "Second", word("After.")),
    )
    record = read(made(table(*rows)))
    assert [(item.item_id, item.title) for item in record.items] == [(1, "First"), (2, "Second")]
    assert record.items[1].text == "After."
    assert "After" not in (record.items[0].text or "")


def test_numbers_are_kept_as_shown_and_may_be_empty(made: Made, row: Row, table: Table) -> None:
    rows = row(1, "", "Part A"), row(2, "SSP/46/25", "x"), row(3, "3.1", "y"), row(4, "77/21", "z")
    assert [item.number for item in read(made(table(*rows))).items] == ["", "SSP/46/25", "3.1", "77/21"]


def test_a_title_that_is_a_report_loses_its_size_and_keeps_it_apart(made: Made, row: Row, table: Table) -> None:
    title = (
        '<a  class="mgAiTitleLnk"   href="documents/s112217/Petition TMO\r\n Report.pdf"    \n'
        'title="Link&#32;to&#32;document&#32;&#39;The&#32;chair&#39;s&#32;petition&#39;&#32;pdf&#32;file">Petition '
        '<span  class="mgFileSize" ><img alt="pdf icon" /> PDF 161 KB</span> </a>'
    )
    item = read(made(table(row(9, "3.", title)))).items[0]
    assert item.title == "Petition"
    expected = f"{BASE}/documents/s112217/Petition%20TMO%20Report.pdf"
    assert item.documents == (DocumentRecord("s112217", "The chair's petition", "report", expected, "161 KB"),)


@pytest.mark.parametrize("section", ["", "Decision:", "Minutes:"])
@pytest.mark.parametrize("dots", [" &nbsp;...&nbsp; ", " … ", ""])
@pytest.mark.parametrize("words", ["view the full minutes text for item 3.", "gweld testun llawn y cofnodion"])
def test_a_cut_text_loses_its_link_and_is_marked(
    made: Made, row: Row, table: Table, section: str, dots: str, words: str
) -> None:
    link = (
        f'<span lang="EN">{dots}<a href="mgAi.aspx?ID=9" title=\n"Link to view the full item text">\n{words}</a></span>'
    )
    rest = (sub(section) if section else "") + word(f"Members asked whether Officers {link}")
    item = read(made(table(row(9, "3.", "Title", rest)), h1="Agenda and minutes")).items[0]
    field = section.lower().strip(":") or "text"
    field = {"": "text"}.get(field, field)
    assert getattr(item, field) == "Members asked whether Officers"
    assert item.cut == frozenset({field})
    assert item.url == f"{BASE}/mgAi.aspx?ID=9"


def test_a_link_to_another_item_is_no_cut(made: Made, row: Row, table: Table) -> None:
    item = read(made(table(row(9, "3.", "Title", word('See <a href="mgAi.aspx?ID=8">item 2</a> ...'))))).items[0]
    assert item.text == "See item 2 ..."
    assert item.cut == frozenset()


def test_recorded_votes(made: Made, row: Row, table: Table) -> None:
    vote = (
        '<table class="mgTableNoBorderFullWidth"><caption>Recorded Vote</caption><thead> <th>Title</th><th>Type</th>'
        "<th>Recorded Vote text</th><th>Result</th> </th> <tr><td>Motion 3</td><td>Motion</td><td>For 12, against 9"
        '<li><a href="mgListRecordedVotesShort.aspx?AIID=9&MID=42">View</a></td><td>Carried</td></tr></table>'
        '<li><a href="mgListRecordedVotesShort.aspx?AIID=9&MID=42">View the recorded vote</a></li>'
    )
    item = read(
        made(table(row(9, "3.", "Title", sub("Minutes:") + word("Voted.") + vote)), h1="Agenda and minutes")
    ).items[0]
    assert item.votes == (VoteRecord("Motion 3", "Motion", "For 12, against 9", "Carried"),)
    assert item.minutes == "Voted."


def test_issue_and_marks_of_restriction(made: Made, row: Row, table: Table) -> None:
    actions = (
        '<ul  class="mgActionList" ><li><a  href="mgIssueHistoryHome.aspx?IId=53844">View the background to item 3.</a></li>'
        '<li><a href="mgReasonsRestricted.aspx?OID=9&amp;OT=I">View the reasons why item 3. is restricted</a></li></ul>'
    )
    item = read(made(table(row(9, "3.", "Land", actions)))).items[0]
    assert (item.issue_id, item.restricted, item.restricted_by, item.text) == (53844, True, "mark", None)


def test_an_enclosure_that_is_withheld_is_a_restricted_document(made: Made, row: Row, table: Table) -> None:
    listed = (
        f'{sub("Additional documents:")}<ul class="mgBulletList">{paper(5, "Open annex")}<li>Restricted enclosure 2 , '
        '<a href="mgReasonsRestricted.aspx?OID=77&amp;OT=A">View the reasons why document 3/2 is restricted</a></li></ul>'
    )
    item = read(made(table(row(9, "3.", "Land", listed)))).items[0]
    assert [(d.document_id, d.restricted) for d in item.documents] == [("s5", False), ("s77", True)]
    assert item.documents[1].title == "Restricted enclosure 2"
    assert item.restricted is False


def test_a_paper_may_be_an_address_elsewhere(made: Made, row: Row, table: Table) -> None:
    listed = '<ul class="mgBulletList"><li><a href="https://tv.example/1">TV</a></li><li><a href="mgAi.aspx?ID=3">x</a></li></ul>'
    item = read(made(table(row(9, "3.", "Land", sub("Additional documents:") + listed)))).items[0]
    assert item.documents == (DocumentRecord("url:https://tv.example/1", "TV", "report", "https://tv.example/1"),)
    in_text = read(made(table(row(9, "3.", "Land", listed)))).items[0]
    assert (in_text.documents, in_text.text) == ((), "· TV\n· x")


def test_widgets_for_sharing_are_no_text(made: Made, row: Row, table: Table) -> None:
    rest = '<div class="mgShareItem"><a href="#">Share</a></div><p>Share this item</p>' + word("Text.")
    assert read(made(table(row(9, "3.", "Title", rest)))).items[0].text == "Text."


def test_words_and_links_of_a_swallowing_banner(row: Row, table: Table) -> None:
    inner = table(row(1, "1.", "First", word("Text.")), row(2, "2.", "Second"))
    body = (
        '<div id="modgov"><h1>Agenda</h1><h2>Cabinet - Friday 6 March 2026 10.00 am</h2>'
        f'<a href="ieDocSearch.aspx">Search</b><div class="mgContent">{inner}</div><div class="mgFooter"></div></div>'
    )
    record = read(body.encode())
    assert [(item.item_id, item.title, item.text) for item in record.items] == [
        (1, "First", "Text."),
        (2, "Second", None),
    ]


LINKS = (
    '<li><a  href="mgMeetingAttendance.aspx?ID=42">Attendance details</a></li>'
    '<li><a  href="documents/g55/Agenda frontsheet Thu.pdf?T=0">Agenda frontsheet\n'
    '<span  class="mgFileSize" > PDF 253 KB</span> </a></li>'
    '<li><a  href="mgChooseDocPack.aspx?ID=55">Agenda reports pack</a></li>'
    '<li><a  href="mgChooseDocPack.aspx?ID=55&amp;SID=23550">Supplement: Item 7 - Late Material '
    '<span class="mgFileSize">PDF 2 MB</span></a></li>'
    '<li><a  href="documents/g55/Decisions Thu.pdf?T=2">Printed decisions</a></li>'
)


def test_the_papers_of_the_meeting(made: Made, row: Row, table: Table) -> None:
    minutes = (
        '<li><a  href="documents/g55/Printed minutes Thu.pdf?T=1">Printed minutes'
        '<span  class="mgFileSize" > PDF 82 KB</span></a></li>'
    )
    late = (
        '<h2 class="mgSectionTitle">Additional Meeting Documents</h2><ul class="mgBulletList">'
        '<li><a href="documents/b23551/Addendum.pdf?T=9">Addendum</a></li></ul>'
    )
    record = read(made(table(row(9, "3.", "Title")) + late, h1="Agenda, decisions and minutes", links=LINKS + minutes))
    assert [(d.document_id, d.kind, d.title, d.size_shown) for d in record.documents] == [
        ("g55:T0", "frontsheet", "Agenda frontsheet", "253 KB"),
        ("g55:T10", "pack", "Agenda reports pack", None),
        ("sid23550", "late paper", "Supplement: Item 7 - Late Material", "2 MB"),
        ("g55:T2", "decisions", "Printed decisions", None),
        ("g55:T1", "minutes", "Printed minutes", "82 KB"),
        ("sid23551", "late paper", "Addendum", None),
    ]
    assert record.agenda_id == 55
    assert (record.agenda_state, record.minutes_state) == ("published", "approved")
    assert all(" " not in document.url for document in record.documents)


@pytest.mark.parametrize(
    ("h1", "link", "state"),
    [
        ("Agenda and draft minutes", "", "draft"),
        ("Agenda and minutes", "Printed draft minutes", "draft"),
        ("Agenda and minutes", "Printed minutes", "approved"),
        ("Agenda and minutes", "", "approved"),
        ("Agenda", "Printed minutes", "approved"),
        ("Agenda", "", "none"),
        ("Rhaglen a chofnodion", "", "approved"),
        ("Agenda a Chofnodion", "", "approved"),
        ("Rhaglen a chofnodion drafft", "", "draft"),
        ("Rhaglen a chofnodion", "Cofnodion drafft printiedig", "draft"),
        ("Rhaglen", "", "none"),
    ],
)
def test_the_state_of_the_minutes(made: Made, row: Row, table: Table, h1: str, link: str, state: str) -> None:
    links = f'<li><a href="documents/g55/x.pdf?T=1">{link}</a></li>' if link else ""
    assert read(made(table(row(9, "3.", "Title")), h1=h1, links=links)).minutes_state == state


@pytest.mark.parametrize(
    ("heading", "name", "at", "status", "note"),
    [
        (
            "Audit Committee - Thursday 15 January 2026 7:30 pm",
            "Audit Committee",
            (2026, 1, 15, 19, 30),
            "scheduled",
            None,
        ),
        (
            "A - B - Sub-Committee - Thursday 4 December 2025 7:30 pm, CANCELLED",
            "A - B - Sub-Committee",
            (2025, 12, 4, 19, 30),
            "cancelled",
            None,
        ),
        ("Council - Wednesday, 2nd October, 2019 10.10 am", "Council", (2019, 10, 2, 10, 10), "scheduled", None),
        (
            "Audit CommitteeThursday, 13th November, 2008 5.45 pm",
            "Audit Committee",
            (2008, 11, 13, 17, 45),
            "scheduled",
            None,
        ),
        ("Cabinet - Dydd Llun, 3ydd Hydref, 2022 10.00 yb", "Cabinet", (2022, 10, 3, 10, 0), "scheduled", None),
        (
            "Cabinet - Dydd Mawrth, 1af Mawrth, 2022 2.00 yp, WEDI&#39;I GANSLO",
            "Cabinet",
            (2022, 3, 1, 14, 0),
            "cancelled",
            None,
        ),
        ("Cabinet - Dydd Iau 5 Mai 2022 6.30 yh, GANSLWYD", "Cabinet", (2022, 5, 5, 18, 30), "cancelled", None),
        (
            "Cabinet - Monday 2 March 2026 12.00 noon, POSTPONED",
            "Cabinet",
            (2026, 3, 2, 12, 0),
            "cancelled",
            "POSTPONED",
        ),
        ("Cabinet - Monday 2 March 2026 14.00, ADJOURNED", "Cabinet", (2026, 3, 2, 14, 0), "scheduled", "ADJOURNED"),
        (
            "Budget Day 3 March 2026 Group - Monday 2 March 2026 9.00 am",
            "Budget Day 3 March 2026 Group",
            (2026, 3, 2, 9, 0),
            "scheduled",
            None,
        ),
    ],
)
def test_headings(
    made: Made, row: Row, table: Table, heading: str, name: str, at: tuple[int, ...], status: str, note: str | None
) -> None:
    record = read(made(table(row(9, "3.", "Title")), h2=f'<a href="mgCommitteeDetails.aspx?ID=711">{heading}</a>'))
    assert (record.committee_name, record.committee_id) == (name, 711)
    assert record.starts_at == datetime(*at, tzinfo=LONDON)  # type: ignore[misc]
    assert (record.status, record.status_note) == (status, note)


def test_venue_and_contact(made: Made, row: Row, table: Table) -> None:
    facts = (
        '<p><span  class="mgLabel" >Proposed venue: </span>Guildhall, High Street. <a  href="mgLocationDetails.aspx?RID=1"  '
        'title="Link to directions"> View directions</a></p><p><span  class="mgLabel" >Contact: </span>A. Clerk email: &nbsp;'
        '<a href="mailto:a@example.gov.uk">a@example.gov.uk</a>&nbsp; \n\t\tTel: 020 7946 0000\n\t\t</p>'
        '<h2  class="mgSectionTitle" >Media</h2><p><span class="mgLabel">Webcast: </span><a href="https://tv.example/1">View</a></p>'
    )
    record = read(made(facts + table(row(9, "3.", "Title"))))
    assert record.venue == "Guildhall, High Street"
    assert record.contact == "A. Clerk email: a@example.gov.uk Tel: 020 7946 0000"


def test_labels_that_stand_in_no_paragraph_of_their_own(made: Made, row: Row, table: Table) -> None:
    facts = '<span class="mgLabel">Lleoliad: </span>Neuadd y Dref <br/>Llawr 2 <span class="mgLabel">Cyswllt: </span>A. Clerc'
    record = read(made(facts + table(row(9, "3.", "Title"))))
    assert (record.venue, record.contact) == ("Neuadd y Dref Llawr 2", "A. Clerc")


def test_a_session_in_the_path_leaves_no_trace(made: Made, row: Row, table: Table) -> None:
    url = URL.replace("/ieList", "/(X(1)S(fkn0jfigeevz5oferbjpjk55))/ieList")
    body = made(table(row(9, "3.", "Title")), links=LINKS)
    assert read(body, url) == read(body, URL)


def test_what_differs_although_nothing_happened_has_one_fingerprint(made: Made, row: Row, table: Table) -> None:
    def page(now: str, title: str) -> bytes:
        script = f"<script>var token = '{now}';</script>"
        link = f'<a href="mgDelegatedDecisions.aspx?DS=2&amp;NOW={now}&amp;META=x">Decisions</a>'
        return made(script + link + table(row(9, "3.", title)) + script)

    assert fingerprint(page("24092026", "Grants")) == fingerprint(page("25092026", "Grants"))
    assert fingerprint(page("24092026", "Grants")) != fingerprint(page("24092026", "Budget"))


def test_the_first_heading_where_the_site_leaves_classes_out(row: Row, table: Table) -> None:
    inner = table(row(1, "1.", "First"))
    body = (
        f'<div id="modgov"><h1>Agenda</h1><h2>Cabinet - Friday 6 March 2026 10.00 am'
        f'</h2>{inner}<div class="mgFooter"></div></div>'
    )
    record = read(body.encode())
    assert (record.committee_name, record.agenda_state) == ("Cabinet", "published")


NOTHING = "<p>No documents are available for this meeting</p>"


@pytest.mark.parametrize("content", [NOTHING, "<p>Nid oes dogfennau ar gael ar gyfer y cyfarfod hwn</p>"])
def test_a_meeting_of_which_nothing_is_out(made: Made, content: str) -> None:
    record = read(made(content, h1="Meeting"))
    assert (record.items, record.agenda_state, record.minutes_state) == ((), "none", "none")


def test_the_heading_of_a_site_says_nothing_of_a_meeting(made: Made, row: Row, table: Table) -> None:
    record = read(made(table(row(9, "3.", "Title")), h1="Meetings, agendas and minutes"))
    assert (record.agenda_state, record.minutes_state) == ("published", "none")
    assert read(made(NOTHING, h1="Meetings, agendas and minutes")).minutes_state == "none"


@pytest.mark.parametrize("h1", ["Agenda", "Agenda and minutes", "Rhaglen", "Meeting"])
def test_an_agenda_that_is_out_without_items_is_suspect(made: Made, h1: str) -> None:
    links = '<li><a href="documents/g55/Pack.pdf?T=10">Agenda reports pack</a></li>' if h1 == "Meeting" else ""
    told = read_meeting(made('<p class="mgWordPara">x</p>', h1=h1, links=links), URL, None)
    assert told == Suspect("no items on a page that says its agenda is out")


def test_an_empty_table_of_items_is_suspect(made: Made, table: Table) -> None:
    assert isinstance(read_meeting(made(table(), h1="Meeting"), URL, None), Suspect)


def test_drift_of_the_layout_is_suspect_rather_than_a_guess(made: Made, row: Row, table: Table) -> None:
    body = made(table(row(1, "1.", "First", word("Text.")), row(2, "2.", "Second")))
    assert isinstance(read_meeting(body.replace(b"mgItemNumberCell", b"itemNo"), URL, None), Suspect)
    renamed = body.replace(b'class="mgAiTitleTxt" >First', b'class="title" >First')
    assert isinstance(read_meeting(renamed, URL, None), Suspect)


def test_a_page_without_a_date_or_a_number_is_suspect(made: Made, row: Row, table: Table) -> None:
    inner = table(row(1, "1.", "First"))
    assert isinstance(read_meeting(made(inner, h2="Cabinet"), URL, None), Suspect)
    assert isinstance(read_meeting(made(inner), "https://x.gov.uk/ieListDocuments.aspx", None), Suspect)
    assert read(made(inner, links=LINKS), "https://x.gov.uk/ieListDocuments.aspx").meeting_id == 42


@pytest.mark.parametrize(
    ("charset", "content_type", "meta"),
    [
        ("utf-8", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8", "text/html", "windows-1252"),
        ("utf-8-sig", "text/html; charset=windows-1252", ""),
        ("windows-1252", "text/html; charset=utf-8", "utf-8"),
        ("windows-1252", "text/html", ""),
        ("windows-1252", "text/html; charset=ISO-8859-1", ""),
        ("iso-8859-15", "text/html; charset=iso-8859-15", "utf-8"),
    ],
)
def test_no_charset_ends_in_mojibake(
    made: Made, row: Row, table: Table, charset: str, content_type: str, meta: str
) -> None:
    title = "Caffi’r Tŷ – £5" if charset.startswith("utf") else "Café’s – £5" if "1252" in charset else "Café à 5"
    text = made(table(row(1, "1.", title))).decode()
    if meta:
        text = text.replace("<body>", f'<head><meta charset="{meta}"></head><body>')
    record = read_meeting(text.encode(charset), URL, content_type)
    assert isinstance(record, MeetingRecord)
    assert record.items[0].title == title


def test_one_byte_of_another_charset_spoils_itself_alone(made: Made, row: Row, table: Table) -> None:
    body = made(table(row(1, "1.", "Tŷ’s"), row(2, "2.", "@@"))).replace(b"@@", b"Officer\x92s")
    record = read_meeting(body, URL, "text/html; charset=utf-8")
    assert isinstance(record, MeetingRecord)
    assert [item.title for item in record.items] == ["Tŷ’s", "Officer’s"]
