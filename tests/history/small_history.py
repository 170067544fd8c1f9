"""A small history, kept as polls keep it: one meeting from its agenda to its amended minutes, and another that is
cancelled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from history.captures import Captured
from history.database import connect, write_txn
from history.keep_meetings import keep_meeting
from history.keep_sources import keep_committees, keep_poll, keep_source
from scraper.records import MEETING_FIELDS, CommitteeRecord, DocumentRecord, ItemRecord, MeetingRecord

BASE = "https://democracy.stockton.example"
LONDON = ZoneInfo("Europe/London")
STARTS = datetime(2025, 11, 26, 9, tzinfo=LONDON)
AGENDA = datetime(2025, 11, 18, 12, tzinfo=UTC)
LATE_PAPER = datetime(2025, 11, 25, 16, tzinfo=UTC)
DRAFT = datetime(2025, 12, 3, 10, tzinfo=UTC)
AMENDED = datetime(2025, 12, 10, 10, tzinfo=UTC)
GONE = datetime(2025, 12, 12, 10, tzinfo=UTC)
CANCELLED = datetime(2025, 12, 15, 10, tzinfo=UTC)
NOW = datetime(2025, 12, 16, 8, tzinfo=UTC)

SAID = (
    "The council only had one order in place which came into force in 2023 and is due to expire in April 2026.\n"
    "A public consultation was scheduled to take place on the proposed revised PSPOs."
)
EVIL = "Any other \x1b[31mbusiness\x9b2J\u202e"


def build(path: Path) -> Database:
    """The history at `path`, whole."""
    db = connect(path)
    with write_txn(db):
        source = keep_source(db, BASE, [("stockton-on-tees", "Stockton-on-Tees", BASE, "England")], AGENDA)
        council = source.councils[0][1]
        committees = (CommitteeRecord(1, "Safer Stockton Partnership"), CommitteeRecord(2, "Cabinet"))
        keep_committees(db, source.id, committees, lambda _: council, AGENDA)
    items = (
        _item(46, "Operation Shield Update", text="To consider an update."),
        _item(
            47,
            "Road Safety",
            documents=(DocumentRecord("s47", "Road safety report", "report", f"{BASE}/documents/s47/r.pdf", "90 KB"),),
        ),
        _item(53, "PSPO Update", restricted=True, restricted_by="words"),
        _item(54, EVIL),
    )
    agenda = MeetingRecord(
        5001, f"{BASE}/ieListDocuments.aspx?CId=1&MId=5001", "html", MEETING_FIELDS, 1, "Safer Stockton Partnership",
        starts_at=STARTS, venue="Jim Cooke Conference Suite", agenda_state="published", contact="Democratic Services",
        items=items,
    )  # fmt: skip
    late = DocumentRecord("g5001:T9", "Late paper on dogs", "late paper", f"{BASE}/documents/g5001/late.pdf", "12 KB")
    draft = replace(
        agenda,
        documents=(late,),
        minutes_state="draft",
        items=(replace(items[0], minutes=SAID, decision="AGREED to consult."), *items[1:]),
    )
    amended = replace(draft, items=(replace(draft.items[0], minutes=SAID.replace("April", "May")), *items[1:]))
    _read(db, source.id, agenda, AGENDA, b"agenda")
    _read(db, source.id, replace(agenda, documents=(late,)), LATE_PAPER, b"late paper")
    _read(db, source.id, draft, DRAFT, b"draft")
    _read(db, source.id, amended, AMENDED, b"amended")
    without = replace(amended, items=amended.items[:3])
    for at in (GONE, GONE.replace(hour=14), GONE.replace(hour=18)):
        _read(db, source.id, without, at, b"one item less")
    cabinet = MeetingRecord(
        5002, f"{BASE}/ieListDocuments.aspx?CId=2&MId=5002", "html", MEETING_FIELDS, 2, "Cabinet",
        starts_at=datetime(2026, 1, 14, 18, tzinfo=LONDON), venue="Town Hall",
    )  # fmt: skip
    _read(db, source.id, cabinet, GONE, b"cabinet")
    _read(db, source.id, replace(cabinet, status="cancelled"), CANCELLED, b"cancelled")
    with write_txn(db):
        _tell_milestones(db, council)
        keep_poll(db, source.id, started_at=NOW, ended_at=NOW, requests=3, outcome="ok")
    return db


def _item(number: int, title: str, **more: object) -> ItemRecord:
    made = ItemRecord(7000 + number, number - 45, f"SSP/{number}/25", title, f"{BASE}/mgAi.aspx?ID={7000 + number}")
    return replace(made, **more)  # type: ignore[arg-type]


def _read(db: Database, source: int, record: MeetingRecord, at: datetime, body: bytes) -> None:
    with write_txn(db):
        keep_meeting(db, source, record, [Captured(record.url, body, at, "text/html")], at, "1")


def _tell_milestones(db: Database, council: int) -> None:
    told = (
        (46, "stage", "consultation planned", None, "A public consultation was scheduled to take place."),
        (46, "expires", None, "2026-04", "The order is due to expire in April 2026."),
        (53, "stage", "none", None, None),
    )
    for number, kind, stage, date, sentence in told:
        db.execute(
            "INSERT INTO milestones (council, topic, meeting, item, kind, stage, date, precision, sentence, as_of, seen_at)"
            " SELECT ?, 'pspo', meeting, id, ?, ?, ?, ?, ?, '2025-11-26', ? FROM items WHERE number = ?",
            (council, kind, stage, date, "month" if date else None, sentence, DRAFT.isoformat(), f"SSP/{number}/25"),
        )
