"""What is said when the operator's file is wrong: one line, where, what is wrong, and the nearest valid word."""

import unicodedata
from collections.abc import Iterable

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class ConfigError(Exception):
    """The operator's file cannot be used; `str()` is one line without secrets."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


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
    import difflib  # noqa: PLC0415  a config that is right never needs it

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
