"""The way to councils' web servers, as long as the process lives: one polite host for each server.

Threads may share it: each host has one request in flight. Nothing here is ever done to get round a block.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from scraper.host import DEFAULT_LIMITS, Host, Limits, Means
from scraper.links import join, network_host
from scraper.manners import HostMemory, Manners, Turnstile, check_manners
from scraper.page import FetchError, Kind, Page, Validators, plain, sha256, validators_of
from scraper.restraint import Restraint

__all__ = ["FetchError", "Fetcher", "Host", "Kind", "Limits", "Page", "Validators", "join", "sha256", "validators_of"]


class Fetcher:
    """Hands out hosts. A context manager; `stop`, once set, ends every wait with a FetchError of kind "stopped".

    `contact` is an e-mail or web address of the operator and goes into the User-Agent. `clock` gives aware UTC times.
    """

    def __init__(
        self, contact: str, clock: Callable[[], datetime], *, stop: threading.Event, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        if not contact.strip() or not contact.isascii() or not contact.isprintable():
            raise ValueError("contact: give an e-mail or web address in plain letters; it goes into the User-Agent")
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self._turnstiles: dict[str, Turnstile] = {}
        self._lock = threading.Lock()
        self._means = Means(
            user_agent=f"councilwatch/{_version()} (+{contact.strip()})",
            clock=clock,
            stop=stop,
            limits=limits,
            turnstile=self._turnstile,
        )

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
        """The host that `base_url` stands on: one object for all sources on it, with the strictest of their manners.

        `allowed_hosts`: further hosts ("name" or "name:port") that belong to the source. `private`: whether the
        operator named this address and so may mean one in a private network; False where the registry did.
        `spent_today` and `memory` are what is written down of it, by this process or another one.
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
                memory = memory or HostMemory()
                restraint = Restraint(manners, self._clock, random.random, spent_today, memory)
                host = self._hosts[name] = Host(name, self._means, restraint, memory.robots)
            else:
                host.learn(spent_today, memory or HostMemory())
            host.admit(frozenset({name, *map(str.lower, allowed_hosts)}), manners, parts.hostname if private else None)
            return host

    def _turnstile(self, name: str) -> Turnstile:
        with self._lock:
            return self._turnstiles.setdefault(name, Turnstile())


def _version() -> str:
    try:
        return version("councilwatch")
    except PackageNotFoundError:
        return "0"
