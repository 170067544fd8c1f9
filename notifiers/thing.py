"""What a change is about, as a value, and what it says of a topic. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from config.topics import Topic
from notifiers.bulletin import ToldDate

if TYPE_CHECKING:
    from notifiers.facts import Facts

Field = Literal["title", "text", "decision", "minutes", "document title", "document text"]

_KIND_OF_NOTICE: Final[Mapping[str, str]] = {
    "decision.published": "decision",
    "plan.added": "forward plan",
    "consultation.opened": "notice",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a change is about, as it stands: an item, a document, a notice, or a whole meeting with its items.

    `texts` are (field, text), an item's own title first. `brought_by` is the kind of change that such a notice begins
    with. `dates` are those that the council gives in a column of its own. `as_of` is the meeting's day, or a notice's.
    """

    council: int
    slug: str
    committee: str | None
    as_of: date
    texts: tuple[tuple[str, str], ...]
    meeting: int | None = None
    item: int | None = None
    document: int | None = None
    notice: int | None = None
    brought_by: str | None = None
    dates: tuple[ToldDate, ...] = ()
    told_apart: frozenset[str] = frozenset()
    """Fields that came with the thing and are told by changes of their own (the minutes of an item that is new)."""

    @property
    def is_meeting(self) -> bool:
        return self.item is None and self.document is None and self.notice is None

    @property
    def title(self) -> str:
        return title_and_text(self.texts)[0]


def facts_of(topic: Topic, thing: Thing) -> Facts:
    """What a thing as it stands says of a topic."""
    return facts_in(topic, thing, thing.texts)


def facts_in(topic: Topic, thing: Thing, texts: tuple[tuple[str, str], ...]) -> Facts:
    """What texts of a thing say of a topic; the latest of them says what kind of text it is."""
    said = {field for field, text in texts if text}
    if thing.brought_by is not None:
        kind = _KIND_OF_NOTICE.get(thing.brought_by)
    elif thing.document is not None:
        kind = None
    else:
        kind = next((field for field in ("minutes", "decision") if field in said), "agenda")
    return _read_facts(topic, *title_and_text(texts), thing.as_of, kind)


@lru_cache(maxsize=16)  # an alert and a topic's page ask the same of what just changed
def _read_facts(topic: Topic, title: str, text: str, as_of: date, kind: str | None) -> Facts:
    from notifiers.facts import read_facts  # noqa: PLC0415  its patterns are compiled for the first text on a topic

    return read_facts(topic, title, text, as_of, kind)


def title_and_text(texts: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """A thing's own title, and everything else that it says."""
    (first, title), *rest = list(texts) or [("title", "")]
    if first not in ("title", "document title"):
        title, rest = "", [(first, title), *rest]
    return title, "\n\n".join(text for _, text in rest if text)
