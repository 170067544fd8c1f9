"""The part of a poll that reads decisions, forward plans and consultations: once a day, HTML only.

A site need not have them: what is missing or unreadable here is no trouble of the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from councilwatch.source_poll import SourcePoll
from history.database import stamp, write_txn
from history.keep_notices import keep_notices
from notifiers.outbox import tell_changes, tell_standing_notices
from scraper.moderngov import PARSER, consultations, decisions, plans
from scraper.moderngov import addresses as at
from scraper.records import NoticeKind, NoticeListing, NoticeRecord
from scraper.source import Look, Reader

DECISIONS_BACK: Final = timedelta(days=60)
MOST_PLANS: Final = 3  # editions of forward plans read in one poll, newest first
MOST_DETAILS: Final = 10  # pages of new notices read in one poll; the others' titles stand meanwhile

_READERS: dict[NoticeKind, Reader[NoticeRecord]] = {
    "decision": decisions.read_decision,
    "plan": plans.read_issue,
    "consultation": consultations.read_consultation,
}


def poll_notices(poll: SourcePoll) -> None:
    """Reads the lists that are due, and the pages of what is new on them. Raises FetchError as Site does."""
    read_at, now = poll.stored.notices_read_at, poll.now
    due = read_at is None or now - read_at >= poll.settings.timetable.notices
    if poll.site.transport == "webservice" or not (due or poll.everything):
        return
    for kind, since, listing in _listings(poll):
        _keep(poll, kind, since, listing)
    with write_txn(poll.db):
        poll.db.conn.execute("UPDATE sources SET notices_read_at = ? WHERE id = ?", (stamp(now), poll.source.id))


def _listings(poll: SourcePoll) -> Iterator[tuple[NoticeKind, date | None, NoticeListing]]:
    base, today = poll.site.base_url, poll.today
    since = today - DECISIONS_BACK
    look = poll.site.read(at.decisions(base, since, today), decisions.read_decisions, optional=True)
    if look.record is not None:
        yield "decision", since, look.record
    if (planned := _plans(poll, base)) is not None:
        yield "plan", None, planned
    asked = poll.site.read(at.consultations(base), consultations.read_consultations, optional=True)
    if asked.record is not None:
        yield "consultation", None, asked.record


def _plans(poll: SourcePoll, base: str) -> NoticeListing | None:
    """The entries of the newest editions, together; None where any of them could not be read, for then some lack."""
    home = poll.site.read(at.plans_home(base), plans.read_plans_home, optional=True)
    waiting = list(home.record or ())[:MOST_PLANS]
    if home.record is None:
        return None
    entries: dict[int, NoticeRecord] = {}
    seen: set[str] = set()
    while waiting and len(seen) < 2 * MOST_PLANS:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        look = poll.site.read(url, plans.read_plan_items, optional=True)
        if look.record is None:
            return None
        entries |= {each.notice_id: each for each in look.record.notices if each.notice_id not in entries}
        waiting += look.record.more[:MOST_PLANS]
    return NoticeListing("plan", tuple(entries.values()))


def _keep(poll: SourcePoll, kind: NoticeKind, since: date | None, listing: NoticeListing) -> None:
    db, source = poll.db, poll.source.id
    known = {
        row[0] for row in db.conn.execute("SELECT notice_id FROM notices WHERE source = ? AND kind = ?", (source, kind))
    }
    details = _details(poll, kind, [each for each in listing.notices if each.notice_id not in known]) if known else []
    now = poll.now
    with write_txn(db):
        # what has a page of its own is told with its text, so it goes before the list that names it
        first = keep_notices(db, source, kind, details, now, complete=False, parser=PARSER)
        whole = keep_notices(db, source, kind, listing.notices, now, complete=True, complete_from=since, parser=PARSER)
        changes = (*first.changes, *whole.changes)
        poll.alerts += tell_changes(db, changes, poll.people, now)
        if not known:
            standing = db.conn.execute(
                "SELECT id FROM notices WHERE source = ? AND kind = ?", (source, kind)
            ).fetchall()
            poll.alerts += tell_standing_notices(db, [row[0] for row in standing], poll.people, now)
    poll.changes += len(changes)


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
