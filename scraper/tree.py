"""Markup as a tree: lxml's, in Beautiful Soup's own tags, put together in a third of the time that it takes for it.

HTML needs nothing of what Beautiful Soup does at each tag for namespaces, for attributes with several values and for trees
that are changed while they grow. Each element is linked once, to what was read before it; a tree of Beautiful Soup's
is what comes out, without comments and without the blanks between blocks. The words of scripts are words like any
others, and the blanks among words stand as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bs4 import Tag
from bs4.builder import HTMLTreeBuilder
from bs4.element import AttributeDict, AttributeValueList, NavigableString, PageElement
from lxml import etree

# What a page may hold and still be read in well under a second; Kingston's agenda and minutes have 1,000 tags, 20 deep
MOST_TAGS = 24_000
MOST_BYTES = 2_000_000
MOST_DEEP = 200

# What stands on lines of its own
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
_EMPTY = frozenset(HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ())


class TooMuchMarkupError(ValueError):
    """More than any page of a council has: it is not read at all."""


@contextmanager
def soup_of(markup: bytes) -> Iterator[Tag]:
    """UTF-8 markup as a tree, to be read in the block; a tag's `class` is one string.

    Raises TooMuchMarkupError before it would take long. After the block the tree is taken apart: its elements hold each
    other, and to have them found by Python's collector costs more than to build them.
    """
    soup = _tree(markup)
    try:
        yield soup
    finally:
        _take_apart(soup)


def _tree(markup: bytes) -> Tag:
    if len(markup) > MOST_BYTES or markup.count(b"<") > MOST_TAGS:
        raise TooMuchMarkupError(f"{len(markup)} bytes with {markup.count(b'<')} tags")
    # what begins like XML is read as HTML too
    whole = (b"<body>" + markup.lstrip().removeprefix(b"<?xml")).replace(b"\0", b"")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    top = _Tag("[document]", AttributeDict())
    _grow(etree.fromstring(whole, parser), top, top, 1)
    return top


def _grow(element: etree._Element, parent: Tag, before: PageElement, depth: int) -> PageElement:
    """Adds an element and all in it to a parent, right after what was read before it. The last that was added."""
    if depth > MOST_DEEP:
        raise TooMuchMarkupError(f"tags stand more than {MOST_DEEP} deep")
    name = str(element.tag)
    last: PageElement
    last = tag = _Tag(name, AttributeDict(element.items()))
    _link(tag, parent, before)
    # half of all strings are blanks where a browser shows none: where a block begins, and after it
    if (words := element.text) and not (name in BLOCKS and words.isspace()):
        last = _string(words, tag, last)
    for child in element:
        last = _grow(child, tag, last, depth + 1)
        if (words := child.tail) and not (child.tag in BLOCKS and words.isspace()):
            last = _string(words, tag, last)
    return last


def _string(words: str, parent: Tag, before: PageElement) -> NavigableString:
    string = str.__new__(
        NavigableString, words
    )  # NavigableString(…) would make links of its own, only to be made again
    _link(string, parent, before)
    return string


def _link(new: PageElement, parent: Tag, before: PageElement) -> None:
    new.parent = parent
    new.previous_element = before
    before.next_element = new
    siblings = parent.contents
    if siblings:
        beside = new.previous_sibling = siblings[-1]
        beside.next_sibling = new
    else:
        new.previous_sibling = None
    new.next_element = new.next_sibling = None
    siblings.append(new)


class _Tag(Tag):
    """A tag of HTML: what is the same for all of them stands here once."""

    parser_class = None
    namespace = None
    prefix = None
    sourceline = None
    sourcepos = None
    known_xml = False
    can_be_empty_element = False
    cdata_list_attributes = None
    preserve_whitespace_tags = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
    attribute_value_list_class = AttributeValueList
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    parent = previous_element = next_element = previous_sibling = next_sibling = None

    def __init__(self, name: str, attrs: AttributeDict) -> None:
        self.name = name
        self.attrs = attrs
        self.contents = []
        self._namespaces = {}
        if name in _EMPTY:
            self.can_be_empty_element = True


def _take_apart(soup: Tag) -> None:
    element: PageElement | None = soup
    while element is not None:
        its = vars(element)
        element = its.get("next_element")
        its.clear()
