"""What the demo council has: typed, frozen values, and the state of its site at one moment.

Numbers are moderngov's own kinds: ``CId`` of a committee, ``MId`` of a meeting, the ``AI`` number of an item, the ``s``
number of a document, ``IId`` of an issue. Local times have no offset and are in the council's time zone; ``changed`` is
aware, and is the moment of the last event that touched the thing (``None``: it stood there at the beginning).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Council:
    """The council and what is true of its whole site."""

    name: str = "Demo Council"
    timezone: str = "Europe/London"
    contact: str = "Democratic Services"
    email: str = ""
    banner: str = ""
    ordinals: bool = True  # 26th November, not 26 November
    dotted_time: bool = True  # 9.00 am, not 9:00 am
    maintenance: bool = False


@dataclass(frozen=True, slots=True)
class Committee:
    id: int
    name: str
    category: str = "Committees"
    purpose: str = ""
    members: tuple[str, ...] = ()
    expired: bool = False
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """``agenda``, ``decisions`` and ``minutes`` say whether they are out, ``draft`` that minutes are not approved."""

    id: int
    committee: int
    starts: datetime
    agenda_id: int = 0  # the number in documents/g…; 0: the same as the meeting's
    venue: str = ""
    contact: str = ""
    agenda: bool = False
    decisions: bool = False
    minutes: bool = False
    draft: bool = False
    cancelled: bool = False
    note: str = ""  # "Rescheduled from …", told by the web service's status only
    webcast: str = ""
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of an agenda. Texts are plain paragraphs, see `demo.pages.word`. ``paragraph`` is of Schedule 12A."""

    id: int
    meeting: int
    title: str
    number: str = ""
    position: int = 0  # 0: after those that came before it
    text: str = ""
    decision: str = ""
    minutes: str = ""
    vote: str = ""
    restricted: bool = False
    paragraph: int = 0
    issue: int = 0
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file of an item, a decision or a consultation, or of a meeting: then it is a supplement (late paper)."""

    id: int
    title: str
    item: int = 0
    meeting: int = 0
    decision: int = 0
    consultation: int = 0
    text: str = ""
    size: str = ""  # as shown, "821 KB"; "": from the length of the text. The file is really as big
    format: str = "pdf"  # pdf, scan (a PDF without text) or docx
    file: str = ""  # name without suffix; "": the title
    additional: bool = False  # under "Additional documents:", not as the item's title
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A subject that comes back over meetings; with ``plan`` and ``due`` it is an entry of a forward plan."""

    id: int
    title: str
    text: str = ""
    plan: int = 0
    due: str = ""
    first_published: date | None = None
    key: bool = False
    wards: str = "All Wards"
    maker: str = ""
    contact: str = ""
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    id: int
    committee: int
    title: str
    starts: date
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    id: int
    title: str
    published: date
    made: date
    text: str
    purpose: str = ""
    maker: str = ""
    effective: date | None = None
    call_ins: str = "Not for call-in"
    status: str = "Recommendations Approved"
    key: bool = False
    officer: bool = False
    forthcoming: bool = False
    meeting: int = 0
    issue: int = 0
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    id: int
    title: str
    opens: date
    closes: date
    text: str = ""
    address: str = ""
    changed: datetime | None = None


Record = Committee | Meeting | Item | Document | Issue | Plan | Decision | Consultation

KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "committee": Committee,
        "meeting": Meeting,
        "item": Item,
        "document": Document,
        "issue": Issue,
        "plan": Plan,
        "decision": Decision,
        "consultation": Consultation,
    }
)


@dataclass(frozen=True)
class SiteState:
    """All that the site shows at ``moment`` (aware). ``revision`` is how many events have passed."""

    council: Council
    moment: datetime
    revision: int = 0
    committees: Mapping[int, Committee] = field(default_factory=dict)
    meetings: Mapping[int, Meeting] = field(default_factory=dict)
    items: Mapping[int, Item] = field(default_factory=dict)
    documents: Mapping[int, Document] = field(default_factory=dict)
    issues: Mapping[int, Issue] = field(default_factory=dict)
    plans: Mapping[int, Plan] = field(default_factory=dict)
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    consultations: Mapping[int, Consultation] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.council.timezone)

    @property
    def today(self) -> date:
        """The council's calendar day."""
        return self.moment.astimezone(self.zone).date()

    @cached_property
    def _items(self) -> Mapping[int, tuple[Item, ...]]:
        rows: defaultdict[int, list[Item]] = defaultdict(list)
        for item in self.items.values():
            rows[item.meeting].append(item)
        return {meeting: tuple(sorted(found, key=lambda item: item.position)) for meeting, found in rows.items()}

    @cached_property
    def _documents(self) -> Mapping[tuple[str, int], tuple[Document, ...]]:
        rows: defaultdict[tuple[str, int], list[Document]] = defaultdict(list)
        for paper in self.documents.values():
            for owner in ("item", "meeting", "decision", "consultation"):
                if number := getattr(paper, owner):
                    rows[owner, number].append(paper)
        return {owner: tuple(found) for owner, found in rows.items()}

    @cached_property
    def _meetings(self) -> Mapping[int, tuple[Meeting, ...]]:
        rows: defaultdict[int, list[Meeting]] = defaultdict(list)
        for meeting in self.meetings.values():
            rows[meeting.committee].append(meeting)
        return {key: tuple(sorted(found, key=lambda m: (m.starts, m.id))) for key, found in rows.items()}

    def items_of(self, meeting: int) -> tuple[Item, ...]:
        """The meeting's items in the order of the page; none while its agenda is not out."""
        return self._items.get(meeting, ()) if self.meetings[meeting].agenda else ()

    def documents_of(self, owner: str, number: int) -> tuple[Document, ...]:
        """Documents of an ``item``, ``meeting`` (its supplements), ``decision`` or ``consultation``."""
        return self._documents.get((owner, number), ())

    def meetings_of(self, committee: int) -> tuple[Meeting, ...]:
        """The committee's meetings, earliest first."""
        return self._meetings.get(committee, ())

    def agenda_id(self, meeting: Meeting) -> int:
        return meeting.agenda_id or meeting.id

    def without_items(self) -> SiteState:
        """The same council with every agenda lost: what a site shows when its own database is in trouble."""
        return replace(self, items={}, documents={})

    def without_rows(self, *, committees: bool) -> SiteState:
        """The same council with what its lists show lost: of committees, or of everything but committees and plans."""
        lost = replace(self.without_items(), meetings={}, decisions={}, consultations={}, issues={})
        return replace(lost, committees={}, plans={}) if committees else lost
