"""The kinds of change, and a change as a value.

A change names the narrowest thing it is about: `item.*`, `minutes.drafted`, `minutes.amended` and `decision.*` one item (or
notice), `document.*` one document, `meeting.*`, `agenda.published` and `minutes.approved` the meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

KINDS: Final = (
    "meeting.announced",
    "meeting.moved",
    "meeting.cancelled",
    "meeting.reinstated",
    "meeting.withdrawn",
    "agenda.published",
    "item.added",
    "item.amended",
    "item.withdrawn",
    "item.returned",
    "item.restricted",
    "item.unrestricted",
    "document.added",
    "document.replaced",
    "document.withdrawn",
    "decision.published",
    "decision.amended",
    "minutes.drafted",
    "minutes.amended",
    "minutes.approved",
    "plan.added",
    "plan.amended",
    "plan.withdrawn",
    "consultation.opened",
    "consultation.amended",
    "consultation.closed",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A row of `changes`. Foreign columns hold the other table's `id`. `field` is a column of the thing changed, or None."""

    id: int
    seen_at: datetime
    council: int
    kind: str
    meeting: int | None = None
    item: int | None = None
    document: int | None = None
    notice: int | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    version: int | None = None
