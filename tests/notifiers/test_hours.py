"""Digest times and quiet hours in a reader's own zone, on ordinary days and on those when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from config.times import AtOnce, Daily, Weekly
from notifiers.hours import end_of_quiet, last_digest_due

ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
# Days on which the clocks change in London, New York or Lord Howe are drawn as often as all others together.
CHANGES = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
]
DAYS = st.one_of(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.sampled_from(CHANGES))
MOMENTS = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes),
    DAYS,
    st.integers(-1440, 1440),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_who_is_told_at_once_has_no_digest() -> None:
    assert last_digest_due(AtOnce(), "Europe/London", utc("2026-01-01T12:00")) is None


def test_a_daily_digest_keeps_to_local_time_across_the_clock_change() -> None:
    daily = Daily(time(7, 30))
    assert last_digest_due(daily, "Europe/London", utc("2026-03-28T07:30")) == utc("2026-03-28T07:30")
    assert last_digest_due(daily, "Europe/London", utc("2026-03-29T06:30")) == utc("2026-03-29T06:30")
    assert last_digest_due(daily, "Europe/London", utc("2026-03-29T06:29")) == utc("2026-03-28T07:30")


def test_a_weekly_digest_waits_for_its_day() -> None:
    monday = Weekly(0, time(7, 30))
    assert last_digest_due(monday, "Europe/London", utc("2026-01-05T07:29")) == utc("2025-12-29T07:30")
    assert last_digest_due(monday, "Europe/London", utc("2026-01-11T23:00")) == utc("2026-01-05T07:30")


@settings(max_examples=100, deadline=None)
@given(TIMES, ZONES, DAYS)
def test_every_local_day_has_exactly_one_digest(at: time, zone: str, day: date) -> None:
    start = datetime.combine(day - timedelta(days=2), time(0), ZoneInfo(zone)).astimezone(UTC)
    due = {last_digest_due(Daily(at), zone, start + timedelta(minutes=10 * n)) for n in range(6 * 24 * 5)}
    inside = sorted(moment for moment in due if moment and moment >= start)
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in inside]
    assert days == sorted(set(days))
    assert {day - timedelta(days=1), day, day + timedelta(days=1)} <= set(days)


@settings(max_examples=100, deadline=None)
@given(TIMES, st.integers(0, 6), ZONES, MOMENTS)
def test_a_due_moment_is_past_and_the_next_is_not_missed(at: time, weekday: int, zone: str, now: datetime) -> None:
    due = last_digest_due(Weekly(weekday, at), zone, now)
    assert due is not None
    assert now - timedelta(days=7, hours=2) <= due <= now
    assert last_digest_due(Weekly(weekday, at), zone, due) == due


def test_quiet_hours_end_in_the_morning_also_when_the_clocks_change() -> None:
    night = (time(22), time(7))
    assert end_of_quiet(night, "Europe/London", utc("2026-03-28T23:00")) == utc("2026-03-29T06:00")
    assert end_of_quiet(night, "Europe/London", utc("2026-10-24T22:30")) == utc("2026-10-25T07:00")
    assert end_of_quiet(night, "Europe/London", utc("2026-10-25T06:59")) == utc("2026-10-25T07:00")
    assert end_of_quiet(night, "Europe/London", utc("2026-10-25T07:00")) is None
    assert end_of_quiet(None, "Europe/London", utc("2026-10-25T03:00")) is None


@settings(max_examples=100, deadline=None)
@given(TIMES, TIMES, ZONES, MOMENTS)
def test_after_quiet_hours_it_is_not_quiet(start: time, end: time, zone: str, now: datetime) -> None:
    if start == end:
        return
    over = end_of_quiet((start, end), zone, now)
    if over is not None:
        assert now < over <= now + timedelta(hours=25)
        assert end_of_quiet((start, end), zone, over) in (None, *_second_night(over, (start, end), zone))


def _second_night(over: datetime, quiet: tuple[time, time], zone: str) -> list[datetime]:
    """Where the clocks go back over the end of quiet hours, or skip it, they are there a second time."""
    near = [
        ZoneInfo(zone).utcoffset((over + timedelta(hours=h)).astimezone(ZoneInfo(zone)).replace(tzinfo=None))
        for h in (-3, 3)
    ]
    again = end_of_quiet(quiet, zone, over)
    return [again] if near[0] != near[1] and again is not None and again <= over + timedelta(hours=25) else []
