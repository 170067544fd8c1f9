"""What the database remembers of a source from poll to poll: its standing, its transports, and how its pages fared."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlite_utils import Database

from councilwatch.source_poll import Stored
from councilwatch.trouble import PAGES_OF, Trouble
from history.database import moment, stamp
from scraper.source import Site

# A meeting's page and its answer of the web service, of which a look asks for one, are one page that is known.
_PAGES: Final = """
SELECT count(*) - min(coalesce(sum(service), 0), coalesce(sum(page), 0)),
  count(trouble) - min(coalesce(sum(service AND trouble IS NOT NULL), 0), coalesce(sum(page AND trouble IS NOT NULL), 0))
FROM (SELECT trouble, url LIKE '%/GetMeeting?%' AS service, url LIKE '%/ieListDocuments.aspx?%' AS page FROM pages
  WHERE source = ? AND fetched_at >= ?)"""


def recall_standing(db: Database, source: int) -> tuple[Stored, Trouble]:
    """What earlier polls found out about a source, and how it stood after the last."""
    row = db.conn.execute(
        "SELECT transport, calendar_committee, transport_found_at, committees_read_at, notices_read_at, next_look_at,"
        " state, since, troubled_polls, troubled_since, told_state, last_error FROM sources WHERE id = ?",
        (source,),
    ).fetchone()
    times = [moment(text) if text else None for text in row[2:6]]
    state, since, polls, troubled_since, told, error = row[6:]
    trouble = Trouble(
        state, moment(since) if since else None, polls, moment(troubled_since) if troubled_since else None, told, error
    )
    return Stored(row[0], row[1], *times), trouble


def pages_lately(db: Database, source: int, now: datetime) -> tuple[int, int]:
    """How many pages of a source were asked for lately, and how many of those are in trouble."""
    known, troubled = db.conn.execute(_PAGES, (source, stamp(now - PAGES_OF))).fetchone()
    return known, troubled


def keep_standing(
    db: Database,
    source: int,
    standing: Trouble,
    site: Site,
    now: datetime,
    retry_at: datetime | None,
    *,
    good: bool,
) -> None:
    """Inside the caller's write_txn: how a source stands after a poll. `good`: a page of it could be read."""
    values = {
        "state": standing.state,
        "since": stamp(standing.since) if standing.since else stamp(now),
        "last_error": standing.reason,
        "troubled_polls": standing.polls,
        "troubled_since": stamp(standing.troubled_since) if standing.troubled_since else None,
        "told_state": standing.told,
        "transport": site.transport,
        "calendar_committee": site.calendar_committee,
        "retry_at": stamp(retry_at) if retry_at else None,
    }
    if good and standing.state == "ok":
        values["last_ok"] = stamp(now)
    if not site.find_again:
        values["transport_found_at"] = stamp(now)
    places = ", ".join(f"{name} = :{name}" for name in values)
    db.conn.execute(f"UPDATE sources SET {places} WHERE id = :id", values | {"id": source})  # noqa: S608
