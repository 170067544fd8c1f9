"""The page of one thing, be it a decision, a plan's entry or a consultation: labelled lines, headed texts, papers.

Captured for a decision (Kirklees): `<p><span class="mgLabel">Label: </span>value</p>` in any order, texts under
`h3.mgSubSubTitleTxt`, papers under a `p.mgLabel`. For the others it is reported. Labels are translated in part.
"""

from __future__ import annotations

import re
from datetime import date

from bs4 import Tag

from scraper.canonical import canonical
from scraper.markup import Reading, line_of, links_in
from scraper.moderngov import addresses, dates, papers
from scraper.moderngov.page import Page
from scraper.records import DocumentRecord

_HEADINGS = ("mgSubSubTitleTxt", "mgSubItemTitleTxt", "mgSectionTitle")
_LABELLED = frozenset({"p", "li", "div", "td", "dd", "h3", "h4"})
_ROUND_ABOUT = frozenset({"mgLinks", "mgHelpLine", "mgSubTitle", "mgHeader"})
_OTHERS = frozenset({"ielistdocuments.aspx", "iedecisiondetails.aspx", "mgai.aspx", "mgissuehistoryhome.aspx"})
_PARTS = ["p", "div", "table", "ul", "h2", "h3"]  # what holds one of these is no line
_YES = re.compile(r"\b(?:yes|key|ydw|ydy|oes|ie|allweddol)\b", re.IGNORECASE)
_NO = re.compile(r"\b(?:no|non-key|not key|na|nac|nage|nid)\b", re.IGNORECASE)


class Details(Reading):
    """One walk over the page of one thing. Labels are looked up by a pattern, since sites word them differently."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.labels: dict[str, str] = {}
        self.sections: list[tuple[str, list[str]]] = [("", self.pieces)]
        self.documents: dict[str, DocumentRecord] = {}
        self.meeting_id: int | None = None
        self.issue_id: int | None = None
        self.read(page.root)

    def take(self, tag: Tag) -> bool:
        style = str(tag.get("class") or "")
        if tag.name == "a":
            self._follow(tag)
            return False
        if any(part in style for part in _ROUND_ABOUT):
            for link in links_in(tag):
                self._follow(link)
            return True
        if tag.name == "h1" or "mgMainTitleTxt" in style or "mgSubTitleTxt" in style:
            return True
        if "mgContent" in style:  # what came before was the site's banner
            self.pieces.clear()
            return False
        if any(heading in style for heading in _HEADINGS) or (tag.name == "p" and "mgLabel" in style):
            self.pieces = []
            self.sections.append((line_of(tag), self.pieces))
            return True
        label = tag.find("span", class_="mgLabel", recursive=False) if tag.name in _LABELLED else None
        if label is not None and tag.find(_PARTS) is None:
            named = line_of(label)
            self.labels.setdefault(named.strip(" :?").lower(), line_of(tag).removeprefix(named).strip())
            for link in links_in(tag):
                self._follow(link)
            return True
        if "mgBulletList" in style:
            return self._papers(tag)
        return super().take(tag)

    def label(self, pattern: str) -> str | None:
        """The value of the first label that a pattern fits; None where there is none or it is empty."""
        return next((value or None for name, value in self.labels.items() if re.search(pattern, name)), None)

    def day(self, pattern: str) -> date | None:
        value = self.label(pattern)
        return dates.day(value[:200]) if value else None

    def yes(self, pattern: str) -> bool | None:
        value = self.label(pattern)
        if not value:
            return None
        return False if _NO.search(value) else True if _YES.search(value) else None

    def text(self) -> str | None:
        """The texts of the page in its order, each under its heading."""
        parts: list[str] = []
        for heading, pieces in self.sections:
            words = canonical("".join(pieces))
            if words:
                parts += [heading, words] if heading else [words]
        return canonical("\n".join(parts)) or None

    def _follow(self, link: Tag) -> None:
        address = self.page.link(link)
        if address is None:
            return
        file = addresses.page_name(address)
        if file == "ielistdocuments.aspx":
            self.meeting_id = self.meeting_id or addresses.number(address, "MId", "MeetingId")
        elif file in {"mgissuehistoryhome.aspx", "ieissuedetails.aspx"}:
            self.issue_id = self.issue_id or addresses.number(address, "IId")

    def _papers(self, listed: Tag) -> bool:
        """True for a list of papers, and for one of the meetings and decisions that the same thing came before."""
        lists_others = False
        before = len(self.documents)
        for link in links_in(listed):
            self._follow(link)
            lists_others = lists_others or addresses.page_name(self.page.link(link) or "") in _OTHERS
            if (document := papers.document(self.page, link, of_item=True)) is not None:
                self.documents.setdefault(document.document_id, document)
        return lists_others or len(self.documents) > before
