"""Changes against watches: which watch is concerned, and the reason that the reader is given.

A change of text is matched on the paragraphs that changed, a change of state on the thing as it stands, and a stage or
key date that changed counts in whichever sentence it stands, where the thing is about the watch's topic. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.topics import Topic
from history.changes import Change
from notifiers.matcher import Matcher, Passage, Subject
from notifiers.reasons import NOTHING, Found, Reason, Told, Why, reason_for, tell
from notifiers.thing import Field, Thing, facts_in, facts_of

if TYPE_CHECKING:
    from notifiers.facts import Facts

_KIND_THAT_BRINGS: Final[Mapping[str, str]] = {
    "title": "item.added",
    "text": "item.added",
    "decision": "decision.published",
    "minutes": "minutes.drafted",
    "document title": "document.added",
    "document text": "document.added",
}


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
        passages = _as_it_stands(thing, change.kind)
        if _is_state(change):
            return _alerts(change, thing, _matched(matcher, thing, passages, "state"), field, topics)
        new = tuple(passage for passage in passages if passage.field not in thing.told_apart)
        return _alerts(change, thing, _matched(matcher, thing, new, "words"), field, topics)
    if change.kind == "document.replaced" and change.after is None:  # by a file whose text cannot be read
        known = Passage(field, change.before or "", change.kind)
        passages = (*_as_it_stands(thing, change.kind), known)
        return _alerts(change, thing, _matched(matcher, thing, passages, "state"), field, topics)
    added, removed = changed_paragraphs(change.before, change.after)
    found = _matched(matcher, thing, (Passage(field, added, change.kind),) if added else (), "words")
    more = _matched(matcher, thing, (Passage(field, removed, change.kind),) if removed else (), "removed")
    found += _of_others(more, found)
    found += _facts_changed(
        change, thing, field, _of_others(_on_the_whole(change, thing, field, matcher), found), topics
    )
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
    known, standing = {key for key, _ in old}, {key for key, _ in new}
    added = [text for key, text in new if key not in known]
    removed = [text for key, text in old if key not in standing]
    return "\n".join(added), "\n".join(removed)


def _is_state(change: Change) -> bool:
    return change.kind not in (
        "item.added",
        "document.added",
        "decision.published",
        "plan.added",
        "consultation.opened",
    )


def _paragraphs(text: str | None) -> list[tuple[str, str]]:
    """Each paragraph with the words by which it is known again; one that is said twice stands twice."""
    return [(" ".join(line.split()), line) for line in (text or "").split("\n") if line.strip()]


def _as_it_stands(thing: Thing, kind: str) -> tuple[Passage, ...]:
    return tuple(Passage(field, text, kind) for field, text in thing.texts if text)


def _matched(matcher: Matcher, thing: Thing, passages: tuple[Passage, ...], why: Why) -> list[Found]:
    if not passages:
        return []
    subject = Subject(thing.slug, thing.committee, passages)
    # What an agenda or minutes say is told item by item; that they are out, or agreed, only to who asked for it by name.
    return [
        (match, passages, why)
        for match in matcher.match(subject)
        if passages[0].kind not in ("agenda.published", "minutes.approved") or match.watch.kinds is not None
    ]


def _of_others(more: Sequence[Found], found: Sequence[Found]) -> list[Found]:
    """Those of watches that were not found yet."""
    return [entry for entry in more if all(entry[0].watch is not known[0].watch for known in found)]


def _on_the_whole(change: Change, thing: Thing, field: Field, matcher: Matcher) -> list[Found]:
    """Watches of a topic that the thing as it stands is about, and that look at the field that changed."""
    return [
        entry
        for entry in _matched(matcher, thing, _as_it_stands(thing, change.kind), "facts")
        if entry[0].watch.topic is not None and (entry[0].watch.fields is None or field in entry[0].watch.fields)
    ]


def _facts_changed(
    change: Change, thing: Thing, field: Field, candidates: list[Found], topics: Mapping[str, Topic]
) -> list[Found]:
    """Those of the candidates of whose topic the thing tells another stage or key date than before the change."""
    before = tuple((name, (change.before or "") if name == field else text) for name, text in thing.texts)
    moved: dict[str, bool] = {}
    for match, _, _ in candidates:
        slug = match.watch.topic or ""
        if slug not in moved:
            then = facts_in(topics[slug], thing, before)
            moved[slug] = _is_news(then, facts_of(topics[slug], thing))
    return [entry for entry in candidates if moved[entry[0].watch.topic or ""]]


def _is_news(before: Facts, after: Facts) -> bool:
    """Another date, or another stage; that a text tells of no stage any more is none."""
    dates = [{(told.kind, told.date) for told in facts.dates} for facts in (before, after)]
    return dates[0] != dates[1] or after.stage not in ("none", before.stage)


def _alerts(
    change: Change | None, thing: Thing, found: list[Found], field: Field | None, topics: Mapping[str, Topic]
) -> tuple[NewAlert, ...]:
    read: dict[tuple[str, tuple[Passage, ...]], Told] = {}
    made = []
    for match, passages, why in found:
        told = NOTHING
        if match.watch.topic is not None:
            key = match.watch.topic, passages
            if key not in read:
                read[key] = tell(topics[match.watch.topic], thing, passages if why == "words" else ())
            told = read[key]
        reason = reason_for((match, passages, why), told, thing, field)
        made.append(NewAlert(match.watch.name, change.id if change else None, thing, reason))
    return tuple(made)
