"""One council's web server, asked politely: addresses in, pages or refusals out.

`Fetcher` lives as long as the process; `Host` is the way to one network host, for every source that stands on it. Threads
may share both: each host has one request in flight. Nothing here is ever done to get round a block.
"""

from __future__ import annotations

import copy
import random
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
import structlog

from scraper.links import join, network_host, origin
from scraper.manners import (
    SLOWEST_CRAWL_DELAY,
    HostMemory,
    Manners,
    Robots,
    RobotsCopy,
    Turnstile,
    back_off,
    budget_day,
    check_manners,
    retry_at,
    robots_text,
)
from scraper.page import FetchError, Kind, Page, Validators, plain, refusal, sha256, validators_of
from scraper.wire import ForbiddenAddress, Garbled, Stopped, TooLarge, Wire, WireTransport, read_body

__all__ = ["FetchError", "Fetcher", "Host", "Kind", "Limits", "Page", "Validators", "join", "sha256", "validators_of"]

_KEPT_HEADERS = ("content-type", "etag", "last-modified")
_REMEMBERED = 1024 * 1024  # bytes of the largest page that is kept for the rest of a poll
_REMEMBERED_IN_ALL = 2 * 1024 * 1024
_REFUSAL_BYTES = 256 * 1024  # of an answer that is not 200, this much is looked at
_LOST_IN_A_ROW = 3  # requests without an answer after which the host has its peace for this poll
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost. Wiltshire is reported to answer in 15 to 90 seconds."""

    seconds_per_fetch: float = 90.0
    page_bytes: int = 8 * 1024 * 1024
    document_bytes: int = 25 * 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class Fetcher:
    """Hands out hosts. A context manager; `stop`, once set, ends every wait with a FetchError of kind "stopped".

    `contact` is an e-mail or web address of the operator and goes into the User-Agent. `clock` gives aware UTC times.
    """

    def __init__(
        self, contact: str, clock: Callable[[], datetime], *, stop: threading.Event, limits: Limits = Limits()
    ) -> None:
        if not contact.strip() or not contact.isascii() or not contact.isprintable():
            raise ValueError("contact: give an e-mail or web address in plain letters; it goes into the User-Agent")
        self.user_agent = f"councilwatch/{_version()} (+{contact.strip()})"
        self.clock = clock
        self.stop = stop
        self.limits = limits
        self.jitter = random.random
        self._tls: ssl.SSLContext = httpx.create_ssl_context(trust_env=False)
        self._hosts: dict[str, Host] = {}
        self._turnstiles: dict[str, Turnstile] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for host in self._hosts.values():
            host.close()

    def host(
        self,
        base_url: str,
        manners: Manners,
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        spent_today: int = 0,
        memory: HostMemory | None = None,
        private: bool = True,
    ) -> Host:
        """The host that `base_url` stands on: one object for all sources on it, with the strictest manners any of them asks for.

        `allowed_hosts`: further hosts ("name" or "name:port") that belong to the source. `private`: whether the operator
        named this address and so may mean one in a private network; False where it comes from the registry.
        Raises ValueError, in one line, for an address that is none and for manners that are not allowed there.
        """
        parts = urlsplit(base_url)
        if join(base_url, "") is None or parts.hostname is None:
            raise ValueError(
                f"base_url: {plain(base_url)} is not a web address; write it like https://democracy.example.gov.uk"
            )
        check_manners(manners, parts.hostname)
        name = network_host(base_url)
        with self._lock:
            host = self._hosts.get(name)
            if host is None:
                host = self._hosts[name] = Host(self, name, manners, spent_today, memory or HostMemory())
            host.admit(frozenset({name, *map(str.lower, allowed_hosts)}), manners, parts.hostname if private else None)
            return host

    def turnstile(self, name: str) -> Turnstile:
        with self._lock:
            return self._turnstiles.setdefault(name, Turnstile())

    @property
    def tls(self) -> ssl.SSLContext:
        return self._tls


class Host:
    """One network host. `requests` and `bytes` (as they came over the wire) count what the present poll has cost."""

    def __init__(self, fetcher: Fetcher, name: str, manners: Manners, spent_today: int, memory: HostMemory) -> None:
        self.name = name
        self.requests = 0
        self.bytes = 0
        self._fetcher = fetcher
        self._manners = manners
        self._allowed: frozenset[str] = frozenset()
        self._memory = memory
        self._robots = {each.origin: Robots(each) for each in memory.robots}
        self._day = budget_day(fetcher.clock())
        self._spent = spent_today
        self._seen: dict[str, Page | FetchError | None] = {}  # None: read, but too large to be kept
        self._kept_bytes = 0
        self._left = False
        self._lost_in_a_row = 0
        self._lock = threading.RLock()
        self._wire = Wire(fetcher.stop)
        # A pool looks at each of its idle connections at each request, so that hundreds of hosts in one pool cost
        # milliseconds; the TLS context is the costly part and is shared.
        self._transport = WireTransport(fetcher.tls, self._wire)
        self._client = httpx.Client(
            transport=self._transport,
            headers={"User-Agent": fetcher.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
            timeout=None,  # noqa: S113  the wire ends every wait
            trust_env=False,
        )

    def admit(self, allowed: frozenset[str], manners: Manners, private_host: str | None) -> None:
        """Another source stands on this host: its further hosts are allowed too, and the stricter manners count."""
        mine = self._manners
        budgets = [each for each in (mine.requests_per_day, manners.requests_per_day) if each]
        self._manners = Manners(
            max(mine.seconds_between_requests, manners.seconds_between_requests),
            min(budgets, default=0),
            mine.ignore_robots or manners.ignore_robots,
        )
        self._allowed |= allowed
        if private_host is not None:
            self._wire.private_hosts.add(private_host)

    @property
    def spent_today(self) -> int:
        """Requests sent on the present day (London's), to be handed in again after a restart."""
        return self._spent if budget_day(self._fetcher.clock()) == self._day else 0

    @property
    def left_until(self) -> datetime | None:
        """Not to be asked before this time, where that is still to come."""
        until = self._memory.left_until
        return until if until is not None and until > self._fetcher.clock() else None

    @property
    def memory(self) -> HostMemory:
        """What to hand in again after a restart."""
        failures = 0 if self.requests and not self._left else self._memory.failures
        robots = tuple(each.copy for each in self._robots.values())
        return replace(self._memory, left_until=self.left_until, failures=failures, robots=robots)

    def begin_poll(self, *, again: bool = False) -> None:
        """Forgets what the last poll read. `again`: ask even before our own back-off is over, but never before a Retry-After."""
        with self._lock:
            self._memory = self.memory
            if again and not self._memory.stated:
                self._memory = replace(self._memory, left_until=None)
            self._forget()
            self._left = False
            self._lost_in_a_row = self.requests = self.bytes = 0

    def end_poll(self) -> None:
        """Lets go of the poll's pages and of the connection; the counters stay. Optional, but saves memory and sockets."""
        with self._lock:
            self._forget()
            self._transport.close()

    def close(self) -> None:
        self._client.close()

    def get(
        self, url: str, *, validators: Validators | None = None, document: bool = False, max_bytes: int | None = None
    ) -> Page:
        """The page at `url`, once in a poll: asked for again, it comes from memory, and so does a refusal.

        Raises FetchError, and nothing else, for whatever keeps the page from us.
        """
        limits = self._fetcher.limits
        cap = max_bytes or (limits.document_bytes if document else limits.page_bytes)
        with self._lock:
            clean = self._address(url, url)
            return self._once(clean, validators, cap, obey_robots=True)

    def _address(self, base: str, href: str) -> str:
        """`href` without its fragment, as an address that we may ask. Raises FetchError."""
        redirected = base != href
        url = join(base, href)
        if url is None:
            kind: Kind = "redirect" if redirected else "forbidden address"
            raise FetchError(
                base, kind, f"{href[:200]!r} is not a web address; tell us if the council's link works in a browser"
            )
        url = url.partition("#")[0]
        if network_host(url) not in self._allowed:
            if redirected:
                cure = "if that is the council's, make it the base_url"
                raise FetchError(base, "redirect", f"it leads to another host, {network_host(url)}; {cure}")
            raise FetchError(url, "forbidden address", f"only {self.name} is read for this source")
        if redirected and urlsplit(base).scheme == "https" and urlsplit(url).scheme == "http":
            raise FetchError(base, "redirect", "it leads from https to http, which is not followed; tell the council")
        return url

    def _once(self, url: str, validators: Validators | None, cap: int, *, obey_robots: bool) -> Page:
        if url in self._seen:
            return self._recall(url)
        try:
            page = self._follow(url, validators, cap, obey_robots=obey_robots)
        except FetchError as error:
            self._seen[url] = copy.copy(error)  # a copy has no traceback, which would hold on to every body in sight
            log.debug("refused", url=url, kind=error.kind, reason=plain(error.reason))
            raise
        self._keep(url, page)
        if page.final_url != url:
            self._seen[page.final_url] = self._seen[url]
        return page

    def _recall(self, url: str) -> Page:
        seen = self._seen[url]
        if isinstance(seen, FetchError):
            raise copy.copy(seen)
        if seen is None:
            raise FetchError(url, "left alone", "it was read in this poll already; ask for it in the next one")
        return seen

    def _keep(self, url: str, page: Page) -> None:
        small = len(page.body) <= _REMEMBERED and self._kept_bytes + len(page.body) <= _REMEMBERED_IN_ALL
        self._seen[url] = page if small else None
        self._kept_bytes += len(page.body) if small else 0

    def _forget(self) -> None:
        self._seen = {}
        self._kept_bytes = 0

    def _follow(self, url: str, validators: Validators | None, cap: int, *, obey_robots: bool) -> Page:
        headers = _conditions(validators)
        hop, been = url, {url}
        for _ in range(self._fetcher.limits.redirects + 1):
            crawl_delay = self._obey_robots(hop) if obey_robots else 0.0
            answer = self._ask(hop, headers, cap, max(self._manners.seconds_between_requests, crawl_delay))
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return self._page(url, hop, answer, conditional=bool(headers))
            target = self._address(hop, location)
            if target in been:
                raise FetchError(url, "redirect", "its redirects go round in a circle; tell the council", answer.status)
            if target in self._seen:
                return replace(self._recall(target), url=url)
            been.add(target)
            hop = target
        raise FetchError(url, "redirect", f"more than {self._fetcher.limits.redirects} redirects; tell the council")

    def _page(self, url: str, final_url: str, answer: _Answer, *, conditional: bool) -> Page:
        now = self._fetcher.clock()
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        if answer.status == 304 and conditional:
            return Page(url, final_url, 304, kept, b"", now, not_modified=True)
        wait_until = retry_at(answer.headers.get("retry-after"), answer.headers.get("date"), now)
        error = refusal(final_url, answer.status, answer.headers, answer.body, wait_until)
        if error is None:
            return Page(url, final_url, answer.status, kept, answer.body, now)
        if error.kind == "throttled":
            self._leave_alone(wait_until)
            error.retry_at = self._memory.left_until
        raise error

    def _obey_robots(self, url: str) -> float:
        """The crawl delay asked for, in seconds. Raises FetchError where robots.txt keeps us out, or cannot be read."""
        reason = self._manners.ignore_robots
        try:
            robots = self._rules(url)
        except FetchError as error:
            if reason is None or error.kind in ("stopped", "budget", "left alone", "throttled"):
                raise
            return 0.0
        delay = robots.crawl_delay()
        if reason is not None:
            if not robots.allow(url):
                log.info("robots.txt overridden by the operator", url=url, reason=reason)
            return min(delay, SLOWEST_CRAWL_DELAY)
        if not robots.allow(url):
            cure = "ask the council, or set ignore_robots to your reason for overriding it"
            raise FetchError(url, "disallowed", f"robots.txt does not let us read this; {cure}")
        if delay > SLOWEST_CRAWL_DELAY:
            raise FetchError(
                url, "disallowed", f"robots.txt asks for {delay:.0f} seconds between requests, too slow to watch"
            )
        return delay

    def _rules(self, url: str) -> Robots:
        start = origin(url)
        robots = self._robots.get(start)
        if robots is not None and robots.fresh(self._fetcher.clock()):
            return robots
        try:
            page = self._once(f"{start}/robots.txt", None, self._fetcher.limits.page_bytes, obey_robots=False)
            text = robots_text(page.body)
        except FetchError as error:
            if error.kind != "gone" and not (error.kind == "status" and error.status and 400 <= error.status < 500):
                kind: Kind = "unreachable" if error.kind in ("status", "timeout", "too large") else error.kind
                reason = f"nothing is read before its robots.txt is; {error.reason}"
                raise FetchError(error.url, kind, reason, error.status, error.retry_at) from None
            text = ""
        robots = self._robots[start] = Robots(RobotsCopy(start, self._fetcher.clock(), text))
        return robots

    def _ask(self, url: str, headers: dict[str, str] | None, cap: int, spacing: float) -> _Answer:
        """One request; a second one where the connection broke before any answer, as kept-alive ones do."""
        turnstile = self._fetcher.turnstile(network_host(url))
        for second_try in (False, True):
            with turnstile.turn(spacing, self._fetcher.stop) as ours:
                if not ours:
                    raise FetchError(url, "stopped", "not read, because the program is ending")
                self._spend(url)
                try:
                    answer = self._send(url, headers, cap)
                except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
                    if second_try:
                        raise self._lost(url, "unreachable", f"the connection broke: {error}") from None
                except httpx.TimeoutException:
                    seconds = self._fetcher.limits.seconds_per_fetch
                    raise self._lost(url, "timeout", f"no whole answer within {seconds:g} seconds") from None
                except (httpx.HTTPError, Garbled) as error:
                    raise self._lost(url, "unreachable", f"no usable answer: {error}") from None
                except TooLarge:
                    raise FetchError(url, "too large", f"more than {cap:,} bytes; it is not read") from None
                except ForbiddenAddress as error:
                    cure = "if that is meant, write this address into the config as base_url"
                    raise FetchError(
                        url, "forbidden address", f"its name leads into a private network, to {error}; {cure}"
                    ) from None
                except httpx.InvalidURL as error:
                    raise FetchError(url, "forbidden address", f"it is not a web address: {error}") from None
                except Stopped:
                    raise FetchError(url, "stopped", "not read, because the program is ending") from None
                else:
                    self._lost_in_a_row = 0
                    return answer
        raise AssertionError("the second try returns or raises")

    def _send(self, url: str, headers: dict[str, str] | None, cap: int) -> _Answer:
        begun = time.monotonic()
        self._wire.deadline = begun + self._fetcher.limits.seconds_per_fetch
        with self._client.stream("GET", url, headers=headers) as response:
            status = response.status_code
            try:
                body = read_body(response, cap if status == 200 else _REFUSAL_BYTES)
            except (TooLarge, Garbled):
                if status == 200:
                    raise
                body = b""
            except (httpx.ReadError, httpx.RemoteProtocolError) as error:
                raise Garbled(f"it broke off in the middle ({error})") from error
            finally:
                self.bytes += response.num_bytes_downloaded
        log.debug("fetched", url=url, status=status, bytes=len(body), seconds=round(time.monotonic() - begun, 3))
        return _Answer(status, response.headers, body)

    def _spend(self, url: str) -> None:
        """Counts a request. Raises FetchError where the host is to be left alone, or the day's budget is spent."""
        if self._left or self.left_until is not None:
            until = self.left_until
            when = f"until {until:%d %B %H:%M} UTC" if until else "for the rest of this poll"
            raise FetchError(url, "left alone", f"the host is left alone {when}", retry_at=until)
        today = budget_day(self._fetcher.clock())
        if today != self._day:
            self._day, self._spent = today, 0
        budget = self._manners.requests_per_day
        if budget and self._spent >= budget:
            raise FetchError(
                url,
                "budget",
                f"the {budget} requests for today are spent; it is read tomorrow, or raise requests_per_day",
            )
        self._spent += 1
        self.requests += 1

    def _lost(self, url: str, kind: Kind, reason: str) -> FetchError:
        """The refusal for a request without an answer. After some in a row the host is left alone: each may cost minutes."""
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= _LOST_IN_A_ROW:
            self._leave_alone(None)
        return FetchError(url, kind, f"{reason}; it is asked again at the next poll, check base_url if this goes on")

    def _leave_alone(self, until: datetime | None) -> None:
        failures = self._memory.failures + 1
        left_until = until or self._fetcher.clock() + back_off(failures, self._fetcher.jitter())
        self._memory = HostMemory(left_until, until is not None, failures)
        self._left = True


def _conditions(validators: Validators | None) -> dict[str, str] | None:
    headers: dict[str, str] = {}
    if validators is not None and validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators is not None and validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers or None


def _version() -> str:
    try:
        return version("councilwatch")
    except PackageNotFoundError:
        return "0"
