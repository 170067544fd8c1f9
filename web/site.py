"""What the browser half is told by whoever starts it; the pages know nothing else of the operator's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.topics import Topic


@dataclass(frozen=True, slots=True)
class Site:
    """One history as it is served. `clock` gives aware UTC times.

    `history_url`: where the public reaches it; links in feeds begin with it, and its path stands before every path of
    ours. `show_withdrawn_documents`: whether the text of what the council withdrew is still shown and searched.
    `clear_days` counts clear working days (published, meeting, nation), `days_asked` says how many the nation's law asks
    for (nation, committee): the rule of the "late and quiet" page.
    """

    database: Path
    clock: Callable[[], datetime]
    clear_days: Callable[[date, date, str | None], int]
    days_asked: Callable[[str | None, str], int]
    topics: Mapping[str, Topic] = field(default_factory=dict)
    contact: str | None = None
    history_url: str | None = None
    show_withdrawn_documents: bool = False

    @property
    def prefix(self) -> str:
        """The path that stands before all of ours, without a slash at its end: "" or "/history"."""
        return urlsplit(self.history_url).path.rstrip("/") if self.history_url else ""

    def topic_title(self, slug: str) -> str:
        """A topic's title for people; its slug where the topic is not known any more."""
        topic = self.topics.get(slug)
        return topic.title if topic else slug
