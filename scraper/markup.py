"""The words of a piece of markup as plain text, so that the same words in other markup are the same text.

Word's runs are joined without a blank, since `<span>Manor</span>gate` is one word; block tags and `<br>` part
paragraphs, and hard wraps are blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import Tag

from scraper.canonical import canonical, one_line
from scraper.tree import BLOCKS, soup_of

UNSEEN = frozenset(
    ["script", "style", "noscript", "template", "iframe", "object", "select", "button", "textarea", "head", "title"]
)

_ROMAN = [
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
]


def text_of(node: Tag) -> str | None:
    """The canonical text of a piece of a page, or None where it says nothing."""
    reading = Reading()
    reading.read(node)
    return reading.text()


def line_of(node: Tag) -> str:
    """The canonical text of a piece of a page as one line: a heading, a label, a title."""
    return (text_of(node) or "").replace("\n", " ")


def words_of(link: Tag) -> str:
    """The words of a link as one line; one that is never closed ends where the next begins."""
    reading = _LinkReading()
    reading.read(link)
    return (reading.text() or "").replace("\n", " ")


def links_in(node: Tag) -> Iterator[Tag]:
    """The `a` with an address in a piece of a page, in its order."""
    return (each for each in tags_in(node, "a") if "href" in each.attrs)


def tags_in(node: Tag, name: str) -> Iterator[Tag]:
    """The tags of a name in a piece of a page, in its order; `find_all` takes ten times as long to begin."""
    return (each for each in node.descendants if isinstance(each, Tag) and each.name == name)


def text_of_html(html: str) -> str | None:
    """The canonical text of a piece of HTML, as the web service sends it. Raises TooMuchMarkupError."""
    if "<" not in html:
        return canonical(one_line(html)) or None
    with soup_of(html.encode("utf-8", "replace")) as soup:
        return text_of(soup)


class Reading:
    """One walk over a piece of a page, which gathers its text; a reader overrides `take` to keep tags for itself."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._numbers: list[tuple[Tag, int]] = []
        self._led = False  # a bullet or number was written and its words are still to come

    def take(self, tag: Tag) -> bool:
        """True where the tag was dealt with and must not be entered."""
        return is_unseen(tag)

    def read(self, node: Tag) -> None:
        for child in node.contents:
            if isinstance(child, Tag):
                name = child.name
                if name in UNSEEN or self.take(child):
                    continue
                if name == "li":
                    self.pieces.append(f"\n{self._lead(child)}")
                    self._led = True
                elif name in BLOCKS and not self._led:
                    self.pieces.append("\n")
                self.read(child)
            elif isinstance(child, str):
                self._say(child)
        self._leave(node)

    def _leave(self, tag: Tag) -> None:
        if tag.name in BLOCKS:
            self.pieces.append("\n")
            self._led = False
            if self._numbers and self._numbers[-1][0] is tag:
                self._numbers.pop()

    def text(self) -> str | None:
        return canonical("".join(self.pieces)) or None

    def _say(self, words: str) -> None:
        if self._led and words.isspace():
            return
        if "\n" in words or "\r" in words:
            words = words.replace("\n", " ").replace("\r", " ")  # a hard wrap is a blank
        self.pieces.append(words)
        self._led = False

    def _lead(self, item: Tag) -> str:
        """What a browser shows before the entry of a list: a bullet, or the number it counts."""
        listed = item.parent
        if listed is None or listed.name != "ol":
            return "· "
        if not self._numbers or self._numbers[-1][0] is not listed:
            start = str(listed.get("start") or "1")
            self._numbers.append((listed, int(start) if re.fullmatch("[0-9]{1,4}", start) else 1))
        number = self._numbers[-1][1]
        self._numbers[-1] = (listed, number + 1)
        style = listed.get("type")
        if style in ("i", "I") and 0 < number <= len(_ROMAN):
            shown = _ROMAN[number - 1]
        elif style in ("a", "A") and 0 < number <= 26:
            shown = chr(ord("a") + number - 1)
        else:
            shown = str(number)
        return f"{shown.upper() if style in ('A', 'I') else shown}. "


class _LinkReading(Reading):
    def take(self, tag: Tag) -> bool:
        return tag.name in {"a", "ul", "table"} or is_unseen(tag)


def is_unseen(tag: Tag) -> bool:
    """Whether the words of a tag are no part of its text: ", item 59." for those who hear a page, and "PDF 161 KB"."""
    style = tag.attrs.get("class")
    return bool(style) and ("mgHide" in str(style) or "mgFileSize" in str(style))
