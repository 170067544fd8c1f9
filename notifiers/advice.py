"""What the reader can do, and by when. Pure: from a story's stage, dates and meeting, and the reader's own day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from notifiers.bulletin import Story
from notifiers.calling import clock_time, counted, day_of, long_date, plain_date, told_date
from notifiers.lines import Line, Span, line, shortened, web_url

_GONE = ("meeting.withdrawn", "item.withdrawn", "plan.withdrawn", "document.withdrawn")


@dataclass(frozen=True, slots=True)
class _Times:
    """A story's times as the reader's clock has them."""

    now: datetime
    today: date
    meeting_ahead: bool
    closes: date | None
    opens: date | None


def can_do(story: Story, now: datetime, today: date) -> tuple[Line, ...]:
    """What to do, the most urgent first. `today` is the day where the reader is."""
    ahead = story.starts_at is not None and story.starts_at > now and story.status == "scheduled"
    times = _Times(now, today, ahead, _day(story, "closes", today), _day(story, "opens", today))
    kind = story.kinds[0] if story.kinds else ""
    advice: list[Line] = []
    if story.status == "cancelled" or kind == "meeting.cancelled":
        advice.append(line("ask ", contact(story), " when this will be heard instead"))
    elif kind in _GONE or story.status == "withdrawn":
        advice.append(line("ask ", contact(story), " why it was taken down"))
    advice += _on_consultation(story, times)
    advice += _at_meeting(story, times)
    return tuple(advice or [line("ask ", contact(story), " what happens next")])


def days_left(day: date, today: date) -> str:
    left = (day - today).days
    return "today is the last day" if left == 0 else f"{counted(left, 'day')} left"


def contact(story: Story) -> Line:
    """The page's own contact, with a link to write to where there is an address in it."""
    if not story.contact:
        return line("the council (the meeting’s page names its contact)" if story.starts_at else "the council")
    said = shortened(story.contact, 120)
    mail = next((word.strip(".,;:()<>") for word in said.split() if "@" in word), "")
    linked = Span(said, url=f"mailto:{mail}") if mail and web_url(f"mailto:{mail}") else Span(said)
    return line(linked, " (the contact on the page)")


def _on_consultation(story: Story, times: _Times) -> list[Line]:
    if story.stage == "consultation open":
        return [_while_open(story, times)]
    if story.stage == "consultation planned":
        if times.opens is not None and times.opens <= times.today:
            return [line("see whether the consultation is open by now: ", _where(story), _until(times))]
        if story.stage_is_old:
            return [line("ask ", contact(story), " whether the consultation is open by now")]
        begins = f"; it opens on {plain_date(times.opens)}" if times.opens else ""
        return [line("write to ", contact(story), f"; the consultation is not open yet{begins}")]
    if story.stage == "consultation closed":
        due = next((told_date(told) for told in story.dates if told.kind == "decision due"), "")
        before = f", due {due}" if due else ""
        return [line("comments are in; write to your councillors before the decision", before)]
    if story.stage == "decided":
        return [line("ask ", contact(story), " for the record of the decision, and whether it can still be called in")]
    if story.stage in ("in force", "expiring"):
        return [line("ask ", contact(story), " what is to become of the order")]
    if story.stage == "proposed" and not times.meeting_ahead:
        return [line("write to ", contact(story), "; no consultation is fixed yet")]
    if times.closes is not None and times.closes >= times.today:
        return [line("comment", _at(story), _until(times))]
    return []


def _while_open(story: Story, times: _Times) -> Line:
    if times.closes is not None and times.closes < times.today:
        return line(f"the consultation closed on {plain_date(times.closes)}; write to ", contact(story))
    if times.closes is None:
        months = [told_date(told) for told in story.dates if told.kind == "closes"]
        ends = f"; it closes in {months[0]}" if months else "; the text gives no closing date, so do it soon"
        return line("comment", _at(story), ends)
    return line("comment", _at(story), _until(times))


def _at_meeting(story: Story, times: _Times) -> list[Line]:
    if not times.meeting_ahead or story.starts_at is None:
        return []
    starts = story.starts_at
    left = (starts.date() - times.today).days
    when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {counted(left, 'day')}"
    moment = f"{long_date(starts.date())}, {clock_time(starts)} ({when})"
    place = f" at {shortened(story.venue, 100)}" if story.venue else ""
    if story.restricted:
        return [line(f"attend the public part of the meeting{place}, {moment}; this item is closed to the public")]
    write = line(", or write before it to ", contact(story)) if story.stage in (None, "none", "proposed") else ()
    return [line(f"attend the meeting{place}, {moment}", write)]


def _where(story: Story) -> Line:
    """Where the consultation is, else the page that tells of it."""
    url = story.respond_at or next((link.url for link in story.links), story.meeting_url)
    return line(Span(url, url=url))


def _at(story: Story) -> Line:
    if story.respond_at:
        mail = story.respond_at if "@" in story.respond_at and "/" not in story.respond_at else ""
        return line(" at ", Span(story.respond_at, url=f"mailto:{mail}" if mail else story.respond_at))
    return line(" through ", contact(story))


def _until(times: _Times) -> str:
    if times.closes is None or times.closes < times.today:
        return ""
    return f" by {plain_date(times.closes)} ({days_left(times.closes, times.today)})"


def _day(story: Story, kind: str, today: date) -> date | None:
    """The first such day that is still to come, else the last."""
    days = sorted(day for told in story.dates if told.kind == kind and (day := day_of(told)))
    return next((day for day in days if day >= today), days[-1] if days else None)
