"""The tree is Beautiful Soup's own, whatever the markup."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.tree import soup_of

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
    return BeautifulSoup(
        b"<body>" + markup.lstrip().removeprefix(b"<?xml").replace(b"\0", b""),
        "lxml",
        from_encoding="utf-8",
        multi_valued_attributes=None,
    )


def told(element: PageElement | None) -> object:
    """An element by what it says; blanks alone are all the same."""
    if element is None or isinstance(element, BeautifulSoup):
        return None
    if isinstance(element, Tag):
        return element.name, dict(element.attrs), len(element.contents)
    return str(element).strip() and str(element)


def linked(soup: BeautifulSoup) -> list[object]:
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
    assert linked(soup_of(body)) == linked(usual(body))


@settings(max_examples=50)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_questions_of_beautiful_soup_have_the_same_answers(markup: str) -> None:
    body = markup.encode("utf-8", "replace")
    mine, theirs = soup_of(body), usual(body)
    for name in ("p", "td", "a"):
        assert [told(each) for each in mine.find_all(name)] == [told(each) for each in theirs.find_all(name)]
    if not {"script", "style", "template"} & {each.name for each in theirs.find_all(True)}:  # ours are words like any
        assert mine.get_text().split() == theirs.get_text().split()
    assert mine.decode().split() == theirs.decode().split()
