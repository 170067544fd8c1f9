"""One change, to be linked to and cited: what it was before, what it is after, and the proof."""

from __future__ import annotations

from sqlite_utils import Database

from history.chronicle import change
from history.questions import rows
from web.asked import Asked, Shown
from web.site import Site


def page(db: Database, _site: Site, asked: Asked) -> Shown:
    told = change(db, asked.number("id"))
    return Shown("change.html", {"change": told, "document_sha256": document_hash(db, told.version)})


def document_hash(db: Database, version: int) -> str | None:
    """The hash of a document's bytes at a version; None where it is no document's, or they were not fetched by then."""
    found = rows(
        db,
        "SELECT json_extract(content, '$.sha256') AS sha256 FROM versions WHERE id = ? AND entity = 'document'",
        (version,),
    )
    return found[0]["sha256"] if found else None
