"""An agenda item's own page, `mgAi.aspx?ID=51902`, which is never cut off.

No capture: known as text from six councils. Its heading is `Agenda item`, then the item's title; the papers come
last, under `Supporting documents:`. The classes are taken to be those of the meeting page; since nobody has seen
them, a sub-title is also known by its words where it stands as a heading or a label outside of a text.
"""

from __future__ import annotations

import re

from bs4 import Tag

from scraper.markup import line_of
from scraper.moderngov import addresses
from scraper.moderngov.agenda import SECTIONS, ItemReading
from scraper.moderngov.page import Page, reads
from scraper.records import ItemText, Refused, Suspect

_ITEM = re.compile(r"\b(?:item|eitem)\b", re.IGNORECASE)
_OTHER = re.compile(r"\s*(?:decision|issue|consultation|browse|search|forward plan)|.*penderfyniad", re.IGNORECASE)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_LABELS = ["b", "strong", "span"]  # what a line that is a label, and no sentence, consists of


@reads
def read_item(page: Page) -> ItemText | Suspect | Refused:
    """The whole texts of an item. Suspect where the page has neither texts nor papers under a title."""
    item_id = addresses.number(page.url, "ID")
    if item_id is None:
        return Suspect("the page bears no number of an item")
    reading = _ItemPage(page)
    reading.read(page.root)
    record = reading.record("", 1)
    title = page.h2 or record.title
    if not title:
        return Suspect("the page of an item has no title")
    if page.root.find("td", class_="mgItemNumberCell") is not None:
        return Suspect("a page of many items where one was asked for")
    if not _ITEM.search(page.h1) and (_OTHER.match(page.h1) or not reading.parted):
        return Suspect(f"a page headed {page.h1[:60]!r} where an item was asked for")
    if record.cut:
        return Suspect("the page of an item is itself cut off")
    if not reading.content:
        return Suspect("the page of an item says nothing in the places where texts stand")
    return ItemText(item_id, title, record.text, record.decision, record.minutes, record.documents)


class _ItemPage(ItemReading):
    """Reads an item where what stands round it (headings, venue, site banner) is on the same page."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, addresses.number(page.url, "ID"))
        self.content = False
        self.parted = False  # a sub-title was seen

    def take(self, tag: Tag) -> bool:
        style = str(tag.get("class") or "")
        if "mgContent" in style:  # what came before was the site's banner
            self.pieces.clear()
            self.content = True
        parts = "mgSubItemTitleTxt" in style or self._is_sub_title(tag, style)
        if not self.content and ("mgWordPara" in style or parts):
            self.pieces.clear()
            self.content = True
        if parts:
            self.parted = True
            self._begin(line_of(tag))
            return True
        if tag.name in {"h1", "h2"} or "mgLinks" in style or "mgHelpLine" in style:
            return True
        return super().take(tag)

    def _is_sub_title(self, tag: Tag, style: str) -> bool:
        """A heading or a label with the words of a sub-title. An item may itself be titled "Minutes"."""
        if tag.name in _HEADINGS:
            if "mgSubTitleTxt" in style or (tag.name == "h2" and not self.content):
                return False
        elif tag.name != "p" or not ("mgLabel" in style or tag.find(_LABELS, recursive=False) is not None):
            return False
        words = line_of(tag)
        if words.strip(" :.").lower() not in SECTIONS or tag.find_parent(class_="mgWordPara") is not None:
            return False
        return tag.name in _HEADINGS or words.endswith(":")
