"""The list of committees, `mgListCommittees.aspx?bcr=1`: categories as headings, committees as bulleted links.

Captured at Kingston, where the site's banner holds an `<a>` that is never closed and so swallows the page: links are
known by where they lead, never by where they stand. The page tells no dates and, but for a heading, not which
committees have expired.
"""

from __future__ import annotations

import re

from bs4 import Tag

from scraper.markup import line_of, words_of
from scraper.moderngov import addresses
from scraper.moderngov.page import Page, reads
from scraper.records import CommitteeRecord, Refused, Suspect

_EXPIRED = re.compile(r"\bexpired\b|\bdisbanded\b|\bformer\b", re.IGNORECASE)
_LINKED = re.compile(r"^Link to (?:details for|meetings for) (.+)$", re.IGNORECASE | re.DOTALL)


@reads
def read_committees(page: Page) -> tuple[CommitteeRecord, ...] | Suspect | Refused:
    """All committees in the page's order; Suspect where there is none."""
    found: dict[int, CommitteeRecord] = {}
    category: str | None = None
    for tag in page.root.find_all(["h2", "h3", "a"]):
        if tag.name != "a":
            if "mgSectionTitle" in str(tag.get("class") or "") or tag.name == "h3":
                category = line_of(tag) or None
            continue
        committee_id = _committee_id(page.link(tag))
        name = _name(tag)
        if committee_id is not None and name and _is_listed(tag):
            expired = bool(category and _EXPIRED.search(category))
            found.setdefault(committee_id, CommitteeRecord(committee_id, name, category, expired))
    if not found:
        return Suspect("no committees on the page of committees")
    return tuple(found.values())


def _committee_id(address: str | None) -> int | None:
    if address is None:
        return None
    file = addresses.page_name(address)
    if file == "mgcommitteedetails.aspx":
        return addresses.number(address, "ID")
    # the home of meetings, ieDocHome.aspx, lists committees by their meetings (reported); `info=1` is the
    # constitution (Kingston)
    if (
        file == "ielistmeetings.aspx"
        and addresses.number(address, "info") != 1
        and "act" not in addresses.parameters(address)
    ):
        return addresses.number(address, "CId", "CommitteeId")
    return None


def _name(link: Tag) -> str:
    """The words of the link; its `title` where it swallowed others."""
    titled = _LINKED.match(str(link.get("title") or ""))
    if link.find("a") is not None and titled:
        return " ".join(titled[1].split())
    return words_of(link)


def _is_listed(link: Tag) -> bool:
    """Whether a link is an entry of a list, and not one of the actions that other pages offer."""
    listed = link.find_parent("ul") if link.find_parent("li") is not None else None
    return listed is not None and "mgActionList" not in str(listed.get("class") or "")
