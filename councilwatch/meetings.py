"""The part of a poll that reads meetings, each with its new papers: one transaction for what is learnt of each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from config.settings import Timetable
from councilwatch.hosts import manners_of
from councilwatch.lists import give_up_if_hopeless
from councilwatch.looks import captures, remember_look, same_bytes
from councilwatch.papers import Paper, fetch_paper, keep_papers, new_papers, papers_wanted, tell_texts
from councilwatch.source_poll import SourcePoll
from councilwatch.timetable import (
    AHEAD,
    BEHIND_UNAPPROVED,
    MeetingState,
    asked_first,
    clear_days_asked,
    in_window,
    next_look,
    runs_short,
    sparing,
)
from history.database import write_txn
from history.due import DueMeeting, due_meetings
from history.keep_lists import keep_listed
from history.keep_meetings import keep_meeting, saw_unchanged
from history.keep_sources import set_next_look
from history.pages import page_memory, remember_trouble, saw_page
from notifiers.outbox import tell_changes, tell_standing
from scraper.fetch import FetchError
from scraper.moderngov import PARSER
from scraper.moderngov import addresses as at
from scraper.records import ListedMeeting, MeetingRecord
from scraper.source import Look, MeetingLook

log = logging.getLogger("councilwatch")


def poll_meetings(poll: SourcePoll, wanted: Mapping[int, int], differing: Mapping[int, ListedMeeting]) -> None:
    """Reads the meetings that are due, and those that a list tells something new of (`differing`, by number)."""
    now = poll.now
    for each in due_meetings(poll.db, poll.source.id, wanted, now, now - BEHIND_UNAPPROVED, now + AHEAD):
        never = each.next_look_at is None and each.read_at is None
        due = each.next_look_at is not None and each.next_look_at <= now
        if not in_window(state := _state(poll, each), now):
            if due:
                # else the source would be due at every tick, with nothing to ask of it
                with write_txn(poll.db):
                    set_next_look(poll.db, "meetings", each.id, next_look(state, now, poll.settings.timetable))
            continue
        if poll.everything or never or due or each.meeting_id in differing:
            look_at_meeting(poll, each, differing.get(each.meeting_id))
            give_up_if_hopeless(poll)


def look_at_meeting(poll: SourcePoll, known: DueMeeting, listed: ListedMeeting | None) -> None:
    """Reads one meeting and keeps what became of it; an unchanged one waits for `keep_unchanged`."""
    page_due, service_due = _due(poll, known)
    look = poll.site.meeting(
        known.committee_id,
        known.meeting_id,
        page_due=page_due,
        service_due=service_due,
        whatever=known.read_at is None,
    )
    if look.state == "unchanged":
        poll.unchanged.append((known, look.looks))
    elif look.state == "read" and look.record is not None:
        _keep_record(poll, known, look, look.record)
    else:
        _keep_trouble(poll, known, look, listed)


def _state(poll: SourcePoll, known: DueMeeting) -> MeetingState:
    """What the timetable goes by, as it stood in the history when the poll began with this meeting."""
    nation = poll.councils[0].nation
    return MeetingState(
        known.id,
        known.starts_at,
        known.cancelled,
        known.minutes_state,
        known.agenda_out,
        clear_days_asked(nation, known.committee),
        nation,
    )


def _timetable(poll: SourcePoll) -> Timetable:
    """The operator's, or what is left of it on a day so busy that its requests would not last."""
    budget = manners_of(poll.councils).requests_per_day
    usual = poll.settings.timetable
    return sparing(usual) if runs_short(poll.site.host.spent_today, budget, poll.now) else usual


def _due(poll: SourcePoll, known: DueMeeting) -> tuple[bool, bool]:
    """Whether page and web service are asked even where the other has nothing new to tell."""
    if poll.everything:
        return True, True
    first, wait = asked_first(_state(poll, known), poll.now)
    base = poll.site.base_url
    other = (
        at.ws_meeting(base, known.meeting_id)
        if first == "html"
        else at.meeting(base, known.committee_id, known.meeting_id)
    )
    memory = page_memory(poll.db, poll.source.id, other)
    if memory is None or poll.now - memory.fetched_at >= wait:
        return True, True
    return first == "html", first == "webservice"


def _keep_record(poll: SourcePoll, known: DueMeeting, look: MeetingLook, record: MeetingRecord) -> None:
    quiet = known.baseline and known.read_at is None
    papers = [] if quiet else _read_new_papers(poll, record)
    now = poll.now
    with write_txn(poll.db):
        kept = keep_meeting(
            poll.db,
            poll.source.id,
            record,
            captures(look.pages, record.url),
            now,
            PARSER,
            same_bytes=same_bytes(poll.db, poll.source.id, look.looks),
        )
        changes, arrived = keep_papers(poll.db, kept.meeting, papers, now)
        poll.alerts += tell_changes(poll.db, (*kept.changes, *changes), poll.people, now)
        tell_texts(poll, arrived, now)
        if kept.baseline:
            poll.alerts += tell_standing(poll.db, kept.meeting, poll.people, now)
        for each in look.looks:
            remember_look(
                poll.db,
                poll.source.id,
                each,
                now,
                whatever=kept.pending_losses or bool(kept.doubt) or any(item.cut for item in record.items),
            )
        if kept.doubt:
            remember_trouble(poll.db, poll.source.id, record.url, kept.doubt, now)
        _set_meeting_look(poll, known, now, soon=bool(kept.doubt))
    if kept.doubt:
        poll.site.looks[:] = [
            Look(each.url, "suspect", page=each.page, reason=kept.doubt) if each.url == record.url else each
            for each in poll.site.looks
        ]
    poll.pages_changed += bool(kept.changes or kept.first_reading)
    poll.changes += len(kept.changes) + len(changes)
    for change in (*kept.changes, *changes):
        log.info("change", extra={"kind": change.kind, "meeting": known.meeting_id, "committee": known.committee})


def _keep_trouble(poll: SourcePoll, known: DueMeeting, look: MeetingLook, listed: ListedMeeting | None) -> None:
    """A meeting that could not be read is as it was, but for what a trusted list says of its date and standing."""
    now = poll.now
    with write_txn(poll.db):
        for each in look.looks:
            remember_look(poll.db, poll.source.id, each, now)
        if listed is not None and known.read_at is not None:
            kept = keep_listed(poll.db, poll.source.id, listed, None, now)
            poll.alerts += tell_changes(poll.db, kept.changes, poll.people, now)
            poll.changes += len(kept.changes)
        set_next_look(poll.db, "meetings", known.id, _after_trouble(poll, known, look, now))


def _after_trouble(poll: SourcePoll, known: DueMeeting, look: MeetingLook, now: datetime) -> datetime:
    """Soon, and twice as long after each further trouble, but not later than if all were well."""
    memories = [page_memory(poll.db, poll.source.id, each.url) for each in look.looks if not each.good]
    polls = max((memory.trouble_polls for memory in memories if memory), default=1)
    usual = next_look(_state(poll, known), now, _timetable(poll))
    again = now + poll.settings.timetable.soon * (1 << min(polls - 1, 10))
    return min(again, usual) if usual else again


def keep_unchanged(poll: SourcePoll) -> None:
    """Sightings of pages that are as they were, in one transaction: a crash would only have us look once more."""
    now = poll.now
    if not poll.unchanged:
        return
    timetable = _timetable(poll)
    with write_txn(poll.db):
        for known, looks in poll.unchanged:
            saw_unchanged(poll.db, known.id, now)
            again = next_look(_state(poll, known), now, timetable)
            set_next_look(poll.db, "meetings", known.id, again)
            for look in looks:
                saw_page(poll.db, poll.source.id, look.url, now)
    poll.unchanged.clear()


def _set_meeting_look(poll: SourcePoll, known: DueMeeting, now: datetime, *, soon: bool) -> None:
    starts, cancelled, minutes_state, agenda_out = poll.db.conn.execute(
        "SELECT starts_at_utc, status = 'cancelled', minutes_state, agenda_state = 'published' FROM meetings WHERE id = ?",
        (known.id,),
    ).fetchone()
    state = replace(
        _state(poll, known),
        starts_at=datetime.fromisoformat(starts) if starts else None,
        cancelled=bool(cancelled),
        minutes_state=minutes_state,
        agenda_out=bool(agenda_out),
    )
    again = next_look(state, now, _timetable(poll))
    if soon:
        again = min(again or now + poll.settings.timetable.soon, now + poll.settings.timetable.soon)
    set_next_look(poll.db, "meetings", known.id, again)


def _read_new_papers(poll: SourcePoll, record: MeetingRecord) -> list[Paper]:
    """The texts of what is new on a page, so that all of it is told together. What cannot be had waits."""
    papers: list[Paper] = []
    if papers_wanted(poll):
        try:
            for document in new_papers(poll.db, poll.source.id, record):
                paper = fetch_paper(poll.site, document)
                papers += [paper] if paper else []
        except FetchError as end:
            # what was read is kept all the same; the next page that is asked for ends the poll
            log.info("papers wait", extra={"meeting": record.meeting_id, "reason": end.reason})
    return papers
