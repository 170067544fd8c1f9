"""A history of a million items, made by rule: the same every time. Words are as frequent as words are (Zipf).

`python -m benchmarks.million FOLDER [--items N]` writes FOLDER/million.db. The words `mark00001` … `mark50000` stand in
that many of 100,000 items, so that a search can be measured by how common its word is.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from history.database import connect, stamp, write_txn

COUNCILS = 313
COMMITTEES = 30  # of each council
ITEMS_A_MEETING = 10
TEN_YEARS = 3650
LAST_DAY = date(2026, 11, 1)
MARKS = (1, 10, 50, 100, 500, 1000, 1500, 2000, 5000, 10000, 20000, 50000)  # of 100,000 items

_SAID = """council committee meeting report members minutes agenda item update plan budget review policy strategy order public
consultation proposed approved noted agreed resolved recommendation cabinet officer director housing planning licensing
transport highways parking education schools social care health wellbeing safety crime police community partnership park
street environment waste recycling climate energy finance audit risk performance quarter annual service delivery funding
grant capital revenue contract procurement lease property land development application appeal enforcement tree footpath
spaces protection dogs alcohol nuisance selective private landlord traffic speed zone school crossing bridge flood river
market town centre regeneration leisure library museum culture sport youth child adult vulnerable carers support advice"""
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bran crel drom flin gresk plav stord trin"
_SMALL = "the of and to in a that for was on be by with as is were at it this from"


def words(rng: random.Random, count: int = 40_000) -> list[str]:
    """The vocabulary, commonest first."""
    known = dict.fromkeys((*_SMALL.split(), *_SAID.split()))
    syllables = _SYLLABLES.split()
    while len(known) < count:
        known["".join(rng.choice(syllables) for _ in range(rng.randint(2, 4)))] = None
    return list(known)


class Prose:
    """Sentences drawn from a pool in which the n-th word is about 1/n as common as the first."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        vocabulary = words(rng)
        weights = list(itertools.accumulate(1 / (place + 10) for place in range(len(vocabulary))))
        drawn = rng.choices(vocabulary, cum_weights=weights, k=1_200_000)
        self._sentences = [" ".join(drawn[at : at + 12]).capitalize() + "." for at in range(0, len(drawn), 12)]
        content = rng.choices(vocabulary[20:], k=400_000)
        self._titles = [" ".join(content[at : at + 4]).capitalize() for at in range(0, len(content), 4)]

    def title(self) -> str:
        return self._rng.choice(self._titles)

    def text(self, sentences: int) -> str:
        return "\n".join(self._rng.choices(self._sentences, k=sentences))


def build(path: Path, items: int = 1_000_000, seed: int = 1) -> None:
    """Write the history; a tenth as many documents and changes as items."""
    rng = random.Random(seed)
    prose = Prose(rng)
    db = connect(path)
    conn: sqlite3.Connection = db.conn
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("PRAGMA cache_size = -200000")
    with write_txn(db):
        _places(conn)
    meetings = max(1, items // ITEMS_A_MEETING)
    for first in range(0, meetings, 2_000):
        with write_txn(db):
            _meetings(conn, rng, prose, range(first, min(first + 2_000, meetings)), meetings)
    db.close()


def _places(conn: sqlite3.Connection) -> None:
    at = "2016-11-01T00:00:00+00:00"
    for council in range(1, COUNCILS + 1):
        base = f"https://democracy.council{council}.example"
        conn.execute(
            "INSERT INTO sources (id, base_url, since, last_ok, transport) VALUES (?, ?, ?, ?, 'both')",
            (council, base, at, f"{LAST_DAY}T06:00:00+00:00"),
        )
        conn.execute(
            "INSERT INTO councils (id, slug, name, base_url, nation, source) VALUES (?, ?, ?, ?, ?, ?)",
            (
                council,
                f"council-{council}",
                f"Council {council}",
                base,
                ("England", "Wales")[council % 8 == 0],
                council,
            ),
        )
    conn.execute(
        "INSERT INTO polls (source, started_at, ended_at, outcome) VALUES (1, ?1, ?1, 'ok')",
        (f"{LAST_DAY}T06:00:00+00:00",),
    )
    conn.executemany(
        "INSERT INTO committees (id, source, council, committee_id, name, first_seen, last_seen) VALUES (?,?,?,?,?,?,?)",
        (
            (
                number,
                (of := 1 + (number - 1) // COMMITTEES),
                of,
                100 + (number - 1) % COMMITTEES,
                _committee(number),
                at,
                at,
            )
            for number in range(1, COUNCILS * COMMITTEES + 1)
        ),
    )


def _committee(number: int) -> str:
    kinds = ("Cabinet", "Council", "Licensing Committee", "Planning Committee", "Audit Committee", "Safer Partnership")
    place = (number - 1) % COMMITTEES
    return kinds[place] if place < len(kinds) else f"Scrutiny Panel {place}"


def _meetings(conn: sqlite3.Connection, rng: random.Random, prose: Prose, numbers: range, of: int) -> None:
    rows = [_Meeting(rng, number, of) for number in numbers]
    conn.executemany(
        "INSERT INTO meetings (id, source, council, committee, committee_id, meeting_id, starts_at, starts_at_utc, venue,"
        " agenda_state, minutes_state, url, first_seen, last_seen, last_changed, read_at, agenda_seen_at)"
        " VALUES (?,?,?,?,?,?,?,?,'Town Hall','published','approved',?,?,?,?,?,?)",
        (meeting.row() for meeting in rows),
    )
    items = [item for meeting in rows for item in _items(rng, prose, meeting)]
    conn.executemany(
        "INSERT INTO items (id, meeting, item_id, position, number, title, text, minutes, restricted, url, issue_id,"
        " first_seen, last_seen) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        items,
    )
    documents = [
        (meeting.id, meeting.id * 10, f"s{meeting.id}", prose.title(), f"{meeting.url}/s{meeting.id}.pdf", "100 KB", 100_000,
         prose.text(30), meeting.seen, meeting.seen, meeting.seen if meeting.id % 200 == 0 else None)
        for meeting in rows
    ]  # fmt: skip
    conn.executemany(
        "INSERT INTO documents (meeting, item, document_id, title, kind, url, size_shown, size, text, text_state,"
        " first_seen, last_seen, withdrawn_at) VALUES (?,?,?,?,'report',?,?,?,?,'text',?,?,?)",
        documents,
    )
    conn.executemany(
        "INSERT INTO versions (id, entity, entity_id, seen_at, transport, parser, content) VALUES (?,'meeting',?,?,'both','1',?)",
        ((meeting.id * 20, meeting.id, meeting.seen, meeting.content()) for meeting in rows),
    )
    conn.executemany(
        "INSERT INTO versions (id, entity, entity_id, seen_at, transport, parser, content) VALUES (?,'item',?,?,'both','1',?)",
        (
            (meeting * 20 + place, number, seen, _item_content(item))
            for item in items
            for number, meeting, _, place, *_, seen, _ in (item,)
            if meeting % 10 == 0
        ),
    )
    conn.executemany(
        "INSERT INTO changes (seen_at, council, meeting, item, kind, field, after, version) VALUES (?,?,?,?,?,?,?,?)",
        (change for meeting in rows for change in _changes(rng, meeting)),
    )
    conn.executemany(
        "INSERT INTO milestones (council, topic, meeting, item, kind, stage, date, precision, sentence, as_of, seen_at, field)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,'minutes')",
        (told for meeting in rows for told in _milestones(rng, meeting)),
    )


class _Meeting:
    """One meeting's numbers and moments; ids grow with the days."""

    def __init__(self, rng: random.Random, number: int, of: int) -> None:
        self.id = number + 1
        self.committee = rng.randint(1, COUNCILS * COMMITTEES)
        self.council = 1 + (self.committee - 1) // COMMITTEES
        day = LAST_DAY - timedelta(days=TEN_YEARS - number * TEN_YEARS // of)
        self.starts = datetime.combine(day, time(18), UTC)
        self.seen = stamp(self.starts - timedelta(days=8))
        self.url = f"https://democracy.council{self.council}.example/ieListDocuments.aspx?MId={self.id}"

    def row(self) -> tuple[object, ...]:
        starts = stamp(self.starts)
        committee_id = 100 + (self.committee - 1) % COMMITTEES
        return (self.id, self.council, self.council, self.committee, committee_id, self.id, starts, starts, self.url,
                self.seen, self.seen, self.seen, self.seen, self.seen)  # fmt: skip

    def content(self) -> str:
        return json.dumps(
            {"meeting_id": self.id, "committee": "Cabinet", "starts_at": stamp(self.starts), "venue": "Town Hall",
             "status": "scheduled", "agenda_state": "published", "minutes_state": "none", "url": self.url,
             "documents": [], "withdrawn": False}
        )  # fmt: skip


def _items(rng: random.Random, prose: Prose, meeting: _Meeting) -> Iterator[tuple[Any, ...]]:
    for place in range(1, ITEMS_A_MEETING + 1):
        number = (meeting.id - 1) * ITEMS_A_MEETING + place
        marks = [f"mark{share:05}" for share in MARKS if rng.random() * 100_000 < share]
        minutes = prose.text(rng.randint(1, 5)) if rng.random() < 0.7 else None
        text = " ".join([prose.text(rng.randint(1, 3)), *marks])
        yield (
            number, meeting.id, number, place, f"C{meeting.committee}/{place}/{meeting.starts:%y}", prose.title(), text, minutes,
            int(rng.random() < 0.03), f"https://democracy.council{meeting.council}.example/mgAi.aspx?ID={number}",
            number % 5_000 if place == 3 else None, meeting.seen, meeting.seen,
        )  # fmt: skip


def _item_content(item: tuple[object, ...]) -> str:
    names = ("id", "meeting", "item_id", "position", "number", "title", "text", "minutes", "restricted", "url")
    return json.dumps(dict(zip(names, item, strict=False)) | {"decision": None, "documents": [], "withdrawn": False})


def _changes(rng: random.Random, meeting: _Meeting) -> Iterator[tuple[object, ...]]:
    kind = rng.choices(("agenda.published", "minutes.drafted", "meeting.cancelled", "item.restricted"), (50, 45, 4, 1))[
        0
    ]
    item = meeting.id * ITEMS_A_MEETING if kind.split(".")[0] in ("minutes", "item") else None
    yield (
        meeting.seen,
        meeting.council,
        meeting.id,
        item,
        kind,
        "minutes" if item else None,
        "Agreed.",
        meeting.id * 20,
    )


def _milestones(rng: random.Random, meeting: _Meeting) -> Iterator[tuple[object, ...]]:
    for topic, share in (("pspo", 0.02), ("traffic-orders", 0.2)):
        if rng.random() < share:
            item = meeting.id * ITEMS_A_MEETING
            common = (meeting.council, topic, meeting.id, item)
            day = meeting.starts.date()
            yield (
                *common,
                "stage",
                "consultation planned",
                None,
                None,
                "The public is to be asked.",
                str(day),
                meeting.seen,
            )
            ends = str(day + timedelta(days=rng.randint(10, 900)))
            yield (*common, "expires", None, ends, "day", "The order expires.", str(day), meeting.seen)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic history of a million items.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--items", type=int, default=1_000_000)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    build(asked.folder / "million.db", asked.items)


if __name__ == "__main__":
    main()
