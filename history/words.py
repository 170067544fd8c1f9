"""What differs between two texts, word by word within paragraphs, and how that is shown. Pure, and in bounded time.

Ordinary texts are compared by difflib, whose differences read best. Where that would take long (thousands of words that
repeat) rapidfuzz finds them instead; texts too long even for that are compared by the paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Final, Literal

from rapidfuzz.distance import Indel

Op = Literal["same", "removed", "added"]

# a newline by itself, else a word with the space before it
_TOKEN: Final = re.compile(r"\n|[^\S\n]*\S+|[^\S\n]+")
_PARAGRAPH: Final = re.compile(r"[^\n]*\n|[^\n]+")
# pairs of equal tokens that difflib would look at; this many take it about 0.1 s
_DIFFLIB_PAIRS: Final = 300_000
# pairs of words in rapidfuzz's table of bits; this many take it about 0.2 s and 130 MB
_RAPIDFUZZ_PAIRS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. Joined: "same" and "removed" ones are the text before, "same" and "added" the text after."""

    op: Op
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one row of pieces; where words were replaced, what was removed stands before what was added."""
    pieces: list[Piece] = []
    for op, old, new in _aligned(_PARAGRAPH.findall(before), _PARAGRAPH.findall(after), by_difflib=False):
        if op == "same":
            pieces.append(Piece("same", "".join(new)))
        else:
            pieces += _words("".join(old), "".join(new))
    return _tidy(pieces)


def elide(pieces: Sequence[Piece], around: int = 12) -> tuple[Piece, ...]:
    """For reading: unchanged stretches cut to `around` words beside each change, with "…" for what is left out."""
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.op != "same":
            shown.append(piece)
            continue
        words = _TOKEN.findall(piece.text)
        head = words[:around] if place > 0 else []
        tail = words[-around:] if place < len(pieces) - 1 else []
        if len(words) <= len(head) + len(tail) + 3:
            shown.append(piece)
        else:
            gap = " …" if head else "…"
            first = tail[0] if tail else ""
            space = " " if tail and not first[:1].isspace() else ""
            shown.append(Piece("same", f"{''.join(head)}{gap}{space}{''.join(tail)}"))
    return tuple(shown)


def as_text(pieces: Iterable[Piece]) -> str:
    """For plain mail and logs: `the [-old-] {+new+} words`."""
    marks = {"removed": ("[-", "-]"), "added": ("{+", "+}")}
    return "".join(
        piece.text if piece.op == "same" else _around(piece.text, *marks[piece.op]) for piece in _apart(pieces)
    )


def as_html(pieces: Iterable[Piece]) -> str:
    """Escaped, with <del> and <ins>; newlines are left as they are."""
    tags = {"removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}
    return "".join(
        escape(piece.text) if piece.op == "same" else _around(escape(piece.text), *tags[piece.op])
        for piece in _apart(pieces)
    )


def as_terminal(pieces: Iterable[Piece]) -> str:
    """With ANSI colours: red and struck through for what went, green and underlined for what came."""
    colours = {"removed": ("\x1b[31;9m", "\x1b[0m"), "added": ("\x1b[32;4m", "\x1b[0m")}
    return "".join(
        _printable(piece.text) if piece.op == "same" else _around(_printable(piece.text), *colours[piece.op])
        for piece in _apart(pieces)
    )


def _words(before: str, after: str) -> Iterator[Piece]:
    for op, old, new in _aligned(_TOKEN.findall(before), _TOKEN.findall(after), by_difflib=True):
        if op == "same":
            yield Piece("same", "".join(new))
        else:
            yield Piece("removed", "".join(old))
            yield Piece("added", "".join(new))


def _aligned(
    old: Sequence[str], new: Sequence[str], *, by_difflib: bool
) -> Iterator[tuple[Literal["same", "changed"], Sequence[str], Sequence[str]]]:
    """Both rows cut into stretches that are the same and stretches that are not; the ends they share cost nothing."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    if head:
        yield "same", old[:head], new[:head]
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    at_old = at_new = 0
    for start_old, start_new, size in _matches(old_middle, new_middle, by_difflib=by_difflib):
        if start_old > at_old or start_new > at_new:
            yield "changed", old_middle[at_old:start_old], new_middle[at_new:start_new]
        if size:
            yield "same", old_middle[start_old : start_old + size], new_middle[start_new : start_new + size]
        at_old, at_new = start_old + size, start_new + size
    if tail:
        yield "same", old[len(old) - tail :], new[len(new) - tail :]


def _matches(old: Sequence[str], new: Sequence[str], *, by_difflib: bool) -> Iterator[tuple[int, int, int]]:
    """(place in old, place in new, length) of what is the same, and an empty one at the end."""
    if old and new:
        counts = Counter(new)
        if by_difflib and sum(counts[word] for word in old) <= _DIFFLIB_PAIRS:
            yield from SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            return
        if len(old) * len(new) <= _RAPIDFUZZ_PAIRS:
            numbers = {word: number for number, word in enumerate(dict.fromkeys((*old, *new)))}
            for block in Indel.opcodes([numbers[word] for word in old], [numbers[word] for word in new]):
                if block.tag == "equal":
                    yield block.src_start, block.dest_start, block.src_end - block.src_start
    yield len(old), len(new), 0


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _tidy(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Joined where they belong together: a lone word between two changes reads worse than one longer change."""
    runs: list[tuple[str, str, str]] = []  # (same, removed, added), the first empty or the other two
    for piece in pieces:
        if not piece.text:
            continue
        if piece.op == "same":
            if runs and runs[-1][0]:
                runs[-1] = (runs[-1][0] + piece.text, "", "")
            else:
                runs.append((piece.text, "", ""))
            continue
        if not runs or runs[-1][0]:
            if len(runs) >= 2 and len(runs[-1][0].split()) <= 1 and "\n" not in runs[-1][0]:
                between = runs.pop()[0]
                runs[-1] = ("", runs[-1][1] + between, runs[-1][2] + between)
            else:
                runs.append(("", "", ""))
        _, removed, added = runs[-1]
        runs[-1] = ("", removed + piece.text, added) if piece.op == "removed" else ("", removed, added + piece.text)
    tidied = []
    for same, removed, added in runs:
        tidied += [Piece("same", same)] if same else []
        tidied += [Piece("removed", removed)] if removed else []
        tidied += [Piece("added", added)] if added else []
    return tuple(tidied)


def _apart(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """A space between what went and what came in its place, where the texts themselves have none."""
    last: Piece | None = None
    for piece in pieces:
        if (
            last is not None
            and (last.op, piece.op) == ("removed", "added")
            and not last.text[-1:].isspace()
            and not piece.text[:1].isspace()
        ):
            yield Piece("same", " ")
        yield piece
        last = piece


def _around(text: str, opening: str, closing: str) -> str:
    """Marks around the words, not around the space beside them, and anew in each paragraph."""
    marked = []
    for paragraph in text.split("\n"):
        words = paragraph.strip()
        if not words:
            marked.append(paragraph)
            continue
        left = paragraph[: len(paragraph) - len(paragraph.lstrip())]
        right = paragraph[len(paragraph.rstrip()) :]
        marked.append(f"{left}{opening}{words}{closing}{right}")
    return "\n".join(marked)


def _printable(text: str) -> str:
    """Without control characters, which a council's text could use to write over a terminal."""
    return "".join(letter if letter == "\n" or letter.isprintable() else " " for letter in text)
