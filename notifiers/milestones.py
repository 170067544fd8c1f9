"""Stages and key dates as told, kept for topic pages, the calendar and reminders. Never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from config.topics import Topic
from history.database import stamp
from notifiers.matcher import Matcher, Passage, Subject
from notifiers.thing import Thing, facts_of


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage (`kind` is "stage") or a key date that a thing tells of a topic, with the sentence and its field."""

    topic: str
    kind: str
    stage: str | None
    date: str | None
    precision: str | None
    sentence: str | None
    field: str | None


_STAGE: Final = "stage"


def milestones_of(thing: Thing, matcher: Matcher, topics: Mapping[str, Topic]) -> tuple[Milestone, ...]:
    """All that a thing as it stands tells, of every topic that it speaks of."""
    passages = tuple(Passage(field, text, "") for field, text in thing.texts if text)
    found: list[Milestone] = []
    for slug in matcher.topics(Subject(thing.slug, thing.committee, passages)):
        facts = facts_of(topics[slug], thing)
        if facts.relevant:
            # "none" is kept too: what only mentions a topic belongs to its page
            sentence = facts.stage_sentence
            found.append(Milestone(slug, _STAGE, facts.stage, None, None, sentence, _field_with(thing, sentence)))
        dates = {(told.kind, told.date): (told.precision, told.sentence) for told in thing.dates}
        dates |= {(told.kind, told.date): (told.precision, told.sentence) for told in facts.dates}
        for (kind, date), (precision, sentence) in dates.items():
            found.append(Milestone(slug, kind, None, date, precision, sentence, _field_with(thing, sentence)))
    return tuple(found)


def keep_milestones(db: Database, thing: Thing, found: tuple[Milestone, ...], now: datetime) -> None:
    """Replaces what was told of a thing; what it told before is in its versions. Inside the caller's write_txn."""
    forget_milestones(db, thing)
    for told in found:
        db.execute(
            """insert into milestones (council, topic, meeting, item, document, notice, kind, stage, date, precision,
               sentence, as_of, seen_at, field) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                thing.council,
                told.topic,
                thing.meeting,
                thing.item,
                thing.document,
                thing.notice,
                told.kind,
                told.stage,
                told.date,
                told.precision,
                told.sentence,
                thing.as_of.isoformat(),
                stamp(now),
                told.field,
            ),
        )


def forget_milestones(db: Database, thing: Thing) -> None:
    """Of a thing that was withdrawn: what it told holds no longer."""
    if thing.document is not None:
        db.execute("delete from milestones where document = ?", (thing.document,))
    elif thing.item is not None:
        db.execute("delete from milestones where item = ? and document is null", (thing.item,))
    elif thing.notice is not None:
        db.execute("delete from milestones where notice = ? and document is null", (thing.notice,))


def _field_with(thing: Thing, sentence: str | None) -> str | None:
    return next((field for field, text in thing.texts if sentence and sentence in text), None)
