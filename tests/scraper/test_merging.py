"""Two transports, one record: each fills what the other lacks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.merging import complete, merge
from scraper.records import DocumentRecord, ItemRecord, ItemText, MeetingRecord

STARTS = datetime(2025, 11, 26, 9, tzinfo=UTC)


def item(number: int, title: str = "Budget", position: int = 1, **more: object) -> ItemRecord:
    fields = frozenset({"title", "number", "position", "text", "decision", "minutes", "restricted", "documents"})
    values: dict[str, object] = {
        "item_id": number,
        "number": f"{position}.",
        "title": title,
        "position": position,
        "url": f"https://site/mgAi.aspx?ID={number}",
        "fields": fields,
        **more,
    }
    return ItemRecord(**values)  # type: ignore[arg-type]


def meeting(transport: str, *items: ItemRecord, **more: object) -> MeetingRecord:
    values: dict[str, object] = {
        "meeting_id": 7,
        "url": "https://site/ieListDocuments.aspx?MId=7",
        "transport": transport,
        "fields": frozenset({"items", "documents", "status", "starts_at"}),
        "items": items,
        "starts_at": STARTS,
        **more,
    }
    return MeetingRecord(**values)  # type: ignore[arg-type]


def test_the_pages_words_stand_and_the_service_fills_what_the_page_lacks() -> None:
    service = meeting("webservice", item(1, "BUDGET", text="By the service", minutes="Minutes"), venue="Town Hall")
    page = meeting("html", item(1, "Budget", text="By the page", minutes=None))
    merged = merge(service, page)
    (one,) = merged.items
    assert (one.title, one.text, one.minutes) == ("Budget", "By the page", "Minutes")
    assert merged.venue == "Town Hall" and merged.transport == "both"


def test_what_the_page_cuts_short_the_service_tells_whole() -> None:
    service = meeting("webservice", item(1, minutes="The whole of it"))
    page = meeting("html", item(1, minutes="The whole", cut=frozenset({"minutes"})))
    (one,) = merge(service, page).items
    assert one.minutes == "The whole of it" and one.cut == frozenset()


def test_an_item_that_only_the_service_tells_of_is_put_where_it_stood() -> None:
    service = meeting("webservice", item(1, position=1), item(9, "Exempt", position=2), item(2, position=3))
    page = meeting("html", item(1, position=1), item(2, position=2))
    merged = merge(service, page)
    assert sorted(each.item_id or 0 for each in merged.items) == [1, 2, 9]
    assert [each.position for each in merged.items] == [1, 2, 3]


@pytest.mark.parametrize(("by_service", "by_page"), [("mark", None), (None, "mark"), ("mark", "words")])
def test_a_restriction_that_either_knows_of_stands(by_service: str | None, by_page: str | None) -> None:
    service = meeting("webservice", item(1, restricted=bool(by_service), restricted_by=by_service))
    page = meeting("html", item(1, restricted=bool(by_page), restricted_by=by_page))
    (one,) = merge(service, page).items
    assert one.restricted and one.restricted_by == "mark"


def test_a_cancellation_that_either_knows_of_stands() -> None:
    assert merge(meeting("webservice", status="cancelled"), meeting("html")).status == "cancelled"
    assert merge(meeting("webservice"), meeting("html", status="cancelled")).status == "cancelled"


def test_a_document_is_one_whichever_name_it_goes_by() -> None:
    def paper(name: str, title: str) -> DocumentRecord:
        return DocumentRecord(name, title, "report", f"https://site/documents/{name}.pdf")

    service = meeting("webservice", item(1, documents=(paper("s1", "Report"), paper("s2", "Late  report"))))
    page = meeting("html", item(1, documents=(paper("s1", "Report"), paper("sid3", "late report"))))
    (one,) = merge(service, page).items
    assert [each.document_id for each in one.documents] == ["s1", "sid3"]


def test_a_page_of_its_own_completes_what_was_cut_and_leaves_the_rest() -> None:
    cut = item(1, text="Text", minutes="The beg", cut=frozenset({"minutes"}))
    whole = ItemText(1, "Budget", "Other", None, "The beginning and the end")
    done = complete(cut, whole)
    assert (done.text, done.minutes, done.cut) == ("Text", "The beginning and the end", frozenset())
    empty = ItemText(1, "Budget", None, None, None)
    assert complete(cut, empty) == cut


numbers = st.lists(st.integers(1, 12), unique=True, max_size=8)


@given(numbers, numbers)
def test_nothing_that_either_tells_is_lost_or_doubled(by_service: list[int], by_page: list[int]) -> None:
    service = meeting("webservice", *(item(n, position=at) for at, n in enumerate(by_service, 1)))
    page = meeting("html", *(item(n, position=at) for at, n in enumerate(by_page, 1)))
    merged = [each.item_id for each in merge(service, page).items]
    assert sorted(map(int, filter(None, merged))) == sorted({*by_service, *by_page})
    assert [n for n in merged if n in by_page] == by_page, "the page's order stands"
    assert [each.position for each in merge(service, page).items] == list(range(1, len(merged) + 1))


@given(numbers)
def test_a_record_merged_with_its_like_is_itself(numbers: list[int]) -> None:
    items = [item(n, f"Item {n}", at) for at, n in enumerate(numbers, 1)]
    assert merge(meeting("webservice", *items), meeting("html", *items)).items == tuple(items)
