"""The key dates that a text states of a topic: when a consultation opens and closes, when an order begins and ends, and
when it is decided on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from config.notation import Hit
from config.topics import DATE_KINDS, DateKind, Topic
from notifiers.attribution import ABROAD, ENDED, Told
from notifiers.dates import Precision, Stated, iso, resolve
from notifiers.reading import Clause, Sentence

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
    r" (?:force|effect|extend\w*|extension|variation|renew\w*|expir\w*|laps\w*|valid|remain\w*|term|lasts?|years?|made|introduced"
    r"|sealed|"
    r"appl(?:y|ies)|rym|grym|ymestyn) "
)
_FORCE = re.compile(r" (?:force|effect|expir\w*|laps\w*|sealed) ")
_PUBLIC = re.compile(r" (?:public|residents|people|businesses|traders|everyone) ")
_PARTNERS = re.compile(r" (?:partners|consultees|stakeholders|bodies|police|constable|commissioner) ")
_HELD = re.compile(
    r" (?:ran|run|running|held|took place|undertaken|carried out|conducted|open(?:ed)?|closed|ended|between"
    r"|finished|concluded|began|started|launched|shut) | of $"
)
# "the public be consulted, the existing order coming to an end on"
_ORDER_ENDS = re.compile(
    r"(?:(?<! on)(?<! about) the (?:existing|current|present|old) (?:orders?|@topic)"
    r"|(?:orders?|@topic)(?: (?!consult|survey|quest)[^ ]+){0,3}? (?:which|that))"
    r"(?: which| that| is| will| would| due to)*"
    r" (?:coming to an end|comes? to an end|end(?:s|ing)?|run(?:s|ning)? out)(?: on| in| at)? $"
)
_IF_MADE = re.compile(
    r" (?:if|once|subject to) (?:it is |it's )?(?:agreed|approved|made|adopted|confirmed) (?!(?:[^ ]+ )*consult)"
)
_ARTICLE = re.compile(r" (?:the|an?|these|those|this|his|her|their) ")
# "the period for replying expires on"
_REPLYING = re.compile(
    r" (?:period|window|time|opportunity|chance|invitation) (?:for|to|of|in which|within which|during which) (?:[^ ]+ ){0,4}"
    r"(?:repl|respon|comment|object|representation|consult|view)"
)
_DEADLINE = re.compile(r"^ (?:the )?(?:closing date|deadline|last date|cut off date) ")
_LAST_DAY = re.compile(r" (?:last|final) day of (?:the )?(?:[^ ]+ ){0,3}(?:orders?|@topic)(?: [^ ]+)? $")
# What a clause may speak of that has the topic's dates, or whoever is asked or decides.
_OURS = re.compile(
    r" (?:@topic|@same|orders?|part|g?orch?ymyn\w*|g?orchmynion"
    r"|consult\w*|ymgynghor\w*|engagement|exercise|survey|questionnaire|comments?"
    r"|views?|responses?|representations|feedback|sylwadau|ymatebion|repl\w+|respon\w+|objections?|submissions?|opinions?|say"
    r"|ours|following|it|its|they|them|this|these|which|both|those|one|he|she|we|you|anyone|everyone|public|residents?|people|businesses"
    r"|period|process|deadline|date|dates|term|proposals?|draft|extension|variation|renewal|restrictions?|measures?|controls?"
    r"|powers?|prohibitions?|changes|notice|decision|wording|rules?|provisions?"
    r"|answers|us|dyddiad|d?dweud|barn|farn|bans?|scheme|latter|former|latest|commencement|expiry|closing|valid|weeks?|years?) "
)
_BARE = re.compile(r" (?:@date|between|from|to|and|on|in|at|until|by|for)(?= )")
_LISTED = 12  # sentences, each an entry of a list, for which its heading holds
_STALE, _SOON = timedelta(days=270), timedelta(days=95)
# How dates are told apart is grammar rather than vocabulary: it is the same for every topic.
# The tense of the words before a date, by kind: what shows the past, what shows the future.
_TO_DO = "to (?!the|a|an|our|its|this|it)[a-z]+"
_TENSES: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    kind: (re.compile(f" (?:{past}) "), re.compile(f" (?:{future}) "))
    for kind, past, future in (
        (
            "opens",
            "began|opened|started|launched|commenced|since|ran|run|took|published|begun|dechreuodd|agorodd|held|tested|gathered"
            "|undertaken|conducted|had been open|was open",
            f"will|would|{_TO_DO}|opens|due",
        ),
        (
            "closes",
            "closed|ended|ran|run|finished|concluded|completed|took|held|was open|had been open|daeth|wrapped|shut|tested"
            "|passed|had had"
            "|gathered",
            f"will|would|{_TO_DO}|closes|ends|is open|due",
        ),
        ("expires", "expired|lapsed|ended|ceased", "[^ ]+"),
        (
            "comes into force",
            "came|took|since|been|made|extended|introduced",
            "will|would|comes|takes|to|shall|be|daw|from",
        ),
        (
            "decision due",
            "(?<! be )(?<! if )(?<! once )(?<! when )"
            "(?:approved|agreed|accepted|adopted|confirmed|revoked|refused|rejected|voted|signed|taken|resolved|made"
            "|given)",
            "will|would|to|due|for|expected|asked|decision|until",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A date that the text states: ISO 8601, as precise as the text ("2026", "2026-04", "2026-04-30"), and its sentence."""

    kind: DateKind
    date: str
    precision: Precision
    sentence: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A key date with the first and the last day that it may be, and the number of its sentence."""

    kind: DateKind
    first: date
    precision: Precision
    sentence: int
    stated: Stated

    @property
    def last(self) -> date:
        """The last day that it may be."""
        if self.precision == "day":
            return self.first
        if self.precision == "year":
            return self.first.replace(month=12, day=31)
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def place_dates(topic: Topic, told: Sequence[Told], as_of: date, *, consulting: bool, planned: bool) -> list[Placed]:
    """The key dates of clauses.

    `consulting` says whether a span is a consultation's where no word
    tells, `planned` whether the text is an entry in a plan of decisions to come.
    """
    placed: list[Placed] = []
    asked = -1  # the last sentence in which partners are
    lead: Told | None = None  # a question or a heading that the clause answers
    for one in told:
        partners = _partners_asked(topic, one.clause)
        if lead and one.clause.sentence > lead.clause.sentence + (_LISTED if lead.clause.mark == ":" else 1):
            lead = None
        hits = topic.dates.find(one.clause.line, one.clause.starts) if one.clause.dates and one.aside != ABROAD else ()
        opened: Placed | None = None  # the date before it, where that is the first of the consultation
        for at, stated in one.clause.dates if hits else ():
            label = _role(one, at, hits, opened is not None, consulting=consulting, planned=planned)
            kinds = {hit.label for hit in hits if hit.date == at and hit.label != "plan"}
            if (
                label is None
                and lead is not None
                and (not kinds or (lead.clause.mark == "?" and "no key date" not in kinds))
            ):
                label = _answer(topic, lead, one, at, consulting=consulting, planned=planned)
            asking = asked == one.clause.sentence and not _PUBLIC.search(one.clause.line)
            if label in ("opens", "closes") and (asking or (partners is not None and partners < at)):
                label = None  # partners are asked before the public
            if label == "moved":
                label = placed.pop().kind if placed else None
            kind = next((known for known in DATE_KINDS if known == label), None)
            if kind is None:
                opened = None
                continue
            day = _day(kind, stated, one.clause.line[:at] + " ", as_of)
            if stated.season is not None and day != resolve(stated, as_of, past=False):
                continue  # "over the summer": which year's is not said of what is past
            if opened is not None and stated.follows and stated.year is None:
                day = resolve(stated, opened.first, past=False)
            placed.append(Placed(kind, day, stated.precision, one.clause.sentence, stated))
            opened = placed[-1] if kind == "opens" else None
        if partners is not None:
            asked = one.clause.sentence
        listing = lead is not None and lead.clause.mark == ":"
        label_alone = len(one.clause.starts) < 4 and not one.clause.dates and not listing
        if one.clause.sentence and (one.clause.mark in ("?", ":") or label_alone):
            lead = one
        consulting = _context(one.clause.line, consulting)
    return _settled(placed, as_of)


def _role(one: Told, at: int, hits: Sequence[Hit], opened: bool, *, consulting: bool, planned: bool) -> str | None:
    """What a date of a clause is; `opened` says whether the one before it is the first of the consultation."""
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
    if label in ("expires", "comes into force") and not _ARTICLE.search(subject):
        subject = ""  # an entry of a list
    if (
        label not in ("decision due", "moved")
        and _foreign(subject)
        and not _named_before(one, at)
        and not _led_by(hits, at)
    ):
        return None
    if label in ("opens", "closes") and _is_long(clause, at):
        label = "starts" if label == "opens" else "ends"
    if label == "ends" and stated.follows and opened and not _is_long(clause, at):
        label = "closes"
    if label == "closes" and (_ORDER_ENDS.search(line) or _LAST_DAY.search(line)):
        label = "expires"
    if label == "expires" and _REPLYING.search(line):
        return "closes"
    if label == "starts" and _IF_MADE.search(line):
        return "comes into force"
    if label in ("starts", "ends"):
        label = _SPANS[label, _of_consultation(one, at, consulting)]
    if label == "opens" and _DEADLINE.search(line):
        label = "closes"
    if label == "opens" and line.endswith(" extended from "):
        return None  # the end that no longer holds
    if label in ("comes into force", "expires") and (one.aside == ENDED or _every_year(clause, at)):
        return None
    return label


def _answer(topic: Topic, lead: Told, one: Told, at: int, *, consulting: bool, planned: bool) -> str | None:
    """What a date of a clause is by the question or the heading that stands over it."""
    asking = lead.clause.line.replace(" @date", "")
    for words in (one.clause.line[:at], ""):
        line = f"{asking[:-1]}{words.replace(' @date', '')} @date "
        starts = tuple(n for n, letter in enumerate(line[:-1]) if letter == " ")
        stated = next(stated for start, stated in one.clause.dates if start == at)
        clause = replace(one.clause, line=line, starts=starts, dates=((starts[-1], stated),))
        joined = replace(lead, clause=clause, about=lead.about or one.about, elsewhere=())
        label = _role(
            joined, starts[-1], topic.dates.find(line, starts), opened=False, consulting=consulting, planned=planned
        )
        if label is not None:
            return label
    return None


# What is said of both, of the consultation and of the order: of which, the words around tell.
_OF_EITHER = ("starts", "ends", "from", "until")
_MEANS = {"from": "starts", "until": "ends", "plan": "decision due", "put off": "decision due"}
# Words that hold only where nothing nearer to the matter says more.
_RANKS = {"plan": 0, "from": 1, "until": 1, "put off": 1}
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
    return max(kept, key=lambda hit: (_RANKS.get(hit.label, 2), hit.start, hit.label not in _OF_EITHER, -hit.end))


def _consultations(line: str) -> list[int]:
    """Where a line speaks of a consultation itself, not of what follows from one."""
    return [
        m.start()
        for m in _CONSULTATION.finditer(line)
        if not _NOT_ITSELF.search(line[: m.start()]) or _HELD.search(line, m.end() - 1)
    ]


def _partners_asked(topic: Topic, clause: Clause) -> int | None:
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
    return len(_BARE.sub(" ", before).split()) > 2 and not _OURS.search(before)


def _every_year(clause: Clause, at: int) -> bool:
    """Whether a date belongs to a span of a season, of no year in particular: "from 1 May to 30 September"."""
    span = _span(clause, at)
    return span is not None and span[0].year is None and span[1].year is None


def _span(clause: Clause, at: int) -> tuple[Stated, Stated] | None:
    """The first and the last date of the span that a date belongs to."""
    dates = clause.dates
    n = next(n for n, (start, _) in enumerate(dates) if start == at)
    if n + 1 < len(dates) and dates[n + 1][1].follows:
        return dates[n][1], dates[n + 1][1]
    if n and dates[n][1].follows:
        return dates[n - 1][1], dates[n][1]
    return None


def _is_long(clause: Clause, at: int) -> bool:
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


def _context(line: str, before: bool) -> bool:
    """Whether, after a line, a span of time is the consultation's rather than the order's."""
    return True if _consultations(line) else before and not _TERM.search(line)


def _of_consultation(one: Told, at: int, otherwise: bool) -> bool:
    """Whether the span that a date belongs to is the consultation's, as the words before the date say."""
    line = one.clause.line
    if _is_long(one.clause, at):
        return False
    before = line[:at] + " "
    if _ORDER_ENDS.search(before):
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
    return (bool(_consultations(line)) or otherwise) and not _named_before(one, at)


def _named_before(one: Told, at: int) -> bool:
    """Whether the topic is named in a clause before a date."""
    word = one.clause.word_at(at)
    return any(other < word for other in (*one.topic, *one.subject)) or " latter " in one.clause.line[:at]


def _day(kind: DateKind, stated: Stated, before: str, as_of: date) -> date:
    """The day, with a year left out taken from the tense, or where that does not show, the nearest."""
    was, will_be = _TENSES[kind]
    last, coming = (resolve(stated, as_of, past=past) for past in (True, False))
    past = max((m.start() for m in was.finditer(before)), default=-1)
    future = max((m.start() for m in will_be.finditer(before)), default=-1)
    if past == future:
        return last if as_of - last < coming - as_of else coming
    if past > future and as_of - last > _STALE and coming - as_of < _SOON:
        return coming  # "before it finished at the end of May"
    return last if past > future else coming


def _settled(placed: list[Placed], as_of: date) -> list[Placed]:
    """Without doubles, past decisions, and openings that a year left out put after their closing."""
    kept: dict[tuple[DateKind, date, Precision], Placed] = {}
    closing = max((p.first for p in placed if p.kind == "closes"), default=None)
    for given in placed:
        one = given
        if one.kind == "opens" and one.stated.year is None and closing is not None and one.first > closing >= as_of:
            one = replace(one, first=resolve(one.stated, closing, past=True))
        if one.kind != "decision due" or one.last >= as_of:
            kept.setdefault((one.kind, one.first, one.precision), one)
    return [p for p in kept.values() if not any(_says_more(other, p) for other in kept.values())]


def _says_more(other: Placed, one: Placed) -> bool:
    return (
        other.kind == one.kind
        and len(iso(other.first, other.precision)) > len(iso(one.first, one.precision))
        and one.first <= other.first <= one.last
    )


def key_date(placed: Placed, sentences: Sequence[Sentence]) -> KeyDate:
    """A placed date as it is told."""
    return KeyDate(placed.kind, iso(placed.first, placed.precision), placed.precision, sentences[placed.sentence].text)
