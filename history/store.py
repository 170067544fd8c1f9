"""Rows of meetings, items and documents as the values of state.py say: inserted where new, updated where different."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from history.state import DocumentState, ItemState, MeetingState


def store_meeting(db: Database, source: int, old: MeetingState, new: MeetingState, now: str) -> MeetingState:
    """Write the meeting's own row; says the state with its `id`."""
    row = _meeting_row(new)
    if new.id is not None:
        _update(db, "meetings", new.id, _meeting_row(old), row)
        return new
    row |= {"source": source, "council": new.council, "committee": new.committee}
    row |= {"committee_id": new.committee_id, "meeting_id": new.meeting_id}
    row |= {"first_seen": new.first_seen, "last_seen": now, "last_changed": now}
    return replace(new, id=_insert(db, "meetings", row))


def store_item(db: Database, meeting: int, old: ItemState | None, new: ItemState, now: str) -> ItemState:
    """Write an item's row; says the state with its `id`."""
    row = _item_row(new)
    if old is not None and new.id is not None:
        _update(db, "items", new.id, _item_row(old), row)
        return new
    row |= {"meeting": meeting, "first_seen": new.first_seen, "last_seen": now}
    return replace(new, id=_insert(db, "items", row))


def store_document(
    db: Database, place: Mapping[str, int | None], old: DocumentState | None, new: DocumentState, now: str
) -> DocumentState:
    """Write a document's row, its text excepted; `place` names meeting, item or notice by row. Says the state with
    its `id`.
    """
    row = _document_row(new)
    if old is not None and new.id is not None:
        _update(db, "documents", new.id, _document_row(old), row)
        return new
    row |= {**place, "first_seen": new.first_seen, "last_seen": now}
    return replace(new, id=_insert(db, "documents", row))


def _meeting_row(meeting: MeetingState) -> dict[str, Any]:
    names = (
        "agenda_id starts_at starts_at_utc venue status status_note agenda_state minutes_state contact url baseline"
        " read_at agenda_seen_at minutes_seen_at minutes_approved_at missing_since missing_polls withdrawn_at listed"
        " differs"
    )
    row = {name: getattr(meeting, name) for name in names.split()}
    return row | {
        "baseline": int(meeting.baseline),
        "differs": int(meeting.differs),
        "spoken": json.dumps(sorted(meeting.spoken)) if meeting.spoken else None,
        "attendance": json.dumps(meeting.attendance, ensure_ascii=False) if meeting.attendance else None,
    }


def _item_row(item: ItemState) -> dict[str, Any]:
    names = (
        "item_id position number title text decision minutes restricted_by restriction issue_id url doubt"
        " decision_seen_at minutes_seen_at texts_missing_since texts_missing_polls missing_since missing_polls"
        " withdrawn_at forgotten_at"
    )
    row = {name: getattr(item, name) for name in names.split()}
    votes = [{"title": v.title, "kind": v.kind, "text": v.text, "result": v.result} for v in item.votes]
    return row | {
        "restricted": int(item.restricted),
        "cut": json.dumps(sorted(item.cut)) if item.cut else None,
        "votes": json.dumps(votes, ensure_ascii=False) if votes else None,
    }


def _document_row(document: DocumentState) -> dict[str, Any]:
    names = (
        "document_id title kind url size_shown size sha256 pages text_state fetched_at missing_since missing_polls"
        " withdrawn_at forgotten_at"
    )
    row = {name: getattr(document, name) for name in names.split()}
    return row | {"restricted": int(document.restricted), "wanted": int(document.wanted)}


def _insert(db: Database, table: str, row: Mapping[str, Any]) -> int:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    cursor = db.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)


def _update(db: Database, table: str, row: int, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    different = {name: value for name, value in new.items() if old[name] != value}
    if different:
        assignments = ", ".join(f"{name} = ?" for name in different)
        db.conn.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", (*different.values(), row))  # noqa: S608
