"""What a text says of a topic: whether it is about it, how far the process is, and which dates matter.

Everything is quoted from a sentence of the text, and nothing is worked out: a date that the text does not state is never
given, and a stage that it does not tell is "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.topics import Stage, Topic
from notifiers.first_reading import first_reading
from notifiers.key_dates import KeyDate, Placed, key_date
from notifiers.reading import Sentence, sentences
from notifiers.second_reading import weighed_dates, weighed_stage
from notifiers.stages import stage_of
from notifiers.terms import Found

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


def read_facts(topic: Topic, title: str, text: str, as_of: date, kind: str | None = None) -> Facts:
    """What a text says of a topic, true as of a day and by this text alone.

    Args:
        topic: whose vocabulary is looked for, and what its examples taught.
        title: the heading that the text stands under ("" for none).
        text: plain text, paragraphs parted by newlines.
        as_of: the day of the meeting; of a notice, decision or plan, the day of its publication.
        kind: what the text is ("minutes", "decision", "notice", "forward plan"), where it is known.
    """
    read = first_reading(topic, title, text, as_of, (kind or "").lower())
    if read is None:
        return Facts(False, (), "none", None, ())
    if topic.learned is not None:
        read = replace(read, dates=weighed_dates(topic.learned, read))
    ahead = "plan" in read.kind or "agenda" in read.kind
    stage, sentence = stage_of(topic, read.told, read.dates, as_of, headed=read.headed, ahead=ahead)
    if topic.learned is not None:
        stage, sentence = weighed_stage(topic.learned, read, stage, sentence)
    return Facts(
        True,
        tuple(read.found),
        stage,
        read.said[sentence].text if sentence is not None else None,
        tuple(key_date(p, read.said) for p in _wanted(read.dates, stage, as_of, record="decision" in read.kind)),
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
