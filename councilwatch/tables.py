"""How an answer is printed: for people, as JSON or as CSV. Nothing that a council wrote can steer a terminal."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal, TypeVar

import click
from rich.console import Console
from rich.text import Text

from councilwatch.program import UsageError

Form = Literal["people", "json", "csv"]
_Command = TypeVar("_Command", bound=Callable[..., Any])
_WIDEST: Final = 110  # columns: longer lines are hard to read
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_STEERS: Final = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def forms(command: _Command) -> _Command:
    """The options --json and --csv; the command gets `as_json` and `as_csv` and asks `form` which one it is."""
    command = click.option("--csv", "as_csv", is_flag=True, help="CSV with a heading.")(command)
    return click.option("--json", "as_json", is_flag=True, help="JSON.")(command)


def form(as_json: bool, as_csv: bool) -> Form:
    """Raises UsageError where both are asked for."""
    if as_json and as_csv:
        raise UsageError("--json and --csv: choose one of the two")
    return "json" if as_json else "csv" if as_csv else "people"


def print_json(value: object) -> None:
    """Anything made of values, dataclasses and moments, as one JSON text."""
    click.echo(json_text(value, indent=2))


def json_text(value: object, indent: int | None = None) -> str:
    """The same as a string; letters that could steer a terminal are written as escapes, which JSON reads as they were."""
    said = json.dumps(value, indent=indent, ensure_ascii=False, default=plain)
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def print_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([printable(cell(row.get(name))) for name in columns])


def cell(value: object) -> str:
    """A value as CSV has it: nothing for None, ISO for moments, JSON for what has parts."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=plain)


def plain(value: object) -> object:
    """What `json` asks about values that it does not know."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} is not to be printed")


def printable(text: str) -> str:
    """Without control and invisible characters; newlines stay."""
    return "".join(letter if letter == "\n" or unicodedata.category(letter) not in _UNSEEN else " " for letter in text)


class Page:
    """Lines for a person: colours and the terminal's width where there is one, plain text of even width elsewhere."""

    def __init__(self) -> None:
        self.coloured = sys.stdout.isatty()
        width = min(Console().width, _WIDEST) if self.coloured else _WIDEST
        self._console = Console(width=width, highlight=False, markup=False, emoji=False)

    def line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """One paragraph, wrapped; the further lines of one in several parts are set in. A part is text, or text and style."""
        text = Text()
        for part in parts:
            said, style = (part, "") if isinstance(part, str) else part
            text.append(printable(said), style=style or None)
        for place, wrapped in enumerate(text.wrap(self._console, self._console.width - indent - 2)):
            wrapped.rstrip()
            start = " " * (indent if place == 0 or len(parts) == 1 else indent + 2)
            self._console.print(Text(start) + wrapped, soft_wrap=True)

    def space(self) -> None:
        self._console.print()


def shortened(text: str, letters: int = 160) -> str:
    """The beginning of a text on one line."""
    said = " ".join(text[: letters * 4].split())
    return said if len(said) <= letters else said[:letters].rsplit(" ", 1)[0] + " …"
