"""Mail against real SMTP servers on this machine: obedient ones, refusing ones, and ones that die at the wrong moment."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from notifiers.bulletin import Attachment, Rendered
from notifiers.mail import read_mailbox, send_mail
from notifiers.sending import Letter

RENDERED = Rendered(
    subject="[Stockton-on-Tees] PSPO: consultation planned",
    text="Draft minutes published\n.a line that begins with a dot\n“quoted”",
    html="<p>Draft <mark>minutes</mark></p>",
    slack="",
    markdown="",
    line="",
    attachments=(Attachment("meeting.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),),
)
LETTER = Letter(
    RENDERED, "abc.def", "stockton-on-tees/PSPO key", datetime(2025, 11, 27, 9, tzinfo=UTC), "us@example.org"
)


class Box:
    """An SMTP server's side: what it answers at each step, and what it took."""

    def __init__(self) -> None:
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.taken: list[EmailMessage] = []
        self.asked: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.asked.append(address)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.taken.append(mail)
        return self.data


@pytest.fixture
def box() -> Box:
    return Box()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def server(box: Box) -> Iterator[str]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"mailto://127.0.0.1:{controller.port}?from=watch@example.org&to=reader@example.org"
    finally:
        controller.stop()


Script = Callable[[socket.socket], None]


@pytest.fixture
def scripted() -> Iterator[Callable[[Script], str]]:
    """A raw server that does what a script says with its one connection; gives the address to send to."""
    threads: list[threading.Thread] = []
    sockets: list[socket.socket] = []

    def start(script: Script) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def serve() -> None:
            connection, _ = listening.accept()
            with closing(connection):
                script(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        threads.append(thread)
        port = listening.getsockname()[1]
        return f"mailto://127.0.0.1:{port}?from=watch@example.org&to=reader@example.org"

    yield start
    for listening in sockets:
        listening.close()
    for thread in threads:
        thread.join(5)


def converse(connection: socket.socket, *, until: bytes) -> None:
    """Says yes to everything up to a command, which is read and not answered."""
    connection.sendall(b"220 hello\r\n")
    lines = connection.makefile("rb")
    for line in lines:
        if line.upper().startswith(until):
            return
        connection.sendall(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 OK\r\n")


def read_content(connection: socket.socket) -> None:
    """A whole mail, up to and including its final dot."""
    connection.sendall(b"220 hello\r\n")
    lines = connection.makefile("rb")
    for line in lines:
        connection.sendall(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 OK\r\n")
        if line.upper().startswith(b"DATA"):
            break
    for line in lines:
        if line == b".\r\n":
            return


def test_a_mail_arrives_with_both_parts_and_every_header(server: str, box: Box) -> None:
    assert send_mail(server, LETTER).state == "sent"
    (mail,) = box.taken
    assert mail["Subject"] == RENDERED.subject
    assert mail["To"] == "reader@example.org"
    assert mail["From"] == "Councilwatch <watch@example.org>"
    assert mail["Message-ID"] == "<abc.def@example.org>"
    assert mail["References"] == mail["In-Reply-To"] != mail["Message-ID"]
    assert mail["List-Unsubscribe"] == "<mailto:us@example.org?subject=unsubscribe>"
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "list")
    assert mail["Date"] == "Thu, 27 Nov 2025 09:00:00 +0000"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == RENDERED.text  # type: ignore[union-attr]
    assert "<mark>minutes</mark>" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("meeting.ics", "text/calendar")


def test_a_second_try_bears_the_same_name(server: str, box: Box) -> None:
    send_mail(server, LETTER)
    send_mail(server, LETTER)
    assert len({mail["Message-ID"] for mail in box.taken}) == 1


def test_newlines_make_no_headers(server: str, box: Box) -> None:
    nasty = replace(RENDERED, subject="News\r\nBcc: all@example.org\n\nand a body")
    send_mail(server, replace(LETTER, rendered=nasty, contact="us@example.org\r\nX-Evil: 1"))
    (mail,) = box.taken
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail["Subject"] == "News Bcc: all@example.org and a body"
    assert box.asked == ["reader@example.org"]


def test_451_is_tried_again(server: str, box: Box) -> None:
    box.rcpt = "451 busy, reader@example.org, come back"
    outcome = send_mail(server, LETTER)
    assert (outcome.state, outcome.about) == ("failed", "address")
    assert outcome.detail == "451 busy, …, come back"


def test_550_is_refused_for_good(server: str, box: Box) -> None:
    box.rcpt = "550 no such user <reader@example.org>"
    outcome = send_mail(server, LETTER)
    assert (outcome.state, outcome.about) == ("refused", "address")
    assert "reader@example.org" not in outcome.detail


@pytest.mark.parametrize(("answer", "state"), [("451 later", "failed"), ("554 not this one", "refused")])
def test_an_answer_after_data_is_about_this_mail(server: str, box: Box, answer: str, state: str) -> None:
    box.data = answer
    outcome = send_mail(server, LETTER)
    assert (outcome.state, outcome.about) == (state, "message")


def test_death_after_the_final_dot_is_unknown(scripted: Callable[[Script], str]) -> None:
    assert send_mail(scripted(read_content), LETTER).state == "unknown"


def test_silence_after_the_final_dot_is_unknown(scripted: Callable[[Script], str]) -> None:
    done = threading.Event()

    def silent(connection: socket.socket) -> None:
        read_content(connection)
        done.wait(10)

    outcome = send_mail(scripted(silent), LETTER, connect_seconds=5, whole_seconds=0.5)
    done.set()
    assert outcome.state == "unknown"


@pytest.mark.parametrize("until", [b"MAIL", b"RCPT", b"DATA"])
def test_death_before_the_content_is_a_failure(scripted: Callable[[Script], str], until: bytes) -> None:
    outcome = send_mail(scripted(lambda connection: converse(connection, until=until)), LETTER)
    assert (outcome.state, outcome.about) == ("failed", "address")


def test_a_server_that_says_nothing_is_left(scripted: Callable[[Script], str]) -> None:
    done = threading.Event()
    outcome = send_mail(scripted(lambda _: done.wait(10) and None), LETTER, connect_seconds=0.2)
    done.set()
    assert (outcome.state, outcome.detail) == ("failed", "the mail server did not answer in time")


def test_a_server_that_drips_is_cut_off(scripted: Callable[[Script], str]) -> None:
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        while not done.wait(0.05):
            try:
                connection.sendall(b"2")
            except OSError:
                return

    outcome = send_mail(scripted(drip), LETTER, connect_seconds=5, whole_seconds=0.4)
    done.set()
    assert outcome.state == "failed"


def test_nobody_there_is_a_failure() -> None:
    outcome = send_mail(f"mailto://127.0.0.1:{free_port()}?from=a@example.org&to=b@example.org", LETTER)
    assert (outcome.state, outcome.about) == ("failed", "address")
    assert "refused" in outcome.detail


def test_a_wrong_password_is_not_repeated(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        auth_required=True,
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False, message="535 no, pa55word-secret is wrong"),
    )
    controller.start()
    try:
        outcome = send_mail(
            f"mailto://watch:pa55word-secret@127.0.0.1:{controller.port}?from=a@example.org&to=b@example.org", LETTER
        )
    finally:
        controller.stop()
    assert (outcome.state, outcome.about) == ("failed", "address")
    assert "pa55word-secret" not in outcome.detail
    assert "pa55word-secret" not in "".join(r.getMessage() for r in caplog.records if not r.name.startswith("mail"))


def test_addresses_of_known_providers_are_read_as_apprise_reads_them() -> None:
    box = read_mailbox("mailto://someone:pass@gmail.com")
    assert (box.host, box.port, box.mode) == ("smtp.gmail.com", 587, "starttls")
    assert (box.user, box.password, box.recipient) == ("someone@gmail.com", "pass", "someone@gmail.com")
    box = read_mailbox(
        "mailtos://u:p@mail.example.org?mode=ssl&from=Town%20News%20%3Cn@example.org%3E&to=r@example.org"
    )
    assert (box.host, box.port, box.mode) == ("mail.example.org", 465, "ssl")
    assert (box.sender_name, box.sender, box.recipient) == ("Town News", "n@example.org", "r@example.org")
