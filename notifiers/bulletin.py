"""What a message tells, as a value: the outbox gathers it from the history, messages.py renders it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

MessageKind = Literal["alert", "digest", "summary", "reminder", "proof of life", "trouble", "recovery", "dead", "test"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence as the council wrote it, the spans (start, end) of the words that matched, and where it stands."""

    sentence: str
    spans: tuple[tuple[int, int], ...] = ()
    field: str = ""  # "minutes", "decision", "text", "title", "document"


@dataclass(frozen=True, slots=True)
class ToldDate:
    """A key date: `kind` is opens, closes, expires, comes into force or decision due; `date` ISO, as precise as `precision`."""

    kind: str
    date: str
    precision: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something said before on the same subject in the same meeting or thread: "18 November: put on the agenda"."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """One thing told: the changes to one item (or document, meeting, notice) that a subscriber's watches matched."""

    kinds: tuple[str, ...]  # kinds of change, the weightiest first; empty in a summary of what stood already
    watches: tuple[str, ...]
    words: tuple[str, ...]  # the words that matched, as written
    council: str
    council_slug: str
    committee: str
    starts_at: datetime | None  # local, aware
    meeting_url: str
    topic: str | None = None  # the topic's title for people: "PSPO"
    number: str = ""
    title: str = ""  # of the item, or of the notice; "" where the meeting itself is told of
    document: str | None = None  # the document's title where the news is in a document
    quotes: tuple[Quote, ...] = ()
    before: str | None = None  # for amended text: word differences are shown between the two
    after: str | None = None
    stage: str | None = None  # one of topics.md's stages; None or "none": nothing told
    stage_as_of: date | None = None
    stage_is_old: bool = False  # told more than a fortnight ago: it may have begun or ended since
    dates: tuple[ToldDate, ...] = ()
    restricted: bool = False
    restricted_neighbours: tuple[str, ...] = ()  # 'SSP/53/25 "PSPO Update"'
    earlier: tuple[Earlier, ...] = ()
    contact: str | None = None
    respond_at: str | None = None  # address of the consultation, if the text has one
    venue: str | None = None
    status: str = "scheduled"
    links: tuple[Link, ...] = ()
    change_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Proof of life: what was looked at while there was nothing to tell."""

    watch: str
    looks: int
    meetings: int
    next_meeting: date | None
    council_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """For the operator: what is wrong with what, since when, and what to do."""

    what: str  # a source's address, a subscriber's address label
    state: str
    since: datetime | None
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One message, before it is rendered. `now` is UTC; `timezone` the reader's."""

    kind: MessageKind
    subscriber: str
    now: datetime
    timezone: str = "Europe/London"
    stories: tuple[Story, ...] = ()
    more: int = 0  # stories left out (the message says so, with where to see them)
    held_back: bool = False  # the flood guard turned many alerts into this digest
    quiet: Quiet | None = None
    trouble: tuple[Trouble, ...] = ()
    operator_contact: str = ""
    history_url: str | None = None  # where the operator serves the history, if the config says


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """The forms of one message. `slack` is mrkdwn, `line` one bare line for a push service. `thread` groups a subject's mails."""

    subject: str
    text: str
    html: str
    slack: str
    markdown: str
    line: str
    attachments: tuple[Attachment, ...] = ()
    thread: str | None = None
