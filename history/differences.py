"""What one comparison is told (the reading) and what it tells (a difference): the words that compare*.py share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from history.state import MeetingState

_READ_BY: Final = {"html": {"html"}, "webservice": {"webservice"}, "both": {"html", "webservice"}}


@dataclass(frozen=True, slots=True)
class Difference:
    """A change that has yet to be written. `field` is a column of the thing that is different."""

    kind: str
    field: str | None = None
    before: str | None = None
    after: str | None = None


class _Read(Protocol):
    @property
    def transport(self) -> str | None: ...
    @property
    def parser(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a page: when, by what, and whether what it finds is news.

    `silent`: nothing is (first reading of a meeting of the baseline; the same bytes under a new parser). `first`: the
    page was never read before. `unspoken_is_news`: whether a field is news that no earlier reading could speak of.
    """

    now: str
    transport: str
    parser: str
    first: bool = True
    silent: bool = False
    unspoken_is_news: bool = True

    def is_news(self, old: MeetingState, field: str) -> bool:
        """Whether a difference in this field ("venue", "items.minutes") is a change, or only something told at last."""
        return self.first or self.unspoken_is_news or field in old.spoken

    def read_otherwise(self, thing: _Read) -> bool:
        """Whether the thing as it stands was read by another transport or parser."""
        return thing.transport is not None and (thing.transport, thing.parser) != (self.transport, self.parser)

    def by_other_parser(self, thing: _Read) -> bool:
        return thing.parser is not None and thing.parser != self.parser

    def by_other_route(self, thing: _Read) -> bool:
        """Whether nothing that read it then reads it now: the page before and the web service now, or the reverse."""
        return thing.transport is not None and not _READ_BY[thing.transport] & _READ_BY[self.transport]
