"""A committee's meetings, ``ieListMeetings.aspx?CommitteeId=``: newest first, fifteen a page, past and future alike."""

from __future__ import annotations

from datetime import datetime

from demo.council import Meeting
from demo.pages.asked import Answer, Asked
from demo.pages.committees import committee_of
from demo.pages.template import actions, link, page
from demo.pages.word import attribute, entities, word_para
from demo.pages.wording import clock_time, said, short_date

ROWS = 15


def meeting_list(asked: Asked) -> Answer:
    committee = committee_of(asked, "committeeid", "cid", "hcommitteeid")
    name = committee.name
    everything = asked.state.meetings_of(committee.id)[::-1]
    shown, earlier, later = _shown(asked, everything)
    paging = _paging(asked, committee.id, shown, earlier=earlier, later=later)
    rows = "".join(_row(asked, meeting, name, place) for place, meeting in enumerate(shown))
    years = sorted({meeting.starts.year for meeting in everything})
    options = "\n".join(f'			<option value="{year}">{year}</option>' for year in years)
    select = (
        '        <li><label for="YearSelect">Show meetings for the year: </label>\n'
        '		<select	size="1" id="YearSelect" name="YearSelect" > \n		<option value="0"> </option>\n'
        f"{options}\n		</select>\n        "
        '<input  class="mgGoButton"   type="submit" name="Submit" value="Go" id="Submit1"/></li>'
    )
    more = link(
        f"mgCommitteeDetails.aspx?ID={committee.id}",
        f"More information about {entities(name)}",
        f"Link to more information about {name}",
    )
    listed = f'<ul  class="mgNonBulletTableList"  >{rows}</ul>' if shown else "<p>There are no meetings to show.</p>"
    content = (
        '<div class="mgList" >\n\n\n	<div class="mgHiddenField" >\n'
        f'	 <input type="hidden" name="hCommitteeId"  value="{committee.id}" />\n	</div>\n\n'
        f'{paging}	<div  class="mgTableBorder" >\n		<div  class="mgTableTitleTxt" >\n'
        f"           {said('Meetings', asked.language)}\n		</div> 	\n"
        f"{listed}\n	</div>\n\n{paging}</div>	\n"
    )
    if committee.purpose:
        about = f"Information about {entities(name)}"
        content += f'<h2 class="mgSubTitleTxt">{about}</h2>\n{word_para(committee.purpose)}'
    return page(
        asked,
        heading="Browse meetings",
        subtitle=entities(name),
        title=f"Browse meetings - {name}",
        links=actions([f"		<li>{more}</li>\n", select]),
        content=content,
        form='	\n	<form method="post"  action="ieListMeetings.aspx"  id="FormYearSelect">\n',
    )


def _shown(asked: Asked, everything: tuple[Meeting, ...]) -> tuple[tuple[Meeting, ...], bool, bool]:
    """The rows of the page asked for, newest first, and whether there are earlier and later ones."""
    if year := asked.number("year", "yearselect"):
        return tuple(meeting for meeting in everything if meeting.starts.year == year), False, False
    border = asked.query.get("d", "")
    start = max(0, len(everything) - ROWS)
    upcoming = sum(meeting.starts.date() >= asked.state.today for meeting in everything)
    start = min(start, max(0, upcoming - ROWS // 2))
    if border.isdigit() and len(border) == 12:
        moment = datetime.strptime(border, "%Y%m%d%H%M")  # noqa: DTZ007 - local, as the page's own address has it
        if asked.query.get("act", "").lower() == "earlier":
            start = sum(meeting.starts >= moment for meeting in everything)
        else:
            start = max(0, sum(meeting.starts > moment for meeting in everything) - ROWS)
    return everything[start : start + ROWS], start + ROWS < len(everything), start > 0


def _paging(asked: Asked, committee: int, shown: tuple[Meeting, ...], *, earlier: bool, later: bool) -> str:
    def to(direction: str, border: Meeting) -> str:
        moment = f"{border.starts:%Y%m%d%H%M}"
        return f"ieListMeetings.aspx?Act={direction}&amp;CId={committee}&amp;D={moment}&amp;MD=ielistmeetings"

    made = ""
    if earlier and shown:
        words = said("Earlier meetings", asked.language)
        opened = f'<a   class="mgTableNextLnk"   href="{to("earlier", shown[-1])}"  >'
        made += f'			{opened}<img src="mgimages/left5.gif" alt=""/>{words}</a>'
        made += "<span class='mgLinkSep'>. </span>\n\n"
    if later and shown:
        words = said("Later meetings", asked.language)
        opened = f'<a   class="mgTableNextLnk"   href="{to("later", shown[0])}"  >'
        made += f'			   {opened}{words}<img src="mgimages/right5.gif" alt=""/></a>'
        made += "<span class='mgLinkSep'>. </span>\n"
    return f"	    <div  class='mgMeetingsEarlierLater' ><p>\n\n{made}      \n         </p></div>\n\n" if made else ""


def _row(asked: Asked, meeting: Meeting, name: str, place: int) -> str:
    language = asked.language
    when = short_date(meeting.starts, language)
    words = f"{when}&nbsp;{entities(clock_time(meeting.starts, asked.state.council, language))}"
    title = attribute(f"Link to meeting details for {name} meeting of {when}")
    to = f"ieListDocuments.aspx?CId={meeting.committee}&amp;MId={meeting.id}&amp;Ver=4"
    stripe = "Odd" if place % 2 else "Even"
    return (
        f'<li  class="mgTable{stripe}Row" ><a  class="mgMeetingTableLnk"    href="{to}"  title="{title}">{words}</a>'
        f"{tail(meeting, language)}</li>"
    )


def tail(meeting: Meeting, language: str) -> str:
    """What follows the link: `` - Agenda, Decisions, Minutes``, `` - CANCELLED`` or nothing."""
    if meeting.cancelled:
        return f" - {said('CANCELLED', language)}"
    out = (("Agenda", meeting.agenda), ("Decisions", meeting.decisions), ("Minutes", meeting.minutes))
    words = ", ".join(said(word, language) for word, is_out in out if is_out)
    return f" - {words}" if words else ""
