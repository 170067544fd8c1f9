"""The outbox's other end: nothing is lost, nothing is doubled without need, none waits for another."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlite_utils import Database

from config.addresses import Address, Addresses
from history.database import connect, path_of, stamp, write_txn
from notifiers import outbox as outbox_room
from notifiers import stories
from notifiers.bulletin import Bulletin, Rendered, Story, Trouble
from notifiers.delivery import deliver
from notifiers.ledger import from_json, to_json, wait_before
from notifiers.people import address_key, hashed
from notifiers.sending import Delivered, Letter, Outcome

NOW = datetime(2025, 11, 27, 9, tzinfo=UTC)
SENT = Outcome("sent")
DOWN = Outcome("failed", "451 later", about="address")


def address(name: str) -> Address:
    return Address(SecretStr(f"json://127.0.0.1/{name}-s3cret"), f"json hook {name}", "json")


class Outbox:
    """A history with subscribers and messages, and a provider that answers as it is told to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "history.db"
        self.db = connect(self.path)
        self.now = NOW
        self.answers: dict[str, list[Outcome]] = {}
        self.letters: list[tuple[str, Letter]] = []
        self.told: list[Trouble] = []
        self.people: dict[str, tuple[Address, ...]] = {}
        self.operator: tuple[Address, ...] = ()
        with write_txn(self.db):
            self.key = address_key(self.db)

    def message(self, owner: str | None, *names: str, kind: str = "alert", **more: object) -> int:
        """A message to a subscriber's addresses (None: the operator's); gives its id."""
        addresses = tuple(address(name) for name in names)
        if owner is None:
            self.operator = tuple({*self.operator, *addresses})
        else:
            self.people[owner] = tuple(dict.fromkeys((*self.people.get(owner, ()), *addresses)))
        table: Any = self.db["subscribers"]
        if owner is not None and not list(table.rows_where("name = ?", [owner])):
            table.insert({"name": owner, "deliver": "at once", "timezone": "Europe/London", "since": stamp(self.now)})
        subscriber = next(iter(table.rows_where("name = ?", [owner])))["id"] if owner else None
        messages: Any = self.db["messages"]
        number = self.db.execute("select count(*) from messages").fetchone()[0] + 1
        created = {"kind": kind, "subject": "s", "message_id": f"m{number}@councilwatch", "created_at": stamp(self.now)}
        message = int(messages.insert({"subscriber": subscriber, **created, **more}).last_pk)
        for one in addresses:
            row = {"message": message, "subscriber": subscriber, "address": hashed(self.key, one), "label": one.label}
            deliveries: Any = self.db["deliveries"]
            deliveries.insert({**row, "next_attempt_at": stamp(self.now)})
        return message

    def provider(self, to: Address, letter: Letter) -> Outcome:
        name = to.label.removeprefix("json hook ")
        self.letters.append((name, letter))
        answers = self.answers.get(name, [])
        return answers.pop(0) if answers else SENT

    def tell(self, db: Database, kind: str, troubles: Any, now: datetime) -> None:
        self.told += troubles

    def deliver(self, **more: Any) -> Delivered:
        more = {"send": self.provider, "tell_operator": self.tell, "draw": lambda: 0.5} | more
        return deliver(lambda: connect(self.path), self.addresses, bulletin, lambda: self.now, **more)

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.people, self.operator, None)

    def rows(self) -> list[dict[str, Any]]:
        return list(self.db.query("select * from deliveries order by id"))

    def states(self) -> list[str]:
        return [row["state"] for row in self.rows()]

    def sent_to(self, name: str) -> list[str]:
        return [letter.message_id for to, letter in self.letters if to == name]


def bulletin(db: Database, message: int, now: datetime) -> Bulletin:
    kind = next(db.query("select kind from messages where id = ?", (message,)))["kind"]
    if kind in ("trouble", "dead"):
        return Bulletin(kind, "operator", now, trouble=(Trouble("site", "failing", None, "why", "what to do"),))
    story = Story(
        kinds=("minutes.drafted",),
        watches=("PSPOs",),
        words=("PSPO",),
        council="Stockton-on-Tees",
        council_slug="stockton-on-tees",
        committee="Cabinet",
        starts_at=None,
        meeting_url="https://example.gov.uk/m",
        title=f"Matter {message}",
    )
    return Bulletin(kind, "residents", now, stories=(story,), operator_contact="us@example.org")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


def test_what_is_due_is_sent_once(outbox: Outbox) -> None:
    outbox.message("residents", "a", "b")
    assert outbox.deliver() == Delivered(sent=2)
    assert outbox.deliver() == Delivered()
    assert outbox.states() == ["sent", "sent"]
    assert len(outbox.letters) == 2
    assert outbox.rows()[0]["sent_at"] == stamp(NOW)


def test_each_recipient_has_a_message_id_of_its_own(outbox: Outbox) -> None:
    outbox.message("residents", "a", "b")
    outbox.deliver()
    assert len({letter.message_id for _, letter in outbox.letters}) == 2


def test_one_bad_address_of_two_delays_nobody(outbox: Outbox) -> None:
    outbox.message("residents", "bad", "good")
    outbox.answers["bad"] = [DOWN]
    assert outbox.deliver() == Delivered(sent=1, waiting=1)
    bad, good = outbox.rows()
    assert (bad["state"], bad["attempts"], bad["last_error"]) == ("waiting", 1, "451 later")
    assert good["state"] == "sent"
    outbox.now += timedelta(minutes=2)
    assert outbox.deliver() == Delivered(sent=1)
    assert len(outbox.sent_to("good")) == 1
    assert len(set(outbox.sent_to("bad"))) == 1


def test_a_slow_address_delays_nobody(outbox: Outbox) -> None:
    outbox.message("residents", "slow", "quick")
    quick_is_done = threading.Event()

    def provider(to: Address, letter: Letter) -> Outcome:
        if to.label.endswith("slow"):
            return SENT if quick_is_done.wait(10) else DOWN
        quick_is_done.set()
        return SENT

    assert outbox.deliver(send=provider) == Delivered(sent=2)


def test_messages_to_one_address_keep_their_order_and_trouble_comes_first(outbox: Outbox) -> None:
    for _ in range(5):
        outbox.message("residents", "a")
    outbox.message(None, "a", kind="trouble")
    outbox.deliver()
    names = [name.split(".")[0] for name in outbox.sent_to("a")]
    assert names == ["m6", "m1", "m2", "m3", "m4", "m5"]


def test_what_else_waits_for_an_address_that_is_down_is_not_tried(outbox: Outbox) -> None:
    first, second = outbox.message("residents", "a"), outbox.message("residents", "a")
    outbox.answers["a"] = [DOWN]
    assert outbox.deliver() == Delivered(waiting=2)
    assert [row["attempts"] for row in outbox.rows()] == [1, 0]
    outbox.now += timedelta(minutes=2)
    outbox.deliver()
    assert [name.split(".")[0] for name in outbox.sent_to("a")] == [f"m{first}", f"m{first}", f"m{second}"]


def test_a_failure_of_one_message_does_not_hold_up_the_next(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.message("residents", "a")
    outbox.answers["a"] = [Outcome("failed", "hook answered 500")]
    outbox.deliver()
    assert outbox.states() == ["waiting", "sent"]


def test_the_text_is_fixed_when_it_is_first_sent(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.answers["a"] = [DOWN]
    outbox.deliver()
    outbox.now += timedelta(hours=1)
    outbox.deliver()
    (_, first), (_, second) = outbox.letters
    assert first == second
    assert next(outbox.db.query("select subject from messages"))["subject"] == first.rendered.subject


def test_retry_after_is_kept_to(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.answers["a"] = [Outcome("failed", "hook answered 429", timedelta(hours=2), "address")]
    outbox.deliver()
    assert outbox.rows()[0]["next_attempt_at"] == stamp(NOW + timedelta(hours=2))
    outbox.now += timedelta(hours=1)
    assert outbox.deliver() == Delivered()


def test_retry_all_asks_whatever_was_planned(outbox: Outbox) -> None:
    outbox.message("residents", "a", not_before=stamp(NOW + timedelta(hours=9)))
    assert outbox.deliver() == Delivered()
    assert outbox.deliver(retry_all=True) == Delivered(sent=1)


def test_an_address_refused_for_good_is_left_and_the_operator_told_once(outbox: Outbox) -> None:
    outbox.message("residents", "gone")
    outbox.message("residents", "gone")
    outbox.answers["gone"] = [Outcome("refused", "550 no such user", about="address")]
    assert outbox.deliver() == Delivered(refused=2)
    outbox.message("residents", "gone")
    outbox.now += timedelta(days=1)
    outbox.deliver(retry_all=True)
    assert outbox.states() == ["refused"] * 3
    assert len(outbox.letters) == 1
    (told,) = outbox.told
    assert told.what == "json hook gone (residents)"
    assert "550 no such user" in told.reason


def test_an_address_that_works_again_gets_what_was_kept_from_it(outbox: Outbox) -> None:
    outbox.message("residents", "gone")
    kept = outbox.message("residents", "gone")
    outbox.answers["gone"] = [Outcome("refused", "550 no such user", about="address")]
    outbox.deliver()
    outbox.message("residents", "gone", kind="test")
    outbox.deliver()
    assert outbox.states() == ["refused", "sent", "sent"]
    assert outbox.sent_to("gone")[-1].startswith(f"m{kept}.")


def test_a_refused_mail_says_nothing_of_its_address(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.message("residents", "a")
    outbox.answers["a"] = [Outcome("refused", "554 spam", about="message")]
    outbox.deliver()
    assert outbox.states() == ["refused", "sent"]
    assert len(outbox.told) == 1


def test_an_unknown_outcome_is_tried_once_more_under_the_same_name(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    unknown = Outcome("unknown", "no answer after the final dot", about="message")
    outbox.answers["a"] = [unknown, unknown]
    assert outbox.deliver() == Delivered(unknown=1)
    for _ in range(20):
        outbox.now += timedelta(days=1)
        outbox.deliver()
    assert len(outbox.letters) == 2
    assert len({letter.message_id for _, letter in outbox.letters}) == 1
    assert outbox.states() == ["unknown"]
    (told,) = outbox.told
    assert told.state == "sent twice without an answer"
    outbox.deliver(retry_all=True)
    assert outbox.states() == ["sent"]


def test_what_cannot_be_sent_is_dead_after_a_fortnight_and_the_operator_is_told(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.answers["a"] = [DOWN] * 500
    while outbox.now < NOW + timedelta(days=15):
        outbox.deliver()
        outbox.now += timedelta(hours=6)
    assert outbox.states() == ["dead"]
    (told,) = outbox.told
    assert told.state == "given up"
    assert "s3cret" not in repr(told)


def test_a_message_of_a_later_meeting_is_tried_until_it_is_past(outbox: Outbox) -> None:
    db: Any = outbox.db
    seen = stamp(NOW)
    db["sources"].insert({"base_url": "https://x.example"})
    db["councils"].insert({"slug": "x", "name": "X", "base_url": "https://x.example", "source": 1})
    known = {"first_seen": seen, "last_seen": seen}
    db["committees"].insert({"source": 1, "council": 1, "committee_id": 1, "name": "Cabinet", **known})
    meeting = {"source": 1, "council": 1, "committee": 1, "committee_id": 1, "meeting_id": 1, "url": "u", **known}
    starts = stamp(NOW + timedelta(days=30))
    db["meetings"].insert({**meeting, "last_changed": seen, "starts_at": starts, "starts_at_utc": starts})
    outbox.message("residents", "a", meeting=1)
    outbox.answers["a"] = [DOWN] * 500
    outbox.now += timedelta(days=20)
    outbox.deliver()
    assert outbox.states() == ["waiting"]
    outbox.now += timedelta(days=11)
    outbox.deliver()
    assert outbox.states() == ["dead"]


def test_trouble_with_the_operators_own_address_makes_no_more_mail(outbox: Outbox) -> None:
    outbox.message(None, "op", kind="trouble")
    outbox.answers["op"] = [Outcome("refused", "550", about="address")]
    outbox.deliver()
    assert outbox.told == []


def test_an_address_no_longer_in_the_config_gets_nothing(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.people["residents"] = ()
    assert outbox.deliver() == Delivered(cancelled=1)
    assert outbox.letters == []


def test_a_subscribers_message_goes_to_no_other_subscriber(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.people = {"residents": (), "newsroom": (address("a"),)}
    outbox.deliver()
    assert outbox.states() == ["cancelled"]
    assert outbox.letters == []


def test_one_message_that_cannot_be_written_stops_no_other(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.message("residents", "a")

    def broken(db: Database, message: int, now: datetime) -> Bulletin:
        if message == 1:
            raise KeyError("title")
        return bulletin(db, message, now)

    deliver(lambda: connect(outbox.path), outbox.addresses, broken, lambda: outbox.now, send=outbox.provider)
    assert outbox.states() == ["waiting", "sent"]
    assert outbox.rows()[0]["last_error"] == "could not be rendered: KeyError"


def test_a_worker_that_fails_is_one_delivery_that_failed(outbox: Outbox) -> None:
    outbox.message("residents", "a", "b")

    def provider(to: Address, letter: Letter) -> Outcome:
        if to.label.endswith("a"):
            raise RuntimeError(to.url.get_secret_value())
        return SENT

    assert outbox.deliver(send=provider) == Delivered(sent=1, waiting=1)
    assert outbox.rows()[0]["last_error"] == "could not be sent: RuntimeError"


def test_after_stop_nothing_new_is_begun(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.message("residents", "a")
    stop = threading.Event()

    def provider(to: Address, letter: Letter) -> Outcome:
        stop.set()
        return SENT

    assert outbox.deliver(send=provider, stop=stop) == Delivered(sent=1)
    assert outbox.states() == ["sent", "waiting"]


def test_word_to_the_operator_goes_out_in_the_same_run(outbox: Outbox) -> None:
    outbox.message("residents", "gone")
    outbox.operator = (address("op"),)
    outbox.answers["gone"] = [Outcome("refused", "550 no such user", about="address")]

    def tell(db: Database, kind: str, troubles: Any, now: datetime) -> None:
        made = db.execute(
            "insert into messages (kind, subject, message_id, created_at) values ('dead', 's', 'op', ?)", (stamp(now),)
        )
        values = (made.lastrowid, hashed(outbox.key, address("op")), stamp(now))
        db.execute("insert into deliveries (message, address, label, next_attempt_at) values (?, ?, 'op', ?)", values)

    assert outbox.deliver(tell_operator=tell) == Delivered(sent=1, refused=1)
    assert len(outbox.sent_to("op")) == 1


def test_no_secret_is_in_the_database(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    outbox.answers["a"] = [DOWN]
    outbox.deliver()
    outbox.db.close()
    assert b"s3cret" not in b"".join(file.read_bytes() for file in outbox.path.parent.iterdir())


KILLED = """
import os, signal, sys
sys.path.insert(0, {folder!r})
from pathlib import Path
import test_delivery as case
box = case.Outbox.__new__(case.Outbox)
box.path = Path({path!r})
def provider(to, letter):
    with open({log!r}, "a") as log:
        log.write(letter.message_id + "\\n")
    os.kill(os.getpid(), signal.SIGKILL)
case.deliver(lambda: case.connect(box.path), case.Addresses({{"residents": (case.address("a"),)}}, (), None),
             case.bulletin, lambda: case.NOW, send=provider)
"""


def test_killed_between_the_providers_yes_and_the_commit_it_is_sent_again_under_the_same_name(
    outbox: Outbox, tmp_path: Path
) -> None:
    outbox.message("residents", "a")
    log = tmp_path / "log"
    program = KILLED.format(folder=str(Path(__file__).parent), path=str(outbox.path), log=str(log))
    killed = subprocess.run(
        [sys.executable, "-c", program], cwd=Path.cwd(), env={**os.environ, "PYTHONPATH": "."}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert outbox.states() == ["sending"]
    assert outbox.deliver() == Delivered(sent=1)
    assert [letter.message_id for _, letter in outbox.letters] == log.read_text().split()


def test_two_processes_do_not_send_at_once(outbox: Outbox) -> None:
    outbox.message("residents", "a")
    others: list[Delivered] = []

    def provider(to: Address, letter: Letter) -> Outcome:
        # somebody else begins to deliver while this letter is under way
        other = threading.Thread(target=lambda: others.append(outbox.deliver()))
        other.start()
        second.append(other)
        return outbox.provider(to, letter)

    second: list[threading.Thread] = []
    assert outbox.deliver(send=provider) == Delivered(sent=1)
    second[0].join(10)
    assert others == [Delivered()]
    assert len(outbox.letters) == 1


@given(st.integers(1, 100), st.floats(0, 1))
def test_waits_grow_and_are_bounded(attempts: int, draw: float) -> None:
    wait = wait_before(attempts, draw)
    assert timedelta(seconds=45) <= wait <= timedelta(hours=7.5)
    assert wait_before(attempts + 1, draw) >= wait


@given(st.builds(Rendered, *[st.text(max_size=20)] * 6))
def test_what_is_kept_of_a_message_is_what_was_rendered(rendered: Rendered) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in repr(rendered)):
        return
    assert from_json(to_json(rendered, NOW, "us@example.org")) == (rendered, NOW, "us@example.org")


class Mailbox:
    """A mail server's one mailbox."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


def test_from_a_change_to_a_mailbox(book: Any, configure: Any, configured: Any) -> None:
    mailbox = Mailbox()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        url = f"mailto://127.0.0.1:{port}?from=watch@example.org&to=reader@example.org"
        watch, reader = '[[watch]]\nname = "PSPOs"\ntopic = "pspo"\n', ("residents", ["PSPOs"], "")
        people = configure(watch, reader, addresses={"residents": [url]})
        council = book.council()
        item = book.item(book.meeting(council), "Operation Shield Update", "SSP/46/25")
        book.later(minutes=1)
        said = "A public consultation on the revised Public Spaces Protection Order (PSPO) will take place."
        change = book.rewrite(item, "minutes", said, "minutes.drafted")
        with write_txn(book.db):
            assert outbox_room.tell_changes(book.db, [change], people, book.now) == 1
        settings = configured(watch, reader)
        done = deliver(
            lambda: connect(path_of(book.db)),
            Addresses({"residents": (Address(SecretStr(url), "mail to r…", "mailto"),)}, (), None),
            lambda db, message, now: stories.bulletin(db, message, settings, now),
            lambda: book.now,
        )
    finally:
        server.stop()
    assert done == Delivered(sent=1)
    mail = message_from_bytes(mailbox.mails[0], policy=default)
    assert mail["Subject"].startswith("[Stockton-on-Tees] PSPO: consultation planned. Operation Shield Update")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert "Draft minutes published for item SSP/46/25, Operation Shield Update" in text
    assert said in " ".join(text.split())
