"""What asking for an address ends in: a page, or a refusal with its reason in words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "unreachable",  # no DNS, no connection, a reset, bad TLS, a garbled or unfinished answer
    "timeout",  # it hung, or came too slowly
    "status",  # a status that says neither yes nor anything below
    "throttled",  # 429 or 503
    "blocked",  # 401, 403 or a challenge page
    "disallowed",  # by robots.txt
    "gone",  # 404 or 410
    "too large",
    "redirect",  # to another host, in a circle, or to nothing
    "forbidden address",  # a host that is not the source's, a private address, an address that is none
    "budget",  # the day's requests are spent
    "left alone",  # the host has asked for peace, or the address was read in this poll already
    "stopped",  # the program is ending
]


class FetchError(Exception):
    """A page that could not be had. Its text is one line for the operator: where, what, and what to do.

    `status` is the answer's HTTP status where there was one; `retry_at` when a throttling host may be asked again.
    """

    def __init__(
        self, url: str, kind: Kind, reason: str, status: int | None = None, retry_at: datetime | None = None
    ) -> None:
        super().__init__(url, kind, reason, status, retry_at)
        self.url = url
        self.kind = kind
        self.reason = reason
        self.status = status
        self.retry_at = retry_at

    def __str__(self) -> str:
        return plain(f"{self.url}: {self.reason}")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `headers` has lower-case keys, and only content-type, etag and last-modified. `body` is decompressed.

    `not_modified`: the server said 304 to the validators it was given, and `body` is empty.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to recognise a page by; sent back as If-None-Match and If-Modified-Since."""

    etag: str | None = None
    last_modified: str | None = None


def sha256(page: Page) -> str:
    return hashlib.sha256(page.body).hexdigest()


def validators_of(page: Page) -> Validators:
    return Validators(page.headers.get("etag"), page.headers.get("last-modified"))


# What the pages of Cloudflare, Imperva (Incapsula), Akamai, AWS and Sucuri say of themselves. Cloudflare and Imperva
# put their scripts into good pages too, so the scripts alone prove nothing.
_CHALLENGE = re.compile(
    rb"<title>\s*just a moment|attention required! \| cloudflare|request unsuccessful\. incapsula incident"
    rb"|<iframe[^>]+_incapsula_resource|<title>\s*access denied\s*</title>|awswafintegration|sucuri website firewall"
    rb"|<title>\s*ddos-guard|checking your browser before accessing",
    re.IGNORECASE,
)
_CHALLENGE_BYTES = 64 * 1024  # challenge pages are small


def is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an answer is a page that wants to see a browser. Reported at councils behind Cloudflare and Imperva."""
    if headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action"):
        return True
    return len(body) <= _CHALLENGE_BYTES and b"modgov" not in body and _CHALLENGE.search(body) is not None


def refusal(
    url: str, status: int, headers: Mapping[str, str], body: bytes, wait_until: datetime | None
) -> FetchError | None:
    """What an answer refuses, None where it is a page. `wait_until` is what its Retry-After says."""
    if is_challenge(headers, body):
        why = "a protection service in front of the site asks for a browser"
        return FetchError(url, "blocked", f"{why} (status {status}); {_ASK_COUNCIL}", status)
    if 200 <= status < 300:
        return None
    if status in (401, 403):
        return FetchError(url, "blocked", f"the site refuses us (status {status}); {_ASK_COUNCIL}", status)
    if status in (429, 503):
        told = (
            f"it asks to be left alone until {wait_until:%d %B %H:%M} UTC"
            if wait_until
            else "it does not say for how long"
        )
        return FetchError(url, "throttled", f"the host is busy (status {status}); {told}", status, wait_until)
    if status in (404, 410):
        return FetchError(
            url, "gone", f"there is no such page (status {status}); check base_url if this goes on", status
        )
    return FetchError(
        url, "status", f"the site answered with status {status}; it is asked again at the next poll", status
    )


_ASK_COUNCIL = "nothing is done to get round that, ask the council to let the User-Agent councilwatch in"


def plain(text: str) -> str:
    """One line without control characters, fit for a log or a terminal, whatever a server sent."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)[:600]
