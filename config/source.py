"""The operator's file as text and as TOML, and errors that name their place in it."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.errors import ConfigError, advice, nearest, quoted
from config.toml_lines import Place, line_of, lines_of

_LARGEST = 1_000_000
"""Bytes; what is larger is no config."""


class Source:
    """The operator's file as text and as TOML, for errors that name their place in it."""

    def __init__(self, path: Path, text: str, data: Mapping[str, Any]) -> None:
        self.path = path
        self.text = text
        self.data = data

    def error(self, place: Place, message: str, *, at: Place = ()) -> ConfigError:
        """An error at a place: `councilwatch.toml:12: [[watch]] 2 "Dogs": topic: ...`."""
        line = line_of(lines_of(self.text), at or place)
        where = f"{self.path}:{line}" if line else f"{self.path}"
        return ConfigError(": ".join(part for part in (where, self._in_words(place), message) if part))

    def validation_error(self, model: type[BaseModel], invalid: ValidationError) -> ConfigError:
        """The first of pydantic's complaints.

        An unknown key comes before all, for it is often why another is missing. A list that is too short comes last:
        pydantic also says so where the list had entries that are wrong.
        """
        lines = lines_of(self.text)
        weight = {"extra_forbidden": 0, "too_short": 2}
        complaints = invalid.errors(include_url=False, include_input=False)
        first = min(complaints, key=lambda e: (weight.get(e["type"], 1), line_of(lines, e["loc"]) or len(self.text)))
        place = first["loc"]
        if first["type"] == "extra_forbidden":
            return self.error(place[:-1], _unknown_key(model, place), at=place)
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


def source_of(path: Path) -> Source:
    """The operator's file as text and as TOML.

    Raises:
        ConfigError: it cannot be read, or is not TOML.
    """
    try:
        if path.is_dir():
            raise ConfigError(f"{path}: is a folder; name the file in it, like {path / 'councilwatch.toml'}")
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; make one with: councilwatch init SLUG") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise ConfigError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(body) > _LARGEST:
        raise ConfigError(f"{path}: is larger than a config can be ({_LARGEST:,} bytes)")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: is not UTF-8 text; save it as UTF-8") from None
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{path}: is not TOML that can be read: brackets within brackets too deep") from None
    except ValueError as error:
        line, said = _location(text, str(error))
        raise ConfigError(f"{path}:{line}: is not TOML: {said}") from None
    if not data:
        raise ConfigError(f"{path}: is empty; make one to start from with: councilwatch init SLUG --config NEW.toml")
    return Source(path, text, data)


def _location(text: str, complaint: str) -> tuple[int, str]:
    """The line that tomllib names in its complaint, which then goes without it."""
    if "set_int_max_str_digits" in complaint:
        longest = max(re.finditer(r"[0-9_]+", text), key=lambda digits: len(digits[0]))
        return text.count("\n", 0, longest.start()) + 1, "a number is too long"
    found = re.search(r" \((?:at line (\d+), column \d+|at end of document)\)", complaint)
    if not found:
        return 1, complaint
    line = int(found[1]) if found[1] else text.rstrip().count("\n") + 1
    return line, complaint.replace(found[0], "")


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
        for name, inner in _tables(here).items() if here and table else ():
            if word in _keys(inner):
                return f"unknown key {quoted(word)}; it belongs in [{table[0]}.{name}]"
        for name, other in _tables(model).items():
            if word in _keys(other):
                several = get_origin(model.model_fields[name].annotation) is tuple
                return f"unknown key {quoted(word)}; it belongs in {f'[[{name}]]' if several else f'[{name}]'}"
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
        return f"must be {context['ge']:g} or more"
    if kind == "less_than_equal":
        return f"must be {context['le']:,g} or less"
    return _TYPES.get(kind, error["msg"][:1].lower() + error["msg"][1:])
