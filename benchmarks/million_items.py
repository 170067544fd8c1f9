"""A million items: search, timeline, show, changes and topic page, each at its 95th percentile.

The history is built once and kept beside the rivals (some 2 GB), until the code that builds it or the schema changes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchmarks import asking, million
from benchmarks.measure import Asked, Figure, Result, mb
from benchmarks.rivals import CACHE
from history import database
from history.database import connect

ITEMS = 1_000_000


def measure(asked: Asked) -> Result:
    path = _built(asked, 20_000 if asked.quick else ITEMS)
    asked.say("a million items: asking")
    db = connect(path, read_only=True)
    try:
        answers = asking.measure(db)
    finally:
        db.close()
    rows = [
        Figure(
            "a million items",
            f"{each.what}, 95th percentile",
            f"{each.p95_ms:.1f} ms",
            f"{asking.GOAL_MS:.0f} ms",
            each.p95_ms <= asking.GOAL_MS,
        )
        for each in answers
    ]
    return Result(
        tuple(rows), (f"a million items: wall clock, the database is {mb(path.stat().st_size)} and was read before",)
    )


def _built(asked: Asked, items: int) -> Path:
    made_by = [Path(million.__file__), Path(database.__file__).with_name("schema.sql")]
    of = hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()[:12]
    path = CACHE / f"items-{items}-{of}.db"
    if not path.exists():
        asked.say(f"building {path}")
        CACHE.mkdir(parents=True, exist_ok=True)
        for older in CACHE.glob(f"items-{items}-*.db"):
            older.unlink()
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        million.build(unfinished, items)
        unfinished.replace(path)
    return path
