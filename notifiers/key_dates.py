"""The key dates that a text states of a topic: when a consultation opens and closes, when an order begins and ends, and
when it is decided on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from config.notation import Hit
from config.topics import DATE_KINDS, DateKind, Topic
from notifiers.attribution import ABROAD, ENDED, Told
from notifiers.date_roles import answer, is_long, names_public, partners_asked, role, speaks_of_consultation
from notifiers.dates import Precision, Stated, iso, resolve
from notifiers.reading import Clause, Sentence

_MOVES = ("moved, perhaps", "moved on, perhaps")
_IT = re.compile(r" (?:but )?(?:it|this|that|which) ")
_SCRUTINY = re.compile(r" (?:scrutiny|select committee) ")
_SCRUTINEERS = re.compile(r" (?:committee|panel|board|scrutiny) ")
_DECIDERS = re.compile(r" (?:cabinet|council|executive|portfolio|holder|leader|mayor|delegated|director|head) ")
_CALLED_IN = re.compile(r" (?:unless|subject to) (?:it is )?(?:called|call) in ")
_WHEN = re.compile(r" (?:when|once|after|before) (?:[^ ]+ ){1,4}$")
_WOULD = re.compile(r" (?:should|would|could) ")
_LABEL = 4  # words from which on a clause is no label
_TOGETHER = re.compile(r" @date(?: and)?$")
_NAMELY = re.compile(
    r" @date (?:probably|possibly|likely|perhaps|hopefully|namely|most likely|in all likelihood)(?: in| on)?$"
)
_OURS = re.compile(
    r" (?:@topic|@same|orders?|draft|consult\w*|survey|questionnaire|comments?|views|responses"
    r"|representations|feedback|your|restrictions?|controls?|bans?|rules?|it|they|this|these|we|us|you|anyone|everyone|fines?|penalt\w*"
    r"|g?orch?ymyn\w*|g?orchmynion|ymgynghor\w*|sylwadau|barn|farn) "
)
_CONSULTATIONS = re.compile(r" (?:consultations|surveys) ")
_EFFECTS = ("opens", "expires", "comes into force")
_ALONE = " @date "
_ENTRY = 6  # words of a short entry
_WORDS = 12  # words of an entry that names the topic
_LISTED = 12  # sentences, each an entry of a list, for which its heading holds
_STALE, _SOON = timedelta(days=270), timedelta(days=95)
# The tense of the words before a date, by kind: what shows the past, what shows the future.
_TO_DO = "(?<!had )to (?!the|a|an|our|its|this|it)[a-z]+"
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


def place_dates(  # noqa: PLR0915  one walk: what each date is rests on those before it
    topic: Topic, told: Sequence[Told], as_of: date, *, consulting: bool, planned: bool
) -> tuple[list[Placed], list[Stated]]:
    """The key dates of clauses, and those dates that are plainly none: they hold no longer, or are of something else.

    `consulting` says whether a span is a consultation's where no word tells, `planned` whether the text is an entry in a
    plan of decisions to come.
    """
    placed: list[Placed] = []
    refused: list[Stated] = []
    asked = -1  # the last sentence in which partners are
    last: Placed | None = None  # the date before, if it is one
    was: str | None = None  # what it would be, if it still held
    lead: Told | None = None  # a question or a heading that the clause answers
    headings = [one for one in told if one.clause.sentence == 0]
    headed = any(one.topic for one in headings)
    rows = _rows(told) if planned and not headed else {}
    scrutiny = any(_SCRUTINY.search(one.clause.line) for one in headings)
    for number, one in enumerate(told):
        partners = partners_asked(topic, one.clause)
        if lead and one.clause.sentence > lead.clause.sentence + (_LISTED if lead.clause.mark == ":" else 1):
            lead = None
        hits = topic.dates.find(one.clause.line, one.clause.starts) if one.clause.dates and one.aside != ABROAD else ()
        opened: Placed | None = None  # the date before it, where that is the first of the consultation
        for at, stated in one.clause.dates if hits else ():
            context = _Context(topic, lead, opened is not None, consulting, planned, headed, headings)
            label = _label(context, one, at, hits) or ("decision due" if rows.get(number) else None)
            shown = {hit.label for hit in hits if hit.date == at and hit.label != "plan"}
            if label in ("opens", "closes") and (
                (asked == one.clause.sentence and not names_public(one.clause))
                or (partners is not None and partners < at)
            ):
                label = None  # partners are asked before the public
                refused.append(stated)
            if label == "moved":
                near = bool(placed) and one.clause.sentence - placed[-1].sentence < 2
                if not was and near:
                    refused.append(placed[-1].stated)
                label, last = was or (placed.pop().kind if near else _label(context, one, at, hits, "moved")), None
            elif label is None and was is not None and not shown.isdisjoint(_MOVES):
                label = was
            elif last is not None and _replaces(one, last, shown, label if label in shown else None):
                placed.remove(last)
                refused.append(last.stated)
                label = last.kind
            was = _label(context, one, at, hits, "no key date") if label is None and "no key date" in shown else None
            if label is None and "no key date" in shown:
                refused.append(stated)
            if label is None and not shown and last is not None and _goes_on(one, at, last):
                label = last.kind
            if (
                (label == "decision due" and scrutiny and _only_scrutinised(one.clause.line[:at] + " "))
                or (label == "decision due" and rows.get(number) is False and not shown)
                or (label in _EFFECTS and _of_another(told, number))
                or (label == "comes into force" and _called_in(told[number + 1 : number + 2], one))
            ):
                label = None
                refused.append(stated)
            kind, last = next((known for known in DATE_KINDS if known == label), None), None
            if kind is None:
                opened = None
                continue
            day = day_of(kind, stated, one.clause, at, as_of)
            late = kind == "opens" and "opens" not in shown and _closed_before(placed, one, day)
            if not _holds(one, kind, stated, day, as_of):
                refused.append(stated)
                continue
            if opened and stated.follows and stated.year is None:
                day = resolve(stated, opened.first, past=False)
            placed.append(
                last := Placed("comes into force" if late else kind, day, stated.precision, one.clause.sentence, stated)
            )
            opened = last if last.kind == "opens" else None
        if partners is not None:
            asked = one.clause.sentence
        lead = one if _leads(one, lead) else lead
        if one.about or one.clause.dates:
            consulting = speaks_of_consultation(one.clause.line, consulting)
    return settled(placed, as_of), refused


def _goes_on(one: Told, at: int, last: Placed) -> bool:
    """Whether a date says of the one before which it is, or is the next of a list within a sentence: "in the autumn,
    probably October", "these end: Mill Lane 3 May; Bus Station 4 June".
    """
    if one.clause.sentence != last.sentence:
        return False
    entry = last.kind == "expires" and one.about and len(one.clause.starts) < _ENTRY and len(one.clause.dates) == 1
    together = last.kind == "expires" and _TOGETHER.search(one.clause.line[:at]) is not None
    return entry or together or _NAMELY.search(one.clause.line[:at]) is not None


def _rows(told: Sequence[Told]) -> dict[int, bool]:
    """The clauses that give the date of a row of a plan, or of what stands above or below it: whether that is the topic's."""
    alone = [number for number, one in enumerate(told) if one.clause.line == _ALONE]
    named = [number for number, one in enumerate(told) if one.topic and one.clause.sentence]
    if not named:
        return {}
    if len(alone) < 2:
        ours = {told[number].clause.sentence for number in named if _is_row(told[number].clause)}
        others = (one.clause.sentence not in {0, *ours} and _is_row(one.clause) for one in told)
        return {number: False for number, other in enumerate(others) if ours and other}
    edges = [*alone, len(told)] if alone[0] < named[0] else [0, *alone]
    return {
        row: any(begin <= number <= end for number in named)
        for row, (begin, end) in zip(alone, pairwise(edges), strict=True)
    }


def _is_row(clause: Clause) -> bool:
    """Whether a clause is a row of a table that begins with its date, which is read last."""
    return clause.label is None and clause.line.endswith(_ALONE)


def _only_scrutinised(before: str) -> bool:
    """Whether the words before a date name only such a body as scrutinises."""
    return _SCRUTINEERS.search(before) is not None and _DECIDERS.search(before) is None


def _called_in(following: Sequence[Told], one: Told) -> bool:
    """Whether what begins is the effect of a decision, which may be called in."""
    return any(
        other.clause.sentence == one.clause.sentence and _CALLED_IN.match(other.clause.line) for other in following
    )


def _leads(one: Told, lead: Told | None) -> bool:
    """Whether a clause stands over what follows it, as a question, a heading or a label of its own does."""
    listing = lead is not None and lead.clause.mark == ":"
    label_alone = len(one.clause.starts) < _LABEL and not one.clause.dates and not listing
    return one.clause.sentence > 0 and (one.clause.mark in ("?", ":") or label_alone)


def _holds(one: Told, kind: DateKind, stated: Stated, day: date, as_of: date) -> bool:
    """Whether a date is still one: not of an order that has ended, nor a season that does not say which year's it is."""
    if one.aside == ENDED and (kind == "comes into force" or (kind == "expires" and not _ahead(stated, day, as_of))):
        return False
    if kind == "opens" and stated.season is not None and stated.past:
        return False  # "the survey held last autumn"
    return stated.season is None or day == resolve(stated, as_of, past=False)


class _Context(NamedTuple):
    """What bears on a date besides its own clause: see `role`."""

    topic: Topic
    lead: Told | None
    opened: bool
    consulting: bool
    planned: bool
    headed: bool
    headings: Sequence[Told]


def _label(context: _Context, one: Told, at: int, hits: Sequence[Hit], but: str | None = None) -> str | None:
    """What a date is by its own clause, or else by the question or the heading that stands over it; `but` is what is not
    to be heard.
    """
    topic, lead, opened, consulting, planned, headed, headings = context
    kept = [hit for hit in hits if hit.label not in (*_MOVES, but)]
    listed = (lead is not None and lead.clause.mark == ":" and bool(lead.topic)) or (headed and is_long(one.clause, at))
    label = role(one, at, kept, opened, consulting=consulting, planned=planned, listed=listed)
    shown = {hit.label for hit in kept if hit.date == at and hit.label != "plan"}
    if label == "expires" and "expires" not in shown and _is_entry(one, at) and _lists_consultations(headings):
        return "closes"
    if label is None and not shown and _is_entry(one, at):
        return next((kind for over in headings if (kind := _listed_under(context, over, one, at))), None)
    if label is None and lead and (not shown or (lead.clause.mark == "?" and "no key date" not in shown)):
        return answer(topic, lead, one, at, consulting=consulting, planned=planned)
    return label


def _closed_before(placed: Sequence[Placed], one: Told, day: date) -> bool:
    """Whether what starts does so after the consultation has closed, and so is the order: "Closes: 3 May. Starts: 1 July"."""
    return not speaks_of_consultation(one.clause.line, before=False) and any(
        other.kind == "closes" and other.sentence <= one.clause.sentence and other.last < day for other in placed
    )


def _of_another(told: Sequence[Told], number: int) -> bool:
    """Whether a clause that stands before the topic is named tells of something else: "From May, carrying one is an
    offence".
    """
    clause = told[number].clause
    said = len(clause.starts) - 2 * len(clause.dates)
    return said >= _LABEL and not _OURS.search(clause.line) and not any(one.topic for one in told[: number + 1])


def _is_entry(one: Told, at: int) -> bool:
    """Whether a clause is an entry of a list that gives only the topic's date: "PSPO 4 (Park Street): 11 May 2023"."""
    return bool(one.topic) and len(one.clause.starts) <= _WORDS and one.clause.line[at:] == _ALONE


def _lists_consultations(headings: Sequence[Told]) -> bool:
    return any(_CONSULTATIONS.search(over.clause.line) for over in headings)


def _listed_under(context: _Context, over: Told, one: Told, at: int) -> str | None:
    """The end that a heading says the dates under it to be: "Orders falling due"."""
    label = answer(context.topic, over, one, at, consulting=False, planned=False)
    return label if label == "expires" else None


def _replaces(one: Told, last: Placed, shown: set[str], told: str | None) -> bool:
    """Whether a date is said to have taken the place of the one before it: "was due to end on 3 May but is put back to".

    `shown` are what the words before it show; `told` is what kind of date they say that it is.
    """
    return (
        not shown.isdisjoint(_MOVES)
        and told in (None, last.kind)
        and (one.clause.sentence == last.sentence or _IT.match(one.clause.line) is not None)
        and (_MOVES[0] in shown or last.kind in ("closes", "expires"))
    )


def day_of(kind: DateKind, stated: Stated, clause: Clause, at: int, as_of: date) -> date:
    """The day, with a year left out taken from the tense, or where that does not show, the nearest."""
    before, whole = f"{clause.line[:at]} ", clause.line
    was, will_be = _TENSES[kind]
    last, coming = (resolve(stated, as_of, past=past) for past in (True, False))
    past = max((m.start() for m in was.finditer(before)), default=-1)
    future = max((m.start() for m in will_be.finditer(before)), default=-1)
    if kind == "expires" and past >= 0 and _WHEN.search(before[: past + 1]) and _WOULD.search(whole):
        return coming  # "that, when the order ended in March, another should take its place"
    if past == future:
        return last if as_of - last < coming - as_of else coming
    if past > future and as_of - last > _STALE and coming - as_of < _SOON:
        return coming  # "before it finished at the end of May"
    return last if past > future else coming


def _ahead(stated: Stated, day: date, as_of: date) -> bool:
    """Whether a date is to come, whatever its tense: it says its year."""
    return day > as_of and (stated.year is not None or stated.years_on is not None)


def settled(placed: Sequence[Placed], as_of: date) -> list[Placed]:
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
