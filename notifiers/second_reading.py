"""A second reading, by the weight of words: what the examples of a topic taught, where its patterns are in doubt.

Patterns read what they were written for, and read it well; what clerks say in other words they miss. Words, counted over
thousands of labelled texts, are seldom at a loss and often a little wrong. The two err on different texts, so that both
together are right more often than either: what the patterns read holds unless the words speak clearly for another reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, takewhile
from math import inf

from config.topics import DATE_KINDS, STAGES, Stage
from config.weights import Learned
from notifiers.attribution import Told
from notifiers.dates import Stated, resolve
from notifiers.first_reading import Reading
from notifiers.key_dates import Placed, day_of, settled
from notifiers.reading import Clause

NO_DATE = "no key date"

# How clearly the words must speak for another reading than the patterns', as a logarithm of odds: that patterns find
# nothing is said of what nobody foresaw too, and so says less than what they find.
_ANOTHER_STEP, _A_STEP_AFTER_ALL = 1.5, 1.0
_ANOTHER_DATE, _A_DATE_AFTER_ALL = 1.5, 0.5
_STATES = ("in force", "none")  # what patterns read where they find no step
_BEGINNINGS, _ENDINGS = (3, 4, 5, 6), (3, 4)  # letters by which the forms of a word are known as the same
_NEAR = 4  # words beside a date whose place counts
_A_YEAR = timedelta(days=366)
_BEFORE = 2  # clauses before that of a date


def words_of_text(read: Reading) -> dict[int, set[str]]:
    """What may show the stage, by the number of its sentence; what is said of the whole text stands at -1.

    Of clauses that speak of the topic each word and pair of words counts twice, once led by a letter for how they do: "h"
    as the heading, "t" by its name, "a" otherwise; of another place or time ("x") only so led.
    """
    said: dict[int, set[str]] = {-1: {f"kind {read.kind}", *(["headed"] if read.headed else [])}}
    said[-1] |= {f"date {one.kind} {_when(one.first, one.last, read.as_of)}" for one in read.dates}
    for one in read.told:
        if not (one.about or one.topic or one.clause.sentence == 0):
            continue
        words = said.setdefault(one.clause.sentence, set())
        place = "x" if one.aside else "h" if one.clause.sentence == 0 else "t" if one.topic else "a"
        tokens = ["^", *_tokens(one.clause, 0, None, read.as_of), f"${one.clause.mark}"]
        pairs = [f"{first} {second}" for first, second in pairwise(tokens)]
        words.update(f"{place} {token}" for token in (*tokens, *pairs))
        if not one.aside:
            words.update(tokens, pairs)
            words.update(form for token in tokens for form in _forms(token))
        for table, patterns in (("shows", read.topic.stages), ("unless", read.topic.unless)):
            hits = patterns.find(one.clause.line, one.clause.starts)
            words.update(f"{place} {table} {hit.label}" for hit in hits)
    return said


def words_of_date(read: Reading, number: int, at: int, stated: Stated) -> set[str]:
    """What may show which date the one at `at` in the line of the clause with this `number` is."""
    told, as_of = read.told, read.as_of
    one = told[number]
    clause = one.clause
    when = "unsaid" if stated.year is None else "past" if resolve(stated, as_of, past=False) < as_of else "ahead"
    place = [start for start, _ in clause.dates].index(at)
    said = {
        f"when {when}",
        f"when {when} {read.kind}",
        f"kind {read.kind}",
        f"precision {stated.precision}",
        f"date {min(place, 3)} of {min(len(clause.dates), 4)}",
        f"aside {one.aside}",
        "about" if one.about else "apart",
        *(["headed"] if read.headed else []),
        *(["named"] if one.topic else []),
        *(["ends span"] if stated.follows else []),
        *(["begins span"] if any(later.follows for _, later in clause.dates[place + 1 : place + 2]) else []),
    }
    for hit in read.topic.dates.find(clause.line, clause.starts):
        said.add(f"shows {hit.label}" if hit.date == at else f"shows beside {hit.label}")
    last = _last_before(told, number, place)
    if last is not None:
        was = next((one.kind for one in read.dates if one.stated is last), NO_DATE)
        said.add(f"after {was}")
        if place:
            said.add(f"right after {was}{' in span' if stated.follows else ''}")
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
    for other in takewhile(lambda one: one.clause.sentence == 0, told):
        said.update(f"heading {word}" for word in other.clause.line.split())
    return said


def _when(first: date, last: date, as_of: date) -> str:
    return "past" if last < as_of else "ahead" if first - as_of <= _A_YEAR else "far ahead"


def _last_before(told: Sequence[Told], number: int, place: int) -> Stated | None:
    """The date that is stated before the one at a place in a clause."""
    if place:
        return told[number].clause.dates[place - 1][1]
    before = (told[earlier].clause.dates for earlier in range(number - 1, -1, -1))
    return next((dates[-1][1] for dates in before if dates), None)


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


def weighed_stage(learned: Learned, read: Reading, stage: Stage, sentence: int | None) -> tuple[Stage, int | None]:
    """The stage and the number of its sentence: what patterns read, or what the words speak for more clearly."""
    said = words_of_text(read)
    scores = learned.stages.scores(set().union(*said.values()))
    label = _heard(scores, stage, _A_STEP_AFTER_ALL if stage in _STATES else _ANOTHER_STEP)
    if label == stage:
        return stage, sentence
    likeliest = next(one for one in STAGES if one == label)
    sentences = [number for number in said if number >= 0]
    telling = max(sentences, key=lambda one: (one > 0, learned.stages.speaks(said[one], label)), default=None)
    return likeliest, telling if likeliest != "none" else None


def weighed_dates(learned: Learned, read: Reading) -> list[Placed]:
    """The key dates that patterns read, but for those of which the words say clearly that they are another or none."""
    placed: list[Placed] = []
    refused = {id(stated) for stated in read.refused}
    for number, one in enumerate(read.told):
        for at, stated in one.clause.dates:
            if id(stated) in refused:
                continue
            ours = [each for each in read.dates if each.stated is stated]
            said, clearly = (ours[0].kind, _ANOTHER_DATE) if ours else (NO_DATE, _A_DATE_AFTER_ALL)
            label = _heard(learned.dates.scores(words_of_date(read, number, at, stated)), said, clearly)
            kind = next((known for known in DATE_KINDS if known == label), None)
            if ours and kind == ours[0].kind:
                placed += ours
            elif kind is not None:
                day = day_of(kind, stated, one.clause, at, read.as_of)
                placed.append(Placed(kind, day, stated.precision, one.clause.sentence, stated))
    return settled(placed, read.as_of)


def _heard(scores: Mapping[str, float], read: str, clearly: float) -> str:
    """The likeliest label, unless what patterns `read` is hardly less likely, or no example was of that."""
    likeliest = max(scores, key=lambda label: scores[label])
    return likeliest if scores.get(read, inf) + clearly < scores[likeliest] else read
