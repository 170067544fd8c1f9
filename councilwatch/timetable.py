"""When to look: what is due is a pure function of a meeting and the time, with the operator's timetable.

An agenda is due five clear working days ahead in England (Local Government Act 1972, Schedule 12A and s.100B), three in
Wales and Scotland, and for partnerships, which no such rule binds, perhaps none; so a fortnight is watched closely.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zlib import crc32
from zoneinfo import ZoneInfo

import holidays

from config.settings import Timetable

LONDON = ZoneInfo("Europe/London")
FORTNIGHT = timedelta(days=14)
AHEAD = timedelta(days=60)  # how far ahead meetings are looked at
BEHIND = timedelta(days=60)  # how far back
BEHIND_UNAPPROVED = timedelta(days=200)  # how far back where minutes are not approved
MORNING = time(6, 0)  # local time from which a day counts as the meeting's morning

_CLEAR_DAYS = {"England": 5, "Wales": 3, "Scotland": 3, "Northern Ireland": 5}
_SUBDIVISION = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


@dataclass(frozen=True, slots=True)
class MeetingState:
    """What of a meeting decides when it is looked at. `starts_at` aware; None where no date is known."""

    id: int
    starts_at: datetime | None
    cancelled: bool = False
    minutes_state: str = "none"
    read: bool = True


def in_window(meeting: MeetingState, now: datetime) -> bool:
    """Whether a meeting is looked at at all: 60 days either way, 200 back while its minutes are not approved."""
    if meeting.starts_at is None:
        return True
    behind = BEHIND if meeting.cancelled or meeting.minutes_state == "approved" else BEHIND_UNAPPROVED
    return now - behind <= meeting.starts_at <= now + AHEAD


def next_look(meeting: MeetingState, now: datetime, timetable: Timetable) -> datetime | None:
    """When to look at a meeting again, having looked at `now`; None: not before it comes into the window, if ever.

    Looks are spread by up to a twentieth of their interval, always the same for the same meeting and hour, so that
    the meetings of a council are not all asked for in one breath.
    """
    if not in_window(meeting, now):
        if meeting.starts_at is not None and meeting.starts_at > now:
            return meeting.starts_at - AHEAD
        return None
    wait = _interval(meeting, now, timetable)
    again = now + _spread(meeting.id, now, wait)
    for border in _borders(meeting):
        # what is watched more closely from a moment on is looked at at that moment, not an interval later
        if now < border < again:
            return border
    return again


def _interval(meeting: MeetingState, now: datetime, timetable: Timetable) -> timedelta:
    if meeting.cancelled:
        return timetable.cancelled
    if meeting.starts_at is None:
        return timetable.far
    if now < meeting.starts_at:
        if now >= _morning_of(meeting.starts_at):
            return timetable.morning
        return timetable.fortnight if meeting.starts_at - now <= FORTNIGHT else timetable.far
    if meeting.minutes_state == "approved":
        return timetable.settled
    if meeting.minutes_state == "none" and now - meeting.starts_at <= BEHIND:
        return timetable.minutes_awaited
    return timetable.approval_awaited


def _borders(meeting: MeetingState) -> tuple[datetime, ...]:
    if meeting.cancelled or meeting.starts_at is None:
        return ()
    return (meeting.starts_at - FORTNIGHT, _morning_of(meeting.starts_at))


def _morning_of(starts_at: datetime) -> datetime:
    local = starts_at.astimezone(LONDON)
    return datetime.combine(local.date(), MORNING, LONDON).astimezone(UTC)


def _spread(number: int, now: datetime, wait: timedelta) -> timedelta:
    share = crc32(f"{number} {now:%Y-%m-%dT%H}".encode()) / 0xFFFFFFFF
    return wait * (1 - share / 20)


def clear_working_days(published: date, meeting: date, nation: str | None) -> int:
    """Working days between the day of publication and the day of the meeting, neither counted, bank holidays left out."""
    closed = _bank_holidays(nation or "England")
    day = published + timedelta(days=1)
    count = 0
    while day < meeting:
        count += day.weekday() < 5 and day not in closed
        day += timedelta(days=1)
    return count


def clear_days_asked(nation: str | None, committee: str) -> int:
    """The clear working days that the nation's law asks for; none for a partnership, which is not a council committee."""
    if "partnership" in committee.casefold() or nation not in _CLEAR_DAYS:
        return 0
    return _CLEAR_DAYS[nation]


@cache
def _bank_holidays(nation: str) -> holidays.HolidayBase:
    if nation == "Ireland":
        return holidays.country_holidays("IE")
    return holidays.country_holidays("GB", subdiv=_SUBDIVISION.get(nation, "ENG"))
