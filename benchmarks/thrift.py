"""Thrift over time: requests a day against the delay until something new is seen, over a simulated month.

No request is sent: the program's own timetable says when it would have looked, and at what. What clerks do is made up, and
knows nothing of the timetable: see `_council` and `_hour`. The fixed schedules look at the same meetings, all in the
window, each so often, with one request that tells everything. Every schedule reads robots.txt, the notices and the lists.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final, Literal

from benchmarks.measure import Asked, Figure, Result
from config.settings import Timetable
from councilwatch.timetable import (
    BEHIND,
    BEHIND_UNAPPROVED,
    FORTNIGHT,
    LONDON,
    MeetingState,
    asked_first,
    clear_days_asked,
    clear_working_days,
    in_window,
    next_look,
)

Hour = Callable[[random.Random, datetime], datetime]
Kind = Literal["agenda", "late paper", "minutes"]
KINDS: Final[tuple[Kind, ...]] = ("agenda", "late paper", "minutes")
NATIONS: Final = ("England",) * 5 + ("Wales", "Scotland", "Northern Ireland")  # of the councils, taken together
COMMITTEES: Final = 30  # of each
BEGIN: Final = datetime(2026, 1, 12, tzinfo=UTC)
MONTH: Final = timedelta(days=30)
STRIDE: Final = timedelta(days=20)  # before the month, so that a schedule is in its stride
FIXED: Final = {"every 15 min": 0.25, "every hour": 1.0, "every 6 hours": 6.0}  # hours
BESIDE: Final = 1 + 6  # requests a day: robots.txt; the lists of decisions, plans and consultations
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of the story. `supplement`: its late paper is told by the HTML page only."""

    number: int
    starts: datetime
    nation: str
    committee: str
    agenda: datetime
    late_paper: datetime | None
    supplement: bool
    minutes: datetime
    approved: datetime

    def state(self, now: datetime) -> MeetingState:
        return MeetingState(
            self.number,
            self.starts,
            minutes_state="approved" if now >= self.approved else "draft" if now >= self.minutes else "none",
            agenda_out=now >= self.agenda,
            clear_days=clear_days_asked(self.nation, self.committee),
            nation=self.nation,
        )

    def events(self) -> Iterator[tuple[Kind, datetime, bool]]:
        """What comes out, when, and whether only the page tells of it."""
        yield "agenda", self.agenda, False
        if self.late_paper is not None:
            yield "late paper", self.late_paper, self.supplement
        yield "minutes", self.minutes, False

    def changed(self, since: datetime, now: datetime) -> bool:
        return any(since < at <= now for _, at, _ in self.events()) or since < self.approved <= now


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    requests: int
    page: bool  # the HTML page is among them


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a way of looking costs, and the delays in hours until each thing that came out in the month was seen.

    `in_time`: those of agendas that came out in their meeting's fortnight.
    """

    name: str
    requests: float  # a day
    delays: dict[Kind, list[float]]
    in_time: list[float]


def measure(asked: Asked) -> Result:
    asked.say("thrift: a simulated month")
    table = Timetable()
    council = story()
    ours = simulate("councilwatch", council, lambda meeting: by_timetable(meeting, table), _lists(table))
    by_html = simulate(
        "councilwatch by HTML only",
        council,
        lambda meeting: [replace(look, requests=1, page=True) for look in by_timetable(meeting, table)],
        _lists(table) + COMMITTEES * _DAY / table.lists_html,
    )
    fixed = [
        simulate(name, council, lambda meeting, hours=hours: _every(meeting, timedelta(hours=hours)), 12)  # type: ignore[misc]
        for name, hours in FIXED.items()
    ]
    hourly = next(schedule for schedule in fixed if schedule.name == "every hour")
    rows = [figure for schedule in (ours, by_html, *fixed) for figure in _rows(schedule)]
    share = ours.requests / hourly.requests
    slower = median(ours.delays["agenda"]) / median(hourly.delays["agenda"])
    worst = max(*ours.in_time, *by_html.in_time)
    most = max(ours.requests, by_html.requests)
    rows += [
        Figure("thrift", "ours to every hour, requests", f"{share:.3f}", "at most 0.10", share <= 0.1),
        Figure("thrift", "ours to every hour, median delay of an agenda", f"{slower:.2f}", "at most 1.00", slower <= 1),
        Figure(
            "thrift", "councilwatch, worst delay of an agenda in its fortnight", f"{worst:.1f} h", "2 h", worst <= 2
        ),
        Figure("thrift", "councilwatch, requests a day", f"{most:.0f}", "350", most <= 350),
    ]
    notes = [
        f"thrift: simulated, {len(NATIONS)} councils of {COMMITTEES} committees for {MONTH.days} days. Assumed, for want of"
        " evidence: half of the agendas come out on the last lawful day, three in ten on the two working days before it, one"
        " in fifteen is late; four in five things come out between 8.00 and 18.00 on a working day, mostly after noon, one in"
        " eight in the evening, the rest at any hour of any day; every second late paper is told by the HTML page only",
        f"thrift: agendas seen in their fortnight {len(ours.in_time)}; the others wait for up to two days. In the middle an"
        f" agenda waits {_against_hourly(story(hour=any_hour), table):.2f} of the hourly schedule's time where everything"
        f" comes out at any hour of any day, and {_against_hourly(story(any_day=True), table):.2f} where agendas come out in"
        " office hours on any day of the fortnight",
        "thrift: what it costs to look more often, as requests a day and median delay of an agenda: "
        + "; ".join(_other_tables(council)),
    ]
    picture = asked.pictures / "thrift.png"
    try:
        draw([ours, *fixed], picture)
    except ImportError:
        notes.append("thrift: no picture was drawn, because matplotlib is not installed")
    return Result(tuple(rows), tuple(notes))


def simulate(name: str, council: list[Meeting], looks_at: Callable[[Meeting], list[Look]], lists: float) -> Schedule:
    """Counts what `looks_at` costs in the month, with `lists` requests a day for lists, and how late all was seen."""
    requests = 0
    delays: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    in_time = []
    for meeting in council:
        looks = looks_at(meeting)
        requests += sum(look.requests for look in looks if BEGIN <= look.at < BEGIN + MONTH)
        every = [look.at for look in looks]
        pages = [look.at for look in looks if look.page]
        for kind, out, page_only in meeting.events():
            if BEGIN <= out < BEGIN + MONTH:
                seen = pages if page_only else every
                delay = (seen[bisect_left(seen, out)] - out) / _HOUR
                delays[kind].append(delay)
                if kind == "agenda" and out >= meeting.starts - FORTNIGHT:
                    in_time.append(delay)
    return Schedule(name, requests / len(NATIONS) / MONTH.days + lists + BESIDE, delays, in_time)


def _against_hourly(council: list[Meeting], table: Timetable) -> float:
    """The median delay of an agenda, as a share of the hourly schedule's."""
    ours = simulate("councilwatch", council, lambda meeting: by_timetable(meeting, table), _lists(table))
    hourly = simulate("every hour", council, lambda meeting: _every(meeting, _HOUR), 12)
    return median(ours.delays["agenda"]) / median(hourly.delays["agenda"])


def _other_tables(council: list[Meeting]) -> Iterator[str]:
    for due, expected in ((15, 30), (20, 60), (30, 60), (60, 90), (110, 110)):
        update = {"agenda_due": timedelta(minutes=due), "agenda_expected": timedelta(minutes=expected)}
        table = Timetable().model_copy(update=update)
        found = simulate("", council, lambda meeting, table=table: by_timetable(meeting, table), _lists(table))  # type: ignore[misc]
        yield f"due {due} min and expected {expected} min {found.requests:.0f} and {median(found.delays['agenda']):.2f} h"


def by_timetable(meeting: Meeting, table: Timetable) -> list[Look]:
    """As the program looks where both transports answer; it knows of a meeting what its last look told it."""
    looks: list[Look] = []
    now: datetime | None = _first(meeting)
    before, other_at = _first(meeting) - _DAY, _first(meeting) - STRIDE
    first_before = None
    while now is not None and now < BEGIN + MONTH + STRIDE:
        known = meeting.state(before)
        if in_window(known, now):
            first, wait = asked_first(known, now)
            if first != first_before:
                other_at, first_before = before, first
            both = now - other_at >= wait or meeting.changed(before, now)
            looks.append(Look(now, 1 + both, page=both or first == "html"))
            other_at = now if both else other_at
        before = now
        now = next_look(meeting.state(now), now, table)
    return looks


def _first(meeting: Meeting) -> datetime:
    return BEGIN - STRIDE + timedelta(minutes=37 * meeting.number % 1440)


def _every(meeting: Meeting, wait: timedelta) -> list[Look]:
    behind = BEHIND if meeting.approved <= meeting.starts + BEHIND else BEHIND_UNAPPROVED
    now = max(_first(meeting) + STRIDE - 3 * _DAY, meeting.starts - timedelta(days=60))
    looks = []
    while now <= min(meeting.starts + behind, BEGIN + MONTH + STRIDE):
        looks.append(Look(now, 1, page=True))
        now += wait
    return looks


def _lists(table: Timetable) -> float:
    return _DAY / table.lists_webservice


def story(*, hour: Hour | None = None, any_day: bool = False) -> list[Meeting]:
    """Eight councils for a month. `hour`: at what hour of a day something comes out, in place of `_hour`; `any_day`:
    agendas come out on any day of the fortnight, as if no law bound them."""
    council: list[Meeting] = []
    for number, nation in enumerate(NATIONS):
        council += _council(random.Random(number), len(council), nation, hour or _hour, 1 if any_day else 0.05)
    return council


def _council(rng: random.Random, number: int, nation: str, hour: Hour, any_day: float) -> list[Meeting]:
    """Thirty committees that meet every six weeks; every tenth is a partnership, which no law binds.

    Half of the agendas come out on the last lawful day, three in ten on the two working days before it; one in fifteen
    is late, one in twenty (`any_day`) comes out on any day of the three weeks before, the rest a few days early. One
    meeting in three has a late paper, one to three working days before or on its morning, and every second of these is a
    supplement. Draft minutes follow after one to five weeks and are approved at the next meeting.
    """
    council: list[Meeting] = []
    for committee in range(COMMITTEES):
        called = "Safety Partnership" if committee % 10 == 9 else "Committee"
        first = (BEGIN - timedelta(days=220 - 7 * (committee % 6) - committee % 4)).replace(tzinfo=LONDON)
        for turn in range(9):
            starts = (first + timedelta(days=42 * turn)).replace(hour=rng.choice((9, 10, 14, 18))).astimezone(UTC)
            asked = clear_days_asked(nation, called) or rng.randint(0, 6)
            chance = rng.random()
            early = rng.choices((0, 1, 2, 3, 4, 5), (50, 20, 10, 3, 3, 2))[0]
            if chance < any_day:
                agenda = hour(rng, starts - timedelta(days=rng.randint(1, 13 if any_day == 1 else 21)))
            elif chance < any_day + 1 / 15:
                agenda = hour(rng, _days_before(starts, max(0, asked - rng.randint(1, 3)), nation))
            else:
                agenda = hour(rng, _days_before(starts, asked + early, nation))
            late_day = rng.choice((0, 1, 1, 2, 3))
            late = _days_before(starts, late_day - 1, nation) if late_day else starts
            late = hour(rng, late) if late_day else starts - timedelta(minutes=rng.randint(60, 180))
            council.append(
                Meeting(
                    number + len(council),
                    starts,
                    nation,
                    called,
                    min(agenda, starts - _HOUR),
                    min(late, starts - _HOUR) if rng.random() < 1 / 3 else None,
                    rng.random() < 0.5,
                    hour(rng, starts + timedelta(days=rng.randint(7, 35))),
                    hour(rng, starts + timedelta(days=42)),
                )
            )
    return council


def _days_before(starts: datetime, clear: int, nation: str) -> datetime:
    """The last day that leaves so many clear working days before a meeting."""
    held = starts.astimezone(LONDON).date()
    day = held - _DAY
    while clear_working_days(day, held, nation) < clear or day.weekday() >= 5:
        day -= _DAY
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _hour(rng: random.Random, day: datetime) -> datetime:
    """Four in five in the working day, most in the afternoon; one in eight in the evening; the rest at any hour of any day
    round it."""
    chance = rng.random()
    if chance > 0.925:
        return any_hour(rng, day)
    local = day.astimezone(LONDON)
    while local.weekday() >= 5:
        local -= _DAY
    hours = rng.triangular(8, 18, 15) if chance < 0.8 else rng.uniform(17, 23)
    return (local.replace(hour=0, minute=0) + timedelta(hours=hours)).astimezone(UTC)


def any_hour(rng: random.Random, day: datetime) -> datetime:
    """Any minute from the day before to the day after."""
    return day.astimezone(UTC) + timedelta(hours=rng.uniform(-24, 24))


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
