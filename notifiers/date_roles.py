"""What a date is of a consultation or an order, as the words around it say.

How dates are told apart is grammar rather than vocabulary: it is the same for every topic.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from config.notation import Hit
from config.topics import DateKind, Topic
from notifiers.attribution import Told
from notifiers.dates import Stated
from notifiers.reading import Clause

_CONSULTATION = re.compile(
    r" (?:consult\w*|engagement|poll|(?<!in )exercise|interviews|replies|answers|thoughts|opinions?|arolwg|(?:their|your|a) say"
    r"|survey|questionnaire|comments?|views|responses?|representations|submissions|objections|feedback"
    r"|ymgynghor\w*|sylwadau) "
)
_VIEWS = re.compile(r" (?:comments?|views|responses?|representations|submissions|objections|feedback|sylwadau) ")
_NOT_ITSELF = re.compile(
    r"(?: following| after| subject to| considered| considering| results?| outcomes?| responses?| replies| objections| regard"
    r"| during| since| account| light)(?: (?:of|to|from|the|a|recent|public|statutory|six|week))*$"
)
_GIVEN = re.compile(
    r" (?:accepted|received|invited|welcomed?|submitted|sent|sought|taken|open|should|must|may|lodged) "
)
_TERM = re.compile(
    r" (?:force|effect|extend\w*|extension|variation|renew\w*|expir\w*|laps\w*|valid|remain\w*|term|lasts|last(?! day)|years?"
    r"|made|introduced|sealed|appl(?:y|ies)|rym|grym|ymestyn) "
)
_FORCE = re.compile(r" (?:force|effect|expir\w*|laps\w*|sealed) ")
_PUBLIC = re.compile(
    r" (?:public(?! (?:protection|health|realm|safety|places?|spaces?|order))|residents|people|businesses|traders|everyone) "
)
_PARTNERS = re.compile(r" (?:partners|consultees|stakeholders|bodies|police|constable|commissioner) ")
_HELD = re.compile(
    r" (?:ran|run|running|held|took place|undertaken|carried out|conducted|open(?:ed)?|closed|ended|between"
    r"|finished|concluded|began|started|launched|shut) "
)
_OF_WHEN = re.compile(r" (?:(?:period|exercise) )?of ")
# What an order makes of an act, and what is said of a consultation after it.
_FORBIDDEN = re.compile(
    r" (?:(?:an )?offence to|(?:not|no longer) (?:be )?(?:allowed|permitted|welcome)|must not|may not"
    r"|(?:will|would|to|which|that|and) (?:ban|bans|prohibit|prohibits|forbid|forbids|exclude|excludes|restrict|restricts)"
    r"|be (?:banned|prohibited|forbidden|excluded|kept off|restricted)) "
)
_HELD_FROM = re.compile(
    r" (?:ran|runs?|running|held|takes?|took|open\w*|live|undertaken|carried out|conducted|sought|invited|asked"
    r"|will be) "
)
# "the public be consulted, the existing order coming to an end on"
_ORDER_ENDS = re.compile(
    r"(?:(?<! on)(?<! about) the (?:existing|current|present|old) (?:orders?|@topic)"
    r"|(?:orders?|@topic)(?: (?!consult|survey|quest)[^ ]+){0,3}? (?:which|that))"
    r"(?: which| that| is| will| would| due to)*"
    r" (?:coming to an end|comes? to an end|end(?:s|ing)?|run(?:s|ning)? out)(?: on| in| at)? $"
    r"| (?:g?orchymyn|@topic)(?: (?:presennol|cyfredol|hwn))? (?:yn|i) dd?od i ben(?: ar| ym mis| yn)? $"
)
# "consultation finished in May, new order to start on"
_ORDER_STARTS = re.compile(
    r"(?<! on)(?<! about)(?<! the)(?<! a) (?:new|replacement|successor) (?:orders?|@topic) (?:to|will|would)"
    r" (?:start|begin|commence)(?: on| from| in)? $"
    r"| (?:until|till|by) @date (?:[^ ]+ )*(?:orders?|@topic) (?:which|that|to)(?: will| would| is to)?"
    r" (?:start|begin|commence|run|apply)(?: on| from| in)? $"
)
_IF_MADE = re.compile(
    r" (?:should|if|once|when|provided) (?:the )?(?:committee|cabinet|council|executive|board|members|councillors|they)"
    r" (?:agree|approve|accept|vote|make|adopt)s? (?!(?:[^ ]+ )*consult)"
    r"| (?:if|once|subject to) (?:it is |it's )?(?:agreed|approved|made|adopted|confirmed) (?!(?:[^ ]+ )*consult)"
)
# "Effective from": what a record says of the decision that it is of.
_EFFECT_OF_DECISION = re.compile(r" (?:@same )?effective from ")
# "stops being enforceable on", "will no longer be in force from", "is revoked with effect from"
_NO_LONGER = re.compile(
    r" (?:stop\w*|ceas\w*|no longer)(?: (?:to|be|being|have|in))* $"
    r"| (?:revok\w*|revocation|discharg\w*|rescind\w*|repeal\w*|cancel\w*|withdraw\w*)(?: (?!and|but|made|make|new)[^ ]+){0,7} $"
)
_ARTICLE = re.compile(r" (?:the|an?|these|those|this|his|her|their) ")
# "the period for replying expires on"
_REPLYING = re.compile(
    r" (?:period|window|time|opportunity|chance|invitation) (?:for|to|of|in which|within which|during which) (?:[^ ]+ ){0,4}"
    r"(?:repl|respon|comment|object|representation|consult|view)"
)
# "postpone the start of the consultation until"
_START_PUT_OFF = re.compile(
    r" (?:postpon\w*|defer\w*|delay\w*|put(?:ting)? (?:back|off)|mov(?:e|es|ed|ing)|push\w*)(?: back| off)? (?:the )?"
    r"(?:start|launch|opening|beginning|commencement) (?:[^ ]+ )*(?:to|until|till) $"
)
# "and to decide whether to make the order from"
_MADE_FROM = re.compile(
    r" (?:mak(?:e|ing)|made|extend(?:ed|ing)?|var(?:y|ied|ying)|renew(?:ed|ing)?|introduc(?:e|ed|ing))"
    r" (?:(?:the|this|an?|its|draft|new|proposed) )*(?:orders?|@topic|@same|it)(?: with effect)? (?:from|on) $"
)
_DEADLINE = re.compile(r"^ (?:the )?(?:closing date|deadline|last date|cut off date) ")
_LAST_DAY = re.compile(r" (?:last|final) day of (?:the )?(?:[^ ]+ ){0,3}(?:orders?|@topic)(?: [^ ]+)? $")
# What a clause may speak of that has the topic's dates, or whoever is asked or decides.
_OURS = re.compile(
    r" (?:@topic|@same|orders?|part|g?orch?ymyn\w*|g?orchmynion"
    r"|consult\w*|ymgynghor\w*|engagement|exercise|survey|questionnaire|comments?"
    r"|views?|responses?|representations|feedback|sylwadau|ymatebion|repl\w+|respon\w+|objections?|submissions?|opinions?|say"
    r"|ours|following|window|forms?|replacement|successor|it|its|they|them|this|these|which|both|those|one|he|she|we|you|others|anyone|everyone|public|residents?|people|businesses"
    r"|period|process|deadline|date|dates|term|proposals?|draft|extension|variation|renewal|restrictions?|measures?|controls?"
    r"|powers?|prohibitions?|changes|notice|decision|wording|rules?|provisions?"
    r"|answers|observations|slips?|cards?|votes?|us|gennych|ymateb\w*|gallwch|last day|final day"
    r"|arolwg|holiadur|cyhoedd|trigolion|pobl|bobl|dyddiad|d?dweud|barn|farn|bans?|scheme|latter|former|latest|commencement|expiry|closing|valid|fortnight|weeks?|years?"
    r"|days(?= left| remain)|(?:two|three|four|five|six|several|some|most|none)(?= (?:will|would|are|were|expire|lapse|end))) "
)
# Words that are no subject.
_BARE = re.compile(
    r" (?:@date|between|from|to|and|on|in|at|until|till|by|for|with|but|so|as|than|later|no|not|only|up|be|been|then|now|also"
    r"|there)(?= )"
)
_VERB_FIRST = re.compile(
    r" (?:please |kindly )?(?:return|post|send|hand|drop(?! in)|tick|fill|tear|complete|sign|let) "
    r"| (?:(?:but|and) )?(?:will|would)(?: now| then)? (?:go live|open|start|begin|close|run|end) "
    r"| (?:opens?|opened|closes?|closing|ends?|ending|starts?|starting|begins?|beginning|runs?|ran) "
)
# "and that comes to an end on": what the clause before named.
_THAT = re.compile(
    r"^ (?:(?:and|but|so|agreed) )?that (?:took|ran|is|was|will|would|should|may|comes?"
    r"|ends?|runs?|begins?|starts?|opens?|closes?|expires?) "
)


def role(
    one: Told, at: int, hits: Sequence[Hit], opened: bool, *, consulting: bool, planned: bool, listed: bool = False
) -> str | None:
    """What a date of a clause is; `opened` says whether the one before it is the first of the consultation, `listed` whether
    the clause is an entry of the topic's list.
    """
    clause = one.clause
    line = clause.line[:at] + " "
    stated = next(stated for start, stated in clause.dates if start == at)
    found = _nearest(
        [hit for hit in hits if hit.date == at and (hit.label == "no key date" or one.owns(hit.start, hit.end))],
        planned,
    )
    if found is None:
        return None
    label: str | None = _MEANS.get(found.label, found.label)
    subject = f"{line[: found.start]} " if label in ("expires", "comes into force") else line
    if label in ("expires", "comes into force") and not _ARTICLE.search(subject) and " that " not in subject:
        subject = ""  # an entry of a list
    if (
        label not in ("decision due", "moved")
        and not listed
        and not _VERB_FIRST.match(clause.line)
        and _foreign(subject)
        and not _OURS.search(clause.line, at + len(" @date"), found.end + 1)
        and not _named_before(one, at)
        and not _led_by(hits, at)
    ):
        return None
    if label in ("opens", "closes") and is_long(clause, at):
        label = "starts" if label == "opens" else "ends"
    if label == "ends" and stated.follows and opened and not is_long(clause, at):
        label = "closes"
    if label == "closes" and (_ORDER_ENDS.search(line) or _LAST_DAY.search(line)):
        label = "expires"
    if label == "expires" and _REPLYING.search(line):
        return "closes"
    if label == "starts" and _IF_MADE.search(line):
        return "comes into force"
    if label in ("starts", "ends"):
        label = _SPANS[label, _of_consultation(one, at, consulting)]
    if label == "closes" and _START_PUT_OFF.search(line):
        label = "opens"
    if label == "opens" and _MADE_FROM.search(line):
        label = "comes into force"
    if label == "opens" and _DEADLINE.search(line):
        label = "closes"
    if label == "opens" and line.endswith(" extended from "):
        return None  # the end that no longer holds
    if label in ("comes into force", "expires") and _every_year(clause, at):
        return None
    if label in ("opens", "closes") and _every_year(clause, at) and _of_season(line):
        return None
    if label == "comes into force" and _EFFECT_OF_DECISION.match(clause.line):
        return None
    if label == "comes into force" and _NO_LONGER.search(line[: found.start] + " "):
        label = "expires"
    return label


def answer(topic: Topic, lead: Told, one: Told, at: int, *, consulting: bool, planned: bool) -> str | None:
    """What a date of a clause is by the question or the heading that stands over it."""
    asking = lead.clause.line.replace(" @date", "")
    for words in (one.clause.line[:at], ""):
        line = f"{asking[:-1]}{words.replace(' @date', '')} @date "
        starts = tuple(n for n, letter in enumerate(line[:-1]) if letter == " ")
        stated = next(stated for start, stated in one.clause.dates if start == at)
        clause = replace(one.clause, line=line, starts=starts, dates=((starts[-1], stated),))
        joined = replace(lead, clause=clause, about=lead.about or one.about, elsewhere=())
        label = role(
            joined, starts[-1], topic.dates.find(line, starts), opened=False, consulting=consulting, planned=planned
        )
        if label is not None:
            return label
    return None


# What is said of both, of the consultation and of the order: of which, the words around tell.
_OF_EITHER = ("starts", "ends", "from", "until")
_MEANS = {"from": "starts", "until": "ends", "plan": "decision due", "put off": "decision due"}
# Words that hold only where nothing nearer to the matter says more.
_RANKS = {"plan": 0, "from": 1, "until": 1, "put off": 1.2, "perhaps no key date": 1.5}
_SPANS: dict[tuple[str, bool], DateKind] = {
    ("starts", True): "opens",
    ("ends", True): "closes",
    ("starts", False): "comes into force",
    ("ends", False): "expires",
}


def _nearest(hits: Sequence[Hit], planned: bool) -> Hit | None:
    """The words nearest to a date that say what it is; that it is no key date outranks the rest."""
    kept = [hit for hit in hits if planned or hit.label != "plan"]
    if not kept or any(hit.label == "no key date" for hit in kept):
        return None
    return max(kept, key=lambda hit: (_RANKS.get(hit.label, 2), hit.start, hit.label not in _OF_EITHER, hit.end))


def _consultations(line: str) -> list[int]:
    """Where a line speaks of a consultation itself, not of what follows from one."""
    return [
        m.start()
        for m in _CONSULTATION.finditer(line)
        if not _NOT_ITSELF.search(line[: m.start()])
        or _HELD.search(line, m.end() - 1)
        or _OF_WHEN.fullmatch(line, m.end() - 1)
    ]


def partners_asked(topic: Topic, clause: Clause) -> int | None:
    """Where a clause tells that partners are asked, and not the public."""
    if not _PARTNERS.search(clause.line) or _PUBLIC.search(clause.line):
        return None
    hits = topic.stages.find(clause.line, clause.starts)
    return min((hit.start for hit in hits if hit.label == "partners asked"), default=None)


def _led_by(hits: Sequence[Hit], at: int) -> bool:
    """Whether a date comes first, and what happens then after it."""
    return any(hit.start == at and hit.label not in ("plan", *_OF_EITHER) for hit in hits)


def _foreign(before: str) -> bool:
    """Whether the words before a date have a subject, and none that is the topic's."""
    return len(_BARE.sub("", before).split()) > 2 and not _OURS.search(before) and not _THAT.match(before)


def _every_year(clause: Clause, at: int) -> bool:
    """Whether a date belongs to a span of a season, of no year in particular: "from 1 May to 30 September"."""
    span = _span(clause, at)
    return span is not None and span[0].year is None and span[1].year is None


def _of_season(before: str) -> bool:
    """Whether the words before a span tell, after a consultation, of what is forbidden then: "an order that would make it
    an offence to dive between May and September".
    """
    forbidden = max((m.end() for m in _FORBIDDEN.finditer(before)), default=-1)
    return forbidden >= 0 and not _CONSULTATION.search(before, forbidden) and not _HELD_FROM.search(before, forbidden)


def _span(clause: Clause, at: int) -> tuple[Stated, Stated] | None:
    """The first and the last date of the span that a date belongs to."""
    dates = clause.dates
    n = next(n for n, (start, _) in enumerate(dates) if start == at)
    if n + 1 < len(dates) and dates[n + 1][1].follows:
        return dates[n][1], dates[n + 1][1]
    if n and dates[n][1].follows:
        return dates[n - 1][1], dates[n][1]
    return None


def is_long(clause: Clause, at: int) -> bool:
    """Whether a date belongs to a span of more than nine months, for which nobody is consulted."""
    span = _span(clause, at)
    if span is None:
        return False
    first, second = span
    if first.year is None or second.year is None:
        return False
    return (second.year - first.year) * 12 + (second.month or 1) - (first.month or 1) > 9


def is_consultation(clause: Clause) -> bool:
    """Whether a clause speaks of a consultation."""
    return bool(_consultations(clause.line)) or " your say " in clause.line


def speaks_of_consultation(line: str, before: bool) -> bool:
    """Whether, after a line, a span of time is the consultation's rather than the order's."""
    return True if _consultations(line) else before and not _TERM.search(line)


def _of_consultation(one: Told, at: int, otherwise: bool) -> bool:
    """Whether the span that a date belongs to is the consultation's, as the words before the date say."""
    line = one.clause.line
    if is_long(one.clause, at):
        return False
    before = line[:at] + " "
    if _ORDER_ENDS.search(before) or _ORDER_STARTS.search(before):
        return False
    if " closing date " in before or " deadline " in before:
        return True
    consultations = _consultations(before)
    if (
        consultations
        and all(_VIEWS.match(before, start) for start in consultations)
        and " @topic " in before[consultations[-1] :]
        and not _GIVEN.search(before, consultations[-1])
    ):
        return False  # views on the order, "which ends in August"
    if consultations:
        force = [m.start() for m in _FORCE.finditer(before)]
        return not force or force[-1] < consultations[-1]
    if _TERM.search(before):
        return False
    return (bool(_consultations(line)) or _ASKED.search(line) is not None or otherwise) and not _named_before(one, at)


# What the public does in a consultation.
_ASKED = re.compile(
    r" (?:be asked|public asked|people asked|residents asked|be consulted"
    r"|respond|reply|object|comment|tell us|let us know|give (?:us )?your) "
)


def _named_before(one: Told, at: int) -> bool:
    """Whether the topic is named in a clause before a date."""
    word = one.clause.word_at(at)
    return any(other < word for other in (*one.topic, *one.subject)) or " latter " in one.clause.line[:at]


def names_public(clause: Clause) -> bool:
    """Whether a clause speaks of the public, who are asked after the partners."""
    return _PUBLIC.search(clause.line) is not None
