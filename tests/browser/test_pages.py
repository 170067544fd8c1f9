"""Every kind of page, as a browser shows it: nothing cut off, nothing that a rule of accessibility forbids, no error."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

RULES = (Path(__file__).parent / "rules.js").read_text()
_ROOT = Path(__file__).parents[2]
AXE = next(
    (
        path
        for path in (Path(os.environ.get("AXE_CORE", "axe.min.js")), _ROOT / "node_modules/axe-core/axe.min.js")
        if path.is_file()
    ),
    None,
)
PAGES = {
    "whats-new": "/",
    "whats-new-filtered": "/?kind=minutes&committee=Safer+Stockton+Partnership",
    "nothing-new": "/?committee=Licensing+Committee&kind=minutes",
    "meeting": "/meeting/{meeting}",
    "meeting-then": "/meeting/{meeting}?at=2025-11-25",
    "item": "/item/{item}",
    "document": "/document/{document}",
    "withdrawn": "/document/{withdrawn}",
    "change": "/change/{change}",
    "proof": "/proof/{version}",
    "notice": "/notice/{notice}",
    "meetings": "/meetings?month=2025-11",
    "topics": "/topics",
    "topic": "/topic/pspo",
    "search": "/search?q=PSPO",
    "search-empty": "/search",
    "late": "/late?days=365",
    "status": "/status",
    "about": "/about",
    "data": "/history",
    "table": "/history/items",
    "row": "/history/items/{item}",
    "question": "/history/new-this-week?days=60",
    "sql": "/history?sql=select+id,+title,+minutes+from+items",
    "sql-wrong": "/history?sql=select+*+from+subscribers",
    "not-found": "/nothing-here",
    "not-public": "/history/subscribers",
}
FAILING = {"sql-wrong", "not-found", "not-public"}  # a browser notes these answers' status on its console
ROWS = {
    "meeting": "select meeting from items where number = 'SSP/46/25'",
    "item": "select id from items where number = 'SSP/46/25'",
    "document": "select id from documents where title like 'Recorded Crime%'",
    "withdrawn": "select id from documents where withdrawn_at is not null",
    "change": "select id from changes where kind = 'document.replaced' order by id",
    "notice": "select id from notices",
    "version": "select id from versions where capture is not null",
}


@pytest.fixture(scope="session")
def rows(address: str) -> dict[str, int]:
    import httpx

    return {
        name: httpx.get(f"{address}/history.json", params={"sql": sql}).json()["rows"][0][0]
        for name, sql in ROWS.items()
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_open_to_all(page: Any, rows: dict[str, int], name: str) -> None:
    page.troubles.clear()
    page.goto(PAGES[name].format(**rows))
    for details in page.query_selector_all("details"):
        details.evaluate("of => { of.open = true }")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0, "the page is wider than the window"
    assert page.evaluate(RULES) == []
    if name not in FAILING:
        assert page.troubles == []
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


@pytest.mark.skipif(AXE is None, reason="axe-core is not installed: name its axe.min.js in AXE_CORE")
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault(page: Any, rows: dict[str, int], name: str) -> None:
    assert AXE is not None
    page.goto(PAGES[name].format(**rows))
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(each["id"], each["impact"], each["nodes"][0]["html"]) for each in found] == []


def test_the_rules_find_faults(page: Any) -> None:
    """A check that never fails proves nothing."""
    page.goto("about:blank")
    page.set_content(
        "<html><head></head><body><h3>x</h3><img src='data:,'><input><a href='#no'></a><table><tr><td>1</td></tr></table>"
        "<p style='color:#aaa'>pale</p><p style='font-size:9px'>small</p><i id=a></i><i id=a></i></body></html>"
    )
    found = {fault.split(":")[0] for fault in page.evaluate(RULES)}
    assert found >= {"html-has-lang", "document-title", "landmark-one-main", "heading-order", "image-alt", "label", "name",
                     "skip-link", "table-caption", "color-contrast", "small-text", "duplicate-id"}  # fmt: skip


def test_a_reader_finds_the_news_by_keyboard_alone(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box and box["x"] >= 0, "the skip link shows when it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_a_reader_filters_opens_a_meeting_and_goes_back_in_time(page: Any) -> None:
    page.goto("/")
    page.select_option("#f-kind", "minutes")
    page.select_option("#f-committee", "Safer Stockton Partnership")
    page.click("form.filters button")
    assert "kind=minutes" in page.url
    page.click("text=Safer Stockton Partnership, 26 November 2025 >> nth=0")
    assert page.locator("h1").inner_text() == "Safer Stockton Partnership"
    assert page.get_by_text("due to expire in April 2026").count() >= 1
    page.fill("#at", "2025-11-25T12:00")
    page.click("form.inline button")
    assert page.get_by_text("As it stood on 25 November 2025 at 12:00:00 GMT").count() == 1
    assert page.get_by_text("due to expire in April 2026").count() == 0
    page.click("text=Show it as it stands now")
    page.click("article >> text=Operation Shield Update")
    assert "Operation Shield Update" in page.locator("h1").inner_text()


def test_a_reader_searches_and_narrows(page: Any) -> None:
    page.goto("/search")
    page.fill("#q", "public spaces protection order")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=public*")
    assert page.locator("mark").count() > 0
    hits = page.locator(".hits > li").count()
    page.click("nav[aria-label='Narrow the search'] >> text=2025")
    assert 0 < page.locator(".hits > li").count() < hits


def test_a_councils_script_does_not_run(page: Any, rows: dict[str, int]) -> None:
    page.troubles.clear()
    page.on("dialog", lambda dialog: (page.troubles.append("a dialog opened"), dialog.dismiss()))
    page.goto(f"/meeting/{rows['meeting']}")
    assert page.get_by_text("<script>alert(1)</script>").count() > 0
    assert page.troubles == []
