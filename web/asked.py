"""What a visitor asked for, and what a page answers: the two values between the routes and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from urllib.parse import urlencode

from web.dates import LONDON

_LONGEST: Final = 500  # characters of one value
_LARGEST: Final = 2**63 - 1


class NotHereError(Exception):
    """What was asked for is not in this history. `str()` is a sentence for the visitor."""


class NotUnderstoodError(Exception):
    """What was asked for makes no sense. `str()` is a sentence for the visitor."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The path without our prefix, the parts of it that the route names, and the query."""

    path: str
    parts: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    origin: str  # "https://history.example.org", as far as this request knows it

    def number(self, name: str) -> int:
        """A part of the path that is a row's number."""
        value = int(self.parts[name])
        if value > _LARGEST:
            raise NotHereError("There is nothing at this address.")
        return value

    def one(self, name: str) -> str:
        """The last value given, stripped; "" where there is none."""
        return next((value for key, value in reversed(self.query) if key == name), "").strip()[:_LONGEST]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value given, each once, without the empty ones."""
        values = (value.strip()[:_LONGEST] for key, value in self.query if key == name)
        return tuple(dict.fromkeys(value for value in values if value))

    def count(self, name: str, most: int) -> int:
        """A number from 0 to `most`; 0 where none is given."""
        value = self.one(name)
        return min(int(value), most) if value.isascii() and value.isdigit() else 0

    def moment(self, name: str) -> datetime | None:
        """A time: with its offset, or local. A day alone means its end. Raises NotUnderstoodError."""
        value = self.one(name)
        if not value:
            return None
        try:
            told = datetime.fromisoformat(value.replace(" ", "+"))
        except ValueError:
            raise NotUnderstoodError(
                f"“{value}” is not a time. Write it like 2025-11-26 or 2025-11-26T09:00."
            ) from None
        if len(value) <= len("2025-11-26"):
            told = datetime.combine(told.date(), time(23, 59, 59))
        return told if told.tzinfo else told.replace(tzinfo=LONDON)

    def day(self, name: str) -> date | None:
        """A day. Raises NotUnderstoodError."""
        value = self.one(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise NotUnderstoodError(f"“{value}” is not a day. Write it like 2025-11-26.") from None

    def filters(self, *names: str) -> tuple[tuple[str, str], ...]:
        """The given values of these names, to go on with."""
        return tuple((name, value) for name in names for value in self.all(name))


def address(path: str, *pairs: Iterable[tuple[str, object]]) -> str:
    """A path with a query of all pairs whose value is not empty."""
    given = [(name, str(value)) for group in pairs for name, value in group if value not in (None, "")]
    return f"{path}?{urlencode(given)}" if given else path


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its template, what it is filled with, and the feeds that tell the same as it goes on."""

    template: str
    values: Mapping[str, object]
    feeds: tuple[tuple[str, str, str], ...] = ()  # (media type, path, title)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """A body that is no page: a feed, a calendar, a capture."""

    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The visitor is to go to another path of ours."""

    path: str


Answer = Shown | Sent | Elsewhere
