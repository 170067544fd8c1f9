"""How long the history takes to answer on a million items, at the 95th percentile.

`python -m benchmarks.asking FOLDER` (where `benchmarks.million` wrote million.db). Every word is asked for once warm; words
are drawn by how common they are. Goal: 50 ms for words in up to 2 % of the items; commoner ones newest first.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from benchmarks.million import MARKS, words
from config.topics import all_terms, load_topics
from history.chronicle import Filters, changes
from history.database import connect
from history.finding import find
from history.moments import as_it_stands, as_it_stood
from history.searching import Wanted, search
from history.timelines import key_dates, mentions_by_month, timeline

GOAL_MS = 50.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of question: milliseconds at the middle and the 95th percentile of `count` different ones, and of CPU, which
    says more where the machine has other work too.
    """

    what: str
    count: int
    median_ms: float
    p95_ms: float
    p95_cpu_ms: float


def measure(db: Database) -> tuple[Asked, ...]:
    """Every kind of question, each of many different ones asked twice; the second time counts."""
    rng = random.Random(2)
    common, rare, middling = _words_by_share(db, rng)
    meetings = [rng.randint(1, 100_000) for _ in range(100)]
    councils = [f"council-{rng.randint(1, 313)}" for _ in range(40)]
    then = datetime(2026, 1, 1, tzinfo=UTC)
    pspo = load_topics()["pspo"]
    questions: dict[str, list[Callable[[], object]]] = {
        "search: words in up to 0.2 % of the items": [partial(search, db, Wanted(word)) for word in rare],
        "search: words in 0.2 to 2 %": [partial(search, db, Wanted(word)) for word in middling],
        "search: commoner words": [partial(search, db, Wanted(word)) for word in common],
        "search: two words in up to 2 %": [
            partial(search, db, Wanted(f"{one} {two}")) for one, two in zip(middling, rare, strict=False)
        ],
        "search: of one council": [
            partial(search, db, Wanted(word, (of,))) for word, of in zip(middling + common, councils, strict=False)
        ],
        "changes: newest": [partial(changes, db, Filters())],
        "changes: of a council": [partial(changes, db, Filters((of,))) for of in councils],
        "changes: of a kind and council": [partial(changes, db, Filters((of,), kinds=("minutes",))) for of in councils],
        "changes: on a topic": [partial(changes, db, Filters(topic=of)) for of in ("pspo", "traffic-orders")],
        "show: a meeting": [partial(as_it_stands, db, of) for of in meetings],
        "show: a meeting as it stood": [partial(as_it_stood, db, of, then) for of in range(10, 1_000, 10)],
        "show: by reference": [partial(find, db, f"item:{of}") for of in meetings],
        "timeline: a topic, all councils": [partial(timeline, db, "pspo", all_terms(pspo))],
        "timeline: a topic, one council": [partial(timeline, db, "traffic-orders", (), (of,)) for of in councils],
        "topic page: key dates": [partial(key_dates, db, then.date(), ("pspo",))],
        "topic page: mentions by month": [partial(mentions_by_month, db, "pspo")],
    }
    return tuple(_ask(what, asked) for what, asked in questions.items())


def _words_by_share(db: Database, rng: random.Random) -> tuple[list[str], list[str], list[str]]:
    """Words in more than 2 % of the items, in up to 0.2 % and between the two."""
    vocabulary = words(random.Random(1))
    some = [f"mark{share:05}" for share in MARKS] + vocabulary[20:60] + rng.sample(vocabulary[60:], 400)
    groups: tuple[list[str], list[str], list[str]] = ([], [], [])
    for word in some:
        (count,) = db.conn.execute(
            "SELECT count(*) FROM (SELECT 1 FROM items_fts WHERE items_fts MATCH ? LIMIT 20600)", (word,)
        ).fetchone()
        groups[0 if count >= 20_600 else 1 if count <= 2_000 else 2].append(word)
    return groups


def _ask(what: str, asked: Sequence[Callable[[], object]]) -> Asked:
    took, cpu = [], []
    for question in [*asked] * (1 if len(asked) > 20 else 20):
        question()
        start, start_cpu = time.perf_counter(), time.process_time()
        question()
        took.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - start_cpu) * 1000)
    return Asked(what, len(asked), statistics.median(took), _p95(took), _p95(cpu))


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time what is asked of a history of a million items.")
    parser.add_argument("folder", type=Path)
    db = connect(parser.parse_args().folder / "million.db", read_only=True)
    for asked in measure(db):
        mark = "" if asked.p95_ms <= GOAL_MS else "  over the goal"
        print(
            f"{asked.what:42} {asked.count:4}  median {asked.median_ms:6.1f} ms  p95 {asked.p95_ms:6.1f} ms"
            f"  (CPU {asked.p95_cpu_ms:6.1f} ms){mark}"
        )


if __name__ == "__main__":
    main()
