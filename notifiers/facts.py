"""What a text says of a topic: whether it is about it, how far the process is, and which dates matter."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from config.topics import DateKind, Stage, Topic, all_terms
from notifiers.terms import Found, Phrases

Precision = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and where it stands in the text it was taken from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A date that the text states: ISO 8601 as precise as the text ("2026", "2026-04", "2026-04-30"), and the sentence."""

    kind: DateKind
    date: str
    precision: Precision
    sentence: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What one text says of one topic, as of one day. `stage` is "none" where it tells of no step."""

    relevant: bool
    found: tuple[Found, ...]
    stage: Stage
    stage_sentence: str | None
    dates: tuple[KeyDate, ...]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order."""
    return [Sentence(m.group(), *m.span()) for m in re.finditer(r"\S[^\n]*?(?:[.?!](?=\s+[A-Z])|(?=\s*\n)|\s*$)", text)]


@lru_cache(maxsize=256)
def _phrases(topic: Topic) -> Phrases:
    return Phrases(all_terms(topic))


def read_facts(topic: Topic, title: str, text: str, as_of: date, kind: str | None = None) -> Facts:
    """What a text says of a topic, true as of a day and by this text alone.

    Offsets in `found` count from the start of `title + "\\n" + text`.
    """
    found = tuple(_phrases(topic).find(f"{title}\n{text}"))
    return Facts(bool(found), found, "none", None, ())
