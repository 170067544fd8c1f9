"""The storyline: what stands at the beginning, and what the council does, event by event.

A storyline is TOML. The same tables say what is there at the start and, inside an ``[[event]]``, what an event adds or
alters::

    [council]
    name = "Somewhere Council"
    starts = 2025-11-03T08:00:00          # local time, as all times in a storyline
    ends = 2025-12-01T08:00:00

    [[committee]]
    id = 7
    name = "Cabinet"
    [[committee.meeting]]                 # a table inside another belongs to it: here committee = 7
    id = 70
    starts = 2025-11-20T10:00:00

    [[event]]
    at = 2025-11-12T09:00:00
    what = "The agenda is published"
    [[event.meeting]]
    id = 70                               # known already: only the fields given are altered
    agenda = true
    [[event.meeting.item]]                # not known: it is new
    id = 701
    title = "Budget"

``gone = true`` takes a thing away. ``[event.council]`` alters the site itself (``maintenance = true``). The fields are
those of `demo.council`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import cast
from zoneinfo import ZoneInfo

from demo.council import KINDS, Council, Record, SiteState

STORYLINE = Path(__file__).with_name("storyline.toml")

Table = Mapping[str, object]


class StoryError(ValueError):
    """The storyline cannot be told; the message says where and why, in one line."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One thing made, altered or taken away."""

    kind: str  # a key of `demo.council.KINDS`, or "council"
    id: int
    fields: Table
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime  # aware, UTC
    what: str
    patches: tuple[Patch, ...]


@dataclass(frozen=True)
class Story:
    """A council at the beginning, and its events in order of time. ``starts`` and ``ends`` are aware, UTC."""

    base: SiteState
    starts: datetime
    ends: datetime
    events: tuple[Event, ...] = field(default=())

    @property
    def council(self) -> Council:
        return self.base.council


def storyline() -> Story:
    """The demo council's own story."""
    return read_story(STORYLINE)


def read_story(path: Path) -> Story:
    """The story in a file. Raises `StoryError` where it cannot be told."""
    return parse_story(path.read_text(encoding="utf-8"), path.name)


def parse_story(text: str, name: str = "storyline") -> Story:
    """The story in a TOML text; ``name`` stands in error messages. Raises `StoryError`."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoryError(f"{name}: not TOML: {error}") from error
    return build_story(tables, name)


def build_story(tables: Table, name: str = "storyline") -> Story:
    """The story in tables shaped like the TOML. Raises `StoryError`."""
    settings = dict(_table(tables.get("council", {}), f"{name}: [council]"))
    starts, ends = settings.pop("starts", None), settings.pop("ends", None)
    council = cast(Council, _made(Council, settings, f"{name}: [council]"))
    zone = ZoneInfo(council.timezone)
    if not isinstance(starts, datetime):
        raise StoryError(f"{name}: [council] needs starts, a local time such as 2025-11-03T08:00:00")

    rest = {key: value for key, value in tables.items() if key not in ("council", "event")}
    events = []
    for place, event in enumerate(_tables(tables.get("event", []), name), 1):
        where = f"{name}: event {place}"
        own = dict(event)
        at, what = own.pop("at", None), own.pop("what", "")
        if not isinstance(at, datetime):
            raise StoryError(f"{where}: needs at, a local time")
        events.append(Event(_aware(at, zone), str(what), tuple(_patches(own, where))))
    events.sort(key=lambda event: event.at)

    base = SiteState(council, _aware(starts, zone))
    base = _told(base, Event(base.moment, name, tuple(_patches(rest, name))), stamped=False)
    end = _aware(ends, zone) if isinstance(ends, datetime) else events[-1].at if events else base.moment
    story = Story(base, base.moment, end, tuple(events))
    _check_owners(state_at(story, max([end, *(event.at for event in events)])), name)
    return story


def state_at(story: Story, moment: datetime) -> SiteState:
    """What the site shows at ``moment`` (aware): every event up to and at that moment has happened."""
    state = story.base
    for event in story.events:
        if event.at > moment:
            break
        state = _told(state, event)
    return replace(state, moment=moment)


def events_passed(story: Story, moment: datetime) -> int:
    """How many events have happened by ``moment``; two moments with the same number show the same content."""
    return sum(event.at <= moment for event in story.events)


def _told(state: SiteState, event: Event, *, stamped: bool = True) -> SiteState:
    shelves: dict[str, dict[int, Record]] = {kind: dict(getattr(state, f"{kind}s")) for kind in KINDS}
    council = state.council
    stamp = event.at if stamped else None
    for patch in event.patches:
        where = f"{event.what}: {patch.kind} {patch.id or ''}".rstrip()
        if patch.kind == "council":
            council = cast(Council, _altered(council, patch.fields, where))
            continue
        shelf = shelves[patch.kind]
        if patch.gone:
            _take_away(shelves, patch.kind, patch.id)
        elif patch.id in shelf:
            shelf[patch.id] = cast(Record, _altered(shelf[patch.id], {**patch.fields, "changed": stamp}, where))
        else:
            given = {**patch.fields, "id": patch.id, "changed": stamp}
            if patch.kind == "item" and not given.get("position"):
                given["position"] = 1 + sum(
                    getattr(row, "meeting", 0) == given.get("meeting") for row in shelf.values()
                )
            shelf[patch.id] = cast(Record, _made(KINDS[patch.kind], given, where))
    shown = {f"{kind}s": MappingProxyType(shelf) for kind, shelf in shelves.items()}
    return replace(state, council=council, revision=state.revision + stamped, moment=event.at, **shown)  # type: ignore[arg-type]


def _take_away(shelves: dict[str, dict[int, Record]], kind: str, number: int) -> None:
    """Take a thing away, with all that belongs to it."""
    shelves[kind].pop(number, None)
    for other, shelf in shelves.items():
        for key in [key for key, record in shelf.items() if getattr(record, kind, 0) == number]:
            _take_away(shelves, other, key)


def _patches(tables: Table, where: str, owner: Mapping[str, int] = MappingProxyType({})) -> Iterator[Patch]:
    for kind, value in tables.items():
        if kind == "council":
            yield Patch(kind, 0, _table(value, where))
            continue
        if kind not in KINDS:
            raise StoryError(f"{where}: {kind} is no kind of thing{_nearest(kind, [*KINDS, 'council'])}")
        for table in _tables(value, f"{where}: {kind}"):
            number = table.get("id")
            if not isinstance(number, int):
                raise StoryError(f"{where}: a {kind} without id")
            known = {part.name for part in fields(KINDS[kind])}
            inner = {key: part for key, part in table.items() if key in KINDS and isinstance(part, list)}
            own = {key: part for key, part in table.items() if key not in inner and key not in ("id", "gone")}
            own |= {key: part for key, part in owner.items() if key in known and key not in own}
            yield Patch(kind, number, MappingProxyType(own), gone=bool(table.get("gone", False)))
            yield from _patches(inner, f"{where}: {kind} {number}", {kind: number})


def _made(cls: type[object], given: Table, where: str) -> object:
    parts = {part.name: part for part in fields(cls)}  # type: ignore[arg-type]
    checked = {key: _fits(cls, key, value, where) for key, value in given.items()}
    for part in parts.values():
        if part.default is MISSING and part.name not in checked:
            raise StoryError(f"{where}: needs {part.name}")
    return cls(**checked)


def _altered(thing: Council | Record, given: Table, where: str) -> object:
    return replace(thing, **{key: _fits(type(thing), key, value, where) for key, value in given.items()})  # type: ignore[arg-type]


_TYPES: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "bool": (bool,),
    "datetime": (datetime,),
    "date": (date,),
    "date | None": (date, type(None)),
    "datetime | None": (datetime, type(None)),
    "tuple[str, ...]": (list, tuple),
}


def _fits(cls: type[object], key: str, value: object, where: str) -> object:
    wanted = {part.name: str(part.type) for part in fields(cls)}  # type: ignore[arg-type]
    if key not in wanted:
        raise StoryError(f"{where}: {key} is no field{_nearest(key, wanted)}")
    if not isinstance(value, _TYPES[wanted[key]]):
        raise StoryError(f"{where}: {key} must be {wanted[key]}, not {value!r}")
    if isinstance(value, list):
        return tuple(map(str, value))
    return value.strip() if isinstance(value, str) else value


def _check_owners(state: SiteState, name: str) -> None:
    for kind, cls in KINDS.items():
        for part in fields(cls):
            if part.name not in KINDS or part.type != "int":
                continue
            shelf = getattr(state, f"{part.name}s")
            for record in getattr(state, f"{kind}s").values():
                number = getattr(record, part.name)
                if number and number not in shelf:
                    raise StoryError(f"{name}: {kind} {record.id} belongs to {part.name} {number}, which is not there")


def _aware(local: datetime, zone: ZoneInfo) -> datetime:
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def _table(value: object, where: str) -> Table:
    if not isinstance(value, Mapping):
        raise StoryError(f"{where}: must be a table")
    return value


def _tables(value: object, where: str) -> Sequence[Table]:
    if not isinstance(value, list):
        raise StoryError(f"{where}: must be an array of tables, [[…]]")
    return [_table(part, where) for part in value]


def _nearest(word: str, words: Mapping[str, object] | Sequence[str]) -> str:
    near = get_close_matches(word, list(words), 1)
    return f"; did you mean {near[0]}?" if near else ""
