"""The key dates that a text states of a topic: when a consultation opens and closes, when an order begins and ends, and
when it is decided on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from config.notation import Hit
from config.topics import DATE_KINDS, DateKind, Topic
from notifiers.attribution import Told
from notifiers.dates import Precision, Stated, iso, resolve
from notifiers.reading import Sentence

_CONSULTATION = re.compile(
    r" (?:consult\w*|survey|questionnaire|comments?|views|responses?|representations|feedback|ymgynghor\w*|sylwadau) "
)
_NOT_ITSELF = re.compile(
    r"(?: following| after| subject to| considered| considering| results?| outcomes?| responses?| replies| objections| regard)"
    r"(?: (?:of|to|from|the|a|recent|public|statutory|six|week))*$"
)
_TERM = re.compile(
    r" (?:force|effect|extend\w*|extension|renew\w*|expir\w*|laps\w*|valid|remain\w*|term|lasts?|years?|made|introduced|sealed|"
    r"appl(?:y|ies)|rym|grym|ymestyn) "
)
_FORCE = re.compile(r" (?:force|effect|expir\w*|laps\w*|sealed) ")
_ORDER = re.compile(r" (?:@topic|orders?|gorchymyn|latter) ")
_PAST = re.compile(
    r" (?:was|were|had|ran|closed|ended|finished|began|started|opened|launched|took|concluded|held|came|expired|lapsed|made|run|"
    r"introduced|since|completed|daeth|caeodd|ago|published|received) "
)
_COMING = re.compile(
    r" (?:will|would|is|are|until|closes|ends|runs|opens|begins|starts|due|to be|can|may|could|by|please|expires|shall|bydd|yn) "
)


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


def place_dates(topic: Topic, told: Sequence[Told], as_of: date, consulting: bool) -> list[Placed]:
    """The key dates of clauses. `consulting` says whether a span is a consultation's where no word tells."""
    placed: list[Placed] = []
    for one in told:
        if not one.clause.dates or one.aside == "another area":
            consulting = _context(one.clause.line, consulting) if one.about else consulting
            continue
        hits = topic.dates.find(one.clause.line, one.clause.starts)
        for at, stated in one.clause.dates:
            label = _label([hit for hit in hits if hit.date == at and one.owns(hit.start, hit.end)], at)
            if label in ("starts", "ends"):
                label = _SPANS[label, _of_consultation(one.clause.line, at, consulting)]
            if label in DATE_KINDS:
                placed.append(_place(label, stated, one, at, as_of))
        consulting = _context(one.clause.line, consulting)
    return _settled([p for p in placed if p is not None], as_of)


_SPANS: dict[tuple[str, bool], DateKind] = {
    ("starts", True): "opens",
    ("ends", True): "closes",
    ("starts", False): "comes into force",
    ("ends", False): "expires",
}


def _label(hits: Sequence[Hit], at: int) -> str | None:
    """What the words nearest to a date say that it is; that it is no key date outranks the rest."""
    if not hits:
        return None
    if any(hit.label == "no key date" for hit in hits):
        return None
    return max(hits, key=lambda hit: (hit.label not in ("starts", "ends"), hit.start, -hit.end)).label


def _consultations(line: str) -> list[int]:
    """Where a line speaks of a consultation itself, not of what follows from one."""
    return [m.start() for m in _CONSULTATION.finditer(line) if not _NOT_ITSELF.search(line[: m.start()])]


def _context(line: str, before: bool) -> bool:
    """Whether, after a line, a span of time is the consultation's rather than the order's."""
    return True if _consultations(line) else before and not _TERM.search(line)


def _of_consultation(line: str, at: int, otherwise: bool) -> bool:
    """Whether the span that a date belongs to is the consultation's, as the words before the date say."""
    before = line[:at] + " "
    consultations = _consultations(before)
    if consultations:
        force = [m.start() for m in _FORCE.finditer(before)]
        return not force or force[-1] < consultations[-1]
    if _TERM.search(before):
        return False
    return bool(_consultations(line)) or (otherwise and not _ORDER.search(before))


def _place(kind: str, stated: Stated, told: Told, at: int, as_of: date) -> Placed | None:
    before = told.clause.line[:at] + " "
    past = [m.start() for m in _PAST.finditer(before)]
    coming = [m.start() for m in _COMING.finditer(before)]
    is_past = bool(past) and (not coming or past[-1] > coming[-1])
    if kind == "decision due":
        is_past = False
    if kind == "expires":
        is_past = bool(re.search(r" (?:expired|lapsed|ended|ceased) ", before))
    if kind == "closes" and not re.search(
        r" (?:closed|ended|ran|run|finished|concluded|was open|completed|took|held|daeth|caeodd) ", before
    ):
        is_past = False
    day = resolve(stated, as_of, past=is_past)
    kinds = {known: known for known in DATE_KINDS}
    return Placed(kinds[kind], day, stated.precision, told.clause.sentence, stated)


def _settled(placed: list[Placed], as_of: date) -> list[Placed]:
    """Without doubles, past decisions, and openings that a year left out put after their closing."""
    kept: list[Placed] = []
    closings = [p.first for p in placed if p.kind == "closes"]
    for one in placed:
        if one.kind == "decision due" and one.last < as_of:
            continue
        if one.kind == "opens" and one.stated.year is None and closings and all(one.first > day for day in closings):
            earlier = [day for day in (resolve(one.stated, max(closings), past=True),) if day <= max(closings)]
            if earlier:
                one = Placed(one.kind, earlier[0], one.precision, one.sentence, one.stated)
        if not any((k.kind, k.first, k.precision) == (one.kind, one.first, one.precision) for k in kept):
            kept.append(one)
    return [p for p in kept if not any(_says_more(other, p) for other in kept)]


def _says_more(other: Placed, one: Placed) -> bool:
    return (
        other.kind == one.kind
        and other.precision != one.precision
        and len(iso(other.first, other.precision)) > len(iso(one.first, one.precision))
        and one.first <= other.first <= one.last
    )


def key_date(placed: Placed, sentences: Sequence[Sentence]) -> KeyDate:
    """A placed date as it is told."""
    return KeyDate(placed.kind, iso(placed.first, placed.precision), placed.precision, sentences[placed.sentence].text)
