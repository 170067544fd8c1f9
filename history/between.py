"""What differs between two moments of a meeting, an item or a document, as texts to be shown word by word. Pure but for
the reading of versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlite_utils import Database

from history.database import stamp
from history.moments import version_at
from history.questions import NotFoundError, rows

_FIELDS: Final = {
    "meeting": ("starts_at", "venue", "status", "status_note", "agenda_state", "minutes_state", "contact"),
    "item": ("title", "text", "decision", "minutes", "restricted", "restriction"),
    "document": ("title", "kind", "size_shown", "sha256", "text"),
    "notice": ("title", "text", "decision_maker", "status", "published", "decided", "opens", "due", "wards"),
}


@dataclass(frozen=True, slots=True)
class Apart:
    """A field of a thing with its texts at the two moments; None: the thing, or the text, was not there.

    `field` is "" where the thing itself came or went; its title is then the text.
    """

    kind: str
    id: int
    title: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Between:
    """All that differs between two moments; `since` is None where nothing was there before."""

    since: datetime | None
    until: datetime
    differences: tuple[Apart, ...]


def between(db: Database, kind: str, number: int, since: datetime | None, until: datetime) -> Between:
    """What differs. Without `since`: what the last version up to `until` that differs from the one before brought.

    A meeting's items and documents, and an item's documents, are compared with it. Raises NotFoundError where it was not
    known at `until`.
    """
    if since is not None:
        return Between(since, until, tuple(_differences(db, kind, number, since, until)))
    last = until
    for moment in _moments(db, kind, number, until):
        before = moment - timedelta(seconds=1)  # versions bear whole seconds
        if version_at(db, kind, number, before) is None:
            break  # when it was first seen all of it was new
        differences = tuple(_differences(db, kind, number, before, moment))
        if differences:
            return Between(before, moment, differences)
        last = moment
    else:
        if version_at(db, kind, number, until) is None:
            raise NotFoundError(f"{kind}:{number} was not known at {until.isoformat(timespec='minutes')}")
    return Between(None, last, ())


def _differences(db: Database, kind: str, number: int, since: datetime, until: datetime) -> Iterator[Apart]:
    for entity, row in _things(db, kind, number):
        before, after = version_at(db, entity, row, since), version_at(db, entity, row, until)
        if before is not after and (before or after):
            yield from _apart(entity, row, before.content if before else None, after.content if after else None)


def _apart(kind: str, row: int, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterable[Apart]:
    if before == after:
        return
    stood, stands = _there(before), _there(after)
    title = (after or before or {}).get("title") or ""
    if stood != stands and kind != "meeting":
        yield Apart(kind, row, title, "", title if stood else None, title if stands else None)
        return
    for field in _FIELDS[kind]:
        was, now = _text((before or {}).get(field)), _text((after or {}).get(field))
        if was != now:
            yield Apart(kind, row, title, field, was, now)


def _there(content: Mapping[str, Any] | None) -> bool:
    return content is not None and not content.get("withdrawn")


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _things(db: Database, kind: str, number: int) -> list[tuple[str, int]]:
    things = [(kind, number)]
    if kind == "meeting":
        things += [
            ("item", row["id"])
            for row in rows(db, "SELECT id FROM items WHERE meeting = ? ORDER BY position, id", (number,))
        ]
    if kind in ("meeting", "item", "notice"):
        things += [
            ("document", row["id"])
            for row in rows(db, f"SELECT id FROM documents WHERE {kind} = ? ORDER BY id", (number,))  # noqa: S608
        ]
    return things


def _moments(db: Database, kind: str, number: int, until: datetime) -> list[datetime]:
    """When versions of it and what stands in it were seen, newest first."""
    found = {
        row["seen_at"]
        for entity, thing in _things(db, kind, number)
        for row in rows(
            db,
            "SELECT seen_at FROM versions WHERE entity = ? AND entity_id = ? AND seen_at <= ?",
            (entity, thing, stamp(until)),
        )
    }
    return sorted(map(datetime.fromisoformat, found), reverse=True)
