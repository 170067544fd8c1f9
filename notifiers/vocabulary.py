"""The words by which a topic is known, made ready to be looked for."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from config.topics import Topic, all_terms
from notifiers.terms import Phrases, normalise


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a topic is known by."""

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
def vocabulary_of(topic: Topic) -> Vocabulary:
    """The topic's words, compiled once."""
    terms = all_terms(topic)
    return Vocabulary(
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
