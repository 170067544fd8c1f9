"""Two records of the same meeting -> what is different, and how the meeting stands now.

Pure. Only fields that the new record speaks of are compared. What each kind of change means is decided here:

- `meeting.moved`: one for each field of `starts_at` and `venue` that was known and is another now; the times are local.
- `meeting.reinstated`: it stands again after it was cancelled or withdrawn.
- `agenda.published`: once in a meeting's life. `minutes.approved`: once too; from "published" (the web service cannot
  tell a draft) it is no news, and "published" never unsays "draft" or "approved".
- `item.amended`: title or text; `decision.published` and `minutes.drafted`: the first text of an item, later ones are
  amended.
- `item.restricted`, `item.unrestricted`: by mark or title; what only words tell is kept and is no change of its own.
- `item.returned`: after a believed withdrawal. A document that comes back after one is `document.added`.
- A document's title, size or place, and an item's number or place, are kept and are no change.

After another transport or parser, texts that say the same words are the same. What the earlier transport could not
speak of is filled in without a change, unless the site was read by the new one before this meeting was last read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC

from history.compare_documents import DocumentOutcome, compare_documents
from history.compare_items import ItemOutcome, compare_items
from history.differences import Difference, Reading
from history.identity import same_words
from history.losses import a_lot
from history.state import DocumentState, MeetingState
from scraper.records import MeetingRecord

_MINUTES_RANK = {"none": 0, "published": 1, "draft": 1, "approved": 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the meeting stood and stands, item by item and document by document, with what is different.

    `pending`: something is missing and not yet believed to be gone. `doubt`: in words, where far fewer items stand
    than did.
    """

    old: MeetingState
    new: MeetingState
    differences: tuple[Difference, ...]
    items: tuple[ItemOutcome, ...]
    documents: tuple[DocumentOutcome, ...]
    pending: bool
    doubt: str | None


def compare_meeting(old: MeetingState, record: MeetingRecord, reading: Reading) -> Outcome:
    """`old` is the meeting as it stands; one that was never heard of has no `id`, and is announced."""
    items = compare_items(old, record, reading) if "items" in record.fields else _untouched(old)
    documents = compare_documents(old, record, items, reading)
    missing = sum(1 for item in items if item.missing and item.new.withdrawn_at is None)
    stood = sum(1 for item in old.items if item.withdrawn_at is None)
    doubt = None
    if missing and a_lot(missing, stood):
        doubt = f"only {stood - missing} of the {stood} items that stood there are on the page"

    new, differences = _meeting(old, record, reading, in_doubt=doubt is not None)
    spoken = set(record.fields)
    for item in record.items if "items" in record.fields else ():
        spoken.update(f"items.{field}" for field in item.fields)
    new = replace(
        new,
        spoken=old.spoken | spoken,
        items=tuple(replace(i.new, documents=_standing_in(documents, n)) for n, i in enumerate(items)),
        documents=_standing_in(documents, None),
    )
    items = tuple(replace(i, new=new.items[n]) for n, i in enumerate(items))
    if reading.silent:
        differences = tuple(d for d in differences if old.differs and _list_says_so(new, d))
        items = tuple(replace(i, differences=()) for i in items)
        documents = tuple(replace(d, differences=()) for d in documents)
    pending = any(item.pending for item in items) or any(
        document.new.missing_since is not None for document in documents
    )
    return Outcome(old, new, differences, items, documents, pending, doubt)


def _list_says_so(new: MeetingState, difference: Difference) -> bool:
    """Whether the list, since the baseline, names the same new time or cancellation as the page."""
    starts_at_utc, status, *_ = [*(new.listed or "").split(" | "), "", ""]
    return (difference.field == "starts_at" and starts_at_utc == new.starts_at_utc) or (
        difference.field == "status" and status == new.status
    )


def _untouched(old: MeetingState) -> tuple[ItemOutcome, ...]:
    return tuple(ItemOutcome(item, item, (), spoken=False, read=None) for item in old.items)


def _standing_in(documents: tuple[DocumentOutcome, ...], item: int | None) -> tuple[DocumentState, ...]:
    return tuple(document.new for document in documents if document.item == item)


def _meeting(
    old: MeetingState, record: MeetingRecord, reading: Reading, *, in_doubt: bool
) -> tuple[MeetingState, tuple[Difference, ...]]:
    differences: list[Difference] = []
    new = replace(old, url=record.url or old.url, agenda_id=record.agenda_id or old.agenda_id)
    if record.attendance:
        new = replace(new, attendance=record.attendance)
    new, time = _time(new, record)
    if old.id is None:
        differences.append(Difference("meeting.announced", None, None, new.starts_at))
    elif time:
        differences.append(time)
    new, venue = _venue(new, record, reading)
    new, status = _status(new, record)
    differences += [difference for difference in (venue, status) if difference]
    if "contact" in record.fields:
        new = replace(new, contact=record.contact)
    new, told = _states(new, record, reading, in_doubt=in_doubt)
    return new, (*differences, *told)


def _time(old: MeetingState, record: MeetingRecord) -> tuple[MeetingState, Difference | None]:
    if "starts_at" not in record.fields or record.starts_at is None:
        return old, None  # a page that gives no time does not unsay the last one
    utc = record.starts_at.astimezone(UTC).isoformat(timespec="seconds")
    if utc == old.starts_at_utc:
        return old, None
    new = replace(old, starts_at=record.starts_at.isoformat(timespec="seconds"), starts_at_utc=utc)
    if old.starts_at is None:
        return new, None
    return new, Difference("meeting.moved", "starts_at", old.starts_at, new.starts_at)


def _venue(old: MeetingState, record: MeetingRecord, reading: Reading) -> tuple[MeetingState, Difference | None]:
    if "venue" not in record.fields or not record.venue or record.venue == old.venue:
        return old, None
    if old.venue is None:
        return replace(old, venue=record.venue), None
    before, after = same_words(old.venue), same_words(record.venue)
    # The web service gives place and room in two fields, the page in one line or leaves the room out.
    if before == after or (reading.read_otherwise(old) and (before in after or after in before)):
        return old, None
    return replace(old, venue=record.venue), Difference("meeting.moved", "venue", old.venue, record.venue)


def _status(old: MeetingState, record: MeetingRecord) -> tuple[MeetingState, Difference | None]:
    if "status" not in record.fields:
        return old, None
    if old.status == "withdrawn" and old.missing_since is not None:
        return old, None  # its page may still answer: it stands again when its list names it again
    new = replace(old, status=record.status, status_note=record.status_note or old.status_note, withdrawn_at=None)
    if record.status == "scheduled" and record.status_note is None:
        new = replace(new, status_note=None)
    if old.status == record.status:
        return new, None
    kind = "meeting.cancelled" if record.status == "cancelled" else "meeting.reinstated"
    return new, Difference(kind, "status", old.status, record.status)


def _states(
    old: MeetingState, record: MeetingRecord, reading: Reading, *, in_doubt: bool
) -> tuple[MeetingState, list[Difference]]:
    new, differences = old, []
    if "agenda_state" in record.fields:
        published = record.agenda_state == "published"
        if published and old.agenda_seen_at is None:
            new = replace(new, agenda_seen_at=reading.now)
            if reading.is_news(old, "agenda_state"):
                differences.append(Difference("agenda.published", "agenda_state", "none", "published"))
        if published or not in_doubt:
            new = replace(new, agenda_state=record.agenda_state)
    if "minutes_state" in record.fields:
        before, after = old.minutes_state, record.minutes_state
        if after != "none" and old.minutes_seen_at is None:
            new = replace(new, minutes_seen_at=reading.now)
        if after == "approved" and old.minutes_approved_at is None:
            new = replace(new, minutes_approved_at=reading.now)
            if before != "published" and reading.is_news(old, "minutes_state"):
                differences.append(Difference("minutes.approved", "minutes_state", before, after))
        unsaid = after == "published" and before in ("draft", "approved")
        if not unsaid and (not in_doubt or _MINUTES_RANK[after] >= _MINUTES_RANK[before]):
            new = replace(new, minutes_state=after)
    return new, differences
