"""Two transports, one record: each fills what the other lacks.

The page is what the public sees, so its order, numbers, titles, sizes, packs and draft state stand. The web service does not
cut minutes short, flags restricted items, and knows documents of its own; what only it tells is added.
"""

from __future__ import annotations

from dataclasses import replace

from scraper.records import DocumentRecord, ItemRecord, ItemText, MeetingRecord

_TEXTS = ("text", "decision", "minutes")


def merge(service: MeetingRecord, page: MeetingRecord) -> MeetingRecord:
    """One record out of both answers about the same meeting."""
    by_number = {item.item_id: item for item in service.items if item.item_id is not None}
    items = [_merge_items(by_number.pop(item.item_id or 0, None), item) for item in page.items]
    for item in by_number.values():
        # told by the web service only: it stands behind what stood before it there
        place = sum(1 for other in items if other.position <= item.position)
        items.insert(place, item)
    return replace(
        page,
        transport="both",
        fields=page.fields | service.fields,
        committee_id=page.committee_id or service.committee_id,
        committee_name=page.committee_name or service.committee_name,
        agenda_id=page.agenda_id or service.agenda_id,
        starts_at=page.starts_at or service.starts_at,
        venue=page.venue or service.venue,
        status="cancelled" if "cancelled" in (page.status, service.status) else page.status,
        status_note=page.status_note or service.status_note,
        items=tuple(replace(item, position=place) for place, item in enumerate(items, start=1)),
        documents=_merge_documents(service.documents, page.documents),
        attendance=page.attendance or service.attendance,
    )


def complete(item: ItemRecord, whole: ItemText) -> ItemRecord:
    """The item with its full page in place of what the meeting's page cut off."""
    found = {name: getattr(whole, name) for name in item.cut if getattr(whole, name)}
    return replace(item, cut=item.cut - found.keys(), **found)


def _merge_items(service: ItemRecord | None, page: ItemRecord) -> ItemRecord:
    if service is None:
        return page
    texts = {}
    for name in _TEXTS:
        said = getattr(service, name)
        if said and name in service.fields and (name in page.cut or not getattr(page, name)):
            texts[name] = said
    # the page's own words or mark first: they are what a reader can check
    restricted_by = page.restricted_by or service.restricted_by
    return replace(
        page,
        cut=page.cut - texts.keys(),
        restricted=page.restricted or service.restricted,
        restricted_by="mark" if "mark" in (page.restricted_by, service.restricted_by) else restricted_by,
        restriction=page.restriction or service.restriction,
        issue_id=page.issue_id or service.issue_id,
        documents=_merge_documents(service.documents, page.documents),
        fields=page.fields | service.fields,
        **texts,
    )


def _merge_documents(
    service: tuple[DocumentRecord, ...], page: tuple[DocumentRecord, ...]
) -> tuple[DocumentRecord, ...]:
    known = {document.document_id for document in page} | {_words(document.title) for document in page}
    extra = [each for each in service if each.document_id not in known and _words(each.title) not in known]
    return (*page, *extra)


def _words(title: str) -> str:
    return " ".join(title.casefold().split())
