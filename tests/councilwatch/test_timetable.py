"""When to look: a pure function of a meeting and the time."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta

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
    clear_days_asked,
    clear_working_days,
    in_window,
    next_look,
)

USUAL = Timetable()
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
meetings = st.builds(
    MeetingState,
    st.integers(1, 10_000),
    st.none() | moments,
    st.booleans(),
    st.sampled_from(["none", "draft", "published", "approved"]),
)
standing = st.builds(MeetingState, st.integers(1, 10_000), moments)


@given(meetings, moments)
def test_the_next_look_is_later_than_this_one_and_always_the_same(meeting: MeetingState, now: datetime) -> None:
    again = next_look(meeting, now, USUAL)
    assert again is None or again > now
    assert again == next_look(meeting, now, USUAL)


@given(meetings, moments)
def test_what_is_in_the_window_is_looked_at_again_within_the_longest_interval(
    meeting: MeetingState, now: datetime
) -> None:
    again = next_look(meeting, now, USUAL)
    if in_window(meeting, now):
        assert again is not None and again - now <= timedelta(days=14)
    elif meeting.starts_at is not None and meeting.starts_at > now:
        assert again == meeting.starts_at - AHEAD, "it is looked at as soon as it comes into the window"
    else:
        assert again is None


@settings(max_examples=60)
@given(standing, st.timedeltas(timedelta(0), timedelta(days=80)))
def test_in_its_fortnight_a_meeting_is_never_left_for_two_hours(meeting: MeetingState, before: timedelta) -> None:
    assert meeting.starts_at is not None
    now, looks = meeting.starts_at - before, []
    while now < meeting.starts_at:
        looks.append(now)
        again = next_look(meeting, now, USUAL)
        assert again is not None
        now = again
    close = [look for look in (*looks, now) if look >= meeting.starts_at - FORTNIGHT]
    assert all(later - earlier < timedelta(hours=2) for earlier, later in itertools.pairwise(close))
    if before > FORTNIGHT:
        assert close[0] - (meeting.starts_at - FORTNIGHT) < timedelta(hours=2), "the border is not slept over"
    morning = datetime.combine(meeting.starts_at.astimezone(LONDON).date(), time(6), LONDON)
    hourly = [look for look in looks if look >= morning]
    assert all(later - earlier <= timedelta(minutes=50) for earlier, later in itertools.pairwise(hourly))


@given(standing, st.timedeltas(timedelta(0), BEHIND_UNAPPROVED), st.sampled_from(["draft", "published"]))
def test_minutes_that_are_not_approved_are_awaited_for_200_days(
    meeting: MeetingState, after: timedelta, minutes: str
) -> None:
    assert meeting.starts_at is not None
    again = next_look(MeetingState(meeting.id, meeting.starts_at, False, minutes), meeting.starts_at + after, USUAL)
    assert again is not None and again - (meeting.starts_at + after) <= timedelta(days=2)


@pytest.mark.parametrize(
    ("days", "minutes_state", "cancelled", "expected"),
    [
        (-61, "none", False, None),  # comes into the window tomorrow
        (-59, "none", False, USUAL.far),
        (-13, "none", False, USUAL.fortnight),
        (-13, "none", True, USUAL.cancelled),
        (1, "none", False, USUAL.minutes_awaited),
        (61, "none", False, USUAL.approval_awaited),
        (61, "draft", False, USUAL.approval_awaited),
        (30, "approved", False, USUAL.settled),
    ],
)
def test_each_line_of_the_timetable(days: int, minutes_state: str, cancelled: bool, expected: timedelta | None) -> None:
    starts = datetime(2025, 11, 26, 18, 0, tzinfo=UTC)
    now = starts + timedelta(days=days)
    again = next_look(MeetingState(7, starts, cancelled, minutes_state), now, USUAL)
    assert again is not None
    if expected is None:
        assert again == starts - AHEAD
    else:
        assert expected * 0.95 <= again - now <= expected


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
    assert next_look(meeting, six - timedelta(minutes=10), USUAL) == six
    again = next_look(meeting, six, USUAL)
    assert again is not None and again - six <= USUAL.morning


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
