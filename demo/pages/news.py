"""What is new: the feeds of ``mgRss.aspx`` (they begin with a byte order mark) and the page ``mgWhatsNew.aspx``.

No feed was captured. ``?CID=`` is a committee's, ``?XXR=0`` the site's, ``?f=76`` the open consultations'; with
``?bcr=1`` the same address answers with an HTML page, as reported of five councils.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape

from demo.council import Record
from demo.pages.asked import BASE, Answer, Asked
from demo.pages.committees import committee_of
from demo.pages.meeting import state_of
from demo.pages.template import link, page
from demo.pages.word import entities
from demo.pages.wording import clock_time, short_date

RSS = "text/xml"
_CONSULTATIONS = 76
_MOST = 50


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    to: str
    moment: datetime
    told: str


def feed(asked: Asked) -> Answer:
    if "bcr" in asked.query:
        return whats_new(asked)
    if asked.number("f") == _CONSULTATIONS:
        return _rss(f"{asked.state.council.name} - Active consultations", _consultations(asked))
    number = asked.number("cid")
    name = committee_of(asked, "cid").name if number else asked.state.council.name
    return _rss(f"{name} - What's new", _entries(asked, number))


def whats_new(asked: Asked) -> Answer:
    rows = ""
    for entry in _entries(asked, 0):
        shown = link(escape(entry.to), entities(entry.title))
        rows += f"			<li>{shown} {short_date(entry.moment)} {entities(entry.told)}</li>\n"
    content = f'\n<ul  class="mgBulletList" >\n{rows}\n</ul>\n'
    return page(asked, heading="What's new", content=content)


def _entries(asked: Asked, committee: int) -> list[_Entry]:
    state = asked.state
    found = []
    for meeting in state.meetings.values():
        if committee not in (0, meeting.committee):
            continue
        items = state.items_of(meeting.id)
        papers = [paper for item in items for paper in state.documents_of("item", item.id)]
        late = state.documents_of("meeting", meeting.id)
        rows: tuple[Record, ...] = (meeting, *items, *papers, *late)
        touched = [row.changed for row in rows if row.changed]
        if touched:
            name = state.committees[meeting.committee].name
            title = f"{name}, {short_date(meeting.starts)} {clock_time(meeting.starts, state.council)}"
            told = "Cancelled" if meeting.cancelled else state_of(meeting)
            to = f"ieListDocuments.aspx?CId={meeting.committee}&MId={meeting.id}"
            found.append(_Entry(title, to, max(touched), told))
    for decision in state.decisions.values():
        if not committee and decision.changed:
            told = f"Decision of {decision.maker}" if decision.maker else "Decision"
            found.append(_Entry(decision.title, f"ieDecisionDetails.aspx?ID={decision.id}", decision.changed, told))
    return sorted(found, key=lambda entry: entry.moment, reverse=True)[:_MOST]


def _consultations(asked: Asked) -> list[_Entry]:
    state, rows = asked.state, []
    for row in state.consultations.values():
        if row.opens <= state.today <= row.closes:
            opens = datetime.combine(row.opens, time(), UTC)
            closes = datetime.combine(row.closes, time(23, 59), UTC)
            dates = (
                f"start date: {format_datetime(opens, usegmt=True)}, end date: {format_datetime(closes, usegmt=True)}"
            )
            rows.append(_Entry(row.title, f"mgConsultationDisplay.aspx?ID={row.id}", opens, f"{row.title}, {dates}"))
    return rows


def _rss(title: str, entries: list[_Entry]) -> Answer:
    rows = "".join(
        f"<item><title>{escape(entry.title)}</title><link>{BASE}/{escape(entry.to)}</link>"
        f"<pubDate>{format_datetime(entry.moment.astimezone(UTC), usegmt=True)}</pubDate>"
        f"<description>{escape(entry.told)}</description></item>\n"
        for entry in entries
    )
    return Answer(
        f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>{BASE}/mgWhatsNew.aspx</link><description>modern.gov - What's new</description>\n"
        f"{rows}</channel></rss>\n",
        RSS,
    )
