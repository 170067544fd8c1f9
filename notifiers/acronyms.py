"""Whether the letters of a topic's acronym are explained in a text as standing for something else."""

import re
from collections.abc import Iterator

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from notifiers.terms import Found
from notifiers.vocabulary import Vocabulary

_ORDER_LAST = re.compile(r"(?i:\borders?\W*$)")
_ENDED = re.compile(r"[.?!;:]\s|\s\(")
_SMALL = ("of", "the", "and", "or", "for", "through", "to", "in", "on", "with", "by", "at", "from", "a", "an")
_CAPITALS = re.compile(rf"\b[A-Z][\w'’-]*(?:,?[ \n]+(?:(?:{'|'.join(_SMALL)})[ \n]+)?[A-Z][\w'’-]*)+")
# What is said of orders and not of posts or papers.
_AS_OF_AN_ORDER = re.compile(
    r"\b(?:under|breach(?:e[sd]|ing)?(?:\s+of)?|contrary to|contraven\w+(?:\s+of)?|enforc\w+"
    r"|(?:mak|introduc|impos)(?:e|ing|ed)|made)\s+(?:(?:an?|the|this|that|our|any|existing|current|new|proposed|draft)\s+){0,2}$",
    re.IGNORECASE,
)
_WORDS_BEFORE = re.compile(r"((?:[\w'’&-]+\s+){2,8})[(\[]\s*$")
_SAME_WORD = 70  # an order is no officer
_NEAR = 60  # characters before letters within which it is said what is done with them
_PARTED = re.compile(r"[.;?!]\s|\n")


def means_something_else(vocabulary: Vocabulary, text: str, found: list[Found]) -> bool:
    """Whether an acronym is explained as something else: beside it, by what is said of it, or by a title that it fits."""
    letters = {hit.phrase.lower() for hit in found}
    beside = [words for hit in found for words in _beside(text, hit) if not _like_a_term(vocabulary, words)]
    if any(_fits(words, letter) for letter in letters for words in beside):
        return True
    if any(_counts(text, hit, found) for hit in vocabulary.not_meant.find(text)):
        return True
    if any(_AS_OF_AN_ORDER.search(text[max(0, hit.start - _NEAR) : hit.start]) for hit in found):
        return False
    return any(
        _initials(words).startswith(tuple(letters)) and not _like_a_term(vocabulary, words) for words in _titles(text)
    )


def _fits(words: str, letters: str) -> bool:
    """Whether an acronym stands for words. Those of an order are misnamed sooner than they are shortened to it."""
    initials = _initials(words)
    if initials.startswith(letters):
        return True
    return not _ORDER_LAST.search(words) and (_shortened(initials, letters) or _shortened_title(words, letters))


def _counts(text: str, hit: Found, found: list[Found]) -> bool:
    """Whether a phrase that shows that letters mean something else does so: as it is written, and not far from them."""
    if _ENDED.search(text, hit.start, hit.end):
        return False
    written = [word for word in hit.phrase.split() if word[0].isupper()]
    if written:  # "PSPO I" is not the Welsh "PSPO i"
        return all(re.search(rf"\b{word}\b", text[hit.start : hit.end]) for word in written[1:])
    title = text.find("\n")
    return hit.end <= title or any(
        not _PARTED.search(text, min(hit.end, one.end), max(hit.start, one.start)) for one in found
    )


def _shortened(initials: str, letters: str) -> bool:
    """Whether an acronym may stand for words: "PSPO" for "pumping station operations"."""
    rest = iter(letters)
    return (
        len(initials) > 2
        and initials[0] == letters[0]
        and initials[-1] == letters[-1]
        and all(i in rest for i in initials)
    )


def _shortened_title(words: str, letters: str) -> bool:
    """Whether an acronym leaves a word out of a title that it stands beside: "Public Realm Street Performance Offer"."""
    titled = all(word[0].isupper() for word in words.split() if word.lower() not in _SMALL)
    initials = _initials(words)
    return titled and len(initials) == len(letters) + 1 and _shortened(letters, initials)


def _titles(text: str) -> Iterator[str]:
    """Runs of words with capitals, from each of their words on: "Principal Planning Officer", "Planning Officer"."""
    for run in _CAPITALS.finditer(text):
        words = run.group().split()
        if not run.group().isupper():  # an acronym among them ends a title
            words = words[: next((n for n, word in enumerate(words) if len(word) > 3 and word.isupper()), len(words))]
        yield from (" ".join(words[n : n + 8]) for n in range(len(words)))


def _beside(text: str, hit: Found) -> Iterator[str]:
    """What explains an acronym: "private policy officer (PPO)", "PPO (private policy officer)"."""
    before = _WORDS_BEFORE.search(text[max(0, hit.start - 120) : hit.start])
    if before:
        words = before.group(1).split()
        yield from (" ".join(words[n:]) for n in range(len(words)))
    after = re.match(
        r"s?\s*(?:\w+ \d+\s*)?(?:\(|stands for|is short for|means|, that is,|–|:|=|-\s)\s*([^).;\n]{4,90})",
        text[hit.end : hit.end + 110],
    )
    if after:
        yield after.group(1)


def _like_a_term(vocabulary: Vocabulary, words: str) -> bool:
    """Whether words are one of the terms, however misspelt."""
    close = extractOne(words.lower(), vocabulary.spelt, processor=str.lower, scorer=ratio, score_cutoff=80)
    return close is not None and ratio(close[0].lower().split()[-1], words.lower().split()[-1]) > _SAME_WORD


def _initials(words: str) -> str:
    return "".join(w[0].lower() for w in re.findall(r"[\w'’]+", words) if w.lower() not in _SMALL)
