"""What things are called in messages: dates as a newspaper prints them, councils in short, kinds of change. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from notifiers.bulletin import Story, ToldDate

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

HEADLINES: Final = {
    "meeting.announced": "New meeting announced",
    "meeting.moved": "Meeting moved",
    "meeting.cancelled": "Meeting cancelled",
    "meeting.reinstated": "Meeting back on",
    "meeting.withdrawn": "Meeting taken off the council’s site",
    "agenda.published": "Agenda published",
    "item.added": "On the agenda",
    "item.amended": "Agenda text changed",
    "item.withdrawn": "Taken off the agenda",
    "item.returned": "Back on the agenda",
    "item.restricted": "Closed to the public",
    "item.unrestricted": "No longer closed to the public",
    "document.added": "New paper",
    "document.replaced": "Paper replaced",
    "document.withdrawn": "Paper taken down",
    "decision.published": "Decision published",
    "decision.amended": "Decision changed",
    "minutes.drafted": "Draft minutes published",
    "minutes.amended": "Minutes changed",
    "minutes.approved": "Minutes approved",
    "plan.added": "New in the forward plan",
    "plan.amended": "Forward plan changed",
    "plan.withdrawn": "Taken out of the forward plan",
    "consultation.opened": "Consultation listed",
    "consultation.amended": "Consultation changed",
    "consultation.closed": "Consultation closed",
}
"""What happened, for each kind of change."""

LOUD: Final = frozenset(
    {
        "meeting.cancelled",
        "meeting.withdrawn",
        "meeting.reinstated",
        "meeting.moved",
        "item.withdrawn",
        "item.restricted",
        "document.withdrawn",
        "plan.withdrawn",
        "consultation.closed",
    }
)
"""Kinds that are the news themselves, whatever stage the text tells of."""

_COUNCIL: Final = re.compile(
    r"^(?:the\s+)?(?:london borough of |royal borough of |city of (?=.* council$))?(.*?)"
    r"(?:(?:\s+(?:metropolitan|london|royal))*(?:\s+(?:borough|district|city|county|town|unitary))?\s+council)?$",
    re.IGNORECASE,
)
_FIELDS: Final = {"text": "agenda text", "document text": "document", "document title": "document’s title"}


def long_date(day: date) -> str:
    """Wednesday 26 November 2025."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def plain_date(day: date, now: date | None = None) -> str:
    """26 November 2025; without its year where it lies within half a year of `now`."""
    near = now is not None and abs((day - now).days) < 183
    return f"{day.day} {MONTHS[day.month - 1]}" + ("" if near else f" {day.year}")


def short_date(day: date, now: date) -> str:
    """26 Nov; with its year where that is another one."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}" + ("" if day.year == now.year else f" {day.year}")


def clock_time(moment: datetime) -> str:
    """9.00 am, 12 noon, 6.30 pm."""
    if (moment.hour, moment.minute) == (12, 0):
        return "12 noon"
    return f"{moment.hour % 12 or 12}.{moment.minute:02d} {'am' if moment.hour < 12 else 'pm'}"


def told_date(told: ToldDate) -> str:
    """As precise as it was told: 14 December 2025, April 2026, 2026."""
    try:
        if told.precision == "day":
            return plain_date(date.fromisoformat(told.date[:10]))
        year, month, *_ = (*told.date.split("-"), "")
        return f"{MONTHS[int(month) - 1]} {year}" if told.precision == "month" else year
    except (ValueError, IndexError):
        return told.date


def day_of(told: ToldDate) -> date | None:
    """The day, where the date was told to the day."""
    try:
        return date.fromisoformat(told.date[:10]) if told.precision == "day" else None
    except ValueError:
        return None


def moment(text: str) -> str | None:
    """An ISO time as people write it; None where the text is none."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return f"{long_date(parsed.date())}, {clock_time(parsed)}"


def dateline(story: Story) -> str:
    """Safer Stockton Partnership, Wednesday 26 November 2025, 9.00 am."""
    parts = [story.committee] if story.committee else []
    if story.starts_at is not None:
        parts += [long_date(story.starts_at.date()), clock_time(story.starts_at)]
    if story.status in ("cancelled", "withdrawn"):
        parts.append("cancelled" if story.status == "cancelled" else "no longer on the council’s site")
    return ", ".join(parts)


def short_council(name: str) -> str:
    """Stockton-on-Tees for Stockton-on-Tees Borough Council."""
    found = _COUNCIL.match(name.strip())
    return found[1] if found and len(found[1]) > 2 else name


def named(story: Story) -> str:
    """item SSP/46/25, Operation Shield Update; "" where the meeting itself is told of."""
    if story.number and story.title:
        return f"item {story.number}, {story.title}"
    return story.title or (f"item {story.number}" if story.number else story.document or "")


def headline(story: Story) -> str:
    """What happened to what, as one sentence without its full stop."""
    what = named(story)
    if not story.kinds:
        return what[:1].upper() + what[1:] if what else story.committee
    kind = story.kinds[0]
    happened = HEADLINES.get(kind, kind.replace(".", " "))
    if kind.startswith("document.") and story.document and story.document != what:
        papers = f"{happened}: {story.document}"
        return f"{papers}, for {what}" if what else papers
    if not what:
        return happened
    if kind in ("minutes.drafted", "minutes.amended", "decision.published", "decision.amended"):
        return f"{happened} for {what}"
    return f"{happened}: {what}"


def news(story: Story) -> str:
    """The news in two or three words, for subjects: a stage if one is told, else what happened."""
    kind = story.kinds[0] if story.kinds else ""
    if kind not in LOUD and story.stage not in (None, "none"):
        return str(story.stage)
    if not kind:
        return "already there"
    happened = HEADLINES.get(kind, kind.replace(".", " "))
    return happened[0].lower() + happened[1:]


def fields_of(story: Story) -> str:
    """Where the words stood: "the minutes and the document"."""
    fields = dict.fromkeys(_FIELDS.get(quote.field, quote.field) for quote in story.quotes if quote.field)
    return listed([f"the {field}" for field in fields])


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 day, 12 days, 2,400 times."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
