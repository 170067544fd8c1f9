"""Whether a text mentions a topic: by a term, or by the section of an Act that it rests on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from config.topics import Topic, all_terms
from notifiers.terms import Found, Phrases, normal_word, normalise

_SECTION = re.compile(
    r"(?:\b(?:sections?|ss?|adran(?:nau)?)\.?|§+)\s*(?P<first>\d{1,3})(?:\(\w+\))*"
    r"(?:\s*(?:to|and|or|,|-|–|&|i|hyd|a)\s*(?:\d{1,3}|\(\w+\))(?:\(\w+\))*)*",
    re.IGNORECASE,
)
_OF_THE_ACT = re.compile(
    r"(?:\s+(?:orders?|powers?|notice))?\s*[,(]?\s*(?:of|under|in|o|o'r|yn)?\s*(?:the|y|that|said)?\s*(?:said|same|above)?\s*['\"‘“]?",
    re.IGNORECASE,
)
_SAID_ACT = re.compile(r"(?:Act|2014 Act|Ddeddf|Deddf)\b(?!\s+(?:19|20)\d\d)")
_AFTER_ACT = re.compile(
    r"[\s,:()–-]*(?:\(?[\"“'‘]?the\s+(?:2014 )?Act[\"”'’]?\)?)?[\s,:(–-]*(?:under|at|by|in)?\s*$|\s*\([\w ]{1,40},\s*$"
)
# "an order under the Act": one of those that the sections are about, unless it has a name of its own.
_ORDER_UNDER = re.compile(
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w-]+\s+)?\borders?\b(?P<between>(?:(?!\borders?\b)[^.;])*?)"
    r"(?P<under>\b(?:(?:made|issued|introduced|imposed)\s+)?(?:under|pursuant to|by virtue of|in pursuance of|in accordance with"
    r"|powers\s+(?:\w+\s+)?(?:by|in|of))\s+"
    r"(?:(?:Part|Chapter)\s+\w+,?\s+(?:of\s+)?)*(?:the\s+)?)$",
    re.IGNORECASE,
)
# "the restriction, imposed under the Act", "the 2014 Act's power to protect public spaces by order"
_RESTRICTION_UNDER = re.compile(
    r"\b(?:restriction|prohibition|ban|control|gate)s?,?\s+(?:which (?:is|was|are|were)\s+)?"
    r"(?:made|imposed|introduced|brought in|put in place)\s+(?:under|by virtue of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_POWER_AFTER = re.compile(r"(?:['’]s?)?\s+powers?\b[^.;]{0,60}\borders?\b", re.IGNORECASE)
_OWN_NAME = re.compile(r"(?i:closure|behaviour|possession|court|dispersal|removal|injunction|traffic|regulation)\s+$")
_CLOSE = 7  # words between an order and its Act up to which the two are quoted as one
_ORDER_AFTER = re.compile(r"\s+orders?\b", re.IGNORECASE)
# "the Dogs (Fouling) Order 2023, Anti-social Behaviour ... Act 2014", "the drinking order (the 2014 Act one)",
# "Order ref: PSPO/7"
_ORDER_BESIDE = re.compile(
    r"\borders?(?:\s+\d{4})?\s*[,(]\s*(?:the\s+)?$|(?<!purchase )\border (?:ref(?:erence)?|no|number)\b\.?:?\s*$",
    re.IGNORECASE,
)
_ORDER_AND_ACT = re.compile(
    r"(?i:\borders?\b)[^.]{1,160}\bAct\b|\bAct(?:['’]s [^.]{1,80})? orders?\b|\bChapter \d|(?i:\bunder\b)[^.]{1,90}\bAct\b"
)
# "the order under section 59 banning barbecues": an order of an Act that goes without saying.
_BANNING = re.compile(r"\s+(?:to ban|banning|to prohibit|prohibiting|forbidding|against|restricting)\b", re.IGNORECASE)
_ORDER_BEFORE = re.compile(
    r"\borders?(?:,?\s+(?!under)\w+){0,4}?\s+(?:under|\()\s*$|\b(?:n?g?orch?ymyn|g?orchmynion)\s+(?:(?:o\s+)?dan\s+)?$",
    re.IGNORECASE,
)
_OF_AN_ACT = re.compile(r"\s*,?\s*(?:(?:of|in)\s+the\s+[A-Z]|(?:[A-Z][\w&]*\s+){1,6}\d{4})")
_ANOTHER_ACT = re.compile(r"\b[A-Z]\w+ (?:\([\w ]+\) )?Act\b|\bAct \d{4}")
_YEAR = re.compile(r",?\s+(?:of\s+)?(?:19|20)\d\d\b")
_ENDED = re.compile(r"[.?!;:]\s|\s\(")
_REFERENCE = re.compile(r"[/-]\d")  # "PPO/25/117" numbers something
_SMALL = ("of", "the", "and", "for", "through", "to", "in", "on", "with", "by", "at", "from", "a", "an")
_CAPITALS = re.compile(rf"\b[A-Z][\w'’-]*(?:,?[ \n]+(?:(?:{'|'.join(_SMALL)})[ \n]+)?[A-Z][\w'’-]*)+")
_WORDS_BEFORE = re.compile(r"((?:[\w'’&-]+\s+){2,8})[(\[]\s*$")
_BRACKETS = re.compile(r"\b(?P<last>\w+)(?P<said>\s*\([^()\n]{1,60}\))\s*(?P<next>\w+)")
_NEAR = 60  # characters on each side of brackets within which a term may go on


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    terms: Phrases
    acts: Phrases
    divisions: Phrases
    """The sections by the part and chapter of the Act that they make up."""
    not_meant: Phrases
    acronyms: frozenset[str]
    spelt: tuple[str, ...]
    """The terms that are no acronyms."""
    words: frozenset[str]
    """The words of those."""


def _is_acronym(term: str) -> bool:
    return term.isupper() and term.isalpha()


@lru_cache(maxsize=256)
def _vocabulary(topic: Topic) -> _Vocabulary:
    terms = all_terms(topic)
    return _Vocabulary(
        Phrases(terms),
        Phrases(chain.from_iterable(law.acts for law in topic.laws)),
        Phrases(chain.from_iterable(law.divisions for law in topic.laws)),
        Phrases(topic.not_meant),
        frozenset(term for term in terms if _is_acronym(term)),
        spelt := tuple(term for term in terms if not _is_acronym(term)),
        frozenset(chain.from_iterable(normalise(term).words for term in spelt)),
    )


def mentions(topic: Topic, text: str) -> list[Found]:
    """Where a text mentions the topic, in order. An acronym whose letters stand for something else there is none."""
    vocabulary = _vocabulary(topic)
    terms = [*vocabulary.terms.find(text), *_bracketed(vocabulary, text)]
    found = [
        hit
        for hit in terms
        if not _REFERENCE.match(text, hit.end)
        or (_ORDER_BESIDE.search(text, max(0, hit.start - _NEAR), hit.start) and not _ANOTHER_ACT.search(text))
    ]
    sections = _sections(topic, vocabulary, text) if topic.laws else []
    only_letters = not sections and all(hit.phrase in vocabulary.acronyms for hit in found)
    if only_letters and _means_something_else(vocabulary, text, found):
        return []
    kept: list[Found] = []
    for hit in sorted([*found, *sections], key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _bracketed(vocabulary: _Vocabulary, text: str) -> Iterator[Found]:
    """Terms with something in brackets among their words: "Public Spaces (Dog Control) Protection Order"."""
    for brackets in _BRACKETS.finditer(text):
        if not {normal_word(brackets["last"]), normal_word(brackets["next"])} <= vocabulary.words:
            continue
        first, last = brackets.span("said")
        begin = max(0, first - _NEAR)
        near = text[begin:first] + " " * (last - first) + text[last : last + _NEAR]
        for hit in vocabulary.terms.find(near):
            if begin + hit.start < first and last < begin + hit.end:
                yield Found(hit.phrase, begin + hit.start, begin + hit.end)


def _goes_without_saying(text: str, begin: int, end: int, acts: Sequence[Found], *, first: bool) -> bool:
    """Whether a section that names no Act, or a division, is of the topic's: one was named before and no other since, or
    it is an order's. `first` says whether it is the section that the law begins with: it needs no Act for that.
    """
    if _OF_AN_ACT.match(text, end):
        return False
    before = max((act.end for act in acts if act.end < begin), default=None)
    if before is not None and begin - before < 400 and not re.search(r"\bAct\b", text[before:begin]):
        return True
    if not (_ORDER_BEFORE.search(text, max(0, begin - _NEAR), begin) or _ORDER_AFTER.match(text, end)):
        return False
    ours = {act.start for act in acts}
    others = (m.start() for m in _ANOTHER_ACT.finditer(text, max(0, begin - 2 * _NEAR), end + 2 * _NEAR))
    if any(not any(our - 2 * _NEAR < other <= our + 2 * _NEAR for our in ours) for other in others):
        return False
    return bool(acts) or first or _BANNING.match(text, end) is not None


def _order_under(text: str, act: Found) -> Found | None:
    """The order that is said to be under an Act named there; None where it is of another kind."""
    after = _ORDER_AFTER.match(text, act.end)
    if after:
        return Found(text[act.start : after.end()], act.start, after.end())
    beside = max(0, act.start - _NEAR)
    if (
        _ORDER_BESIDE.search(text, beside, act.start)
        or _RESTRICTION_UNDER.search(text[beside : act.start])
        or _POWER_AFTER.match(text, act.end)
    ):
        return act
    begin = max(0, act.start - 250)
    match = _ORDER_UNDER.search(text[begin : act.start])
    if match is None or _OWN_NAME.match(match["named"] or ""):
        return None
    start = begin + (match.start() if len(match["between"].split()) < _CLOSE else match.start("under"))
    return Found(text[start : act.end], start, act.end)


def _means_something_else(vocabulary: _Vocabulary, text: str, found: list[Found]) -> bool:
    letters = {hit.phrase.lower() for hit in found}
    beside = list(chain.from_iterable(_beside(text, hit) for hit in found))
    return (
        any(not _ENDED.search(text, hit.start, hit.end) for hit in vocabulary.not_meant.find(text))
        or any(
            _shortened(_initials(words), letter) or _shortened_title(words, letter)
            for letter in letters
            for words in beside
            if not _like_a_term(vocabulary, words)
        )
        or any(
            _initials(words).startswith(tuple(letters)) and not _like_a_term(vocabulary, words)
            for words in chain(_titles(text), beside)
        )
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
        yield from (" ".join(words[n : n + 8]) for n in range(len(words)))


def _beside(text: str, hit: Found) -> Iterator[str]:
    """What explains an acronym: "private policy officer (PPO)", "PPO (private policy officer)"."""
    before = _WORDS_BEFORE.search(text[max(0, hit.start - 120) : hit.start])
    if before:
        words = before.group(1).split()
        yield from (" ".join(words[n:]) for n in range(len(words)))
    after = re.match(
        r"s?\s*(?:\w+ \d+\s*)?(?:\(|stands for|, that is,|–|:|=)\s*([^).;\n]{4,90})", text[hit.end : hit.end + 110]
    )
    if after:
        yield after.group(1)


def _like_a_term(vocabulary: _Vocabulary, words: str) -> bool:
    """Whether words are one of the terms, however misspelt."""
    return extractOne(words.lower(), vocabulary.spelt, processor=str.lower, scorer=ratio, score_cutoff=80) is not None


def _initials(words: str) -> str:
    return "".join(w[0].lower() for w in re.findall(r"[\w'’]+", words) if w.lower() not in _SMALL)


def _sections(topic: Topic, vocabulary: _Vocabulary, text: str) -> list[Found]:
    sections = [law.sections for law in topic.laws]
    named = [m for m in _SECTION.finditer(text) if any(a <= int(m["first"]) <= b for a, b in sections)]
    acts = vocabulary.acts.find(text) if named or _ORDER_AND_ACT.search(text) else []
    acts = [act for act in acts if act.phrase[-1].isdigit() or not _YEAR.match(text, act.end)]
    begins = {act.start for act in acts}
    hits = [hit for act in acts if (hit := _order_under(text, act)) is not None]
    begin_laws = {str(first) for first, _ in sections}
    parts = [(m.group(), *m.span(), m["first"] in begin_laws) for m in named]
    parts += [(hit.phrase, hit.start, hit.end, False) for hit in vocabulary.divisions.find(text)] if acts else []
    for said, begin, end, first in parts:
        link = _OF_THE_ACT.match(text, end)
        start = link.end() if link else end
        if text.startswith("2014 ", start) and start + 5 in begins:
            start += 5
        names_it = start in begins or _SAID_ACT.match(text, start) is not None
        follows_it = any(0 <= begin - act.end < 40 and _AFTER_ACT.fullmatch(text[act.end : begin]) for act in acts)
        if names_it or follows_it or _goes_without_saying(text, begin, end, acts, first=first):
            hits.append(Found(said, begin, end))
    return hits
