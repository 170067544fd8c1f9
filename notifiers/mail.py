"""Mail by SMTP, sent by ourselves: both parts and all headers are ours, and each recipient has the server's own answer.

Apprise only reads the address (`mailto://`, `mailtos://`), so that every form of it works, well-known providers included.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final, Literal, cast

from notifiers.lines import clean, web_url
from notifiers.sending import Letter, Outcome, told

CONNECT_SECONDS: Final = 10.0
WHOLE_SECONDS: Final = 30.0
_OWN_HEADERS: Final = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "references", "in-reply-to", "mime-version"}
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a mail address says: which server, how, from whom, to whom."""

    host: str
    port: int
    mode: Literal["insecure", "starttls", "ssl"]
    verify: bool
    user: str | None
    password: str | None
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    reply_to: tuple[str, ...]
    headers: Mapping[str, str]

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def read_mailbox(url: str) -> Mailbox:
    """The mailbox of an Apprise mail URL with one recipient.

    Raises:
        ValueError: it is no such URL; nothing of it is repeated.
    """
    from apprise import Apprise  # noqa: PLC0415 slow to load

    service: Any = Apprise.instantiate(url, suppress_exceptions=True)
    recipients = [] if service is None else [*service.targets, *((False, mail) for mail in service.cc | service.bcc)]
    if service is None or not recipients:
        raise ValueError("this is no mail address that Apprise can read")
    name, mail = recipients[0]
    sender_name, sender = service.from_addr
    return Mailbox(
        host=service.smtp_host,
        port=int(service.port),
        mode=cast(
            Literal["insecure", "starttls", "ssl"], str(getattr(service.secure_mode, "value", service.secure_mode))
        ),
        verify=bool(service.verify_certificate),
        user=service.user or None,
        password=service.password or None,
        sender=sender,
        sender_name=clean(sender_name) if sender_name and sender_name != service.app_id else "Councilwatch",
        recipient=mail,
        recipient_name=clean(name) if name else "",
        reply_to=tuple(sorted(service.reply_to)),
        headers={clean(key): clean(value) for key, value in service.headers.items()},
    )


def send_mail(
    url: str, letter: Letter, *, connect_seconds: float = CONNECT_SECONDS, whole_seconds: float = WHOLE_SECONDS
) -> Outcome:
    """One mail to one recipient. Never raises for what a server does; a server that drips is cut off in time."""
    try:
        box = read_mailbox(url)
        content = compose(box, letter).as_bytes()
    except ValueError as error:
        return Outcome("failed", told(str(error), url), about="message")
    ends = time.monotonic() + whole_seconds
    try:
        with _connected(box, connect_seconds, ends) as smtp:
            return _hand_over(smtp, box, content, ends)
    except smtplib.SMTPResponseException as error:
        return Outcome("failed", _said(box, error.smtp_code, error.smtp_error), about="address")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Outcome("failed", _why(box, error), about="address")


def compose(box: Mailbox, letter: Letter) -> EmailMessage:
    """The mail: a text part, an HTML part, calendar files, and headers of which no council's text can make more."""
    rendered = letter.rendered
    mail = EmailMessage(policy=SMTP)
    mail["From"] = MailAddress(box.sender_name, addr_spec=box.sender)
    mail["To"] = MailAddress(box.recipient_name, addr_spec=box.recipient)
    mail["Subject"] = clean(rendered.subject).strip()
    mail["Date"] = format_datetime(letter.date)
    mail["Message-ID"] = f"<{letter.message_id}@{box.domain}>"
    if letter.thread is not None:
        # no mail bears this id: programs thread what names the same one
        root = f"<{hashlib.sha256(letter.thread.encode()).hexdigest()[:32]}@{box.domain}>"
        mail["In-Reply-To"] = mail["References"] = root
    if box.reply_to:
        mail["Reply-To"] = ", ".join(box.reply_to)
    if contact := web_url(f"mailto:{letter.contact}") if "@" in letter.contact else "":
        mail["List-Unsubscribe"] = f"<{contact}?subject=unsubscribe>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "list"
    for name, value in box.headers.items():
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) and name.lower() not in _OWN_HEADERS and name not in mail:
            mail[name] = value
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    for file in rendered.attachments:
        kind, _, subkind = file.media_type.partition("/")
        mail.add_attachment(file.body, maintype=kind, subtype=subkind, filename=file.name)
    return mail


@contextmanager
def _connected(box: Mailbox, connect_seconds: float, ends: float) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if not box.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    seconds = min(connect_seconds, max(0.1, ends - time.monotonic()))
    smtp = (
        smtplib.SMTP_SSL(local_hostname=box.domain, timeout=seconds, context=context)
        if box.mode == "ssl"
        else smtplib.SMTP(local_hostname=box.domain, timeout=seconds)
    )
    # a timeout is for each read; a server that sends a byte now and then is cut off by this
    guard = threading.Timer(max(0.1, ends - time.monotonic()), _cut_off, (smtp,))
    guard.daemon = True
    guard.start()
    try:
        # smtplib keeps the name for TLS only where it is told it at construction
        smtp._host = box.host  # type: ignore[attr-defined]
        code, words = smtp.connect(box.host, box.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        smtp.ehlo_or_helo_if_needed()
        if box.mode == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        if box.user and box.password:
            smtp.login(box.user, box.password)
        yield smtp
    finally:
        with suppress(smtplib.SMTPException, OSError):
            if smtp.sock is not None:
                smtp.sock.settimeout(2)
                smtp.quit()
        guard.cancel()
        smtp.close()


def _hand_over(smtp: smtplib.SMTP, box: Mailbox, content: bytes, ends: float) -> Outcome:
    """From MAIL to the answer after the final dot; after that dot no answer means unknown."""
    code, words = smtp.mail(box.sender)
    if code != 250:
        return Outcome("failed", _said(box, code, words), about="address")
    code, words = smtp.rcpt(box.recipient)
    if code not in (250, 251):
        # 530 and 535 are about our login, not about the recipient
        state: Literal["refused", "failed"] = "refused" if code >= 500 and code not in (530, 535) else "failed"
        return Outcome(state, _said(box, code, words), about="address")
    code, words = smtp.docmd("DATA")
    if code != 354:
        return _after_data(box, code, words)
    body = re.sub(rb"(?m)^\.", b"..", content)
    smtp.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(max(0.1, ends - time.monotonic()))
        code, words = smtp.getreply()
    except (smtplib.SMTPException, OSError):
        return Outcome("unknown", "the mail server took the whole mail and did not answer", about="message")
    return _after_data(box, code, words)


def _after_data(box: Mailbox, code: int, words: bytes) -> Outcome:
    if 200 <= code < 300:
        return Outcome("sent", _said(box, code, words))
    return Outcome("refused" if code >= 500 else "failed", _said(box, code, words), about="message")


def _cut_off(smtp: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        cast(socket.socket, smtp.sock).shutdown(socket.SHUT_RDWR)


def _said(box: Mailbox, code: int, words: bytes | str) -> str:
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    return told(f"{code} {text}", box.recipient, box.sender, box.user, box.password)


def _why(box: Mailbox, error: Exception) -> str:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        asked = "takes no login" if box.user else "does not offer STARTTLS"
        return f"the mail server {asked}; check the address's mode"
    # smtplib makes "closed" of a time-out too, and keeps only its words
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "the mail server did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the mail server closed the connection"
    if isinstance(error, ssl.SSLError):
        return told(f"no safe connection to the mail server: {error.reason or 'TLS failed'}")
    words = getattr(error, "strerror", None) or type(error).__name__
    return told(f"the mail server cannot be reached: {words}", box.recipient, box.sender, box.user, box.password)
