"""The feed of a site or committee, `mgRss.aspx?CID=711`: cheap word that something changed, never content.

The link to it is captured (Kingston), the feed is not: RSS 2.0 is reported, with a byte order mark, and HTML in place
of it from `?bcr=1` at five sites.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.canonical import canonical
from scraper.moderngov import addresses
from scraper.moderngov.answer import Answer, answers
from scraper.records import Hint, Refused, Suspect


@answers("rss")
def read_feed(feed: Answer, url: str) -> tuple[Hint, ...] | Suspect | Refused:
    """The entries in the feed's order; what is repeated (for each signatory, as reported) stands there once."""
    if feed.find("channel") is None:
        return Suspect("a feed without a channel")
    hints: dict[tuple[str, str], Hint] = {}
    for entry in feed.iter("item"):
        title = canonical(entry.findtext("title") or "").replace("\n", " ")
        link = addresses.absolute(url, entry.findtext("link") or entry.findtext("guid") or "")
        if link is not None:
            hints.setdefault((title, link), Hint(title, link, _published(entry.findtext("pubDate"))))
    return tuple(hints.values())


def _published(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime((text or "").strip())
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
