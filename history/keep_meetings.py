"""One reading of a meeting's page -> rows, versions, captures and changes, all or nothing.

All writes stand inside the caller's write_txn, so that whatever the caller does with the changes (alerts) is one step
with them. `now` is aware.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from history.captures import Captured, keep_capture
from history.changes import Change
from history.compare import Outcome, compare_meeting
from history.database import HistoryError, stamp
from history.differences import Reading
from history.keep_sources import committee_row
from history.ledger import About, write_changes, write_version
from history.load import load_meeting
from history.state import DocumentState, MeetingState
from history.store import store_document, store_item, store_meeting
from scraper.records import MeetingRecord

_BY_HTML: Final = ("html", "both")
_BY_WEBSERVICE: Final = ("webservice", "both")


@dataclass(frozen=True, slots=True)
class MeetingKept:
    """What came of one reading.

    `meeting`: its row. `first_reading`: its page was never read before. `baseline`: no changes were written because
    it stood in its committee's first list and this is its first reading. `pending_losses`: hand the same reading in
    again at the next poll even if the bytes are the same (a loss is waiting to be believed). `doubt`: in words, where
    far fewer items stand than last time; the page is then to be marked suspect and asked for again soon.
    """

    meeting: int
    changes: tuple[Change, ...]
    first_reading: bool
    baseline: bool
    pending_losses: bool
    doubt: str | None


def keep_meeting(
    db: Database,
    source: int,
    record: MeetingRecord,
    captures: Sequence[Captured],
    now: datetime,
    parser: str,
    *,
    same_bytes: bool = False,
) -> MeetingKept:
    """Keep what a meeting's page says and tell what is different.

    `captures` are the bodies that the record was read from, the meeting's own page first. `same_bytes`: the page is
    as it was at the last reading and only the parser is newer, so nothing is news. A meeting that is not known is
    announced. The first reading of a meeting of the baseline tells nothing, except that its list has named another
    time or a cancellation since. Raises HistoryError where an unknown meeting's record names no committee.
    """
    at = stamp(now)
    old = load_meeting(db, source, record.meeting_id) or _unheard_of(db, source, record, at)
    first = old.read_at is None
    reading = Reading(
        now=at,
        transport=record.transport,
        parser=parser,
        first=first,
        silent=same_bytes or (first and old.baseline),
        unspoken_is_news=_read_before(db, source, record.transport, old, at),
    )
    outcome = compare_meeting(old, record, reading)
    outcome = replace(outcome, new=replace(outcome.new, read_at=at, differs=False))
    meeting, changes = write_outcome(db, source, outcome, captures, reading)
    _sight(db, meeting, at, record.transport, changed=bool(changes), items="items" in record.fields)
    return MeetingKept(meeting, changes, first, first and old.baseline, outcome.pending, outcome.doubt)


def saw_unchanged(db: Database, meeting: int, now: datetime) -> None:
    """The meeting's page was asked for and is as it was: only when it was last seen is written."""
    at = stamp(now)
    db.conn.execute("UPDATE meetings SET read_at = ?, differs = 0 WHERE id = ?", (at, meeting))
    _sight(db, meeting, at, None, changed=False, items=True)


def write_outcome(
    db: Database, source: int, outcome: Outcome, captures: Sequence[Captured], reading: Reading
) -> tuple[int, tuple[Change, ...]]:
    """Write a comparison's outcome: rows that differ, a version of each thing whose content differs, then its
    changes.
    """
    proof = _Proof(db, captures, outcome.old)
    new = store_meeting(db, source, outcome.old, outcome.new, reading.now)
    assert new.id is not None and new.council is not None
    about = About(new.council, new.id)
    changes: list[Change] = []
    if new.version is None or outcome.differences or outcome.old.content() != new.content():
        version = write_version(db, "meeting", new.id, new.content(), reading, proof.of(new.url))
        db.conn.execute("UPDATE meetings SET version = ? WHERE id = ?", (version, new.id))
        changes += write_changes(db, about, outcome.differences, version, reading.now)

    item_rows: list[int] = []
    for told in outcome.items:
        item = store_item(db, new.id, told.old, told.new, reading.now)
        assert item.id is not None
        item_rows.append(item.id)
        if told.old is None or told.differences or told.old.content() != item.content():
            version = write_version(db, "item", item.id, item.content(), reading, proof.of(item.url))
            db.conn.execute("UPDATE items SET version = ? WHERE id = ?", (version, item.id))
            changes += write_changes(db, replace(about, item=item.id), told.differences, version, reading.now)

    were_in = {d.id: item.id for item in outcome.old.items for d in item.documents}
    for linked in outcome.documents:
        row = None if linked.item is None else item_rows[linked.item]
        document = store_document(db, {"meeting": new.id, "item": row}, linked.old, linked.new, reading.now)
        assert document.id is not None
        moved = linked.old is not None and were_in.get(document.id) != row
        if moved:
            db.conn.execute("UPDATE documents SET item = ? WHERE id = ?", (row, document.id))
        if linked.old is None or moved or linked.differences or linked.old.content() != document.content():
            version = write_document_version(db, document, {"item": row}, reading, proof.of(None))
            narrow = replace(about, item=row, document=document.id)
            changes += write_changes(db, narrow, linked.differences, version, reading.now)
    return new.id, tuple(changes)


def write_document_version(
    db: Database, document: DocumentState, place: dict[str, int | None], reading: Reading, capture: int | None
) -> int:
    """A version of a document with its text, which states loaded for comparing do not carry."""
    if document.text is None and document.text_state == "text":
        (text,) = db.conn.execute("SELECT text FROM documents WHERE id = ?", (document.id,)).fetchone()
        document = replace(document, text=text)
    assert document.id is not None
    version = write_version(db, "document", document.id, document.content(**place), reading, capture)
    db.conn.execute("UPDATE documents SET version = ? WHERE id = ?", (version, document.id))
    return version


class _Proof:
    """The captures of a reading, written only when the first version needs one."""

    def __init__(self, db: Database, captures: Iterable[Captured], meeting: MeetingState) -> None:
        self._db = db
        self._captures = tuple(captures)
        self._council = meeting.council
        documents = [*meeting.documents, *(document for item in meeting.items for document in item.documents)]
        self._forgotten = any(item.forgotten_at for item in meeting.items) or any(d.forgotten_at for d in documents)
        self._rows: dict[str, int] | None = None

    def of(self, url: str | None) -> int | None:
        """The capture of this address, else of the reading's first page."""
        if not self._captures:
            return None
        if self._rows is None:
            self._rows = {
                captured.url: keep_capture(self._db, captured, self._council, forgotten=self._forgotten)
                for captured in self._captures
            }
        return self._rows.get(url or "", self._rows[self._captures[0].url])


def _unheard_of(db: Database, source: int, record: MeetingRecord, at: str) -> MeetingState:
    if record.committee_id is None:
        raise HistoryError(
            f"{record.url}: meeting {record.meeting_id} is not known yet and its page names no committee"
        )
    committee, council, name = committee_row(db, source, record.committee_id, record.committee_name, at)
    return MeetingState(
        meeting_id=record.meeting_id,
        committee_id=record.committee_id,
        committee_name=name,
        url=record.url,
        first_seen=at,
        committee=committee,
        council=council,
    )


def _read_before(db: Database, source: int, transport: str, old: MeetingState, at: str) -> bool:
    """Whether the site had been read by this transport when the meeting was last read; notes the first time."""
    html, webservice = db.conn.execute(
        "SELECT first_html_at, first_webservice_at FROM sources WHERE id = ?", (source,)
    ).fetchone()
    read_before = True
    for by, first_at, last_by in (
        (_BY_HTML, html, old.transport in _BY_HTML),
        (_BY_WEBSERVICE, webservice, old.transport in _BY_WEBSERVICE),
    ):
        if transport in by and not last_by and (first_at is None or first_at > (old.read_at or "")):
            read_before = False
    if (transport in _BY_HTML and html is None) or (transport in _BY_WEBSERVICE and webservice is None):
        db.conn.execute(
            "UPDATE sources SET first_html_at = coalesce(first_html_at, ?),"
            " first_webservice_at = coalesce(first_webservice_at, ?) WHERE id = ?",
            (at if transport in _BY_HTML else None, at if transport in _BY_WEBSERVICE else None, source),
        )
    return read_before


def _sight(db: Database, meeting: int, at: str, transport: str | None, *, changed: bool, items: bool) -> None:
    db.conn.execute(
        "UPDATE meetings SET last_seen = ?, transport = coalesce(?, transport),"
        " last_changed = CASE WHEN ? THEN ? ELSE last_changed END WHERE id = ?",
        (at, transport, changed, at, meeting),
    )
    if items:
        standing = "meeting = ? AND withdrawn_at IS NULL AND missing_since IS NULL"
        db.conn.execute(f"UPDATE items SET last_seen = ? WHERE {standing}", (at, meeting))  # noqa: S608
        db.conn.execute(f"UPDATE documents SET last_seen = ? WHERE {standing}", (at, meeting))  # noqa: S608
