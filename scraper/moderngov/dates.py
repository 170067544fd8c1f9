"""Dates and times as moderngov sites print them, in English and Welsh, read by one pattern of our own.

Captured: `Thursday 15 January 2026 7:30 pm`, `15 Jan 2026 7:30 pm` (Kingston), `Thursday, 13th November, 2008 5.45
pm` (Canterbury), `22/10/2015` (Kirklees). As text: `Wednesday, 2nd October, 2019 10.10 am` (Manchester), `Dydd Llun,
3ydd Hydref, 2022 10.00 yb`. Reported: `13:30`, `12.00 noon`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_MONTHS = (
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "ionawr",
        "chwefror",
        "mawrth",
        "ebrill",
        "mai",
        "mehefin",
        "gorffennaf",
        "awst",
        "medi",
        "hydref",
        "tachwedd",
        "rhagfyr",
    ],
)
# Welsh letters change after some words ("mis Fai", "o Fawrth")
_CHANGED = {"fawrth": 3, "fai": 5, "fehefin": 6, "orffennaf": 7, "fedi": 9, "dachwedd": 11, "ragfyr": 12, "sept": 9}
_MONTH = {name: at for names in _MONTHS for at, name in enumerate(names, 1)}
_MONTH = {name[:3]: at for name, at in _MONTH.items()} | _MONTH | _CHANGED

_WEEKDAY = (
    r"(?:dydd\s+(?:llun|mawrth|mercher|iau|gwener|sadwrn|sul)|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?=[\s,.]))"
)
_TIME = (
    r"(?P<noon>(?:12(?:[.:]00)?\s{0,3})?(?:noon|midday|hanner\s+dydd)\b)|(?P<midnight>(?:12(?:[.:]00)?\s{0,3})?(?:midnight|hanner\s+nos)\b)"
    r"|(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?\s{0,3}(?P<half>[ap]\.?\s?m\b|y\.?\s?[bhp]\b)"
    r"|(?P<hour24>\d{1,2})[.:](?P<minute24>\d{2})(?![\d/])"
)
_MOMENT = re.compile(
    rf"(?P<weekday>{_WEEKDAY})?[\s,.]{{0,4}}"
    r"(?:(?<![\d/])(?P<d>\d{1,2})[/](?P<m>\d{1,2})[/](?P<y>\d{4})(?!\d)"
    r"|(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|af|ain|il|ail|ydd|edd|fed|ed|eg|deg|fec)?,?(?:\s{1,3}of)?\s{0,3}"
    rf"(?P<month>{'|'.join(sorted(_MONTH, key=len, reverse=True))})\b\.?,?\s{{0,3}}(?P<year>\d{{4}})(?!\d))"
    rf"(?:[\s,]{{0,4}}(?:(?:at|am|,|-|–)\s{{1,3}})?(?:{_TIME}))?",
    re.IGNORECASE,
)
_DAY_LABEL = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+({'|'.join(sorted(_MONTH, key=len, reverse=True))})\b)?", re.I
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text, the time where one is printed, and where in the text they stand."""

    day: date
    at: time | None
    weekday: bool
    start: int
    end: int

    @property
    def moment(self) -> datetime:
        """Local time, aware; midnight where no time is printed."""
        return datetime.combine(self.day, self.at or time(), tzinfo=LONDON)


def moments(text: str) -> Iterator[Found]:
    """Every date in a text of one line, from left to right. What is no day of a calendar is passed over."""
    for match in _MOMENT.finditer(text):
        day = _day(match)
        if day is not None:
            yield Found(day, _time(match), bool(match["weekday"]), match.start(), match.end())


def moment(text: str) -> datetime | None:
    """The first date of a text with its time."""
    return next((found.moment for found in moments(text)), None)


def day(text: str) -> date | None:
    """The first date of a text."""
    return next((found.day for found in moments(text)), None)


def of_web_service(day_text: str, time_text: str) -> datetime | None:
    """`10/02/2026` and `10.00 am` as local time. An ISO date is read too; None where there is no date."""
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?", day_text.strip())
    return moment(f"{iso[3]}/{iso[2]}/{iso[1]} {time_text}" if iso else f"{day_text} {time_text}")


def month_and_year(text: str) -> tuple[int, int] | None:
    """`January 2026` in the heading of a calendar as (2026, 1)."""
    found = re.search(rf"\b({'|'.join(sorted(_MONTH, key=len, reverse=True))})\b,?\s+(\d{{4}})\b", text, re.IGNORECASE)
    return (int(found[2]), _MONTH[found[1].lower()]) if found else None


def day_label(text: str) -> tuple[int, int | None] | None:
    """`2 March` or `2` in the cell of a calendar as (2, 3) or (2, None)."""
    found = _DAY_LABEL.search(text)
    if not found or not 1 <= int(found[1]) <= 31:
        return None
    return int(found[1]), _MONTH[found[2].lower()] if found[2] else None


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["d"]:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        return date(int(match["year"]), _MONTH[match["month"].lower()], int(match["day"]))
    except ValueError:
        return None


def _time(match: re.Match[str]) -> time | None:
    if match["noon"]:
        return time(12)
    if match["midnight"]:
        return time(0)
    if match["hour"]:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        afternoon = match["half"].lower()[0] == "p" or match["half"].lower()[-1] in "hp"
        if 1 <= hour <= 12:
            hour = hour % 12 + (12 if afternoon else 0)
    elif match["hour24"]:
        hour, minute = int(match["hour24"]), int(match["minute24"])
    else:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None
