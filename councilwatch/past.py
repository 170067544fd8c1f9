"""The past of a source, which `backfill` reads: lists back to a day, then the meetings that no poll will read."""

from __future__ import annotations

from datetime import date, datetime, time

from councilwatch.lists import give_up_if_hopeless, keep_meeting_list, poll_committees, wanted_committees
from councilwatch.meetings import look_at_meeting
from councilwatch.source_poll import SourcePoll
from councilwatch.timetable import LONDON, MeetingState, in_window
from history.database import write_txn
from history.due import DueMeeting, due_meetings, meeting_numbered
from history.keep_sources import set_next_look


def list_past(poll: SourcePoll, since: date) -> None:
    """Reads the lists back to `since`; meetings of days that no list covered before join the baseline."""
    poll_committees(poll)
    wanted = wanted_committees(poll)
    look = poll.site.all_meetings(since, poll.today)
    if look is not None and look.good:
        if look.record is not None:
            keep_meeting_list(poll, look.record, look, wanted)
        return
    for committee_id in wanted:
        one = poll.site.committee_meetings(committee_id, since, poll.today)
        if one.record is not None:
            keep_meeting_list(poll, one.record, one, wanted)
        else:
            poll.remember(one)
        give_up_if_hopeless(poll)


def unread_since(poll: SourcePoll, since: date) -> list[DueMeeting]:
    """The meetings from `since` on that were never read and that no poll will read any more, the newest first."""
    now, first = poll.now, datetime.combine(since, time(), LONDON)
    known = due_meetings(poll.db, poll.source.id, wanted_committees(poll), now, first, now)
    return [
        each
        for each in known
        if each.read_at is None
        and not in_window(MeetingState(each.id, each.starts_at, each.cancelled, each.minutes_state), now)
    ]


def read_past(poll: SourcePoll, known: DueMeeting) -> bool:
    """Reads one of those; says whether it could be read."""
    look_at_meeting(poll, known, None)
    again = meeting_numbered(poll.db, poll.source.id, known.meeting_id)
    if again is not None and again.read_at is not None:
        return True
    with write_txn(poll.db):
        set_next_look(poll.db, "meetings", known.id, None)  # no poll looks at it, so it is never due
    give_up_if_hopeless(poll)
    return False
