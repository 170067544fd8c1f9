"""The part of a poll that reads documents: new papers before their meeting is kept, waiting ones after all pages.

The news is often in a report. Bytes are not kept, hash and text are. Packs, frontsheets, printed minutes and decisions
repeat what page and reports say, so they are read only where the page does not say it itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from councilwatch.hosts import manners_of
from councilwatch.source_poll import SourcePoll
from councilwatch.timetable import AHEAD, BEHIND
from history.changes import Change
from history.database import stamp, write_txn
from history.keep_documents import (
    TextArrived,
    WantedDocument,
    document_texts_wanted,
    keep_document,
    known_documents,
)
from history.keep_sources import set_next_look
from notifiers.outbox import tell_changes, tell_document_text
from scraper.documents import DocumentText, extract
from scraper.fetch import FetchError, Host
from scraper.moderngov import readers
from scraper.moderngov.addresses import page_name
from scraper.records import DocumentRecord, MeetingRecord
from scraper.source import HOST_WIDE, Site

BACKLOG_SHARE: Final = 0.6  # of the day's requests: waiting papers leave the rest to pages
TRY_AGAIN: Final = timedelta(days=1)  # a document that could not be had


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as read: its text, and size in bytes and hash of the bytes as served."""

    document_id: str
    text: DocumentText
    size: int
    sha256: str


def new_papers(db: Database, source: int, record: MeetingRecord) -> tuple[WantedDocument, ...]:
    """The documents of a meeting, as just read, whose bytes are to be fetched before the meeting is kept."""
    known = known_documents(db, source, record.meeting_id)
    wanted: dict[str, WantedDocument] = {}
    for document in (*record.documents, *(each for item in record.items for each in item.documents)):
        stored = known.get(document.document_id)
        size_changed = stored is not None and document.size_shown not in (None, stored.size_shown)
        new = stored is None or stored.wanted or stored.title != document.title or size_changed
        if new and not document.restricted and not _repeats(document, record):
            wanted[document.document_id] = WantedDocument(
                stored.id if stored else 0, document.document_id, document.title, document.kind, document.url, None
            )
    return tuple(wanted.values())


def waiting_papers(
    db: Database, source: int, host: Host, requests_per_day: int, now: datetime
) -> Iterator[tuple[int, WantedDocument]]:
    """(meeting's row, document) of those that wait, the nearest meetings first, within the day's share of requests."""
    meetings = db.conn.execute(
        "SELECT DISTINCT m.id, m.starts_at_utc FROM meetings m JOIN documents d ON d.meeting = m.id"
        " WHERE m.source = ? AND m.withdrawn_at IS NULL AND m.starts_at_utc BETWEEN ? AND ?"
        " AND (d.wanted OR substr(m.starts_at, 1, 10) = ?)",
        (source, stamp(now - BEHIND), stamp(now + AHEAD), now.date().isoformat()),
    ).fetchall()
    for meeting, _ in sorted(meetings, key=lambda row: abs(datetime.fromisoformat(row[1]) - now)):
        for document in document_texts_wanted(db, meeting, now):
            budget = requests_per_day
            if budget and host.spent_today >= budget * BACKLOG_SHARE:
                return
            yield meeting, document


def fetch_paper(site: Site, document: WantedDocument) -> Paper | None:
    """Reads a document; None where it cannot be had now. Raises FetchError where the poll of the site is over."""
    try:
        url = _file_of(site, document)
        if url is None:
            return None
        page = site.host.get(url, document=True)
    except FetchError as error:
        if error.kind in HOST_WIDE:
            raise
        return None
    text = extract(page.body, page.headers.get("content-type"), document.title)
    return Paper(document.document_id, text, len(page.body), hashlib.sha256(page.body).hexdigest())


def keep_papers(
    db: Database, meeting: int, papers: Iterable[Paper], now: datetime
) -> tuple[tuple[Change, ...], tuple[TextArrived, ...]]:
    """Inside the caller's write_txn: the texts, and what they are news of."""
    changes: list[Change] = []
    arrived: list[TextArrived] = []
    for paper in papers:
        kept = keep_document(db, meeting, paper.document_id, paper.text, paper.size, paper.sha256, now)
        changes += kept.changes
        arrived += kept.arrived
    return tuple(changes), tuple(arrived)


def keep_absence(db: Database, document: WantedDocument, now: datetime) -> None:
    """A document that could not be had is asked for again tomorrow."""
    with write_txn(db):
        set_next_look(db, "documents", document.id, now + TRY_AGAIN)


def poll_papers(poll: SourcePoll) -> None:
    """The texts of papers that wait (those of the baseline first of all), the nearest meetings first."""
    if not papers_wanted(poll):
        return
    budget = manners_of(poll.councils).requests_per_day
    for meeting, document in waiting_papers(poll.db, poll.source.id, poll.site.host, budget, poll.now):
        paper = fetch_paper(poll.site, document)
        now = poll.now
        if paper is None:
            keep_absence(poll.db, document, now)
            continue
        with write_txn(poll.db):
            changes, arrived = keep_papers(poll.db, meeting, (paper,), now)
            poll.alerts += tell_changes(poll.db, changes, poll.people, now)
            tell_texts(poll, arrived, now)
        poll.changes += len(changes)


def tell_texts(poll: SourcePoll, arrived: Sequence[TextArrived], now: datetime) -> None:
    """Inside the caller's write_txn: what newly read texts are news of."""
    for text in arrived:
        poll.alerts += tell_document_text(poll.db, text.document, text.added, poll.people, now)


def papers_wanted(poll: SourcePoll) -> bool:
    """Whether any council of this source wants the texts of its documents."""
    return any(council.documents for council in poll.councils)


def _file_of(site: Site, document: WantedDocument) -> str | None:
    """The address of the file itself: a supplement is linked by way of a page that lets one choose."""
    if page_name(document.url) != "mgchoosedocpack.aspx":
        return document.url
    look = site.read(document.url, readers.packs, optional=True)
    files = [each for each in look.record or () if page_name(each.url) != "mgchoosedocpack.aspx"]
    same = [each for each in files if each.document_id == document.document_id]
    return (same or files)[0].url if files else None


def _repeats(document: DocumentRecord, record: MeetingRecord) -> bool:
    """Whether the page and its reports say already what this document compiles."""
    if document.kind in ("pack", "frontsheet"):
        return any(item.documents for item in record.items) if document.kind == "pack" else bool(record.items)
    if document.kind == "minutes":
        return any(item.minutes for item in record.items)
    if document.kind == "decisions":
        return any(item.decision for item in record.items)
    return False
