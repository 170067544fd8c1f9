"""Whether a text mentions a topic: by a term, or by the law that it rests on."""

import re
from collections.abc import Iterator

from config.topics import Topic
from notifiers.acronyms import means_something_else
from notifiers.law_orders import ANOTHER_ACT, ORDER_BESIDE, orders_of_the_law
from notifiers.terms import Found, normal_word
from notifiers.vocabulary import Vocabulary, vocabulary_of

_REFERENCE = re.compile(r"[/-]\d")  # "PPO/25/117" numbers something
_BRACKETS = re.compile(r"\b(?P<last>\w+)(?P<said>\s*\([^()\n]{1,60}\))\s*(?P<next>\w+)")
_ORDER_OF_A_KIND = re.compile(r"(?i:\borders?(?: (?:of )?\d{4})?\s*\((?P<kind>\w+ [\w &-]{3,60})\))")
_NEAR = 60  # characters on each side of brackets within which a term may go on


def mentions(topic: Topic, text: str) -> list[Found]:
    """Where a text mentions the topic, in order. An acronym whose letters stand for something else there is none."""
    vocabulary = vocabulary_of(topic)
    terms = [*vocabulary.terms.find(text), *_bracketed(vocabulary, text), *_named_after(vocabulary, text)]
    found = [
        hit
        for hit in terms
        if not _REFERENCE.match(text, hit.end)
        or (ORDER_BESIDE.search(text, max(0, hit.start - _NEAR), hit.start) and not ANOTHER_ACT.search(text))
    ]
    sections = orders_of_the_law(topic, vocabulary, text) if topic.laws else []
    only_letters = not sections and all(hit.phrase in vocabulary.acronyms for hit in found)
    if only_letters and means_something_else(vocabulary, text, found):
        return []
    kept: list[Found] = []
    for hit in sorted([*found, *sections], key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _bracketed(vocabulary: Vocabulary, text: str) -> Iterator[Found]:
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


def _named_after(vocabulary: Vocabulary, text: str) -> Iterator[Found]:
    """Orders whose kind is in brackets: "the Mill Pool Order (Public Spaces Protection)"."""
    for order in _ORDER_OF_A_KIND.finditer(text):
        for hit in vocabulary.terms.find(f"{order['kind']} order"):
            if hit.start == 0 and hit.end > len(order["kind"]):
                yield Found(hit.phrase, *order.span())
