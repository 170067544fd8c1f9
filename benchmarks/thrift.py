"""Thrift over time: requests a day against the delay until something new is seen, over a simulated month.

No request is sent: the program's own `next_look` says when it would have looked. The council is one of 30 committees whose
meetings come every six weeks; agendas come out a week before or a little more, one meeting in three has a late paper, draft
minutes follow after one to five weeks and are approved at the next meeting. Everything comes out in office hours. The fixed
schedules look at the same meetings: all in the window, each so often. Every schedule reads the lists twelve times a day.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final, Literal

from benchmarks.measure import Asked, Figure, Result
from config.settings import Timetable
from councilwatch.meetings import PAGE_AGAIN
from councilwatch.timetable import BEHIND, BEHIND_UNAPPROVED, MeetingState, in_window, next_look

Kind = Literal["agenda", "late paper", "minutes"]
KINDS: Final[tuple[Kind, ...]] = ("agenda", "late paper", "minutes")
COUNCILS: Final = 8  # whose figures are taken together, so that a few odd meetings do not decide
COMMITTEES: Final = 30  # of each
BEGIN: Final = datetime(2026, 1, 12, tzinfo=UTC)
MONTH: Final = timedelta(days=30)
FIXED: Final = {"every 15 min": 0.25, "every hour": 1.0, "every 6 hours": 6.0}  # hours
LISTS: Final = 12.0  # a day
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    number: int
    starts: datetime
    agenda: datetime
    late_paper: datetime | None
    minutes: datetime
    approved: datetime

    def state(self, now: datetime) -> MeetingState:
        minutes = "approved" if now >= self.approved else "draft" if now >= self.minutes else "none"
        return MeetingState(self.number, self.starts, minutes_state=minutes)

    def events(self) -> Iterator[tuple[Kind, datetime]]:
        yield "agenda", self.agenda
        if self.late_paper is not None:
            yield "late paper", self.late_paper
        yield "minutes", self.minutes


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a way of looking costs, and the delays in hours until each thing that came out in the month was seen."""

    name: str
    requests: float  # a day
    delays: dict[Kind, list[float]]


def measure(asked: Asked) -> Result:
    asked.say("thrift: a simulated month")
    council = [meeting for number in range(COUNCILS) for meeting in _council(random.Random(number), number)]
    ours = simulate("councilwatch", council, lambda meeting, now: next_look(meeting.state(now), now, Timetable()))
    fixed = [
        simulate(name, council, lambda meeting, now, wait=timedelta(hours=hours): _every(meeting, now, wait))  # type: ignore[misc]
        for name, hours in FIXED.items()
    ]
    hourly = next(schedule for schedule in fixed if schedule.name == "every hour")
    rows = [figure for schedule in (ours, *fixed) for figure in _rows(schedule)]
    share = ours.requests / hourly.requests
    slower = median(ours.delays["agenda"]) / median(hourly.delays["agenda"])
    worst = max(ours.delays["agenda"])
    rows += [
        Figure("thrift", "ours to every hour, requests", f"{share:.2f}", "at most 0.10", share <= 0.1),
        Figure("thrift", "ours to every hour, median delay of an agenda", f"{slower:.2f}", "at most 1.00", slower <= 1),
        Figure("thrift", "councilwatch, worst delay of an agenda", f"{worst:.1f} h", "2 h", worst <= 2),
        Figure("thrift", "councilwatch, requests a day", f"{ours.requests:.0f}", "350", ours.requests <= 350),
    ]
    notes = [
        f"thrift: simulated, {COUNCILS} councils of 30 committees for 30 days; the page is asked once a day beside the web"
        " service; an agenda that comes out more than a fortnight before its meeting waits up to a day"
    ]
    picture = asked.pictures / "thrift.png"
    try:
        draw([ours, *fixed], picture)
    except ImportError:
        notes.append("thrift: no picture was drawn, because matplotlib is not installed")
    return Result(tuple(rows), tuple(notes))


def simulate(name: str, council: list[Meeting], again: Callable[[Meeting, datetime], datetime | None]) -> Schedule:
    """Looks at every meeting as `again` says, from three days before the month (so that it is in its stride)."""
    requests = 0.0
    delays: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    end = BEGIN + MONTH
    for meeting in council:
        looks = list(_looks(meeting, again, end + timedelta(days=3)))
        within = [look for look in looks if BEGIN <= look < end]
        requests += len(within) + (_pages(within) if name == "councilwatch" else 0)
        for kind, out in meeting.events():
            if BEGIN <= out < end:
                seen = looks[bisect_left(looks, out)]
                delays[kind].append((seen - out) / _HOUR)
    return Schedule(name, requests / COUNCILS / MONTH.days + LISTS, delays)


def _looks(
    meeting: Meeting, again: Callable[[Meeting, datetime], datetime | None], end: datetime
) -> Iterator[datetime]:
    now: datetime | None = BEGIN - timedelta(days=3) + timedelta(minutes=37 * meeting.number % 1440)
    while now is not None and now < end:
        if in_window(meeting.state(now), now):
            yield now
        now = again(meeting, now)


def _pages(looks: list[datetime]) -> int:
    """The looks at which the HTML page is asked beside the web service."""
    asked, last = 0, None
    for look in looks:
        if last is None or look - last >= PAGE_AGAIN:
            asked, last = asked + 1, look
    return asked


def _every(meeting: Meeting, now: datetime, wait: timedelta) -> datetime | None:
    behind = BEHIND if meeting.state(now).minutes_state == "approved" else BEHIND_UNAPPROVED
    return now + wait if now - meeting.starts <= behind else None


def _council(rng: random.Random, number: int) -> list[Meeting]:
    council: list[Meeting] = []
    for committee in range(COMMITTEES):
        first = BEGIN - timedelta(days=220 - 7 * (committee % 6) - committee % 4)
        for turn in range(9):
            starts = first + timedelta(days=42 * turn, hours=rng.choice((9, 10, 14, 18)))
            council.append(_meeting(rng, 1_000 * number + len(council), starts))
    return council


def _meeting(rng: random.Random, number: int, starts: datetime) -> Meeting:
    def out(days: int) -> datetime:
        day = (starts + timedelta(days=days)).replace(hour=0)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
        return day + timedelta(hours=9, minutes=rng.randrange(9 * 60))

    late = min(out(-rng.choice((1, 1, 2, 3))), starts - _HOUR) if rng.random() < 1 / 3 else None
    return Meeting(number, starts, out(-rng.choice((7, 8, 8, 9, 11))), late, out(rng.randint(7, 35)), out(42))


def _rows(schedule: Schedule) -> list[Figure]:
    rows = [Figure("thrift", f"{schedule.name}, requests a day", f"{schedule.requests:.0f}")]
    for kind in KINDS:
        hours = schedule.delays[kind]
        told = f"{median(hours):.1f} h, {max(hours):.1f} h"
        rows.append(Figure("thrift", f"{schedule.name}, {kind}: median and worst delay", told))
    return rows


def draw(schedules: list[Schedule], path: Path) -> None:
    """Requests a day against the delay of each kind, both on a scale of powers of ten."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    marks = {"agenda": "o", "late paper": "s", "minutes": "^"}
    for kind in KINDS:
        fixed = [(schedule.requests, median(schedule.delays[kind])) for schedule in schedules[1:]]
        (line,) = axes.plot(*zip(*fixed, strict=True), marker=marks[kind], label=f"{kind}, fixed interval")
        ours = schedules[0]
        axes.scatter(
            [ours.requests], [median(ours.delays[kind])], s=140, marker=marks[kind], color=line.get_color(),
            edgecolors="black", zorder=3, label=f"{kind}, councilwatch",
        )  # fmt: skip
    for schedule in schedules[1:]:
        axes.annotate(schedule.name, (schedule.requests, median(schedule.delays["agenda"])), xytext=(4, -14),
                      textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="requests a day to one council", ylabel="median hours until it is seen")
    axes.set_title("What a day's requests buy: a council of 30 committees, a simulated month")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=120, metadata={"Software": ""})
    pyplot.close(figure)
