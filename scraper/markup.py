"""The words of a piece of markup as plain text, so that the same words in other markup are the same text.

Word's runs are joined without a blank, since `<span>Manor</span>gate` is one word; block tags and `<br>` part
paragraphs, and hard wraps are blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from scraper.canonical import BLANKS, canonical

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
UNSEEN = frozenset(
    ["script", "style", "noscript", "template", "iframe", "object", "select", "button", "textarea", "head", "title"]
)

# What a page may hold and still be read in well under a second; Kingston's agenda and minutes have 1,000 tags, 20 deep
MOST_TAGS = 24_000
MOST_BYTES = 2_000_000
MOST_DEEP = 200

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


class TooMuchMarkupError(ValueError):
    """More than any page of a council has: it is not read at all."""


class _Soup(BeautifulSoup):
    def pushTag(self, tag: Tag) -> None:  # noqa: N802 - its name in Beautiful Soup
        if len(self.tagStack) > MOST_DEEP:
            raise TooMuchMarkupError(f"tags stand more than {MOST_DEEP} deep")
        super().pushTag(tag)


def soup_of(markup: bytes) -> BeautifulSoup:
    """UTF-8 markup as a tree; a tag's `class` is one string. Raises TooMuchMarkupError before it would take long."""
    if len(markup) > MOST_BYTES or markup.count(b"<") > MOST_TAGS:
        raise TooMuchMarkupError(f"{len(markup)} bytes with {markup.count(b'<')} tags")
    # Beautiful Soup warns of what begins like XML or has no tag at all: it is read whatever it looks like
    markup = b"<body>" + markup.lstrip().removeprefix(b"<?xml")
    return _Soup(
        markup.replace(b"\0", b""),
        "lxml",
        from_encoding="utf-8",
        multi_valued_attributes=None,  # half of all attributes are classes: lists of them cost time
        store_line_numbers=False,
    )


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


def text_of_html(html: str) -> str | None:
    """The canonical text of a piece of HTML, as the web service sends it. Raises TooMuchMarkupError."""
    return (
        text_of(soup_of(html.encode("utf-8", "replace"))) if "<" in html else canonical(BLANKS.sub(" ", html)) or None
    )


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
        walk: list[tuple[Tag, Iterator[PageElement]]] = [(node, iter(node.contents))]
        while walk:
            tag, children = walk[-1]
            for child in children:
                if isinstance(child, NavigableString):
                    if not isinstance(child, PreformattedString):  # a comment, a doctype, CDATA
                        self._say(child.replace("\n", " ").replace("\r", " "))  # a hard wrap is a blank
                elif isinstance(child, Tag) and child.name not in UNSEEN and not self.take(child):
                    if child.name == "li":
                        self.pieces.append(f"\n{self._lead(child)}")
                        self._led = True
                    elif child.name in BLOCKS and not self._led:
                        self.pieces.append("\n")
                    walk.append((child, iter(child.contents)))
                    break
            else:
                walk.pop()
                if tag.name in BLOCKS:
                    self.pieces.append("\n")
                    self._led = False
                    if self._numbers and self._numbers[-1][0] is tag:
                        self._numbers.pop()

    def text(self) -> str | None:
        return canonical("".join(self.pieces)) or None

    def _say(self, words: str) -> None:
        if not self._led or not words.isspace():
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
    name = tag.get("class")
    return bool(name) and ("mgHide" in str(name) or "mgFileSize" in str(name))
