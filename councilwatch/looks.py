"""What is remembered of a look at a page, and what is kept of it as proof. Inside the caller's write_txn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from history.captures import Captured
from history.pages import page_memory, remember_page, remember_trouble, saw_page
from scraper.fetch import Page
from scraper.moderngov import PARSER
from scraper.moderngov.inside import fingerprint
from scraper.source import Look, remembered


def same_bytes(db: Database, source: int, looks: Sequence[Look[object]]) -> bool:
    """Whether only our own reading is new: then nothing is news."""
    for look in looks:
        memory = page_memory(db, source, look.url)
        if memory is None or memory.sha256 is None or memory.parser == PARSER or look.page is None:
            return False
        if look.page.body and fingerprint(look.page.body) != memory.sha256:
            return False
    return bool(looks)


def remember_look(
    db: Database, source: int, look: Look[object], now: datetime, *, whatever: bool = False, key: str | None = None
) -> None:
    """Remembers how an address answered, under `key` or its own url. `whatever`: read it next time even if unchanged."""
    url = key or look.url
    if not look.good:
        remember_trouble(db, source, url, look.reason or look.state, now)
        return
    memory = remembered(look) if look.state == "read" else None
    if memory is None:
        saw_page(db, source, url, now)
        return
    remember_page(
        db,
        source,
        url,
        etag=memory.etag,
        last_modified=memory.last_modified,
        sha256=None if whatever else memory.fingerprint,
        parser=PARSER,
        now=now,
    )


def captures(pages: Sequence[Page], first: str) -> list[Captured]:
    """The pages as proof, the one whose address is `first` at the head."""
    own_first = sorted(pages, key=lambda page: page.url != first)
    return [proof for page in own_first if (proof := captured(page)) is not None]


def captured(page: Page | None) -> Captured | None:
    """A page as proof; None where it came without a body."""
    if page is None or not page.body:
        return None
    return Captured(page.url, page.body, page.fetched_at, page.headers.get("content-type"))
