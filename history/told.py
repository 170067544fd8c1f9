"""What stored messages say of a thing, so that what is forgotten goes from them too, and the deep check sees what was left.

A message is looked at if it may mention the thing: it is of the same meeting, or tells an alert of it, of that meeting or of
an item of the same issue; "Before" and "Also" lines are drawn from nowhere else. It carries what was forgotten where one of
its forms has a whole paragraph or a long sentence of it. A title of few letters ("Minutes") is looked for only in quotation
marks, as those lines give it: the word alone is said everywhere. What another meeting says on its own account stays.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlite_utils import Database

from history.identity import same_words
from history.notes import note
from history.state import TAKEN_OUT

TELLING: Final = 12  # letters and figures: shorter strings ("Minutes") stand on any page and give nothing away
UNMISTAKABLE: Final = 60  # a paragraph of this many is said nowhere else by chance
_MARKS: Final = "forgotten with tombstone "
_MEETING_OF: Final = {
    "item": "SELECT meeting FROM items WHERE id = ?",
    "document": "SELECT meeting FROM documents WHERE id = ?",
    "notice": "SELECT NULL WHERE ? IS NOT NULL",
    "meeting": "SELECT id FROM meetings WHERE id = ?",
}


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs that give something away, as `same_words` has them."""
    return (words for words in map(same_words, text.splitlines()) if len(words) >= TELLING)


def phrases(titles: Iterable[str], texts: Iterable[str]) -> frozenset[str]:
    """What to look for in messages: paragraphs and long sentences as `same_words`; short titles in quotation marks."""
    found = {f'"{_flat(title).strip()}"' for title in titles if 0 < len(same_words(title)) < TELLING}
    for text in (*titles, *texts):
        found |= set(paragraphs(text))
        sentences = (same_words(sentence) for sentence in re.split(r"(?<=[.!?])\s+", text))
        found |= {words for words in sentences if len(words) >= UNMISTAKABLE}
    return frozenset(found)


def take_out(db: Database, entity: str, row: int, sought: frozenset[str], telling: Iterable[int]) -> None:
    """Empties the messages `telling` and those that carry any of these phrases, in the caller's transaction.

    Body and subject go, and the subject from what the operator was told of it; that the message was sent remains. One that
    still waits is made anew without them.
    """
    taken = set(telling)
    for message, subject, body in _may_mention(db, entity, row):
        said = _said(subject, body)
        if any(phrase in _where(phrase, *said) for phrase in sought):
            taken.add(message)
    for message in taken:
        (subject,) = db.conn.execute("SELECT subject FROM messages WHERE id = ?", (message,)).fetchone()
        db.conn.execute("UPDATE messages SET body = NULL, subject = ? WHERE id = ?", (TAKEN_OUT, message))
        _take_from_operator(db, subject)


def keep_marks(db: Database, tombstone: int, entity: str, row: int, sought: frozenset[str]) -> None:
    """Keeps, of each phrase, its length and the beginning of a hash: enough to know it again, not to read it."""
    marks = sorted([phrase.startswith('"'), len(phrase), _mark(phrase)] for phrase in sought)
    note(db, f"{_MARKS}{tombstone}", json.dumps({"entity": entity, "row": row, "marks": marks}))


def left_over(db: Database) -> Iterator[tuple[int, str]]:
    """(message, thing) for each message that was written before the thing was forgotten and still carries words of it."""
    for stone, at, value in db.conn.execute(
        "SELECT t.id, t.forgotten_at, s.value FROM tombstones t JOIN settings_of_record s ON s.name = ? || t.id",
        (_MARKS,),
    ).fetchall():
        kept = json.loads(value)
        marks = {(quoted, length): set[str]() for quoted, length, _ in kept["marks"]}
        for quoted, length, mark in kept["marks"]:
            marks[quoted, length].add(mark)
        for message, subject, body in _may_mention(db, kept["entity"], kept["row"], before=at):
            flat, words = _said(subject, body)
            if any(_has(flat if quoted else words, length, some) for (quoted, length), some in marks.items()):
                yield message, f"{kept['entity']} {kept['row']} (tombstone {stone})"


def _may_mention(db: Database, entity: str, row: int, before: str | None = None) -> list[tuple[int, str, str]]:
    """Messages (id, subject, body) that may mention a thing; with `before`, those that were written until then."""
    (meeting,) = db.conn.execute(_MEETING_OF[entity], (row,)).fetchone() or (None,)
    same_issue = "SELECT id FROM items WHERE issue_id = (SELECT issue_id FROM items WHERE id = ?2)"
    told = (
        f"SELECT ma.message FROM alerts a JOIN message_alerts ma ON ma.alert = a.id WHERE a.{entity} = ?2"  # noqa: S608
        f" OR a.meeting = ?1 OR (?3 = 'item' AND a.item IN ({same_issue}))"
    )
    found = db.conn.execute(
        "SELECT id, subject, coalesce(body, ''), created_at FROM messages"  # noqa: S608
        f" WHERE meeting = ?1 OR id IN ({told}) ORDER BY id",
        (meeting, row, entity),
    ).fetchall()
    return [
        (message, subject, body)
        for message, subject, body, created in found
        if before is None or _written_at(body, created) <= before
    ]


def _written_at(body: str, created: str) -> str:
    try:
        forms = json.loads(body)
    except ValueError:
        return created
    return str(forms.get("date", created)) if isinstance(forms, dict) else created


def _said(subject: str, body: str) -> tuple[str, str]:
    """All that a message's forms say: as lines of words run together, and as `same_words`."""
    try:
        forms = list(_strings(json.loads(body)))
    except ValueError:
        forms = [body]
    plain = (html.unescape(re.sub(r"<[^>]*>", "", form)) for form in forms)
    everything = "\n".join((subject, *forms, *plain))
    return _flat(everything), same_words(everything)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        if "media_type" in value and "body" in value:
            yield base64.b64decode(value["body"]).decode("utf-8", "replace")
        else:
            yield from _strings(list(value.values()))


def _take_from_operator(db: Database, subject: str) -> None:
    """Word to the operator of a message that could not be delivered quotes its subject."""
    if subject in ("", TAKEN_OUT):
        return
    quoting = db.conn.execute(
        "SELECT name, value FROM settings_of_record WHERE name LIKE 'told in message %'",
    ).fetchall()
    for name, value in quoting:
        told = json.loads(value)
        if any(subject in trouble["reason"] for trouble in told):
            for trouble in told:
                trouble["reason"] = trouble["reason"].replace(subject, TAKEN_OUT)
            db.conn.execute("UPDATE settings_of_record SET value = ? WHERE name = ?", (json.dumps(told), name))
            db.conn.execute("UPDATE messages SET body = NULL WHERE id = ?", (int(name.rsplit(" ", 1)[1]),))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold())


def _where(phrase: str, flat: str, words: str) -> str:
    return flat if phrase.startswith('"') else words


def _has(text: str, length: int, marks: set[str]) -> bool:
    return any(_mark(text[at : at + length]) in marks for at in range(len(text) - length + 1))


def _mark(phrase: str) -> str:
    return hashlib.sha256(phrase.encode()).hexdigest()[:16]
