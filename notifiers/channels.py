"""The one way out: mail by ourselves, everything else by Apprise, an object for each address, in the form that suits it.

Seen with Apprise 2.2: it tells only success or failure, follows no Retry-After, and logs addresses. So its logs are off,
and what servers answer is overheard where `requests`, which only Apprise uses here, receives it.
"""

from __future__ import annotations

import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final

from config.addresses import Address
from notifiers.bulletin import Rendered
from notifiers.lines import slack_escaped
from notifiers.mail import send_mail
from notifiers.sending import Letter, Outcome, told

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 15.0
WHOLE_SECONDS: Final = 30.0
LONGEST_RETRY_AFTER: Final = timedelta(days=1)
WORKERS: Final = 32
SLACK_BLOCK: Final = 3_000
SLACK_BLOCKS: Final = 50
SHORT: Final = 1_500
"""A service that takes no more characters than this gets the bare line."""

_MAIL: Final = ("mailto", "mailtos")
_HOOKS: Final = ("json", "jsons", "xml", "xmls", "form", "forms")
# they pop up on a phone: the subject and one line, whatever they could hold
_PUSH: Final = frozenset(
    {
        "bark",
        "barks",
        "gotify",
        "gotifys",
        "join",
        "ntfy",
        "ntfys",
        "pbul",
        "pover",
        "prowl",
        "pushed",
        "pushy",
        "spush",
    }
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server answered, or why it did not: `status` 0, and whether it may have taken the request."""

    status: int
    retry_after: str | None = None
    words: str = ""
    perhaps_taken: bool = False


_preparing = threading.Lock()
_overheard: ContextVar[list[_Answer] | None] = ContextVar("overheard", default=None)


def send(
    address: Address,
    letter: Letter,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    whole_seconds: float = WHOLE_SECONDS,
) -> Outcome:
    """One letter to one address; returns within about `whole_seconds`. Never raises for what a provider does."""
    url = address.url.get_secret_value()
    with _preparing:
        _prepare()
    if address.scheme in _MAIL:
        return send_mail(url, letter, connect_seconds=connect_seconds, whole_seconds=whole_seconds)
    try:
        service = _service(url, address.scheme, letter.rendered)
        service.socket_connect_timeout, service.socket_read_timeout = connect_seconds, read_seconds
        # Apprise's own tries and pauses are not wanted: trying again is the outbox's affair
        service.retry, service.request_rate_per_sec = 0, 0
        return _notified(service, address.scheme, letter, whole_seconds)
    except Exception as error:
        # a plugin may raise anything, and no word of it is safe to repeat
        return Outcome("failed", f"{address.label}: {type(error).__name__}", about="message")


def form_for(scheme: str, formats: tuple[str, ...], body_maxlen: int, rendered: Rendered) -> tuple[str, str]:
    """(format, body) for a service that takes `formats` and so many characters: the richest form that fits whole."""
    if scheme in _PUSH or body_maxlen <= SHORT:
        return "text", rendered.line[: max(body_maxlen, 1)]
    if "markdown" in formats and scheme not in _HOOKS and len(rendered.markdown) <= body_maxlen:
        return "markdown", rendered.markdown
    if len(rendered.text) <= body_maxlen:
        return "text", rendered.text
    return "text", f"{_cut(rendered.text, body_maxlen - 4)}\n…"


def slack_payload(rendered: Rendered) -> dict[str, object]:
    """Sections of at most 3,000 characters; nothing in them is made a link or a mention that we did not make one."""
    sections: list[str] = []
    for paragraph in rendered.slack.strip().split("\n\n"):
        part = _cut(paragraph, SLACK_BLOCK)
        if sections and len(sections[-1]) + 2 + len(part) <= SLACK_BLOCK:
            sections[-1] += "\n\n" + part
        elif len(sections) < SLACK_BLOCKS:
            sections.append(part)
    return {
        "text": slack_escaped(rendered.subject),
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": section, "verbatim": True}} for section in sections
        ],
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
    }


def retry_after(said: str | None, now: datetime) -> timedelta | None:
    """A Retry-After header, in seconds or as a date, as the time from `now`; a day at most."""
    if not said:
        return None
    try:
        if said.strip().isdigit():
            wait = timedelta(seconds=min(int(said), 86_400))
        else:
            moment = parsedate_to_datetime(said)
            wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def _service(url: str, scheme: str, rendered: Rendered) -> Any:
    from apprise import (  # noqa: PLC0415 slow to load
        Apprise,
        AppriseAsset,
        plugins,
    )

    read: Any = plugins.url_to_dict
    asset = AppriseAsset(allow_templates=False)
    asset.app_id, asset.app_desc = "Councilwatch", "Councilwatch"
    if scheme == "slack" and (parts := read(url)):
        return _slack_class()(rendered, **{**parts, "asset": asset})
    service = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        raise ValueError
    return service


def _notified(service: Any, scheme: str, letter: Letter, whole_seconds: float) -> Outcome:
    from apprise import Apprise  # noqa: PLC0415

    rendered = letter.rendered
    name = str(service.service_name)
    sender = Apprise(asset=service.asset)
    sender.add(service)
    formats = tuple(str(getattr(each, "value", each)) for each in service._formats())
    body_format, body = form_for(scheme, formats, service.body_maxlen, rendered)
    answers: list[_Answer] = []
    token = _overheard.set(answers)
    try:
        result = sender.notify(
            title=rendered.subject if service.title_maxlen > 0 else "",
            body=body if service.title_maxlen > 0 or body == rendered.line else f"{rendered.subject}\n\n{body}",
            body_format=body_format,
            timeout=whole_seconds,
        )
    finally:
        _overheard.reset(token)
    return _outcome(name, result.status.name, list(answers), letter.date)


def _outcome(name: str, status: str, answers: list[_Answer], now: datetime) -> Outcome:
    last = answers[-1] if answers else None
    if status == "SUCCESS":
        return Outcome("sent", f"{name} answered {last.status}" if last else "")
    if status == "TIMEOUT" or (last is not None and last.perhaps_taken):
        return Outcome("unknown", f"{name} did not answer in time, or broke off", about="address")
    if last is None:
        return Outcome("failed", f"{name} did not take it", about="address")
    if last.status == 0:
        return Outcome("failed", told(f"{name} cannot be reached: {last.words}"), about="address")
    detail = f"{name} answered {last.status}"
    if last.status in (429, 503):
        return Outcome("failed", detail, retry_after(last.retry_after, now), about="address")
    if last.status == 410:
        return Outcome("refused", f"{detail}: this address is gone", about="address")
    return Outcome("failed", detail, about="address" if last.status in (401, 403, 404) else "message")


@cache
def _slack_class() -> Any:
    from apprise.plugins import slack  # noqa: PLC0415

    plain: Any = slack.NotifySlack

    class Slack(plain):  # type: ignore[misc]
        """Slack by Apprise, but with our own blocks in place of its one attachment."""

        def __init__(self, rendered: Rendered, **parts: Any) -> None:
            super().__init__(**parts)
            self.rendered = rendered

        def _send(self, url: str, payload: Any, *args: Any, **more: Any) -> Any:
            if isinstance(payload, dict) and "attachments" in payload:
                kept = {key: value for key, value in payload.items() if key in ("channel", "thread_ts", "username")}
                payload = {**kept, **slack_payload(self.rendered)}
            return super()._send(url, payload, *args, **more)

    return Slack


@cache
def _prepare() -> None:
    """Apprise and urllib3 log addresses, tokens and all: no more. From here on what servers answer is overheard."""
    from apprise.logger import logger  # noqa: PLC0415 slow to load
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    logger.disabled = True
    # its own pool has four workers more than the machine has cores: a few hooks that hang would delay all others
    sys.modules["apprise.apprise"].__dict__["_shared_executor"] = ThreadPoolExecutor(WORKERS)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    plain = HTTPAdapter.send

    def overheard(self: Any, request: Any, *args: Any, **more: Any) -> Any:
        answers = _overheard.get()
        try:
            response = plain(self, request, *args, **more)
        except Exception as error:
            if answers is not None:
                answers.append(_unanswered(error))
            raise
        if answers is not None:
            answers.append(_Answer(response.status_code, response.headers.get("Retry-After")))
        return response

    HTTPAdapter.send = overheard  # type: ignore[method-assign]


def _unanswered(error: Exception) -> _Answer:
    from requests import exceptions  # noqa: PLC0415
    from urllib3.exceptions import MaxRetryError, NewConnectionError  # noqa: PLC0415

    if isinstance(error, exceptions.ConnectTimeout):
        return _Answer(0, words="no connection in time")
    if isinstance(error, exceptions.SSLError | exceptions.ProxyError):
        return _Answer(0, words="no safe connection")
    inner = error.args[0] if error.args else None
    if isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError):
        return _Answer(0, words="no connection")
    taken = isinstance(error, exceptions.Timeout | exceptions.ConnectionError | exceptions.ChunkedEncodingError)
    return _Answer(0, words=type(error).__name__, perhaps_taken=taken)


def _cut(text: str, most: int) -> str:
    """At most so many characters, cut at the end of a line or a word, and never within an entity or a link."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    line_end, word_end = cut.rfind("\n"), cut.rfind(" ")
    cut = cut[: line_end if line_end > most // 2 else word_end if word_end > most // 2 else len(cut)]
    opened = max(cut.rfind("<"), cut.rfind("&"))
    closed = max(cut.rfind(">"), cut.rfind(";"))
    return (cut[:opened] if opened > closed else cut) + "…"
