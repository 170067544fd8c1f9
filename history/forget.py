"""Taking out of the record what should never have been published, leaving a mark that it was.

What is forgotten stays forgotten: later polls still see whether the thing stands, but no text of it is kept again, and of
pages that still show it only the hash. An item does not take its documents along: each is forgotten by its own id.
Copies made before (backups, `*.before-*.db`) are the operator's to delete.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from history.database import HistoryError, path_of, plain_errors, stamp, write_txn
from history.identity import same_words
from history.state import TAKEN_OUT
from history.told import UNMISTAKABLE, keep_marks, paragraphs, phrases, take_out

_TEXTS: Final = {
    "item": ("title", "text", "decision", "minutes"),
    "document": ("title", "text", "url"),
    "notice": ("title", "text", "decision_maker", "wards"),
}
_CLEARED: Final = {
    "item": "title = ?1, text = NULL, decision = NULL, minutes = NULL, votes = NULL, cut = NULL, doubt = NULL",
    "document": "title = ?1, text = NULL, url = ''",
    "notice": "title = ?1, text = NULL, decision_maker = NULL, wards = NULL",
}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: the tombstone's row, how many captures were emptied, and where the same words still stand, for the
    operator to decide on ("document 45, Printed minutes")."""

    tombstone: int
    captures: int
    also_in: tuple[str, ...]


def forget(db: Database, entity: str, row: int, why: str, now: datetime) -> Forgotten:
    """Take a text out of tables, search, versions, changes, captures, milestones, alerts and messages, down to the bytes of
    the file, and leave a tombstone.

    `entity` is "item", "document", "notice", "version" (an earlier one) or "capture"; `row` is its id. Opens its own
    transactions, so none may be open. HistoryError where there is no such thing, it was forgotten already, or the version
    is the one that stands.
    """
    with plain_errors(path_of(db)):
        db.conn.execute("PRAGMA secure_delete = ON")
        if entity in _TEXTS:
            done = _forget_thing(db, entity, row, why, stamp(now))
        elif entity == "version":
            done = _forget_version(db, row, why, stamp(now))
        elif entity == "capture":
            done = _forget_capture(db, row, why, stamp(now))
        else:
            raise HistoryError(f"{entity} {row}: only an item, document, notice, version or capture can be forgotten")
        _scour(db)
    return done


def _forget_thing(db: Database, entity: str, row: int, why: str, at: str) -> Forgotten:
    table = f"{entity}s"
    columns = ", ".join(_TEXTS[entity])
    found = db.conn.execute(f"SELECT forgotten_at, {columns} FROM {table} WHERE id = ?", (row,)).fetchone()  # noqa: S608
    if found is None:
        raise HistoryError(f"{path_of(db)}: there is no {entity} {row}; `councilwatch search` shows the ids")
    if found[0] is not None:
        _scour(db)  # should that run have been cut short between its commit and this
        raise HistoryError(f"{path_of(db)}: {entity} {row} was forgotten already, on {found[0]}")
    council, meeting = _whose(db, entity, row)
    taken = _ever_said(db, entity, row, [text for text in found[1:] if text])
    telling = {words for text in taken for words in paragraphs(text)}
    sought = phrases(_titles(db, entity, row, found[1]), taken)
    captures = _showing(db, entity, row, council, meeting, telling)
    with write_txn(db):
        tombstone = _tombstone(db, entity, row, "\n".join(text for text in found[1:] if text), at, why)
        db.conn.execute(
            f"UPDATE {table} SET {_CLEARED[entity]}, forgotten_at = ?2 WHERE id = ?3",  # noqa: S608
            (TAKEN_OUT, at, row),
        )
        _scrub_versions(db, entity, row, meeting)
        only = " AND document IS NULL" if entity != "document" else ""
        db.conn.execute(
            f"UPDATE changes SET before = NULL, after = NULL WHERE {entity} = ?{only} AND field IS NOT 'restricted'",  # noqa: S608
            (row,),
        )
        db.conn.execute(f"DELETE FROM milestones WHERE {entity} = ?{only}", (row,))  # noqa: S608
        alerts = _scrub_alerts(db, f"{entity} = ?{only}", row, telling)
        quoting = "SELECT message FROM message_alerts WHERE alert = ?"
        take_out(db, entity, row, sought, {told for alert in alerts for (told,) in db.conn.execute(quoting, (alert,))})
        keep_marks(db, tombstone, entity, row, sought)
        db.conn.executemany(
            "UPDATE captures SET body = NULL, forgotten_at = ? WHERE id = ?", [(at, capture) for capture in captures]
        )
    return Forgotten(tombstone, len(captures), _also_in(db, meeting, telling))


def _forget_version(db: Database, row: int, why: str, at: str) -> Forgotten:
    found = db.conn.execute("SELECT entity, entity_id, content, capture FROM versions WHERE id = ?", (row,)).fetchone()
    if found is None:
        raise HistoryError(f"{path_of(db)}: there is no version {row}; `councilwatch show` names them")
    entity, thing, content, capture = found
    (standing,) = db.conn.execute(f"SELECT version FROM {entity}s WHERE id = ?", (thing,)).fetchone()  # noqa: S608
    if standing == row:
        raise HistoryError(f"{path_of(db)}: version {row} is how {entity} {thing} stands; forget the {entity} itself")
    with write_txn(db):
        tombstone = _tombstone(db, "version", row, content, at, why)
        db.conn.execute("UPDATE versions SET content = ? WHERE id = ?", (_dump(_emptied(json.loads(content))), row))
        texts = {text for text in json.loads(content).values() if isinstance(text, str) and text}
        for change, before, after in db.conn.execute(
            f"SELECT id, before, after FROM changes WHERE {entity} = ?",  # noqa: S608
            (thing,),
        ).fetchall():
            kept = [None if value in texts else value for value in (before, after)]
            db.conn.execute("UPDATE changes SET before = ?, after = ? WHERE id = ?", (*kept, change))
        _forget_told(db, entity, thing, row, json.loads(content), tombstone)
        cleared = db.conn.execute("UPDATE captures SET body = NULL, forgotten_at = ? WHERE id = ?", (at, capture))
    return Forgotten(tombstone, cleared.rowcount, ())


def _forget_told(db: Database, entity: str, thing: int, row: int, values: dict[str, Any], tombstone: int) -> None:
    """What alerts and messages told of an earlier version goes, but for what its other versions say as well."""
    if entity not in _TEXTS:
        return
    others = db.conn.execute(
        "SELECT content FROM versions WHERE entity = ? AND entity_id = ? AND id <> ?", (entity, thing, row)
    ).fetchall()
    stands = same_words("\n".join(str(json.loads(other).get(field)) for (other,) in others for field in _TEXTS[entity]))
    texts = [
        text for text in (values.get(field) for field in _TEXTS[entity]) if text and same_words(text) not in stands
    ]
    titles = [title for title in [values["title"]] if title in texts]
    sought = frozenset(phrase for phrase in phrases(titles, texts) if phrase not in stands)
    _scrub_alerts(db, f"{entity} = ?", thing, sought, stands)
    take_out(db, entity, thing, sought, ())
    keep_marks(db, tombstone, entity, thing, sought)


def _forget_capture(db: Database, row: int, why: str, at: str) -> Forgotten:
    found = db.conn.execute("SELECT sha256, forgotten_at FROM captures WHERE id = ?", (row,)).fetchone()
    if found is None:
        raise HistoryError(f"{path_of(db)}: there is no capture {row}; `councilwatch show` names them")
    with write_txn(db):
        tombstone = _tombstone(db, "capture", row, None, at, why, sha256=found[0])
        db.conn.execute("UPDATE captures SET body = NULL, forgotten_at = ? WHERE id = ?", (at, row))
    return Forgotten(tombstone, 1, ())


def _tombstone(
    db: Database, entity: str, row: int, text: str | None, at: str, why: str, *, sha256: str | None = None
) -> int:
    if text is not None:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
    cursor = db.conn.execute(
        "INSERT INTO tombstones (entity, entity_id, sha256, forgotten_at, why) VALUES (?,?,?,?,?)",
        (entity, row, sha256, at, why),
    )
    return int(cursor.lastrowid or 0)


def _whose(db: Database, entity: str, row: int) -> tuple[int | None, int | None]:
    """Council and meeting (rows) of a thing; a notice has no meeting."""
    if entity == "notice":
        return int(db.conn.execute("SELECT council FROM notices WHERE id = ?", (row,)).fetchone()[0]), None
    (meeting,) = db.conn.execute(f"SELECT meeting FROM {entity}s WHERE id = ?", (row,)).fetchone()  # noqa: S608
    if meeting is None:
        return None, None
    return int(db.conn.execute("SELECT council FROM meetings WHERE id = ?", (meeting,)).fetchone()[0]), int(meeting)


def _ever_said(db: Database, entity: str, row: int, texts: Iterable[str]) -> list[str]:
    """What the thing says and said, in any of its versions."""
    said = dict.fromkeys(texts)
    for (content,) in db.conn.execute("SELECT content FROM versions WHERE entity = ? AND entity_id = ?", (entity, row)):
        values = json.loads(content)
        said.update(dict.fromkeys(text for text in (values.get(field) for field in _TEXTS[entity]) if text))
        for vote in values.get("votes", ()):
            said.update(dict.fromkeys(text for text in vote.values() if text))
    return [text for text in said if text != TAKEN_OUT]


def _titles(db: Database, entity: str, row: int, title: str) -> list[str]:
    """What the thing is and was called."""
    said = db.conn.execute("SELECT content FROM versions WHERE entity = ? AND entity_id = ?", (entity, row))
    titles = dict.fromkeys((title, *(json.loads(content)["title"] for (content,) in said)))
    return [each for each in titles if each and each != TAKEN_OUT]


def _showing(
    db: Database, entity: str, row: int, council: int | None, meeting: int | None, telling: set[str]
) -> list[int]:
    """The captures that show any of these words, if they are of the thing's own pages; of other pages of the council only
    those that show a long paragraph, since short ones ("The minutes were agreed.") are said everywhere."""
    own = {
        url
        for (url,) in db.conn.execute(
            "SELECT DISTINCT c.url FROM versions v JOIN captures c ON c.id = v.capture WHERE (v.entity = ?1 AND"
            " v.entity_id = ?2) OR (v.entity = 'meeting' AND v.entity_id = ?3)"
            " OR (v.entity = 'item' AND v.entity_id IN (SELECT id FROM items WHERE meeting = ?3))",
            (entity, row, meeting),
        )
    }
    own_words = {words for words in telling if len(words) >= UNMISTAKABLE}
    rows = db.conn.execute("SELECT id, url, body FROM captures WHERE body IS NOT NULL AND council IS ?", (council,))
    return [
        capture for capture, url, body in rows if _shows(zlib.decompress(body), telling if url in own else own_words)
    ]


def _shows(body: bytes, telling: set[str]) -> bool:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    # The web service escapes markup within markup, some councils twice.
    for _ in range(3):
        text = re.sub(r"<[^>]*>", "", html.unescape(text))
    words = same_words(text)
    return any(paragraph in words for paragraph in telling)


def _scrub_versions(db: Database, entity: str, row: int, meeting: int | None) -> None:
    """Its own versions lose their texts; those of its meeting and item that list a document lose its title."""
    own = db.conn.execute(
        "SELECT id, content FROM versions WHERE entity = ? AND entity_id = ?", (entity, row)
    ).fetchall()
    for version, content in own:
        emptied = _dump(_emptied(json.loads(content)))
        db.conn.execute("UPDATE versions SET content = ? WHERE id = ?", (emptied, version))
    if entity != "document":
        return
    numbers = {json.loads(content)["document_id"] for _, content in own}
    listing = db.conn.execute(
        "SELECT id, content FROM versions WHERE (entity = 'meeting' AND entity_id = ?1)"
        " OR (entity = 'item' AND entity_id IN (SELECT id FROM items WHERE meeting = ?1))",
        (meeting,),
    ).fetchall()
    for version, content in listing:
        values = json.loads(content)
        for listed in values["documents"]:
            if listed["document_id"] in numbers:
                listed["title"] = TAKEN_OUT
        db.conn.execute("UPDATE versions SET content = ? WHERE id = ?", (_dump(values), version))


def _emptied(content: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {"title": TAKEN_OUT, "forgotten": True}
    for field in ("text", "decision", "minutes", "decision_maker", "wards"):
        if field in content:
            empty[field] = None
    if "votes" in content:
        empty["votes"] = []
    if "document_id" in content:
        empty["url"] = ""
    return content | empty


def _scrub_alerts(db: Database, which: str, row: int, telling: Collection[str], stands: str = "") -> list[int]:
    """What alerts quoted goes, but for what stands elsewhere (as `same_words`). Returns the alerts."""
    said = "\n".join(telling)

    def clean(text: str) -> str:
        words = same_words(text)
        return "" if words and words in said and words not in stands else text

    alerts = db.conn.execute(f"SELECT id, reason FROM alerts WHERE {which}", (row,)).fetchall()  # noqa: S608
    for alert, reason in alerts:
        scrubbed = _scrub(json.loads(reason), clean)
        db.conn.execute("UPDATE alerts SET reason = ? WHERE id = ?", (_dump(scrubbed), alert))
    return [alert for alert, _ in alerts]


def _scrub(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_scrub(each, clean) for each in value]
    if isinstance(value, dict):
        return {key: _scrub(each, clean) for key, each in value.items()}
    return value


def _also_in(db: Database, meeting: int | None, telling: set[str]) -> tuple[str, ...]:
    """Items and documents of the same meeting that still say the same: printed minutes repeat what the items say."""
    telling = {words for words in telling if len(words) >= UNMISTAKABLE}
    if meeting is None or not telling:
        return ()
    rows = db.conn.execute(
        "SELECT 'item', id, title, coalesce(text, '') || ' ' || coalesce(decision, '') || ' ' || coalesce(minutes, '')"
        " FROM items WHERE meeting = ?1 UNION ALL"
        " SELECT 'document', id, title, coalesce(text, '') FROM documents WHERE meeting = ?1",
        (meeting,),
    )
    return tuple(
        f"{entity} {row}, {title}"
        for entity, row, title, text in rows
        if any(paragraph in same_words(text) for paragraph in telling)
    )


def _scour(db: Database) -> None:
    """Out of the index, the file's free pages and the write-ahead log."""
    with write_txn(db):
        db.conn.execute("INSERT INTO items_fts(items_fts) VALUES ('optimize')")
        db.conn.execute("INSERT INTO documents_fts(documents_fts) VALUES ('optimize')")
    db.conn.execute("VACUUM")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
