"""A meeting as it stands, read from the tables in four queries."""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import fields
from typing import Final

from sqlite_utils import Database

from history.state import DocumentState, ItemState, MeetingState
from scraper.records import VoteRecord

_ELSEWHERE: Final = {"transport", "parser", "items", "documents", "committee_name"}  # columns of other tables
_JSON: Final = {"spoken", "attendance", "cut", "votes"}


def _names(state: type[MeetingState | ItemState | DocumentState], without: Set[str] = frozenset()) -> list[str]:
    return [field.name for field in fields(state) if field.name not in _ELSEWHERE | _JSON | without]


_MEETING: Final = _names(MeetingState)
_ITEM: Final = _names(ItemState)
# Without the text, which is long and not compared: writing a version fetches it.
_DOCUMENT: Final = _names(DocumentState, {"text"})
_BY: Final = "v.transport, v.parser"


def _columns(names: list[str]) -> str:
    return ", ".join(f"t.{name}" for name in names)


_MEETING_SQL: Final = (
    f"SELECT {_columns(_MEETING)}, {_BY}, t.spoken, t.attendance, c.name"  # noqa: S608
    " FROM meetings t JOIN committees c ON c.id = t.committee LEFT JOIN versions v ON v.id = t.version"
    " WHERE t.source = ? AND t.meeting_id = ?"
)
_ITEM_SQL: Final = (
    f"SELECT {_columns(_ITEM)}, {_BY}, t.cut, t.votes FROM items t LEFT JOIN versions v ON v.id = t.version"  # noqa: S608
    " WHERE t.meeting = ? ORDER BY t.position, t.id"
)
_DOCUMENT_SQL: Final = (
    f"SELECT {_columns(_DOCUMENT)}, {_BY}, t.item FROM documents t LEFT JOIN versions v ON v.id = t.version"  # noqa: S608
)


def load_meeting(db: Database, source: int, meeting_id: int, *, whole: bool = True) -> MeetingState | None:
    """The meeting as it stands, by moderngov's number; None where it was never heard of. Not `whole`: without its
    items.
    """
    row = db.conn.execute(_MEETING_SQL, (source, meeting_id)).fetchone()
    if row is None:
        return None
    values = dict(zip([*_MEETING, "transport", "parser"], row, strict=False))
    spoken, attendance, committee = row[-3:]
    values |= {"baseline": bool(values["baseline"]), "differs": bool(values["differs"])}
    documents = documents_by_item(db, "meeting", int(values["id"])) if whole else {}
    return MeetingState(
        **values,
        committee_name=committee,
        spoken=frozenset(json.loads(spoken or "[]")),
        attendance=tuple(json.loads(attendance or "[]")),
        items=_items(db, int(values["id"]), documents) if whole else (),
        documents=documents.get(None, ()),
    )


def documents_by_item(db: Database, of: str, row: int) -> dict[int | None, tuple[DocumentState, ...]]:
    """The documents of a "meeting" or a "notice", by the row of their item (None: of the thing itself)."""
    condition = {"meeting": " WHERE t.meeting = ? ORDER BY t.id", "notice": " WHERE t.notice = ? ORDER BY t.id"}[of]
    found: dict[int | None, list[DocumentState]] = {}
    for document in db.conn.execute(_DOCUMENT_SQL + condition, (row,)):
        values = dict(zip([*_DOCUMENT, "transport", "parser"], document, strict=False))
        values |= {"restricted": bool(values["restricted"]), "wanted": bool(values["wanted"])}
        found.setdefault(document[-1], []).append(DocumentState(**values))
    return {item: tuple(documents) for item, documents in found.items()}


def load_document(db: Database, row: int) -> DocumentState:
    """One document with its text."""
    document = db.conn.execute(_DOCUMENT_SQL + " WHERE t.id = ?", (row,)).fetchone()
    values = dict(zip([*_DOCUMENT, "transport", "parser"], document, strict=False))
    (text,) = db.conn.execute("SELECT text FROM documents WHERE id = ?", (row,)).fetchone()
    return DocumentState(
        **values | {"restricted": bool(values["restricted"]), "wanted": bool(values["wanted"]), "text": text}
    )


def _items(db: Database, meeting: int, documents: dict[int | None, tuple[DocumentState, ...]]) -> tuple[ItemState, ...]:
    items = []
    for row in db.conn.execute(_ITEM_SQL, (meeting,)):
        values = dict(zip([*_ITEM, "transport", "parser"], row, strict=False))
        cut, votes = row[-2:]
        items.append(
            ItemState(
                **values | {"restricted": bool(values["restricted"])},
                cut=frozenset(json.loads(cut or "[]")),
                votes=tuple(VoteRecord(**vote) for vote in json.loads(votes or "[]")),
                documents=documents.get(values["id"], ()),
            )
        )
    return tuple(items)
