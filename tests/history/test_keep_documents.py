"""Which papers are fetched, and what their bytes tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from history.database import write_txn
from history.keep_documents import DocumentKept, document_texts_wanted, keep_document, known_documents
from history.keep_sources import set_next_look
from scraper.records import DocumentRecord
from tests.history.keeping import EVENING, Site, item, listed, meeting


@dataclass(frozen=True)
class Extracted:
    text: str | None
    pages: int | None = 1
    state: str = "text"


def paper(number: str, shown: str | None = "20 KB", kind: str = "report") -> DocumentRecord:
    return DocumentRecord(number, f"Paper {number}", kind, f"http://site/{number}.pdf", shown)  # type: ignore[arg-type]


def fetched(site: Site, number: str, text: str | None, sha256: str, **values: object) -> DocumentKept:
    with write_txn(site.db):
        return keep_document(site.db, 1, number, Extracted(text, **values), 100, sha256, site.now)  # type: ignore[arg-type]


def wanted(site: Site, now: datetime | None = None) -> list[str]:
    return [document.document_id for document in document_texts_wanted(site.db, 1, now or site.now)]


def test_the_smallest_first_and_compilations_only_where_the_page_does_not_say_it(site: Site) -> None:
    papers = (paper("g1:T10", "9 MB", "pack"), paper("g1:T1", "1 KB", "minutes"), paper("sid7", "30 KB", "late paper"))
    one = item(1, documents=(paper("s1", "1 MB"), paper("s2", None), paper("s3", "821 KB")))
    site.reads(meeting(one, documents=papers))
    assert wanted(site) == ["g1:T1", "sid7", "s3", "s1", "s2"]
    site.reads(meeting(replace(one, minutes="We met."), documents=papers))
    assert wanted(site) == ["sid7", "s3", "s1", "s2"]


def test_a_first_text_is_no_change_and_names_the_change_that_told_of_the_paper(site: Site) -> None:
    site.reads(meeting(item(1, documents=(paper("s1"),))))
    added = site.last.changes[-1]
    kept = fetched(site, "s1", "The report says so.", "aa")
    assert [(arrived.document, arrived.added) for arrived in kept.arrived] == [(1, added.id)]
    assert kept.changes == ()
    assert wanted(site) == []
    assert known_documents(site.db, site.source, 1)["s1"].fetched
    assert site.rows("SELECT text, pages, size FROM documents") == [
        {"text": "The report says so.", "pages": 1, "size": 100}
    ]


def test_in_the_baseline_no_change_told_of_it(site: Site) -> None:
    site.lists(listed(1))
    site.reads(meeting(item(1, documents=(paper("s1"),)), starts_at=EVENING + timedelta(days=1)))
    assert fetched(site, "s1", "Text", "aa").arrived[0].added is None


def test_other_bytes_at_the_same_address_are_a_replacement(site: Site) -> None:
    site.reads(meeting(item(1, documents=(paper("s1"),))))
    fetched(site, "s1", "Before.", "aa")
    assert fetched(site, "s1", "Before.", "aa").changes == ()
    (change,) = fetched(site, "s1", "After.", "bb").changes
    assert (change.kind, change.before, change.after, change.item) == ("document.replaced", "Before.", "After.", 1)
    (change,) = fetched(site, "s1", None, "cc", state="no text").changes
    assert (change.before, change.after) == ("After.", None)


def test_on_the_meetings_morning_all_are_fetched_again_once(site: Site) -> None:
    site.reads(meeting(item(1, documents=(paper("s1"),))))
    fetched(site, "s1", "Text", "aa")
    assert wanted(site, EVENING - timedelta(days=1)) == []
    morning = EVENING.replace(hour=8)
    assert wanted(site, morning) == ["s1"]
    site.now = morning
    fetched(site, "s1", "Text", "aa")
    assert wanted(site, morning + timedelta(hours=1)) == []


def test_a_paper_that_could_not_be_fetched_waits_for_its_next_look(site: Site) -> None:
    site.reads(meeting(item(1, documents=(paper("s1"),))))
    with write_txn(site.db):
        set_next_look(site.db, "documents", 1, site.now + timedelta(hours=2))
    assert wanted(site) == []
    assert wanted(site, site.now + timedelta(hours=2)) == ["s1"]
