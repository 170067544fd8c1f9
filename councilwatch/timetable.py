"""When to look: what is due is a pure function of a meeting and the time, with the operator's timetable.

An agenda is due five clear working days ahead in England (Local Government Act 1972, Schedule 12A and s.100B), three in
Wales and Scotland, and for partnerships, which no such rule binds, perhaps none. Most come out in office hours, on the
last lawful day or shortly before it: there looks are close together. But any may come at any hour, so in its fortnight a
meeting whose agenda is not out is never left for two hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from zlib import crc32
from zoneinfo import ZoneInfo

from config.settings import Timetable
from scraper.records import Transport

if TYPE_CHECKING:
    from holidays import HolidayBase

LONDON = ZoneInfo("Europe/London")
FORTNIGHT = timedelta(days=14)
AHEAD = timedelta(days=60)  # how far ahead meetings are looked at
BEHIND = timedelta(days=60)  # how far back
BEHIND_UNAPPROVED = timedelta(days=200)  # how far back where minutes are not approved
MORNING = time(6, 0)  # local time from which a day counts as the meeting's morning
OPENS, CLOSES = time(8, 0), time(18, 0)  # office hours, local, on weekdays; a bank holiday counts as any other weekday
OPENS_WITHIN = timedelta(minutes=20)  # the looks that office hours begin with are spread over so long
DUE_BEFORE, DUE_AFTER = 2, 1  # working days round the last lawful one on which an agenda is looked for most often

_CLEAR_DAYS = {"England": 5, "Wales": 3, "Scotland": 3, "Northern Ireland": 5}
_SUBDIVISION = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}
_FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MeetingState:
    """What of a meeting decides when it is looked at. `starts_at` aware; None where no date is known.

    `clear_days`: the clear working days ahead that the law of `nation` asks of its agenda; 0 where it asks for none.
    """

    id: int
    starts_at: datetime | None
    cancelled: bool = False
    minutes_state: str = "none"
    agenda_out: bool = False
    clear_days: int = 0
    nation: str | None = None


@dataclass(frozen=True, slots=True)
class _Phase:
    """A stretch of a meeting's life up to `until`, and how far apart looks may be in it, in office hours and out of them."""

    until: datetime
    office: timedelta
    quiet: timedelta


def in_window(meeting: MeetingState, now: datetime) -> bool:
    """Whether a meeting is looked at at all: 60 days either way, 200 back while its minutes are not approved."""
    if meeting.starts_at is None:
        return True
    behind = BEHIND if meeting.cancelled or meeting.minutes_state == "approved" else BEHIND_UNAPPROVED
    return now - behind <= meeting.starts_at <= now + AHEAD


def next_look(meeting: MeetingState, now: datetime, timetable: Timetable) -> datetime | None:
    """When to look at a meeting again, having looked at `now`; None: never of itself, for by then its window is past.

    It is the first moment at which the time since `now` has reached the interval of that moment: so a long wait ends
    where a phase of close watching begins. Intervals are shortened by up to a twentieth, always the same for the same
    meeting and hour, so that the meetings of a council are not all asked for in one breath.
    """
    if not in_window(meeting, now):
        if meeting.starts_at is not None and meeting.starts_at > now:
            return meeting.starts_at - AHEAD
        return None
    share = 1 - _chance(f"{meeting.id} {now:%Y-%m-%dT%H}") / 20
    at = now
    while True:
        phase = _phase(meeting, at, timetable)
        until, wait = phase.until, phase.office
        if phase.office != phase.quiet:
            opens, closes = _office_hours(meeting.id, at)
            in_office = opens <= at < closes
            until, wait = min(until, closes if in_office else opens), phase.office if in_office else phase.quiet
        due = max(at, now + wait * share)
        if due < until:
            return due if in_window(meeting, due) else None
        at = until


def sparing(timetable: Timetable) -> Timetable:
    """The timetable for the rest of a day whose requests run short: what the promise of two hours and the morning need."""
    wait = timetable.out_of_hours
    return timetable.model_copy(
        update={
            "agenda_expected": timetable.fortnight,
            "agenda_due": timetable.fortnight,
            "papers_awaited": max(timetable.papers_awaited, wait),
            "minutes_awaited": max(timetable.minutes_awaited, wait),
        }
    )


def runs_short(spent: int, requests_per_day: int, now: datetime) -> bool:
    """Whether the requests of a day (London's) would not last at the pace at which they were spent so far.

    A quarter may go at once, the rest as the day goes on. `requests_per_day` 0: there is no limit.
    """
    local = now.astimezone(LONDON)
    passed = (local.hour * 60 + local.minute) / (24 * 60)
    return requests_per_day > 0 and spent > requests_per_day * (1 + 3 * passed) / 4


def asked_first(meeting: MeetingState, now: datetime) -> tuple[Transport, timedelta]:
    """Where web service and HTML page both answer: which is asked, and how long the other may go unasked beside it.

    As soon as the one has changed, both are asked. An agenda and the words of minutes are told by the web service, whole;
    late papers, packs and the approval of minutes stand on the page only. The page of a meeting that is far off is asked
    for on days of its own.
    """
    seldom = timedelta(days=10 + meeting.id % 9)
    starts = meeting.starts_at
    if starts is None:
        return "webservice", timedelta()
    if meeting.cancelled:
        return "html", seldom
    if meeting.minutes_state != "none":
        return "webservice", timedelta()
    if now >= starts + _DAY:
        return "webservice", timedelta(days=3)
    if starts - now <= FORTNIGHT and (meeting.agenda_out or now >= _morning_of(starts)):
        return "html", _DAY
    return "webservice", seldom


def _phase(meeting: MeetingState, at: datetime, timetable: Timetable) -> _Phase:
    starts = meeting.starts_at
    if meeting.cancelled or starts is None:
        wait = timetable.cancelled if meeting.cancelled else timetable.far
        return _Phase(_FOREVER, wait, wait)
    # what came out just before the meeting is not left for its minutes to be looked for
    started = starts + timetable.morning
    if at >= started:
        return _phase_after(meeting, starts, at, timetable)
    if at < starts - FORTNIGHT:
        return _Phase(starts - FORTNIGHT, timetable.far, timetable.far)
    morning = _morning_of(starts)
    if at >= morning:
        return _Phase(started, timetable.morning, timetable.morning)
    if meeting.agenda_out:
        return _Phase(morning, timetable.papers_awaited, max(timetable.papers_awaited, timetable.out_of_hours))
    due_from, due_until = _due_days(meeting, starts)
    for border, wait in ((due_from, timetable.agenda_expected), (due_until, timetable.agenda_due)):
        if at < border:
            return _Phase(min(border, morning), wait, timetable.fortnight)
    return _Phase(morning, timetable.agenda_expected, timetable.fortnight)


def _phase_after(meeting: MeetingState, starts: datetime, at: datetime, timetable: Timetable) -> _Phase:
    if meeting.minutes_state == "approved":
        return _Phase(_FOREVER, timetable.settled, timetable.settled)
    if meeting.minutes_state == "none" and at < starts + BEHIND:
        wait = timetable.minutes_awaited
        return _Phase(starts + BEHIND, wait, max(wait, timetable.out_of_hours))
    return _Phase(_FOREVER, timetable.approval_awaited, timetable.approval_awaited)


def _morning_of(starts_at: datetime) -> datetime:
    return min(starts_at, _utc(starts_at.astimezone(LONDON).date(), MORNING))


def _office_hours(number: int, at: datetime) -> tuple[datetime, datetime]:
    """The office hours that `at` lies in, or else the next; they begin a little later for some meetings than for others."""
    day = at.astimezone(LONDON).date()
    while day.weekday() >= 5 or _utc(day, CLOSES) <= at:
        day += _DAY
    return _utc(day, OPENS) + OPENS_WITHIN * _chance(str(number)), _utc(day, CLOSES)


def _due_days(meeting: MeetingState, starts: datetime) -> tuple[datetime, datetime]:
    """From when to when an agenda is looked for most often; both are the start where no law says when it is due."""
    if not meeting.clear_days:
        return starts, starts
    held = starts.astimezone(LONDON).date()
    return _due_dates(held, meeting.clear_days, meeting.nation)


@lru_cache(1000)
def _due_dates(held: date, clear_days: int, nation: str | None) -> tuple[datetime, datetime]:
    first = _working_day_before(held, clear_days + 1 + DUE_BEFORE, nation)
    last = _working_day_before(held, clear_days + 1 - DUE_AFTER, nation)
    return _utc(first, OPENS), _utc(last, CLOSES)


def _working_day_before(day: date, number: int, nation: str | None) -> date:
    """So many working days before a day; its own nation's bank holidays are none."""
    closed = _bank_holidays(nation or "England")
    while number:
        day -= _DAY
        number -= day.weekday() < 5 and day not in closed
    return day


@lru_cache(1000)
def _utc(day: date, local: time) -> datetime:
    return datetime.combine(day, local, LONDON).astimezone(UTC)


def _chance(text: str) -> float:
    """From 0 to 1, always the same for the same text."""
    return crc32(text.encode()) / 0xFFFFFFFF


def clear_working_days(published: date, meeting: date, nation: str | None) -> int:
    """Working days between the day of publication and the day of the meeting, neither counted, bank holidays left out."""
    closed = _bank_holidays(nation or "England")
    day = published + _DAY
    count = 0
    while day < meeting:
        count += day.weekday() < 5 and day not in closed
        day += _DAY
    return count


def clear_days_asked(nation: str | None, committee: str) -> int:
    """The clear working days that the nation's law asks for; none for a partnership, which is not a council committee."""
    if "partnership" in committee.casefold() or nation not in _CLEAR_DAYS:
        return 0
    return _CLEAR_DAYS[nation]


@cache
def _bank_holidays(nation: str) -> HolidayBase:
    import holidays  # noqa: PLC0415  a tenth of a second that only a poll with an agenda to await needs

    if nation == "Ireland":
        return holidays.country_holidays("IE")
    return holidays.country_holidays("GB", subdiv=_SUBDIVISION.get(nation, "ENG"))
