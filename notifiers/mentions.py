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
    r"(?:\b(?:sections?|ss?|adran(?:nau)?)\.?|§+)\s*(?P<first>\d{1,3})[A-Z]{0,2}(?:\s?\(\w{1,3}\))*"
    r"(?:\s*(?:to|and|or|,|-|–|—|/|&|i|hyd|a|through)\s*(?:(?:sections?|ss?)\.?\s*)?(?:\d{1,3}[A-Z]{0,2}\b|\(\w{1,3}\))(?:\s?\(\w{1,3}\))*)*"
    r"(?:,?\s+(?:inclusive|onwards|et\s+seq|ff)\b\.?)?",
    re.IGNORECASE,
)
_OF_THE_ACT = re.compile(
    r"(?:\s+(?:orders?|powers?|notice))?\s*[,(–-]?\s*(?:of|under|in|o|o'r|yn)?\s*(?:the|y|that|said)?\s*(?:said|same|above)?\s*['\"‘“]?",
    re.IGNORECASE,
)
_SAID_ACT = re.compile(r"(?:Act|2014 Act|Ddeddf|Deddf)\b(?!\s+(?:19|20)\d\d)")
_AFTER_ACT = re.compile(
    r"[\s,:()–-]*(?:\(?[\"“'‘]?the\s+(?:2014 )?Act[\"”'’]?\)?)?[\s,:(–-]*(?:under|at|by|in)?\s*$|\s*\([\w ]{1,40},\s*$"
)
_UNDER = (
    r"(?:(?:under|pursuant to|by virtue of|in pursuance of|in accordance with|in terms of)"
    r"(?:\s+(?:the\s+)?(?:provisions|terms|powers)\s+(?:\w+\s+)?(?:of|in|by))?|powers\s+(?:\w+\s+)?(?:under|by|in|of))"
)
# "an order under the Act": one of those that the sections are about, unless it has a name of its own.
_ORDER_UNDER = re.compile(
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w-]+\s+)?\borders?\b(?P<between>(?:(?!\borders?\b)[^.;])*?)"
    rf"(?P<under>\b(?:(?:made|issued|introduced|imposed)\s+)?{_UNDER}\s+(?:(?:Part|Chapter)\s+\w+,?\s+(?:of\s+)?)*(?:the\s+)?)$",
    re.IGNORECASE,
)
# "The order permits the gates. It was made in 2022 under the Act."
_IT_WAS_UNDER = re.compile(
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w-]+\s+)?\borders?\b(?P<between>[^.;\n]*)[.;]\s+"
    r"(?:It|This|They|These|Both|All)\s+(?:was|were|is|are|had been|has been|have been)\s+(?:[\w,]+\s+){0,8}?"
    rf"(?P<under>{_UNDER}\s+(?:the\s+)?)$"
)
# "the ban on drinking in the park, imposed under the Act", "the 2014 Act's power to protect public spaces by order"
_RESTRICTION_UNDER = re.compile(
    r"\b(?:restriction|prohibition|ban|control|gate)s?\b(?P<between>(?:\s+(?:on|of|against|in|at)\b[^.;]{1,80}?)?),?\s+"
    r"(?:which (?:is|was|are|were)\s+)?(?:made|imposed|introduced|brought in|put in place)\s+"
    r"(?:under|by virtue of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# "the order banning dogs from the beach (the Act)"
_ORDER_WITH = re.compile(
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w-]+\s+)?\borders?\b(?P<between>[^.;()\n]{1,100})"
    r"(?P<under>\((?:under )?(?:Part\s+\w+,?\s+of\s+)?)(?:the\s+)?$",
    re.IGNORECASE,
)
_POWER_AFTER = re.compile(r"(?:['’]s?)?\s+powers?\b[^.;]{0,60}\borders?\b", re.IGNORECASE)
_OWN_NAME = re.compile(
    r"(?i:closure|behaviour|possession|court|dispersal|removal|injunction|traffic|regulation|eviction|forfeiture)\s+$"
)
# What is said of an order that is none of these: one of a court, on a person, or under other laws.
_ANOTHERS = re.compile(
    r"(?i:\b(?:courts?|magistrates|judge|injunct\w+|possession|evict\w+|closure|dispers\w+|criminal behaviour|convict\w+"
    r"|persistent|him|defendants?|tenan\w+|traffic|vehicles?|byelaws?|designat\w+|smoke|tree|harbour|licen[cs]e[sd]?)\b)"
)
_CLOSE = 7  # words between an order and its Act up to which the two are quoted as one
_ORDER_AFTER = re.compile(r"(?:\s*[:–-])?\s+(?:(?:proposed|draft|intended)\s+)?orders?\b", re.IGNORECASE)
# "the Dogs (Fouling) Order 2023, Anti-social Behaviour ... Act 2014", "the drinking order (the 2014 Act one)",
# "Order ref: PSPO/7"
_ORDER_BESIDE = re.compile(
    r"\borders? of (?:the\s+)?$|\bg?orch(?:ymyn|mynion)\b[^.;\n]{0,60}\bo dan (?:y )?$|"
    r"\borders?(?:\s+\d{4})?\s*[,(]\s*(?:the\s+)?$|(?<!purchase )\border (?:ref(?:erence)?|no|number)\b\.?:?\s*$",
    re.IGNORECASE,
)
_ORDER_AND_ACT = re.compile(
    r"(?i:\borders?\b)[^.]{1,160}\bAct\b|\bAct(?:['’]s [^.]{1,80})? orders?\b|\bChapter \d|(?i:\bunder\b)[^.]{1,90}\bAct\b"
    r"|\bAct\b[^.\n]{0,30}\b[Oo]rders?\b"
    r"|(?i:orch(?:ymyn|mynion)\b)[^.]{1,160}\bDd?eddf\b"
)
# "the order under section 59 banning barbecues": an order of an Act that goes without saying.
_BANNING = re.compile(r"\s+(?:to ban|banning|to prohibit|prohibiting|forbidding|against|restricting)\b", re.IGNORECASE)
_ORDER_BEFORE = re.compile(
    r"\borders?(?:,?\s+(?!under)\w+){0,4}?\s+(?:\(?under|\(|of the)\s*$|\b(?:n?g?orch?ymyn|g?orchmynion)\s+(?:(?:o\s+)?dan\s+)?$",
    re.IGNORECASE,
)
# "the order banning barbecues", "the ban on barbecues": told by what it deals with.
_DEALING = re.compile(
    r"\b(?:(?<!in )(?<!and )(?<!standing )(?<!works )(?<!purchase )(?<!public )(?<!postal )(?P<order>orders?\b(?! of ))"
    r"|(?P<ban>bans?|prohibitions?|restrictions?)\b)(?:(?!\borders?\b)[^.;:()\n]){0,70}?"
    r"\s+(?:(?:prohibit|restrict|bann|ban|forbid|limit|control|regulat|outlaw|curb|stopp|stop|tackl|prevent|address|deal|cover|concern"
    r"|target|relat|allow|permit)\w*(?:\s+(?:with|to))?|on|about|against|over)(?:,?\s+[\w'’-]+){0,8}?\s+$",
    re.IGNORECASE,
)
_THEN_ORDER = re.compile(
    r"(?:(?:\s+and)?\s+(?:control|ban|exclusion|restrictions?|zone|free|fouling|gate)){0,2}\s+orders?\b"
    r"|(?:\s+[\w'’-]+){0,3}\s+(?:contrary to|in breach of)\s+(?:an?|the|this|that|our)\s+(?:\w+\s+)?orders?\b",
    re.IGNORECASE,
)
# An order of the law has a term; those that other laws had about the same did not.
_HAS_A_TERM = re.compile(
    r"\b(?:expir\w+|(?:runs?|ran|running) out|(?:come|draw)s?\s+to\s+(?:an|its)\s+end|lapses?|renew\w*|ends? on|ending on"
    r"|end of its term|(?:to|only|still) run\b|to run\b|three[- ]years?)\b",
    re.IGNORECASE,
)
_OF_OLD = re.compile(r"\b(?:replac|supersed|abolish|repeal|revok)\w*", re.IGNORECASE)
_ORDER_ENDS = re.compile(
    rf"(?i:\bthe order)\b(?:\s+\w+){{0,3}}?\s+(?i:{_HAS_A_TERM.pattern})|(?i:\bthree-year \w+ of the order\b)"
)
_ORDER_LAST = re.compile(r"(?i:\borders?\W*$)")
_AN_ORDER = re.compile(r"\b(?<!in )orders?\b", re.IGNORECASE)
_MAKING = re.compile(
    r"\b(?:the|an|this) order\b[^.;]{0,30}\b(?:made|making|extend|expir|renew|var(?:y|ied))"
    r"|\b(?:mak|made|extend|renew|vary)\w*\s+(?:the|an) order\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[.;?!]\s|\n")
# "its proposal under section 72 to extend the High Street order", "the Order was discharged under section 61"
_DONE_WITH_AN_ORDER = re.compile(
    r"\A(?=.*\b(?:mak|made|extend|extension|var(?:y|ied|iation)|discharg|renew)).*\b(?<!in )orders?\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_THE_COUNCILS = re.compile(
    r"\b(?:police|inspector|constable|superintendent|seiz\w+|search\w*|planning|permission|application|licen[cs]\w+|traffic"
    r"|highways?|court|tree|closure|dispersal|trading)\b",
    re.IGNORECASE,
)
_OF_AN_ACT = re.compile(r"\s*,?\s*(?:(?:of|in)\s+the\s+[A-Z]|(?:[A-Z][\w&]*\s+){1,6}\d{4})")
_ANOTHER_ACT = re.compile(r"\b[A-Z]\w+ (?:\([\w ]+\) )?Act\b|\bAct \d{4}")
_YEAR = re.compile(r",?\s+(?:of\s+)?(?:19|20)\d\d\b")
_ENDED = re.compile(r"[.?!;:]\s|\s\(")
_REFERENCE = re.compile(r"[/-]\d")  # "PPO/25/117" numbers something
_SMALL = ("of", "the", "and", "or", "for", "through", "to", "in", "on", "with", "by", "at", "from", "a", "an")
_CAPITALS = re.compile(rf"\b[A-Z][\w'’-]*(?:,?[ \n]+(?:(?:{'|'.join(_SMALL)})[ \n]+)?[A-Z][\w'’-]*)+")
# What is said of orders and not of posts or papers.
_AS_OF_AN_ORDER = re.compile(
    r"\b(?:under|breach(?:e[sd]|ing)?(?:\s+of)?|contrary to|contraven\w+(?:\s+of)?|enforc\w+"
    r"|(?:mak|introduc|impos)(?:e|ing|ed)|made)\s+(?:(?:an?|the|this|that|our|any|existing|current|new|proposed|draft)\s+){0,2}$",
    re.IGNORECASE,
)
_WORDS_BEFORE = re.compile(r"((?:[\w'’&-]+\s+){2,8})[(\[]\s*$")
_BRACKETS = re.compile(r"\b(?P<last>\w+)(?P<said>\s*\([^()\n]{1,60}\))\s*(?P<next>\w+)")
_ORDER_OF_A_KIND = re.compile(r"(?i:\borders?(?: (?:of )?\d{4})?\s*\((?P<kind>\w+ [\w &-]{3,60})\))")
_SAME_WORD = 70  # an order is no officer
_NEAR = 60  # characters on each side of brackets within which a term may go on


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    terms: Phrases
    acts: Phrases
    divisions: Phrases
    """The sections by the part and chapter of the Act that they make up."""
    conduct: Phrases
    """What an order may deal with."""
    conduct_of_others: frozenset[str]
    """Those of them that orders under other laws dealt with too."""
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
        Phrases(chain.from_iterable((*law.conduct, *law.conduct_of_others) for law in topic.laws)),
        frozenset(chain.from_iterable(law.conduct_of_others for law in topic.laws)),
        Phrases(topic.not_meant),
        frozenset(term for term in terms if _is_acronym(term)),
        spelt := tuple(term for term in terms if not _is_acronym(term)),
        frozenset(chain.from_iterable(normalise(term).words for term in spelt)),
    )


def mentions(topic: Topic, text: str) -> list[Found]:
    """Where a text mentions the topic, in order. An acronym whose letters stand for something else there is none."""
    vocabulary = _vocabulary(topic)
    terms = [*vocabulary.terms.find(text), *_bracketed(vocabulary, text), *_named_after(vocabulary, text)]
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


def _named_after(vocabulary: _Vocabulary, text: str) -> Iterator[Found]:
    """Orders whose kind is in brackets: "the Mill Pool Order (Public Spaces Protection)"."""
    for order in _ORDER_OF_A_KIND.finditer(text):
        for hit in vocabulary.terms.find(f"{order['kind']} order"):
            if hit.start == 0 and hit.end > len(order["kind"]):
                yield Found(hit.phrase, *order.span())


def _goes_without_saying(text: str, begin: int, end: int, acts: Sequence[Found], *, first: bool) -> bool:
    """Whether a section that names no Act, or a division, is of the topic's: one was named before and no other since, or
    it is an order's. `first` says whether it is the section that the law begins with: it needs no Act for that.
    """
    if _OF_AN_ACT.match(text, end):
        return False
    before = max((act.end for act in acts if act.end < begin), default=None)
    if before is not None and begin - before < 400 and not re.search(r"\bAct\b", text[before:begin]):
        return True
    sentence, _ = _sentence(text, begin, end)
    an_order = _AN_ORDER if first else _DONE_WITH_AN_ORDER
    done = an_order.search(sentence) if not _NOT_THE_COUNCILS.search(sentence) else None
    if not (done or _ORDER_BEFORE.search(text, max(0, begin - _NEAR), begin) or _ORDER_AFTER.match(text, end)):
        return False
    ours = {act.start for act in acts}
    others = (m.start() for m in _ANOTHER_ACT.finditer(text, max(0, begin - 2 * _NEAR), end + 2 * _NEAR))
    if any(not any(our - 2 * _NEAR < other <= our + 2 * _NEAR for our in ours) for other in others):
        return False
    return bool(acts or first or done or _BANNING.match(text, end))


def _sentence(text: str, begin: int, end: int) -> tuple[str, int]:
    """The sentence, or the part of one between semicolons, around a place in a text; and where it begins."""
    first = max((m.end() for m in _PARTED.finditer(text, max(0, begin - 200), begin)), default=max(0, begin - 200))
    last = _PARTED.search(text, end, end + 200)
    return text[first : last.start() if last else end + 200], first


def _order_under(text: str, act: Found) -> Found | None:
    """The order that is said to be under an Act named there; None where it is of another kind."""
    after = _ORDER_AFTER.match(text, act.end)
    if after:
        return Found(text[act.start : after.end()], act.start, after.end())
    beside = max(0, act.start - _NEAR)
    if (
        _ORDER_BESIDE.search(text, beside, act.start)
        or (
            (ban := _RESTRICTION_UNDER.search(text[beside - min(beside, _NEAR) : act.start]))
            and not _ANOTHERS.search(ban.group())
        )
        or _POWER_AFTER.match(text, act.end)
    ):
        return act
    begin = max(0, act.start - 250)
    near = text[begin : act.start]
    match = _ORDER_UNDER.search(near)
    if match is None:
        match = _IT_WAS_UNDER.search(near) or _ORDER_WITH.search(near)
        if match is not None and _ANOTHERS.search(match["between"]):
            return None
    if match is None or _OWN_NAME.match(match["named"] or ""):
        return None
    start = begin + (match.start() if len(match["between"].split()) < _CLOSE else match.start("under"))
    return Found(text[start : act.end], start, act.end)


def _by_conduct(vocabulary: _Vocabulary, text: str) -> Iterator[Found]:
    """Orders that are told by what they deal with and could be under no other law."""
    if not _AN_ORDER.search(text):
        return
    acts = vocabulary.acts.find(text)
    ours = [(act.start, act.end) for act in acts]
    others = _ANOTHER_ACT.finditer(text)
    if any(not any(a < other.end() and other.start() < b for a, b in ours) for other in others):
        return
    for hit in vocabulary.conduct.find(text):
        sentence, first = _sentence(text, hit.start, hit.end)
        dealing = _DEALING.search(text[first : hit.start])
        order = _THEN_ORDER.match(text, hit.end)
        if not (dealing or order or _ORDER_ENDS.search(sentence)) or _ANOTHERS.search(sentence):
            continue
        if dealing and dealing["ban"] and not _MAKING.search(text):
            continue
        if hit.phrase in vocabulary.conduct_of_others and (
            _OF_OLD.search(text) or not (acts or _HAS_A_TERM.search(sentence) or _ORDER_ENDS.search(text))
        ):
            continue
        start = first + dealing.start() if dealing else hit.start
        yield Found(hit.phrase, start, order.end() if order else hit.end)


def _means_something_else(vocabulary: _Vocabulary, text: str, found: list[Found]) -> bool:
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


def _like_a_term(vocabulary: _Vocabulary, words: str) -> bool:
    """Whether words are one of the terms, however misspelt."""
    close = extractOne(words.lower(), vocabulary.spelt, processor=str.lower, scorer=ratio, score_cutoff=80)
    return close is not None and ratio(close[0].lower().split()[-1], words.lower().split()[-1]) > _SAME_WORD


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
    if not hits:
        hits += _by_conduct(vocabulary, text)
    return hits
