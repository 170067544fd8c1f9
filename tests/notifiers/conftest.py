"""A history in a real SQLite database, written as `history` writes it, and a config to tell of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlite_utils import Database

from config.addresses import Address, Addresses
from config.settings import Settings, load
from history.changes import Change
from history.database import connect
from notifiers import outbox
from notifiers.people import People

NOW = datetime(2025, 11, 18, 12, 0, tzinfo=UTC)
MEETING = datetime.fromisoformat("2025-11-26T09:00:00+00:00")


@dataclass
class Book:
    """Writes rows as the history does, at a clock that the test sets."""

    db: Database
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def _insert(self, table: str, **values: object) -> int:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        made = self.db.execute(f"insert into {table} ({names}) values ({marks})", tuple(values.values()))
        assert made.lastrowid is not None
        return made.lastrowid

    def council(self, slug: str = "stockton-on-tees", name: str = "Stockton-on-Tees") -> int:
        base = f"https://{slug}.example.gov.uk"
        source = self._insert("sources", base_url=base)
        return self._insert("councils", slug=slug, name=name, base_url=base, source=source)

    def meeting(
        self, council: int, committee: str = "Safer Stockton Partnership", starts_at: datetime = MEETING, **more: object
    ) -> int:
        number = next(self.numbers)
        source = next(self.db.query("select source from councils where id = ?", (council,)))["source"]
        known = list(self.db.query("select id from committees where council = ? and name = ?", (council, committee)))
        of = (
            known[0]["id"]
            if known
            else self._insert(
                "committees",
                source=source,
                council=council,
                committee_id=number,
                name=committee,
                first_seen=self.now.isoformat(),
                last_seen=self.now.isoformat(),
            )
        )
        return self._insert(
            "meetings",
            **{
                "source": source,
                "council": council,
                "committee": of,
                "committee_id": number,
                "meeting_id": 1000 + number,
                "starts_at": starts_at.isoformat(),
                "starts_at_utc": starts_at.astimezone(UTC).isoformat(timespec="seconds"),
                "url": f"https://example.gov.uk/ieListDocuments.aspx?MId={1000 + number}",
                "contact": "John Devine, Democratic Services",
                "read_at": self.now.isoformat(),
                "first_seen": self.now.isoformat(),
                "last_seen": self.now.isoformat(),
                "last_changed": self.now.isoformat(),
                **more,
            },
        )

    def item(self, meeting: int, title: str, number: str = "", **texts: object) -> int:
        count = next(self.numbers)
        return self._insert(
            "items",
            meeting=meeting,
            item_id=count,
            position=count,
            number=number,
            title=title,
            url=f"https://example.gov.uk/mgAi.aspx?ID={count}",
            first_seen=self.now.isoformat(),
            last_seen=self.now.isoformat(),
            **texts,
        )

    def document(self, title: str, **more: object) -> int:
        return self._insert(
            "documents",
            **{
                "document_id": f"s{next(self.numbers)}",
                "title": title,
                "kind": "report",
                "url": "https://example.gov.uk/report.pdf",
                "first_seen": self.now.isoformat(),
                "last_seen": self.now.isoformat(),
                **more,
            },
        )

    def notice(self, council: int, kind: str, title: str, **more: object) -> int:
        source = next(self.db.query("select source from councils where id = ?", (council,)))["source"]
        return self._insert(
            "notices",
            source=source,
            council=council,
            kind=kind,
            notice_id=next(self.numbers),
            title=title,
            url="https://example.gov.uk/notice",
            first_seen=self.now.isoformat(),
            last_seen=self.now.isoformat(),
            **more,
        )

    def change(self, kind: str, thing: str, number: int, **more: Any) -> Change:
        """A change of a thing ("item"), with the version that proves it."""
        row = next(self.db.query(f"select * from {thing}s where id = ?", (number,)))
        place: dict[str, Any] = {thing: number}
        if thing in ("item", "document"):
            place |= {"meeting": row["meeting"]}
        if thing == "document":
            place |= {"item": row["item"], "notice": row["notice"]}
        council = row.get("council")
        if council is None:
            council = next(self.db.query("select council from meetings where id = ?", (row["meeting"],)))["council"]
        version = self._insert(
            "versions",
            entity=thing,
            entity_id=number,
            seen_at=self.now.isoformat(),
            content=json.dumps({k: row[k] for k in ("title", "text", "decision", "minutes") if k in row}),
            transport="html",
            parser="1",
        )
        values = {**place, "council": council, "kind": kind, **more, "version": version}
        return Change(id=self._insert("changes", seen_at=self.now.isoformat(), **values), seen_at=self.now, **values)

    def rewrite(self, item: int, name: str, after: str | None, kind: str) -> Change:
        """An item's text as it is now, and the change that it makes."""
        before = next(self.db.query(f"select {name} from items where id = ?", (item,)))[name]
        self.db.execute(f"update items set {name} = ? where id = ?", (after, item))
        return self.change(kind, "item", item, field=name, before=before, after=after)

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return list(self.db.query(sql, values))

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(connect(tmp_path / "history.db"))


Subscribers = tuple[str, list[str], str]
Configure = Callable[..., People]


@pytest.fixture
def configure(book: Book, tmp_path: Path) -> Configure:
    """Takes watches as TOML and subscribers as (name, watches, further TOML), and keeps them."""

    def keep(watches: str, *subscribers: Subscribers, addresses: dict[str, list[str]] | None = None) -> People:
        settings = settings_of(tmp_path, watches, *subscribers)
        return outbox.keep_people(book.db, settings, addresses_of(settings, addresses), book.now)

    return keep


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Settings]:
    """The same, as settings only."""
    return lambda watches, *subscribers: settings_of(tmp_path, watches, *subscribers)


Keep = Callable[..., People]


@pytest.fixture
def begin(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Book, People, Keep]]:
    """A history of its own for each example that hypothesis tries, and what keeps another config in it."""

    def begun(watches: str, *subscribers: Subscribers) -> tuple[Book, People, Keep]:
        folder = tmp_path_factory.mktemp("example")
        book = Book(connect(folder / "history.db"))

        def keep(watches: str, *subscribers: Subscribers) -> People:
            settings = settings_of(folder, watches, *subscribers)
            return outbox.keep_people(book.db, settings, addresses_of(settings), book.now)

        return book, keep(watches, *subscribers), keep

    return begun


def settings_of(folder: Path, watches: str, *subscribers: Subscribers) -> Settings:
    people = "".join(
        f'[[subscriber]]\nname = "{name}"\nto = ["mailto://{name}@example.org"]\nwatches = {json.dumps(had)}\n{more}\n'
        for name, had, more in subscribers
    )
    path = folder / "councilwatch.toml"
    path.write_text(
        f'[service]\ncontact = "us@example.org"\n[operator]\nto = ["mailto://op@example.org"]\n'
        f'[[council]]\nslug = "stockton-on-tees"\n[[council]]\nslug = "leeds"\n{watches}\n{people}'
    )
    return load(path)


def addresses_of(settings: Settings, written: dict[str, list[str]] | None = None) -> Addresses:
    def address(url: str) -> Address:
        return Address(SecretStr(url), f"mail to {url[9]}…", "mailto")

    return Addresses(
        {s.name: tuple(address(url) for url in (written or {}).get(s.name, s.to)) for s in settings.subscribers},
        (address("mailto://op@example.org"),),
        None,
    )
