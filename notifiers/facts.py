"""What a text says of a topic: whether it is about it, how far the process is, and which dates matter.

Everything is quoted from a sentence of the text, and nothing is worked out: a date that the text does not state is never
given, and a stage that it does not tell is "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.topics import Stage, Topic
from notifiers.attribution import Told, attribute
from notifiers.date_roles import is_consultation
from notifiers.dates import find_dates
from notifiers.key_dates import KeyDate, Placed, key_date, place_dates
from notifiers.mentions import mentions
from notifiers.reading import Sentence, clauses, sentences
from notifiers.stages import stage_of
from notifiers.terms import Found
from notifiers.weighing import weighed_dates, weighed_stage

__all__ = ["Facts", "Found", "KeyDate", "Sentence", "read_facts", "sentences"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What one text says of one topic, as of one day. `stage` is "none" where it tells of no step."""

    relevant: bool
    found: tuple[Found, ...]
    """Where the topic is named; offsets count from the start of the title, a newline and the text."""
    stage: Stage
    stage_sentence: str | None
    dates: tuple[KeyDate, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the topic's patterns read it: each clause with what it speaks of, and the key dates."""

    said: Sequence[Sentence]
    """The title, then the sentences of the text."""
    found: Sequence[Found]
    told: Sequence[Told]
    dates: Sequence[Placed]
    headed: bool
    """Whether the title names the topic."""


def read_text(topic: Topic, title: str, text: str, as_of: date, kind: str) -> Reading | None:
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
    dates = place_dates(topic, told, as_of, consulting=consulting, planned="plan" in kind)
    return Reading(said, found, told, dates, headed)


def read_facts(topic: Topic, title: str, text: str, as_of: date, kind: str | None = None) -> Facts:
    """What a text says of a topic, true as of a day and by this text alone.

    Args:
        topic: whose vocabulary is looked for, and what its examples taught.
        title: the heading that the text stands under ("" for none).
        text: plain text, paragraphs parted by newlines.
        as_of: the day of the meeting; of a notice, decision or plan, the day of its publication.
        kind: what the text is ("minutes", "decision", "notice", "forward plan"), where it is known.
    """
    of_kind = (kind or "").lower()
    read = read_text(topic, title, text, as_of, of_kind)
    if read is None:
        return Facts(False, (), "none", None, ())
    told, dates, headed = read.told, read.dates, read.headed
    if topic.learned is not None:
        dates = weighed_dates(topic.learned, dates, told, as_of, kind=of_kind, headed=headed)
    stage, sentence = stage_of(topic, told, dates, as_of, headed=headed, ahead="plan" in of_kind or "agenda" in of_kind)
    if topic.learned is not None:
        stage, sentence = weighed_stage(
            topic.learned, (stage, sentence), told, dates, as_of, kind=of_kind, headed=headed
        )
    return Facts(
        True,
        tuple(read.found),
        stage,
        read.said[sentence].text if sentence is not None else None,
        tuple(key_date(p, read.said) for p in _wanted(dates, stage, as_of, record="decision" in of_kind)),
    )


def _wanted(placed: Sequence[Placed], stage: Stage, as_of: date, *, record: bool) -> list[Placed]:
    """Without beginnings that are past where they do not begin the present term, and without the day of a decision that is
    told of, as the `record` of one does.
    """
    begun = [p for p in placed if p.kind == "comes into force" and p.last <= as_of]
    present = max(begun, key=lambda p: p.first, default=None)
    running = {p.sentence for p in placed if p.kind == "expires" and p.last >= as_of}
    return [
        p
        for p in placed
        if (p not in begun or (stage == "in force" and (p is present or p.sentence in running)))
        and not (p.kind == "decision due" and (stage == "decided" or record) and p.first <= as_of)
    ]
