"""What every way of sending takes and gives: a letter, the outcome of handing it over, and what came of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from notifiers.bulletin import Rendered
from notifiers.lines import shortened


@dataclass(frozen=True, slots=True)
class Letter:
    """A message for one address. `message_id` and `thread` are names without brackets or domain, the same at each try."""

    rendered: Rendered
    message_id: str
    thread: str | None
    date: datetime
    contact: str
    """The operator's mail address, where a reader can have this stopped."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. `detail` is one line and holds no secret and no address.

    sent: the provider said yes. failed: it was not taken, try again. refused: for good. unknown: it may have been taken.
    """

    state: Literal["sent", "failed", "refused", "unknown"]
    detail: str = ""
    retry_after: timedelta | None = None
    about: Literal["address", "message"] = "message"
    """Whether other messages to the same address would fare the same just now."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did, in deliveries. `waiting` will be tried again, and so will `unknown`, once more."""

    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    refused: int = 0
    dead: int = 0
    cancelled: int = 0


def told(text: str, *secrets: str | None) -> str:
    """A provider's words as one short line, with what must not be repeated taken out of them."""
    for secret in sorted({secret for secret in secrets if secret and len(secret) > 2}, key=len, reverse=True):
        text = text.replace(secret, "…")
    return shortened(text, 200)
