"""What somebody wants to hear about."""

from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from config.errors import advice, quoted
from config.tables import Table, Text, Texts, Whole

FIELDS: Final = ("title", "text", "decision", "minutes", "document title", "document text")

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
"""The kinds of change, as the history names them. They are repeated here because the config leans on no other room."""

_PREFIXES = {kind.partition(".")[0] + ".*" for kind in KINDS}


def _term(text: str) -> str:
    if not any(char.isalnum() for char in text):
        raise ValueError(f"{quoted(text)} has no letter or digit to look for")
    return " ".join(text.split())


def _field(word: str) -> str:
    if word not in FIELDS:
        raise ValueError(f"{quoted(word)} is not a field{advice(word, FIELDS)}")
    return word


def _kind(word: str) -> str:
    if word not in KINDS and word not in _PREFIXES:
        close = advice(word, [*KINDS, *_PREFIXES])
        raise ValueError(f"{quoted(word)} is not a kind of change{close or '; for example: minutes.drafted, item.*'}")
    return word


def _spelled_out(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Each kind by its name: "minutes.*" stands for all that begin so."""
    return tuple(kind for kind in KINDS if kind in kinds or kind.partition(".")[0] + ".*" in kinds)


Term = Annotated[str, Strict(), AfterValidator(_term)]
Terms = tuple[Term, ...]


class Watch(Table):
    """A topic or own terms, where to look, and which changes count; a key that is left out limits nothing."""

    name: Text
    topic: Text | None = None
    any: Terms = ()
    all: Terms = ()
    none: Terms = ()
    near: Terms = ()
    """Terms that must all stand within so many words of each other."""
    within: Annotated[Whole, Field(ge=1, le=1000)] = 10
    councils: Texts | None = None
    """Slugs of councils in the same file."""
    committees: Texts | None = None
    fields: Annotated[tuple[Annotated[str, Strict(), AfterValidator(_field)], ...], Field(min_length=1)] | None = None
    kinds: (
        Annotated[
            tuple[Annotated[str, Strict(), AfterValidator(_kind)], ...],
            Field(min_length=1),
            AfterValidator(_spelled_out),
        ]
        | None
    ) = None
    """Kinds of change by their names; what the file says as "minutes.*" is spelled out here."""

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not (self.topic or self.any or self.all or self.near):
            raise ValueError('looks for nothing; give a topic, or words like any = ["dog control"]')
        if len(self.near) == 1:
            raise ValueError("near: needs two terms or more, which must stand near each other")
        if "within" in self.model_fields_set and not self.near:
            raise ValueError("within: says how near the terms of `near` must stand, and there is no `near`")
        return self
