"""Lists of meetings -> the meetings that there are: the baseline, what is announced since, and what left the list.

All writes stand inside the caller's write_txn. `now` is aware.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from history.captures import Captured, keep_capture
from history.changes import Change
from history.compare import compare_meeting
from history.coverage import Cover, note_cover
from history.database import stamp
from history.differences import Difference, Reading
from history.keep_meetings import MeetingKept, write_outcome
from history.keep_sources import committee_row
from history.ledger import About, write_changes, write_version
from history.load import load_meeting
from history.losses import believed
from history.state import MeetingState
from history.store import store_meeting
from scraper.records import ListedMeeting, MeetingList, MeetingRecord, Transport

_LISTED_FIELDS: Final = frozenset({"starts_at", "status"})


@dataclass(frozen=True, slots=True)
class ListKept:
    """What came of reading a list, in moderngov's meeting numbers.

    `new`: announced by this list. `differing`: known meetings of which the list says something new (their pages decide;
    each is named again until its page was read). `changes`: announcements and withdrawals, written. `pending_losses`:
    hand the same list in again even if its bytes are the same.
    """

    new: tuple[int, ...]
    differing: tuple[int, ...]
    changes: tuple[Change, ...]
    pending_losses: bool = False


def keep_list(
    db: Database,
    source: int,
    listing: MeetingList,
    capture: Captured | None,
    now: datetime,
    *,
    transport: Transport = "html",
    parser: str = "",
) -> ListKept:
    """Keep a list of meetings, of one committee or (`committee_id` None) of the whole site, whole as it was read.

    The first list that is complete for its span makes a baseline: rows without changes. A meeting that a later list
    names is announced, unless it lies in days that no list covered before (a wider window, a backfill): then it joins
    the baseline. A meeting of the span that the list lacks is withdrawn by the rule for losses. What is known already
    is not overruled: its own page decides, or `keep_listed`.
    """
    reading = Reading(stamp(now), transport, parser)
    keep = _Keeping(db, source, reading, capture)
    covers = _committees_of(db, source, listing, reading.now)
    known = _known(db, source, [listed.meeting_id for listed in listing.meetings])
    new, differing, changes = [], [], []
    for listed in listing.meetings:
        row = known.get(listed.meeting_id)
        if row is None:
            committee_id = listed.committee_id if listed.committee_id is not None else listing.committee_id
            if committee_id is None:
                continue  # a row that names no committee can be kept once its page was read
            committee = committee_row(db, source, committee_id, listed.committee_name, reading.now)
            announced = covers.setdefault(committee_id, Cover.of(db, source, committee_id)).announces(listed, now)
            told = keep.new(listed, committee_id, committee, announced=announced)
            known[listed.meeting_id] = _Row(0, _said(listed), False, None, None, 0, "")
            if announced:
                new.append(listed.meeting_id)
                changes += told
        elif keep.known(listed, row):
            differing.append(listed.meeting_id)
    gone, pending = keep.missing(listing, {listed.meeting_id for listed in listing.meetings})
    changes += gone
    note_cover(db, source, listing, reading.now)
    _see(db, known, reading.now)
    return ListKept(tuple(new), tuple(differing), tuple(changes), pending)


def keep_listed(
    db: Database,
    source: int,
    listed: ListedMeeting,
    capture: Captured | None,
    now: datetime,
    *,
    transport: Transport = "html",
    parser: str = "",
) -> MeetingKept:
    """Take the list's own word for a known meeting's time and status, where its page could not be read.

    KeyError where the meeting is not known.
    """
    reading = Reading(stamp(now), transport, parser)
    old = load_meeting(db, source, listed.meeting_id)
    if old is None:
        raise KeyError(listed.meeting_id)
    record = MeetingRecord(
        listed.meeting_id,
        old.url,
        transport,
        _LISTED_FIELDS,
        starts_at=listed.starts_at,
        status=listed.status,
        status_note=listed.status_note,
    )
    outcome = compare_meeting(old, record, reading)
    meeting, changes = write_outcome(db, source, outcome, () if capture is None else (capture,), reading)
    if changes:
        db.conn.execute("UPDATE meetings SET last_changed = ? WHERE id = ?", (reading.now, meeting))
    return MeetingKept(meeting, changes, old.read_at is None, False, False, None)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    listed: str | None
    differs: bool
    starts_at_utc: str | None
    missing_since: str | None
    missing_polls: int
    status: str


class _Keeping:
    """The writing of one list."""

    def __init__(self, db: Database, source: int, reading: Reading, capture: Captured | None) -> None:
        self._db, self._source, self._reading, self._captured = db, source, reading, capture
        self._capture: int | None = None

    def new(
        self, listed: ListedMeeting, committee_id: int, committee: tuple[int, int, str], *, announced: bool
    ) -> list[Change]:
        row, council, name = committee
        old = MeetingState(
            meeting_id=listed.meeting_id,
            committee_id=committee_id,
            committee_name=name,
            url=listed.url,
            first_seen=self._reading.now,
            committee=row,
            council=council,
        )
        record = MeetingRecord(
            listed.meeting_id,
            listed.url,
            self._reading.transport,  # type: ignore[arg-type]
            _LISTED_FIELDS,
            starts_at=listed.starts_at,
            status=listed.status,
            status_note=listed.status_note,
        )
        outcome = compare_meeting(old, record, self._reading)
        state = replace(outcome.new, baseline=not announced, listed=_said(listed))
        if not announced:  # of the baseline the list's word is taken until the page is read; nothing of it is news
            state = replace(
                state,
                agenda_state="published" if listed.agenda_out else "none",
                minutes_state="published" if listed.minutes_out else "none",
            )
        state = store_meeting(self._db, self._source, old, state, self._reading.now)
        assert state.id is not None
        version = write_version(self._db, "meeting", state.id, state.content(), self._reading, self._proof(council))
        self._db.conn.execute(
            "UPDATE meetings SET version = ?, transport = ? WHERE id = ?", (version, self._reading.transport, state.id)
        )
        told = outcome.differences if announced else ()
        return write_changes(self._db, About(council, state.id), told, version, self._reading.now)

    def known(self, listed: ListedMeeting, row: _Row) -> bool:
        """Note what the list says of a known meeting; says whether its page is to be read for it."""
        said = _said(listed)
        differs = row.differs or row.status == "withdrawn"
        if said != row.listed:
            if row.listed is None:  # it was read before any list named it: does the list agree?
                utc = None if listed.starts_at is None else stamp(listed.starts_at)
                differs = differs or row.status != listed.status or utc not in (None, row.starts_at_utc)
            else:
                differs = True
        if said != row.listed or differs != row.differs or row.missing_since is not None:
            self._db.conn.execute(
                "UPDATE meetings SET listed = ?, differs = ?, missing_since = NULL, missing_polls = 0, last_seen = ?"
                " WHERE id = ?",
                (said, int(differs), self._reading.now, row.id),
            )
        return differs

    def missing(self, listing: MeetingList, here: set[int]) -> tuple[list[Change], bool]:
        """Meetings that stood in the span of the list and are not on it: lost, once that is believed."""
        standing = _standing(self._db, self._source, listing)
        absent = [
            (row, meeting_id, since, polls) for row, meeting_id, since, polls in standing if meeting_id not in here
        ]
        changes: list[Change] = []
        pending = False
        for row, meeting_id, first, polls in absent:
            since = first or self._reading.now
            if not believed(len(absent), len(standing), polls + 1, since, self._reading.now):
                self._db.conn.execute(
                    "UPDATE meetings SET missing_since = ?, missing_polls = ? WHERE id = ?", (since, polls + 1, row)
                )
                pending = True
                continue
            old = load_meeting(self._db, self._source, meeting_id, whole=False)
            assert old is not None and old.council is not None
            # missing_since stays: its page may still answer, and that alone does not bring it back.
            new = replace(old, status="withdrawn", withdrawn_at=self._reading.now, missing_since=since)
            store_meeting(self._db, self._source, old, new, self._reading.now)
            # A version says how the whole meeting stands, so its documents are read too.
            whole = load_meeting(self._db, self._source, meeting_id)
            assert whole is not None
            version = write_version(self._db, "meeting", row, whole.content(), self._reading, self._proof(old.council))
            self._db.conn.execute(
                "UPDATE meetings SET version = ?, last_changed = ? WHERE id = ?", (version, self._reading.now, row)
            )
            told = Difference("meeting.withdrawn", "status", old.status, "withdrawn")
            changes += write_changes(self._db, About(old.council, row), (told,), version, self._reading.now)
        return changes, pending

    def _proof(self, council: int) -> int | None:
        if self._capture is None and self._captured is not None:
            self._capture = keep_capture(self._db, self._captured, council)
        return self._capture


def _said(listed: ListedMeeting) -> str:
    """What a row of a list says, in one line, to notice when it says something else."""
    starts = "" if listed.starts_at is None else stamp(listed.starts_at)
    out = (("agenda", listed.agenda_out), ("decisions", listed.decisions_out), ("minutes", listed.minutes_out))
    return " | ".join(
        (starts, listed.status, listed.status_note or "", ", ".join(name for name, is_out in out if is_out))
    )


def _see(db: Database, known: Mapping[int, _Row], at: str) -> None:
    rows = [(at, row.id) for row in known.values() if row.id]
    db.conn.executemany("UPDATE meetings SET last_seen = ? WHERE id = ?", rows)


def _known(db: Database, source: int, numbers: Sequence[int]) -> dict[int, _Row]:
    found = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        rows = db.conn.execute(
            "SELECT meeting_id, id, listed, differs, starts_at_utc, missing_since, missing_polls, status"  # noqa: S608
            f" FROM meetings WHERE source = ? AND meeting_id IN ({', '.join('?' * len(part))})",
            (source, *part),
        )
        for meeting_id, row, listed, differs, *rest in rows:
            found[int(meeting_id)] = _Row(row, listed, bool(differs), *rest)
    return found


def _committees_of(db: Database, source: int, listing: MeetingList, at: str) -> dict[int, Cover]:
    """The committee of the list as it was covered before this list."""
    if listing.committee_id is None:
        return {}
    name = next((listed.committee_name for listed in listing.meetings if listed.committee_name), None)
    committee_row(db, source, listing.committee_id, name, at)
    return {listing.committee_id: Cover.of(db, source, listing.committee_id)}


def _standing(db: Database, source: int, listing: MeetingList) -> list[tuple[int, int, str | None, int]]:
    sql = (
        "SELECT id, meeting_id, missing_since, missing_polls FROM meetings WHERE source = ? AND withdrawn_at IS NULL"
        " AND listed IS NOT NULL AND starts_at IS NOT NULL"
    )
    values: list[str | int] = [source]
    if listing.committee_id is not None:
        sql += " AND committee_id = ?"
        values.append(listing.committee_id)
    if listing.covers_from is not None:
        sql += " AND substr(starts_at, 1, 10) >= ?"
        values.append(listing.covers_from.isoformat())
    if listing.covers_to is not None:
        sql += " AND substr(starts_at, 1, 10) <= ?"
        values.append(listing.covers_to.isoformat())
    return list(db.conn.execute(sql, values))
