"""Two records of the same notice (a decision outside a meeting, a plan's entry, a consultation) -> what is different.

Pure. What a notice no longer says is not taken back: lists tell less than the notice's own page. A consultation closes
once, on the day after its last, or when it left its list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from history.differences import Difference, Reading
from history.identity import same_words
from history.state import DocumentState, listed_documents
from scraper.records import NoticeRecord

OPENED: Final = {"decision": "decision.published", "plan": "plan.added", "consultation": "consultation.opened"}
AMENDED: Final = {"decision": "decision.amended", "plan": "plan.amended", "consultation": "consultation.amended"}
GONE: Final = {"decision": "decision.amended", "plan": "plan.withdrawn", "consultation": "consultation.closed"}
COMPARED: Final = (
    "title",
    "text",
    "decision_maker",
    "status",
    "published",
    "decided",
    "opens",
    "due",
    "key",
    "wards",
)


@dataclass(frozen=True, slots=True)
class NoticeState:
    """A notice as it stands; dates are ISO days, `read_at` is when its own page was last read, `closed_at` is of
    consultations."""

    kind: str
    notice_id: int
    title: str
    url: str
    first_seen: str
    id: int | None = None
    council: int | None = None
    text: str | None = None
    decision_maker: str | None = None
    status: str | None = None
    published: str | None = None
    decided: str | None = None
    opens: str | None = None
    due: str | None = None
    key: int | None = None
    wards: str | None = None
    meeting_id: int | None = None
    issue_id: int | None = None
    baseline: bool = False
    read_at: str | None = None
    missing_since: str | None = None
    missing_polls: int = 0
    withdrawn_at: str | None = None
    closed_at: str | None = None
    forgotten_at: str | None = None
    version: int | None = None
    transport: str | None = None
    parser: str | None = None
    documents: tuple[DocumentState, ...] = ()

    def content(self) -> dict[str, Any]:
        """Its whole as a version keeps it."""
        content: dict[str, Any] = {name: getattr(self, name) for name in ("kind", "notice_id", "url", *COMPARED)}
        return content | {
            "meeting_id": self.meeting_id,
            "issue_id": self.issue_id,
            "documents": listed_documents(self.documents),
            "closed": self.closed_at is not None,
            "withdrawn": self.withdrawn_at is not None,
        }


def new_notice(
    record: NoticeRecord, council: int, reading: Reading, today: date, *, baseline: bool, own_page: bool
) -> tuple[NoticeState, tuple[Difference, ...]]:
    """A notice that was not known: told, unless it stood in the baseline."""
    values: dict[str, Any] = {name: _value(record, name) for name in COMPARED}
    new = NoticeState(
        **{**values, "title": record.title},
        kind=record.kind,
        notice_id=record.notice_id,
        url=record.url,
        first_seen=reading.now,
        council=council,
        meeting_id=record.meeting_id,
        issue_id=record.issue_id,
        baseline=baseline,
        read_at=reading.now if own_page else None,
    )
    over = record.kind == "consultation" and record.due is not None and record.due < today
    new = replace(new, closed_at=reading.now if over else None)
    return new, () if baseline else (Difference(OPENED[record.kind], None, None, record.title),)


def compare_notice(
    old: NoticeState, record: NoticeRecord, reading: Reading, today: date, *, own_page: bool
) -> tuple[NoticeState, tuple[Difference, ...]]:
    """A known notice. Its text, first read on its own page after a list announced it, is told as its being published;
    in the baseline that first reading tells nothing."""
    first_page = own_page and old.read_at is None
    new = replace(
        old,
        url=record.url or old.url,
        meeting_id=record.meeting_id if record.meeting_id is not None else old.meeting_id,
        issue_id=record.issue_id if record.issue_id is not None else old.issue_id,
        read_at=reading.now if own_page else old.read_at,
        missing_since=None,
        missing_polls=0,
        withdrawn_at=None,
    )
    told: list[Difference] = []
    if old.withdrawn_at is not None and not (old.closed_at and record.kind == "consultation"):
        told.append(Difference(OPENED[old.kind], None, None, old.title))
    if old.forgotten_at is not None:
        return new, tuple(told)
    for field in COMPARED:
        if record.fields and field not in record.fields:
            continue
        before, after = getattr(old, field), _value(record, field)
        if after is None or after == before:
            continue
        same = before is not None and same_words(str(before)) == same_words(str(after))
        if reading.read_otherwise(old) and same and not reading.by_other_parser(old):
            continue
        new = _with(new, field, after)
        if reading.read_otherwise(old) and same:
            continue
        if before is None and (old.read_at is None or old.baseline):
            # Nothing had told it before. Only the text is told, as a part of the publication.
            if field == "text" and first_page and not old.baseline:
                told.append(Difference(OPENED[old.kind], field, None, str(after)))
            elif old.read_at is not None:
                told.append(Difference(AMENDED[old.kind], field, None, str(after)))
            continue
        if first_page and old.baseline:
            continue
        told.append(Difference(AMENDED[old.kind], field, None if before is None else str(before), str(after)))
    if old.closed_at and record.kind == "consultation" and record.due is not None and record.due >= today:
        new = replace(new, closed_at=None)
        told.append(Difference(OPENED[old.kind], "due", old.due, new.due))
    return new, tuple(told)


def gone_notice(old: NoticeState, now: str) -> tuple[NoticeState, tuple[Difference, ...]]:
    """It left its list, and that is believed."""
    new = replace(old, withdrawn_at=now, missing_since=None, missing_polls=0)
    if old.kind != "consultation":
        return new, (Difference(GONE[old.kind], "withdrawn_at", old.title, None),)
    if old.closed_at is not None:
        return new, ()
    return replace(new, closed_at=now), (Difference(GONE[old.kind], None, old.title, None),)


def _with(notice: NoticeState, field: str, value: str | int) -> NoticeState:
    values: dict[str, Any] = {field: value}
    return replace(notice, **values)


def _value(record: NoticeRecord, field: str) -> str | int | None:
    value = getattr(record, field)
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
