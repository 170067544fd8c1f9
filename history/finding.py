"""Which thing is meant by what a person typed: our id, a moderngov address, or a reference such as SSP/46/25."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from sqlite_utils import Database

from history.questions import NotFoundError, marks, rows

KINDS: Final = ("meeting", "item", "document", "notice", "change")
_ID: Final = re.compile(rf"({'|'.join(KINDS)})s?\s*[: ]\s*(\d{{1,18}})", re.IGNORECASE)
_TABLES: Final = {kind: f"{kind}s" for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Thing:
    """A row: `kind` is one of KINDS."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def find(db: Database, said: str) -> Thing:
    """The one thing that is meant. A bare number is our id of a meeting, else of an item.

    Raises NotFoundError, which names the nearest.
    """
    said = said.strip()
    if by_id := _ID.fullmatch(said):
        return _known(db, Thing(by_id[1].lower(), int(by_id[2])))
    if re.fullmatch(r"\d{1,18}", said):
        return next(
            (Thing(kind, int(said)) for kind in ("meeting", "item") if _stands(db, kind, int(said))), None
        ) or _known(db, Thing("meeting", int(said)))
    if "://" in said:
        return _by_address(db, said)
    return _by_reference(db, said)


def _stands(db: Database, kind: str, number: int) -> bool:
    return bool(rows(db, f"SELECT 1 FROM {_TABLES[kind]} WHERE id = ?", (number,)))  # noqa: S608


def _known(db: Database, thing: Thing) -> Thing:
    if _stands(db, thing.kind, thing.id):
        return thing
    near = rows(
        db,
        f"SELECT id FROM {_TABLES[thing.kind]} WHERE id IN (SELECT max(id) FROM {_TABLES[thing.kind]} WHERE id < ?1"  # noqa: S608
        f" UNION SELECT min(id) FROM {_TABLES[thing.kind]} WHERE id > ?1) ORDER BY abs(id - ?1)",
        (thing.id,),
    )
    nearest = f"; the nearest is {thing.kind}:{near[0]['id']}" if near else f"; no {thing.kind} is kept yet"
    raise NotFoundError(f"there is no {thing} in this history{nearest}")


def _by_address(db: Database, said: str) -> Thing:
    """`…/ieListDocuments.aspx?MId=…`, `…/mgAi.aspx?ID=…`, either with `#AI…`, or a document's address."""
    parts = urlsplit(said)
    query = {name.casefold(): value for name, value in parse_qsl(parts.query)}
    sources = [
        row["id"]
        for row in rows(db, "SELECT id, base_url FROM sources")
        if (urlsplit(row["base_url"]).hostname or "").casefold() == (parts.hostname or "").casefold()
    ]
    if not sources:
        raise NotFoundError(
            f"{parts.hostname or said} is not a site of this history; `councilwatch councils` lists them"
        )
    of = f"m.source IN ({marks(sources)})"
    item = re.fullmatch(r"ai(\d{1,18})", parts.fragment, re.IGNORECASE)
    page = parts.path.casefold().rsplit("/", 1)[-1]
    item_id = item[1] if item else query.get("aiid") or (query.get("id") if page == "mgai.aspx" else None)
    asked: list[tuple[str, str, str]] = []
    if item_id and item_id.isdecimal():
        asked.append(
            ("item", "SELECT t.id FROM items t JOIN meetings m ON m.id = t.meeting WHERE t.item_id = ?", item_id)
        )
    if (meeting_id := query.get("mid", "")).isdecimal():
        asked.append(("meeting", "SELECT m.id FROM meetings m WHERE m.meeting_id = ?", meeting_id))
    if number := re.search(r"/documents/(s\d+|g\d+)", parts.path):
        asked.append(
            (
                "document",
                "SELECT t.id FROM documents t JOIN meetings m ON m.id = t.meeting WHERE t.document_id = ?",
                number[1],
            )
        )
    for kind, sql, value in asked:
        if found := rows(db, f"{sql} AND {of} ORDER BY 1 DESC LIMIT 1", (value, *sources)):
            return Thing(kind, found[0]["id"])
    raise NotFoundError(
        f"{said} is not in this history; it may not have been read yet, or name another page of that site"
    )


def _by_reference(db: Database, said: str) -> Thing:
    """An item's number as shown. Where several bear it, all are named, for the person to choose."""
    found = rows(
        db,
        """SELECT t.id, t.title, k.name, substr(m.starts_at, 1, 10) AS day FROM items t JOIN meetings m ON m.id = t.meeting
             JOIN committees k ON k.id = m.committee
           WHERE t.number = ? COLLATE NOCASE ORDER BY t.withdrawn_at IS NOT NULL, t.id DESC LIMIT 4""",
        (said,),
    )
    if len(found) == 1:
        return Thing("item", found[0]["id"])
    if found:
        named = "; ".join(f"item:{row['id']} ({row['name']}, {row['day']})" for row in found[:3])
        raise NotFoundError(f'several items are numbered "{said}": {named}{"; …" if len(found) > 3 else ""}')
    like = rows(
        db,
        "SELECT DISTINCT number FROM items WHERE number >= ?1 AND number < ?1 || char(1114111) LIMIT 500",
        (said.upper()[:3] or "0",),
    )
    near = get_close_matches(said.upper()[:40], [row["number"] for row in like], n=1, cutoff=0.3)
    meant = (
        f'; did you mean "{near[0]}"?'
        if near
        else "; an id looks like meeting:12 or item:34, a reference like SSP/46/25"
    )
    raise NotFoundError(f'no item is numbered "{said}"{meant}')
