"""One subject through all meetings: what was said, decided and due, in order of date; and its key dates and mentions.

What speaks of a topic is known from `milestones`, written when a text was kept. While little of a topic is recorded
there, texts are searched for its terms as well: a history may be older than the topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from sqlite_utils import Database

from history.questions import council_rows, marks, rows

NEWEST: Final = 200  # things of a topic that a timeline tells of
_SHOWN: Final = 600  # letters of a decision
_NAMES: Final = """c.slug AS council, c.name AS council_name, k.name AS committee, substr(m.starts_at, 1, 10) AS day,
 t.number, t.title, t.url, t.restricted"""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a timeline. `day` is ISO and as precise as it was told ("2026-04" is a month).

    `kind` "said": `what` is the stage that was told, or "mentioned"; "decided": a decision's words in `sentence`; "due": `what`
    is the kind of key date; "changed": `what` is the kind of change. `thread`: it is here by its issue, not by its words.
    """

    day: str
    kind: Literal["said", "decided", "due", "changed"]
    what: str
    council: str
    council_name: str
    committee: str | None
    meeting: int | None
    item: int | None
    document: int | None
    notice: int | None
    number: str | None
    title: str
    sentence: str | None
    url: str
    restricted: bool
    thread: bool = False


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A stated date of a topic. `precision` is "day", "month" or "year"; `as_of` the day of the meeting that told it."""

    date: str
    precision: str
    kind: str
    topic: str
    council: str
    council_name: str
    meeting: int | None
    item: int | None
    document: int | None
    notice: int | None
    title: str
    sentence: str | None
    as_of: str
    url: str


def timeline(
    db: Database, topic: str, terms: Sequence[str], councils: Sequence[str] = (), newest: int = NEWEST
) -> tuple[Step, ...]:
    """What was said, decided, due and changed on a topic, oldest first, of the `newest` things that speak of it.

    `terms` are the phrases by which the topic is known. Raises NotFoundError for a council that is not known.
    """
    of = council_rows(db, councils)
    things = _recorded(db, topic, of, newest)
    items = [thing["item"] for thing in things if thing["item"] and not thing["document"]]
    if len(things) < newest and terms:
        items += [row for row in _with_terms(db, terms, of, newest) if row not in set(items)]
    threads = [row for row in _of_same_issue(db, items) if row not in set(items)]
    documents = [thing["document"] for thing in things if thing["document"]]
    notices = [thing["notice"] for thing in things if thing["notice"] and not thing["document"]]
    told = _milestones(db, topic, items, documents, notices)
    steps = [
        *_of_items(db, items, told, thread=False),
        *_of_items(db, threads, {}, thread=True),
        *_of_documents(db, documents, told),
        *_of_notices(db, notices, told),
        *_changes(db, items, notices),
    ]
    order = {"changed": 0, "said": 1, "decided": 2, "due": 3}
    return tuple(
        sorted(steps, key=lambda step: (step.day, order[step.kind], step.council, step.number or "", step.title))
    )


def key_dates(
    db: Database, today: date, topics: Sequence[str] = (), councils: Sequence[str] = (), limit: int = 200
) -> tuple[KeyDate, ...]:
    """Dates that are still to come, the next first. A month or a year counts until it is over."""
    of = council_rows(db, councils)
    where = f" AND t.topic IN ({marks(topics)})" if topics else ""
    where += f" AND t.council IN ({marks(of)})" if of else ""
    found = rows(
        db,
        f"""SELECT t.date, t.precision, t.kind, t.topic, c.slug AS council, c.name AS council_name, t.meeting, t.item, t.document,
              t.notice, coalesce(n.title, i.title, d.title, '') AS title, t.sentence, t.as_of,
              coalesce(n.url, i.url, d.url, '') AS url
            FROM milestones t JOIN councils c ON c.id = t.council LEFT JOIN items i ON i.id = t.item
              LEFT JOIN documents d ON d.id = t.document LEFT JOIN notices n ON n.id = t.notice
            WHERE t.kind <> 'stage' AND t.date >= ? AND t.date >= substr(?, 1, length(t.date)){where}
            ORDER BY t.date, t.id LIMIT ?""",  # noqa: S608
        (f"{today.year}", today.isoformat(), *topics, *of, limit),
    )
    return tuple(KeyDate(**row) for row in found)


def mentions_by_month(db: Database, topic: str, councils: Sequence[str] = ()) -> tuple[tuple[str, int], ...]:
    """("2025-11", how many items, documents and notices of that month's meetings spoke of the topic), without gaps."""
    of = council_rows(db, councils)
    where = f" AND council IN ({marks(of)})" if of else ""
    counts = {
        row["month"]: row["n"]
        for row in rows(
            db,
            f"""SELECT substr(as_of, 1, 7) AS month, count(DISTINCT coalesce('d' || document, 'n' || notice, 'i' || item)) AS n
                FROM milestones WHERE topic = ?{where} GROUP BY 1""",  # noqa: S608
            (topic, *of),
        )
    }
    return tuple((month, counts.get(month, 0)) for month in _months(min(counts), max(counts))) if counts else ()


def _months(first: str, last: str) -> Iterable[str]:
    year, month = int(first[:4]), int(first[5:7])
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _recorded(db: Database, topic: str, councils: Sequence[int], newest: int) -> list[dict[str, Any]]:
    """The things that speak of the topic, by milestones. Each has one row or a few: twice as many are read."""
    where = f" AND council IN ({marks(councils)})" if councils else ""
    return rows(
        db,
        f"""SELECT DISTINCT item, document, notice FROM (SELECT item, document, notice FROM milestones
              WHERE topic = ?{where} ORDER BY as_of DESC LIMIT ?) LIMIT ?""",  # noqa: S608
        (topic, *councils, newest * 3, newest),
    )


def _with_terms(db: Database, terms: Sequence[str], councils: Sequence[int], newest: int) -> list[int]:
    query = " OR ".join('"{}"'.format(term.replace('"', " ")) for term in terms)
    of = f"SELECT i.id FROM meetings m CROSS JOIN items i ON i.meeting = m.id WHERE m.council IN ({marks(councils)})"  # noqa: S608
    where = f" AND +rowid IN ({of})" if councils else ""
    found = rows(
        db,
        f"""SELECT rowid AS id FROM items_fts WHERE items_fts MATCH ? AND +rowid NOT IN (SELECT id FROM items
              WHERE withdrawn_at IS NOT NULL){where} ORDER BY rowid DESC LIMIT ?""",  # noqa: S608
        (query, *councils, newest),
    )
    return [row["id"] for row in found]


def _of_same_issue(db: Database, items: Sequence[int]) -> list[int]:
    """Other items of the same matter: a site gives what comes back to several meetings one issue number."""
    found = rows(
        db,
        f"""SELECT DISTINCT o.id FROM items i JOIN meetings m ON m.id = i.meeting JOIN items o ON o.issue_id = i.issue_id
              JOIN meetings n ON n.id = o.meeting AND n.source = m.source
            WHERE i.id IN ({marks(items)}) AND i.issue_id IS NOT NULL AND o.withdrawn_at IS NULL LIMIT ?""",  # noqa: S608
        (*items, NEWEST),
    )
    return [row["id"] for row in found]


_About = tuple[str, int]


def _milestones(
    db: Database, topic: str, items: Sequence[int], documents: Sequence[int], notices: Sequence[int]
) -> dict[_About, list[dict[str, Any]]]:
    told: dict[_About, list[dict[str, Any]]] = {}
    for entity, ids, own in (
        ("item", items, " AND +document IS NULL"),
        ("document", documents, ""),
        ("notice", notices, " AND +document IS NULL"),
    ):
        for row in rows(
            db,
            f"SELECT {entity} AS id, kind, stage, date, sentence, as_of FROM milestones"  # noqa: S608
            f" WHERE {entity} IN ({marks(ids)}) AND +topic = ?{own} ORDER BY id",
            (*ids, topic),
        ):
            told.setdefault((entity, row["id"]), []).append(row)
    return told


def _of_items(
    db: Database, ids: Sequence[int], told: dict[_About, list[dict[str, Any]]], *, thread: bool
) -> Iterable[Step]:
    for row in rows(
        db,
        f"""SELECT t.id AS item, t.meeting, {_NAMES}, substr(t.decision, 1, {_SHOWN}) AS decision
            FROM items t JOIN meetings m ON m.id = t.meeting JOIN committees k ON k.id = m.committee
              JOIN councils c ON c.id = m.council
            WHERE t.id IN ({marks(ids)})""",  # noqa: S608
        ids,
    ):
        decision = row.pop("decision")
        step = _step(row, thread=thread)
        yield from _said(step, told.get(("item", row["item"]), []))
        if decision:
            yield replace(step, kind="decided", what="decided", sentence=decision)


def _of_documents(db: Database, ids: Sequence[int], told: dict[_About, list[dict[str, Any]]]) -> Iterable[Step]:
    for row in rows(
        db,
        f"""SELECT t.id AS document, t.item, t.meeting, c.slug AS council, c.name AS council_name, k.name AS committee,
              coalesce(substr(m.starts_at, 1, 10), n.published, substr(t.first_seen, 1, 10)) AS day, i.number, t.title,
              t.url, t.restricted
            FROM documents t LEFT JOIN meetings m ON m.id = t.meeting LEFT JOIN committees k ON k.id = m.committee
              LEFT JOIN items i ON i.id = t.item LEFT JOIN notices n ON n.id = t.notice
              JOIN councils c ON c.id = coalesce(m.council, n.council)
            WHERE t.id IN ({marks(ids)}) AND t.withdrawn_at IS NULL""",  # noqa: S608
        ids,
    ):
        yield from _said(_step(row), told.get(("document", row["document"]), []))


def _of_notices(db: Database, ids: Sequence[int], told: dict[_About, list[dict[str, Any]]]) -> Iterable[Step]:
    for row in rows(
        db,
        f"""SELECT t.id AS notice, t.kind, t.opens, t.due, t.decided, c.slug AS council, c.name AS council_name,
              t.decision_maker AS committee, coalesce(t.decided, t.published, t.opens, substr(t.first_seen, 1, 10)) AS day,
              t.title, t.url, substr(t.text, 1, {_SHOWN}) AS text
            FROM notices t JOIN councils c ON c.id = t.council WHERE t.id IN ({marks(ids)}) AND t.withdrawn_at IS NULL""",  # noqa: S608
        ids,
    ):
        kind, text = row.pop("kind"), row.pop("text")
        opens, due, _ = row.pop("opens"), row.pop("due"), row.pop("decided")
        milestones = told.get(("notice", row["notice"]), [])
        known = {(milestone["kind"], milestone["date"]) for milestone in milestones}
        step = _step(row)
        yield from _said(step, milestones)
        if kind == "decision":
            yield replace(step, kind="decided", what="decided", sentence=text)
        last = "closes" if kind == "consultation" else "decision due"
        for what, day in (("opens", opens), (last, due)):
            if day and (what, day) not in known:
                yield replace(step, kind="due", what=what, day=day)


def _step(row: dict[str, Any], *, thread: bool = False) -> Step:
    names = {"document": None, "notice": None, "item": None, "meeting": None, "number": None, "restricted": 0} | row
    return Step(
        kind="said",
        what="same matter" if thread else "mentioned",
        sentence=None,
        thread=thread,
        **names | {"restricted": bool(names["restricted"]), "day": names["day"] or ""},
    )


def _said(step: Step, milestones: Sequence[dict[str, Any]]) -> Iterable[Step]:
    stages = [told for told in milestones if told["kind"] == "stage" and told["stage"] != "none"]
    if not stages:
        yield step
    for told in stages:
        yield replace(step, what=told["stage"], sentence=told["sentence"])
    for told in milestones:
        if told["kind"] != "stage" and told["date"]:
            yield replace(step, kind="due", what=told["kind"], day=told["date"], sentence=told["sentence"])


def _changes(db: Database, items: Sequence[int], notices: Sequence[int]) -> Iterable[Step]:
    """What became of them on the page: put on an agenda, amended, withdrawn, restricted, opened, closed."""
    for row in rows(
        db,
        f"""SELECT x.kind AS what, substr(x.seen_at, 1, 10) AS day, x.meeting, x.item, x.document, x.notice, c.slug AS council,
              c.name AS council_name, k.name AS committee, i.number, coalesce(d.title, n.title, i.title, '') AS title,
              coalesce(d.url, n.url, i.url, '') AS url, coalesce(i.restricted, 0) AS restricted
            FROM changes x JOIN councils c ON c.id = x.council LEFT JOIN meetings m ON m.id = x.meeting
              LEFT JOIN committees k ON k.id = m.committee LEFT JOIN items i ON i.id = x.item
              LEFT JOIN documents d ON d.id = x.document LEFT JOIN notices n ON n.id = x.notice
            WHERE x.id IN (SELECT id FROM changes WHERE item IN ({marks(items)})
                           UNION SELECT id FROM changes WHERE notice IN ({marks(notices)}))""",  # noqa: S608
        (*items, *notices),
    ):
        yield replace(
            _step({name: value for name, value in row.items() if name != "what"}), kind="changed", what=row["what"]
        )
