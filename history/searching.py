"""Finding words in items and documents: the best first where a word is rare, the newest first where it is common.

What is asked of SQLite is bounded. Words that stand in no more than RANKED things are counted and ranked. Of commoner ones
the newest are told, and counting ends at CAPPED. Facets are counted among the newest CAPPED.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from history.database import stamp
from history.questions import committee_rows, council_rows, marks, rows, when

RANKED: Final = 25_000
CAPPED: Final = 1_000
_LONGEST: Final = 32  # terms of a search that are looked at
_SHORTEST_BEGINNING: Final = 3  # letters before a *; fewer begin half of all words
_MANY: Final = 2_000  # meetings: with more of them a filter is tried on each match instead of listed beforehand
_ENDINGS: Final = ("e", "ed", "ing", "ion", "ions", "ional", "ive", "or", "y", "ies", "ly")  # that stemming takes away
_TERM: Final = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))(\*?)')
_OPEN, _SHUT = "\x02", "\x03"  # around marked words; control characters stand in no canonical text
# how much a word weighs by where it stands, in the order of the index's columns
_WEIGHTS: Final = {"item": "10.0, 1.0, 3.0, 2.0", "document": "10.0, 1.0"}


_Match = tuple[float, str, int]  # its worth (less is better), "item" or "document", its row


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched. `since` and `until` bound the meeting's day. `withdrawn`: what the council withdrew as well."""

    words: str
    councils: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    documents: bool = True
    withdrawn: bool = False
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, marked where it is a word that was looked for. Not escaped."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An "item" or "document" that has the words. `item` is the document's, or the item itself."""

    kind: str
    id: int
    meeting: int | None
    item: int | None
    council: str
    council_name: str
    committee: str
    starts_at: datetime | None
    number: str | None
    title: tuple[Span, ...]
    snippet: tuple[Span, ...]
    url: str
    restricted: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the hits looked at bear a value: `by` is "council", "committee" or "year"; `value` is the slug, name or
    year to filter by."""

    by: str
    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """`total` is at least the number of hits; `more`: there are more than that. `ranked`: best first, else newest first.

    `facets_among`: None where facets were counted over all hits, else among how many of the newest.
    """

    hits: tuple[Hit, ...]
    total: int
    more: bool
    ranked: bool
    facets: tuple[Facet, ...]
    facets_among: int | None


def search(db: Database, wanted: Wanted) -> Found:
    """Items and documents that have the words. Never raises for the words; NotFoundError where a filter names what is not
    known.
    """
    query = fts_query(wanted.words)
    narrowed = _filters(db, wanted)
    if query is None:
        return Found((), 0, False, True, (), None)
    kinds = ("item", "document") if wanted.documents else ("item",)
    ranked = sum(_count(db, kind, query, ("", ())) for kind in kinds) <= RANKED
    newest: dict[str, list[int]] = {}
    best: list[_Match] = []
    total, capped = 0, False
    for kind in kinds:
        where = _where(db, kind, wanted, narrowed)
        found = _newest(db, kind, query, where)
        newest[kind] = found[:CAPPED]
        capped = capped or len(found) > CAPPED
        total += _count(db, kind, query, where) if ranked and len(found) > CAPPED else len(newest[kind])
        if ranked and found:
            best += _best(db, kind, query, where, wanted.limit + wanted.offset)
    chosen = sorted(best) if ranked else _by_day(db, newest)
    hits = _hits(db, query, [(kind, row) for _, kind, row in chosen[wanted.offset :][: wanted.limit]])
    among = sum(map(len, newest.values())) if capped else None
    return Found(hits, total, capped and not ranked, ranked, _facets(db, newest), among)


def fts_query(words: str) -> str | None:
    """A person's words as FTS5 reads them; None where there is nothing to look for.

    All words must stand there; "a phrase" as it is; a OR b either; -word not; begin* how a word begins.
    """
    clean = "".join(c if c.isprintable() else " " for c in words.encode("utf-8", "ignore").decode("utf-8"))
    groups: list[list[str]] = []
    without: list[str] = []
    either = False
    for minus, phrase, word, star in _TERM.findall(clean)[:_LONGEST]:
        if word == "OR" and not minus:
            either = bool(groups)
            continue
        text = phrase or word
        beginning = bool(star) or text.endswith("*")
        text = text.rstrip("*")
        if not any(letter.isalnum() for letter in text):
            continue
        text = text.replace('"', " ").rstrip()
        terms = [f'"{text}"']
        if beginning and len(text.split()[-1]) >= _SHORTEST_BEGINNING:
            # the index holds stems, so that of "consultat*" it holds "consult" only: the ending decides
            terms = [f'"{text}"*', *(f'"{text}{ending}"' for ending in _ENDINGS)]
        if minus:
            without += terms
        elif either:
            groups[-1] += terms
        else:
            groups.append(terms)
        either = False
    if not groups:
        return None
    query = " AND ".join(f"({' OR '.join(group)})" for group in groups)
    return f"({query}) NOT ({' OR '.join(without)})" if without else query


def spans(marked: str) -> tuple[Span, ...]:
    """What highlight() and snippet() give, as stretches; runs of space are one space."""
    found = []
    inside = False
    for part in re.split(f"([{_OPEN}{_SHUT}])", re.sub(r"\s+", " ", marked)):
        if part in (_OPEN, _SHUT):
            inside = part == _OPEN
        elif part:
            found.append(Span(part, inside))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Conditions on meetings `m`; `many` meetings may meet them."""

    conditions: str
    parameters: tuple[object, ...]
    many: bool


def _filters(db: Database, wanted: Wanted) -> _Narrowed:
    councils = council_rows(db, wanted.councils)
    committees = committee_rows(db, wanted.committees, councils)
    where: list[str] = []
    parameters: list[object] = []
    if committees:
        where.append(f"m.committee IN ({marks(committees)})")
        parameters += committees
    elif councils:
        where.append(f"m.council IN ({marks(councils)})")
        parameters += councils
    for moment, condition in ((wanted.since, "m.starts_at_utc >= ?"), (wanted.until, "m.starts_at_utc < ?")):
        if moment is not None:
            where.append(condition)
            parameters.append(stamp(moment))
    conditions = " AND ".join(where)
    if not where:
        return _Narrowed("", (), False)
    some = f"SELECT 1 FROM meetings m WHERE {conditions} LIMIT {_MANY}"  # noqa: S608
    (count,) = db.conn.execute(f"SELECT count(*) FROM ({some})", parameters).fetchone()  # noqa: S608
    return _Narrowed(conditions, tuple(parameters), count == _MANY)


def _where(db: Database, kind: str, wanted: Wanted, narrowed: _Narrowed) -> _Where:
    """What a match must meet beside the words. `+f.rowid IN` is answered from a list made once, not by a search for
    each row of it; where that would be long, each match is looked at, between the first and last row that may do.
    """
    where, parameters = "", narrowed.parameters
    if narrowed.many:
        of = f"FROM meetings m CROSS JOIN {kind}s t ON t.meeting = m.id WHERE {narrowed.conditions}"
        first, last = db.conn.execute(f"SELECT min(t.id), max(t.id) {of}", parameters).fetchone()
        where = (
            f" AND f.rowid BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM {kind}s t JOIN meetings m ON m.id = t.meeting"  # noqa: S608
            f" WHERE t.id = f.rowid AND {narrowed.conditions})"
        )
        parameters = (first, last, *parameters)
    elif narrowed.conditions:
        where = (
            f" AND +f.rowid IN (SELECT t.id FROM meetings m CROSS JOIN {kind}s t ON t.meeting = m.id"  # noqa: S608
            f" WHERE {narrowed.conditions})"
        )
    if not wanted.withdrawn:
        where += f" AND +f.rowid NOT IN (SELECT id FROM {kind}s WHERE withdrawn_at IS NOT NULL)"  # noqa: S608
    return where, parameters


_Where = tuple[str, tuple[object, ...]]


def _count(db: Database, kind: str, query: str, also: _Where) -> int:
    where, parameters = also
    matching = f"SELECT 1 FROM {kind}s_fts f WHERE {kind}s_fts MATCH ?{where} LIMIT {RANKED + 1}"  # noqa: S608
    (count,) = db.conn.execute(f"SELECT count(*) FROM ({matching})", (query, *parameters)).fetchone()  # noqa: S608
    return int(count)


def _newest(db: Database, kind: str, query: str, also: _Where) -> list[int]:
    """The newest CAPPED, and one more where there are more."""
    where, parameters = also
    found = db.conn.execute(
        f"SELECT f.rowid FROM {kind}s_fts f WHERE {kind}s_fts MATCH ?{where} ORDER BY f.rowid DESC LIMIT {CAPPED + 1}",  # noqa: S608
        (query, *parameters),
    )
    return [row for (row,) in found]


def _best(db: Database, kind: str, query: str, also: _Where, limit: int) -> list[_Match]:
    where, parameters = also
    found = db.conn.execute(
        f"SELECT bm25({kind}s_fts, {_WEIGHTS[kind]}) AS worth, '{kind}', f.rowid FROM {kind}s_fts f"  # noqa: S608
        f" WHERE {kind}s_fts MATCH ?{where} ORDER BY worth, f.rowid DESC LIMIT ?",
        (query, *parameters, limit),
    )
    return found.fetchall()


def _by_day(db: Database, newest: dict[str, list[int]]) -> list[_Match]:
    """Items and documents in one row, the newest first seen first; each of the two is so already."""
    kinds = list(newest)
    if len(kinds) == 1:
        return [(0.0, kinds[0], row) for row in newest[kinds[0]]]
    seen: list[tuple[str, int, str]] = []
    for kind in kinds:
        found = db.conn.execute(
            f"SELECT coalesce(m.first_seen, ''), t.id, '{kind}' FROM {kind}s t LEFT JOIN meetings m ON m.id = t.meeting"  # noqa: S608
            " WHERE t.id IN (SELECT value FROM json_each(?))",
            (json.dumps(newest[kind]),),
        )
        seen += found.fetchall()
    return [(0.0, kind, row) for _, row, kind in sorted(seen, reverse=True)]


def _facets(db: Database, newest: dict[str, list[int]]) -> tuple[Facet, ...]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for kind, ids in newest.items():
        for committee, slug, council, year, count in db.conn.execute(
            f"""SELECT k.name, c.slug, c.name, substr(m.starts_at, 1, 4), count(*)
                FROM json_each(?) h CROSS JOIN {kind}s t ON t.id = h.value CROSS JOIN meetings m ON m.id = t.meeting
                  CROSS JOIN committees k ON k.id = m.committee CROSS JOIN councils c ON c.id = m.council
                GROUP BY m.committee, m.council, 4""",  # noqa: S608
            (json.dumps(ids),),
        ):
            counts["council", slug, council] += count
            counts["committee", committee, committee] += count
            if year:
                counts["year", year, year] += count
    order = {"council": 0, "committee": 1, "year": 2}
    return tuple(
        sorted(
            (Facet(by, value, name, count) for (by, value, name), count in counts.items()),
            key=lambda facet: (order[facet.by], -int(facet.value) if facet.by == "year" else -facet.count, facet.name),
        )
    )


def _hits(db: Database, query: str, chosen: Sequence[tuple[str, int]]) -> tuple[Hit, ...]:
    told: dict[tuple[str, int], Hit] = {}
    for kind in ("item", "document"):
        ids = [row for of, row in chosen if of == kind]
        number = "t.number" if kind == "item" else "(SELECT number FROM items WHERE id = t.item)"
        item = "t.id" if kind == "item" else "t.item"
        for row in rows(
            db,
            f"""SELECT t.id, t.meeting, {item} AS item, {number} AS number, t.url, t.restricted, t.withdrawn_at, m.starts_at,
                  k.name AS committee, c.slug AS council, c.name AS council_name,
                  highlight({kind}s_fts, 0, char(2), char(3)) AS title,
                  snippet({kind}s_fts, -1, char(2), char(3), '…', 28) AS snippet
                FROM {kind}s_fts f JOIN {kind}s t ON t.id = f.rowid LEFT JOIN meetings m ON m.id = t.meeting
                  LEFT JOIN notices n ON n.id = {"NULL" if kind == "item" else "t.notice"}
                  LEFT JOIN committees k ON k.id = m.committee JOIN councils c ON c.id = coalesce(m.council, n.council)
                WHERE {kind}s_fts MATCH ? AND f.rowid IN ({marks(ids)})""",  # noqa: S608
            [query, *ids],
        ):
            told[kind, row["id"]] = _hit(kind, row)
    return tuple(told[key] for key in chosen if key in told)


def _hit(kind: str, row: dict[str, Any]) -> Hit:
    title, snippet = spans(row["title"]), spans(row["snippet"])
    return Hit(
        kind=kind,
        id=row["id"],
        meeting=row["meeting"],
        item=row["item"],
        council=row["council"],
        council_name=row["council_name"],
        committee=row["committee"] or "",
        starts_at=when(row["starts_at"]),
        number=row["number"],
        title=title,
        snippet=() if snippet == title else snippet,  # the words stand in the title only
        url=row["url"],
        restricted=bool(row["restricted"]),
        withdrawn=row["withdrawn_at"] is not None,
    )
