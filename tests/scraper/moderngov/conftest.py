"""Captured pages where they are at hand, pages of our own making, and a demo council to read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from demo.behaviour import Behaviour
from demo.site import Site
from demo.story import Story, storyline

Fetch = Callable[[str], tuple[bytes, str, str | None]]


@pytest.fixture(scope="session")
def captures() -> Path:
    folder = os.environ.get("MODERNGOV_CAPTURES")
    if not folder:
        pytest.skip("MODERNGOV_CAPTURES does not name the folder of captured pages")
    return Path(folder)


@pytest.fixture(scope="session")
def made() -> Callable[..., bytes]:
    """`made(content, h1=…, h2=…)`: a page as moderngov frames it, around some content."""

    def page(
        content: str, *, h1: str = "Agenda", h2: str = "Cabinet - Thursday 15 January 2026 7:30 pm", links: str = ""
    ) -> bytes:
        return (
            f'<html><body><ul><li><a href="mgListCommittees.aspx?bcr=1">Committees</a></li></ul><div id="modgov">'
            f'<div class="mgHeader"><h1  class="mgMainTitleTxt" >{h1}</h1></div>'
            f'<div class="mgSubTitle" ><h2 class="mgSubTitleTxt">{h2}</h2></div>'
            f'<div class="mgLinks" ><ul  class="mgActionList" >{links}</ul></div>'
            f'<div class="mgContent" >{content}</div><div class="mgFooter" ><script></script></div></div></body></html>'
        ).encode()

    return page


@pytest.fixture(scope="session")
def row() -> Callable[..., str]:
    """`row(51, "3.", "Title", rest)`: one row of the table of items."""

    def item(number: int, shown: str, title: str, rest: str = "") -> str:
        return (
            f'<tr><td  class="mgItemNumberCell" ><p  class="mgAiTitleTxt" ><a name="AI{number}"></a>{shown}</p></td>'
            f'<td ><p  class="mgAiTitleTxt" >{title}</p>{rest}</td></tr>'
        )

    return item


@pytest.fixture(scope="session")
def table() -> Callable[..., str]:
    def items(*rows: str) -> str:
        return f'<table class="mgItemTable"  id="mgItemTable"><caption>Items</caption>{"".join(rows)}</table>'

    return items


@pytest.fixture(scope="session")
def story() -> Story:
    return storyline()


@pytest.fixture
def council(story: Story) -> Iterator[Callable[..., tuple[Site, Fetch]]]:
    """`council(behaviour)` opens the demo council at the end of its story; returns it and a way to fetch from it."""
    with ExitStack() as stack:
        client = stack.enter_context(
            httpx.Client(follow_redirects=True, timeout=10, headers={"User-Agent": "tests"}, trust_env=False)
        )

        def opened(behaviour: Behaviour | None = None) -> tuple[Site, Fetch]:
            site = stack.enter_context(Site(story, lambda: story.ends, behaviour=behaviour))

            def fetch(address: str) -> tuple[bytes, str, str | None]:
                response = client.get(address)
                return response.content, str(response.url), response.headers.get("content-type")

            return site, fetch

        yield opened
