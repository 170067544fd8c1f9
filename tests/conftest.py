"""For all tests: names that are the same in every process, so that they can be run side by side."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


def pytest_make_parametrize_id(val: object) -> str | None:
    """A body of bytes is named by its length: what a compressor writes into it differs from second to second."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def fresh_logs() -> Iterator[None]:
    """What a command set up for its own standard error is not left to the next test: that stream is closed by then."""
    yield
    log = logging.getLogger("councilwatch")
    log.handlers, log.propagate = [], True
    log.setLevel(logging.NOTSET)
