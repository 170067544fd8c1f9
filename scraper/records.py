"""What a council's pages say, parsed: frozen, typed values with no behaviour that reaches outside them.

A record names in `fields` what its page can speak of. A field that stands there with None means "the page says that there is
none"; a field that does not stand there is not compared with anything. So the web service, which cannot tell a draft from
approved minutes, never unsays what the HTML page said.

Numbers are moderngov's own (`CId`, `MId`, the digits of `AI…`). `number` is the number as shown to people and is no key.
Times are aware, in Europe/London.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Transport = Literal["html", "webservice", "both"]
Status = Literal["scheduled", "cancelled"]
AgendaState = Literal["none", "published"]
# "published": minutes are out, and the transport could not say whether they are a draft (web service only)
MinutesState = Literal["none", "draft", "published", "approved"]
DocumentKind = Literal["report", "frontsheet", "pack", "minutes", "decisions", "late paper", "other"]
# how we know that an item is restricted: the page's own mark (link or flag), its title, or only the words of its text
RestrictedBy = Literal["mark", "title", "words"]
NoticeKind = Literal["decision", "plan", "consultation"]

MEETING_FIELDS = frozenset(
    {"starts_at", "venue", "status", "agenda_state", "minutes_state", "contact", "items", "documents"}
)
ITEM_FIELDS = frozenset(
    {"title", "number", "position", "text", "decision", "minutes", "restricted", "documents", "votes"}
)


@dataclass(frozen=True, slots=True)
class Suspect:
    """The page does not look like what was asked for. It changes nothing and is asked for again soon."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The page says of itself that it is something else: an error page, a login, a challenge, maintenance."""

    reason: str


@dataclass(frozen=True, slots=True)
class CommitteeRecord:
    committee_id: int
    name: str
    category: str | None = None
    expired: bool = False


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """One row of a list of meetings. `agenda_out` and the like are None where the list does not say."""

    meeting_id: int
    committee_id: int | None
    committee_name: str | None
    starts_at: datetime | None
    status: Status
    url: str
    agenda_out: bool | None = None
    decisions_out: bool | None = None
    minutes_out: bool | None = None
    status_note: str | None = None  # "Rescheduled from 24 September 2026"


@dataclass(frozen=True, slots=True)
class MeetingList:
    """A list of meetings and the span of days (local, inclusive) that it is complete for; None is open-ended."""

    committee_id: int | None  # None: of the whole site
    meetings: tuple[ListedMeeting, ...]
    covers_from: date | None = None
    covers_to: date | None = None
    earlier_url: str | None = None
    later_url: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document that a page links to. `document_id` is `s112217`, `g10223:T10` or `sid23550` (one `g` names four files)."""

    document_id: str
    title: str
    kind: DocumentKind
    url: str
    size_shown: str | None = None  # as printed, "821 KB"; None where the transport shows none
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class VoteRecord:
    title: str
    kind: str
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An agenda item. Texts are canonical: paragraphs parted by newlines; None where the page has none."""

    item_id: int | None  # None where the page bears no AI number: identity.py then goes by reference and title
    position: int  # place on the page, from 1
    number: str  # as shown: "SSP/46/25", "59."; "" where none is shown
    title: str
    url: str
    text: str | None = None
    decision: str | None = None
    minutes: str | None = None
    restricted: bool = False
    restricted_by: RestrictedBy | None = None
    restriction: str | None = None  # the Schedule 12A paragraph, where it is given
    issue_id: int | None = None
    documents: tuple[DocumentRecord, ...] = ()
    votes: tuple[VoteRecord, ...] = ()
    cut: frozenset[str] = frozenset()  # the texts ("minutes", "decision", "text") that the page cut off
    fields: frozenset[str] = ITEM_FIELDS


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    meeting_id: int
    url: str
    transport: Transport
    fields: frozenset[str]
    committee_id: int | None = None
    committee_name: str | None = None
    agenda_id: int | None = None  # the `g` number of its packs; often, not always, the meeting's own
    starts_at: datetime | None = None
    venue: str | None = None
    status: Status = "scheduled"
    status_note: str | None = None
    agenda_state: AgendaState = "none"
    minutes_state: MinutesState = "none"
    contact: str | None = None
    items: tuple[ItemRecord, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()  # packs and late papers, which belong to the meeting
    attendance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemText:
    """A full item page (`mgAi.aspx`): what the meeting page cut off."""

    item_id: int
    title: str
    text: str | None
    decision: str | None
    minutes: str | None
    documents: tuple[DocumentRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A decision taken outside a meeting's page, an entry of a forward plan, or a consultation."""

    kind: NoticeKind
    notice_id: int
    title: str
    url: str
    text: str | None = None
    decision_maker: str | None = None
    status: str | None = None
    published: date | None = None
    decided: date | None = None
    due: date | None = None  # of a plan: when the decision is due; of a consultation: when it closes
    opens: date | None = None
    key: bool | None = None
    wards: str | None = None
    meeting_id: int | None = None
    issue_id: int | None = None
    documents: tuple[DocumentRecord, ...] = ()
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoticeListing:
    """A list of notices: the rows as far as the list tells, each with the address of its detail page."""

    kind: NoticeKind
    notices: tuple[NoticeRecord, ...]
    more: tuple[str, ...] = ()  # addresses of further lists to read (plans of other periods, pages)


@dataclass(frozen=True, slots=True)
class Hint:
    """One entry of an RSS feed: cheap word that something changed, never content."""

    title: str
    url: str
    published: datetime | None
