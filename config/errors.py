"""What is said when the operator's file is wrong: one line, where, what is wrong, and the nearest valid word."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.toml_lines import Place, line_of, lines_of

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class ConfigError(Exception):
    """The operator's file cannot be used; `str()` is one line without secrets."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class Source:
    """The operator's file as text and as TOML, for errors that name their place in it."""

    def __init__(self, path: Path, text: str, data: Mapping[str, Any]) -> None:
        self.path = path
        self.text = text
        self.data = data

    def error(self, place: Place, message: str) -> ConfigError:
        """An error at a place: `councilwatch.toml:12: [[watch]] 2 "Dogs": topic: ...`."""
        line = line_of(lines_of(self.text), place)
        where = f"{self.path}:{line}" if line else f"{self.path}"
        return ConfigError(": ".join(part for part in (where, self._in_words(place), message) if part))

    def validation_error(self, model: type[BaseModel], invalid: ValidationError) -> ConfigError:
        """The first of pydantic's complaints. An unknown key comes before all: it is often why another is missing."""
        lines = lines_of(self.text)
        complaints = invalid.errors(include_url=False, include_input=False)
        first = min(complaints, key=lambda e: (e["type"] != "extra_forbidden", line_of(lines, _place(e)) or 0))
        place = _place(first)
        if first["type"] == "extra_forbidden":
            return self.error(place[:-1], _unknown_key(model, place))
        return self.error(place, _words(first, place))

    def _in_words(self, place: Place) -> str:
        """The way to a place as the file spells it: `[[watch]] 2 "Dogs": any, entry 1`, `[service] contact`."""
        if not place:
            return ""
        table, *rest = place
        value = self.data.get(str(table))
        heading = f"[{table}]" if isinstance(value, Mapping) or value is None else f"{table}"
        if isinstance(value, list):
            heading = f"[[{table}]]"
            if rest and isinstance(rest[0], int):
                number = rest.pop(0)
                entry = value[int(number)] if int(number) < len(value) else None
                name = (entry.get("name") or entry.get("slug")) if isinstance(entry, Mapping) else None
                heading += f" {int(number) + 1}" + (f" {quoted(name)}" if isinstance(name, str) else "")
                return ": ".join(part for part in (heading, _dotted(rest)) if part)
        return " ".join(part for part in (heading, _dotted(rest)) if part)


def location(text: str, complaint: str) -> tuple[int, str]:
    """The line that tomllib names in its complaint, which then goes without it."""
    found = re.search(r" \((?:at line (\d+), column \d+|at end of document)\)", complaint)
    if not found:
        return 1, complaint
    line = int(found[1]) if found[1] else text.rstrip().count("\n") + 1
    return line, complaint.replace(found[0], "")


def one_line(text: str) -> str:
    """The text with line breaks, control and invisible characters escaped, so that it is one line on any terminal."""
    return "".join(_escaped(char) if unicodedata.category(char) in _UNSEEN else char for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def quoted(word: str, longest: int = 60) -> str:
    """A word of the file in quotes, shortened where it is long."""
    return f'"{word if len(word) <= longest else word[: longest - 1] + "…"}"'


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one, whatever its case; None where none is like it."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def advice(word: str, known: Iterable[str]) -> str:
    """`; did you mean "pspo"?`, or the list of what is known where nothing is near and the list is short."""
    names = sorted(known)
    close = nearest(word[:100], names)
    if close:
        return f"; did you mean {quoted(close)}?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= 12 else ""


def _place(error: ErrorDetails) -> Place:
    return tuple(error["loc"])


def _dotted(parts: Iterable[str | int]) -> str:
    words = ""
    for part in parts:
        words += f", entry {part + 1}" if isinstance(part, int) else f".{part}" if words else part
    return words


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model that describes the table at a place, by way of the fields' types (`X`, `X | None`, `tuple[X, ...]`)."""
    for part in place:
        if isinstance(part, int):
            continue
        inner = _tables(model).get(str(part))
        if inner is None:
            return None
        model = inner
    return model


def _tables(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    found = {}
    for name, field in model.model_fields.items():
        candidates = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for candidate in candidates:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                found[field.alias or name] = candidate
    return found


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown_key(model: type[BaseModel], place: Place) -> str:
    *table, key = place
    word = str(key)
    here = _model_at(model, tuple(table))
    keys = _keys(here) if here else []
    if nearest(word, keys) is None:
        for name, other in _tables(model).items():
            if word in _keys(other):
                many = "[[%s]]" if name in ("council", "watch", "subscriber") else "[%s]"
                return f"unknown key {quoted(word)}; it belongs in {many % name}"
    kind = "key" if table else "table or key"
    return f"unknown {kind} {quoted(word)}{advice(word, keys)}"


_TYPES = {
    "missing": "is missing",
    "string_type": 'must be text in quotes, like "this"',
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "tuple_type": 'must be a list in brackets, like ["this"]',
    "finite_number": "must be a number that is finite",
    "too_short": "is an empty list; give at least one, or leave the key out",
    "string_too_short": "is empty",
}


def _words(error: ErrorDetails, place: Place) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", error["msg"]))
    if kind == "missing" and place == ("service",):
        return 'is missing; give at least contact = "you@example.org", by which a council can reach you'
    if kind == "missing" and place == ("service", "contact"):
        return 'is missing; give an address by which a council can reach you, like "you@example.org"'
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        name = place[0] if len(place) == 1 else ""
        return f"must be one table, headed [{name}] in single brackets" if name else "must be a table"
    if kind == "tuple_type" and len(place) == 1:
        return f"must be headed [[{place[0]}]], in double brackets: there can be several"
    if kind == "greater_than_equal":
        return f"must be {context['ge']} or more"
    if kind == "less_than_equal":
        return f"must be {context['le']} or less"
    return _TYPES.get(kind, error["msg"][:1].lower() + error["msg"][1:])
