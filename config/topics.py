"""Topics: the shipped vocabulary for a subject, and an operator's own.

A topic is a TOML file named after its slug. It says by which words the subject is known, what is not meant, and which
words show the stages of its process and its key dates; `process.toml` has those that every council process shares.
Adding a topic needs no code.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process as nearest

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


class Law(_Strict):
    """An Act and those of its sections that the subject rests on: "section 59 of the ... Act 2014" is a mention."""

    acts: tuple[str, ...] = Field(min_length=1)
    sections: tuple[int, int]


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
    stages: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    dates: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class _Process(_Strict):
    """What every council process shares."""

    words: dict[str, tuple[str, ...]]
    elsewhere: tuple[str, ...]
    stages: dict[str, tuple[str, ...]]
    dates: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """One subject. Patterns (`subject`, `elsewhere`, `stages`, `dates`) are in the notation that process.toml explains."""

    slug: str
    title: str
    experimental: bool
    terms: tuple[str, ...]
    misspellings: tuple[str, ...]
    welsh: tuple[str, ...]
    not_meant: tuple[str, ...]
    """Phrases that show that the letters of a term stand for something else."""
    subject: tuple[str, ...]
    """How a later sentence speaks of the subject: "the order"."""
    elsewhere: tuple[str, ...]
    """Other matters, whose stages and dates are not this subject's."""
    laws: tuple[Law, ...]
    words: Mapping[str, tuple[str, ...]]
    """Named lists that patterns may use."""
    stages: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, tuple[str, ...]]


def all_terms(topic: Topic) -> tuple[str, ...]:
    """Every phrase by which the topic is known: its terms, misspellings met in practice, and Welsh."""
    return tuple(dict.fromkeys((*topic.terms, *topic.misspellings, *topic.welsh)))


def load_topics(folder: Path | None = None) -> Mapping[str, Topic]:
    """The shipped topics by slug, and those of an operator's own folder, which may replace shipped ones.

    Raises:
        TopicError: a file cannot be read, or says something that a topic cannot say.
    """
    if folder is not None and not folder.is_dir():
        raise TopicError(f"{folder}: no such folder of topics")
    process = _read(_SHARED, _Process)
    files = [*sorted(SHIPPED.glob("*.toml")), *(sorted(folder.glob("*.toml")) if folder else ())]
    return MappingProxyType({file.stem: _topic(file, _read(file, _File), process) for file in files})


def _topic(file: Path, said: _File, process: _Process) -> Topic:
    return Topic(
        slug=file.stem,
        title=said.title,
        experimental=said.experimental,
        terms=said.terms,
        misspellings=said.misspellings,
        welsh=said.welsh,
        not_meant=said.not_meant,
        subject=said.subject,
        elsewhere=(*process.elsewhere, *said.elsewhere),
        laws=said.law,
        words=MappingProxyType(process.words),
        stages=_merged(file, "stages", process.stages, said.stages),
        dates=_merged(file, "dates", process.dates, said.dates),
    )


def _merged(
    file: Path, table: str, shared: Mapping[str, tuple[str, ...]], own: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    for key in own:
        if key not in shared:
            raise TopicError(f"{file}: {table}: {_unknown(key, tuple(shared))}")
    return MappingProxyType({key: (*own.get(key, ()), *patterns) for key, patterns in shared.items()})


def _unknown(word: str, known: tuple[str, ...]) -> str:
    closest = nearest.extractOne(word, known, score_cutoff=60)
    return f'"{word}" is not known' + (f'; did you mean "{closest[0]}"?' if closest else f"; known: {', '.join(known)}")


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
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise TopicError(f"{file}: {_unknown(where, tuple(model.model_fields))}") from error
        raise TopicError(f"{file}: {where}: {first['msg'].lower()}") from error
