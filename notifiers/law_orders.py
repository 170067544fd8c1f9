"""Orders that a text tells by the law that they are made under, or by what only they deal with."""

import re
from collections.abc import Iterator, Sequence

from config.topics import Topic
from notifiers.terms import Found
from notifiers.vocabulary import Vocabulary

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
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w'’-]+\s+)?\borders?\b(?P<between>(?:(?!\borders?\b)[^.;])*?)"
    rf"(?P<under>\b(?:(?:made|issued|introduced|imposed)\s+)?{_UNDER}\s+(?:(?:Part|Chapter)\s+\w+,?\s+(?:of\s+)?)*(?:the\s+)?)$",
    re.IGNORECASE,
)
# "The order permits the gates. It was made in 2022 under the Act."
_IT_WAS_UNDER = re.compile(
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w'’-]+\s+)?\borders?\b(?P<between>[^.;\n]*)[.;]\s+"
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
    r"(?P<named>\b(?!(?:an?|the|this|any|no|of|that|its)\b)[\w'’-]+\s+)?\borders?\b(?P<between>[^.;()\n]{1,100})"
    r"(?P<under>\((?:under )?(?:Part\s+\w+,?\s+of\s+)?)(?:the\s+)?$",
    re.IGNORECASE,
)
_POWER_AFTER = re.compile(r"(?:['’]s?)?\s+powers?\b[^.;]{0,60}\borders?\b", re.IGNORECASE)
_OWN_NAME = re.compile(
    r"(?i:closure|behaviour|possession|court|dispersal|removal|injunction|traffic|regulation|eviction|offender['’]s|restraining|forfeiture)\s+$"
)
# What is said of an order that is none of these: one of a court, on a person, or under other laws.
_ANOTHERS = re.compile(
    r"(?i:\b(?:courts?|magistrates|restrain\w+|abatement|experimental|military|offenders?|judge|injunct\w+|possession|evict\w+"
    r"|closure|dispers\w+|criminal behaviour|convict\w+"
    r"|persistent|him|defendants?|tenan\w+|traffic|vehicles?|byelaws?|designat\w+|smoke|tree|harbour|licen[cs]e[sd]?)\b)"
)
_CLOSE = 7  # words between an order and its Act up to which the two are quoted as one
_ORDER_AFTER = re.compile(r"(?:\s*[:–-])?\s+(?:(?:proposed|draft|intended)\s+)?orders?\b", re.IGNORECASE)
# "the Dogs (Fouling) Order 2023, Anti-social Behaviour ... Act 2014", "the drinking order (the 2014 Act one)",
# "Order ref: PSPO/7"
ORDER_BESIDE = re.compile(
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
    r"\b(?:(?<!in )(?<!and )(?<!standing )(?<!works )(?<!purchase )(?<!public )(?<!postal )(?<!will )(?<!to )"
    r"(?P<order>orders?\b(?! of ))"
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
_AN_ORDER = re.compile(r"\b(?<!in )(?<!by )orders?\b", re.IGNORECASE)
_MAKING = re.compile(
    r"\b(?:the|an|this) order\b[^.;]{0,30}\b(?:made|making|extend|expir|renew|var(?:y|ied))"
    r"|\b(?:mak|made|extend|renew|vary)\w*\s+(?:the|an) order\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[.;?!]\s|\n")
# "its proposal under section 72 to extend the High Street order", "the Order was discharged under section 61"
_DONE_WITH_AN_ORDER = re.compile(
    r"\A(?=.*\b(?:mak|made|extend|extension|var(?:y|ied|iation)|discharg|renew)).*\b(?<!in )(?<!by )orders?\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_THE_COUNCILS = re.compile(
    r"\b(?:police|inspector|constable|superintendent|seiz\w+|search\w*|planning|permission|application|licen[cs]\w+|traffic"
    r"|highways?|court|tree|closure|dispersal|trading)\b",
    re.IGNORECASE,
)
_OF_AN_ACT = re.compile(r"\s*,?\s*(?:(?:of|in)\s+the\s+[A-Z]|(?:[A-Z][\w&]*\s+){1,6}\d{4})")
ANOTHER_ACT = re.compile(r"\b[A-Z]\w+ (?:\([\w ]+\) )?Act\b|\bAct \d{4}")
_YEAR = re.compile(r",?\s+(?:of\s+)?(?:19|20)\d\d\b")
_NEAR = 60  # characters around a section or an Act within which its order is looked for


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
    others = (m.start() for m in ANOTHER_ACT.finditer(text, max(0, begin - 2 * _NEAR), end + 2 * _NEAR))
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
        ORDER_BESIDE.search(text, beside, act.start)
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


def _by_conduct(vocabulary: Vocabulary, text: str) -> Iterator[Found]:
    """Orders that are told by what they deal with and could be under no other law."""
    if not _AN_ORDER.search(text):
        return
    acts = vocabulary.acts.find(text)
    ours = [(act.start, act.end) for act in acts]
    others = ANOTHER_ACT.finditer(text)
    if any(not any(a < other.end() and other.start() < b for a, b in ours) for other in others):
        return
    of_old, ends = _OF_OLD.search(text), _ORDER_ENDS.search(text)
    made = _MAKING.search(text)
    for hit in vocabulary.conduct.find(text):
        sentence, first = _sentence(text, hit.start, hit.end)
        dealing = _DEALING.search(text[first : hit.start])
        order = _THEN_ORDER.match(text, hit.end)
        if not (dealing or order or _ORDER_ENDS.search(sentence)) or _ANOTHERS.search(sentence):
            continue
        if dealing and dealing["ban"] and not made:
            continue
        if hit.phrase in vocabulary.conduct_of_others and (
            of_old or not (acts or _HAS_A_TERM.search(sentence) or ends)
        ):
            continue
        start = first + dealing.start() if dealing else hit.start
        yield Found(hit.phrase, start, order.end() if order else hit.end)


def orders_of_the_law(topic: Topic, vocabulary: Vocabulary, text: str) -> list[Found]:
    """Where a text tells of the topic by a section, an order under its Act, or what only such an order deals with."""
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
