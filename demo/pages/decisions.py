"""Decisions: the register of a range of days (``mgDelegatedDecisions``), officers' decisions, and one decision.

The table's columns differ by list; the shape of both pages was captured, cut down, at Kirklees.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from demo.council import Decision, Item
from demo.pages import files
from demo.pages.asked import NOW, Answer, Asked, NotThere
from demo.pages.template import actions, changed_on, link, page
from demo.pages.word import attribute, entities, word_para
from demo.pages.wording import slashed

WIDEST = timedelta(days=3 * 366)  # a wider range fails, as reported of Kirklees


def register(asked: Asked) -> Answer:
    """``mgDelegatedDecisions.aspx?DS=2&DR=<from>-<to>&K=``: ``DS=1`` is what is to come, ``K=1`` key decisions only."""
    since, until = _range(asked)
    rows = [row for row in asked.state.decisions.values() if since <= row.published <= until]
    if asked.number("k") == 1:
        rows = [row for row in rows if row.key]
    coming = asked.number("ds") == 1
    rows = sorted((row for row in rows if row.forthcoming == coming), key=lambda row: (row.published, row.id))[::-1]
    heads = (
        ("Title", "Title<!--Pending Key Decisions-->"),
        ("Published", "Date<!--Date Made/Published-->"),
        ("Applies", "Effective from<!--Date Decision Applies-->"),
        ("Call-ins", "Call-ins<!--Status - No. of Call-Ins-->"),
    )
    cells = [[_title(row), slashed(row.published), slashed(row.effective), row.call_ins] for row in rows]
    caption = "Forthcoming decisions" if coming else "Decisions published"
    return page(asked, heading="Decisions", links=actions([_find(asked)]), content=_table(caption, heads, cells))


def officer_register(asked: Asked) -> Answer:
    """``mgListOfficerDecisions.aspx``: officers' decisions only, two columns."""
    since, until = _range(asked)
    rows = [row for row in asked.state.decisions.values() if row.officer and since <= row.published <= until]
    rows.sort(key=lambda row: (row.published, row.id), reverse=True)
    heads = (("Title", "Title"), ("Published", "Date<!--Date Made/Published-->"))
    cells = [[_title(row), slashed(row.published)] for row in rows]
    return page(
        asked, heading="Officer decisions", links=actions([_find(asked)]), content=_table("Decisions", heads, cells)
    )


def decision_page(asked: Asked) -> Answer:
    """``ieDecisionDetails.aspx?ID=`` for a decision of the register, ``?AIId=`` for that of an agenda item."""
    if number := asked.number("aiid"):
        return _of_item(asked, number)
    row = asked.state.decisions.get(asked.number("id", "iid"))
    if row is None:
        raise NotThere
    content = (
        (_fact("Decision Maker", entities(row.maker)) if row.maker else "")
        + _fact("Decision status", f'<span  class="mgPlanItemInForce" >{entities(row.status)}</span>')
        + _fact("Is Key decision?", _yes(row.key))
        + _fact("Is subject to call in?", _yes(row.call_ins != "Not for call-in"))
        + _text("Purpose:", row.purpose)
        + _text("Decision:", row.text)
        + _fact("Publication date", entities(slashed(row.published)))
        + _fact("Date of decision", entities(slashed(row.made)))
        + (_fact("Effective from", entities(slashed(row.effective))) if row.effective else "")
        + (_fact("Decided at meeting", _meeting_link(asked, row.meeting)) if row.meeting else "")
        + _papers(asked, "decision", row.id)
    )
    history = []
    if row.issue:
        to = f"mgIssueHistoryHome.aspx?IId={row.issue}&amp;Opt=0"
        history.append(
            f"<li>{link(to, 'Find out more about this issue', f'Link to issue history for {row.title}')}</li>"
        )
    return page(
        asked,
        heading="Decision details",
        subtitle=entities(row.title),
        title=f"Decision details - {row.title}",
        modified=changed_on(asked.state, row.changed),
        links=actions(history),
        content=content,
    )


def _of_item(asked: Asked, number: int) -> Answer:
    item: Item | None = asked.state.items.get(number)
    if item is None or not (item.decision and asked.state.meetings[item.meeting].decisions):
        raise NotThere
    meeting = asked.state.meetings[item.meeting]
    published = changed_on(asked.state, item.changed) or meeting.starts.date()
    content = (
        _fact("Decision Maker", entities(asked.state.committees[meeting.committee].name))
        + _fact("Decision status", '<span  class="mgPlanItemInForce" >Recommendations Approved</span>')
        + _fact("Is Key decision?", "No")
        + _fact("Is subject to call in?", "No")
        + _text("Decision:", item.decision)
        + _fact("Publication date", entities(slashed(published)))
        + _fact("Date of decision", entities(slashed(meeting.starts)))
        + _fact("Decided at meeting", _meeting_link(asked, meeting.id))
        + _papers(asked, "item", item.id)
    )
    return page(asked, heading="Decision details", subtitle=entities(item.title), content=content)


def _range(asked: Asked) -> tuple[date, date]:
    """The days asked for, by publication; the last half year where none are. Raises `NotThere` for too many."""
    text = asked.query.get("dr", "")
    if "-" not in text:
        return asked.state.today - timedelta(days=183), asked.state.today + timedelta(days=183)
    try:
        since, until = (datetime.strptime(part.strip(), "%d/%m/%Y").date() for part in text.split("-", 1))  # noqa: DTZ007
    except ValueError:
        raise NotThere from None
    if until - since > WIDEST:
        raise NotThere
    return since, until


def _title(row: Decision) -> str:
    about = attribute(f"Link to decision details for {row.title} ref: {row.id}")
    hidden = f'<span  class="mgHide" > ref&#58; {row.id}</span>'
    return f'<a  href="ieDecisionDetails.aspx?ID={row.id}"  title="{about}">{entities(row.title)}{hidden}</a>'


def _table(caption: str, heads: tuple[tuple[str, str], ...], cells: list[list[str]]) -> str:
    top = "\n".join(
        f"<th abbr='{short}'  data-placeholder='Enter&#32;text'  scope='col'>{text}</th>" for short, text in heads
    )
    rows = "\n".join(
        "<tr>" + "".join(f'<td  class="mgMainTxt" >{_cell(cell)}</td>' for cell in row) + "</tr>" for row in cells
    )
    return (
        '<table class="mgTabTable tablesorter"  summary="Table of decision summary data">\n'
        f"<caption  class=\"mgSectionTitle\" >{caption}</caption>\n<thead class='mgFilterHeaderRow'><tr>\n{top}\n"
        f"</tr></thead><tbody>\n{rows}\n</tbody></table>\n"
    )


def _cell(cell: str) -> str:
    return cell if cell.startswith("<") else entities(cell)


def _find(asked: Asked) -> str:
    span = asked.query.get("dr", "").replace("/", "%2f")
    to = f"mgDelegatedDecisions.aspx?XXR=0&amp;DR={span}&amp;ACT=Find&amp;RP=0&amp;K=0&amp;DS=2&amp;NOW={NOW}"
    return f"		<li>{link(to, 'Search again')}</li>"


def _fact(label: str, value: str) -> str:
    return f'<p><span  class="mgLabel" >{label}: </span>{value}</p>\n'


def _text(label: str, text: str) -> str:
    return f'<h3 class="mgSubSubTitleTxt">{label}</h3>\n{word_para(text)}' if text else ""


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _meeting_link(asked: Asked, number: int) -> str:
    meeting = asked.state.meetings[number]
    words = f"{slashed(meeting.starts)} - {asked.state.committees[meeting.committee].name}"
    return f'<a  href="ieListDocuments.aspx?CId={meeting.committee}&amp;MID={number}"  >{entities(words)}</a>'


def _papers(asked: Asked, owner: str, number: int) -> str:
    rows = ""
    for paper in asked.state.documents_of(owner, number):
        icon = '<img height="12" src="mgimages/logo-pdf-1.gif" width="12" alt="pdf icon" />'
        size = f'<span  class="mgFileSize" >{icon} {files.kind_of(paper)} {files.size(paper)}</span> '
        title = attribute(f"Link to file {paper.title}")
        rows += f'<li><a  href="{files.address(paper)}"   title="{title}">{entities(paper.title)}\n{size}</a>  </li>\n'
    return (
        f'<p class="mgLabel" >Accompanying Documents:</p>\n<ul  class="mgBulletList" >\n{rows}</ul>\n' if rows else ""
    )
