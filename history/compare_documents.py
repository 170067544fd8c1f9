"""The documents of a meeting and of its items, as they stood and as the page links to them.

Pure; compare.py says what each kind of change means. Whether a file has other bytes is found out when it is fetched:
here a changed title, shown size or number only makes it wanted again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

from history.compare_items import ItemOutcome
from history.differences import Difference, Reading
from history.identity import match_documents, same_words
from history.losses import believed
from history.state import DocumentState, MeetingState
from scraper.records import DocumentRecord, MeetingRecord


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """`item` is the index among the item outcomes, None for the meeting's own (or the notice's); `old` None where
    new.
    """

    old: DocumentState | None
    new: DocumentState
    item: int | None
    differences: tuple[Difference, ...]


def compare_documents(
    old: MeetingState, record: MeetingRecord, items: Sequence[ItemOutcome], reading: Reading
) -> tuple[DocumentOutcome, ...]:
    """An outcome for each document on the page, and for each stored one that is not on it."""
    stored: list[tuple[int | None, DocumentState]] = [(None, document) for document in old.documents]
    read: list[tuple[int | None, DocumentRecord]] = []
    if "documents" in record.fields:
        read += [(None, document) for document in record.documents]
    # A missing item takes its documents along when it goes; until then they are not judged.
    spoken: set[int | None] = {None} if "documents" in record.fields else set()
    for index, item in enumerate(items):
        if item.old is not None:
            stored += [(index, document) for document in item.old.documents]
        if item.read is not None and "documents" in item.read.fields:
            read += [(index, document) for document in item.read.documents]
            spoken.add(index)
    withdrawn = {index for index, item in enumerate(items) if item.missing and item.new.withdrawn_at is not None}

    return compare_linked(
        stored,
        read,
        spoken,
        withdrawn,
        lambda place: reading.is_news(old, "documents" if place is None else "items.documents"),
        reading,
    )


def compare_linked(
    stored: Sequence[tuple[int | None, DocumentState]],
    read: Sequence[tuple[int | None, DocumentRecord]],
    spoken: Set[int | None],
    withdrawn: Set[int],
    is_news: Callable[[int | None], bool],
    reading: Reading,
) -> tuple[DocumentOutcome, ...]:
    """The same for any places: `spoken` are those whose documents the page tells, `withdrawn` those just withdrawn."""
    read = list({(place, document.document_id): (place, document) for place, document in read}.values())
    found = match_documents(
        [(place, d.document_id, d.title, d.withdrawn_at is None) for place, d in stored],
        [(place, d.document_id, d.title) for place, d in read],
    )
    outcomes = []
    for (place, document), index in zip(read, found, strict=True):
        known = None if index is None else stored[index][1]
        outcomes.append(
            _new(document, place, is_news, reading) if known is None else _known(known, document, place, reading)
        )
    here = set(found)
    absent = [pair for index, pair in enumerate(stored) if index not in here]
    stood = sum(1 for place, old in stored if place in spoken and old.withdrawn_at is None)
    missing = sum(1 for place, old in absent if place in spoken and old.withdrawn_at is None)
    for place, old in absent:
        if old.withdrawn_at is None and place in withdrawn:
            outcomes.append(_gone(old, place, reading))
        elif old.withdrawn_at is None and place in spoken:
            outcomes.append(_missing(old, place, missing, stood, reading))
        else:
            outcomes.append(DocumentOutcome(old, old, place, ()))
    return tuple(outcomes)


def _new(
    read: DocumentRecord, place: int | None, is_news: Callable[[int | None], bool], reading: Reading
) -> DocumentOutcome:
    document = DocumentState(
        document_id=read.document_id,
        title=read.title,
        kind=read.kind,
        url=read.url,
        first_seen=reading.now,
        size_shown=read.size_shown,
        restricted=read.restricted,
    )
    told = (Difference("document.added", None, None, read.title),) if is_news(place) else ()
    return DocumentOutcome(None, document, place, told)


def _known(old: DocumentState, read: DocumentRecord, place: int | None, reading: Reading) -> DocumentOutcome:
    new = replace(old, missing_since=None, missing_polls=0, withdrawn_at=None)
    told = () if old.withdrawn_at is None else (Difference("document.added", None, None, old.title),)
    same_title = same_words(read.title) == same_words(old.title)
    other_size = read.size_shown is not None and old.size_shown is not None and read.size_shown != old.size_shown
    if read.size_shown is not None:
        new = replace(new, size_shown=read.size_shown)
    wanted = old.wanted or other_size or old.withdrawn_at is not None
    # Number, address and title are told in two ways by page and web service: what stands is kept while the words agree.
    if not (reading.by_other_route(old) and same_title):
        wanted = wanted or not same_title or read.document_id != old.document_id
        new = replace(
            new,
            document_id=read.document_id,
            url=read.url,
            kind=read.kind,
            title=read.title,
            restricted=read.restricted,
        )
    if old.forgotten_at is not None:
        new, wanted = replace(new, title=old.title, url=old.url), False
    return DocumentOutcome(old, replace(new, wanted=wanted), place, told)


def _missing(old: DocumentState, place: int | None, missing: int, stood: int, reading: Reading) -> DocumentOutcome:
    since, polls = old.missing_since or reading.now, old.missing_polls + 1
    if believed(missing, stood, polls, since, reading.now):
        return _gone(old, place, reading)
    return DocumentOutcome(old, replace(old, missing_since=since, missing_polls=polls), place, ())


def _gone(old: DocumentState, place: int | None, reading: Reading) -> DocumentOutcome:
    new = replace(old, missing_since=None, missing_polls=0, withdrawn_at=reading.now)
    return DocumentOutcome(old, new, place, (Difference("document.withdrawn", None, old.title, None),))
