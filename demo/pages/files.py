"""Documents: their addresses, names and sizes, and the bytes behind them.

``documents/s<number>/<name>.pdf`` belongs to an item, ``documents/g<agenda>/<name>.pdf?T=<n>`` to a meeting (0
frontsheet, 1 minutes, 2 decisions, 10 reports pack), ``documents/b<SID>/<name>.pdf?T=9`` is a supplement's file. The
first two were captured; the third was not, it is what the chooser page leads to here. Names have blanks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from demo import documents
from demo.council import Document, Item, Meeting, SiteState
from demo.pages.asked import Answer, NotThere
from demo.pages.word import plain
from demo.pages.wording import file_date

FRONTSHEET, MINUTES, DECISIONS, SUPPLEMENT, PACK = 0, 1, 2, 9, 10

_NAMES: Mapping[int, str] = {
    FRONTSHEET: "Agenda frontsheet",
    MINUTES: "Printed minutes",
    DECISIONS: "Decisions",
    PACK: "Public reports pack",
}


def safe(name: str) -> str:
    """A title as the name of a file."""
    return re.sub(r'[\\/:*?"<>|&#%]+', "", name).strip()


def address(paper: Document) -> str:
    """Relative address of an item's, decision's or consultation's document."""
    suffix = "docx" if paper.format == "docx" else "pdf"
    return f"documents/s{paper.id}/{safe(paper.file or paper.title)}.{suffix}"


def supplement_address(state: SiteState, meeting: Meeting, paper: Document) -> str:
    name = f"{paper.title} {file_date(meeting.starts, state.council)} {_committee(state, meeting)}"
    return f"documents/b{paper.id}/{safe(name)[:100]}.pdf?T={SUPPLEMENT}"


def meeting_address(state: SiteState, meeting: Meeting, kind: int) -> str:
    """Relative address of a meeting's own document; ``kind`` is ``T``. Names are cut at about 100 characters."""
    name = f"{_NAMES[kind]} {file_date(meeting.starts, state.council)} {_committee(state, meeting)}"
    return f"documents/g{state.agenda_id(meeting)}/{safe(name)[:100]}.pdf?T={kind}"


def size(paper: Document) -> str:
    """What the page shows: ``821 KB``."""
    return paper.size or documents.shown_size(paper.text)


def meeting_size(state: SiteState, meeting: Meeting, kind: int) -> str:
    return documents.shown_size(meeting_text(state, meeting, kind))


def kind_of(paper: Document) -> str:
    """As in the text beside the icon."""
    return "DOCX" if paper.format == "docx" else "PDF"


def document(state: SiteState, number: int) -> Answer:
    """The file of one document. Raises `NotThere`."""
    paper = state.documents.get(number)
    if paper is None:
        raise NotThere
    if paper.format == "docx":
        return Answer(documents.docx(paper.title, paper.text), documents.DOCX)
    if paper.format == "scan":
        return Answer(documents.scan(paper.title + paper.text, documents.size_in_bytes(size(paper))), documents.PDF)
    return Answer(documents.pdf(paper.title, paper.text, documents.size_in_bytes(size(paper))), documents.PDF)


def meeting_document(state: SiteState, agenda: int, kind: int) -> Answer:
    """The file of a meeting's own document. Raises `NotThere`."""
    for meeting in state.meetings.values():
        if state.agenda_id(meeting) == agenda and kind in kinds_out(state, meeting):
            text = meeting_text(state, meeting, kind)
            shown = documents.size_in_bytes(documents.shown_size(text))
            return Answer(documents.pdf(_NAMES[kind], text, shown), documents.PDF)
    raise NotThere


def kinds_out(state: SiteState, meeting: Meeting) -> tuple[int, ...]:
    """Which of a meeting's own documents are out."""
    out = [FRONTSHEET] if meeting.agenda else []
    if meeting.agenda and any(state.documents_of("item", item.id) for item in state.items_of(meeting.id)):
        out.append(PACK)
    out += [DECISIONS] if meeting.decisions else []
    return (*out, MINUTES) if meeting.minutes else tuple(out)


def meeting_text(state: SiteState, meeting: Meeting, kind: int) -> str:
    """The words of a meeting's own document."""
    items = state.items_of(meeting.id)
    parts = [_committee(state, meeting), file_date(meeting.starts, state.council), meeting.venue]
    for item in items:
        parts.append(f"{item.number} {item.title}".strip())
        parts += [plain(part) for part in _body(state, item, kind) if part]
    return "\n\n".join(parts)


def _body(state: SiteState, item: Item, kind: int) -> list[str]:
    if kind == MINUTES:
        return [item.minutes]
    if kind == DECISIONS:
        return [item.decision]
    reports = [paper.text for paper in state.documents_of("item", item.id)] if kind == PACK else []
    return [item.text, *reports]


def _committee(state: SiteState, meeting: Meeting) -> str:
    return state.committees[meeting.committee].name
