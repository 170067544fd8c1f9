"""On which line of a TOML text each key stands, so that an error can name the line.

`tomllib` gives values without positions. The text is known to be TOML when it comes here, so this reader only has to
find its way: it checks nothing.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

Place = tuple[str | int, ...]
"""A way to a value: ("watch", 1, "any", 0) is the first entry of `any` in the second [[watch]]."""

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})' r"|'''.*?'''(?:'{0,2})" r'|"(?:[^"\\]|\\.)*"' r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> Mapping[Place, int]:
    """The line, from 1, of every table, key and entry of an array in a text that `tomllib` accepts."""
    return _Reader(text).lines


def line_of(lines: Mapping[Place, int], place: Place) -> int | None:
    """The line of a place, or of the nearest thing around it (a missing key is told at its table); None at the top."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.lines: dict[Place, int] = {}
        self._counted_to = 0
        self._line = 1
        self._table: Place = ()
        self._last: dict[Place, int] = {}  # the index of the newest table of each array of tables
        while self._skip(_BLANK) < len(self.text):
            self._statement()

    def _statement(self) -> None:
        line = self._line_here()
        brackets = 2 if self.text.startswith("[[", self.at) else 1 if self.text.startswith("[", self.at) else 0
        if not brackets:
            self._pair(self._table)
            return
        self.at += brackets
        place: Place = ()
        *outer, name = self._key()
        for part in outer:
            place = self._inside((*place, part), line)
        place = (*place, name)
        if brackets == 2:
            self.lines.setdefault(place, line)
            self._last[place] = self._last.get(place, -1) + 1
            place = (*place, self._last[place])
        self.lines[place] = line
        self._table = place
        self.at += brackets

    def _inside(self, place: Place, line: int) -> Place:
        """What a name in a header means: an array of tables stands for the newest of them."""
        if place in self._last:
            place = (*place, self._last[place])
        self.lines.setdefault(place, line)
        return place

    def _pair(self, table: Place) -> None:
        line = self._line_here()
        place = table
        for part in self._key():
            place = (*place, part)
            self.lines.setdefault(place, line)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(place)

    def _key(self) -> list[str]:
        parts = list(self._key_parts())
        self._skip(_SPACE)
        return parts

    def _key_parts(self) -> Iterator[str]:
        while True:
            self._skip(_SPACE)
            quoted = self.text[self.at] in "\"'"
            found = (_STRING if quoted else _BARE_KEY).match(self.text, self.at)
            assert found, "the text is TOML"
            self.at = found.end()
            yield tomllib.loads(f"key = {found[0]}")["key"] if quoted else found[0]
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return
            self.at += 1

    def _value(self, place: Place) -> None:
        start = self.text[self.at]
        if start in "\"'":
            self._skip(_STRING)
        elif start in "[{":
            self.at += 1
            index = 0
            while self.text[self._skip(_BLANK)] not in "]}":
                if start == "{":
                    self._pair(place)
                else:
                    self.lines[(*place, index)] = self._line_here()
                    self._value((*place, index))
                    index += 1
                if self.text[self._skip(_BLANK)] == ",":
                    self.at += 1
            self.at += 1
        else:
            self._skip(_SCALAR)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line
