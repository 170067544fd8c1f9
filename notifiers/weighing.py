"""A second reading, by the weight of words: what the examples of a topic taught, where its patterns are in doubt.

Patterns read what they were written for, and read it well; what clerks say in other words they miss. Words, counted over
thousands of labelled texts, are seldom at a loss and often a little wrong. The two err on different texts, so that both
together are right more often than either: what the patterns read holds unless the words speak clearly for another reading.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from config.topics import DATE_KINDS, STAGES, DateKind, Stage
from config.weights import Learned
from notifiers.attribution import Told
from notifiers.dates import Stated, resolve
from notifiers.key_dates import Placed, day_of, settled
from notifiers.reading import Clause

NO_DATE = "no key date"

# How clearly the words must speak for another reading than the patterns', as a logarithm of odds
_CLEARLY_ANOTHER_STAGE = 2.0
_CLEARLY_ANOTHER_DATE = 1.75
_BEGINNINGS, _ENDINGS = (3, 4, 5, 6), (3, 4)  # letters by which the forms of a word are known as the same
_NEAR = 4  # words beside a date whose place counts
_A_YEAR = timedelta(days=366)
_BEFORE = 2  # clauses before that of a date


def words_of_text(
    told: Sequence[Told], dates: Sequence[Placed], as_of: date, *, kind: str, headed: bool
) -> dict[int, set[str]]:
    """What may show the stage, by the number of its sentence; what is said of the whole text stands at -1.

    Each word and pair of words is led by a letter for what its clause speaks of: "h" the heading, "t" the topic by name,
    "a" the topic, "x" another place or time, "o" other matters; what speaks of the topic counts a second time without.
    """
    said: dict[int, set[str]] = {-1: {f"kind {kind}", *(["headed"] if headed else [])}}
    said[-1] |= {f"date {one.kind} {_when(one.first, one.last, as_of)}" for one in dates}
    naming = {one.clause.sentence + n for one in told if one.topic for n in (0, 1)}
    for one in told:
        words = said.setdefault(one.clause.sentence, set())
        near = one.about or one.clause.sentence in naming
        place = "x" if one.aside else "h" if one.clause.sentence == 0 else "t" if one.topic else "a" if near else "o"
        tokens = ["^", *_tokens(one.clause, 0, None, as_of), f"${one.clause.mark}"]
        pairs = [f"{first} {second}" for first, second in pairwise(tokens)]
        words.update(f"{place} {token}" for token in (*tokens, *pairs))
        if place not in "xo":
            words.update(tokens, pairs)
            for token in tokens:
                words.update(_forms(token))
    return said


def words_of_date(
    told: Sequence[Told], number: int, at: int, stated: Stated, as_of: date, *, kind: str, headed: bool
) -> set[str]:
    """What may show which date the one at `at` in the line of the clause with this `number` is."""
    one = told[number]
    clause = one.clause
    when = "unsaid" if stated.year is None else "past" if resolve(stated, as_of, past=False) < as_of else "ahead"
    place = [start for start, _ in clause.dates].index(at)
    said = {
        f"when {when}",
        f"when {when} {kind}",
        f"kind {kind}",
        f"precision {stated.precision}",
        f"date {min(place, 3)} of {min(len(clause.dates), 4)}",
        f"aside {one.aside}",
        "about" if one.about else "apart",
        *(["headed"] if headed else []),
        *(["named"] if one.topic else []),
        *(["ends span"] if stated.follows else []),
        *(["begins span"] if any(later.follows for _, later in clause.dates[place + 1 : place + 2]) else []),
    }
    before = ["^", *_tokens(clause, 0, at, as_of)]
    after = [*_tokens(clause, at + len(" @date"), None, as_of), f"${clause.mark}"]
    for side, tokens in (("b", before[::-1]), ("a", after)):
        said.update(f"{side}{distance} {token}" for distance, token in enumerate(tokens[:_NEAR]))
        said.update(f"{side} {' '.join(tokens[:count])}" for count in (2, 3, 4) if len(tokens) >= count)
        said.update(f"{side} {token}" for token in tokens)
        said.update(f"{side} {first} & {second}" for first, second in pairwise(tokens))
        said.update(f"{side}{form}" for token in tokens for form in _forms(token))
    said.update(f"label {word}" for word in (clause.label or "").split())
    for other in told[max(0, number - _BEFORE) : number + 2]:
        if other is not one:
            same = other.clause.sentence == clause.sentence
            side = "earlier" if other.clause.sentence < clause.sentence else "same" if same else "later"
            said.update(f"{side} {word}" for word in other.clause.line.split())
    for other in told:
        if other.clause.sentence == 0:
            said.update(f"heading {word}" for word in other.clause.line.split())
    return said


def _when(first: date, last: date, as_of: date) -> str:
    return "past" if last < as_of else "ahead" if first - as_of <= _A_YEAR else "far ahead"


def _tokens(clause: Clause, begin: int, end: int | None, as_of: date) -> Iterator[str]:
    """The words of a part of a line; of dates only whether they are past, of numbers only that they are some."""
    dates = iter([stated for start, stated in clause.dates if start >= begin])
    for word in clause.line[begin:end].split():
        if word == "@date" and (stated := next(dates, None)) is not None:
            yield (
                "@date" if stated.year is None else "@past" if resolve(stated, as_of, past=False) < as_of else "@ahead"
            )
        else:
            yield "#" if word.isdigit() else word


def _forms(word: str) -> Iterator[str]:
    yield from (f"{word[:letters]}-" for letters in _BEGINNINGS if letters < len(word))
    yield from (f"-{word[-letters:]}" for letters in _ENDINGS if letters < len(word))


def weighed_stage(
    learned: Learned,
    read: tuple[Stage, int | None],
    told: Sequence[Told],
    dates: Sequence[Placed],
    as_of: date,
    *,
    kind: str,
    headed: bool,
) -> tuple[Stage, int | None]:
    """The stage and the number of its sentence: what patterns `read`, or what the words speak for more clearly."""
    said = words_of_text(told, dates, as_of, kind=kind, headed=headed)
    scores = learned.stages.scores(set().union(*said.values()))
    scores[read[0]] += _CLEARLY_ANOTHER_STAGE
    stage = max(STAGES, key=lambda one: scores[one])
    if stage == read[0]:
        return read
    sentences = [number for number in said if number >= 0]
    telling = max(sentences, key=lambda number: (number > 0, learned.stages.speaks(said[number], stage)), default=None)
    return stage, telling if stage != "none" else None


def weighed_dates(
    learned: Learned, read: Sequence[Placed], told: Sequence[Told], as_of: date, *, kind: str, headed: bool
) -> list[Placed]:
    """The key dates that patterns `read`, but for those of which the words say clearly that they are another or none."""
    placed: list[Placed] = []
    kinds: dict[str, DateKind | None] = {NO_DATE: None, **{one: one for one in DATE_KINDS}}
    for number, one in enumerate(told):
        for at, stated in one.clause.dates:
            ours = [each for each in read if each.stated is stated]
            scores = learned.dates.scores(words_of_date(told, number, at, stated, as_of, kind=kind, headed=headed))
            scores[ours[0].kind if ours else NO_DATE] += _CLEARLY_ANOTHER_DATE
            is_now = kinds[max(scores, key=lambda label: scores[label])]
            if ours and is_now == ours[0].kind:
                placed += ours
            elif is_now is not None:
                day = day_of(is_now, stated, one.clause, at, as_of)
                placed.append(Placed(is_now, day, stated.precision, one.clause.sentence, stated))
    return settled(placed, as_of)
