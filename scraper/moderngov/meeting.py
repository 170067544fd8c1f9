"""The meeting page, `ieListDocuments.aspx?CId=711&MId=10221`: its heading, its papers, its agenda item by item.

Captured: two pages of Kingston, one of them cancelled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bs4 import Tag

from scraper.markup import Reading, line_of
from scraper.moderngov import addresses, dates, papers
from scraper.moderngov.agenda import read_agenda
from scraper.moderngov.page import Page, reads
from scraper.moderngov.status import status_of
from scraper.records import (
    MEETING_FIELDS,
    AgendaState,
    DocumentRecord,
    MeetingRecord,
    MinutesState,
    Refused,
    Suspect,
)
from scraper.tree import BLOCKS

_DRAFT = re.compile(r"\bdrafft\b|\bdraft\b", re.IGNORECASE)
_MINUTES = re.compile(r"\bminutes\b|\b[cg]h?ofnodion\b", re.IGNORECASE)
_OF_THE_SITE = re.compile(r"\bagendas\b|\bmeetings\b", re.IGNORECASE)
_AGENDA = re.compile(r"\bagenda\b|\brhaglen\b", re.IGNORECASE)
_DECISIONS = re.compile(r"\bdecisions?\b|\bp?h?b?enderfyniad(?:au)?\b", re.IGNORECASE)
_NOTHING_OUT = re.compile(
    r"\bno documents (?:are|is) available\b|\b(?:does )?dim dogfennau\b|\bnid oes (?:unrhyw )?d?dogfennau\b",
    re.I,
)
_VENUE = re.compile(r"^(?:proposed )?venue\b|^lleoliad\b|^man cyfarfod\b|^location\b", re.IGNORECASE)
_CONTACT = re.compile(r"^contact\b|^cyswllt\b|^cysylltwch\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """`<committee> - <date and time>, CANCELLED`, taken apart."""

    committee_name: str
    committee_id: int | None
    starts_at: datetime
    note: str


@reads
def read_meeting(page: Page) -> MeetingRecord | Suspect | Refused:
    """A meeting with its items and papers. Suspect where the page says that something is out and shows no items."""
    heading = _heading(page)
    if heading is None:
        return Suspect("no heading on the page tells a committee and a date")
    frame = _Frame(page)
    frame.read(page.root)
    meeting_id = addresses.number(page.url, "MId", "MeetingId") or frame.meeting_id
    if meeting_id is None:
        return Suspect("the page bears no number of a meeting")
    agenda = read_agenda(page)
    if isinstance(agenda, Suspect):
        return agenda
    documents = tuple(frame.documents.values())
    made = {document.kind for document in documents}
    nothing_out = frame.nothing_out and not agenda.items
    # "Agendas and minutes" is the site's own heading, and says nothing of this meeting
    says = "" if nothing_out or _OF_THE_SITE.search(page.h1) else page.h1
    minutes_out = bool(_MINUTES.search(says)) or "minutes" in made or any(item.minutes for item in agenda.items)
    drafted = (
        agenda.drafted or _DRAFT.search(says) or any(_DRAFT.search(d.title) for d in documents if d.kind == "minutes")
    )
    minutes_state: MinutesState = ("draft" if drafted else "approved") if minutes_out else "none"
    agenda_out = bool(agenda.items or _AGENDA.search(says) or made & {"frontsheet", "pack", "decisions"})
    agenda_state: AgendaState = "published" if agenda_out else "none"
    if not agenda.items and (agenda_out or minutes_out or agenda.table or frame.reports) and not nothing_out:
        return Suspect("no items on a page that says its agenda is out")
    status, note = status_of(heading.note)
    return MeetingRecord(
        meeting_id=meeting_id,
        url=page.url,
        transport="html",
        fields=MEETING_FIELDS,
        committee_id=heading.committee_id or addresses.number(page.url, "CId", "CommitteeId") or None,
        committee_name=heading.committee_name or None,
        agenda_id=next((int(made_of[1]) for d in documents if (made_of := re.match(r"g(\d+):", d.document_id))), None),
        starts_at=heading.starts_at,
        venue=frame.venue,
        status=status,
        status_note=note,
        agenda_state=agenda_state,
        minutes_state=minutes_state,
        contact=frame.contact,
        items=agenda.items,
        documents=documents,
    )


def _heading(page: Page) -> Heading | None:
    """The first heading with a date; names of committees may hold ` - `, and the weekday may be glued to them."""
    own = sorted(page.headings[:30], key=lambda tag: "mgSubTitleTxt" not in str(tag.get("class") or ""))
    for tag in own:
        line = line_of(tag)[:1000]
        found = list(dates.moments(line))
        if not found:
            continue
        date = next((one for one in reversed(found) if one.weekday), found[0])
        link = tag.find("a", href=True)
        committee_id = addresses.number(page.link(link) or "", "ID", "CId", "CommitteeId") if link else None
        name = re.sub(r"[\s,]*(?:\s[-–—]|[-–—])?\s*$", "", line[: date.start])
        return Heading(name.strip(), committee_id, date.moment, line[date.end :].strip(" ,"))
    return None


class _Frame(Reading):
    """What stands round the items: venue, contact, the papers of the meeting."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.venue: str | None = None
        self.contact: str | None = None
        self.meeting_id: int | None = None
        self.documents: dict[str, DocumentRecord] = {}
        self.reports = False  # papers of items, though they stand outside the table of items

    @property
    def nothing_out(self) -> bool:
        return _NOTHING_OUT.search(" ".join(self.pieces)) is not None

    def take(self, tag: Tag) -> bool:
        style = str(tag.get("class") or "")
        if tag.name == "table" and ("mgItemTable" in style or tag.get("id") == "mgItemTable"):
            return True
        if tag.name == "tr" and self.page.is_item_row(tag):
            return True
        if tag.name == "a":
            return self._take_link(tag)
        if tag.name == "span" and "mgLabel" in style:
            self._label(tag)
        return super().take(tag)

    def _take_link(self, link: Tag) -> bool:
        document = papers.document(self.page, link, of_item=False)
        if document is not None:
            self.documents.setdefault(document.document_id, document)
            self.reports = self.reports or document.document_id.startswith("s")
        elif addresses.page_name(address := self.page.link(link) or "") == "mgmeetingattendance.aspx":
            self.meeting_id = addresses.number(address, "ID")
        return document is not None and link.find("a") is None

    def _label(self, label: Tag) -> None:
        """Keeps what stands beside a label, up to the next one; "View directions" is no part of a venue."""
        beside = Reading()
        directions = False
        for sibling in label.next_siblings:
            if not isinstance(sibling, Tag):
                beside.pieces.append(str(sibling).replace("\n", " "))
            elif "mgLabel" in str(sibling.get("class") or "") or sibling.name in BLOCKS - {"br"}:
                break
            elif addresses.page_name(self.page.link(sibling) or "") == "mglocationdetails.aspx":
                directions = True
            else:
                beside.read(sibling)
        value = (beside.text() or "").replace("\n", " ")
        named = line_of(label).strip(" :")
        if _VENUE.search(named) and self.venue is None:
            self.venue = (value.rstrip(" .") if directions else value) or None
        elif _CONTACT.search(named) and self.contact is None:
            self.contact = value or None
