"""Changes against watches: which watch is concerned, and the reason that the reader is given.

A change of text is matched on the paragraphs that changed, a change of state on the thing as it stands, and a stage or
key date that changed counts in whichever sentence it stands, where the thing is about the watch's topic. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final, Literal

from config.topics import Topic
from history.changes import Change
from notifiers.bulletin import Quote, ToldDate
from notifiers.facts import Facts, read_facts, sentences
from notifiers.matcher import Match, Matcher, Passage, Subject

Field = Literal["title", "text", "decision", "minutes", "document title", "document text"]
Why = Literal["words", "removed", "facts", "state", "standing"]

MOST_QUOTES: Final = 4
LONGEST_QUOTE: Final = 500
"""Characters; a longer sentence is cut around the words that matched."""

_KIND_THAT_BRINGS: Final[Mapping[str, str]] = {
    "title": "item.added",
    "text": "item.added",
    "decision": "decision.published",
    "minutes": "minutes.drafted",
    "document title": "document.added",
    "document text": "document.added",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a change is about, as it stands: an item, a document, a notice, or a whole meeting with its items.

    `texts` are (field, text), an item's own title first. `brought_by` is the kind of change that such a notice begins
    with. `dates` are those that the council gives in a column of its own. `as_of` is the meeting's day, or a notice's.
    """

    council: int
    slug: str
    committee: str | None
    as_of: date
    texts: tuple[tuple[str, str], ...]
    meeting: int | None = None
    item: int | None = None
    document: int | None = None
    notice: int | None = None
    brought_by: str | None = None
    dates: tuple[ToldDate, ...] = ()

    @property
    def is_meeting(self) -> bool:
        return self.item is None and self.document is None and self.notice is None


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


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A change (None: what stood there already) that a watch matched; who has the watch is the outbox's affair."""

    watch: str
    change: int | None
    thing: Thing
    reason: Reason


def alerts_for(change: Change, thing: Thing, matcher: Matcher, topics: Mapping[str, Topic]) -> tuple[NewAlert, ...]:
    """The watches that a change concerns, one alert for each. `thing` is what it is about, as it stands afterwards."""
    field = field_of(change)
    if field is None or change.before is change.after is None:
        found = _matched(matcher, thing, _as_it_stands(thing, change.kind), "state" if _is_state(change) else "words")
        return _alerts(change, thing, found, field, topics)
    added, removed = changed_paragraphs(change.before, change.after)
    found = _matched(matcher, thing, (Passage(field, added, change.kind),) if added else (), "words")
    more = _matched(matcher, thing, (Passage(field, removed, change.kind),) if removed else (), "removed")
    more += _facts_changed(change, thing, field, matcher, topics)
    for match, passages, why in more:
        if all(match.watch is not known.watch for known, _, _ in found):
            found.append((match, passages, why))
    return _alerts(change, thing, found, field, topics)


def alerts_for_standing(thing: Thing, matcher: Matcher, topics: Mapping[str, Topic]) -> tuple[NewAlert, ...]:
    """The watches that a thing concerns which stood there before anybody looked, for a summary."""
    passages = tuple(
        Passage(field, text, thing.brought_by or _KIND_THAT_BRINGS[field]) for field, text in thing.texts if text
    )
    return _alerts(None, thing, _matched(matcher, thing, passages, "standing"), None, topics)


def field_of(change: Change) -> Field | None:
    """The field whose text a change altered, as watches name fields; None for a change of state or of a plain value."""
    if change.field not in ("title", "text", "decision", "minutes"):
        return None
    if change.document is not None and change.field in ("title", "text"):
        return "document title" if change.field == "title" else "document text"
    if change.notice is not None and change.field == "text" and change.kind.startswith("decision."):
        return "decision"
    return change.field  # type: ignore[return-value]


def changed_paragraphs(before: str | None, after: str | None) -> tuple[str, str]:
    """The paragraphs that only the later text has, and those that only the earlier one had; order is no change."""
    old, new = _paragraphs(before), _paragraphs(after)
    added = [text for key, text in new.items() if key not in old]
    removed = [text for key, text in old.items() if key not in new]
    return "\n".join(added), "\n".join(removed)


def facts_of(topic: Topic, thing: Thing) -> Facts:
    """What a thing as it stands says of a topic."""
    return read_facts(topic, *_title_and_text(thing.texts), thing.as_of)


_Found = list[tuple[Match, tuple[Passage, ...], Why]]


def _is_state(change: Change) -> bool:
    return change.kind not in (
        "item.added",
        "document.added",
        "decision.published",
        "plan.added",
        "consultation.opened",
    )


def _paragraphs(text: str | None) -> dict[str, str]:
    return {" ".join(line.split()): line for line in (text or "").split("\n") if line.strip()}


def _as_it_stands(thing: Thing, kind: str) -> tuple[Passage, ...]:
    return tuple(Passage(field, text, kind) for field, text in thing.texts if text)


def _matched(matcher: Matcher, thing: Thing, passages: tuple[Passage, ...], why: Why) -> _Found:
    if not passages:
        return []
    subject = Subject(thing.slug, thing.committee, passages)
    # The items of a published agenda are told one by one; the agenda itself only to who asked for that kind by name.
    return [
        (match, passages, why)
        for match in matcher.match(subject)
        if passages[0].kind != "agenda.published" or match.watch.kinds is not None
    ]


def _facts_changed(change: Change, thing: Thing, field: Field, matcher: Matcher, topics: Mapping[str, Topic]) -> _Found:
    """Watches of a topic that the thing is about, where its stage or a key date is another than before the change."""
    candidates = [
        entry
        for entry in _matched(matcher, thing, _as_it_stands(thing, change.kind), "facts")
        if entry[0].watch.topic is not None and (entry[0].watch.fields is None or field in entry[0].watch.fields)
    ]
    if not candidates:
        return []
    before = tuple((name, (change.before or "") if name == field else text) for name, text in thing.texts)
    moved: dict[str, bool] = {}
    for match, _, _ in candidates:
        slug = match.watch.topic or ""
        if slug not in moved:
            then = read_facts(topics[slug], *_title_and_text(before), thing.as_of)
            moved[slug] = _told(then) != _told(facts_of(topics[slug], thing))
    return [entry for entry in candidates if moved[entry[0].watch.topic or ""]]


def _told(facts: Facts) -> tuple[str, frozenset[tuple[str, str]]]:
    return facts.stage, frozenset((told.kind, told.date) for told in facts.dates)


def _title_and_text(texts: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """A thing's own title, and everything else that it says."""
    (first, title), *rest = list(texts) or [("title", "")]
    if first not in ("title", "document title"):
        title, rest = "", [(first, title), *rest]
    return title, "\n\n".join(text for _, text in rest if text)


def _alerts(
    change: Change | None, thing: Thing, found: _Found, field: Field | None, topics: Mapping[str, Topic]
) -> tuple[NewAlert, ...]:
    read: dict[tuple[str, tuple[Passage, ...]], _Told] = {}
    made = []
    for match, passages, why in found:
        told = _NOTHING
        if match.watch.topic is not None:
            key = match.watch.topic, passages
            if key not in read:
                read[key] = _tell(topics[match.watch.topic], thing, passages if why == "words" else ())
            told = read[key]
        reason = _reason((match, passages, why), told, thing, field)
        made.append(NewAlert(match.watch.name, change.id if change else None, thing, reason))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Told:
    stage: str | None
    stage_sentence: str | None
    dates: tuple[ToldDate, ...]


_NOTHING: Final = _Told(None, None, ())


def _tell(topic: Topic, thing: Thing, changed: Sequence[Passage]) -> _Told:
    """Stage and dates: those that the changed text tells, then what the whole thing adds to them."""
    whole = facts_of(topic, thing)
    facts = [whole]
    if changed:
        title = _title_and_text(thing.texts)[0]
        own = "\n".join(p.text for p in changed if p.field not in ("title", "document title"))
        facts.insert(0, read_facts(topic, title, own, thing.as_of))
    stage = next((said for said in facts if said.stage != "none"), whole)
    dates: dict[tuple[str, str], ToldDate] = {}
    for said in facts:
        for told in said.dates:
            dates.setdefault((told.kind, told.date), ToldDate(told.kind, told.date, told.precision, told.sentence))
    for column in thing.dates:
        dates.setdefault((column.kind, column.date), column)
    return _Told(stage.stage, stage.stage_sentence, tuple(dates.values()))


def _reason(entry: tuple[Match, tuple[Passage, ...], Why], told: _Told, thing: Thing, field: Field | None) -> Reason:
    match, passages, why = entry
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


def _quotes(match: Match, passages: tuple[Passage, ...], told: _Told, thing: Thing) -> tuple[Quote, ...]:
    """The sentences that tell stage and dates, then those with the words; a thing does not quote its own title."""
    title = "" if thing.is_meeting else " ".join(_title_and_text(thing.texts)[0].split())
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
