"""The reason of an alert: the words, the sentences that hold them, and the stage and dates that they tell. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from config.topics import Topic
from notifiers.bulletin import Quote, ToldDate
from notifiers.matcher import Match, Passage
from notifiers.thing import Field, Thing, facts_in, facts_of

Why = Literal["words", "removed", "facts", "state", "standing"]

MOST_QUOTES: Final = 3
LONGEST_QUOTE: Final = 500
"""Characters; a longer sentence is cut around the words that matched."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is told, as kept in `alerts.reason` (JSON).

    `why`: "words" stand in what changed; "removed": they stood in what was taken out; "facts": a stage or key
    date changed; "state": the thing itself was cancelled, moved, withdrawn; "standing": it stood there already.
    """

    words: tuple[str, ...]
    fields: tuple[str, ...]
    quotes: tuple[Quote, ...]
    why: Why
    changed: str | None = None
    topic: str | None = None
    stage: str | None = None
    stage_sentence: str | None = None
    dates: tuple[ToldDate, ...] = ()
    as_of: str | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Reason:
        said = json.loads(text)
        quotes = tuple(
            Quote(q["sentence"], tuple((start, end) for start, end in q["spans"]), q["field"])
            for q in said.pop("quotes")
        )
        dates = tuple(ToldDate(**told) for told in said.pop("dates"))
        return cls(
            **{**said, "words": tuple(said["words"]), "fields": tuple(said["fields"])}, quotes=quotes, dates=dates
        )


Found = tuple[Match, tuple[Passage, ...], Why]
"""A match, the passages that it was found in, and why they were looked at."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells of a topic: its stage, and its key dates."""

    stage: str | None
    stage_sentence: str | None
    dates: tuple[ToldDate, ...]


NOTHING: Final = Told(None, None, ())


def tell(topic: Topic, thing: Thing, changed: Sequence[Passage]) -> Told:
    """Stage and dates: those that the changed text tells, then what the whole thing adds to them."""
    whole = facts_of(topic, thing)
    facts = [whole]
    if changed:
        own = [(p.field, p.text) for p in changed if p.field not in ("title", "document title")]
        facts.insert(0, facts_in(topic, thing, (*thing.texts[:1], *own)))
    stage = next((said for said in facts if said.stage != "none"), whole)
    dates: dict[tuple[str, str], ToldDate] = {}
    for said in facts:
        for told in said.dates:
            dates.setdefault((told.kind, told.date), ToldDate(told.kind, told.date, told.precision, told.sentence))
    for column in thing.dates:
        dates.setdefault((column.kind, column.date), column)
    return Told(stage.stage, stage.stage_sentence, tuple(dates.values()))


def reason_for(found: Found, told: Told, thing: Thing, field: Field | None) -> Reason:
    """Why a watch is told of a thing; `field` is the one whose text changed, if one did."""
    match, passages, why = found
    words = [passages[hit.passage].text[hit.start : hit.end] for hit in match.hits]
    return Reason(
        words=tuple(dict.fromkeys(" ".join(word.split()) for word in words)),
        fields=tuple(dict.fromkeys(passages[hit.passage].field for hit in match.hits)),
        quotes=_quotes(match, passages, told, thing),
        why=why,
        changed=field,
        topic=match.watch.topic,
        stage=told.stage,
        stage_sentence=told.stage_sentence,
        dates=told.dates or thing.dates,
        as_of=thing.as_of.isoformat(),
    )


def _quotes(match: Match, passages: tuple[Passage, ...], told: Told, thing: Thing) -> tuple[Quote, ...]:
    """The sentences that tell stage and dates, then those with the words; a thing does not quote its own title."""
    from notifiers.facts import sentences  # noqa: PLC0415  loaded with the first text that is to be told of

    title = "" if thing.is_meeting else " ".join(thing.title.split())
    wanted = [s for s in (told.stage_sentence, *(told_date.sentence for told_date in told.dates)) if s and s != title]
    ranked: dict[str, tuple[int, int, Quote]] = {}
    for number, passage in enumerate(passages):
        hits = [(hit.start, hit.end) for hit in match.hits if hit.passage == number]
        own_title = passage.field in ("title", "document title") and not thing.is_meeting
        if own_title or not (hits or wanted):
            continue
        for sentence in sentences(passage.text):
            spans = tuple(
                (max(start, sentence.start) - sentence.start, min(end, sentence.end) - sentence.start)
                for start, end in hits
                if start < sentence.end and end > sentence.start
            )
            rank = wanted.index(sentence.text) if sentence.text in wanted else len(wanted)
            if (spans or rank < len(wanted)) and sentence.text not in ranked:
                quote = _clipped(Quote(sentence.text, spans, passage.field))
                ranked[sentence.text] = rank, len(ranked), quote
    for rank, text in enumerate(wanted):  # told in a part of the thing that did not change
        if text not in ranked:
            ranked[text] = rank, len(ranked), _clipped(Quote(text, (), _field_with(thing, text)))
    return tuple(quote for _, _, quote in sorted(ranked.values(), key=lambda entry: entry[:2])[:MOST_QUOTES])


def _field_with(thing: Thing, sentence: str) -> str:
    return next((field for field, text in thing.texts if sentence in text), "")


def _clipped(quote: Quote) -> Quote:
    """A sentence that is too long, cut at words around the first of those that matched."""
    if len(quote.sentence) <= LONGEST_QUOTE:
        return quote
    middle = quote.spans[0][0] if quote.spans else 0
    start = max(0, min(middle - LONGEST_QUOTE // 3, len(quote.sentence) - LONGEST_QUOTE))
    start = quote.sentence.find(" ", start) + 1 if start else 0
    end = start + LONGEST_QUOTE
    end = len(quote.sentence) if end >= len(quote.sentence) else quote.sentence.rfind(" ", start, end)
    end = end if end > start else start + LONGEST_QUOTE  # one word without end
    lead = "… " if start else ""
    shift = len(lead) - start
    spans = tuple((s + shift, e + shift) for s, e in quote.spans if s >= start and e <= end)
    return Quote(lead + quote.sentence[start:end] + (" …" if end < len(quote.sentence) else ""), spans, quote.field)
