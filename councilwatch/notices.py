"""The part of a poll that reads decisions, forward plans and consultations: once a day, HTML only.

A site need not have them: what is missing or unreadable here is no trouble of the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from councilwatch.looks import remember_look
from councilwatch.source_poll import SourcePoll
from history.database import stamp, write_txn
from history.keep_notices import close_consultations, keep_notices, saw_notices
from notifiers.outbox import tell_changes, tell_standing_notices
from scraper.moderngov import PARSER, readers
from scraper.moderngov import addresses as at
from scraper.moderngov.readers import Reader
from scraper.records import NoticeKind, NoticeListing, NoticeRecord
from scraper.source import ANY_DAYS, Look

DECISIONS_BACK: Final = timedelta(days=60)
MOST_PLANS: Final = 3  # editions of forward plans read in one poll, newest first
MOST_DETAILS: Final = 10  # pages of new notices read in one poll; the others' titles stand meanwhile

_READERS: dict[NoticeKind, Reader[NoticeRecord]] = {
    "decision": readers.decision,
    "plan": readers.issue,
    "consultation": readers.consultation,
}


def poll_notices(poll: SourcePoll) -> None:
    """Reads the lists that are due, and the pages of what is new on them. Raises FetchError as Site does."""
    read_at, now = poll.stored.notices_read_at, poll.now
    due = read_at is None or now - read_at >= poll.settings.timetable.notices
    if poll.site.transport == "webservice" or not (due or poll.everything):
        return
    today = poll.today
    since = today - DECISIONS_BACK
    base = poll.site.base_url
    decided = poll.site.read(
        at.decisions(base, since, today), readers.decisions, key=at.decisions(base, *ANY_DAYS), optional=True
    )
    _keep(poll, "decision", decided, since)
    home = poll.site.read(at.plans_home(base), readers.plans_home, optional=True)
    _keep(poll, "plan", _plans(poll, home), None, whatever=bool(home.record))
    _keep(poll, "consultation", poll.site.read(at.consultations(base), readers.consultations, optional=True), None)
    with write_txn(poll.db):
        poll.db.conn.execute("UPDATE sources SET notices_read_at = ? WHERE id = ?", (stamp(now), poll.source.id))


def _plans(poll: SourcePoll, home: Look[tuple[str, ...]]) -> Look[NoticeListing]:
    """The entries of the newest editions, together; no record where any of them could not be read, for then some lack."""
    waiting = list(home.record or ())[:MOST_PLANS]
    if home.record is None:
        return Look(home.url, home.state, page=home.page, reason=home.reason)
    entries: dict[int, NoticeRecord] = {}
    seen: set[str] = set()
    while waiting and len(seen) < 2 * MOST_PLANS:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        look = poll.site.read(url, readers.plan_items, optional=True)
        if look.record is None:
            return look
        entries |= {each.notice_id: each for each in look.record.notices if each.notice_id not in entries}
        waiting += look.record.more[:MOST_PLANS]
    return Look(home.url, home.state, NoticeListing("plan", tuple(entries.values())), home.page)


def _keep(
    poll: SourcePoll, kind: NoticeKind, look: Look[NoticeListing], since: date | None, *, whatever: bool = False
) -> None:
    """Keeps a list with what it is news of. `whatever`: it is read the next time even if its own bytes are the same."""
    if look.state == "unchanged":
        _keep_unchanged(poll, kind, look)
    if look.record is None:
        return
    db, source, listing = poll.db, poll.source.id, look.record
    known = {
        row[0] for row in db.conn.execute("SELECT notice_id FROM notices WHERE source = ? AND kind = ?", (source, kind))
    }
    listed = db.conn.execute("SELECT 1 FROM notice_lists WHERE source = ? AND kind = ?", (source, kind)).fetchone()
    new = [each for each in listing.notices if each.notice_id not in known]
    details = _details(poll, kind, new) if listed is not None else []  # of the baseline only the titles are kept
    now = poll.now
    with write_txn(db):
        # what has a page of its own is told with its text, so it goes before the list that names it
        first = keep_notices(db, source, kind, details, now, complete=False, parser=PARSER)
        whole = keep_notices(db, source, kind, listing.notices, now, complete=True, complete_from=since, parser=PARSER)
        changes = (*first.changes, *whole.changes)
        poll.alerts += tell_changes(db, changes, poll.people, now)
        if listed is None:
            standing = db.conn.execute(
                "SELECT id FROM notices WHERE source = ? AND kind = ?", (source, kind)
            ).fetchall()
            poll.alerts += tell_standing_notices(db, [row[0] for row in standing], poll.people, now)
        remember_look(db, source, look, now, whatever=whatever or whole.pending_losses)
    poll.changes += len(changes)


def _keep_unchanged(poll: SourcePoll, kind: NoticeKind, look: Look[NoticeListing]) -> None:
    """A list that is as it was is a sighting of what it showed; only the clock can have made news of it."""
    db, source, now = poll.db, poll.source.id, poll.now
    with write_txn(db):
        saw_notices(db, source, kind, now)
        remember_look(db, source, look, now)
        closed = close_consultations(db, source, now) if kind == "consultation" else ()
        poll.alerts += tell_changes(db, closed, poll.people, now)
    poll.changes += len(closed)


def _details(poll: SourcePoll, kind: NoticeKind, notices: Sequence[NoticeRecord]) -> list[NoticeRecord]:
    found = []
    for notice in notices[:MOST_DETAILS]:
        look: Look[NoticeRecord] = poll.site.read(notice.url, _READERS[kind], optional=True)
        if look.record is not None:
            found.append(_with_list(look.record, notice))
    return found


def _with_list(page: NoticeRecord, listed: NoticeRecord) -> NoticeRecord:
    """What the notice's own page says, with what only the list says beside it."""
    missing = {
        name: getattr(listed, name)
        for name in listed.fields
        if getattr(listed, name) is not None and getattr(page, name) in (None, ())
    }
    # the list's number identifies it: a plan's entry leads to the page of its issue
    return replace(
        page,
        notice_id=listed.notice_id,
        kind=listed.kind,
        url=listed.url,
        fields=page.fields | listed.fields,
        **missing,
    )
