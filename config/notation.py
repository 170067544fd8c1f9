"""The notation in which a topic says what shows a stage or a date.

A pattern is read against a clause of lower-case words. It is made of:

    word            that word; `word*` any word that begins so; `!word` any word but that
    (a|b c|d)       one of these; `[a|b]` one of these or nothing
    .               a word or none; `..` up to five, `...` up to fifteen
    {name}          one of the words of that list
    @it             the topic, by a term or as a later sentence speaks of it ("the order", "it")
    @date           the date that is meant; `@any` another date beside it

No pattern can take more than a bounded time at each word of a text, whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

_PIECE = re.compile(r"\.{1,3}|[()\[\]|]|[^\s()\[\]|]+")
_WORD = re.compile(r"[@!]?[^\W_]+(?:'[^\W_]+)*\*?|@|\|")
_GAPS = {".": r"(?: [^ ]+)?", "..": r"(?: [^ ]+){0,5}?", "...": r"(?: [^ ]+){0,15}?"}
_MOST_GAPS = 6  # so that no pattern takes long at any word
_MOST_LINES = 1_000
_MOST_WORDS = 20_000  # of which it is remembered what they begin
_KEY = 3  # letters by which a pattern is found whose first word may end otherwise


class NotationError(ValueError):
    """A pattern that cannot be read; `str()` says why, in one line."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern's place in a line of words: `label` is what the pattern shows, `date` where its @date begins."""

    label: str
    start: int
    end: int
    date: int | None


class Written(NamedTuple):
    """Patterns as they are written, by what they show, and the lists of words that they name."""

    patterns: Mapping[str, Iterable[str]]
    words: Mapping[str, Sequence[str]]


class Patterns:
    """Labelled patterns, read once: when they are checked, or when a text is first held against them."""

    def __init__(self, written: Callable[[], Written], subject: Sequence[str]) -> None:
        """`subject` is what @it may be besides a term."""
        self._written = written
        self._subject = subject

    def check(self) -> None:
        """Reads them now.

        Raises:
            NotationError: a pattern names an unknown list, or its brackets do not match, or it is empty.
        """
        _ = self._index

    @cached_property
    def _index(self) -> _Index:
        written = self._written()
        lists = {f"{{{name}}}": f"({'|'.join(entries)})" for name, entries in written.words.items()}
        lists["@it"] = f"({'|'.join(('@topic', '@same', *self._subject))})"
        index = _Index()
        numbers: dict[frozenset[str], int] = {}
        for label, entries in written.patterns.items():
            for entry in dict.fromkeys(entries):
                regex, keys, needs = _parsed(entry, lists)
                pattern = _Pattern(label, regex, frozenset(numbers.setdefault(need, len(numbers)) for need in needs))
                for key in keys:
                    index.by_key.setdefault(key, []).append(pattern)
        for need, number in numbers.items():
            for key in need:
                index.met_by.setdefault(key, []).append(number)
        return index

    def find(self, line: str, starts: Sequence[int]) -> Sequence[Hit]:
        """All places in a line of words each led by a space, `starts` being the offsets of those spaces."""
        return self._remembering(line, tuple(starts))

    @cached_property
    def _remembering(self) -> Callable[[str, tuple[int, ...]], Sequence[Hit]]:
        return lru_cache(_MOST_LINES)(self._found)  # a line is asked about several times while its text is read

    def _found(self, line: str, starts: tuple[int, ...]) -> Sequence[Hit]:
        index = self._index
        known = index.known
        words = [known.get(word) or index.word(word) for word in line.split()]
        begun = [(start, word.begins) for start, word in zip(starts, words, strict=False) if word.begins]
        if not begun:
            return ()
        hits: list[Hit] = []
        met = frozenset().union(*(word.meets for word in words))
        for start, patterns in begun:
            for pattern in patterns:
                if not pattern.needs <= met:
                    continue
                match = pattern.compiled.match(line, start)
                if match:
                    date = match.start("date") if "date" in match.re.groupindex else None
                    hits.append(Hit(pattern.label, start, match.end(), date))
        return tuple(hits)


class _Word(NamedTuple):
    """The patterns that may begin with a word, and the numbers of the needs that it meets."""

    begins: tuple[_Pattern, ...]
    meets: frozenset[int]


class _Index:
    """Patterns by the keys of the words they may begin with, and by each key the numbers of the needs that it meets."""

    def __init__(self) -> None:
        self.by_key: dict[str, list[_Pattern]] = {}
        self.met_by: dict[str, list[int]] = {}
        self.known: dict[str, _Word] = {}

    def word(self, word: str) -> _Word:
        known = self.known.get(word)
        if known is None:
            head = f"{word[:_KEY]}*"
            begins = (*self.by_key.get(word, ()), *self.by_key.get(head, ()))
            known = _Word(begins, frozenset((*self.met_by.get(word, ()), *self.met_by.get(head, ()))))
            if len(self.known) < _MOST_WORDS:
                self.known[word] = known
        return known


class _Pattern:
    """One pattern, whose regex is compiled when a text first holds one of its first words: most are never needed."""

    def __init__(self, label: str, regex: str, needs: frozenset[int]) -> None:
        """`needs` are what a line must have for the regex to match at all, by their numbers."""
        self.label = label
        self.needs = needs
        self._regex = regex

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._regex)


def _parsed(pattern: str, lists: Mapping[str, str]) -> tuple[str, frozenset[str], frozenset[frozenset[str]]]:
    """The regex of a pattern, the keys it may be found by, and sets of keys of each of which a line must have one besides."""
    expanded = pattern
    for _ in range(3):  # a list may name another
        expanded = re.sub(r"\{\w+\}|@it\b", lambda m: _list(m.group(), lists, pattern), expanded)
    pieces = _PIECE.findall(expanded)
    if sum(piece in _GAPS for piece in pieces) > _MOST_GAPS:
        raise NotationError(f'"{pattern}": has more than {_MOST_GAPS} gaps')
    if pieces.count("@date") > 1:
        raise NotationError(f'"{pattern}": has more than one @date; another beside it is @any')
    regex, keys, needs, rest = _sequence(pieces, pattern)
    if rest:
        raise NotationError(f'"{pattern}": a closing bracket too many')
    if "" in keys or not keys:
        raise NotationError(f'"{pattern}": must begin with a word')
    return f"(?:{regex})(?= )", frozenset(keys), frozenset(frozenset(need) for need in needs if need != keys)


def _list(name: str, lists: Mapping[str, str], pattern: str) -> str:
    if name not in lists:
        raise NotationError(f'"{pattern}": there is no list {name}')
    return lists[name]


def _sequence(pieces: list[str], pattern: str) -> tuple[str, set[str], list[set[str]], list[str]]:
    """Alternatives up to a closing bracket: their regex, the keys they may begin with ("" for none), sets of keys of each of
    which they must have one, what is left.
    """
    branches = [""]
    needs: list[list[set[str]]] = [[]]
    keys: set[str] = set()
    open_start = True  # whether the current branch may still begin with the next piece
    while pieces and pieces[0] not in (")", "]"):
        piece, *pieces = pieces
        if piece == "|":
            if open_start:
                keys.add("")
            branches.append("")
            needs.append([])
            open_start = True
        elif piece in ("(", "["):
            inner, inner_keys, inner_needs, pieces = _sequence(pieces, pattern)
            if not pieces or pieces[0] != {"(": ")", "[": "]"}[piece]:
                raise NotationError(f'"{pattern}": a bracket is not closed')
            pieces = pieces[1:]
            branches[-1] += f"(?:{inner})" + ("?" if piece == "[" else "")
            if piece == "(":
                needs[-1] += inner_needs
            if open_start:
                keys |= inner_keys - {""}
                open_start = piece == "[" or "" in inner_keys
        elif piece in _GAPS:
            if open_start:
                raise NotationError(f'"{pattern}": must begin with a word')
            branches[-1] += _GAPS[piece]
        else:
            branches[-1] += _word(piece, pattern)
            if open_start and piece.startswith("!"):
                raise NotationError(f'"{pattern}": must begin with a word')
            if open_start:
                if piece.endswith("*") and len(piece) <= _KEY:
                    raise NotationError(f'"{pattern}": a pattern cannot begin with "{piece}", which is too short')
                keys.add(_key(piece))
            if not piece.startswith("!") and not (piece.endswith("*") and len(piece) <= _KEY):
                needs[-1].append({_key(piece)})
            open_start = False
    if open_start:
        keys.add("")
    either = [{key for need in alternatives for key in need} for alternatives in zip(*needs, strict=False)]
    return "|".join(branches), keys, either, pieces


def _key(piece: str) -> str:
    return f"{piece[:_KEY]}*" if piece.endswith("*") else piece.replace("@any", "@date")


def _word(piece: str, pattern: str) -> str:
    if not _WORD.fullmatch(piece):
        raise NotationError(f'"{pattern}": "{piece}" is no word')
    if piece == "@date":
        return "(?P<date> @date)"
    if piece.startswith("!"):
        return f"(?! {re.escape(piece[1:])} ) [^ ]+"
    if piece == "@any":
        return " @date"
    if piece.endswith("*"):
        return " " + re.escape(piece[:-1]) + "[^ ]*"
    return " " + re.escape(piece)
