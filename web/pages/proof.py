"""The proof of a version: the page as it was served, by its hash, its address and the time it was fetched."""

from __future__ import annotations

import zlib
from typing import Any

from sqlite_utils import Database

from history.questions import rows, when
from web.asked import Asked, NotHereError, Sent, Shown
from web.pages.change import document_hash
from web.site import Site


def page(db: Database, _site: Site, asked: Asked) -> Shown:
    row = _version(db, asked.number("id"))
    size = None if row["body"] is None else len(zlib.decompress(row["body"]))
    moments = {name: when(row[name]) for name in ("seen_at", "fetched_at", "forgotten_at")}
    return Shown(
        "proof.html",
        {"version": {**row, **moments, "body": None}, "size": size, "document_sha256": document_hash(db, row["id"])},
    )


def body(db: Database, _site: Site, asked: Asked) -> Sent:
    """The bytes as served, only ever as a text to be saved: what a council's page holds is not run from ours."""
    row = _version(db, asked.number("id"))
    if row["body"] is None:
        raise NotHereError("No page is kept for this version.")
    name = f"capture-{row['sha256'][:16]}.txt"
    return Sent(
        zlib.decompress(row["body"]),
        "text/plain; charset=utf-8",
        {"content-disposition": f'attachment; filename="{name}"', "content-security-policy": "sandbox"},
    )


def _version(db: Database, number: int) -> dict[str, Any]:
    found = rows(
        db,
        """SELECT v.id, v.entity, v.entity_id, v.seen_at, v.transport, v.parser, p.url, p.fetched_at, p.sha256, p.body,
             p.content_type, p.forgotten_at FROM versions v LEFT JOIN captures p ON p.id = v.capture WHERE v.id = ?""",
        (number,),
    )
    if not found:
        raise NotHereError(f"There is no version {number} in this history.")
    return found[0]
