"""The chooser of packs, `mgChooseDocPack.aspx?ID=10230`: where supplements are out, the packs stand on a page of
their own.

The links to it are captured (Kingston), the page is not.
"""

from __future__ import annotations

from scraper.moderngov import addresses, papers
from scraper.moderngov.page import Page, reads
from scraper.records import DocumentRecord, Refused, Suspect


@reads
def read_packs(page: Page) -> tuple[DocumentRecord, ...] | Suspect | Refused:
    """The packs and supplements of one agenda."""
    found: dict[str, DocumentRecord] = {}
    for link, address in page.links():
        document = papers.document(page, link, of_item=False)
        own = addresses.page_name(address) == "mgchoosedocpack.aspx" and addresses.number(address, "SID") is None
        if document is not None and not own and document.document_id.startswith(("g", "sid")):
            found.setdefault(document.document_id, document)
    return tuple(found.values()) or Suspect("no packs on the page of packs")
