"""What stands, and who is meant: councils, committees, meetings, items and documents as the history holds them now.

The other questions have modules of their own: `chronicle` (changes), `moments` (as it stood), `searching`, `timelines`,
`punctuality` (late and quiet), `condition` (status), `finding` (what a user typed). All take a database that may be
opened read-only and answer in frozen values. Moments are aware UTC; `starts_at` is aware local time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from sqlite_utils import Database

from history.database import HistoryError


class NotFoundError(HistoryError):
    """What was asked about does not stand in the history. `str()` is one line with the nearest that does."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting's row, with the words of its council and committee. `starts_at` is None where no date is known."""

    id: int
    council: str
    council_name: str
    nation: str | None
    committee: str
    committee_row: int
    meeting_id: int
    starts_at: datetime | None
    venue: str | None
    status: str
    status_note: str | None
    agenda_state: str
    minutes_state: str
    contact: str | None
    attendance: tuple[str, ...]
    url: str
    first_seen: datetime | None
    last_seen: datetime | None
    last_changed: datetime | None
    agenda_seen_at: datetime | None
    minutes_seen_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document without its text. `sha256` is of its bytes, once fetched; `size` is theirs."""

    id: int
    item: int | None
    document_id: str
    title: str
    kind: str
    url: str
    size_shown: str | None
    size: int | None
    sha256: str | None
    pages: int | None
    text_state: str | None
    restricted: bool
    first_seen: datetime | None
    withdrawn_at: datetime | None
    forgotten_at: datetime | None


@dataclass(frozen=True, slots=True)
class Vote:
    """A recorded vote, as the page gives it."""

    title: str
    kind: str
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item and its documents. `cut` names the texts of which only the beginning could be read."""

    id: int
    meeting: int
    item_id: int | None
    position: int
    number: str
    title: str
    text: str | None
    decision: str | None
    minutes: str | None
    restricted: bool
    restricted_by: str | None
    restriction: str | None
    issue_id: int | None
    url: str
    cut: tuple[str, ...]
    doubt: str | None
    votes: tuple[Vote, ...]
    documents: tuple[Document, ...]
    first_seen: datetime | None
    withdrawn_at: datetime | None
    forgotten_at: datetime | None


@dataclass(frozen=True, slots=True)
class Council:
    """A council that is watched, by row and slug."""

    id: int
    slug: str
    name: str
    nation: str | None


MEETING_COLUMNS: Final = """m.id, m.meeting_id, m.starts_at, m.venue, m.status, m.status_note, m.agenda_state, m.minutes_state,
 m.contact, m.attendance, m.url, m.first_seen, m.last_seen, m.last_changed, m.agenda_seen_at, m.minutes_seen_at, m.withdrawn_at,
 k.id AS committee_row, k.name AS committee, c.slug AS council, c.name AS council_name, c.nation"""
MEETING_TABLES: Final = "meetings m JOIN committees k ON k.id = m.committee JOIN councils c ON c.id = m.council"
_DOCUMENT_COLUMNS: Final = """id, item, document_id, title, kind, url, size_shown, size, sha256, pages, text_state, restricted,
 first_seen, withdrawn_at, forgotten_at"""
_ITEM_COLUMNS: Final = """id, meeting, item_id, position, number, title, text, decision, minutes, restricted, restricted_by,
 restriction, issue_id, url, cut, doubt, votes, first_seen, withdrawn_at, forgotten_at"""


def rows(db: Database, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> list[dict[str, Any]]:
    """All rows of a query, by column name."""
    cursor = db.conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def when(text: str | None) -> datetime | None:
    """A moment as the database writes it."""
    return None if text is None else datetime.fromisoformat(text)


def marks(values: Sequence[object]) -> str:
    """`?, ?, ?` for an IN list."""
    return ", ".join("?" * len(values))


def councils(db: Database) -> tuple[Council, ...]:
    """All councils, by name."""
    return tuple(Council(**row) for row in rows(db, "SELECT id, slug, name, nation FROM councils ORDER BY name"))


def council_rows(db: Database, named: Sequence[str]) -> tuple[int, ...]:
    """The rows of the councils named by slug or name. Raises NotFoundError."""
    if not named:
        return ()
    known = councils(db)
    found = []
    for name in named:
        wanted = name.casefold().strip()
        ids = [council.id for council in known if wanted in (council.slug, council.name.casefold())]
        if not ids:
            raise NotFoundError(f'no council "{name}" in this history{like(name, [council.slug for council in known])}')
        found += ids
    return tuple(found)


def committee_rows(db: Database, named: Sequence[str], of: Sequence[int] = ()) -> tuple[int, ...]:
    """The rows of the committees with these names, or, where none has just that name, with these words in theirs.

    `of`: only of these councils. Raises NotFoundError.
    """
    if not named:
        return ()
    where = f"WHERE council IN ({marks(of)})" if of else ""
    known = [(row["id"], row["name"]) for row in rows(db, f"SELECT id, name FROM committees {where}", of)]  # noqa: S608
    found = []
    for name in named:
        wanted = " ".join(name.casefold().split())
        ids = [row for row, called in known if called.casefold() == wanted]
        ids = ids or [row for row, called in known if wanted and wanted in called.casefold()]
        if not ids:
            names = list(dict.fromkeys(called for _, called in known))
            raise NotFoundError(f'no committee "{name}" in this history{like(name, names)}')
        found += ids
    return tuple(found)


def like(word: str, known: Sequence[str]) -> str:
    """`; did you mean "cabinet"?`, what is known where that is little, or nothing."""
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold()[:100], folded, n=1, cutoff=0.5)
    if near:
        return f'; did you mean "{folded[near[0]]}"?'
    return f"; known: {', '.join(known)}" if 0 < len(known) <= 10 else ""


def meeting(db: Database, number: int) -> Meeting:
    """One meeting by its row. Raises NotFoundError."""
    found = rows(db, f"SELECT {MEETING_COLUMNS} FROM {MEETING_TABLES} WHERE m.id = ?", (number,))  # noqa: S608
    if not found:
        raise NotFoundError(f"there is no meeting:{number} in this history")
    return meeting_of(found[0])


def meeting_of(row: dict[str, Any]) -> Meeting:
    """A meeting from a row of MEETING_COLUMNS."""
    moments = (
        "starts_at first_seen last_seen last_changed agenda_seen_at minutes_seen_at withdrawn_at".split()  # noqa: SIM905
    )
    attendance = tuple(json.loads(row["attendance"])) if row["attendance"] else ()
    return Meeting(**row | {name: when(row[name]) for name in moments} | {"attendance": attendance})


def items_of(db: Database, meeting: int) -> tuple[Item, ...]:
    """The items of a meeting in the page's order, withdrawn ones last."""
    documents = documents_of(db, meeting)
    found = rows(
        db,
        f"SELECT {_ITEM_COLUMNS} FROM items WHERE meeting = ? ORDER BY withdrawn_at IS NOT NULL, position, id",  # noqa: S608
        (meeting,),
    )
    return tuple(_item(row, tuple(d for d in documents if d.item == row["id"])) for row in found)


def item(db: Database, number: int) -> Item:
    """One item by its row. Raises NotFoundError."""
    found = rows(db, f"SELECT {_ITEM_COLUMNS} FROM items WHERE id = ?", (number,))  # noqa: S608
    if not found:
        raise NotFoundError(f"there is no item:{number} in this history")
    documents = rows(db, f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE item = ? ORDER BY id", (number,))  # noqa: S608
    return _item(found[0], tuple(map(_document, documents)))


def document(db: Database, number: int) -> Document:
    """One document by its row. Raises NotFoundError."""
    found = rows(db, f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE id = ?", (number,))  # noqa: S608
    if not found:
        raise NotFoundError(f"there is no document:{number} in this history")
    return _document(found[0])


def documents_of(db: Database, meeting: int) -> tuple[Document, ...]:
    """All documents of a meeting, its items' too, in the order in which they were first seen."""
    found = rows(db, f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE meeting = ? ORDER BY id", (meeting,))  # noqa: S608
    return tuple(map(_document, found))


def _item(row: dict[str, Any], documents: tuple[Document, ...]) -> Item:
    return Item(
        **row
        | {name: when(row[name]) for name in ("first_seen", "withdrawn_at", "forgotten_at")}
        | {
            "restricted": bool(row["restricted"]),
            "cut": tuple(json.loads(row["cut"] or "[]")),
            "votes": tuple(Vote(**vote) for vote in json.loads(row["votes"] or "[]")),
            "documents": documents,
        }
    )


def _document(row: dict[str, Any]) -> Document:
    moments = {name: when(row[name]) for name in ("first_seen", "withdrawn_at", "forgotten_at")}
    return Document(**row | moments | {"restricted": bool(row["restricted"])})
