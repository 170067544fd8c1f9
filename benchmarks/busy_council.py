"""The story of a busy council for `months`: thirty committees, a recess, late papers, minutes, cancellations, any hour.

The story says of itself what a resident who watches for PSPOs has to be told, and when: `told`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from demo.story import Story, build_story

START: Final = datetime(2025, 9, 1, 8, 0)  # noqa: DTZ001  local, as all times in a storyline
COMMITTEES: Final = 30
FORTNIGHT: Final = timedelta(days=14)
RECESSES: Final = (("08-01", "08-31"), ("12-20", "12-31"), ("01-01", "01-04"))  # nobody meets
_LONDON: Final = ZoneInfo("Europe/London")

Kind = Literal["agenda", "late paper", "minutes", "cancelled"]


@dataclass(frozen=True, slots=True)
class Told:
    """Something on PSPOs that came out at a meeting, of which there must be one message."""

    kind: Kind
    meeting: int
    at: datetime


@dataclass(frozen=True, slots=True)
class BusyCouncil:
    """`agendas`: when each came out, and when its meeting starts; aware."""

    story: Story
    told: tuple[Told, ...]
    agendas: dict[int, tuple[datetime, datetime]]


def busy_council(days: int, every: int) -> BusyCouncil:
    """Committees that each meet every `every` days, for so many days from START on; what stood before is told of nobody."""
    made = _Making(START + timedelta(days=days))
    numbers = iter(range(5001, 10**6))
    for committee in range(COMMITTEES):
        for turn in range(-(240 // every), (days + 70) // every + 2):
            day = START + timedelta(days=committee * every // COMMITTEES + turn * every)
            if not _in_recess(_sits(day)):
                made.meeting(next(numbers), committee, _sits(day).replace(hour=10 + committee % 9, minute=0), every)
    story = build_story(
        {
            "council": {"name": "Busy Council", "starts": START, "ends": made.ends},
            "committee": [{"id": n + 1, "name": f"Committee No. {n + 1}"} for n in range(COMMITTEES)],
            "meeting": made.standing,
            "event": made.events,
        },
        "busy",
    )
    return BusyCouncil(story, tuple(made.told), made.agendas)


@dataclass
class _Making:
    ends: datetime
    standing: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    agendas: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)

    def meeting(self, number: int, committee: int, starts: datetime, every: int) -> None:
        rng = random.Random(number)
        on_pspo, in_minutes = number % 3 == 0, number % 4 == 1 and number % 3 != 0
        items = [
            {"id": number * 10 + n, "number": f"{n}.", "title": f"{'Town Centre PSPO' if on_pspo and n == 2 else 'Matter'} {n}"}
            for n in range(1, 5)
        ]  # fmt: skip
        told = [{"id": item["id"], "minutes": f"The report on matter {item['id']} was noted."} for item in items]
        if in_minutes:
            told[1]["minutes"] = f"A Public Spaces Protection Order for Ward {number} was discussed."
        agenda_at = min(_hour(rng, starts - timedelta(days=_days_ahead(rng))), starts - timedelta(minutes=45))
        minutes_at = _hour(rng, starts + timedelta(days=rng.randint(7, 28)))
        approved_at = starts + timedelta(days=every + 1, minutes=number * 13 % 600)
        row: dict[str, Any] = {"id": number, "committee": committee + 1, "starts": starts}
        if agenda_at <= START:
            row |= {"agenda": True, "item": items}
        else:
            self._happens(agenda_at, "agenda", number, meeting=[{"id": number, "agenda": True, "item": items}])
            self.agendas[number] = (_aware(agenda_at), _aware(starts))
            self._tells(on_pspo, "agenda", number, agenda_at)
        self.standing.append(row)
        if on_pspo and number % 7 == 3:
            self._cancels(number, max(agenda_at, starts - timedelta(days=2)) + timedelta(minutes=40))
            return
        late_at = max(_hour(rng, starts - timedelta(days=rng.randint(1, 3))), agenda_at + timedelta(hours=4))
        if number % 5 == 2 and START < late_at < starts:
            owner = {"meeting": number} if number % 2 else {"item": items[0]["id"]}
            text = f"The Public Spaces Protection Order in Ward {number} is to be extended."
            paper = {"id": 100_000 + number, **owner, "title": f"Late report {number}", "text": text}
            self._happens(late_at, "late paper", number, document=[paper])
            self._tells(True, "late paper", number, late_at)
        if minutes_at <= START:
            row |= {"minutes": True, "draft": approved_at > START}
            row["item"] = [{**item, **minutes} for item, minutes in zip(items, told, strict=True)]
        else:
            meeting = [{"id": number, "minutes": True, "draft": True}]
            self._happens(minutes_at, "minutes", number, item=told, meeting=meeting)
            self._tells(in_minutes, "minutes", number, minutes_at)
        if approved_at > START:
            self._happens(approved_at, "approved", number, meeting=[{"id": number, "draft": False}])

    def _cancels(self, number: int, at: datetime) -> None:
        if at <= START:
            self.standing[-1]["cancelled"] = True
            return
        self._happens(at, "cancelled", number, meeting=[{"id": number, "cancelled": True}])
        self._tells(True, "cancelled", number, at)

    def _happens(self, at: datetime, what: str, number: int, **tables: object) -> None:
        if at <= self.ends:
            self.events.append({"at": at, "what": f"{what} {number}", **tables})

    def _tells(self, on_pspo: bool, kind: Kind, number: int, at: datetime) -> None:
        if on_pspo and at <= self.ends:
            self.told.append(Told(kind, number, _aware(at)))


def _sits(day: datetime) -> datetime:
    """The day on which a meeting planned for `day` sits: none at a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= 5 else 0)


def _in_recess(day: datetime) -> bool:
    return any(first <= f"{day:%m-%d}" <= last for first, last in RECESSES)


def _days_ahead(rng: random.Random) -> int:
    """Most agendas come out eight days ahead, the law's last day; some earlier, some late, few much earlier."""
    return rng.choices((1, 4, 6, 7, 8, 9, 11, 13, 18), (1, 2, 2, 10, 50, 15, 10, 5, 5))[0]


def _hour(rng: random.Random, day: datetime) -> datetime:
    """Four in five in the working day, one in eight in the evening, the rest at any hour of any day."""
    chance = rng.random()
    if chance <= 0.925 and day.weekday() >= 5:
        day -= timedelta(days=day.weekday() - 4)
    hours = rng.uniform(8, 18) if chance < 0.8 else rng.uniform(17, 23) if chance < 0.925 else rng.uniform(0, 24)
    return day.replace(hour=0, minute=0) + timedelta(seconds=round(hours * 3600))


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=_LONDON).astimezone(UTC)
