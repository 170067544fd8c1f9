"""When to look: a pure function of a meeting and the time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import Timetable
from councilwatch.timetable import (
    AHEAD,
    BEHIND,
    BEHIND_UNAPPROVED,
    FORTNIGHT,
    LONDON,
    MeetingState,
    asked_first,
    clear_days_asked,
    clear_working_days,
    in_window,
    next_look,
    runs_short,
    sparing,
)

USUAL = Timetable()
DAYS_3 = timedelta(days=3)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
meetings = st.builds(
    MeetingState,
    st.integers(1, 10_000),
    st.none() | moments | st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.booleans(),
    st.sampled_from(["none", "draft", "published", "approved"]),
    st.booleans(),
    st.sampled_from([0, 3, 5]),
    st.sampled_from([None, "England", "Wales", "Scotland", "Northern Ireland", "Ireland"]),
)
standing = st.builds(MeetingState, st.integers(1, 10_000), moments)


@given(meetings, moments)
def test_the_next_look_is_later_than_this_one_and_always_the_same(meeting: MeetingState, now: datetime) -> None:
    again = next_look(meeting, now, USUAL)
    assert again is None or again > now
    assert again == next_look(meeting, now, USUAL)


@given(meetings, moments | st.datetimes(datetime(2026, 1, 1), datetime(2026, 9, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_in_the_window_is_looked_at_again_within_the_longest_interval(
    meeting: MeetingState, now: datetime
) -> None:
    again = next_look(meeting, now, USUAL)
    if in_window(meeting, now):
        # what would come after the window never comes: else its source were due at every tick
        assert in_window(meeting, now + timedelta(days=14)) <= (again is not None)
        assert again is None or (again - now <= timedelta(days=14) and in_window(meeting, again))
    elif meeting.starts_at is not None and meeting.starts_at > now:
        assert again == meeting.starts_at - AHEAD, "it is looked at as soon as it comes into the window"
    else:
        assert again is None


@settings(max_examples=60, deadline=None)
@given(
    standing,
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.integers(0, 5),
    st.sampled_from(["England", "Scotland"]),
)
def test_no_agenda_that_comes_out_in_its_fortnight_waits_for_two_hours(
    meeting: MeetingState, before: timedelta, clear_days: int, nation: str
) -> None:
    assert meeting.starts_at is not None
    awaited = replace(meeting, clear_days=clear_days, nation=nation)
    looks = looks_from(awaited, meeting.starts_at - before, meeting.starts_at)
    close = [look for look in looks if look >= meeting.starts_at - FORTNIGHT]
    assert all(later - earlier < timedelta(hours=2) for earlier, later in itertools.pairwise(close))
    if before > FORTNIGHT:
        assert close[0] - (meeting.starts_at - FORTNIGHT) < timedelta(hours=2), "the border is not slept over"
    assert looks[-1] >= meeting.starts_at, "what comes out just before the meeting is seen as well"
    morning = datetime.combine(meeting.starts_at.astimezone(LONDON).date(), time(6), LONDON)
    hourly = [look for look in looks if look >= morning]
    assert all(later - earlier <= timedelta(minutes=50) for earlier, later in itertools.pairwise(hourly))


@settings(max_examples=60, deadline=None)
@given(standing, st.timedeltas(timedelta(0), timedelta(days=13)), st.booleans())
def test_looks_are_never_closer_than_the_timetable_says(
    meeting: MeetingState, before: timedelta, agenda_out: bool
) -> None:
    assert meeting.starts_at is not None
    known = replace(meeting, agenda_out=agenda_out, clear_days=5, nation="England")
    least = USUAL.morning if agenda_out else USUAL.agenda_due
    looks = looks_from(known, meeting.starts_at - before, meeting.starts_at)
    assert all(later - earlier >= least * 0.95 for earlier, later in itertools.pairwise(looks))


@given(standing, st.timedeltas(timedelta(0), BEHIND_UNAPPROVED - DAYS_3), st.sampled_from(["draft", "published"]))
def test_minutes_that_are_not_approved_are_awaited_for_200_days(
    meeting: MeetingState, after: timedelta, minutes: str
) -> None:
    assert meeting.starts_at is not None
    again = next_look(MeetingState(meeting.id, meeting.starts_at, False, minutes), meeting.starts_at + after, USUAL)
    assert again is not None and again - (meeting.starts_at + after) <= DAYS_3


@given(meetings, moments, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_look_that_came_late_puts_the_next_one_off_by_no_more_than_it_was_late(
    meeting: MeetingState, now: datetime, late: timedelta
) -> None:
    """A daemon that was away goes on as if it had looked when it came back."""
    usual, again = next_look(meeting, now, USUAL), next_look(meeting, now + late, USUAL)
    assert again is None or again > now + late
    if usual is not None and again is not None:
        longest = max(getattr(USUAL, name) for name in Timetable.model_fields)
        assert again <= now + late + longest or again == meeting.starts_at - AHEAD  # type: ignore[operator]


def looks_from(meeting: MeetingState, now: datetime, until: datetime) -> list[datetime]:
    """The looks from `now` on, with the first one that is not before `until`."""
    looks = [now]
    while looks[-1] < until:
        again = next_look(meeting, looks[-1], USUAL)
        assert again is not None
        looks.append(again)
    return looks


WEDNESDAY = datetime(2025, 11, 26, 18, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2025, 11, 18, 12, 0, tzinfo=UTC)  # of the last day on which its agenda is lawful in England


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        (WEDNESDAY - timedelta(days=59), {}, USUAL.far),
        (TUESDAY_NOON - timedelta(days=5), {}, USUAL.agenda_expected),
        (TUESDAY_NOON - timedelta(days=4), {}, USUAL.agenda_due),  # two working days before the last one
        (TUESDAY_NOON, {}, USUAL.agenda_due),
        (TUESDAY_NOON + timedelta(days=1), {}, USUAL.agenda_due),  # and the day after it
        (TUESDAY_NOON + timedelta(days=2), {}, USUAL.agenda_expected),
        (TUESDAY_NOON, {"clear_days": 0}, USUAL.agenda_expected),
        (TUESDAY_NOON + timedelta(days=2), {"clear_days": 3, "nation": "Wales"}, USUAL.agenda_due),
        (TUESDAY_NOON + timedelta(hours=8), {}, USUAL.fortnight),  # in the evening
        (TUESDAY_NOON - timedelta(days=2), {}, USUAL.fortnight),  # on a Sunday
        (TUESDAY_NOON - timedelta(hours=1), {"agenda_out": True}, USUAL.papers_awaited),
        (WEDNESDAY - timedelta(hours=9), {"agenda_out": True}, USUAL.morning),
        (WEDNESDAY + timedelta(days=1, hours=-6), {}, USUAL.minutes_awaited),
        (WEDNESDAY + timedelta(days=2, hours=3), {}, USUAL.out_of_hours),  # on a Friday evening
        (WEDNESDAY + timedelta(days=61), {}, USUAL.approval_awaited),
        (WEDNESDAY + timedelta(days=61), {"minutes_state": "draft"}, USUAL.approval_awaited),
        (WEDNESDAY + timedelta(days=30), {"minutes_state": "approved"}, USUAL.settled),
        (WEDNESDAY - timedelta(days=13), {"cancelled": True}, USUAL.cancelled),
    ],
)
def test_each_line_of_the_timetable(now: datetime, known: dict[str, Any], expected: timedelta) -> None:
    meeting = MeetingState(7, WEDNESDAY, **{"clear_days": 5, "nation": "England", **known})
    again = next_look(meeting, now, USUAL)
    assert again is not None and expected * 0.95 <= again - now <= expected


def test_a_meeting_too_far_off_is_looked_at_when_it_comes_into_the_window() -> None:
    assert next_look(MeetingState(7, WEDNESDAY), WEDNESDAY - timedelta(days=61), USUAL) == WEDNESDAY - AHEAD


def test_a_long_wait_ends_where_office_hours_begin() -> None:
    evening = datetime(2025, 11, 20, 21, 0, tzinfo=UTC)
    again = next_look(MeetingState(7, WEDNESDAY, agenda_out=True), evening, USUAL)
    opens = datetime(2025, 11, 21, 8, 0, tzinfo=UTC)
    assert again is not None and opens <= again < opens + timedelta(minutes=20)


def test_bank_holidays_are_no_working_days_before_an_agenda_is_due() -> None:
    """Tuesday 23 December is the last lawful day of a meeting on Monday 5 January."""
    held = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
    meeting = MeetingState(7, held, clear_days=5, nation="England")
    due, not_due = USUAL.agenda_due, USUAL.agenda_expected
    for day, expected in ((23, due), (24, due), (29, not_due), (30, not_due)):
        now = datetime(2025, 12, day, 12, 0, tzinfo=UTC)
        again = next_look(meeting, now, USUAL)
        assert again is not None and expected * 0.95 <= again - now <= expected


@pytest.mark.parametrize(
    ("spent", "hour", "short"),
    [
        (0, 0, False),
        (80, 0, False),
        (90, 0, True),
        (200, 12, False),
        (230, 12, True),
        (330, 23, False),
        (349, 23, True),
    ],
)
def test_a_day_s_requests_run_short_where_they_are_spent_faster_than_the_day_passes(
    spent: int, hour: int, short: bool
) -> None:
    now = datetime(2025, 7, 1, hour, 0, tzinfo=LONDON)
    assert runs_short(spent, 350, now) is short
    assert not runs_short(spent, 0, now), "0 means no limit"


@settings(max_examples=60, deadline=None)
@given(standing, st.timedeltas(timedelta(0), timedelta(days=14)), st.booleans())
def test_what_is_spared_is_never_the_promise(meeting: MeetingState, before: timedelta, agenda_out: bool) -> None:
    assert meeting.starts_at is not None
    spared, known = sparing(USUAL), replace(meeting, agenda_out=agenda_out, clear_days=5, nation="England")
    now = meeting.starts_at - before
    usual, again = next_look(known, now, USUAL), next_look(known, now, spared)
    assert usual is not None and again is not None and again >= usual
    assert agenda_out or again - now < timedelta(hours=2)


@pytest.mark.parametrize(
    ("days", "known", "first", "other"),
    [
        (-30, {}, "webservice", timedelta(days=17)),
        (-13, {}, "webservice", timedelta(days=17)),
        (-13, {"agenda_out": True}, "html", timedelta(days=1)),
        (-0.1, {}, "html", timedelta(days=1)),
        (-13, {"cancelled": True}, "html", timedelta(days=17)),
        (0.1, {}, "html", timedelta(days=1)),
        (3, {}, "webservice", timedelta(days=3)),
        (3, {"minutes_state": "draft"}, "webservice", timedelta()),
        (30, {"minutes_state": "approved"}, "webservice", timedelta()),
    ],
)
def test_which_transport_is_asked_first(days: float, known: dict[str, Any], first: str, other: timedelta) -> None:
    meeting = MeetingState(7, WEDNESDAY, **known)
    assert asked_first(meeting, WEDNESDAY + timedelta(days=days)) == (first, other)


@pytest.mark.parametrize(
    ("after", "minutes_state", "cancelled", "looked_at"),
    [
        (BEHIND + timedelta(hours=1), "approved", False, False),
        (BEHIND - timedelta(hours=1), "approved", False, True),
        (BEHIND + timedelta(hours=1), "none", False, True),
        (BEHIND_UNAPPROVED + timedelta(hours=1), "none", False, False),
        (BEHIND + timedelta(hours=1), "none", True, False),
        (-AHEAD - timedelta(hours=1), "none", False, False),
    ],
)
def test_the_borders_of_the_window(after: timedelta, minutes_state: str, cancelled: bool, looked_at: bool) -> None:
    starts = datetime(2025, 11, 26, 18, 0, tzinfo=UTC)
    assert in_window(MeetingState(7, starts, cancelled, minutes_state), starts + after) is looked_at


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2025, 10, 26)], ids=["clocks forward", "clocks back"])
def test_the_morning_is_london_s_also_on_the_day_that_the_clocks_change(day: date) -> None:
    starts = datetime.combine(day, time(18), LONDON).astimezone(UTC)
    six = datetime.combine(day, time(6), LONDON).astimezone(UTC)
    meeting = MeetingState(7, starts)
    assert next_look(meeting, six - timedelta(minutes=70), USUAL) == six
    again = next_look(meeting, six, USUAL)
    assert again is not None and again - six <= USUAL.morning


@pytest.mark.parametrize("monday", [date(2026, 3, 30), date(2025, 10, 27)], ids=["clocks forward", "clocks back"])
def test_office_hours_are_london_s_also_after_the_clocks_changed(monday: date) -> None:
    starts = datetime.combine(monday + timedelta(days=4), time(18), LONDON).astimezone(UTC)
    meeting = MeetingState(7, starts, agenda_out=True)
    saturday_night = datetime.combine(monday - timedelta(days=2), time(23), LONDON).astimezone(UTC)
    looks = looks_from(meeting, saturday_night, saturday_night + timedelta(days=2))
    first = next(look for look in looks if look.astimezone(LONDON).date() == monday)
    assert time(8) <= first.astimezone(LONDON).time() < time(8, 20)


def test_the_meetings_of_a_council_are_not_all_asked_for_in_one_breath() -> None:
    now = datetime(2025, 11, 20, 9, 0, tzinfo=UTC)
    starts = datetime(2025, 11, 26, 18, 0, tzinfo=UTC)
    assert len({next_look(MeetingState(number, starts), now, USUAL) for number in range(50)}) > 40


@pytest.mark.parametrize(
    ("published", "meeting", "nation", "days"),
    [
        (date(2025, 11, 18), date(2025, 11, 26), "England", 5),
        (date(2025, 11, 19), date(2025, 11, 26), "England", 4),
        (date(2025, 12, 22), date(2026, 1, 5), "England", 6),  # Christmas, Boxing Day and New Year are no working days
        (date(2025, 12, 22), date(2026, 1, 5), "Scotland", 5),  # nor is 2 January
        (date(2025, 11, 26), date(2025, 11, 26), "England", 0),
        (date(2025, 11, 27), date(2025, 11, 26), None, 0),
    ],
)
def test_clear_working_days(published: date, meeting: date, nation: str | None, days: int) -> None:
    assert clear_working_days(published, meeting, nation) == days


def test_the_law_asks_for_five_days_in_england_and_three_in_wales_and_scotland() -> None:
    assert [clear_days_asked(nation, "Cabinet") for nation in ("England", "Wales", "Scotland", None)] == [5, 3, 3, 0]
    assert clear_days_asked("England", "Safer Stockton Partnership") == 0
