"""The items of a meeting as they stood and as its page shows them: what is different, what is missing, what is back.

Pure; compare.py says what each kind of change means. Items that the page lacks come last in the outcome, in their old
order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from history.differences import Difference, Reading
from history.identity import match_items, same_words
from history.losses import believed
from history.state import TEXTS, ItemState, MeetingState
from scraper.records import ItemRecord, MeetingRecord

_FIRST = {"text": "item.amended", "decision": "decision.published", "minutes": "minutes.drafted"}
_LATER = {"text": "item.amended", "decision": "decision.amended", "minutes": "minutes.amended"}


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """`old` is None where the item is new. `read` is its record, None where the page lacks it; `spoken`: the page
    speaks of items at all."""

    old: ItemState | None
    new: ItemState
    differences: tuple[Difference, ...]
    spoken: bool = True
    read: ItemRecord | None = None

    @property
    def missing(self) -> bool:
        """It stood, the page lacks it, and that is not believed (or is believed just now)."""
        return self.spoken and self.read is None and self.old is not None and self.old.withdrawn_at is None

    @property
    def pending(self) -> bool:
        stands = self.new.withdrawn_at is None
        return stands and (self.new.missing_since is not None or self.new.texts_missing_since is not None)


def compare_items(old: MeetingState, record: MeetingRecord, reading: Reading) -> tuple[ItemOutcome, ...]:
    """One outcome for each item on the page, in its order, then one for each stored item that is not on it."""
    matches = match_items(old.items, record.items)
    here = {match.stored for match in matches}
    read = [
        (None if m.stored is None else old.items[m.stored], m.doubt, r)
        for m, r in zip(matches, record.items, strict=True)
    ]
    gone_texts = [_gone_texts(item, now) for item, _, now in read]
    stood_texts = sum(_texts_that_stood(item, now) for item, _, now in read)
    losses = (sum(map(len, gone_texts)), stood_texts)
    outcomes = [
        _new(old, now, reading) if item is None else _known(old, item, doubt, now, reading, gone, losses)
        for (item, doubt, now), gone in zip(read, gone_texts, strict=True)
    ]
    absent = [item for index, item in enumerate(old.items) if index not in here]
    stood = sum(1 for item in old.items if item.withdrawn_at is None)
    missing = sum(1 for item in absent if item.withdrawn_at is None)
    return (*outcomes, *(_absent(item, missing, stood, reading) for item in absent))


def _new(meeting: MeetingState, read: ItemRecord, reading: Reading) -> ItemOutcome:
    item = ItemState(
        number=read.number,
        title=read.title,
        position=read.position,
        url=read.url,
        first_seen=reading.now,
        item_id=read.item_id,
        text=read.text,
        decision=read.decision,
        minutes=read.minutes,
        restricted=read.restricted,
        restricted_by=read.restricted_by,
        restriction=read.restriction,
        issue_id=read.issue_id,
        cut=read.cut,
        votes=read.votes,
        decision_seen_at=reading.now if read.decision else None,
        minutes_seen_at=reading.now if read.minutes else None,
    )
    differences = [Difference("item.added", None, None, read.title)]
    for field in ("decision", "minutes"):
        value = getattr(read, field)
        if value is not None and reading.is_news(meeting, f"items.{field}"):
            differences.append(Difference(_FIRST[field], field, None, value))
    told = tuple(differences) if reading.is_news(meeting, "items") else ()
    return ItemOutcome(None, item, told, read=read)


def _known(
    meeting: MeetingState,
    old: ItemState,
    doubt: str | None,
    read: ItemRecord,
    reading: Reading,
    gone: tuple[str, ...],
    losses: tuple[int, int],
) -> ItemOutcome:
    differences: list[Difference] = []
    new = replace(
        old,
        item_id=read.item_id if read.item_id is not None else old.item_id,
        url=read.url or old.url,
        issue_id=read.issue_id if read.issue_id is not None else old.issue_id,
        doubt=doubt or old.doubt,
        number=read.number if "number" in read.fields else old.number,
        position=read.position if "position" in read.fields else old.position,
        missing_since=None,
        missing_polls=0,
        withdrawn_at=None,
    )
    if old.withdrawn_at is not None:
        differences.append(Difference("item.returned", None, None, old.title))
    if old.forgotten_at is not None:
        return ItemOutcome(old, new, tuple(differences), read=read)  # it stays forgotten, whatever the page still says
    if "votes" in read.fields and read.votes != old.votes:
        new = replace(new, votes=read.votes)

    new, told = _title(new, read, reading)
    differences += told
    for field in TEXTS:
        if field in read.fields and getattr(read, field) is not None:
            new, told = _text(new, read, field, reading)
            differences += told if reading.is_news(meeting, f"items.{field}") else []
    new, told = _texts_gone(new, gone, losses, reading)
    differences += told
    new, told = _restriction(new, read, reading)
    differences += told if reading.is_news(meeting, "items.restricted") else []
    return ItemOutcome(old, new, tuple(differences), read=read)


def _title(old: ItemState, read: ItemRecord, reading: Reading) -> tuple[ItemState, list[Difference]]:
    if "title" not in read.fields or read.title == old.title:
        return old, []
    if reading.read_otherwise(old) and same_words(read.title) == same_words(old.title):
        return (replace(old, title=read.title) if reading.by_other_parser(old) else old), []
    return replace(old, title=read.title), [Difference("item.amended", "title", old.title, read.title)]


def _text(old: ItemState, read: ItemRecord, field: str, reading: Reading) -> tuple[ItemState, list[Difference]]:
    before: str | None = getattr(old, field)
    after: str = getattr(read, field)
    cut = old.cut | {field} if field in read.cut else old.cut - {field}
    if before == after:
        return (old if old.cut <= cut else replace(old, cut=old.cut & cut)), []
    if before is not None:
        if field in read.cut and same_words(before).startswith(same_words(after)):
            return old, []  # the page shows the beginning of what we have
        if reading.read_otherwise(old) and same_words(before) == same_words(after):
            value = after if reading.by_other_parser(old) else before
            return _with(replace(old, cut=old.cut & cut), field, value), []
    new = _with(replace(old, cut=cut), field, after)
    kind = _LATER[field]
    if field == "decision" and old.decision_seen_at is None:
        kind, new = _FIRST[field], replace(new, decision_seen_at=reading.now)
    if field == "minutes" and old.minutes_seen_at is None:
        kind, new = _FIRST[field], replace(new, minutes_seen_at=reading.now)
    # Beside a beginning only the beginning is compared: what lies beyond the cut was not taken back.
    shown = _beginning(before, len(after)) if before and field in read.cut and field not in old.cut else before
    return new, [Difference(kind, field, shown, after)]


def _gone_texts(old: ItemState | None, read: ItemRecord) -> tuple[str, ...]:
    if old is None or old.forgotten_at is not None:
        return ()
    return tuple(f for f in TEXTS if f in read.fields and getattr(read, f) is None and getattr(old, f) is not None)


def _texts_that_stood(old: ItemState | None, read: ItemRecord) -> int:
    if old is None or old.forgotten_at is not None:
        return 0
    return sum(1 for field in TEXTS if field in read.fields and getattr(old, field) is not None)


def _texts_gone(
    old: ItemState, gone: tuple[str, ...], losses: tuple[int, int], reading: Reading
) -> tuple[ItemState, list[Difference]]:
    """A text that is gone while its item stands is a loss like any other: believed by the same rule."""
    if not gone:
        return replace(old, texts_missing_since=None, texts_missing_polls=0), []
    since, polls = old.texts_missing_since or reading.now, old.texts_missing_polls + 1
    if not believed(*losses, polls, since, reading.now):
        return replace(old, texts_missing_since=since, texts_missing_polls=polls), []
    new = replace(old, texts_missing_since=None, texts_missing_polls=0, cut=old.cut - set(gone))
    for field in gone:
        new = _with(new, field, None)
    return new, [Difference(_LATER[field], field, getattr(old, field), None) for field in gone]


def _restriction(old: ItemState, read: ItemRecord, reading: Reading) -> tuple[ItemState, list[Difference]]:
    if "restricted" not in read.fields:
        return old, []
    new = replace(
        old,
        restricted=read.restricted,
        restricted_by=read.restricted_by,
        restriction=read.restriction or old.restriction,
    )
    if not read.restricted:
        new = replace(new, restricted_by=None, restriction=None)
    was = old.restricted and old.restricted_by in ("mark", "title")
    now = new.restricted and new.restricted_by in ("mark", "title")
    if was == now or (was and new.restricted):
        return new, []
    if reading.by_other_route(old) and "mark" in (old.restricted_by, new.restricted_by):
        return new, []  # page and web service mark restricted items each in its own way
    kind = "item.restricted" if now else "item.unrestricted"
    return new, [Difference(kind, "restricted", str(int(was)), str(int(now)))]


def _absent(old: ItemState, missing: int, stood: int, reading: Reading) -> ItemOutcome:
    if old.withdrawn_at is not None:
        return ItemOutcome(old, old, ())
    since, polls = old.missing_since or reading.now, old.missing_polls + 1
    if not believed(missing, stood, polls, since, reading.now):
        return ItemOutcome(old, replace(old, missing_since=since, missing_polls=polls), ())
    gone = replace(old, missing_since=None, missing_polls=0, withdrawn_at=reading.now)
    return ItemOutcome(old, gone, (Difference("item.withdrawn", None, old.title, None),))


def _with(item: ItemState, field: str, value: str | None) -> ItemState:
    if field == "text":
        return replace(item, text=value)
    return replace(item, decision=value) if field == "decision" else replace(item, minutes=value)


def _beginning(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[:length].rsplit(None, 1)[0]
