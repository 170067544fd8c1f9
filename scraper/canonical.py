"""The words of a page as plain text, so that the same words in other markup are the same text.

Word's runs are joined without a blank, since `<span>Manor</span>gate` is one word; block tags and `<br>` part
paragraphs. Blanks of every kind, hard wraps, soft hyphens and the shapes of bullets are made alike. What comes out is
a fixed point: made canonical again, it stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

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

_GONE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# a line feed parts paragraphs; other control characters are blanks, so that none reaches a terminal or a log
_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANKS = re.compile("[\\s\x00-\x1f\x7f-\x9f]+")
_BULLETS = re.compile("^(?:[·•●▪■◦‣⁃∙\uf0b7\uf0a7\uf0d8\uf076\uf0fc] ?)+")
_ORDINAL = re.compile(r"(?<![\w.,/])(\d?(?:(?<!1)(?:1 st|2 nd|3 rd)|1[123] th|[04-9] th))(?!\w)")
_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
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


def canonical(text: str) -> str:
    """Plain text: one paragraph a line, single blanks, bullets as "· ", no entity left; "" where nothing is said."""
    for _ in range(8):  # what one pass joins may be an entity for the next
        before, text = text, _canonical_once(text)
        if text == before or "&" not in text:
            break
    return text


def without_entities(text: str) -> str:
    """The text with what somebody encoded twice (`Chair&#39;s`) made into what it stands for."""
    for _ in range(8):
        if "&" not in text:
            break
        before, text = text, _ENTITY.sub(_character, _AMPERSAND.sub("&", text))
        if text == before:
            break
    return text


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
        text_of(soup_of(html.encode("utf-8", "replace"))) if "<" in html else canonical(_BLANKS.sub(" ", html)) or None
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


def _canonical_once(text: str) -> str:
    text = without_entities(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _GONE.sub("", text))
    return "\n".join(_paragraphs(text))


def _paragraphs(text: str) -> Iterator[str]:
    for line in _BREAKS.split(text):
        words = _BLANKS.sub(" ", line).strip(" ")
        if words and words[0] > "\x7f" and (mark := _BULLETS.match(words)):
            words = words[mark.end() :].lstrip(" ")
            words = f"· {words}" if words else ""
        if words:
            yield _ORDINAL.sub(_joined, words) if " " in words else words


def _joined(ordinal: re.Match[str]) -> str:
    return ordinal.group().replace(" ", "")


def _character(entity: re.Match[str]) -> str:
    written = entity.group()
    return unescape(written) if written[1] == "#" or written[1:] in html5 else written
