"""Whether a text mentions a topic: by a term, or by the section of an Act that it rests on."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from config.topics import Topic, all_terms
from notifiers.terms import Found, Phrases

_SECTION = re.compile(
    r"(?:\b(?:sections?|ss?|adran(?:nau)?)\.?|§+)\s*(?P<first>\d{1,3})(?:\(\w+\))*"
    r"(?:\s*(?:to|and|or|,|-|–|&|i|hyd|a)\s*\d{1,3}(?:\(\w+\))*)*",
    re.IGNORECASE,
)
_OF_THE_ACT = re.compile(
    r"(?:\s+(?:orders?|powers?|notice))?\s*[,(]?\s*(?:of|o|o'r|yn)?\s*(?:the|y|that|said)?\s*(?:said|same|above)?\s*['\"‘“]?",
    re.IGNORECASE,
)
_SAID_ACT = re.compile(r"(?:Act|2014 Act|Ddeddf|Deddf)\b(?!\s+(?:19|20)\d\d)")
_AFTER_ACT = re.compile(r"[\s,:()–-]*(?:\(?[\"“'‘]?the\s+(?:2014 )?Act[\"”'’]?\)?)?[\s,:(–-]*(?:under|at|by|in)?\s*$")
_REFERENCE = re.compile(r"[/-]\d")  # "PPO/25/117" numbers something
_WORDS_BEFORE = re.compile(r"((?:[\w'’&-]+\s+){2,8})[(\[]\s*$")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    terms: Phrases
    acts: Phrases
    not_meant: Phrases
    acronyms: frozenset[str]


@lru_cache(maxsize=256)
def _vocabulary(topic: Topic) -> _Vocabulary:
    terms = all_terms(topic)
    return _Vocabulary(
        Phrases(terms),
        Phrases(chain.from_iterable(law.acts for law in topic.laws)),
        Phrases(topic.not_meant),
        frozenset(term for term in terms if term.isupper() and term.isalpha()),
    )


def mentions(topic: Topic, text: str) -> list[Found]:
    """Where a text mentions the topic, in order. An acronym whose letters stand for something else there is none."""
    vocabulary = _vocabulary(topic)
    found = [hit for hit in vocabulary.terms.find(text) if not _REFERENCE.match(text, hit.end)]
    sections = _sections(topic, vocabulary, text) if topic.laws else []
    only_letters = not sections and all(hit.phrase in vocabulary.acronyms for hit in found)
    if only_letters and _means_something_else(vocabulary, text, found):
        return []
    kept: list[Found] = []
    for hit in sorted([*found, *sections], key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _means_something_else(vocabulary: _Vocabulary, text: str, found: list[Found]) -> bool:
    return bool(vocabulary.not_meant.find(text)) or any(_spelt_out(text, hit) for hit in found)


def _spelt_out(text: str, hit: Found) -> bool:
    """Whether the letters are explained by other words: "Principal Planning Officer (PPO)", "PPO (Principal ...)"."""
    letters = hit.phrase.lower()
    before = _WORDS_BEFORE.search(text[max(0, hit.start - 120) : hit.start])
    if before and _initials(before.group(1)).endswith(letters):
        return True
    after = re.match(r"s?\s*(?:\(|stands for|, that is,|–)\s*([^).;\n]{4,90})", text[hit.end : hit.end + 110])
    return after is not None and _initials(after.group(1)).startswith(letters)


def _initials(words: str) -> str:
    return "".join(w[0].lower() for w in re.findall(r"[\w'’]+", words) if w.lower() not in ("of", "the", "and", "for"))


def _sections(topic: Topic, vocabulary: _Vocabulary, text: str) -> list[Found]:
    sections = [law.sections for law in topic.laws]
    named = [m for m in _SECTION.finditer(text) if any(a <= int(m["first"]) <= b for a, b in sections)]
    acts = vocabulary.acts.find(text) if named else []
    if not acts:
        return []
    begins = {act.start for act in acts}
    ends = [act.end for act in acts]
    hits: list[Found] = []
    for match in named:
        link = _OF_THE_ACT.match(text, match.end())
        start = link.end() if link else match.end()
        names_it = start in begins or _SAID_ACT.match(text, start) is not None
        follows_it = any(
            0 <= match.start() - end < 40 and _AFTER_ACT.fullmatch(text[end : match.start()]) for end in ends
        )
        if names_it or follows_it:
            hits.append(Found(match.group(), match.start(), match.end()))
    return hits
