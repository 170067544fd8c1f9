"""Pages in other dress than those that were captured: the same words in the markup that other sites may give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scraper.moderngov.item import read_item
from scraper.records import ItemText

Made = Callable[..., bytes]
ITEM = "https://a.gov.uk/mgAi.aspx?ID=51902"
TEXT = '<div class="mgWordPara"><p>Members <b>agreed</b>.</p><p><strong>Decision:</strong></p><p>As moved.</p></div>'
PAPERS = (
    '<ul class="mgBulletList"><li><a href="documents/s5/R.pdf">R <span class="mgFileSize">PDF 1 KB</span></a></li></ul>'
)


@pytest.mark.parametrize(
    "sub_title",
    [
        '<p class="mgSubItemTitleTxt">{}</p>',
        '<h3 class="mgSubSubTitleTxt">{}</h3>',
        '<h2 class="mgSectionTitle">{}</h2>',
        "<h3>{}</h3>",
        '<p class="mgLabel">{}</p>',
        '<p><span class="mgLabel">{} </span></p>',
        "<p><strong>{}</strong></p>",
    ],
)
@pytest.mark.parametrize("h2", ["Orders", "Minutes"])
@pytest.mark.parametrize("h1", ["Agenda item", "Councillors and committees"])
def test_the_sub_titles_of_an_items_own_page(made: Made, sub_title: str, h2: str, h1: str) -> None:
    # no capture stands behind the markup of this page
    content = f"<p>To note.</p>{sub_title.format('Minutes:')}{TEXT}{sub_title.format('Supporting documents:')}{PAPERS}"
    record = read_item(made(content, h1=h1, h2=h2), ITEM, None)
    assert isinstance(record, ItemText), record
    assert (record.title, record.text, record.decision) == (h2, "To note.", None)
    assert record.minutes == "Members agreed.\nDecision:\nAs moved."  # what a text says of itself parts nothing
    assert [each.document_id for each in record.documents] == ["s5"]
