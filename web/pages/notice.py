"""A notice: a decision taken outside a meeting, an entry of a forward plan, or a consultation."""

from __future__ import annotations

from sqlite_utils import Database

from history.chronicle import changes_of
from history.moments import versions_of
from history.questions import rows
from web.asked import Asked, NotHereError, Shown
from web.site import Site


def page(db: Database, _site: Site, asked: Asked) -> Shown:
    number = asked.number("id")
    found = rows(
        db,
        """SELECT n.*, c.name AS council_name, c.slug AS council_slug FROM notices n JOIN councils c ON c.id = n.council
           WHERE n.id = ?""",
        (number,),
    )
    if not found:
        raise NotHereError(f"There is no notice {number} in this history.")
    documents = rows(db, "SELECT id, title, url, size_shown, withdrawn_at FROM documents WHERE notice = ?", (number,))
    return Shown(
        "notice.html",
        {
            "notice": found[0],
            "documents": documents,
            "changes": changes_of(db, "notice", number),
            "versions": versions_of(db, "notice", number)[::-1],
        },
    )
