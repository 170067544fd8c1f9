"""A page of a moderngov site as text and as a tree, cut to its inside; what all readers of HTML begin with."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from bs4 import Tag

from scraper import trust
from scraper.markup import Reading, line_of, links_in
from scraper.moderngov.addresses import absolute, without_session
from scraper.moderngov.inside import inside
from scraper.records import Refused, Suspect
from scraper.tree import TooMuchMarkupError, soup_of

Record = TypeVar("Record")

_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_WEB_LATIN = frozenset({"iso8859-1", "latin-1", "ascii", "cp1252"})  # what browsers read as windows-1252

_HEADINGS = frozenset({"h1", "h2", "h3"})
_CELLS = frozenset({"td", "th"})
_MOST_MISFITS = 20_000  # a page with more bytes that are no UTF-8 is windows-1252 throughout


@dataclass(frozen=True, slots=True)
class Page:
    """A page that passed for moderngov's, cut to its inside."""

    url: str
    root: Tag
    h1: str  # what kind of page: "Agenda and draft minutes", "Browse meetings"
    h2: str  # of what: the committee, the title, the committee and the date
    headings: tuple[Tag, ...]  # h1 to h3, in the page's order
    number_cells: tuple[Tag, ...]  # each begins the row of an agenda item
    item_rows: frozenset[int]  # the `id()` of those rows

    def link(self, tag: Tag) -> str | None:
        """The whole address of an `a`."""
        href = tag.get("href")
        return absolute(self.url, str(href)) if href else None

    def is_item_row(self, tag: Tag) -> bool:
        """Whether a tag is the row of an agenda item: it owns a number cell directly."""
        return id(tag) in self.item_rows

    def links(self) -> Iterator[tuple[Tag, str]]:
        for tag in links_in(self.root):
            if (address := self.link(tag)) is not None:
                yield tag, address

    def says_none(self, of: str) -> bool:
        """Whether the page itself, not a text on it, says that there is nothing of a kind; `of` is a pattern."""
        told = _Told()
        told.read(self.root)
        no = r"(?:there (?:are|is) (?:currently |at present )?no|no|nid oes(?: unrhyw)?|(?:does )?dim)"
        none = rf"{no}\b.{{0,60}}\b(?:{of})\b.{{0,60}}"
        return any(re.fullmatch(none, line, re.IGNORECASE) for line in (told.text() or "").split("\n"))


class _Told(Reading):
    """What moderngov itself says on a page: no texts of councils, no tables, no lists."""

    def take(self, tag: Tag) -> bool:
        return tag.name in {"table", "ul", "ol"} or "mgWordPara" in str(tag.get("class") or "")


def reads(read: Callable[[Page], Record | Suspect | Refused]) -> Callable[..., Record | Suspect | Refused]:
    """Makes a reader of bytes out of a reader of pages: `read(body, url, content_type)`, which never raises."""

    @wraps(read)
    def reader(body: bytes, url: str, content_type: str | None = None) -> Record | Suspect | Refused:
        try:
            refused = trust.refusal(body, url, content_type)
            if refused is not None:
                return refused
            with opened(body, url, content_type) as page:
                return read(page)
        except TooMuchMarkupError as error:
            return Suspect(f"far more than a page of a council holds: {error}")
        except Exception as error:  # any bytes at all end in a record or a refusal: a page must not stop a poll
            return Suspect(f"the page cannot be read ({type(error).__name__})")

    return reader


@contextmanager
def opened(body: bytes, url: str, content_type: str | None) -> Iterator[Page]:
    """The page as a tree, cut to its inside; its tags are gone after the block. Raises TooMuchMarkupError."""
    with soup_of(decoded(inside(body), content_type, head=body[:4096]).encode()) as soup:
        yield _page(soup, url)


def _page(soup: Tag, url: str) -> Page:
    root = soup.find(id="modgov") or soup
    assert isinstance(root, Tag)
    headings: list[Tag] = []
    cells: list[Tag] = []
    for tag in root.descendants:  # once, and not once for each thing that is looked for
        if isinstance(tag, Tag):
            if tag.name in _HEADINGS:
                headings.append(tag)
            elif tag.name in _CELLS and "mgItemNumberCell" in str(tag.get("class") or ""):
                cells.append(tag)
    h1, h2 = _heading(headings, "h1", "mgMainTitleTxt"), _heading(headings, "h2", "mgSubTitleTxt")
    return Page(
        without_session(url), root, h1, h2, tuple(headings), tuple(cells), frozenset(id(cell.parent) for cell in cells)
    )


def decoded(body: bytes, content_type: str | None, *, head: bytes | None = None) -> str:
    """The text of a page, whatever charset it claims.

    Bytes that are UTF-8 are read as UTF-8, since text in another charset is hardly ever so by accident: a wrong
    declaration, in the HTTP header or in the page, does no harm. Where they are not, the header's charset comes
    first, then the page's; single bytes that fit nowhere are read as windows-1252.
    """
    for mark, charset in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if (head or body).startswith(mark) and body.startswith(mark):
            return body.decode(charset, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = [content_type or "", (head if head is not None else body[:4096]).decode("latin-1")]
    for charset in (found[1] for text in declared if (found := _CHARSET.search(text))):
        try:
            name = codecs.lookup(charset).name
            if name != "utf-8" and name not in _WEB_LATIN:
                return body.decode(name)
        except (LookupError, ValueError, TypeError):
            continue
    misfits = body.decode("utf-8", "replace").count("\ufffd")
    return body.decode("utf-8", "windows-1252-bytes") if misfits < _MOST_MISFITS else body.decode("cp1252", "replace")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252-bytes", _as_windows_1252)


def _heading(headings: list[Tag], name: str, style: str) -> str:
    """The page's own heading, else the first of its level (Kent's headings bear no class)."""
    first = ""
    for heading in [heading for heading in headings if heading.name == name][:20]:
        text = line_of(heading)
        if style in str(heading.get("class") or ""):
            return text
        first = first or text
    return first
