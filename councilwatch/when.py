"""Moments as people type and read them. Local means Europe/London, as councils write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from councilwatch.program import UsageError

LONDON: Final = ZoneInfo("Europe/London")
_AGO: Final = re.compile(r"(\d{1,5})\s*([hdw])", re.IGNORECASE)
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_since(said: str, now: datetime, option: str = "--since") -> datetime:
    """ "7d", "12h" or "2w" ago, or a date (from its first minute), or a time. Raises UsageError."""
    if ago := _AGO.fullmatch(said.strip()):
        try:
            return now - int(ago[1]) * _UNITS[ago[2].lower()]
        except OverflowError:
            return datetime(1, 1, 2, tzinfo=UTC)
    return _read(said, option, "write it like 7d, 12h, 2w, 2026-01-14 or 2026-01-14T09:00", time.min)


def read_at(said: str, option: str = "--at") -> datetime:
    """A time, or a date, which means its last second. Raises UsageError."""
    return _read(said, option, "write it like 2026-01-14 or 2026-01-14T09:00", time(23, 59, 59))


def _read(said: str, option: str, form: str, of_day: time) -> datetime:
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        pass
    else:
        return datetime.combine(day, of_day, LONDON).astimezone(UTC)
    try:
        moment = datetime.fromisoformat(said.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f'{option}: "{said}" is not a time; {form}') from None


def day_words(day: date) -> str:
    """ "Wed 26 Nov 2025"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def time_words(moment: datetime) -> str:
    """ "9.00 am", as local as the moment is."""
    return f"{moment.hour % 12 or 12}.{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"


def words(moment: datetime | None) -> str:
    """ "Wed 26 Nov 2025, 9.00 am", local."""
    if moment is None:
        return "date not known"
    local = moment.astimezone(LONDON)
    return f"{day_words(local)}, {time_words(local)}"


def date_words(said: str) -> str:
    """An ISO date as precise as it is: "30 Apr 2026", "Apr 2026", "2026"."""
    try:
        if len(said) == 10:
            day = date.fromisoformat(said)
            return f"{day.day} {day:%b %Y}"
        if len(said) == 7:
            return f"{date.fromisoformat(said + '-01'):%b %Y}"
    except ValueError:
        pass
    return said
