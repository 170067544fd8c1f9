"""The daily call to an address of the operator's: while it comes, all is well; when it stays away, somebody looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import httpx
from sqlite_utils import Database

from councilwatch.health import Health
from history.database import moment, write_txn
from history.notes import note

TRY_AGAIN: Final = timedelta(minutes=15)
SECONDS: Final = 5.0  # so long the address may take to answer; the daemon's stop waits for it

_LONDON = ZoneInfo("Europe/London")
_CALLED, _TRIED = "heartbeat called", "heartbeat tried"


def due(db: Database, health: Health, now: datetime) -> bool:
    """Once on each day (London's) that all is well: the service, and every source. A failed call is tried again."""
    if not health.well or health.troubled:
        return False
    known: Mapping[str, datetime] = {
        name: moment(value)
        for name, value in db.conn.execute(
            "SELECT name, value FROM settings_of_record WHERE name IN (?, ?)", (_CALLED, _TRIED)
        )
    }
    called, tried = known.get(_CALLED), known.get(_TRIED)
    if called is not None and called.astimezone(_LONDON).date() == now.astimezone(_LONDON).date():
        return False
    return tried is None or not timedelta() <= now - tried < TRY_AGAIN


def call(url: str) -> str | None:
    """Calls the address. Returns None where it answered, else why not, in words that do not repeat the address."""
    try:
        answer = httpx.get(url, timeout=SECONDS, headers={"User-Agent": "councilwatch"})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return None if answer.is_success or answer.is_redirect else f"it answered {answer.status_code}"


def keep(db: Database, now: datetime, *, answered: bool) -> None:
    """Remembers the call, so that a restart does not repeat it."""
    with write_txn(db):
        for name in (_TRIED, _CALLED) if answered else (_TRIED,):
            note(db, name, now.isoformat(timespec="seconds"))
