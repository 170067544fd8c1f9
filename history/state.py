"""What stands: a meeting with its items and documents as the history holds it, as values between two polls.

Moments are text as `database.stamp` writes them. `id` is the row's own id, None where the thing has yet to be written.
`version` is the row of the version that shows the thing as it stands; `transport` and `parser` are that version's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scraper.records import VoteRecord

TEXTS = ("text", "decision", "minutes")
TAKEN_OUT = "[taken out]"  # stands where a title was that has been forgotten


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document; `wanted`: its bytes are to be fetched (never were, or its title, shown size or address changed)."""

    document_id: str
    title: str
    kind: str
    url: str
    first_seen: str
    id: int | None = None
    size_shown: str | None = None
    restricted: bool = False
    size: int | None = None
    sha256: str | None = None
    pages: int | None = None
    text: str | None = None
    text_state: str | None = None
    fetched_at: str | None = None
    wanted: bool = True
    missing_since: str | None = None
    missing_polls: int = 0
    withdrawn_at: str | None = None
    forgotten_at: str | None = None
    version: int | None = None
    transport: str | None = None
    parser: str | None = None

    def content(self, item: int | None = None, notice: int | None = None) -> dict[str, Any]:
        """Its whole as a version keeps it; `item` or `notice` is the row that it belongs to."""
        content: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("document_id", "title", "kind", "url", "size_shown", "size", "sha256", "pages", "text_state")
        }
        return content | {
            "text": self.text,
            "restricted": self.restricted,
            "item": item,
            "notice": notice,
            "withdrawn": self.withdrawn_at is not None,
        }


@dataclass(frozen=True, slots=True)
class ItemState:
    """An agenda item. `cut` names the texts that are cut off as yet; `texts_missing_*` count a text that is gone while
    the item stands."""

    number: str
    title: str
    position: int
    url: str
    first_seen: str
    id: int | None = None
    item_id: int | None = None
    text: str | None = None
    decision: str | None = None
    minutes: str | None = None
    restricted: bool = False
    restricted_by: str | None = None
    restriction: str | None = None
    issue_id: int | None = None
    cut: frozenset[str] = frozenset()
    votes: tuple[VoteRecord, ...] = ()
    doubt: str | None = None
    decision_seen_at: str | None = None
    minutes_seen_at: str | None = None
    texts_missing_since: str | None = None
    texts_missing_polls: int = 0
    missing_since: str | None = None
    missing_polls: int = 0
    withdrawn_at: str | None = None
    forgotten_at: str | None = None
    version: int | None = None
    transport: str | None = None
    parser: str | None = None
    documents: tuple[DocumentState, ...] = ()

    def content(self) -> dict[str, Any]:
        """Its whole as a version keeps it: votes and the documents that stand under it included."""
        content: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("item_id", "position", "number", "title", "text", "decision", "minutes", "restricted")
        }
        return content | {
            "restricted_by": self.restricted_by,
            "restriction": self.restriction,
            "issue_id": self.issue_id,
            "url": self.url,
            "cut": sorted(self.cut),
            "votes": [
                {"title": vote.title, "kind": vote.kind, "text": vote.text, "result": vote.result}
                for vote in self.votes
            ],
            "documents": listed_documents(self.documents),
            "withdrawn": self.withdrawn_at is not None,
        }


@dataclass(frozen=True, slots=True)
class MeetingState:
    """A meeting. `documents` are those of the meeting itself (packs, late papers); `spoken` are the fields that its
    readings could speak of so far, items' fields as "items.minutes"."""

    meeting_id: int
    committee_id: int
    committee_name: str
    url: str
    first_seen: str
    id: int | None = None
    committee: int | None = None
    council: int | None = None
    agenda_id: int | None = None
    starts_at: str | None = None
    starts_at_utc: str | None = None
    venue: str | None = None
    status: str = "scheduled"
    status_note: str | None = None
    agenda_state: str = "none"
    minutes_state: str = "none"
    contact: str | None = None
    attendance: tuple[str, ...] = ()
    baseline: bool = False
    read_at: str | None = None
    agenda_seen_at: str | None = None
    minutes_seen_at: str | None = None
    minutes_approved_at: str | None = None
    missing_since: str | None = None
    missing_polls: int = 0
    withdrawn_at: str | None = None
    spoken: frozenset[str] = frozenset()
    listed: str | None = None
    differs: bool = False
    version: int | None = None
    transport: str | None = None
    parser: str | None = None
    items: tuple[ItemState, ...] = ()
    documents: tuple[DocumentState, ...] = ()

    def content(self) -> dict[str, Any]:
        """Its whole as a version keeps it; the items have versions of their own."""
        content: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("committee_id", "meeting_id", "agenda_id", "starts_at", "venue", "status", "status_note")
        }
        return content | {
            "committee": self.committee_name,
            "agenda_state": self.agenda_state,
            "minutes_state": self.minutes_state,
            "contact": self.contact,
            "attendance": list(self.attendance),
            "url": self.url,
            "documents": listed_documents(self.documents),
            "withdrawn": self.withdrawn_at is not None,
        }


def listed_documents(documents: tuple[DocumentState, ...]) -> list[dict[str, str]]:
    """Those that stand, as the version of what they stand in names them; their order on the page is not kept."""
    return [
        {"document_id": document.document_id, "title": document.title}
        for document in sorted(documents, key=lambda each: (each.document_id, each.title))
        if document.withdrawn_at is None
    ]
