"""A text as a topic's patterns read it: where it speaks of the topic, what each clause speaks of, and the key dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.topics import Topic
from notifiers.attribution import Told, attribute
from notifiers.date_roles import is_consultation
from notifiers.dates import Stated, find_dates
from notifiers.key_dates import Placed, place_dates
from notifiers.mentions import mentions
from notifiers.reading import Sentence, clauses, sentences
from notifiers.terms import Found


@dataclass(frozen=True, slots=True)
class Reading:
    """One text read for one topic, as of one day."""

    topic: Topic
    as_of: date
    kind: str
    """What the text is, in lower case ("minutes"); "" where it is not known."""
    said: Sequence[Sentence]
    """The title, then the sentences of the text."""
    found: Sequence[Found]
    told: Sequence[Told]
    dates: Sequence[Placed]
    refused: Sequence[Stated]
    """Dates that are plainly no key dates."""
    headed: bool
    """Whether the title names the topic."""


def first_reading(topic: Topic, title: str, text: str, as_of: date, kind: str) -> Reading | None:
    """A text as the topic's patterns read it; None where it does not speak of the topic."""
    whole = f"{title}\n{text}"
    found = mentions(topic, whole)
    if not found:
        return None
    begin = len(title) + 1
    said = [
        Sentence(title, 0, len(title)),
        *(Sentence(s.text, s.start + begin, s.end + begin) for s in sentences(text)),
    ]
    read = clauses(said, [(hit.start, hit.end) for hit in found], find_dates(whole))
    heading_clauses = [clause for clause in read if clause.sentence == 0]
    headed = any(" @topic " in clause.line for clause in heading_clauses)
    other = any(
        hit.label == "elsewhere" for clause in heading_clauses for hit in topic.matters.find(clause.line, clause.starts)
    )
    # The page of a consultation is about what it asks of, though its title may not name it.
    about = headed or ("consultation" in kind and not other)
    told = attribute(
        topic, read, True if about else False if other else None, "decision" if "decision" in kind else None
    )
    consulting = "consultation" in kind or any(is_consultation(clause) for clause in heading_clauses)
    dates, refused = place_dates(topic, told, as_of, consulting=consulting, planned="plan" in kind)
    return Reading(topic, as_of, kind, said, found, told, dates, refused, headed)
