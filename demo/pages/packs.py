"""What hangs on a meeting: the chooser of its packs and late papers, and who was there. Markup not captured."""

from __future__ import annotations

from demo.council import Meeting
from demo.pages import files
from demo.pages.asked import Answer, Asked, NotThere
from demo.pages.meeting import meeting_of
from demo.pages.template import page
from demo.pages.word import entities
from demo.pages.wording import clock_time, long_date


def _heading(asked: Asked, meeting: Meeting) -> str:
    council = asked.state.council
    name = asked.state.committees[meeting.committee].name
    when = f"{long_date(meeting.starts, council)} {clock_time(meeting.starts, council)}"
    return f"{entities(name)} - {when}"


def pack_chooser(asked: Asked) -> Answer:
    """``mgChooseDocPack.aspx?ID=<agenda>[&SID=<supplement>]``: links to the pack and to each supplement."""
    state, agenda, wanted = asked.state, asked.number("id"), asked.number("sid")
    meeting = next((row for row in state.meetings.values() if state.agenda_id(row) == agenda and row.agenda), None)
    if meeting is None:
        raise NotThere
    rows = []
    if not wanted and files.PACK in files.kinds_out(state, meeting):
        size = files.meeting_size(state, meeting, files.PACK)
        rows.append(_row(files.meeting_address(state, meeting, files.PACK), "Public reports pack", size))
    for paper in state.documents_of("meeting", meeting.id):
        if wanted in (0, paper.id):
            address = files.supplement_address(state, meeting, paper)
            rows.append(_row(address, f"Supplement: {paper.title}", files.size(paper)))
    if not rows:
        raise NotThere
    content = '<ul  class="mgBulletList" >\n' + "".join(rows) + "</ul>\n"
    return page(asked, heading="Choose agenda document pack", subtitle=_heading(asked, meeting), content=content)


def _row(address: str, words: str, size: str) -> str:
    shown = f'<span  class="mgFileSize" ><img src="mgimages/logo-pdf-1.gif" alt="" /> PDF {size}</span> '
    return f'			<li><a  href="{address}" >{entities(words)} {shown}</a></li>\n'


def attendance(asked: Asked) -> Answer:
    """``mgMeetingAttendance.aspx?ID=<MId>``."""
    meeting = meeting_of(asked)
    was = "Present" if meeting.minutes else "Expected"
    members = asked.state.committees[meeting.committee].members
    rows = "".join(
        f'<tr><td  class="mgMainTxt" >{entities(name)}</td><td  class="mgMainTxt" >'
        f'{"Chair" if place == 0 else "Committee Member"}</td><td  class="mgMainTxt" >{was}</td></tr>\n'
        for place, name in enumerate(members)
    )
    content = (
        '<table class="mgTabTable"  summary="Table of attendance">\n'
        '<caption  class="mgSectionTitle" >Attendance</caption>\n'
        '<tr><th scope="col">Attendee</th><th scope="col">Role</th><th scope="col">Attendance</th></tr>\n'
        f"{rows}</table>\n"
    )
    return page(asked, heading="Attendance details", subtitle=_heading(asked, meeting), content=content)
