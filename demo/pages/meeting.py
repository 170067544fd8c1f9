"""A meeting's page, ``ieListDocuments.aspx?CId=&MId=``: its papers, and its items with what is said of each."""

from __future__ import annotations

from datetime import timedelta

from demo.council import Document, Item, Meeting, SiteState
from demo.pages import files
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.template import actions, changed_on, link, page
from demo.pages.word import LF, attribute, entities, shortened, word_para
from demo.pages.wording import clock_time, long_date, said

PLANNED_AHEAD = timedelta(days=180)  # how long before its day a meeting is put into the calendar, for DC.date.created
UNCUT = 3500  # characters of minutes that a page shows whole; longer ones end after some 3,150 to 3,450


def meeting_of(asked: Asked) -> Meeting:
    """The meeting that was asked for, by ``MId`` or ``MeetingId``. Raises `NotThere`."""
    found = asked.state.meetings.get(asked.number("mid", "meetingid", "id"))
    if found is None:
        raise NotThere
    return found


def meeting_page(asked: Asked) -> Answer:
    state, meeting, language = asked.state, meeting_of(asked), asked.language
    council, name = state.council, state.committees[meeting.committee].name
    when = f"{long_date(meeting.starts, council, language)} {clock_time(meeting.starts, council, language)}"
    off = f", {said('CANCELLED', language)}" if meeting.cancelled else ""
    subtitle = link(
        f"mgCommitteeDetails.aspx?ID={meeting.committee}", f"{entities(name)} - {when}{off}", f"Link to {name}"
    )
    items = state.items_of(meeting.id)
    return page(
        asked,
        heading=state_of(meeting),
        subtitle=subtitle,
        subtitle_is_link=True,
        title=f"Agenda for {name} on {long_date(meeting.starts, council)}, {clock_time(meeting.starts, council)}",
        day=meeting.starts.date(),
        modified=changed_on(state, *(item.changed for item in items), meeting.changed) if meeting.agenda else None,
        created=meeting.starts.date() - PLANNED_AHEAD,
        links=actions(_papers(asked, meeting)),
        content=_facts(asked, meeting) + (_table(asked, items) if items else ""),
    )


def state_of(meeting: Meeting) -> str:
    """The h1: what of the meeting is out."""
    if not meeting.agenda:
        return "Meeting"
    minutes = ("draft minutes" if meeting.draft else "minutes") if meeting.minutes else ""
    parts = ["Agenda", *(["decisions"] if meeting.decisions else []), *([minutes] if minutes else [])]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _papers(asked: Asked, meeting: Meeting) -> list[str]:
    state, language, agenda = asked.state, asked.language, asked.state.agenda_id(meeting)
    name = state.committees[meeting.committee].name
    about = f"Link to attendance details for the meeting of {name}"
    attendance = link(f"mgMeetingAttendance.aspx?ID={meeting.id}", said("Attendance details", language), about)
    rows = [f"		<li>{attendance}</li>"]
    out = files.kinds_out(state, meeting)
    supplements = state.documents_of("meeting", meeting.id)
    minutes = "Printed draft minutes" if meeting.draft else "Printed minutes"
    wanted = (
        (files.FRONTSHEET, "Agenda frontsheet"),
        (files.PACK, "Agenda reports pack"),
        (files.DECISIONS, "Printed decisions"),
        (files.MINUTES, minutes),
    )
    for kind, words in wanted:
        if kind in out:
            to = files.meeting_address(state, meeting, kind)
            size = _size("PDF", files.meeting_size(state, meeting, kind), language)
            if kind == files.PACK and supplements:
                to, size = f"mgChooseDocPack.aspx?ID={agenda}", ""
            rows.append(_paper(to, said(words, language), f"Link to {words.lower()} pdf file", size))
        if kind == files.PACK:
            for paper in supplements:
                to = f"mgChooseDocPack.aspx?ID={agenda}&amp;SID={paper.id}"
                size = _size("PDF", files.size(paper), language)
                rows.append(_paper(to, entities(f"Supplement: {paper.title}"), f"Link to {paper.title}", size))
    return rows


def _paper(to: str, words: str, title: str, size: str) -> str:
    opened = f'<a  href="{to}"   title="{attribute(title)}">'
    return f"			<li>{opened}{words}\n			{size}</a>\n		    \n			</li>\n"


def _size(kind: str, size: str, language: str, alt: str = "") -> str:
    icon = f'<img height="12" src="mgimages/logo-pdf-1.gif" width="12" alt="{said(alt, language)}" />'
    icon = icon if alt else '<img src="mgimages/logo-pdf-1.gif" alt="" />'
    return f'<span  class="mgFileSize" >{icon} {kind} {size}</span> '


def _facts(asked: Asked, meeting: Meeting) -> str:
    state, language = asked.state, asked.language
    nothing = f"						    <p>{said('No documents are available for this meeting', language)}</p>\n"
    made = "" if meeting.agenda else nothing
    label = said("Venue: " if meeting.agenda else "Proposed venue: ", language)
    if meeting.venue:
        made += f'						<p><span  class="mgLabel" >{label}</span>{entities(meeting.venue)} '
        about = f"Link to directions to {meeting.venue}"
        made += f"{link('mgLocationDetails.aspx?RID=1', ' View directions', about)}</p>\n"
    contact, email = meeting.contact or state.council.contact, state.council.email
    if contact:
        mail = f'email: &nbsp;<a href="mailto:{email}">{email}</a>&nbsp; ' if email else "&nbsp; "
        label = said("Contact: ", language)
        made += f'		<p><span  class="mgLabel" >{label}</span>{entities(contact)} {mail}\n		\n		</p>\n'
    if meeting.webcast:
        made += '				<h2  class="mgSectionTitle" >Media</h2>\n'
        made += (
            f'		<p><span  class="mgLabel" >Webcast: </span><a href="{meeting.webcast}">View the webcast</a></p>\n'
        )
    return made


def _table(asked: Asked, items: tuple[Item, ...]) -> str:
    number, item = said("No.", asked.language), said("Item", asked.language)
    return (
        '		<table class="mgItemTable"  summary="Table of agenda items" id="mgItemTable">\n'
        f'		<caption  class="mgSectionTitle" >{said("Items", asked.language)}</caption>\n\n'
        "     <tr>\n\n"
        f'            <th class="mgHide" abbr="No" scope="col">{number}</th>\n'
        f'            <th class="mgHide" abbr="Item" scope="col">{item}</th>\n    </tr>\n\n'
        + "".join(_row(asked, item) for item in items)
        + "	</table>\n"
    )


def _row(asked: Asked, item: Item) -> str:
    anchor = f'<p  class="mgAiTitleTxt" ><a name="AI{item.id}" aria-disabled="true"></a>{entities(item.number)}</p>'
    return (
        f'		<tr>\n\n			<td  class="mgItemNumberCell" >{anchor}</td>\n				\n'
        "		<td >			\n\n"
        f"{item_body(asked, item, whole=False)}					\n        </td>\n		</tr>\n		\n"
    )


def item_body(asked: Asked, item: Item, *, whole: bool) -> str:
    """What stands in the second cell of an item's row; ``whole``: nothing is cut, as on the item's own page."""
    state, language, empty = asked.state, asked.language, asked.behaviour.empty_subtitles
    papers = state.documents_of("item", item.id)
    report = next((paper for paper in papers if not paper.additional), None)
    others = [paper for paper in papers if paper is not report]
    made = "" if whole else _title(item, report, language)
    made += _item_links(state, item)
    made += word_para(item.text)
    listed = papers if whole else others
    papers_list = _additional(item, listed, language) if listed else ""
    if not whole and (papers_list or empty):
        made += sub_title("Additional documents:", language) + papers_list
    if item.decision:
        made += (
            sub_title("Decision:", language)
            + f"				{word_para(item.decision).rstrip(' ' + chr(10))}\n			"
        )
    if item.minutes or empty:
        cut = not whole and len(item.minutes) > UNCUT
        text = shortened(item.minutes, 3150 + item.id % 300) if cut else item.minutes
        made += sub_title("Minutes:", language) + word_para(text, _full_text_link(item, language) if cut else "")
    if item.vote:
        made += _vote(item)
    if whole and papers_list:
        made += sub_title("Supporting documents:", language) + papers_list
    return made


def sub_title(words: str, language: str) -> str:
    return f'<p class="mgSubItemTitleTxt">{said(words, language)}</p>\n'


def _title(item: Item, report: Document | None, language: str) -> str:
    if report is None:
        return f'					<p  class="mgAiTitleTxt" >{entities(item.title)}</p>\n'
    title = attribute(f"Link to document '{item.title}' pdf file")
    return (
        '		\n					<p  class="mgAiTitleTxt" >'
        f'<a  class="mgAiTitleLnk"   href="{files.address(report)}"    \n'
        f'					title="{title}">{entities(item.title)} '
        f"{_size(files.kind_of(report), files.size(report), language, 'pdf icon')}</a></p>\n"
    )


def _item_links(state: SiteState, item: Item) -> str:
    rows = []
    if item.issue:
        about = f"Link to issue details for  item {item.number}"
        words = f"View the background to item {entities(item.number)}"
        rows.append(f"			<li>{link(f'mgIssueHistoryHome.aspx?IId={item.issue}', words, about)}</li>\n")
    if item.decision and state.meetings[item.meeting].decisions:
        words = f"View the decision for item {entities(item.number)}"
        rows.append(f"			<li>{link(f'ieDecisionDetails.aspx?AIId={item.id}', words)}</li>\n")
    if item.restricted:
        words = "View the reasons why item " + entities(item.number) + " is restricted"
        rows.append(f"			<li>{link(f'mgReasonsRestricted.aspx?OID={item.id}&amp;OT=I', words)}</li>\n")
    return '\n<ul  class="mgActionList" >\n	\n' + "".join(rows) + "\n</ul>\n" if rows else ""


def _additional(item: Item, papers: list[Document] | tuple[Document, ...], language: str) -> str:
    rows = []
    for paper in papers:
        size = _size(files.kind_of(paper), files.size(paper), language, "pdf icon")
        title = f"Link to document &#39;{entities(paper.title)}&#39; pdf file"
        rows.append(
            "						    <li>\n"
            f'						    <a  href="{files.address(paper)}"   title="{title}">{entities(paper.title)} '
            f'<span  class="mgHide" >, item {entities(item.number)}</span>\n'
            f"						    {size}</a>  </li>\n"
        )
    return '\n<ul  class="mgBulletList" >\n' + "".join(rows) + "\n</ul>\n"


def _full_text_link(item: Item, language: str) -> str:
    title = f"Link to view the full item text for item {entities(item.number)}, {entities(item.title)}"
    words = f"{said('view the full minutes text for item', language)} {entities(item.number)}"
    opened = f'<a href="mgAi.aspx?ID={item.id}" title={LF}"{title}">{LF}{words}</a>'
    return f"&nbsp;...&nbsp; {opened}"


def _vote(item: Item) -> str:
    """The table of a recorded vote, as malformed as moderngov writes it."""
    title = entities(item.title)
    return (
        '<table class="mgTableNoBorderFullWidth"  summary="Table of recorded votes">\n'
        '<caption  class="mgSectionTitle" >Recorded Vote</caption>\n'
        "<thead> <th>Title</th><th>Type</th><th>Recorded Vote text</th><th>Result</th> </th> <tr>\n</thead>\n"
        f"<tr><td>{title}</td><td>Motion</td><td>{entities(item.vote)}</td><td>Carried\n"
        f'<li><a  href="mgListRecordedVotesShort.aspx?AIID={item.id}&amp;MID={item.meeting}" >View the votes</a></li>\n'
        "</td></tr>\n</table>\n"
    )
