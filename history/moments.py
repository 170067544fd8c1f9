"""As it stood: a meeting with its items and documents at any moment, from versions, with the capture that proves each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from history.database import stamp
from history.questions import Document, Item, Meeting, NotFoundError, Vote, documents_of, items_of, meeting, rows, when

_PROOF: Final = """v.id, v.seen_at, v.transport, v.parser, p.sha256, p.url, p.fetched_at
 FROM versions v LEFT JOIN captures p ON p.id = v.capture"""
_VERSIONS: Final = f"SELECT v.entity_id, v.content, {_PROOF}"


@dataclass(frozen=True, slots=True)
class Proof:
    """The version that shows a thing, and the capture it was read from: `sha256` of the body as served, its address and
    when it was fetched. None where no page was kept (a list told it, or the page was taken out of the record).
    """

    version: int
    seen_at: datetime
    transport: str
    parser: str
    sha256: str | None
    url: str | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting with what stands in it at `at`; None: now. `documents` are the meeting's own; items have theirs.

    `proof` is the meeting's; `proofs` has that of every item and document by ("item", row).
    """

    at: datetime | None
    meeting: Meeting
    items: tuple[Item, ...]
    documents: tuple[Document, ...]
    proof: Proof | None
    proofs: dict[tuple[str, int], Proof]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a thing: its whole `content` as it stood from `proof.seen_at` on."""

    content: dict[str, Any]
    proof: Proof


def as_it_stands(db: Database, number: int) -> Standing:
    """A meeting now, with items and documents that were withdrawn marked as such. Raises NotFoundError."""
    shown = meeting(db, number)
    proofs: dict[tuple[str, int], Proof] = {}
    for entity, rows_of in (
        ("meeting", "SELECT version FROM meetings WHERE id = ?"),
        ("item", "SELECT version FROM items WHERE meeting = ?"),
        ("document", "SELECT version FROM documents WHERE meeting = ?"),
    ):
        for row in rows(db, f"SELECT v.entity_id, {_PROOF} WHERE v.id IN ({rows_of})", (number,)):
            proofs[entity, row["entity_id"]] = _proof(row)
    documents = tuple(document for document in documents_of(db, number) if document.item is None)
    return Standing(None, shown, items_of(db, number), documents, proofs.pop(("meeting", number), None), proofs)


def as_it_stood(db: Database, number: int, moment: datetime) -> Standing:
    """A meeting at a moment: only what stood then. Raises NotFoundError where it was not known yet, saying since when it is."""
    now = meeting(db, number)
    version = version_at(db, "meeting", number, moment)
    if version is None:
        since = f"it was first seen at {now.first_seen.isoformat(timespec='minutes')}" if now.first_seen else ""
        raise NotFoundError(f"meeting:{number} was not known at {moment.isoformat(timespec='minutes')}; {since}")
    proofs: dict[tuple[str, int], Proof] = {}
    documents = []
    for row, stood in _versions_in(db, "document", number, moment):
        documents.append(_document(row, stood.content))
        proofs["document", row] = stood.proof
    items = []
    for row, stood in _versions_in(db, "item", number, moment):
        items.append(_item(row, number, stood.content, tuple(d for d in documents if d.item == row)))
        proofs["item", row] = stood.proof
    content = version.content
    shown = Meeting(
        **{name: getattr(now, name) for name in Meeting.__dataclass_fields__}
        | {name: content.get(name) for name in ("venue", "status_note", "contact")}
        | {
            "committee": content.get("committee") or now.committee,
            "starts_at": when(content.get("starts_at")),
            "status": content.get("status", "scheduled"),
            "agenda_state": content.get("agenda_state", "none"),
            "minutes_state": content.get("minutes_state", "none"),
            "attendance": tuple(content.get("attendance", ())),
            "url": content.get("url", now.url),
            "last_seen": None,
            "last_changed": version.proof.seen_at,
            "agenda_seen_at": _past(now.agenda_seen_at, moment),
            "minutes_seen_at": _past(now.minutes_seen_at, moment),
            "withdrawn_at": version.proof.seen_at if content.get("withdrawn") else None,
        }
    )
    items.sort(key=lambda item: (item.position, item.id))
    own = tuple(document for document in documents if document.item is None)
    return Standing(moment, shown, tuple(items), own, version.proof, proofs)


def version_at(db: Database, entity: str, number: int, moment: datetime) -> Version | None:
    """A "meeting", "item", "document" or "notice" as it stood at a moment; None where it was not known yet."""
    found = rows(
        db,
        f"{_VERSIONS} WHERE v.entity = ? AND v.entity_id = ? AND v.seen_at <= ? ORDER BY v.seen_at DESC, v.id DESC LIMIT 1",
        (entity, number, stamp(moment)),
    )
    return _version(found[0]) if found else None


def versions_of(db: Database, entity: str, number: int) -> tuple[Version, ...]:
    """All versions of a thing, oldest first."""
    found = rows(db, f"{_VERSIONS} WHERE v.entity = ? AND v.entity_id = ? ORDER BY v.seen_at, v.id", (entity, number))
    return tuple(map(_version, found))


def _versions_in(db: Database, entity: str, meeting: int, moment: datetime) -> list[tuple[int, Version]]:
    """What of a meeting's items or documents stood at a moment."""
    found = rows(
        db,
        f"""{_VERSIONS} WHERE v.id IN (
              SELECT (SELECT w.id FROM versions w WHERE w.entity = ? AND w.entity_id = t.id AND w.seen_at <= ?
                      ORDER BY w.seen_at DESC, w.id DESC LIMIT 1)
              FROM {entity}s t WHERE t.meeting = ?) ORDER BY v.entity_id""",  # noqa: S608
        (entity, stamp(moment), meeting),
    )
    versions = [(row["entity_id"], _version(row)) for row in found]
    return [(row, version) for row, version in versions if not version.content.get("withdrawn")]


def _version(row: dict[str, Any]) -> Version:
    return Version(json.loads(row["content"]), _proof(row))


def _proof(row: dict[str, Any]) -> Proof:
    return Proof(
        version=row["id"],
        seen_at=datetime.fromisoformat(row["seen_at"]),
        transport=row["transport"],
        parser=row["parser"],
        sha256=row["sha256"],
        url=row["url"],
        fetched_at=when(row["fetched_at"]),
    )


def _item(row: int, meeting: int, content: dict[str, Any], documents: tuple[Document, ...]) -> Item:
    return Item(
        id=row,
        meeting=meeting,
        item_id=content.get("item_id"),
        position=content.get("position") or 0,
        number=content.get("number") or "",
        title=content.get("title") or "",
        text=content.get("text"),
        decision=content.get("decision"),
        minutes=content.get("minutes"),
        restricted=bool(content.get("restricted")),
        restricted_by=content.get("restricted_by"),
        restriction=content.get("restriction"),
        issue_id=content.get("issue_id"),
        url=content.get("url") or "",
        cut=tuple(content.get("cut") or ()),
        doubt=None,
        votes=tuple(Vote(**vote) for vote in content.get("votes") or ()),
        documents=documents,
        first_seen=None,
        withdrawn_at=None,
        forgotten_at=None,
    )


def _document(row: int, content: dict[str, Any]) -> Document:
    return Document(
        id=row,
        item=content.get("item"),
        document_id=content.get("document_id") or "",
        title=content.get("title") or "",
        kind=content.get("kind") or "other",
        url=content.get("url") or "",
        size_shown=content.get("size_shown"),
        size=content.get("size"),
        sha256=content.get("sha256"),
        pages=content.get("pages"),
        text_state=content.get("text_state"),
        restricted=bool(content.get("restricted")),
        first_seen=None,
        withdrawn_at=None,
        forgotten_at=None,
    )


def _past(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment <= at else None
