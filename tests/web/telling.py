"""The demo council's whole story, read over real sockets and kept in a history: what the browser is tested on."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from config.settings import load
from demo.site import Site
from demo.story import storyline
from history.captures import Captured
from history.database import connect, write_txn
from history.keep_documents import document_texts_wanted, keep_document
from history.keep_lists import keep_list
from history.keep_meetings import keep_meeting
from history.keep_sources import keep_committees, keep_poll, keep_source
from notifiers.outbox import keep_people, tell_changes, tell_document_text, tell_standing
from scraper.documents import DocumentText
from scraper.moderngov import PARSER, addresses
from scraper.moderngov.committees import read_committees
from scraper.moderngov.meeting import read_meeting
from scraper.moderngov.meetings import read_meeting_list

SECRET = "the-secret-room"
MARKUP = "<script>alert(1)</script><b>Evacuation</b> Procedure"
WITHDRAWN = "The xylophonic gritters were named by mistake"
CONFIG = """
[service]
database = "{database}"
contact = "clerk@example.org"
[[council]]
slug = "stockton-on-tees"
name = "Stockton-on-Tees Borough Council"
base_url = "{base}"
nation = "England"
[[watch]]
name = "Private watch of a resident"
topic = "pspo"
[[subscriber]]
name = "Private Resident"
to = ["json://127.0.0.1:9/{secret}"]
watches = ["Private watch of a resident"]
"""


class Telling:
    """Reads the site as it stands at a moment and keeps what it says. A context manager of the story's site."""

    def __init__(self, path: Path) -> None:
        self.story = storyline()
        self.now = self.story.starts
        self.site = Site(self.story, lambda: self.now)
        self.path = path
        self.client = httpx.Client(headers={"User-Agent": "councilwatch tests"})

    def __enter__(self) -> Telling:
        self.site.__enter__()
        config = self.path.with_suffix(".toml")
        config.write_text(CONFIG.format(database=self.path, base=self.site.base_url, secret=SECRET))
        self.settings = load(config)
        self.db = connect(self.path)
        return self

    def __exit__(self, *error: Any) -> None:
        self.db.close()
        self.client.close()
        self.site.__exit__(None, None, None)

    def whole(self) -> None:
        """The story from its beginning to its end, looked at a few minutes after each event."""
        moments = {event.at + timedelta(minutes=7) for event in self.story.events}
        for moment in sorted({self.story.starts, *moments, self.story.ends}):
            self.at(moment)

    def at(self, moment: datetime) -> None:
        """One look at everything, at this moment."""
        self.now = moment
        base = self.site.base_url
        council = self.settings.councils[0]
        with write_txn(self.db):
            people = keep_people(self.db, self.settings, None, moment)
            source = keep_source(self.db, base, [(council.slug, council.name, base, council.nation)], moment)
            ours = source.councils[0][1]
            committees = read_committees(*self._page(addresses.committees(base)))
            if not isinstance(committees, tuple):
                keep_poll(self.db, source.id, started_at=moment, ended_at=moment, outcome="suspect", requests=1)
                return
            keep_committees(self.db, source.id, committees, lambda _: ours, moment)
        told = 0
        for committee in committees:
            listed = self._page(addresses.meeting_list(base, committee.committee_id))
            listing = read_meeting_list(*listed)
            with write_txn(self.db):
                kept_list = keep_list(self.db, source.id, listing, self._captured(listed), moment, parser=PARSER)
                tell_changes(self.db, kept_list.changes, people, moment)
            for meeting in listing.meetings:
                served = self._page(meeting.url)
                record = read_meeting(*served)
                with write_txn(self.db):
                    kept = keep_meeting(self.db, source.id, record, [self._captured(served)], moment, PARSER)
                    tell_changes(self.db, kept.changes, people, moment)
                    if kept.baseline and kept.first_reading:
                        tell_standing(self.db, kept.meeting, people, moment)
                    told += len(kept.changes)
                self._documents(kept.meeting, people)
        with write_txn(self.db):
            keep_poll(self.db, source.id, started_at=moment, ended_at=moment + timedelta(seconds=40), outcome="ok",
                      requests=len(self.site.requests), pages_read=30, changes=told, fetched_bytes=600_000)  # fmt: skip
            self.db.conn.execute("UPDATE sources SET last_ok = ?, next_look_at = ?", (
                moment.isoformat(timespec="seconds"), (moment + timedelta(hours=2)).isoformat(timespec="seconds")))  # fmt: skip
        self.site.forget_requests()

    def _documents(self, meeting: int, people: Any) -> None:
        for wanted in document_texts_wanted(self.db, meeting, self.now):
            number = wanted.document_id.lstrip("s")
            told = self.site.state.documents.get(int(number)) if number.isdigit() else None
            text = getattr(told, "text", "") if told else ""
            body = (text or wanted.title).encode()
            with write_txn(self.db):
                kept = keep_document(
                    self.db, meeting, wanted.document_id, DocumentText(text or None, 3, "text" if text else "no text"),
                    len(body) * 90, sha256(body).hexdigest(), self.now)  # fmt: skip
                tell_changes(self.db, kept.changes, people, self.now)
                for each in kept.arrived:
                    tell_document_text(self.db, each.document, each.added, people, self.now)

    def _page(self, url: str) -> tuple[bytes, str, str | None]:
        answer = self.client.get(url)
        return answer.content, str(answer.url), answer.headers.get("content-type")

    def _captured(self, page: tuple[bytes, str, str | None]) -> Captured:
        return Captured(page[1], page[0], self.now, page[2])

    def amend(self) -> None:
        """What the storyline does not tell of: a consultation, a late agenda, a paper of the last day, minutes amended."""
        with write_txn(self.db):
            run = self.db.conn.execute
            notice = run(
                "INSERT INTO notices (source, council, kind, notice_id, title, text, status, opens, due, url, first_seen,"
                " last_seen) VALUES (1, 1, 'consultation', 55, 'Have your say on the PSPOs',"
                " 'Tell us what you think.\nAll replies are read.', 'Open', '2026-01-05', '2026-02-16', ?, ?, ?)",
                (
                    f"{self.site.base_url}/mgConsultationDisplay.aspx?ID=55",
                    "2026-01-05T09:07:00+00:00",
                    "2026-01-16T08:00:00+00:00",
                ),
            ).lastrowid
            version = run(
                "INSERT INTO versions (entity, entity_id, seen_at, transport, parser, content)"
                " VALUES ('notice', ?, '2026-01-05T09:07:00+00:00', 'html', '1', '{}')",
                (notice,),
            ).lastrowid
            run(
                "INSERT INTO changes (seen_at, council, notice, kind, after, version)"
                " VALUES ('2026-01-05T09:07:00+00:00', 1, ?, 'consultation.opened', 'Have your say on the PSPOs', ?)",
                (notice, version),
            )
            run(
                "INSERT INTO milestones (council, topic, notice, kind, date, precision, sentence, as_of, seen_at)"
                " VALUES (1, 'pspo', ?, 'closes', '2026-02-16', 'day', 'It closes on 16 February.', '2026-01-05', '2026-01-05')",
                (notice,),
            )
            meeting, starts_at, version = run(
                "SELECT m.id, m.starts_at_utc, m.version FROM meetings m JOIN committees k ON k.id = m.committee"
                " WHERE k.name = 'Place Select Committee' AND m.starts_at LIKE '2025-12-08%'"
            ).fetchone()
            start = datetime.fromisoformat(starts_at)
            told = (
                "INSERT INTO changes (seen_at, council, meeting, kind, field, before, after, version)"
                " VALUES (?, 1, ?, ?, ?, ?, ?, ?)"
            )
            for ahead, *rest in (
                (timedelta(days=4), "agenda.published", "agenda_state", "none", "published"),
                (timedelta(hours=3), "document.added", None, None, "A late paper"),
                (-timedelta(days=20), "minutes.amended", "minutes", "The vote was lost.", "The vote was carried."),
            ):
                run(told, ((start - ahead).isoformat(timespec="seconds"), meeting, *rest, version))

    def spoil(self) -> None:
        """What a council should not publish, and what must never be shown: markup, private rows, a withdrawn document."""
        at = self.now.isoformat(timespec="seconds")
        with write_txn(self.db):
            run = self.db.conn.execute
            run("UPDATE items SET title = ? WHERE number = 'SSP/42/25'", (MARKUP,))
            run("UPDATE items SET url = 'javascript:alert(1)' WHERE number = 'SSP/43/25'")
            (document,) = run("SELECT id FROM documents WHERE title = 'Winter gritting routes'").fetchone()
            run("UPDATE documents SET withdrawn_at = ?, text = ? WHERE id = ?", (at, WITHDRAWN, document))
            (version,) = run("SELECT version FROM documents WHERE id = ?", (document,)).fetchone()
            run("UPDATE versions SET content = json_set(content, '$.text', ?) WHERE id = ?", (WITHDRAWN, version))
            run(
                "INSERT INTO changes (seen_at, council, meeting, document, kind, field, before, after, version)"
                " SELECT ?, 1, meeting, id, 'document.replaced', 'text', ?, ?, version FROM documents WHERE id = ?",
                (at, WITHDRAWN, WITHDRAWN + " twice", document),
            )
            (subscriber,) = run("SELECT id FROM subscribers").fetchone()
            message = run(
                "INSERT INTO messages (subscriber, kind, subject, message_id, created_at, body) VALUES (?,?,?,?,?,?)",
                (subscriber, "alert", f"{SECRET} subject", "<1@x>", at, f"{SECRET} body"),
            ).lastrowid
            for state in ("waiting", "dead", "sent"):
                run(
                    "INSERT INTO deliveries (message, subscriber, address, label, state, sent_at, last_error)"
                    " VALUES (?,?,?,?,?,?,?)",
                    (message, subscriber, f"{SECRET}-{state}", f"mail to {SECRET}", state, at, f"{SECRET} refused"),
                )
            run("INSERT INTO settings_of_record VALUES ('a secret', ?)", (SECRET,))
