"""Markup as a tree: Beautiful Soup's own, with lxml beneath it, put together in less than half the time.

HTML needs nothing of what Beautiful Soup does at each tag for namespaces, for attributes with several values and for trees
that are changed while they grow. Each element is linked once, to what was read before it; a tree of Beautiful Soup's
is what comes out, but that the words of scripts are words like any others, and blanks stand as they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeDict, AttributeValueList, NavigableString, PageElement

# What a page may hold and still be read in well under a second; Kingston's agenda and minutes have 1,000 tags, 20 deep
MOST_TAGS = 24_000
MOST_BYTES = 2_000_000
MOST_DEEP = 200

_EMPTY = frozenset(LXMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ())


class TooMuchMarkupError(ValueError):
    """More than any page of a council has: it is not read at all."""


def soup_of(markup: bytes) -> BeautifulSoup:
    """UTF-8 markup as a tree; a tag's `class` is one string. Raises TooMuchMarkupError before it would take long."""
    if len(markup) > MOST_BYTES or markup.count(b"<") > MOST_TAGS:
        raise TooMuchMarkupError(f"{len(markup)} bytes with {markup.count(b'<')} tags")
    # Beautiful Soup warns of what begins like XML or has no tag at all: it is read whatever it looks like
    markup = b"<body>" + markup.lstrip().removeprefix(b"<?xml")
    return _Soup(markup.replace(b"\0", b""), builder=_Builder(), from_encoding="utf-8")


class _Builder(LXMLTreeBuilder):
    """Hands on what lxml sees of HTML as it is."""

    def __init__(self) -> None:
        super().__init__(
            multi_valued_attributes=None,  # half of all attributes are classes: lists of them cost time
            store_line_numbers=False,
            attribute_dict_class=AttributeDict,
        )

    def start(self, tag: Any, attrib: Any, nsmap: Any = None) -> None:  # noqa: ARG002  HTML has no namespaces
        assert self.soup is not None
        self.soup.handle_starttag(tag, None, None, attrib)

    def end(self, tag: Any) -> None:
        assert self.soup is not None
        self.soup.handle_endtag(tag)


class _Tag(Tag):
    """A tag of HTML: what is the same for all of them stands here once."""

    parser_class = None
    namespace = None
    prefix = None
    sourceline = None
    sourcepos = None
    known_xml = False
    hidden = False
    cdata_list_attributes = None
    preserve_whitespace_tags = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
    attribute_value_list_class = AttributeValueList
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES

    def __init__(self, name: str, attrs: AttributeDict, parent: Tag, before: PageElement | None) -> None:
        self.name = name
        self.attrs = attrs
        self._namespaces = {}
        self.contents = []
        self.can_be_empty_element = name in _EMPTY
        _link(self, parent, before)


def _link(new: PageElement, parent: Tag, before: PageElement | None) -> None:
    """Puts the newest element in its place: the last in its parent, right after what was read before it."""
    new.parent = parent
    new.previous_element = before
    if before is not None:
        before.next_element = new
    siblings = parent.contents
    new.previous_sibling = siblings[-1] if siblings else None
    if new.previous_sibling is not None:
        new.previous_sibling.next_sibling = new
    new.next_element = new.next_sibling = None
    siblings.append(new)


class _Soup(BeautifulSoup):
    """Takes what the builder sees, in its order."""

    def handle_starttag(
        self,
        name: str,
        namespace: str | None,  # noqa: ARG002
        nsprefix: str | None,  # noqa: ARG002
        attrs: Mapping[Any, str],
        *_: Any,
        **__: Any,
    ) -> Tag:
        self.endData()
        if len(self.tagStack) > MOST_DEEP:
            raise TooMuchMarkupError(f"tags stand more than {MOST_DEEP} deep")
        assert self.currentTag is not None
        tag = _Tag(name, AttributeDict(attrs), self.currentTag, self._most_recent_element)
        self._most_recent_element = self.currentTag = tag
        self.tagStack.append(tag)
        self.open_tag_counter[name] += 1
        return tag

    def handle_endtag(self, name: str, nsprefix: str | None = None) -> None:
        self.endData()
        if self.tagStack[-1].name == name:
            self.tagStack.pop()
            self.open_tag_counter[name] -= 1
            self.currentTag = self.tagStack[-1]
        else:
            self._popToTag(name, nsprefix)

    def endData(self, containerClass: type[NavigableString] | None = None) -> None:  # noqa: N802, N803 - their names
        if not self.current_data:
            return
        # it makes no links of its own, as NavigableString(…) would, only to have them made again
        words = str.__new__(containerClass or NavigableString, "".join(self.current_data))
        words.hidden = False
        self.current_data = []
        assert self.currentTag is not None
        _link(words, self.currentTag, self._most_recent_element)
        self._most_recent_element = words
