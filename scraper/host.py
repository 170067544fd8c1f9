"""One council's web server, asked politely: addresses in, pages or refusals out."""

from __future__ import annotations

import copy
import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from scraper.links import join, network_host, origin
from scraper.manners import (
    SLOWEST_CRAWL_DELAY,
    HostMemory,
    Manners,
    Robots,
    RobotsCopy,
    Turnstile,
    retry_at,
    robots_text,
)
from scraper.page import FetchError, Kind, Page, Validators, plain, refusal
from scraper.restraint import Restraint
from scraper.wire import ForbiddenAddress, Garbled, Stopped, TooLarge, Wire, WireTransport, read_body

_KEPT_HEADERS = ("content-type", "etag", "last-modified")
_REMEMBERED = 1024 * 1024  # bytes of the largest page that is kept for the rest of a poll
_REMEMBERED_IN_ALL = 2 * 1024 * 1024
_REFUSAL_BYTES = 256 * 1024  # of an answer that is not 200, this much is looked at
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

log = logging.getLogger("councilwatch")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost. Wiltshire is reported to answer in 15 to 90 seconds."""

    seconds_per_fetch: float = 90.0
    page_bytes: int = 8 * 1024 * 1024
    document_bytes: int = 25 * 1024 * 1024
    redirects: int = 5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Means:
    """What all hosts of a process share. `turnstile` gives the one turnstile of a host's name."""

    user_agent: str
    clock: Callable[[], datetime]
    stop: threading.Event
    limits: Limits
    turnstile: Callable[[str], Turnstile]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class Host:
    """One network host. `requests` and `bytes` (as they came over the wire) count what the present poll has cost."""

    def __init__(self, name: str, means: Means, restraint: Restraint, robots: Iterable[RobotsCopy]) -> None:
        self.name = name
        self.bytes = 0
        self._means = means
        self._restraint = restraint
        self._allowed: frozenset[str] = frozenset()
        self._robots = {each.origin: Robots(each) for each in robots}
        self._seen: dict[str, Page | FetchError | None] = {}  # None: read, but too large to be kept
        self._kept_bytes = 0
        self._lock = threading.Lock()
        self._wire = Wire(means.stop)
        # A transport for each host: a pool looks at all its idle connections at each request, so that hundreds of hosts
        # in one cost milliseconds; what is dear is the TLS context, and that is shared. No httpx.Client above it: that
        # would read the address of a redirect before we do, and fail in its own ways.
        self._transport = WireTransport(self._wire)
        self._headers = {"User-Agent": means.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        self._cookies = httpx.Cookies()  # without them, ASP.NET puts the session into every address

    def admit(self, allowed: frozenset[str], manners: Manners, private_host: str | None) -> None:
        """Another source stands on this host: its further hosts are allowed too, and the stricter manners count."""
        self._allowed |= allowed
        self._restraint.tighten(manners)
        if private_host is not None:
            self._wire.private_hosts.add(private_host)

    def learn(self, spent_today: int, memory: HostMemory) -> None:
        """What another process has written down of this host since."""
        with self._lock:
            self._restraint.learn(spent_today, memory)

    @property
    def requests(self) -> int:
        return self._restraint.requests

    @property
    def spent_today(self) -> int:
        """Requests sent on the present day (London's), to be handed in again after a restart."""
        return self._restraint.spent_today

    @property
    def left_until(self) -> datetime | None:
        """Not to be asked before this time, where that is still to come."""
        return self._restraint.left_until

    @property
    def memory(self) -> HostMemory:
        """What to hand in again after a restart."""
        return replace(self._restraint.memory, robots=tuple(each.copy for each in self._robots.values()))

    def begin_poll(self, *, again: bool = False) -> None:
        """Forgets what the last poll read. `again`: ask even in our own back-off, but never before a Retry-After."""
        with self._lock:
            self._forget()
            self._restraint.begin_poll(again=again)
            self.bytes = 0

    def end_poll(self) -> None:
        """Lets go of the poll's pages and of the connection, not of the counters. It saves memory and sockets."""
        with self._lock:
            self._forget()
            self._transport.close()

    def close(self) -> None:
        self._transport.close()

    def get(
        self, url: str, *, validators: Validators | None = None, document: bool = False, max_bytes: int | None = None
    ) -> Page:
        """The page at `url`, once in a poll: asked for again, it comes from memory, and so does a refusal.

        Raises FetchError, and nothing else, for whatever keeps the page from us.
        """
        limits = self._means.limits
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
            log.debug("refused", extra={"url": url, "kind": error.kind, "reason": plain(error.reason)})
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
        self._cookies.clear()

    def _follow(self, url: str, validators: Validators | None, cap: int, *, obey_robots: bool) -> Page:
        hops = [url]
        try:
            return self._walk(hops, validators, cap, obey_robots=obey_robots)
        except FetchError as error:
            for hop in hops[1:]:  # a place that many addresses lead to is asked once, too
                self._seen.setdefault(hop, copy.copy(error))
            raise

    def _walk(self, hops: list[str], validators: Validators | None, cap: int, *, obey_robots: bool) -> Page:
        """From the one address in `hops` on, which takes the others that it leads to."""
        url, headers = hops[0], _conditions(validators)
        for _ in range(self._means.limits.redirects + 1):
            hop = hops[-1]
            crawl_delay = self._obey_robots(hop) if obey_robots else 0.0
            answer = self._ask(hop, headers, cap, max(self._restraint.manners.seconds_between_requests, crawl_delay))
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return self._page(url, hop, answer, conditional=bool(headers))
            target = self._address(hop, location)
            if target in hops:
                raise FetchError(url, "redirect", "its redirects go round in a circle; tell the council", answer.status)
            if target in self._seen:
                return replace(self._recall(target), url=url)
            hops.append(target)
        raise FetchError(url, "redirect", f"more than {self._means.limits.redirects} redirects; tell the council")

    def _page(self, url: str, final_url: str, answer: _Answer, *, conditional: bool) -> Page:
        now = self._means.clock()
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        if answer.status == 304 and conditional:
            return Page(url, final_url, 304, kept, b"", now, not_modified=True)
        wait_until = retry_at(answer.headers.get("retry-after"), answer.headers.get("date"), now)
        error = refusal(final_url, answer.status, answer.headers, answer.body, wait_until)
        if error is None:
            return Page(url, final_url, answer.status, kept, answer.body, now)
        if error.kind == "throttled":
            error.retry_at = self._restraint.leave_alone(wait_until)
        raise error

    def _obey_robots(self, url: str) -> float:
        """The crawl delay asked for, in seconds. Raises FetchError where robots.txt keeps us out, or cannot be read."""
        reason = self._restraint.manners.ignore_robots
        try:
            robots = self._rules(url)
        except FetchError as error:
            if reason is None or error.kind in ("stopped", "budget", "left alone", "throttled"):
                raise
            return 0.0
        delay = robots.crawl_delay()
        if reason is not None:
            if not robots.allow(url):
                log.info("robots.txt overridden by the operator", extra={"url": url, "reason": reason})
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
        if robots is not None and robots.fresh(self._means.clock()):
            return robots
        try:
            page = self._once(f"{start}/robots.txt", None, self._means.limits.page_bytes, obey_robots=False)
            text = robots_text(page.body)
        except FetchError as error:
            if error.kind != "gone" and not (error.kind == "status" and error.status and 400 <= error.status < 500):
                kind: Kind = "unreachable" if error.kind in ("status", "timeout", "too large") else error.kind
                reason = f"nothing is read before its robots.txt is; {error.reason}"
                raise FetchError(error.url, kind, reason, error.status, error.retry_at) from None
            text = ""
        robots = self._robots[start] = Robots(RobotsCopy(start, self._means.clock(), text))
        return robots

    def _ask(self, url: str, headers: dict[str, str], cap: int, spacing: float) -> _Answer:
        """One request; a second one where a kept-alive connection broke before any answer, as those do."""
        turnstile = self._means.turnstile(network_host(url))
        for second_try in (False, True):
            self._restraint.spend(url)
            with turnstile.turn(spacing, self._means.stop) as ours:
                if not ours:
                    raise FetchError(url, "stopped", "not read, because the program is ending")
                try:
                    answer = self._send(url, headers, cap)
                except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
                    if second_try or self._wire.connected:
                        raise self._lost(url, "unreachable", f"the connection broke: {error}") from None
                except httpx.TimeoutException:
                    seconds = self._means.limits.seconds_per_fetch
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
                    self._restraint.answered()
                    return answer
        raise AssertionError("the second try returns or raises")

    def _send(self, url: str, headers: dict[str, str], cap: int) -> _Answer:
        begun = time.monotonic()
        self._wire.connected = False
        self._wire.deadline = begun + self._means.limits.seconds_per_fetch
        request = httpx.Request("GET", url, headers={**self._headers, **headers}, cookies=self._cookies)
        with closing(self._transport.handle_request(request)) as response:
            status = response.status_code
            cookies = response.headers.get("set-cookie", "")
            if cookies and cookies.isascii() and cookies.isprintable():  # others could not be sent back
                response.request = request
                self._cookies.extract_cookies(response)
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
        log.debug(
            "fetched",
            extra={"url": url, "status": status, "bytes": len(body), "seconds": round(time.monotonic() - begun, 3)},
        )
        return _Answer(status, response.headers, body)

    def _lost(self, url: str, kind: Kind, reason: str) -> FetchError:
        self._restraint.lost(hung=kind == "timeout")
        return FetchError(url, kind, f"{reason}; it is asked again at the next poll, check base_url if this goes on")


def _conditions(validators: Validators | None) -> dict[str, str]:
    if validators is None:
        return {}
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    # what is not plain ASCII could not be sent back as it came
    return {name: text for name, text in named.items() if text and text.isascii() and text.isprintable()}
