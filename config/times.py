"""Times as the operator writes them: "07:30", "weekly Mon 07:30", "22:00-07:00", "110m", and time zones."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from config.errors import advice, nearest, quoted

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_SPAN = re.compile(r"(\d{1,7}) ?([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Told as soon as a meeting's papers are read."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Told once a day, at a time in the subscriber's time zone."""

    time: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """Told once a week, at a time in the subscriber's time zone; `weekday` counts from Monday, 0."""

    weekday: int
    time: time


Deliver = AtOnce | Daily | Weekly


def read_time(word: str) -> time:
    """A time of day, "07:30".

    Raises:
        ValueError: it is none.
    """
    found = _TIME.fullmatch(word)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f'{quoted(word)} is not a time of day; write it like "07:30"')
    return time(int(found[1]), int(found[2]))


def read_deliver(words: str) -> Deliver:
    """When to tell: "at once", "daily 07:30" or "weekly Mon 07:30".

    Raises:
        ValueError: it is none of these.
    """
    match words.split():
        case ["at", "once"]:
            return AtOnce()
        case ["daily", at]:
            return Daily(read_time(at))
        case ["weekly", day, at]:
            return Weekly(_read_weekday(day), read_time(at))
        case [first, *_] if (close := nearest(first, ("at once", "daily", "weekly"))) and close != first:
            raise ValueError(f"{quoted(words)} is not known; did you mean {_FORMS[close]}?")
    raise ValueError(f'{quoted(words)} is not known; write "at once", "daily 07:30" or "weekly Mon 07:30"')


_FORMS = {"at once": '"at once"', "daily": '"daily 07:30"', "weekly": '"weekly Mon 07:30"'}


def _read_weekday(word: str) -> int:
    for number, name in enumerate(WEEKDAYS):
        if word.casefold() in (name.casefold(), name[:3].casefold()):
            return number
    names = WEEKDAYS if len(word) > 4 else [name[:3] for name in WEEKDAYS]
    raise ValueError(f"{quoted(word)} is not a day of the week{advice(word, names)}")


def read_quiet(words: str) -> tuple[time, time]:
    """Hours in which nobody is told, "22:00-07:00": from, until.

    Raises:
        ValueError: they are none.
    """
    start, dash, end = words.replace("–", "-").partition("-")
    if not dash:
        raise ValueError(f'{quoted(words)} are not quiet hours; write them like "22:00-07:00"')
    quiet = read_time(start.strip()), read_time(end.strip())
    if quiet[0] == quiet[1]:
        raise ValueError(f"{quoted(words)} would be quiet for no time or for ever; leave it out, or give two times")
    return quiet


def read_span(word: str) -> timedelta:
    """A length of time, "110m", "12h", "7d" (also "90s"), from one second to 400 days.

    Raises:
        ValueError: it is none.
    """
    found = _SPAN.fullmatch(word)
    if not found:
        raise ValueError(f'{quoted(word)} is not a length of time; write it like "110m", "12h" or "7d"')
    span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not timedelta(0) < span <= _LONGEST:
        raise ValueError(f"{quoted(word)} must be more than nothing and at most {_LONGEST.days}d")
    return span


def read_timezone(name: str) -> str:
    """The name of a time zone, "Europe/London".

    Raises:
        ValueError: there is no such zone.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # a folder of zones ("Europe") is an OSError
        raise ValueError(f"{quoted(name)} is not a time zone{advice(name, available_timezones())}") from error
    return name
