"""What stands around a piece of news: its restricted neighbours, what came before, and where the reader can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlite_utils import Database

from config.topics import Topic
from config.watches import Watch
from notifiers.bulletin import Earlier
from notifiers.matcher import Matcher, Passage, Subject
from notifiers.things import LONDON, Row, rows

MOST_EARLIER: Final = 5

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'()]+[^\s<>\"'().,;:!?]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_INVITATION: Final = re.compile(r"consult|survey|have your say|questionnaire|respon[ds]|comment|views|ymgynghor", re.I)
_NEAR: Final = 300
"""Characters between the words of a consultation and the address that belongs to it."""

_DONE: Final[Mapping[str, str]] = {
    "item.added": "put on the agenda",
    "item.amended": "reworded",
    "item.withdrawn": "taken off the agenda",
    "item.returned": "back on the agenda",
    "item.restricted": "restricted",
    "item.unrestricted": "no longer restricted",
    "decision.published": "decision published",
    "decision.amended": "decision amended",
    "minutes.drafted": "draft minutes published",
    "minutes.amended": "minutes amended",
    "document.added": "paper published",
    "document.replaced": "paper replaced",
    "document.withdrawn": "paper withdrawn",
    "plan.added": "put on the forward plan",
    "plan.amended": "forward plan changed",
    "consultation.opened": "consultation opened",
    "consultation.amended": "consultation changed",
    "consultation.closed": "consultation closed",
}


def related_items(db: Database, meeting: int, watches: Iterable[Watch], topics: Mapping[str, Topic]) -> list[Row]:
    """The items of a meeting whose title alone shows that they concern one of the watches."""
    anything = [watch.model_copy(update={"fields": None, "kinds": None, "councils": None}) for watch in watches]
    matcher = Matcher(anything, topics)
    items = rows(
        db,
        """select i.*, k.name as committee from items i join meetings m on m.id = i.meeting
           join committees k on k.id = m.committee where i.meeting = ? order by i.position""",
        (meeting,),
    )
    return [
        item for item in items if matcher.match(Subject("", item["committee"], (Passage("title", item["title"], ""),)))
    ]


def restricted_neighbours(related: Iterable[Row], item: int | None) -> tuple[str, ...]:
    """Other items of the meeting on the same subject that are restricted: 'SSP/53/25 "PSPO Update"'."""
    return tuple(
        f'{row["number"]} "{row["title"]}"'.strip()
        for row in related
        if row["restricted"] and row["id"] != item and row["withdrawn_at"] is None
    )


def what_came_before(
    db: Database, meeting: int, item: int | None, related: Sequence[Row], first_change: int
) -> tuple[Earlier, ...]:
    """Earlier changes to the item, to its issue's other items, and to items on the same subject in the same meeting."""
    on_subject = {row["id"] for row in related}
    same = on_subject | ({item} if item is not None else set())
    issue = rows(db, "select issue_id from items where id = ? and issue_id is not null", (item,)) if item else []
    if issue:
        thread = rows(db, "select i.id from items i where i.issue_id = ?", (issue[0]["issue_id"],))
        same |= {row["id"] for row in thread}
    earlier: list[tuple[date, str]] = []
    for number in sorted(same):
        for row in rows(
            db,
            """select c.kind, c.seen_at, i.title, i.meeting, m.starts_at, k.name as committee from changes c
               join items i on i.id = c.item join meetings m on m.id = i.meeting join committees k on k.id = m.committee
               where c.item = ? and c.id < ? order by c.id""",
            (number, first_change),
        ):
            if row["kind"] in _DONE and (number in on_subject or number != item or row["kind"] != "item.added"):
                subject = "" if number == item else f'"{row["title"]}" '
                place = "of this meeting" if row["meeting"] == meeting else f"of {row['committee']}{_on(row)}"
                where = f" {place}" if row["kind"] in ("item.added", "item.withdrawn", "item.returned") else ""
                seen = datetime.fromisoformat(row["seen_at"]).astimezone(LONDON).date()
                earlier.append((seen, f"{subject}{_DONE[row['kind']]}{where}"))
    return tuple(Earlier(on, words) for on, words in sorted(dict.fromkeys(earlier))[-MOST_EARLIER:])


def where_to_answer(texts: Iterable[str]) -> str | None:
    """The web or mail address that stands nearest to words of a consultation, in the first text that has one."""
    for text in texts:
        addresses = list(_ADDRESS.finditer(text))
        if not addresses:
            continue
        words = [match.start() for match in _INVITATION.finditer(text)]
        near = [
            (min(abs(word - found.start()) for word in words), found.group())
            for found in addresses
            if words and min(abs(word - found.start()) for word in words) <= _NEAR
        ]
        if near:
            return min(near, key=lambda pair: pair[0])[1]
    return None


def _on(row: Row) -> str:
    if not row["starts_at"]:
        return ""
    day = datetime.fromisoformat(row["starts_at"])
    return f", {day.day} {day:%B %Y}"
