"""Times as people write them, in the councils' own time zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

LONDON: Final = ZoneInfo("Europe/London")


def day(value: date) -> str:
    """26 November 2025"""
    return f"{_local(value):%-d %B %Y}"


def weekday(value: date) -> str:
    """Wednesday 26 November 2025"""
    return f"{_local(value):%A %-d %B %Y}"


def clock_time(value: datetime) -> str:
    """9.00 am"""
    local = value.astimezone(LONDON)
    return f"{local:%-I.%M} {'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """26 November 2025, 9.00 am"""
    return f"{day(value)}, {clock_time(value)}"


def proof_moment(value: datetime) -> str:
    """26 November 2025 at 09:00:12 GMT: to cite."""
    return f"{value.astimezone(LONDON):%-d %B %Y at %H:%M:%S %Z}"


def as_precise(text: str, precision: str | None) -> str:
    """A key date as precisely as it was told: "2026-04" is April 2026; what is no date stays as it is."""
    shapes = {"day": ("%Y-%m-%d", "%-d %B %Y"), "month": ("%Y-%m", "%B %Y"), "year": ("%Y", "%Y")}
    for name, (shape, words) in shapes.items():
        if precision not in (None, name):
            continue
        try:
            return f"{datetime.strptime(text, shape):{words}}"  # noqa: DTZ007  a day, not a moment
        except ValueError:
            continue
    return text


def time_tag(value: datetime | date | None, style: str = "moment") -> Markup:
    """<time datetime="…">; nothing where there is no time."""
    if value is None:
        return Markup("")
    if isinstance(value, datetime):
        styles = {"moment": moment, "day": day, "weekday": weekday, "time": clock_time, "proof": proof_moment}
        words, machine = styles[style](value), value.astimezone(LONDON).isoformat(timespec="seconds")
    else:
        words, machine = (weekday if style == "weekday" else day)(value), value.isoformat()
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _local(value: date) -> date:
    return value.astimezone(LONDON) if isinstance(value, datetime) else value
