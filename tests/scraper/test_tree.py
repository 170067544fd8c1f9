"""The tree is Beautiful Soup's own, whatever the markup."""

from __future__ import annotations

import gc

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement, PreformattedString
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.tree import BLOCKS, soup_of

NAMES = st.sampled_from(
    [
        "a",
        "b",
        "br",
        "div",
        "h2",
        "li",
        "ol",
        "p",
        "pre",
        "script",
        "select",
        "style",
        "table",
        "td",
        "template",
        "tr",
        "ul",
        "o:p",
    ]
)
PIECES = st.one_of(
    NAMES.map("<{}>".format),
    NAMES.map("</{}>".format),
    NAMES.map('<{} class="mgLabel odd" id=x href="a?b=1&amp;c=2">'.format),
    st.sampled_from(
        ["words", "&amp;", " ", "\n", "<!-- no -->", "<br/>", "<![CDATA[x]]>", "<?php x?>", "<!DOCTYPE html>"]
    ),
    st.text(max_size=4),
)


def usual(markup: bytes) -> BeautifulSoup:
    """Beautiful Soup's own tree, without what ours leaves out: comments, and blanks where a block begins and after it."""
    soup = BeautifulSoup(
        b"<body>" + markup.lstrip().removeprefix(b"<?xml").replace(b"\0", b""),
        "lxml",
        from_encoding="utf-8",
        multi_valued_attributes=None,
    )
    for words in soup.find_all(string=True):
        if isinstance(words, PreformattedString):
            words.extract()
    soup.smooth()
    for words in soup.find_all(string=True):
        beside = words.previous_sibling or words.parent
        if isinstance(beside, Tag) and beside.name in BLOCKS and str(words).isspace():
            words.extract()
    return soup


def told(element: PageElement | None) -> object:
    """An element by what it says; blanks alone are all the same."""
    if element is None or getattr(element, "name", None) == "[document]":
        return None
    if isinstance(element, Tag):
        return element.name, dict(element.attrs), len(element.contents)
    return str(element).strip() and str(element)


def linked(soup: Tag) -> list[object]:
    """Every element with all its neighbours, up and down the tree and forwards and backwards."""
    return [
        [
            told(near)
            for near in (
                each,
                each.parent,
                each.next_element,
                each.previous_element,
                each.next_sibling,
                each.previous_sibling,
            )
        ]
        for each in soup.descendants
    ]


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=30).map("".join))
@example("<p>a<table><tr><td>b<p>c</table>d</p>")
@example("<ul><li>a<li>b</ul></div></div><p>c")
@example("")
def test_every_element_stands_where_beautiful_soup_puts_it(markup: str) -> None:
    body = markup.encode("utf-8", "replace")
    with soup_of(body) as soup:
        assert linked(soup) == linked(usual(body))


@settings(max_examples=50)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_questions_of_beautiful_soup_have_the_same_answers(markup: str) -> None:
    body = markup.encode("utf-8", "replace")
    theirs = usual(body)
    with soup_of(body) as mine:
        for name in ("p", "td", "a"):
            assert [told(each) for each in mine.find_all(name)] == [told(each) for each in theirs.find_all(name)]
        if not {"script", "style", "template"} & {
            each.name for each in theirs.find_all(True)
        }:  # ours are words like any
            assert mine.get_text().split() == theirs.get_text().split()
        assert mine.decode_contents().split() == theirs.decode().split()


def test_blanks_among_words_stay_and_those_between_blocks_are_not_kept() -> None:
    with soup_of(
        b"<div> <p> <b>a</b> <i>b</i></p> <a>c</a> <a>d</a> <p>e</p> </div><table> <tr> <td> </td> </tr></table>"
    ) as soup:
        words = ["".join(soup.find_all(string=True)), str(soup.div)]
    assert words == [
        "a bc d e",
        "<div><p><b>a</b> <i>b</i></p><a>c</a> <a>d</a> <p>e</p></div>",
    ]


def test_a_tree_that_was_read_leaves_nothing_for_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):  # the first fills lxml's own caches
            gc.collect()
            with soup_of(b"<div><p class=x>a<b>b</b></p><ul><li>c</li></ul></div>") as soup:
                tag = soup.find("p")
                assert tag is not None
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0
    assert vars(tag) == {}
