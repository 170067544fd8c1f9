"""The part of a poll that reads committees and their lists: which meetings there are, and what a list tells of them.

Lists also say whether the site answers at all, where nothing else of it can be read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from councilwatch.looks import captured, remember_look
from councilwatch.source_poll import FIND_AGAIN, SourcePoll
from councilwatch.timetable import AHEAD, BEHIND_UNAPPROVED
from history.database import stamp, write_txn
from history.due import committees_of, meeting_numbered
from history.keep_lists import keep_list
from history.keep_sources import keep_committees, set_next_look
from history.pages import page_memory
from notifiers.outbox import tell_changes
from scraper.fetch import FetchError
from scraper.moderngov import PARSER, readers
from scraper.moderngov import addresses as at
from scraper.records import ListedMeeting, MeetingList, Transport
from scraper.source import Look

LIST_AHEAD: Final = timedelta(days=400)  # how far ahead meetings are listed
HOPELESS: Final = 3  # pages in trouble and none good: the rest of the poll is spared the site

log = logging.getLogger("councilwatch")


def poll_committees(poll: SourcePoll) -> None:
    """Reads the committees where they are due."""
    read_at, wait = poll.stored.committees_read_at, poll.settings.timetable.committees
    fresh = read_at is not None and poll.now - read_at < wait
    if fresh and not poll.everything and not poll.site.find_again:
        return
    read_committees(poll)


def read_committees(poll: SourcePoll) -> None:
    """Reads and keeps the committees, due or not."""
    look = poll.site.committees()
    poll.committees_read = look.good
    now = poll.now
    with write_txn(poll.db):
        remember_look(poll.db, poll.source.id, look, now)
        if look.record is not None:
            keep_committees(poll.db, poll.source.id, look.record, partial(_council_of, poll), now)
        elif look.good:
            poll.db.conn.execute("UPDATE sources SET committees_read_at = ? WHERE id = ?", (stamp(now), poll.source.id))


def _council_of(poll: SourcePoll, committee: str) -> int:
    """Which of the councils on a shared site a committee belongs to: by the config, by its name, else the first."""
    rows = dict(poll.source.councils)
    for council in poll.councils:
        if council.committees and committee.casefold() in (name.casefold() for name in council.committees):
            return rows[council.slug]
    named = [council for council in poll.councils if council.slug.replace("-", " ") in committee.casefold()]
    return rows[(named or poll.councils)[0].slug]


def wanted_committees(poll: SourcePoll) -> dict[int, int]:
    """The committees to look at: moderngov's number -> row. All of them where one council's config names none."""
    committees = committees_of(poll.db, poll.source.id)
    if any(council.committees is None for council in poll.councils):
        return {each.committee_id: each.id for each in committees}
    names = {name.casefold() for council in poll.councils for name in council.committees or ()}
    for missing in sorted(names - {each.name.casefold() for each in committees}) if committees else ():
        log.warning("no such committee; councilwatch check has the nearest name", extra={"committee": missing})
    return {each.committee_id: each.id for each in committees if each.name.casefold() in names}


def poll_lists(poll: SourcePoll, wanted: Mapping[int, int]) -> dict[int, ListedMeeting]:
    """Reads the lists that are due. Returns, by number, the meetings that a list tells something new of."""
    timetable, now = poll.settings.timetable, poll.now
    since, until = (now - BEHIND_UNAPPROVED).date(), (now + LIST_AHEAD).date()
    differing: dict[int, ListedMeeting] = {}
    due = poll.stored.next_look_at
    if poll.everything or due is None or due <= now:
        look = poll.site.all_meetings(since, until)
        wait = timetable.lists_webservice
        if look is None:
            _hints(poll, differing)
        elif look.record is not None:
            differing |= keep_meeting_list(poll, look.record, look, wanted)
        if look is not None and look.good:
            _listed(poll, wanted, now + wait)
        _set_look(poll, now + (wait if look is None or look.good else timetable.soon))
    for committee in committees_of(poll.db, poll.source.id):
        if committee.committee_id not in wanted:
            continue
        if not (committee.next_look_at is None or committee.next_look_at <= poll.now or _asks_lists(poll)):
            continue
        one = poll.site.committee_meetings(committee.committee_id, since, until)
        if one.record is not None:
            differing |= keep_meeting_list(poll, one.record, one, wanted)
        else:
            poll.remember(one)
        again = poll.now + (timetable.lists_html if one.good else timetable.soon)
        with write_txn(poll.db):
            set_next_look(poll.db, "committees", committee.id, again)
        give_up_if_hopeless(poll)
    return differing


def _asks_lists(poll: SourcePoll) -> bool:
    """`poll --all` reads each committee's list, unless one request has told of all of them."""
    return poll.everything and poll.site.calendar_committee is None


def _listed(poll: SourcePoll, wanted: Mapping[int, int], again: datetime) -> None:
    with write_txn(poll.db):
        for row in wanted.values():
            set_next_look(poll.db, "committees", row, again + poll.settings.timetable.lists_html)


def _set_look(poll: SourcePoll, again: datetime) -> None:
    with write_txn(poll.db):
        set_next_look(poll.db, "sources", poll.source.id, again)


def keep_meeting_list(
    poll: SourcePoll, listing: MeetingList, look: Look[MeetingList], wanted: Mapping[int, int]
) -> dict[int, ListedMeeting]:
    """Keeps a list with what it is news of. Returns, by number, the meetings that it tells something new of."""
    now = poll.now
    transport: Transport = "webservice" if "asmx" in look.url else "html"
    with write_txn(poll.db):
        kept = keep_list(
            poll.db,
            poll.source.id,
            listing,
            captured(look.page),
            now,
            transport=transport,
            parser=PARSER,
        )
        # a list of the whole site tells of committees, too, that the operator did not ask for
        asked = [change for change in kept.changes if _is_of(poll, change.meeting, wanted)]
        poll.alerts += tell_changes(poll.db, asked, poll.people, now)
        remember_look(poll.db, poll.source.id, look, now, whatever=kept.pending_losses or not look.alone)
        # should this poll end before it comes to them, they are due in the next
        poll.db.conn.execute(
            "UPDATE meetings SET next_look_at = ? WHERE source = ? AND differs AND next_look_at > ?"
            " AND (starts_at_utc IS NULL OR starts_at_utc BETWEEN ? AND ?)",
            (stamp(now), poll.source.id, stamp(now), stamp(now - BEHIND_UNAPPROVED), stamp(now + AHEAD)),
        )
    poll.changes += len(kept.changes)
    told = {*kept.new, *kept.differing}
    return {each.meeting_id: each for each in listing.meetings if each.meeting_id in told}


def _hints(poll: SourcePoll, differing: dict[int, ListedMeeting]) -> None:
    """What the site's feed mentions is looked at now: cheap word of change where there is no web service."""
    url = at.feed(poll.site.base_url, None)
    memory = page_memory(poll.db, poll.source.id, url)
    if memory is not None and memory.trouble and poll.now - memory.fetched_at < FIND_AGAIN:
        return
    look = poll.site.read(url, readers.feed, optional=True)
    poll.remember(look, key=url)
    for hint in look.record or ():
        number = at.number(hint.url, "MId", "MeetingId")
        known = meeting_numbered(poll.db, poll.source.id, number) if number else None
        if known is not None and (hint.published is None or not known.read_at or hint.published > known.read_at):
            differing.setdefault(
                known.meeting_id,
                ListedMeeting(
                    known.meeting_id,
                    known.committee_id,
                    known.committee,
                    known.starts_at,
                    "cancelled" if known.cancelled else "scheduled",
                    at.meeting(poll.site.base_url, known.committee_id, known.meeting_id),
                ),
            )


def _is_of(poll: SourcePoll, meeting: int | None, wanted: Mapping[int, int]) -> bool:
    row = poll.db.conn.execute("SELECT committee_id FROM meetings WHERE id = ?", (meeting,)).fetchone()
    return row is not None and row[0] in wanted


def give_up_if_hopeless(poll: SourcePoll) -> None:
    """Spares a site that answers nothing good; what was not asked is asked in the next poll."""
    looks = poll.site.looks
    if len(looks) < HOPELESS or any(look.good for look in looks):
        return
    last = looks[-1]
    if not site_answers(poll):
        raise FetchError(last.url, "left alone", f"nothing of the site can be read: {last.reason}")


def site_answers(poll: SourcePoll) -> bool:
    """Whether the committees can be read, where nothing else could: then the other pages' trouble is their own."""
    if poll.committees_read is None:
        read_committees(poll)
    return bool(poll.committees_read)
