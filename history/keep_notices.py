"""Decisions outside meetings, forward plans and consultations -> rows, versions and changes.

All writes stand inside the caller's write_txn. `now` is aware.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from history.captures import Captured, keep_capture
from history.changes import Change
from history.compare_documents import DocumentOutcome, compare_linked
from history.compare_notices import COMPARED, GONE, NoticeState, compare_notice, gone_notice, new_notice
from history.database import stamp
from history.differences import Difference, Reading
from history.keep_meetings import write_document_version
from history.keep_sources import council_of_source
from history.ledger import About, write_changes, write_version
from history.load import documents_by_item
from history.losses import believed
from history.store import store_document
from scraper.records import NoticeKind, NoticeRecord, Transport

_LONDON: Final = ZoneInfo("Europe/London")
_ELSEWHERE: Final = {"transport", "parser", "documents"}
_COLUMNS: Final = [field.name for field in fields(NoticeState) if field.name not in _ELSEWHERE]
_STORED: Final = (*COMPARED, "url", "meeting_id", "issue_id", "baseline", "read_at", "missing_since", "missing_polls")
_SELECT: Final = (
    f"SELECT {', '.join(f't.{name}' for name in _COLUMNS)}, v.transport, v.parser"  # noqa: S608
    " FROM notices t LEFT JOIN versions v ON v.id = t.version WHERE t.source = ? AND t.kind = ?"
)


@dataclass(frozen=True, slots=True)
class NoticesKept:
    """`new`: moderngov's numbers of notices first told now, whose own pages are to be read. `pending_losses`: hand the
    same list in again even if its bytes are the same."""

    new: tuple[int, ...]
    changes: tuple[Change, ...]
    pending_losses: bool = False


def keep_notices(
    db: Database,
    source: int,
    kind: NoticeKind,
    records: Iterable[NoticeRecord],
    now: datetime,
    *,
    complete: bool,
    complete_from: date | None = None,
    complete_to: date | None = None,
    captures: Sequence[Captured] = (),
    transport: Transport = "html",
    parser: str = "",
    council: int | None = None,
) -> NoticesKept:
    """Keep a list of notices of one kind (`complete`), or what their own pages say (not `complete`).

    The first complete list of a kind is its baseline: rows without changes, nor does the first reading of such a
    notice's own page tell anything. `complete_from` and `complete_to` are the days of publication that the list covers,
    None for open-ended; what stood in them and is not listed is lost, by the rule for losses. `council` is the row of
    the council that the list is of, the site's first where None.
    """
    at, today = stamp(now), now.astimezone(_LONDON).date()
    reading = Reading(at, transport, parser)
    records = list(records)
    wanted = None if complete else [record.notice_id for record in records]
    stored = {notice.notice_id: notice for notice in _load(db, source, kind, wanted)}
    # A list may still show what was taken out of the record: then no capture of it is kept.
    shown = () if any(notice.forgotten_at for notice in stored.values()) else captures
    writer = _Writer(db, source, council or council_of_source(db, source), reading, shown)
    cover = db.conn.execute(
        "SELECT baseline_at, covered_from FROM notice_lists WHERE source = ? AND kind = ?", (source, kind)
    ).fetchone()
    new: list[int] = []
    changes: list[Change] = []
    here: set[int] = set()
    for record in records:
        old = stored.get(record.notice_id)
        if record.notice_id in here:
            continue
        here.add(record.notice_id)
        if old is None:
            earlier = bool(cover and cover[1] and record.published and record.published < date.fromisoformat(cover[1]))
            baseline = complete and (cover is None or earlier)
            state, told = new_notice(record, writer.council, reading, today, baseline=baseline, own_page=not complete)
            if not baseline:
                new.append(record.notice_id)
        else:
            state, told = compare_notice(old, record, reading, today, own_page=not complete)
        changes += writer.write(old, state, told, record)
    pending = False
    if complete:
        gone, pending = _missing(stored.values(), here, complete_from, complete_to, at, writer)
        changes += gone
        _note_cover(db, source, kind, complete_from, complete_to, at)
    changes += close_consultations(db, source, now) if kind == "consultation" else ()
    return NoticesKept(tuple(new), tuple(changes), pending)


def saw_notices(db: Database, source: int, kind: NoticeKind, now: datetime) -> None:
    """A list came with the bytes it had: what stood on it when it was last read stands there still."""
    db.conn.execute(
        "UPDATE notices SET last_seen = ?1 WHERE source = ?2 AND kind = ?3 AND last_seen ="
        " (SELECT max(last_seen) FROM notices WHERE source = ?2 AND kind = ?3)"
        " AND withdrawn_at IS NULL AND missing_since IS NULL",
        (stamp(now), source, kind),
    )


def close_consultations(db: Database, source: int, now: datetime) -> tuple[Change, ...]:
    """Tell of consultations whose last day has passed; the clock's doing, so no page need have changed."""
    at, today = stamp(now), now.astimezone(_LONDON).date().isoformat()
    changes: list[Change] = []
    for old in _load(db, source, "consultation"):
        if old.closed_at is None and old.withdrawn_at is None and old.due is not None and old.due < today:
            reading = Reading(at, old.transport or "html", old.parser or "")
            assert old.council is not None
            told = (Difference(GONE["consultation"], "due", old.due, None),)
            changes += _Writer(db, source, old.council, reading, ()).write(old, replace(old, closed_at=at), told, None)
    return tuple(changes)


def _missing(
    stored: Iterable[NoticeState], here: set[int], first: date | None, last: date | None, at: str, writer: _Writer
) -> tuple[list[Change], bool]:
    standing = [
        notice
        for notice in stored
        if notice.withdrawn_at is None
        and (notice.closed_at is None or notice.notice_id in here)
        and _within(notice.published, first, last)
    ]
    absent = [notice for notice in standing if notice.notice_id not in here]
    changes: list[Change] = []
    pending = False
    for old in absent:
        since, polls = old.missing_since or at, old.missing_polls + 1
        if believed(len(absent), len(standing), polls, since, at):
            changes += writer.write(old, *gone_notice(old, at), None)
        else:
            pending = True
            writer.write(old, replace(old, missing_since=since, missing_polls=polls), (), None)
    return changes, pending


def _within(published: str | None, first: date | None, last: date | None) -> bool:
    if published is None:
        return first is None and last is None
    return (first is None or published >= first.isoformat()) and (last is None or published <= last.isoformat())


class _Writer:
    def __init__(self, db: Database, source: int, council: int, reading: Reading, captures: Sequence[Captured]) -> None:
        self._db, self._source, self.council, self._reading = db, source, council, reading
        self._captures = captures
        self._capture: int | None = None

    def write(
        self,
        old: NoticeState | None,
        new: NoticeState,
        told: tuple[Difference, ...],
        record: NoticeRecord | None,
    ) -> list[Change]:
        now, db = self._reading.now, self._db
        linked: tuple[DocumentOutcome, ...] = ()
        if record is not None and (not record.fields or "documents" in record.fields):
            was = () if old is None else old.documents
            linked = compare_linked(
                [(None, document) for document in was],
                [(None, document) for document in record.documents],
                {None} if record.fields else set(),
                set(),
                self._tells(old, new),
                self._reading,
            )
            new = replace(new, documents=tuple(document.new for document in linked))
        row = self._row(old, new)
        new = replace(new, id=row)
        about = About(new.council or self.council, notice=row)
        changes: list[Change] = []
        if old is None or told or old.content() != new.content():
            version = write_version(db, "notice", row, new.content(), self._reading, self._proof())
            db.conn.execute("UPDATE notices SET version = ? WHERE id = ?", (version, row))
            changes += write_changes(db, about, told, version, now)
        for one in linked:
            document = store_document(db, {"notice": row}, one.old, one.new, now)
            if one.old is None or one.differences or one.old.content() != document.content():
                version = write_document_version(db, document, {"notice": row}, self._reading, self._proof())
                changes += write_changes(db, replace(about, document=document.id), one.differences, version, now)
        return changes

    def _tells(self, old: NoticeState | None, new: NoticeState) -> Callable[[int | None], bool]:
        silent = new.baseline and (old is None or old.read_at is None)
        return lambda _place: not silent

    def _row(self, old: NoticeState | None, new: NoticeState) -> int:
        names = (*_STORED, "withdrawn_at", "closed_at")
        values = {name: getattr(new, name) for name in names} | {"baseline": int(new.baseline)}
        values["last_seen"] = self._reading.now
        if old is not None and old.id is not None:
            if new.missing_since is not None or new.withdrawn_at is not None:
                del values["last_seen"]
            assignments = ", ".join(f"{name} = ?" for name in values)
            self._db.conn.execute(f"UPDATE notices SET {assignments} WHERE id = ?", (*values.values(), old.id))  # noqa: S608
            return old.id
        values |= {"source": self._source, "council": new.council, "kind": new.kind, "notice_id": new.notice_id}
        values["first_seen"] = new.first_seen
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO notices ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
        return int(self._db.conn.execute(sql, tuple(values.values())).lastrowid or 0)

    def _proof(self) -> int | None:
        if self._capture is None and self._captures:
            rows = [keep_capture(self._db, captured, self.council) for captured in self._captures]
            self._capture = rows[0]
        return self._capture


def _load(db: Database, source: int, kind: str, numbers: Sequence[int] | None = None) -> list[NoticeState]:
    notices = []
    linked = {row for (row,) in db.conn.execute("SELECT DISTINCT notice FROM documents WHERE notice IS NOT NULL")}
    only = "" if numbers is None else f" AND t.notice_id IN ({', '.join('?' * len(numbers))})"
    for row in db.conn.execute(_SELECT + only, (source, kind, *(numbers or ()))).fetchall():
        values = dict(zip([*_COLUMNS, "transport", "parser"], row, strict=True))
        documents = documents_by_item(db, "notice", values["id"]) if values["id"] in linked else {}
        notices.append(
            NoticeState(**values | {"baseline": bool(values["baseline"])}, documents=documents.get(None, ()))
        )
    return notices


def _note_cover(db: Database, source: int, kind: str, first: date | None, last: date | None, at: str) -> None:
    db.conn.execute(
        "INSERT INTO notice_lists (source, kind, baseline_at, covered_from, covered_to) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (source, kind) DO UPDATE SET"
        " covered_from = CASE WHEN ?4 IS NULL OR covered_from IS NULL THEN NULL ELSE min(covered_from, ?4) END,"
        " covered_to = CASE WHEN ?5 IS NULL OR covered_to IS NULL THEN NULL ELSE max(covered_to, ?5) END",
        (source, kind, at, None if first is None else first.isoformat(), None if last is None else last.isoformat()),
    )
