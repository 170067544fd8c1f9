"""A source that answers well and tells nothing: nothing new for unusually long, or nothing of a committee by that name.

Nothing new: a copy that nobody keeps up, or a list gone blind.

No council is silent through its own meetings. So a silence is unusual when it is twice as long as any before it, and a
meeting was held in it whose agenda should have been news, or no meeting is to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlite_utils import Database

from config.errors import advice, quoted
from config.settings import Council
from councilwatch.health import Illness
from history.database import moment, stamp

LEAST: Final = timedelta(days=28)
REMEMBERED: Final = timedelta(days=400)  # a year and its summer recess
AGENDA_AHEAD: Final = timedelta(days=14)  # an agenda that is out earlier than that may have been the last news
_CURE: Final = (
    "Look at it in a browser: has the council moved, or stopped publishing there? Then give its new base_url."
)


def is_unusual(news: Sequence[datetime], now: datetime, *, held: bool, to_come: bool) -> bool:
    """`news`: when something was new, in order, beginning with the first look. `held`: a meeting that should have been news."""
    longest = max((later - earlier for earlier, later in pairwise(news)), default=timedelta())
    return now - news[-1] > max(LEAST, 2 * longest) and (held or not to_come)


def silent_sources(db: Database, base_urls: Iterable[str], now: datetime) -> list[Illness]:
    """Those of these sources that are in order, and unusually quiet."""
    found = []
    for base_url in base_urls:
        last = _last_news(db, base_url)
        if last is not None and now - last > LEAST and _is_silent(db, base_url, last, now):
            why = f"it answers as it should, but nothing there was new for {(now - last).days} days"
            found.append(Illness(base_url, "unusually quiet", why, _CURE))
    return found


def unknown_committees(db: Database, councils: Mapping[str, Sequence[Council]]) -> list[Illness]:
    """Committees that the config names and their site, by its base_url, has not, once it has told its committees."""
    found = []
    for base_url, sharing in councils.items():
        named = [(council, name) for council in sharing for name in council.committees or ()]
        if not named:
            continue
        rows = db.conn.execute(
            "SELECT name FROM committees WHERE expired = 0 AND source = (SELECT id FROM sources WHERE base_url = ?)",
            (base_url,),
        )
        known = [name for (name,) in rows]
        folded = {name.casefold() for name in known}
        for council, name in named if known else ():
            if name.casefold() not in folded:
                what = f"{council.slug}, committee {quoted(name)}"
                why = f"{base_url} has no committee of that name, so nothing of it is read"
                found.append(Illness(what, "unknown", why, f"Correct it in the config{advice(name, known)}."))
    return found


def _last_news(db: Database, base_url: str) -> datetime | None:
    """When something was last new there, or it was first looked at; None where it is in trouble or was never read."""
    (first, last) = db.conn.execute(
        "SELECT (SELECT min(first_seen) FROM committees WHERE source = s.id),"
        " (SELECT max(last) FROM (SELECT (SELECT max(seen_at) FROM changes WHERE council = c.id) AS last"
        "  FROM councils c WHERE c.source = s.id)) FROM sources s WHERE s.base_url = ? AND s.state = 'ok'",
        (base_url,),
    ).fetchone() or (None, None)
    return moment(last or first) if first else None


def _is_silent(db: Database, base_url: str, last: datetime, now: datetime) -> bool:
    run = db.conn.execute
    ((source, first),) = run(
        "SELECT s.id, min(k.first_seen) FROM sources s JOIN committees k ON k.source = s.id WHERE s.base_url = ?",
        (base_url,),
    ).fetchall()
    days = run(
        "SELECT DISTINCT substr(seen_at, 1, 10) FROM changes WHERE seen_at >= ? AND council IN"
        " (SELECT id FROM councils WHERE source = ?) ORDER BY 1",
        (stamp(now - REMEMBERED), source),
    )
    begun = max(moment(first), now - REMEMBERED)
    news = sorted({begun, *(max(begun, datetime.fromisoformat(f"{day}T00:00:00+00:00")) for (day,) in days), last})
    (held, to_come) = run(
        "SELECT coalesce(max(read_at IS NOT NULL AND starts_at_utc BETWEEN ? AND ?), 0),"
        " coalesce(max(starts_at_utc > ?), 0) FROM meetings"
        " WHERE source = ? AND status = 'scheduled' AND withdrawn_at IS NULL",
        (stamp(last + AGENDA_AHEAD), stamp(now), stamp(now), source),
    ).fetchone()
    return is_unusual(news, now, held=bool(held), to_come=bool(to_come))
