"""Every reader can be asked for by its name."""

from __future__ import annotations

import pytest

from scraper.moderngov import readers
from scraper.records import Refused, Suspect

NAMES = sorted(name for name, found in vars(readers).items() if getattr(found, "__qualname__", "").endswith("reader"))


def test_there_is_one_for_each_kind_of_page() -> None:
    assert len(NAMES) == 16


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_is_where_it_is_looked_for(name: str) -> None:
    for body in (b"", b"<p>no page of moderngov's</p>"):
        said = getattr(readers, name)(body, "https://example.org/page.aspx", "text/html")
        assert isinstance(said, Suspect | Refused)
