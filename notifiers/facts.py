"""What a text says of a topic: whether it is about it, how far the process is, and which dates matter.

Everything is quoted from a sentence of the text, and nothing is worked out: a date that the text does not state is never
given, and a stage that it does not tell is "none".
"""

from dataclasses import dataclass
from datetime import date

from config.topics import Stage, Topic
from notifiers.attribution import attribute
from notifiers.date_roles import is_consultation
from notifiers.dates import find_dates
from notifiers.key_dates import KeyDate, Placed, key_date, place_dates
from notifiers.mentions import mentions
from notifiers.reading import Sentence, clauses, sentences
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
        topic: whose vocabulary is looked for.
        title: the heading that the text stands under ("" for none).
        text: plain text, paragraphs parted by newlines.
        as_of: the day of the meeting; of a notice, decision or plan, the day of its publication.
        kind: what the text is ("minutes", "decision", "notice", "forward plan"), where it is known.
    """
    whole = f"{title}\n{text}"
    found = mentions(topic, whole)
    if not found:
        return Facts(False, (), "none", None, ())
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
    of_kind = (kind or "").lower()
    # The page of a consultation is about what it asks of, though its title may not name it.
    about = headed or ("consultation" in of_kind and not other)
    told = attribute(
        topic, read, True if about else False if other else None, "decision" if "decision" in of_kind else None
    )
    consulting = "consultation" in of_kind or any(is_consultation(clause) for clause in heading_clauses)
    ahead = "plan" in of_kind or "agenda" in of_kind
    placed = place_dates(topic, told, as_of, consulting=consulting, planned="plan" in of_kind)
    stage, sentence = stage_of(topic, told, placed, as_of, headed=headed, ahead=ahead)
    return Facts(
        True,
        tuple(found),
        stage,
        said[sentence].text if sentence is not None else None,
        tuple(key_date(p, said) for p in _wanted(placed, stage, as_of, record="decision" in of_kind)),
    )


def _wanted(placed: list[Placed], stage: Stage, as_of: date, *, record: bool) -> list[Placed]:
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
