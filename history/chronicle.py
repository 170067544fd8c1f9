"""What changed: changes by council, committee, topic, kind and time, newest first, each with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from history.changes import KINDS
from history.database import stamp
from history.questions import NotFoundError, committee_rows, council_rows, like, marks, rows, when

_FEW: Final = (
    2_000  # things on a topic that are looked up one by one; with more of them the newest changes are gone through
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which changes are asked for; what is left out limits nothing.

    `councils` by slug or name, `committees` by name or words of it, `kinds` as "minutes.drafted" or just "minutes",
    `topic` by slug. `since` is inclusive, `until` is not. `before` is the last change of the page before.
    """

    councils: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change with the names of what it is about, and its proof: the capture's hash, address and time of fetching.

    `title` is the narrowest thing's. `withdrawn`: that thing does not stand any more. `sha256` is None where the page
    was not kept (the change came from a list, or the page was taken out of the record).
    """

    id: int
    seen_at: datetime
    kind: str
    field: str | None
    before: str | None
    after: str | None
    council: str
    council_name: str
    committee: str | None
    meeting: int | None
    starts_at: datetime | None
    item: int | None
    number: str | None
    document: int | None
    notice: int | None
    title: str
    url: str | None
    withdrawn: bool
    version: int
    sha256: str | None
    captured_url: str | None
    captured_at: datetime | None


def changes(db: Database, asked: Filters) -> tuple[ToldChange, ...]:
    """The changes asked for, newest first. Raises NotFoundError where a filter names what is not known."""
    return _told(db, [row["id"] for row in _wanted(db, asked)])


def change(db: Database, number: int) -> ToldChange:
    """One change. Raises NotFoundError."""
    found = _told(db, [number])
    if not found:
        raise NotFoundError(f"there is no change:{number} in this history")
    return found[0]


def changes_of(db: Database, entity: str, number: int) -> tuple[ToldChange, ...]:
    """All changes of one "meeting" (with those of what stands in it), "item", "document" or "notice", newest first."""
    assert entity in ("meeting", "item", "document", "notice")
    found = rows(db, f"SELECT id FROM changes WHERE {entity} = ? ORDER BY seen_at DESC, id DESC", (number,))  # noqa: S608
    return _told(db, [row["id"] for row in found])


def kinds_named(named: Sequence[str]) -> tuple[str, ...]:
    """The kinds meant by "minutes", "minutes.*" or "minutes.drafted". Raises NotFoundError."""
    found: dict[str, None] = {}
    for name in named:
        prefix = name.strip().casefold().removesuffix("*").removesuffix(".")
        kinds = [kind for kind in KINDS if kind == prefix or kind.startswith(f"{prefix}.")]
        if not kinds or not prefix:
            known = [*KINDS, *dict.fromkeys(kind.split(".")[0] for kind in KINDS)]
            raise NotFoundError(f'no kind of change "{name}"{like(name, known)}')
        found.update(dict.fromkeys(kinds))
    return tuple(found)


def _wanted(db: Database, asked: Filters) -> list[dict[str, Any]]:
    """(id, seen_at) of the changes asked for. Each condition that can lead to few rows at once leads the query."""
    councils = council_rows(db, asked.councils)
    committees = committee_rows(db, asked.committees, councils)
    kinds = kinds_named(asked.kinds)
    where, parameters = _span(db, asked)
    if committees:
        meetings = f"SELECT id FROM meetings WHERE committee IN ({marks(committees)})"  # noqa: S608
        (few,) = db.conn.execute(f"SELECT count(*) < {_FEW} FROM ({meetings} LIMIT {_FEW})", committees).fetchone()  # noqa: S608
        where.append(f"{'' if few else '+'}c.meeting IN ({meetings})")
        parameters += committees
    elif councils:
        where.append(f"{'+' if kinds else ''}c.council IN ({marks(councils)})")
        parameters += councils
    if asked.topic is not None:
        condition, values = _on_topic(db, asked.topic)
        where.append(condition)
        parameters += values
    # one search for each kind, since each finds its newest rows at once and together they would have to be sorted
    branches = [f"SELECT * FROM ({_newest([*where, 'c.kind = ?'])})" for _ in kinds] or [_newest(where)]  # noqa: S608
    every: list[object] = []
    for kind in kinds or (None,):
        every += [*parameters, *([kind] if kind else []), asked.limit]
    sql = " UNION ALL ".join(branches)
    if len(branches) > 1:
        sql += " ORDER BY seen_at DESC, id DESC LIMIT ?"
        every.append(asked.limit)
    return rows(db, sql, every)


def _newest(where: Sequence[str]) -> str:
    conditions = f"WHERE {' AND '.join(where)} " if where else ""
    return f"SELECT c.id, c.seen_at FROM changes c {conditions}ORDER BY c.seen_at DESC, c.id DESC LIMIT ?"  # noqa: S608


def _span(db: Database, asked: Filters) -> tuple[list[str], list[object]]:
    where: list[str] = []
    parameters: list[object] = []
    if asked.since is not None:
        where.append("c.seen_at >= ?")
        parameters.append(stamp(asked.since))
    if asked.until is not None:
        where.append("c.seen_at < ?")
        parameters.append(stamp(asked.until))
    if asked.before is not None:
        last = rows(db, "SELECT seen_at FROM changes WHERE id = ?", (asked.before,))
        if not last:
            raise NotFoundError(f"there is no change:{asked.before} in this history")
        where += ["c.seen_at <= ?", "(c.seen_at < ? OR c.id < ?)"]
        parameters += [last[0]["seen_at"], last[0]["seen_at"], asked.before]
    return where, parameters


def _on_topic(db: Database, topic: str) -> tuple[str, list[object]]:
    """What speaks of the topic: an item, a notice, a document, or a meeting that has such an item."""
    few = rows(db, f"SELECT count(*) AS n FROM (SELECT 1 FROM milestones WHERE topic = ? LIMIT {_FEW})", (topic,))  # noqa: S608
    if few[0]["n"] < _FEW:
        return (
            """c.id IN (
                 SELECT x.id FROM milestones t JOIN changes x ON x.item = t.item WHERE t.topic = ?
                 UNION SELECT x.id FROM milestones t JOIN changes x ON x.document = t.document WHERE t.topic = ?
                 UNION SELECT x.id FROM milestones t JOIN changes x ON x.notice = t.notice WHERE t.topic = ?
                 UNION SELECT x.id FROM milestones t JOIN changes x ON x.meeting = t.meeting
                   WHERE t.topic = ? AND x.item IS NULL AND x.document IS NULL)""",
            [topic] * 4,
        )
    return (
        """CASE WHEN c.item IS NOT NULL THEN EXISTS (SELECT 1 FROM milestones t WHERE t.item = c.item AND t.topic = ?)
             WHEN c.document IS NOT NULL THEN EXISTS (SELECT 1 FROM milestones t WHERE t.document = c.document AND t.topic = ?)
             WHEN c.notice IS NOT NULL THEN EXISTS (SELECT 1 FROM milestones t WHERE t.notice = c.notice AND t.topic = ?)
             ELSE EXISTS (SELECT 1 FROM milestones t WHERE t.meeting = c.meeting AND t.topic = ?) END""",
        [topic] * 4,
    )


def _told(db: Database, ids: Sequence[int]) -> tuple[ToldChange, ...]:
    found = rows(
        db,
        f"""SELECT x.id, x.seen_at, x.kind, x.field, x.before, x.after, x.meeting, x.item, x.document, x.notice, x.version,
              c.slug AS council, c.name AS council_name, k.name AS committee, m.starts_at, i.number,
              coalesce(d.title, n.title, i.title, k.name, '') AS title, coalesce(d.url, n.url, i.url, m.url) AS url,
              CASE WHEN x.document IS NOT NULL THEN d.withdrawn_at WHEN x.notice IS NOT NULL THEN n.withdrawn_at
                WHEN x.item IS NOT NULL THEN i.withdrawn_at ELSE m.withdrawn_at END IS NOT NULL AS withdrawn,
              p.sha256, p.url AS captured_url, p.fetched_at AS captured_at
            FROM changes x JOIN councils c ON c.id = x.council LEFT JOIN meetings m ON m.id = x.meeting
              LEFT JOIN committees k ON k.id = m.committee LEFT JOIN items i ON i.id = x.item
              LEFT JOIN documents d ON d.id = x.document LEFT JOIN notices n ON n.id = x.notice
              LEFT JOIN versions v ON v.id = x.version LEFT JOIN captures p ON p.id = v.capture
            WHERE x.id IN ({marks(ids)})""",  # noqa: S608
        ids,
    )
    by_id = {
        row["id"]: ToldChange(
            **row
            | {name: when(row[name]) for name in ("seen_at", "starts_at", "captured_at")}
            | {"withdrawn": bool(row["withdrawn"])}
        )
        for row in found
    }
    return tuple(by_id[number] for number in ids if number in by_id)
