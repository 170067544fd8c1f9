"""What the outbox's rows say before and after a try. Every step is one transaction.

A delivery is marked `sending` and committed before the provider is asked, and its outcome is committed after: whatever
kills the program in between, the next run finds the mark, and tries again under the same Message-ID.
"""

from __future__ import annotations

import base64
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlite_utils import Database

from config.addresses import Address, Addresses, Unread
from history.database import moment, stamp, write_txn
from notifiers.bulletin import Attachment, Bulletin, Rendered, Trouble
from notifiers.envelopes import PATIENCE, give_up_at
from notifiers.messages import render
from notifiers.people import address_key, hashed
from notifiers.sending import Delivered, Letter, Outcome
from notifiers.things import Row, rows

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)

TellOperator = Callable[[Database, Literal["trouble", "dead"], Sequence[Trouble], datetime], object]
"""Called inside a transaction: (db, kind, troubles, now). `outbox.tell_operator` with its people filled in fits."""

log = logging.getLogger("councilwatch")


class Ledger:
    """The deliveries of one run, and what became of them."""

    def __init__(
        self,
        db: Database,
        addresses: Addresses | Unread,
        bulletin_of: Callable[[Database, int, datetime], Bulletin],
        clock: Callable[[], datetime],
        draw: Callable[[], float],
        tell_operator: TellOperator | None,
        *,
        retry_all: bool,
    ) -> None:
        self.db, self.bulletin_of, self.clock, self.draw = db, bulletin_of, clock, draw
        self.tell_operator, self.retry_all = tell_operator, retry_all
        self.delivered = Delivered()
        self._seen: set[int] = set()
        self._told: set[str] = set()
        with write_txn(db):
            key = address_key(db)
        # an address is its owner's alone: another's row never goes to it
        self._addresses: dict[tuple[str | None, str], Address] = {
            (owner, hashed(key, address)): address
            for owner, several in ((None, addresses.operator), *addresses.of_subscriber.items())
            for address in several
        }

    def take_up(self) -> None:
        """Rows that a run left `sending` when it was killed may have arrived: unknown, and due."""
        with write_txn(self.db):
            self.db.execute(
                """update deliveries set state = 'unknown', next_attempt_at = ?,
                   last_error = 'stopped while sending; it may have arrived' where state = 'sending'""",
                (stamp(self.clock()),),
            )

    def due(self) -> list[deque[Row]]:
        """A queue for each address of what is due and was not yet looked at in this run, word of trouble first."""
        found = rows(
            self.db,
            """select d.id, d.message, d.address, d.label, d.state, d.attempts, m.subscriber, s.name as owner, m.kind,
                 m.created_at, mt.starts_at_utc
               from deliveries d join messages m on m.id = d.message left join subscribers s on s.id = m.subscriber
               left join meetings mt on mt.id = m.meeting
               where d.state in ('waiting', 'unknown') and d.subscriber is m.subscriber and (:all
                 or (coalesce(m.not_before, '') <= :now
                     and (d.next_attempt_at <= :now or (d.next_attempt_at is null and d.state = 'waiting'))))
               order by m.kind not in ('trouble', 'recovery', 'dead', 'test'), m.created_at, d.id""",
            {"all": self.retry_all, "now": stamp(self.clock())},
        )
        queues: dict[str, deque[Row]] = {}
        for row in found:
            if row["id"] not in self._seen:
                self._seen.add(row["id"])
                queues.setdefault(row["address"], deque()).append(row)
        return list(queues.values())

    def claim(self, row: Row) -> tuple[Address, Letter] | None:
        """Marks a row `sending` and fixes its message; None where there is nothing to send, and the row says why."""
        now = self.clock()
        with write_txn(self.db):
            address = self._addresses.get((row["owner"], row["address"]))
            if address is None:
                self._end(row, "cancelled", "this address is no longer in the config")
                return None
            since = self._refused_since(row["address"])
            if since and row["kind"] != "test":
                self._end(row, "refused", f"not tried: this address has refused all mail since {since}")
                return None
            try:
                fixed = self._fixed(row["message"], now)
            except Exception as error:
                # one message that cannot be written never stops the others
                log.exception("message not rendered", extra={"id": row["message"]})
                self._put_off(row, Outcome("failed", f"could not be rendered: {type(error).__name__}"), now)
                return None
            if fixed is None:
                self._end(row, "cancelled", "nothing is left to tell")
                return None
            marked = self.db.execute(
                """update deliveries set state = 'sending', attempts = attempts + 1, next_attempt_at = null
                   where id = ? and state in ('waiting', 'unknown')""",
                (row["id"],),
            )
            if marked.rowcount != 1:
                return None
        rendered, date, contact, name = fixed
        local, of = name.partition("@")[0], row["address"][:16]
        thread = f"{rendered.thread} {row['address']}" if rendered.thread else None
        return address, Letter(rendered, f"{local}.{of}", thread, date, contact)

    def record(self, row: Row, outcome: Outcome) -> None:
        """Writes down what became of a try, and tells the operator of what will not be tried again."""
        now = self.clock()
        with write_txn(self.db):
            if outcome.state == "sent":
                self.db.execute(
                    """update deliveries set state = 'sent', sent_at = ?, last_error = null, next_attempt_at = null
                       where id = ?""",
                    (stamp(now), row["id"]),
                )
                self._count("sent")
                self._works(row["address"], now)
            elif outcome.state == "refused":
                self._end(row, "refused", outcome.detail)
                if outcome.about == "address":
                    self._remember_refusal(row["address"], now)
                self._tell(row, "refused for good", now, outcome.detail, "put another address in its place", now)
            else:
                self._put_off(row, outcome, now)
        log.info(
            "delivery", extra={"id": row["id"], "to": row["label"], "outcome": outcome.state, "detail": outcome.detail}
        )

    def hold(self, queue: Iterable[Row], failed: Row) -> None:
        """What else waits for an address that just failed waits as long; asking again at once would only add to it."""
        with write_txn(self.db):
            until = rows(self.db, "select next_attempt_at from deliveries where id = ?", (failed["id"],))
            for row in queue:
                self.db.execute(
                    "update deliveries set next_attempt_at = coalesce(?, next_attempt_at) where id = ?",
                    (until[0]["next_attempt_at"], row["id"]),
                )
                self._count("waiting" if row["state"] == "waiting" else "unknown")

    def _fixed(self, message: int, now: datetime) -> tuple[Rendered, datetime, str, str] | None:
        """A message's forms, its date, the operator's address and its name: as first sent, or fixed here and now."""
        row = rows(self.db, "select body, message_id from messages where id = ?", (message,))[0]
        if row["body"] is not None:
            return (*from_json(row["body"]), row["message_id"])
        bulletin = self.bulletin_of(self.db, message, now)
        if not (bulletin.stories or bulletin.quiet or bulletin.trouble or bulletin.kind == "test"):
            return None
        rendered = render(bulletin)
        self.db.execute(
            "update messages set subject = ?, body = ? where id = ?",
            (rendered.subject, to_json(rendered, now, bulletin.operator_contact), message),
        )
        return rendered, now, bulletin.operator_contact, row["message_id"]

    def _put_off(self, row: Row, outcome: Outcome, now: datetime) -> None:
        """Not sent, or not known to be: tried again after a while, or given up when its time has come."""
        state = "unknown" if outcome.state == "unknown" else "waiting"
        attempts = row["attempts"] + 1
        created = moment(row["created_at"])
        gives_up = give_up_at(created, moment(row["starts_at_utc"]) if row["starts_at_utc"] else None)
        if now >= gives_up:
            self._end(row, "dead", outcome.detail, attempts)
            self._tell(row, "given up", created, outcome.detail, "check the address with `councilwatch notify`", now)
            return
        # A mail server that twice took a mail without a word has it, once or twice: a third would be one too many.
        rests = state == row["state"] == "unknown" and outcome.about == "message"
        again = now + max(wait_before(attempts, self.draw()), outcome.retry_after or timedelta(0))
        self.db.execute(
            "update deliveries set state = ?, attempts = ?, next_attempt_at = ?, last_error = ? where id = ?",
            (state, attempts, None if rests else stamp(min(again, gives_up)), outcome.detail, row["id"]),
        )
        self._count(state)
        if rests:
            advice = "look into the mail server's log; `councilwatch alerts --retry` sends it once more"
            self._tell(row, "sent twice without an answer", created, outcome.detail, advice, now)

    def _end(
        self, row: Row, state: Literal["cancelled", "refused", "dead"], why: str, attempts: int | None = None
    ) -> None:
        self.db.execute(
            """update deliveries set state = ?, next_attempt_at = null, last_error = ?,
               attempts = coalesce(?, attempts) where id = ?""",
            (state, why, attempts, row["id"]),
        )
        self._count(state)

    def _count(self, state: str) -> None:
        self.delivered = replace(self.delivered, **{state: getattr(self.delivered, state) + 1})

    def _tell(self, row: Row, state: str, since: datetime, why: str, advice: str, now: datetime) -> None:
        """Once for each address and run; never of the operator's own mail, which would only cause more of it."""
        if self.tell_operator is None or row["subscriber"] is None or row["address"] in self._told:
            return
        self._told.add(row["address"])
        subject = rows(self.db, "select subject from messages where id = ?", (row["message"],))[0]["subject"]
        trouble = Trouble(f"{row['label']} ({row['owner']})", state, since, f"{why}. The message: {subject}", advice)
        self.tell_operator(self.db, "dead", (trouble,), now)

    def _refused_since(self, address: str) -> str | None:
        found = rows(self.db, "select value from settings_of_record where name = ?", (f"refused address {address}",))
        return str(found[0]["value"])[:10] if found else None

    def _remember_refusal(self, address: str, now: datetime) -> None:
        self.db.execute(
            "insert or ignore into settings_of_record (name, value) values (?, ?)",
            (f"refused address {address}", stamp(now)),
        )

    def _works(self, address: str, now: datetime) -> None:
        """An address that takes mail again gets what was not even tried meanwhile."""
        if self._refused_since(address) is None:
            return
        self.db.execute("delete from settings_of_record where name = ?", (f"refused address {address}",))
        self.db.execute(
            """update deliveries set state = 'waiting', next_attempt_at = ?, last_error = null
               where address = ? and state = 'refused' and attempts = 0
               and message in (select id from messages where created_at > ?)""",
            (stamp(now), address, stamp(now - PATIENCE)),
        )


def wait_before(attempts: int, draw: float) -> timedelta:
    """How long to wait after so many tries: 1 minute, 4, 16, 64, then up to 6 hours, each a quarter more or less."""
    growing: timedelta = FIRST_WAIT * int(4 ** min(max(attempts, 1) - 1, 10))
    return min(growing, LONGEST_WAIT) * (0.75 + draw / 2)


def to_json(rendered: Rendered, date: datetime, contact: str) -> str:
    """What stands in `messages.body`: the forms, and what goes into the headers."""
    files = [
        {"name": file.name, "media_type": file.media_type, "body": base64.b64encode(file.body).decode()}
        for file in rendered.attachments
    ]
    forms = asdict(replace(rendered, attachments=())) | {"attachments": files, "date": stamp(date), "contact": contact}
    return json.dumps(forms, ensure_ascii=False)


def from_json(body: str) -> tuple[Rendered, datetime, str]:
    """The reverse of `to_json`: the forms, the date of the mail and the operator's address."""
    forms = json.loads(body)
    date, contact = moment(forms.pop("date")), forms.pop("contact")
    files = tuple(
        Attachment(file["name"], file["media_type"], base64.b64decode(file["body"]))
        for file in forms.pop("attachments")
    )
    return Rendered(**forms, attachments=files), date, contact
