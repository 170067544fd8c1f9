"""A history in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from history.deep_check import deep_check
from tests.history.keeping import Site, begin


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site; whatever a test did to it, the invariants hold afterwards."""
    made = begin(tmp_path / "history.db")
    yield made
    assert deep_check(made.db) == ()
    made.db.close()
