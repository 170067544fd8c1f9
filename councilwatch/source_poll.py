"""One poll of one source: what was known of it before, what its steps share, and how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from config.settings import Council, Settings
from councilwatch.looks import remember_look
from councilwatch.timetable import LONDON
from history.database import write_txn
from history.due import DueMeeting
from history.keep_sources import SourceRow
from history.pages import page_memory
from notifiers.people import People
from scraper.fetch import FetchError
from scraper.source import Look, PageMemory, Site

FIND_AGAIN: Final = timedelta(days=7)  # which transports answer is found out so often


@dataclass(frozen=True, slots=True)
class Stored:
    """What was found out about a source in earlier polls."""

    transport: str | None
    calendar_committee: int | None
    transport_found_at: datetime | None
    committees_read_at: datetime | None
    notices_read_at: datetime | None
    next_look_at: datetime | None


@dataclass
class SourcePoll:
    """What the steps of one poll of a source share; afterwards `site.looks`, `changes` and `ended_by` say how it went."""

    db: Database
    site: Site
    source: SourceRow
    stored: Stored
    councils: Sequence[Council]
    settings: Settings
    people: People
    clock: Callable[[], datetime]
    everything: bool
    changes: int = 0
    pages_changed: int = 0
    alerts: int = 0
    ended_by: FetchError | None = None
    committees_read: bool | None = None  # None: not asked for in this poll
    unchanged: list[tuple[DueMeeting, tuple[Look[object], ...]]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """By the clock that was passed in."""
        return self.clock()

    @property
    def today(self) -> date:
        """The day in London."""
        return self.now.astimezone(LONDON).date()

    def find_again(self) -> bool:
        """Whether it is time to find out which transports answer."""
        found = self.stored.transport_found_at
        return found is None or self.now - found >= FIND_AGAIN

    def remembered(self, url: str) -> PageMemory | None:
        """What a look at an address is held against: even where it was in trouble since, the bytes last kept count."""
        known = page_memory(self.db, self.source.id, url)
        return PageMemory(known.etag, known.last_modified, known.sha256, known.parser) if known else None

    def meets(self, committee_id: int) -> bool:
        """Whether meetings of a committee stand in the history."""
        found = self.db.conn.execute(
            "SELECT 1 FROM meetings WHERE source = ? AND committee_id = ? AND withdrawn_at IS NULL LIMIT 1",
            (self.source.id, committee_id),
        )
        return found.fetchone() is not None

    def remember(self, look: Look[object], key: str | None = None) -> None:
        """Remembers how an address answered, in a transaction of its own."""
        with write_txn(self.db):
            remember_look(self.db, self.source.id, look, self.now, key=key)
