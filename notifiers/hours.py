"""When a subscriber may be told: digest times and quiet hours in their own zone, right across clock changes. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.times import AtOnce, Deliver, Weekly


def last_digest_due(deliver: Deliver, timezone: str, now: datetime) -> datetime | None:
    """The latest moment (UTC), now included, at which a digest was due; None for who is told at once.

    A time that the clocks skip is taken as if they had not; a time that comes twice counts once, the first time.
    """
    if isinstance(deliver, AtOnce):
        return None
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    for back in range(9):
        day = today - timedelta(days=back)
        due = at(day, deliver.time, zone)
        if due <= now and (not isinstance(deliver, Weekly) or day.weekday() == deliver.weekday):
            return due
    raise AssertionError("every weekday comes within nine days")


def end_of_quiet(quiet: tuple[time, time] | None, timezone: str, now: datetime) -> datetime | None:
    """The end (UTC) of the quiet hours that `now` lies in; None outside them."""
    if quiet is None:
        return None
    zone = ZoneInfo(timezone)
    start, end = quiet
    local = now.astimezone(zone).time()
    inside = start <= local < end if start < end else local >= start or local < end
    if not inside:
        return None
    today = now.astimezone(zone).date()
    ends = (at(today + timedelta(days=days), end, zone, fold) for days in (0, 1) for fold in (0, 1))
    return min(moment for moment in ends if moment > now)


def at(day: date, moment: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """A local day and time as UTC."""
    return datetime.combine(day, moment.replace(fold=fold), zone).astimezone(UTC)
