"""A document: where it is, what its bytes hash to, and what it says, unless the council withdrew it."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

from history.chronicle import changes_of
from history.moments import versions_of
from history.questions import document, item, meeting, rows
from web.asked import Asked, Shown
from web.site import Site

_MOST: Final = 200_000  # characters of text on one page


def page(db: Database, site: Site, asked: Asked) -> Shown:
    shown = document(db, asked.number("id"))
    (place,) = rows(db, "SELECT meeting, notice FROM documents WHERE id = ?", (shown.id,))
    may_show = shown.forgotten_at is None and (shown.withdrawn_at is None or site.show_withdrawn_documents)
    text = rows(db, "SELECT text FROM documents WHERE id = ?", (shown.id,))[0]["text"] if may_show else None
    return Shown(
        "document.html",
        {
            "document": shown,
            "meeting": meeting(db, place["meeting"]) if place["meeting"] else None,
            "item": item(db, shown.item) if shown.item else None,
            "notice": place["notice"],
            "text": text[:_MOST] if text else None,
            "cut": bool(text and len(text) > _MOST),
            "changes": changes_of(db, "document", shown.id),
            "versions": versions_of(db, "document", shown.id)[::-1],
        },
    )
