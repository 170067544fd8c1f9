"""Links to documents, and what they are.

`documents/s112217/…` is a report or another paper of an item, `documents/g10223/…?T=1` one of the four files that
moderngov makes of a meeting (captured at Kingston), `mgChooseDocPack.aspx?ID=10230&SID=23550` a supplement, which is
also served as `documents/b23550/…` (reported). The name of the file says nothing for certain: it is cut off, and
changes with the meeting's.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from bs4 import Tag

from scraper.canonical import canonical
from scraper.markup import tags_in, words_of
from scraper.moderngov.addresses import number, page_name
from scraper.moderngov.page import Page
from scraper.records import DocumentKind, DocumentRecord

MADE_BY_MODERNGOV: dict[int, DocumentKind] = {
    0: "frontsheet",
    1: "minutes",
    2: "decisions",
    9: "late paper",
    10: "pack",
}

_FILE = re.compile(r"/documents/([a-z])(\d{1,12})/", re.IGNORECASE)
_SIZE = re.compile(r"(\d[\d.,]*\s?(?:bytes|[KMG]B))\b", re.IGNORECASE)
_QUOTED = re.compile(r"['‘](.+)['’]", re.DOTALL)
_ENDING = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|csv|html?|txt|zip|jpe?g|png)$", re.IGNORECASE)
_LATE = re.compile(r"supplement|late (?:paper|report|item|material)|addend|to follow|atodol|atodiad", re.IGNORECASE)


def document(page: Page, link: Tag, *, of_item: bool) -> DocumentRecord | None:
    """The document that an `a` leads to; None where it leads to something else.

    `of_item` says whether the link stands in an agenda item; what stands elsewhere belongs to the meeting.
    """
    address = page.link(link)
    if address is None:
        return None
    identity = document_identity(address)
    if identity is None:
        return None
    document_id, kind = identity
    shown = words_of(link)
    title = (_own_title(link) or shown) if of_item else shown
    if not of_item and kind == "report":
        kind = "late paper" if _LATE.search(title) else "other"
    return DocumentRecord(document_id, title, kind, address, size_shown(link))


def elsewhere(page: Page, link: Tag) -> DocumentRecord | None:
    """A paper that is only an address at another host, as moderngov's `isurl` documents are; None for what is its own."""
    address = page.link(link)
    if address is None or urlsplit(address).netloc == urlsplit(page.url).netloc:
        return None
    return DocumentRecord(f"url:{address}", _own_title(link) or words_of(link), "report", address)


def document_identity(address: str) -> tuple[str, DocumentKind] | None:
    """The number by which a document is known and its kind, from its address alone."""
    file = _FILE.search(address)
    made = number(address, "T")
    if file is not None:
        letter, known = file[1].lower(), int(file[2])
        if letter == "g":
            return f"g{known}:T{made if made is not None else 10}", MADE_BY_MODERNGOV.get(
                10 if made is None else made, "other"
            )
        return (f"sid{known}", "late paper") if letter == "b" else (f"{letter}{known}", "report")
    page = page_name(address)
    if page == "mgchoosedocpack.aspx":
        supplement, agenda = number(address, "SID"), number(address, "ID")
        if supplement:
            return f"sid{supplement}", "late paper"
        return (f"g{agenda}:T10", "pack") if agenda is not None else None
    if page == "mgconvert2pdf.aspx":
        known_as = number(address, "ID")
        if known_as is None:
            return None
        return (
            (f"s{known_as}", "report")
            if made is None
            else (f"g{known_as}:T{made}", MADE_BY_MODERNGOV.get(made, "other"))
        )
    if _ENDING.search(page):
        return f"url:{urlunsplit(urlsplit(address)._replace(fragment=''))}", "report"
    return None


def size_shown(link: Tag) -> str | None:
    """The size as printed beside a link, "161 KB"."""
    for part in tags_in(link, "span"):
        if "mgFileSize" in str(part.get("class") or "") and (size := _SIZE.search(canonical(part.get_text()))):
            return size[1]
    return None


def _own_title(link: Tag) -> str | None:
    """`Link to document 'Petition Report' pdf file` names the document itself, where the words may be the item's."""
    quoted = _QUOTED.search(str(link.get("title") or "")[:1000])
    return canonical(quoted[1]).replace("\n", " ") or None if quoted else None
