"""One change, to be linked to and cited: what it was before, what it is after, and the proof."""

from __future__ import annotations

from sqlite_utils import Database

from history.chronicle import change
from web.asked import Asked, Shown
from web.site import Site


def page(db: Database, _site: Site, asked: Asked) -> Shown:
    return Shown("change.html", {"change": change(db, asked.number("id"))})
