"""Finding phrases in council prose as a reader finds them.

Case, plurals, hyphens, accents, curly quotes and line wraps do not matter; words are whole words. However many phrases
there are, the text is walked once (Aho-Corasick), and what is found is quoted as it was written.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

# Marks that a word may contain without being another word: combining accents, soft hyphens, zero-width characters.
_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_MARK = re.compile(f"[{_MARKS}]")
_INITIALS = r"(?:[A-Za-z]\.){2,}[A-Za-z]?(?![^\W_])"  # P.S.P.O., a.m.
_PLAIN_WORD = re.compile(rf"{_INITIALS}|[^\W_]+(?:['’‘ʼ][^\W_]+)*")
_MARKED_WORD = re.compile(rf"{_INITIALS}|[^\W_](?:[^\W_]|[{_MARKS}])*(?:['’‘ʼ][^\W_](?:[^\W_]|[{_MARKS}])*)*")
_HYPHEN = re.compile(r"[-\u2010\u2011](?:[ \t]*\r?\n[ \t]*)?\Z")
_SHORT = 20_000  # characters of a text whose words are remembered for a while; a long report's would fill the memory
_NO_PLURAL = frozenset({"news", "does", "always", "perhaps", "across", "whereas", "lens"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as compared: its normal words, and where each stands in the original as (start, end) offsets."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        """The normal words, parted by single spaces."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase, as it was given to `Phrases`, and where it stands in the text that was searched."""

    phrase: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def normal_word(word: str) -> str:
    """One written word in its normal form, in which singular and plural, and any case, agree.

    The form is for comparing and not for reading: "policies" and "policy" are both "polici".
    """
    acronyms = len(word) == 3 and word[:2].isupper() and word[2] == "s"  # PCs, CTs
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if c.isalnum() or c in "'’‘ʼ")
        word = re.sub("[’‘ʼ]", "'", word)
    word = word.casefold().replace(".", "").removesuffix("'s")
    if len(word) > 3 or acronyms:
        if word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _NO_PLURAL:
            word = word[:-1]
        if len(word) > 3 and word.endswith("e"):
            word = word[:-1]
        if len(word) > 2 and word.endswith("y"):
            word = word[:-1] + "i"
    return word


def normalise(text: str) -> Normalised:
    """The words of a text in normal form. A hyphen parts words here; `Phrases` also tries it as joining them."""
    # the watches, the topics and what they need to know of a text each ask for it, one soon after the other
    return _lately_normalised(text) if len(text) <= _SHORT else _normalised(text)


def _normalised(text: str) -> Normalised:
    # Few texts have such marks, and looking for them everywhere doubles the cost.
    pattern = _MARKED_WORD if not text.isascii() and _MARK.search(text) else _PLAIN_WORD
    matches = list(pattern.finditer(text))
    return Normalised(tuple([normal_word(m.group()) for m in matches]), tuple([m.span() for m in matches]))


_lately_normalised = lru_cache(maxsize=64)(_normalised)


def _hyphens_joined(text: str, normalised: Normalised) -> Normalised | None:
    """The same words with hyphens joining ("anti-social" as "antisocial"); None without hyphens."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for word, (start, end) in zip(normalised.words, normalised.spans, strict=True):
        if spans and 0 < start - spans[-1][1] < 40 and _HYPHEN.match(text[spans[-1][1] : start]):
            begin = spans[-1][0]
            spans[-1] = (begin, end)
            words[-1] = normal_word("".join(m.group() for m in _MARKED_WORD.finditer(text[begin:end])))
        else:
            words.append(word)
            spans.append((start, end))
    return Normalised(tuple(words), tuple(spans)) if len(words) < len(normalised.words) else None


def _joined(text: str) -> Normalised | None:
    """The words of a text in normal form with its hyphens joining; None where it has none that do."""
    return _lately_joined(text) if len(text) <= _SHORT else _hyphens_joined(text, normalise(text))


@lru_cache(maxsize=64)
def _lately_joined(text: str) -> Normalised | None:
    return _hyphens_joined(text, normalise(text))


class Phrases:
    """Phrases compiled once, to be looked for in many texts. Building costs about 2 s and 60 MB for 100,000 of them."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Phrases without a single word in them can never be found, and are left out."""
        by_key: dict[str, list[str]] = {}
        for phrase in dict.fromkeys(phrases):
            normalised = normalise(phrase)
            joined = _hyphens_joined(phrase, normalised)
            for form in (normalised, joined):
                if form is not None and form.words:
                    by_key.setdefault(f" {form.text} ", []).append(phrase)
        self._automaton = ahocorasick.Automaton() if by_key else None
        if self._automaton is not None:
            for key, meant in by_key.items():
                self._automaton.add_word(key, (key.count(" ") - 1, tuple(meant)))
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Found]:
        """Every place where a phrase stands in the text, in the text's order; those within others too."""
        if self._automaton is None:
            return []
        normalised = normalise(text)
        found = self._walk(normalised)
        joined = _joined(text) if any(h in text for h in "-\u2010\u2011") else None
        if joined is not None:
            known = set(found)
            found += [hit for hit in self._walk(joined) if hit not in known]
        return sorted(found, key=lambda hit: (hit.start, -hit.end))

    def _walk(self, normalised: Normalised) -> list[Found]:
        line = f" {normalised.text} "
        found: list[Found] = []
        if self._automaton is None:
            return found
        # Matches come in the order of their ends, so that words need counting only once.
        word, counted = -1, 0
        for end, (length, phrases) in self._automaton.iter(line):
            word += line.count(" ", counted, end + 1) if counted else line.count(" ", 0, end + 1) - 1
            counted = end + 1
            first = word - length + 1
            span = normalised.spans[first][0], normalised.spans[word][1]
            found.extend(Found(phrase, *span) for phrase in phrases)
        return found
