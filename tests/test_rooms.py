"""Data goes one way: a room imports only the rooms that stand before it (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BEFORE = {
    "config": set(),
    "scraper": set(),
    "history": {"config", "scraper"},
    "notifiers": {"config", "scraper", "history"},
    "web": {"config", "history"},
    "demo": set(),
    "councilwatch": {"config", "scraper", "history", "notifiers", "web", "demo"},
}


def _rooms_imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found & BEFORE.keys()


@pytest.mark.parametrize("room", BEFORE)
def test_a_room_imports_only_what_stands_before_it(room: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): other
        for path in sorted((ROOT / room).rglob("*.py"))
        if (other := _rooms_imported_by(path) - BEFORE[room] - {room})
    }
    assert wrong == {}


def test_every_room_that_is_shipped_is_named() -> None:
    shipped = {
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in ("tests", "benchmarks", "learning")
    }
    assert shipped == BEFORE.keys()
