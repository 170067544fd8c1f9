"""Topics: the shipped vocabulary for a subject, and an operator's own.

A topic is a TOML file named after its slug. It says by which words the subject is known, what is not meant, and which
words show the stages of its process and its key dates; `process.toml` has those that every council process shares.
Adding a topic needs no code.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.errors import nearest, quoted
from config.notation import NotationError, Patterns, Written
from config.weights import Learned

SHIPPED = Path(__file__).parent / "topics"
_SHARED = Path(__file__).parent / "process.toml"

Stage = Literal[
    "proposed",
    "consultation planned",
    "consultation open",
    "consultation closed",
    "decided",
    "in force",
    "expiring",
    "none",
]
DateKind = Literal["opens", "closes", "expires", "comes into force", "decision due"]
STAGES: tuple[Stage, ...] = get_args(Stage)
DATE_KINDS: tuple[DateKind, ...] = get_args(DateKind)


class TopicError(Exception):
    """A topic that cannot be used; `str()` is one line that says which file, what is wrong and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Model = TypeVar("_Model", bound=BaseModel)
_Table = dict[str, tuple[str, ...]]


class Law(_Strict):
    """An Act and those of its sections that the subject rests on: "section 59 of the ... Act 2014" is a mention."""

    acts: tuple[str, ...] = Field(min_length=1)
    sections: tuple[int, int]
    divisions: tuple[str, ...] = ()
    """What those sections are called together: "Part 4, Chapter 2"."""
    conduct: tuple[str, ...] = ()
    """What only an order of this law deals with, so that it is known by that: "the order banning busking"."""
    conduct_of_others: tuple[str, ...] = ()
    """The same, where other laws had orders too, which knew no term: taken with the Act, or with an end, beside it."""


class _File(_Strict):
    """A topic's file as written."""

    title: str = Field(min_length=1)
    experimental: bool = False
    terms: tuple[str, ...] = Field(min_length=1)
    misspellings: tuple[str, ...] = ()
    welsh: tuple[str, ...] = ()
    not_meant: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    law: tuple[Law, ...] = ()
    words: _Table = Field(default_factory=dict)
    stages: _Table = Field(default_factory=dict)
    unless: _Table = Field(default_factory=dict)
    aside: _Table = Field(default_factory=dict)
    dates: _Table = Field(default_factory=dict)


class _Process(_Strict):
    """What every council process shares."""

    elsewhere: tuple[str, ...]
    ignored: tuple[str, ...]
    words: _Table
    stages: _Table
    unless: _Table
    aside: _Table
    dates: _Table


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """One subject."""

    slug: str
    title: str
    experimental: bool
    terms: tuple[str, ...]
    misspellings: tuple[str, ...]
    welsh: tuple[str, ...]
    not_meant: tuple[str, ...]
    """Phrases that show that the letters of a term stand for something else."""
    laws: tuple[Law, ...]
    stages: Patterns
    """Which stage some words show; what "none" shows takes a mere request back."""
    unless: Patterns
    """Words that keep others from showing a stage."""
    aside: Patterns
    """Clauses that do not tell of the subject here and now."""
    dates: Patterns
    """Kinds of date, and the labels by which others are told: `process.toml` explains them."""
    matters: Patterns
    """"subject": how a later sentence speaks of it ("the order"); "elsewhere": other matters; "ignored": phrases not read."""
    learned: Learned | None
    """What its examples taught of words, where `learning` wrote that down."""


def all_terms(topic: Topic) -> tuple[str, ...]:
    """Every phrase by which the topic is known: its terms, misspellings met in practice, and Welsh."""
    return tuple(dict.fromkeys((*topic.terms, *topic.misspellings, *topic.welsh)))


def load_topics(folder: Path | None = None) -> Mapping[str, Topic]:
    """The shipped topics by slug, and those of an operator's own folder, which may replace shipped ones.

    An operator's are checked whole. Of the shipped ones the patterns, thousands that few runs need, are read with the
    first text that speaks of the topic, and so is `process.toml`; `check_shipped` reads them all.

    Raises:
        TopicError: a file cannot be read, or says something that a topic cannot say.
    """
    if folder is None:
        return _shipped()
    if not folder.is_dir():
        raise TopicError(f"{folder}: no such folder of topics")
    own = _topics_in(folder)
    _check(folder, own)
    return MappingProxyType({**_shipped(), **own})


def check_shipped() -> None:
    """Raises TopicError where a shipped topic has a pattern that cannot be read."""
    _check(SHIPPED, _shipped())


@cache
def _shipped() -> Mapping[str, Topic]:
    return MappingProxyType(_topics_in(SHIPPED))


def _topics_in(folder: Path) -> dict[str, Topic]:
    return {file.stem: _topic(file, _read(file, _File)) for file in sorted(folder.glob("*.toml"))}


@cache
def _process() -> _Process:
    return _read(_SHARED, _Process)


def _topic(file: Path, said: _File) -> Topic:
    def patterns(table: str, shared: Callable[[_Process], _Table], own: _Table) -> Patterns:
        return Patterns(lambda: _written(file, table, said, shared(_process()), own), said.subject)

    return Topic(
        slug=file.stem,
        title=said.title,
        experimental=said.experimental,
        terms=said.terms,
        misspellings=said.misspellings,
        welsh=said.welsh,
        not_meant=said.not_meant,
        laws=said.law,
        stages=patterns("stages", lambda process: process.stages, said.stages),
        unless=patterns("unless", lambda process: process.unless, said.unless),
        aside=patterns("aside", lambda process: process.aside, said.aside),
        dates=patterns("dates", lambda process: process.dates, said.dates),
        matters=patterns("subject", lambda process: _matters(process, said), {}),
        learned=Learned(weights) if (weights := file.with_suffix(".weights.json")).exists() else None,
    )


def _written(file: Path, table: str, said: _File, shared: _Table, own: _Table) -> Written:
    """A table of a topic: its own patterns before those of every process. Raises TopicError for a key that none has."""
    for key in own:
        if key not in shared:
            raise TopicError(f"{file}: {table}: {_unknown(key, tuple(shared))}")
    words = _process().words
    return Written(
        {key: (*own.get(key, ()), *shared[key]) for key in shared},
        {**words, **{name: (*words.get(name, ()), *more) for name, more in said.words.items()}},
    )


def _check(folder: Path, topics: Mapping[str, Topic]) -> None:
    for slug, topic in topics.items():
        tables = (topic.stages, topic.unless, topic.aside, topic.dates, topic.matters)
        for name, patterns in zip(("stages", "unless", "aside", "dates", "subject"), tables, strict=True):
            try:
                patterns.check()
            except NotationError as error:
                raise TopicError(f"{folder / slug}.toml: {name}: {error}") from error
        if topic.learned is not None:
            try:
                topic.learned.check(STAGES)
            except (OSError, ValueError) as error:
                raise TopicError(
                    f"{topic.learned.file}: is not what `learning` writes ({error}); write it again, or take it away"
                ) from error


def _matters(process: _Process, said: _File) -> _Table:
    elsewhere = (*process.elsewhere, *said.elsewhere)
    return {"subject": said.subject, "elsewhere": elsewhere, "ignored": process.ignored}


def _unknown(word: str, known: tuple[str, ...]) -> str:
    close = nearest(word, known)
    return f"{quoted(word)} is not known" + (
        f"; did you mean {quoted(close)}?" if close else f"; known: {', '.join(known)}"
    )


def _read(file: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise TopicError(f"{file}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise TopicError(f"{file}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise TopicError(f"{file}: {error}") from error
    except ValidationError as error:
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise TopicError(f"{file}: {_unknown(where, tuple(model.model_fields))}") from error
        raise TopicError(f"{file}: {where}: {first['msg'].lower()}") from error
