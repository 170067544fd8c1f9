"""An agenda item: what it says now, and how it came to say so."""

from __future__ import annotations

from sqlite_utils import Database

from history.chronicle import changes_of
from history.moments import versions_of
from history.questions import item, meeting, rows
from web.asked import Asked, Shown
from web.site import Site


def page(db: Database, _site: Site, asked: Asked) -> Shown:
    shown = item(db, asked.number("id"))
    return Shown(
        "item.html",
        {
            "item": shown,
            "meeting": meeting(db, shown.meeting),
            "changes": changes_of(db, "item", shown.id),
            "versions": versions_of(db, "item", shown.id)[::-1],
            "topics": _topics(db, shown.id),
            "elsewhere": _elsewhere(db, shown.id, shown.issue_id),
        },
    )


def _topics(db: Database, number: int) -> list[str]:
    return [row["topic"] for row in rows(db, "SELECT DISTINCT topic FROM milestones WHERE item = ?", (number,))]


def _elsewhere(db: Database, number: int, issue: int | None) -> list[dict[str, object]]:
    """The same matter at other meetings: the site gives what comes back one issue number."""
    if issue is None:
        return []
    return rows(
        db,
        """SELECT i.id, i.number, i.title, k.name AS committee, date(m.starts_at) AS day
           FROM items i JOIN meetings m ON m.id = i.meeting JOIN committees k ON k.id = m.committee
           WHERE i.issue_id = ?1 AND i.id <> ?2 AND i.withdrawn_at IS NULL
             AND m.source = (SELECT o.source FROM items t JOIN meetings o ON o.id = t.meeting WHERE t.id = ?2)
           ORDER BY m.starts_at_utc DESC LIMIT 50""",
        (issue, number),
    )
