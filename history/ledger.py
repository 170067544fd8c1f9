"""Versions and changes: what is only ever added to. Everything kept has a version, and every change names one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from history.changes import Change
from history.database import moment
from history.differences import Difference, Reading


@dataclass(frozen=True, slots=True)
class About:
    """What a change is about, as row ids: the council, and the narrowest thing with what it stands in."""

    council: int
    meeting: int | None = None
    item: int | None = None
    document: int | None = None
    notice: int | None = None


def write_version(
    db: Database, entity: str, entity_id: int, content: Mapping[str, Any], reading: Reading, capture: int | None
) -> int:
    """The whole of a thing as it stands from `reading.now` on; says the version's row."""
    cursor = db.conn.execute(
        "INSERT INTO versions (entity, entity_id, seen_at, transport, parser, capture, content) VALUES (?,?,?,?,?,?,?)",
        (
            entity,
            entity_id,
            reading.now,
            reading.transport,
            reading.parser,
            capture,
            json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        ),
    )
    return int(cursor.lastrowid or 0)


def write_changes(
    db: Database, about: About, differences: Iterable[Difference], version: int, now: str
) -> list[Change]:
    """One row for each difference, in the order given."""
    written = []
    for told in differences:
        cursor = db.conn.execute(
            "INSERT INTO changes (seen_at, council, meeting, item, document, notice, kind, field, before, after,"
            " version) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                now,
                about.council,
                about.meeting,
                about.item,
                about.document,
                about.notice,
                told.kind,
                told.field,
                told.before,
                told.after,
                version,
            ),
        )
        written.append(
            Change(
                id=int(cursor.lastrowid or 0),
                seen_at=moment(now),
                council=about.council,
                kind=told.kind,
                meeting=about.meeting,
                item=about.item,
                document=about.document,
                notice=about.notice,
                field=told.field,
                before=told.before,
                after=told.after,
                version=version,
            )
        )
    return written
