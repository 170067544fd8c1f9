"""What a form can offer: councils, their committees and topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from history.questions import Council, council_rows, councils, marks, rows
from web.asked import Asked
from web.site import Site

MOST: Final = 250  # committees in one list; with more of them a council is to be chosen first


@dataclass(frozen=True, slots=True)
class Choices:
    """`committees` is empty where there are too many of them to choose from before a council is chosen."""

    councils: tuple[Council, ...]
    committees: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]


def choices(db: Database, site: Site, asked: Asked) -> Choices:
    """What stands to be chosen, given the councils that are chosen already. Raises NotFoundError."""
    of = council_rows(db, asked.all("council"))
    where = f"WHERE council IN ({marks(of)})" if of else ""
    names = rows(
        db,
        f"SELECT DISTINCT name FROM committees {where} ORDER BY name LIMIT ?",  # noqa: S608
        (*of, MOST + 1),
    )
    topics = sorted(((slug, topic.title) for slug, topic in site.topics.items()), key=lambda each: each[1])
    committees = tuple(row["name"] for row in names) if len(names) <= MOST else ()
    return Choices(councils(db), committees, tuple(topics))
