"""How to read this history, how to cite it, and how to take it away."""

from __future__ import annotations

from sqlite_utils import Database

from web.asked import Asked, Shown
from web.site import Site


def page(_db: Database, _site: Site, _asked: Asked) -> Shown:
    return Shown("about.html", {})
