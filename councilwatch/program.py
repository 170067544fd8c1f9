"""What every command of one run shares: where the config is, the clock, the environment; opened when asked for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlite_utils import Database

    from config.settings import Settings

Clock = Callable[[], datetime]
NOW = "COUNCILWATCH_NOW"
_OBJECTS = 20_000


class UsageError(Exception):
    """The command cannot do what it was asked. `str()` is one line: what is wrong and what to do. Exit code 2."""


@dataclass(slots=True)
class Program:
    """One run of the program. `clock` gives aware UTC times; `pretended` where COUNCILWATCH_NOW set it."""

    config_path: Path
    environ: Mapping[str, str]
    clock: Clock
    pretended: bool = False
    database: Path | None = None  # the one named on the command line; it goes before the config's
    reading: Path | None = None  # the history that the command only reads, once it does

    def settings(self) -> Settings:
        """The operator's file, read and checked, with the database that the command line names. Raises ConfigError."""
        from config.settings import load  # noqa: PLC0415  a quarter of a second that `--help` need not wait for

        said = load(self.config_path)
        if self.database is None:
            return said
        service = said.service.model_copy(update={"database": self.database.absolute()})
        return said.model_copy(update={"service": service})


def program(ctx: click.Context) -> Program:
    found = ctx.find_object(Program)
    assert found is not None
    return found


def settings(ctx: click.Context) -> Settings:
    """The operator's file, read and checked, with what the command line says instead. Raises ConfigError."""
    return program(ctx).settings()


def database_path(ctx: click.Context) -> Path:
    """The database named on the command line, else the config's. Raises ConfigError."""
    return program(ctx).database or settings(ctx).service.database


def history(ctx: click.Context) -> Database:
    """The history, to be read only. Raises ConfigError and HistoryError."""
    from history.database import connect  # noqa: PLC0415

    path = database_path(ctx)
    program(ctx).reading = path
    return connect(path, read_only=True)


def now(ctx: click.Context) -> datetime:
    return program(ctx).clock()


def collect_seldom() -> None:
    """Has Python look for garbage once in so many objects more than it does by itself.

    A page as a tree is some thousands of objects that come and go together; a third of the time of reading it went into
    looking at them, again and again, on their way. Memory does not grow by it: a tree is small.
    """
    gc.set_threshold(_OBJECTS)


def clock_of(environ: Mapping[str, str]) -> tuple[Clock, bool]:
    """The clock and whether it is pretended. Raises UsageError where COUNCILWATCH_NOW is no time."""
    said = environ.get(NOW, "").strip()
    if not said:
        return lambda: datetime.now(UTC), False
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise UsageError(f"{NOW}: {said!r} is not a time; write it like 2026-01-14T09:00:00+00:00") from None
    if moment.tzinfo is None:
        from zoneinfo import ZoneInfo  # noqa: PLC0415

        moment = moment.replace(tzinfo=ZoneInfo("Europe/London"))
    moment = moment.astimezone(UTC)
    return lambda: moment, True
