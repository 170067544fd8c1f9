"""The items of a meeting page: the rows of `table#mgItemTable` that own a `td.mgItemNumberCell`.

Captured at Kingston. Text belongs to the last sub-title seen; what comes before the first one is the text of the
agenda. Sub-titles are translated, and sites add their own: those are kept as text. Long texts are cut off with a link
to the item's own page. Word's own tables stand inside the texts, so rows are known by their number cell alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import Tag

from scraper.canonical import canonical
from scraper.markup import Reading, is_unseen, line_of, links_in, tags_in
from scraper.moderngov import addresses, papers
from scraper.moderngov.page import Page
from scraper.moderngov.restrictions import restriction
from scraper.records import DocumentRecord, ItemRecord, Suspect, VoteRecord

# "Cofnodion", "Penderfyniad" and "Dogfennau ychwanegol" were seen as text at Welsh councils
SECTIONS = {
    "decision": "decision",
    "decisions": "decision",
    "penderfyniad": "decision",
    "penderfyniadau": "decision",
    "minutes": "minutes",
    "draft minutes": "minutes",
    "cofnodion": "minutes",
    "cofnodion drafft": "minutes",
    "additional documents": "documents",
    "supporting documents": "documents",
    "accompanying documents": "documents",
    "dogfennau ychwanegol": "documents",
    "dogfennau ategol": "documents",
    "recorded vote": "votes",
    "recorded votes": "votes",
    "pleidlais gofnodedig": "votes",
    "pleidlais a gofnodwyd": "votes",
}
TEXTS = ("text", "decision", "minutes")

_CUT_MARK = "\0"
_CUT = re.compile(r"\s*(?:\.\s?\.\s?\.|…)?\s*\0[\s.]*")
_VOTE_COLUMNS = 4  # title, type, vote, result
_SHARING = frozenset(["share this item", "rhannu'r eitem hon"])


@dataclass(frozen=True, slots=True)
class Agenda:
    items: tuple[ItemRecord, ...]
    table: bool  # the page has a table of items
    drafted: bool  # a sub-title says that minutes are a draft


def read_agenda(page: Page) -> Agenda | Suspect:
    """The items in the page's order; Suspect where rows are not shaped as items are, rather than a guess."""
    items: list[ItemRecord] = []
    seen: set[int] = set()
    drafted = False
    for cell in page.number_cells:
        reading = ItemReading(page, anchor(cell))
        if reading.item_id is not None and reading.item_id in seen:
            continue
        for content in cell.next_siblings:
            if isinstance(content, Tag) and content.name in ("td", "th"):
                reading.read(content)
        if reading.title is None:
            return Suspect(f"item {len(items) + 1} has no title where titles stand")
        seen.add(reading.item_id or 0)
        drafted = drafted or reading.drafted
        items.append(reading.record(line_of(cell), len(items) + 1))
    table = bool(items) or page.root.find("table", id="mgItemTable") is not None
    return Agenda(tuple(items), table, drafted)


def anchor(cell: Tag) -> int | None:
    """The number of an item, from the `<a name="AI51902">` in its number cell."""
    for link in tags_in(cell, "a"):
        if named := re.fullmatch(r"AI(\d{1,12})", str(link.get("name") or link.get("id") or "").strip(), re.IGNORECASE):
            return int(named[1])
    return None


class ItemReading(Reading):
    """One walk over an item, which sorts its words into title, texts, papers and votes."""

    def __init__(self, page: Page, item_id: int | None) -> None:
        super().__init__()
        self.page = page
        self.item_id = item_id
        self.title: str | None = None
        self.sections: dict[str, list[str]] = {name: [] for name in TEXTS}
        self.section = "text"
        self.pieces = self.sections["text"]
        self.documents: dict[str, DocumentRecord] = {}
        self.votes: list[VoteRecord] = []
        self.issue_id: int | None = None
        self.restricted = False
        self.drafted = False
        self.cut: set[str] = set()

    def take(self, tag: Tag) -> bool:
        style = str(tag.attrs.get("class") or "")
        if tag.name == "a":
            return self._take_link(tag, style)
        if not style:
            # the row of another item, inside this one where a tag was never closed
            return tag.name == "tr" and self.page.is_item_row(tag)
        if "mg" not in style:  # Word's
            return "share" in style.lower()
        if "mgSubItemTitleTxt" in style:
            self._begin(line_of(tag))
            return True
        if "mgAiTitleTxt" in style and self.title is None:
            self._take_title(tag)
            return True
        if "mgActionList" in style:
            for link in links_in(tag):
                self._take_link(link, "")
            return True
        if "mgBulletList" in style:
            return self._take_papers(tag)
        if tag.name == "table" and "mgTableNoBorder" in style:
            return self._take_votes(tag)
        return is_unseen(tag) or "share" in style.lower()

    def record(self, number: str, position: int) -> ItemRecord:
        texts = {name: self._text_of(name) for name in TEXTS}
        restricted, restricted_by, paragraph = restriction(
            self.title or "", texts["text"], texts["minutes"], marked=self.restricted
        )
        base = addresses.site(self.page.url)
        return ItemRecord(
            item_id=self.item_id,
            position=position,
            number=number,
            title=self.title or "",
            url=addresses.item(base, self.item_id) if self.item_id is not None else self.page.url,
            text=texts["text"],
            decision=texts["decision"],
            minutes=texts["minutes"],
            restricted=restricted,
            restricted_by=restricted_by,
            restriction=paragraph,
            issue_id=self.issue_id,
            documents=tuple(self.documents.values()),
            votes=tuple(self.votes),
            cut=frozenset(self.cut),
        )

    def _text_of(self, section: str) -> str | None:
        words = "".join(self.sections[section])
        if section in self.cut:
            words = _CUT.sub(" ", words)
        return "\n".join(line for line in canonical(words).split("\n") if line.lower() not in _SHARING) or None

    def _begin(self, title: str) -> None:
        name = title.strip(" :.").lower()
        self.section = SECTIONS.get(name, "text")
        self.drafted = self.drafted or name in {"draft minutes", "cofnodion drafft"}
        self.pieces = self.sections.get(self.section, self.sections["text"])
        self.pieces.append(f"\n{title}\n" if name and name not in SECTIONS else "\n")

    def _take_title(self, tag: Tag) -> None:
        title = line_of(tag)
        for link in links_in(tag):
            if self._is_reason(link):
                self.restricted = True
                title = title.replace(line_of(link), "").strip(" ,")
            else:
                self._keep(papers.document(self.page, link, of_item=True))
        self.title = title

    def _take_link(self, link: Tag, style: str) -> bool:
        address = self.page.link(link)
        if address is None:
            return False
        page = addresses.page_name(address)
        if page == "mgai.aspx" and self.item_id is not None and addresses.number(address, "ID") == self.item_id:
            section = self.section if self.section in TEXTS else "text"
            self.cut.add(section)
            self.pieces.append(_CUT_MARK)
            return True
        if page in {"mgissuehistoryhome.aspx", "ieissuedetails.aspx"}:
            self.issue_id = self.issue_id or addresses.number(address, "IId")
        elif self._is_reason(link):
            self.restricted = self.restricted or addresses.parameters(address).get("ot", "I").upper() != "A"
            return True
        elif page.startswith("mglistrecordedvotes"):
            return True
        elif "mgAiTitleLnk" in style:
            self._keep(papers.document(self.page, link, of_item=True))
        return False

    def _take_papers(self, listed: Tag) -> bool:
        """True where the list holds papers; other lists are text."""
        before = len(self.documents)
        for link in links_in(listed):
            address = self.page.link(link) or ""
            if not self._is_reason(link):
                document = papers.document(self.page, link, of_item=True)
                if document is None and self.section == "documents":
                    document = papers.elsewhere(self.page, link)
                self._keep(document)
            elif addresses.parameters(address).get("ot", "").upper() == "A":
                self._keep(self._withheld(link, address))
            else:
                self.restricted = True
        return len(self.documents) > before or self.section == "documents"

    def _withheld(self, link: Tag, address: str) -> DocumentRecord | None:
        """A paper that is named and not shown: reported as "Restricted enclosure" with a link to the reasons."""
        number = addresses.number(address, "OID")
        listed = link.find_parent("li")
        title = line_of(listed).replace(line_of(link), "").strip(" ,") if listed is not None else ""
        if number is None:
            return None
        return DocumentRecord(f"s{number}", title or "Restricted enclosure", "report", address, restricted=True)

    def _take_votes(self, table: Tag) -> bool:
        caption = table.find("caption")
        named = line_of(caption).strip(" :").lower() if caption is not None else ""
        if self.section != "votes" and SECTIONS.get(named) != "votes":
            return False
        columns = max(len(table.find_all("th")), 1)
        cells = [_vote_words(cell) for cell in table.find_all("td")]
        for at in range(0, len(cells), columns if columns >= _VOTE_COLUMNS else _VOTE_COLUMNS):
            title, kind, text, result, *_ = [*cells[at : at + _VOTE_COLUMNS], "", "", "", ""]
            if title or text or result:
                self.votes.append(VoteRecord(title, kind, text, result))
        return True

    def _is_reason(self, link: Tag) -> bool:
        return addresses.page_name(self.page.link(link) or "") == "mgreasonsrestricted.aspx"

    def _keep(self, document: DocumentRecord | None) -> None:
        if document is not None:
            self.documents.setdefault(document.document_id, document)


class _VoteWords(Reading):
    def take(self, tag: Tag) -> bool:
        return tag.name in {"li", "ul", "td"} or is_unseen(tag)


def _vote_words(cell: Tag) -> str:
    words = _VoteWords()
    words.read(cell)
    return words.text() or ""
