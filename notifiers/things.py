"""What a change is about, read from the history: as it stands now, or (for `backtest`) as it stood then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from history.changes import Change
from history.database import moment, stamp
from notifiers.bulletin import ToldDate
from notifiers.thing import Thing

LONDON: Final = ZoneInfo("Europe/London")
BACK: Final = timedelta(days=60)
AHEAD: Final = timedelta(days=60)
BACK_UNAPPROVED: Final = timedelta(days=200)

Row = dict[str, Any]

_MEETING: Final = """
  select m.id, m.council, c.slug, k.name as committee, m.starts_at, m.first_seen
  from meetings m join councils c on c.id = m.council join committees k on k.id = m.committee where m.id = ?"""
_BROUGHT_BY: Final = {"decision": "decision.published", "plan": "plan.added", "consultation": "consultation.opened"}


def rows(db: Database, sql: str, values: Sequence[object] | dict[str, object] = ()) -> list[Row]:
    """The rows of a question, as dictionaries."""
    return list(db.query(sql, values))


def thing_of(db: Database, change: Change, *, as_it_was: bool = False) -> Thing:
    """What a change is about: the narrowest thing that it names."""
    then = change.seen_at if as_it_was else None
    if change.document is not None:
        return document(db, change.document, then)
    if change.item is not None:
        return replace(item(db, change.item, then), told_apart=_told_apart(db, change))
    if change.notice is not None:
        return replace(notice(db, change.notice, then), told_apart=_told_apart(db, change))
    assert change.meeting is not None
    return meeting(db, change.meeting, then)


def item(db: Database, number: int, then: datetime | None = None) -> Thing:
    """An item: its title, agenda text, decision and minutes."""
    row = {**_one(db, "select * from items where id = ?", number), **_stood(db, "item", number, then)}
    place = _one(db, _MEETING, row["meeting"])
    texts = tuple((field, row[field] or "") for field in ("title", "text", "decision", "minutes"))
    return Thing(
        place["council"], place["slug"], place["committee"], _day(place), texts, meeting=row["meeting"], item=number
    )


def document(db: Database, number: int, then: datetime | None = None) -> Thing:
    """A document: its title, and its text where it was read."""
    row = {**_one(db, "select * from documents where id = ?", number), **_stood(db, "document", number, then)}
    texts = (("document title", row["title"]), ("document text", row["text"] or ""))
    if row["meeting"] is None:
        of = notice(db, row["notice"])
        return Thing(of.council, of.slug, of.committee, of.as_of, texts, document=number, notice=row["notice"])
    place = _one(db, _MEETING, row["meeting"])
    return Thing(
        place["council"],
        place["slug"],
        place["committee"],
        _day(place),
        texts,
        meeting=row["meeting"],
        item=row["item"],
        document=number,
    )


def notice(db: Database, number: int, then: datetime | None = None) -> Thing:
    """A decision outside a meeting, a plan's entry or a consultation; its maker stands where a committee would."""
    row = {
        **_one(db, "select n.*, c.slug from notices n join councils c on c.id = n.council where n.id = ?", number),
        **_stood(db, "notice", number, then),
    }
    day = row["published"] or row["decided"] or (row["opens"] if row["kind"] == "consultation" else None)
    dates = {
        "consultation": (("opens", row["opens"]), ("closes", row["due"])),
        "plan": (("decision due", row["due"]),),
    }.get(row["kind"], ())
    return Thing(
        row["council"],
        row["slug"],
        row["decision_maker"],
        date.fromisoformat(day[:10]) if day else datetime.fromisoformat(row["first_seen"]).astimezone(LONDON).date(),
        (("title", row["title"]), ("decision" if row["kind"] == "decision" else "text", row["text"] or "")),
        notice=number,
        brought_by=_BROUGHT_BY[row["kind"]],
        dates=tuple(ToldDate(kind, told[:10], "day", "") for kind, told in dates if told),
    )


def meeting(db: Database, number: int, then: datetime | None = None) -> Thing:
    """A meeting as it stands: the committee's name and all that its items say."""
    place = _one(db, _MEETING, number)
    texts = [("title", place["committee"])]
    for row in _standing_items(db, number):
        said = {**row, **_stood(db, "item", row["id"], then)}
        texts += [(field, said[field]) for field in ("title", "text", "decision", "minutes") if said[field]]
    return Thing(place["council"], place["slug"], place["committee"], _day(place), tuple(texts), meeting=number)


def names_of(db: Database, thing: Thing) -> dict[str, str]:
    """What people call a thing: its council, committee, the meeting's day, number and title."""
    item_row = rows(db, "select number from items where id = ?", (thing.item,)) if thing.item else []
    council = _one(db, "select name from councils where id = ?", thing.council)
    return {
        "council": council["name"],
        "committee": thing.committee or "",
        "meeting": thing.as_of.isoformat(),
        "number": item_row[0]["number"] if item_row else "",
        "title": thing.texts[0][1],
    }


def things_in(db: Database, number: int) -> Iterator[Thing]:
    """A meeting's items and documents, each as a thing of its own."""
    for row in _standing_items(db, number):
        yield item(db, row["id"])
    for row in rows(db, "select id from documents where meeting = ? and withdrawn_at is null order by id", (number,)):
        yield document(db, row["id"])


def things_in_window(db: Database, now: datetime) -> Iterator[Thing]:
    """All that stands in the history and still matters: the meetings that a poll looks at, and open notices."""
    window = rows(
        db,
        """select id from meetings where withdrawn_at is null and starts_at_utc <= :until
           and starts_at_utc >= case when minutes_state = 'approved' then :since else :unapproved end order by id""",
        {
            "until": stamp(now + AHEAD),
            "since": stamp(now - BACK),
            "unapproved": stamp(now - BACK_UNAPPROVED),
        },
    )
    for row in window:
        yield from things_in(db, row["id"])
    notices = rows(
        db,
        """select id from notices where withdrawn_at is null
           and coalesce(due, decided, published, first_seen) >= ? order by id""",
        ((now - BACK).date().isoformat(),),
    )
    for row in notices:
        yield notice(db, row["id"])
        for paper in rows(db, "select id from documents where notice = ? and withdrawn_at is null", (row["id"],)):
            yield document(db, paper["id"])


def change(db: Database, number: int) -> Change:
    """A row of `changes` as a value."""
    return read_change(_one(db, "select * from changes where id = ?", number))


def read_change(row: Row) -> Change:
    """A row of `changes` as a value."""
    known = {column.name: row[column.name] for column in fields(Change)}
    return Change(**{**known, "seen_at": moment(row["seen_at"])})


def _standing_items(db: Database, number: int) -> list[Row]:
    """A meeting's items; those that went with a withdrawn meeting count, for they say what it was to be about."""
    return rows(
        db,
        """select i.* from items i join meetings m on m.id = i.meeting where i.meeting = ?
           and (i.withdrawn_at is null or i.withdrawn_at >= m.withdrawn_at) order by i.position, i.id""",
        (number,),
    )


def _told_apart(db: Database, change: Change) -> frozenset[str]:
    """The fields of an item or notice of which changes of the same moment tell."""
    if change.field is not None:
        return frozenset()
    found = rows(
        db,
        """select distinct field from changes where seen_at = ? and item is ? and notice is ? and document is null
           and field is not null""",
        (stamp(change.seen_at), change.item, change.notice),
    )
    of_decision = change.notice is not None and change.kind.startswith("decision.")
    return frozenset("decision" if of_decision and row["field"] == "text" else row["field"] for row in found)


def _stood(db: Database, entity: str, number: int, then: datetime | None) -> Row:
    """The texts that a version of that time has; nothing where now is asked for."""
    if then is None:
        return {}
    found = rows(
        db,
        """select content from versions where entity = ? and entity_id = ? and julianday(seen_at) <= julianday(?)
           order by id desc limit 1""",
        (entity, number, then.isoformat()),
    )
    content = json.loads(found[0]["content"]) if found else {}
    texts = ("title", "text", "decision", "minutes", "due", "opens")
    return {name: content[name] for name in texts if name in content}


def _one(db: Database, sql: str, number: int) -> Row:
    return rows(db, sql, (number,))[0]


def _day(place: Row) -> date:
    """The day of a meeting, as the council's clocks show it."""
    return datetime.fromisoformat(place["starts_at"] or place["first_seen"]).astimezone(LONDON).date()
