"""How we behave towards a host: robots.txt, one request at a time, spaced out, few a day, and left alone when it asks.

Everything but the turnstile is a function of values. The only clock in here is the monotonic one of the turnstile.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from zoneinfo import ZoneInfo

from protego import Protego

ROBOTS_NAME = "councilwatch"
ROBOTS_KEPT = timedelta(days=1)
ROBOTS_CHARACTERS = 512 * 1024  # RFC 9309 asks for at least 500 KiB; what stands beyond is not read
SLOWEST_CRAWL_DELAY = 120.0  # seconds; a host that wants more between requests cannot be watched at all

_FIRST_BACK_OFF = timedelta(minutes=10)
_LONGEST_BACK_OFF = timedelta(hours=12)
_LONGEST_RETRY_AFTER = timedelta(days=30)
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Manners:
    """What the operator set for one host. Zero means "no spacing" or "no budget", for a loopback address only.

    `ignore_robots` is the operator's reason for not obeying the host's robots.txt; it is logged.
    """

    seconds_between_requests: float = 1.0
    requests_per_day: int = 350
    ignore_robots: str | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds_between_requests) and self.seconds_between_requests >= 0):
            raise ValueError("seconds_between_requests: give a number of seconds, 0 or more")
        if self.requests_per_day < 0:
            raise ValueError("requests_per_day: give a number of requests, 0 or more")


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as read: of which origin (`https://host`), when, and its text ("" where there are no rules)."""

    origin: str
    fetched_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class HostMemory:
    """What is remembered of a host from one process to the next.

    `left_until`: not to be asked before; `stated`: the host named that time itself (Retry-After). `failures`: polls in
    a row that ended with the host being left alone.
    """

    left_until: datetime | None = None
    stated: bool = False
    failures: int = 0
    robots: tuple[RobotsCopy, ...] = ()


def check_manners(manners: Manners, hostname: str) -> None:
    """Raises ValueError, in one line, where a zero is asked for towards a host that is not this machine."""
    if is_loopback(hostname):
        return
    for name in ("seconds_between_requests", "requests_per_day"):
        if not getattr(manners, name):
            raise ValueError(f"{name} = 0 is allowed for a loopback address only, not for {hostname}")


def is_loopback(hostname: str) -> bool:
    try:
        return ip_address(hostname).is_loopback
    except ValueError:
        return hostname == "localhost" or hostname.endswith(".localhost")


def budget_day(now: datetime) -> date:
    """The day that a request counts towards: the calendar day in London, which councils and operators live by."""
    return now.astimezone(_LONDON).date()


def back_off(failures: int, jitter: float) -> timedelta:
    """How long to leave a host that did not say how long: ten minutes, doubled each time, at most twelve hours.

    `failures` counts from 1. `jitter`, from 0 to 1, moves the result between three quarters and five quarters of that,
    so that hosts which failed together are not asked again together.
    """
    doublings = min(max(failures, 1) - 1, 16)
    wait = min(_FIRST_BACK_OFF * (1 << doublings), _LONGEST_BACK_OFF)
    return wait * (0.75 + 0.5 * jitter)


def retry_at(retry_after: str | None, server_date: str | None, now: datetime) -> datetime | None:
    """When a Retry-After header (seconds, or an HTTP date) allows the next request; None where it cannot be read.

    A date is taken as a distance from the answer's own Date header, so that a clock that is wrong does no harm.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:12]), int(_LONGEST_RETRY_AFTER.total_seconds())))
    else:
        until = _http_date(text)
        if until is None:
            return None
        wait = until - (_http_date(server_date or "") or now)
    return now + min(max(wait, timedelta()), _LONGEST_RETRY_AFTER)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def robots_text(body: bytes) -> str:
    """The rules in what a host served as robots.txt; "" where it served a page of HTML instead, as moderngov sites do.

    A byte order mark is taken off: the parser would take it for a part of the first rule.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")[:ROBOTS_CHARACTERS]
    return "" if text.lstrip().startswith("<") else text


class Robots:
    """The rules of one robots.txt, for us."""

    def __init__(self, copy: RobotsCopy) -> None:
        self.copy = copy
        self._rules = Protego.parse(copy.text)

    def fresh(self, now: datetime) -> bool:
        return timedelta() <= now - self.copy.fetched_at < ROBOTS_KEPT

    def allow(self, url: str) -> bool:
        return bool(self._rules.can_fetch(url, ROBOTS_NAME))

    def crawl_delay(self) -> float:
        """Seconds asked for between two requests; 0 where nothing sensible is asked."""
        delay = self._rules.crawl_delay(ROBOTS_NAME)
        return float(delay) if delay is not None and math.isfinite(delay) and delay > 0 else 0.0


class Turnstile:
    """Lets one request at a time through to a host, and the next only some seconds after the last one ended."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._ended = -math.inf

    @contextmanager
    def turn(self, seconds: float, stop: threading.Event) -> Iterator[bool]:
        """Yields True when it is our turn, False where `stop` was set while waiting for it."""
        with self._one:
            wait = self._ended + seconds - time.monotonic()
            if stop.wait(wait) if wait > 0 else stop.is_set():
                yield False
                return
            try:
                yield True
            finally:
                self._ended = time.monotonic()
