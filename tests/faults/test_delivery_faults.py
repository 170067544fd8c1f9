"""What providers do to a message on its way: every alert arrives, once, whatever becomes of the first tries."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.town import RESIDENTS, Watcher, added, town

Watch = Callable[..., Watcher]


class MailServer:
    """An SMTP server whose moods a test sets: by recipient, or `mood` for all. Notes what it took, by recipient.

    "451" and "550" refuse the recipient; "451 data" the mail; "silent" greets and says no more; "dies" closes the
    connection after it has taken the mail, without the 250; "down" closes at once.
    """

    def __init__(self) -> None:
        self.mood = ""
        self.moods: dict[str, str] = {}
        self.took: list[tuple[str, str]] = []
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self._listener.close()

    def counts(self) -> Counter[str]:
        return Counter(to for to, _ in self.took)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as wire:
            try:
                self._talk(wire)
            except (OSError, ValueError):
                return

    def _talk(self, wire: Any) -> None:
        def say(line: str) -> None:
            wire.write(f"{line}\r\n".encode())
            wire.flush()

        if self.mood == "down":
            return
        say("220 town mail")
        if self.mood == "silent":
            self._closing.wait(60)
            return
        to: list[str] = []
        for raw in wire:
            line = raw.decode("latin-1").strip()
            verb = line[:4].upper()
            if verb == "RCPT":
                who = line.partition("<")[2].partition(">")[0]
                mood = self.moods.get(who, self.mood)
                if mood in ("451", "550"):
                    say(f"{mood} not {'now' if mood == '451' else 'here'}")
                else:
                    to.append(who)
                    say("250 ok")
            elif verb == "DATA":
                if self.mood == "451 data":
                    say("451 try later")
                    continue
                say("354 go on")
                lines = []
                while (text := wire.readline().decode("latin-1").rstrip("\r\n")) != ".":
                    lines.append(text)
                name = next(line for line in lines if line.lower().startswith("message-id:"))
                self.took += [(each, name) for each in to]
                if self.mood == "dies" or any(self.moods.get(each) == "dies" for each in to):
                    return
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                to = [] if verb in ("RSET", "MAIL") else to
                say("250 ok")


MAIL = (
    RESIDENTS
    + """
[[subscriber]]
name = "readers"
to = ["mailto://127.0.0.1:{smtp}?from=us@example.org&to=one@example.org&mode=insecure",
      "mailto://127.0.0.1:{smtp}?from=us@example.org&to=two@example.org&mode=insecure"]
watches = ["PSPO consultations"]
"""
)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def watcher(watch: Watch, mail: MailServer) -> Watcher:
    """A watcher who has read the town, and sees the item that is added at the next poll."""
    watcher = watch(town(added(24)), subscribers=MAIL, smtp=mail.port)
    watcher.poll()
    assert watcher.hook.take() == [] and mail.took == []
    watcher.later(hours=25)
    return watcher


def _looks_often(watcher: Watcher, hours: int = 14) -> None:
    """Polls as the daemon would, until everything that waits was tried again."""
    for _ in range(hours):
        watcher.later(hours=1)
        watcher.poll(everything=False)


@pytest.mark.parametrize("status", [500, 502, 429, 503])
def test_a_hook_that_fails_and_then_works_gets_each_alert_once(watcher: Watcher, mail: MailServer, status: int) -> None:
    watcher.hook.status = status
    watcher.poll()
    assert watcher.hook.take() == []
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}, "one bad address never delays another"
    _looks_often(watcher, 1)
    watcher.hook.status = 200
    _looks_often(watcher, 5)
    assert len(watcher.hook.take()) == 1
    _looks_often(watcher, 3)
    assert watcher.hook.take() == []
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
    assert watcher.hook.take("/operator") == []


def test_a_hook_that_refuses_the_summary_too_gets_it_later(watch: Watch) -> None:
    watcher = watch(town(added(0.01)))
    watcher.later(minutes=5)
    watcher.hook.status = 500
    watcher.poll()
    watcher.hook.status = 200
    _looks_often(watcher, 2)
    (summary,) = watcher.hook.take()
    assert "Town Centre PSPO" in summary


@pytest.mark.parametrize("mood", ["451", "451 data", "down"])
def test_a_mail_server_that_refuses_for_a_while_gets_each_alert_once(
    watcher: Watcher, mail: MailServer, mood: str
) -> None:
    mail.mood = mood
    watcher.poll()
    assert mail.took == [] and len(watcher.hook.take()) == 1
    _looks_often(watcher, 2)
    mail.mood = ""
    _looks_often(watcher)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
    assert watcher.hook.take() == []


def test_a_mail_server_that_is_dead_for_days_gets_each_alert_once(watcher: Watcher, mail: MailServer) -> None:
    mail.mood = "down"
    watcher.poll()
    for _ in range(12):
        watcher.later(hours=8)
        watcher.poll(everything=False)
    mail.mood = ""
    for _ in range(4):
        watcher.later(hours=8)
        watcher.poll(everything=False)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
    assert len(watcher.hook.take()) == 1


def test_a_mail_server_that_stays_dead_is_given_up_and_the_operator_told(watcher: Watcher, mail: MailServer) -> None:
    mail.mood = "down"
    watcher.poll()
    for _ in range(20):
        watcher.later(days=1)
        watcher.poll(everything=False)
    assert {row["state"] for row in watcher.rows("SELECT state FROM deliveries WHERE label LIKE 'mail%'")} == {"dead"}
    told = watcher.hook.take("/operator")
    assert told and all("given up" in each for each in told)
    mail.mood = ""
    watcher.later(days=1)
    watcher.poll()
    assert mail.took == []


def test_one_address_of_two_that_is_refused_for_good_does_not_touch_the_other(
    watcher: Watcher, mail: MailServer
) -> None:
    mail.moods = {"one@example.org": "550"}
    watcher.poll()
    _looks_often(watcher, 4)
    assert mail.counts() == {"two@example.org": 1}
    (told,) = watcher.hook.take("/operator")
    assert "refused" in told and "one@example.org" not in told
    assert len(watcher.hook.take()) == 1


def test_one_address_of_two_that_fails_for_a_while_does_not_touch_the_other(watcher: Watcher, mail: MailServer) -> None:
    mail.moods = {"one@example.org": "451"}
    watcher.poll()
    assert mail.counts() == {"two@example.org": 1}
    mail.moods = {}
    _looks_often(watcher)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}


def test_a_mail_server_that_dies_after_data_has_each_alert_at_most_twice_under_one_name(
    watcher: Watcher, mail: MailServer
) -> None:
    mail.moods = {"one@example.org": "dies"}
    watcher.poll()
    mail.moods = {}
    _looks_often(watcher)
    assert mail.counts()["two@example.org"] == 1
    assert mail.counts()["one@example.org"] in (1, 2)
    assert len({name for to, name in mail.took if to == "one@example.org"}) == 1


def test_a_mail_server_that_always_dies_after_data_gets_no_third_copy(watcher: Watcher, mail: MailServer) -> None:
    mail.mood = "dies"
    watcher.poll()
    _looks_often(watcher)
    assert set(mail.counts().values()) <= {1, 2} and len(mail.counts()) == 2


def test_a_mail_server_that_never_speaks_holds_nobody_else_up(
    watcher: Watcher, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from notifiers import channels

    # half a minute's patience is too long for a test
    patience = {"connect_seconds": 0.5, "read_seconds": 0.5, "whole_seconds": 1.5}
    monkeypatch.setattr(channels.send, "__kwdefaults__", patience)
    mail.mood = "silent"
    watcher.poll()
    assert len(watcher.hook.take()) == 1
    mail.mood = ""
    _looks_often(watcher, 8)
    assert mail.counts() == {"one@example.org": 1, "two@example.org": 1}
