"""Which watches a text concerns: compiled once, then one walk over the text whatever the number of watches.

A watch says what must be there: its `topic`, one of `any`, all of `all`, all of `near` within so many words, and
nothing of `none`. Every key that it gives must hold in the texts that it looks at: those of its fields, and of the
kinds of change that it wants. Only watches whose rarest-looking term was found are evaluated at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.topics import Topic
from config.watches import Watch
from notifiers.terms import Phrases, normalise


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to be matched, the field it stands in ("document title"), and the kind of change it comes with."""

    field: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is matched in one go: the passages of a change, or of a thing as it stands."""

    council: str
    committee: str | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Words that matched: which passage of the subject, and where in its text."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A watch that the subject concerns, and the words that show it, in the subject's order."""

    watch: Watch
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    watch: Watch
    committees: frozenset[str] | None
    fields: frozenset[str] | None
    kinds: frozenset[str] | None

    def wants(self, passage: Passage) -> bool:
        return (self.fields is None or passage.field in self.fields) and (
            self.kinds is None or passage.kind in self.kinds
        )


@dataclass(slots=True)
class _Walked:
    """What one walk over a subject found, and what was worked out from it so far."""

    subject: Subject
    terms: dict[str, list[Hit]]
    topics: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    words: dict[int, list[int]] = field(default_factory=dict)

    def word_of(self, hit: Hit) -> int:
        """The place of a hit's first word among its passage's words."""
        if hit.passage not in self.words:
            self.words[hit.passage] = [s for s, _ in normalise(self.subject.passages[hit.passage].text).spans]
        return bisect_right(self.words[hit.passage], hit.start) - 1


def plain_name(name: str) -> str:
    """A committee's name as compared: case, hyphens and plurals do not matter."""
    return normalise(name).text


class Matcher:
    """Watches, compiled. `topics` are those that the watches may name, and those of which milestones are kept."""

    def __init__(self, watches: Sequence[Watch], topics: Mapping[str, Topic]) -> None:
        self._topics = topics
        self._watches = [_compile(watch) for watch in watches]
        # term or topic -> council (None: any) -> the watches to evaluate
        self._by_term: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._by_topic: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        terms: dict[str, None] = {}
        for index, watch in enumerate(watches):
            terms.update(dict.fromkeys((*watch.any, *watch.all, *watch.none, *watch.near)))
            own, by_topic = _triggers(watch)
            for council in watch.councils or (None,):
                for term in own:
                    self._by_term[term][council].append(index)
                if by_topic is not None:
                    self._by_topic[by_topic][council].append(index)
        self._topics_of: dict[str, list[str]] = defaultdict(list)
        for slug, topic in topics.items():
            for term in _words_of(topic):
                self._topics_of[term].append(slug)
        self._phrases = Phrases([*terms, *self._topics_of])

    def match(self, subject: Subject) -> tuple[Match, ...]:
        """The watches that the subject concerns, in the order in which they were given."""
        walked = self._walk(subject)
        touched = {
            index
            for term in walked.terms
            if term in self._by_term
            for index in _of_council(self._by_term[term], subject.council)
        }
        for slug in self._topics_touched(walked):
            if slug in self._by_topic and self._topic(walked, slug):
                touched.update(_of_council(self._by_topic[slug], subject.council))
        matches = []
        for index in sorted(touched):
            hits = self._evaluate(self._watches[index], walked)
            if hits:
                matches.append(Match(self._watches[index].watch, hits))
        return tuple(matches)

    def topics(self, subject: Subject) -> tuple[str, ...]:
        """The topics that the subject speaks of, watched or not."""
        walked = self._walk(subject)
        return tuple(slug for slug in self._topics_touched(walked) if self._topic(walked, slug))

    def _walk(self, subject: Subject) -> _Walked:
        terms: dict[str, list[Hit]] = defaultdict(list)
        for number, passage in enumerate(subject.passages):
            for found in self._phrases.find(passage.text):
                terms[found.phrase].append(Hit(number, found.start, found.end))
        return _Walked(subject, terms)

    def _topics_touched(self, walked: _Walked) -> list[str]:
        return sorted({slug for term in walked.terms for slug in self._topics_of.get(term, ())})

    def _topic(self, walked: _Walked, slug: str) -> tuple[Hit, ...]:
        """Where the topic is spoken of; the whole subject decides whether a term means what it seems to."""
        if slug not in walked.topics:
            walked.topics[slug] = tuple(_mentions(self._topics[slug], walked.subject))
        return walked.topics[slug]

    def _evaluate(self, compiled: _Compiled, walked: _Walked) -> tuple[Hit, ...]:
        """The words that make the watch match; nothing where it does not."""
        watch, subject = compiled.watch, walked.subject
        if compiled.committees is not None and plain_name(subject.committee or "") not in compiled.committees:
            return ()
        wants = [compiled.wants(passage) for passage in subject.passages]

        def hits_of(term: str) -> list[Hit]:
            return [hit for hit in walked.terms.get(term, ()) if wants[hit.passage]]

        if any(hits_of(term) for term in watch.none):
            return ()
        conditions: list[list[Hit]] = []
        if watch.topic is not None:
            conditions.append([hit for hit in self._topic(walked, watch.topic) if wants[hit.passage]])
        if watch.any:
            conditions.append([hit for term in watch.any for hit in hits_of(term)])
        conditions += [hits_of(term) for term in watch.all]
        if watch.near:
            conditions.append(_near([hits_of(term) for term in watch.near], watch.within, walked))
        if not conditions or not all(conditions):
            return ()
        return _longest({hit for condition in conditions for hit in condition})


def _compile(watch: Watch) -> _Compiled:
    return _Compiled(
        watch,
        None if watch.committees is None else frozenset(plain_name(name) for name in watch.committees),
        None if watch.fields is None else frozenset(watch.fields),
        None if watch.kinds is None else frozenset(watch.kinds),
    )


def _triggers(watch: Watch) -> tuple[tuple[str, ...], str | None]:
    """The terms of which one must be found before the watch is evaluated, or its topic. Long terms are rare ones."""
    if watch.all:
        return (max(watch.all, key=len),), None
    if watch.near:
        return (max(watch.near, key=len),), None
    return (tuple(watch.any), None) if watch.any else ((), watch.topic)


def _words_of(topic: Topic) -> tuple[str, ...]:
    acts = [act for law in topic.laws for act in law.acts]
    return tuple(dict.fromkeys((*topic.terms, *topic.misspellings, *topic.welsh, *acts)))


def _of_council(by_council: Mapping[str | None, list[int]], council: str) -> Iterable[int]:
    yield from by_council.get(None, ())
    yield from by_council.get(council, ())


def _mentions(topic: Topic, subject: Subject) -> Iterable[Hit]:
    """The topic's words in each passage, where the passages together show that the topic is meant."""
    from notifiers.mentions import mentions  # noqa: PLC0415  its patterns are compiled for the first text on a topic

    starts, length = [], 0
    for passage in subject.passages:
        starts.append(length)
        length += len(passage.text) + 2
    text = "\n\n".join(passage.text for passage in subject.passages)
    for found in mentions(topic, text):
        number = bisect_right(starts, found.start) - 1
        start, end = found.start - starts[number], found.end - starts[number]
        if end <= len(subject.passages[number].text):
            yield Hit(number, start, end)


def _longest(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits in order, without those that stand within another."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.passage, hit.start, -hit.end)):
        if not kept or hit.passage != kept[-1].passage or hit.end > kept[-1].end:
            kept.append(hit)
    return tuple(kept)


def _near(terms: Sequence[list[Hit]], within: int, walked: _Walked) -> list[Hit]:
    """Hits of every term that stand in one passage, the first and last of them at most `within` words apart."""
    places = sorted((hit.passage, walked.word_of(hit), hit, term) for term, hits in enumerate(terms) for hit in hits)
    near: set[Hit] = set()
    first = 0
    have: dict[int, int] = defaultdict(int)
    for last, (passage, word, _, term) in enumerate(places):
        have[term] += 1
        while places[first][0] != passage or word - places[first][1] > within:
            have[places[first][3]] -= 1
            first += 1
        if all(have[number] for number in range(len(terms))):
            near.update(hit for _, _, hit, _ in places[first : last + 1])
    return sorted(near)
