"""From a message's rows to what it tells: the bulletin that `messages.py` renders."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlite_utils import Database

from config.settings import Settings
from config.topics import Topic
from notifiers.alerts import changed_paragraphs
from notifiers.background import related_items, restricted_neighbours, what_came_before, where_to_answer
from notifiers.bulletin import Bulletin, Link, Quote, Story, ToldDate, Trouble
from notifiers.digests import was_flood
from notifiers.outbox import FLOOD
from notifiers.reasons import MOST_QUOTES, Reason
from notifiers.reminders import quiet_for
from notifiers.things import LONDON, Row, rows

MOST_STORIES: Final = 200
A_FORTNIGHT: Final = timedelta(days=14)

_WEIGHT: Final = {"consultation open": 0, "consultation planned": 1, "decided": 2}
_KINDS_BY_WEIGHT: Final = (
    "meeting.cancelled",
    "meeting.withdrawn",
    "meeting.reinstated",
    "meeting.moved",
    "consultation.opened",
    "consultation.closed",
    "consultation.amended",
    "decision.published",
    "decision.amended",
    "minutes.drafted",
    "minutes.amended",
    "item.withdrawn",
    "item.returned",
    "item.added",
    "item.restricted",
    "item.unrestricted",
    "item.amended",
)
"""Which kind of change names the news where one thing had several; those that are not named come last."""


def bulletin(db: Database, message: int, settings: Settings, now: datetime) -> Bulletin:
    """What a message tells, gathered from the history as it stands at `now`."""
    row = rows(db, "select * from messages where id = ?", (message,))[0]
    reader = rows(db, "select * from subscribers where id is ?", (row["subscriber"],))
    stories = _stories(db, message, settings, now)
    told = rows(db, "select value from settings_of_record where name = ?", (f"told in message {message}",))
    created = datetime.fromisoformat(row["created_at"])
    quiet = quiet_for(db, row["subscriber"], created) if row["kind"] == "proof of life" else None
    return Bulletin(
        kind=row["kind"],
        subscriber=reader[0]["name"] if reader else "operator",
        now=now,
        timezone=reader[0]["timezone"] if reader else "Europe/London",
        stories=tuple(stories[:MOST_STORIES]),
        more=max(0, len(stories) - MOST_STORIES),
        held_back=row["kind"] == "digest" and was_flood(db, message, FLOOD),
        quiet=quiet,
        trouble=tuple(_trouble(said) for said in json.loads(told[0]["value"])) if told else (),
        operator_contact=settings.service.contact,
        history_url=settings.service.history_url,
    )


def _trouble(said: Mapping[str, str | None]) -> Trouble:
    since = said["since"]
    return Trouble(
        str(said["what"]),
        str(said["state"]),
        datetime.fromisoformat(since) if since else None,
        str(said["reason"]),
        str(said["advice"]),
    )


def _stories(db: Database, message: int, settings: Settings, now: datetime) -> list[Story]:
    """A story for each item, notice or document told of, the weightiest first."""
    told = rows(
        db,
        """select a.*, w.name as watch_name, c.kind, c.field, c.before, c.after from message_alerts ma
           join alerts a on a.id = ma.alert join watches w on w.id = a.watch left join changes c on c.id = a.change
           where ma.message = ? order by a.id""",
        (message,),
    )
    together: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for alert in told:
        alone = alert["document"] if alert["item"] is None and alert["notice"] is None else None
        together[alert["meeting"], alert["item"], alert["notice"], alone].append(alert)
    stories = [_story(db, group, settings, now) for group in together.values()]
    return sorted(stories, key=lambda story: _weight(story, now.astimezone(LONDON).date()))


def _weight(story: Story, today: date) -> tuple[object, ...]:
    """Consultations that are open or close soon, then planned ones, decisions, and the rest; sooner meetings first."""
    closes = min((d.date for d in story.dates if d.kind == "closes" and d.date >= today.isoformat()), default="9999")
    starts = story.starts_at.isoformat() if story.starts_at else "9999"
    return (0 if closes != "9999" else _WEIGHT.get(story.stage or "", 3)), closes, starts


def _story(db: Database, group: Sequence[Row], settings: Settings, now: datetime) -> Story:
    """One thing, told with all that its alerts say of it."""
    first = group[0]
    reasons = [Reason.from_json(alert["reason"]) for alert in group]
    place = _place(db, first)
    item = _row(db, "items", first["item"])
    notice = _row(db, "notices", first["notice"])
    documents = [_row(db, "documents", number) for number in _distinct(alert["document"] for alert in group)]
    watches = [watch for watch in settings.watches if watch.name in {alert["watch_name"] for alert in group}]
    telling = next((r for r in reasons if r.stage not in (None, "none")), reasons[0])
    slug = next((reason.topic for reason in reasons if reason.topic), None)
    topic = settings.topics.get(slug) if slug else None
    changes = _distinct(alert["change"] for alert in group)
    meeting = first["meeting"]
    related = related_items(db, meeting, watches, settings.topics) if meeting else []
    before, after = _difference(group)
    as_of = date.fromisoformat(telling.as_of) if telling.as_of else None
    return Story(
        kinds=tuple(sorted(_distinct(alert["kind"] for alert in group), key=_kind_weight)),
        watches=tuple(_distinct(alert["watch_name"] for alert in group)),
        words=tuple(_distinct(word for reason in reasons for word in reason.words)),
        council=place["council_name"],
        council_slug=place["slug"],
        committee=place["committee"] or notice.get("decision_maker") or "",
        starts_at=datetime.fromisoformat(place["starts_at"]).astimezone(LONDON) if place["starts_at"] else None,
        meeting_url=place["url"] or notice.get("url") or "",
        topic=_short(topic) if topic else None,
        number=item.get("number") or "",
        title=item.get("title") or notice.get("title") or "",
        document=documents[0]["title"] if documents else None,
        quotes=_quotes(reasons),
        before=before,
        after=after,
        stage=telling.stage,
        stage_as_of=as_of,
        stage_is_old=as_of is not None and now.astimezone(LONDON).date() - as_of > A_FORTNIGHT,
        dates=_dates(reasons, _milestones(db, first, slug)),
        restricted=bool(item.get("restricted")),
        restricted_neighbours=restricted_neighbours(related, first["item"]),
        earlier=what_came_before(db, meeting, first["item"], related, changes[0]) if meeting and changes else (),
        contact=place["contact"],
        respond_at=where_to_answer(_texts(item, notice, documents))
        or (notice["url"] if notice.get("kind") == "consultation" else None),
        venue=place["venue"],
        status=place["status"] or "scheduled",
        links=(*_links(db, item, notice, documents, place), *_everything(topic, place, settings)),
        change_ids=tuple(changes),
    )


def _place(db: Database, alert: Row) -> Row:
    return rows(
        db,
        """select c.name as council_name, c.slug, k.name as committee, m.starts_at, m.url, m.contact, m.venue, m.status
           from councils c left join meetings m on m.id is ? left join committees k on k.id = m.committee
           where c.id = ?""",
        (alert["meeting"], alert["council"]),
    )[0]


def _row(db: Database, table: str, number: int | None) -> Row:
    """A row, or an empty one where there is none. `table` is one of ours, never a reader's words."""
    return rows(db, f"select * from {table} where id = ?", (number,))[0] if number is not None else {}  # noqa: S608


def _milestones(db: Database, alert: Row, topic: str | None) -> list[ToldDate]:
    """The thing's dates as they stand now, which may be later ones than the alert was written with."""
    return [
        ToldDate(row["kind"], row["date"], row["precision"], row["sentence"] or "")
        for row in rows(
            db,
            """select * from milestones where kind <> 'stage' and topic = ? and meeting is ? and item is ?
               and notice is ? order by id""",
            (topic, alert["meeting"], alert["item"], alert["notice"]),
        )
    ]


def _dates(reasons: Iterable[Reason], standing: Iterable[ToldDate]) -> tuple[ToldDate, ...]:
    dates: dict[tuple[str, str], ToldDate] = {}
    for told in (*(told for reason in reasons for told in reason.dates), *standing):
        dates.setdefault((told.kind, told.date), told)
    return tuple(dates.values())


def _quotes(reasons: Iterable[Reason]) -> tuple[Quote, ...]:
    """Each sentence once; what the first alert puts first comes first."""
    ranked = sorted(
        ((rank, quote) for reason in reasons for rank, quote in enumerate(reason.quotes)), key=lambda pair: pair[0]
    )
    by_sentence = {quote.sentence: quote for _, quote in reversed(ranked)}
    return tuple(by_sentence[sentence] for sentence in _distinct(q.sentence for _, q in ranked))[:MOST_QUOTES]


def _difference(group: Iterable[Row]) -> tuple[str | None, str | None]:
    """Before and after of the first change that replaced something; of a text, the paragraphs that changed."""
    for alert in group:
        if alert["before"] and alert["after"]:
            if alert["field"] in ("text", "decision", "minutes"):
                added, removed = changed_paragraphs(alert["before"], alert["after"])
                return removed, added
            return alert["before"], alert["after"]
        if alert["before"] and alert["field"] in ("text", "decision", "minutes"):
            return alert["before"], ""
    return None, None


def _links(db: Database, item: Row, notice: Row, documents: Sequence[Row], place: Row) -> list[Link]:
    links = [Link("the item", item["url"])] if item else []
    if notice:
        links.append(Link({"consultation": "the consultation"}.get(notice["kind"], "the notice"), notice["url"]))
    papers = list(documents)
    if item and not papers:
        papers = rows(
            db,
            """select * from documents where item = ? and withdrawn_at is null and restricted = 0 and kind = 'report'
               order by id limit 3""",
            (item["id"],),
        )
    links += [Link("the report" if len(papers) == 1 else paper["title"], paper["url"]) for paper in papers]
    if place["url"]:
        links.append(Link("the meeting", place["url"]))
    return links


def _everything(topic: Topic | None, place: Row, settings: Settings) -> list[Link]:
    """The topic's page in the served history, where there is one."""
    if topic is None or not settings.service.history_url:
        return []
    address = f"{settings.service.history_url}/topic/{topic.slug}?council={place['slug']}"
    return [Link(f"everything on {_short(topic)} at {place['council_name']}", address)]


def _short(topic: Topic) -> str:
    """What a headline calls a topic: its initials if it has them ("PSPO"), else its title."""
    return next((term for term in topic.terms if term.isupper()), topic.title)


def _texts(item: Row, notice: Row, documents: Iterable[Row]) -> list[str]:
    texts = [row.get(name) for row in (item, notice) for name in ("minutes", "decision", "text")]
    return [text for text in (*texts, *(paper["text"] for paper in documents)) if text]


def _kind_weight(kind: str) -> int:
    return _KINDS_BY_WEIGHT.index(kind) if kind in _KINDS_BY_WEIGHT else len(_KINDS_BY_WEIGHT)


def _distinct(values: Iterable[Any]) -> list[Any]:
    return [value for value in dict.fromkeys(values) if value is not None]
