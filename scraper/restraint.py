"""How much more a host may be asked: the day's budget, and the peace that it wanted or seems to need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from scraper.manners import HostMemory, Manners, back_off, budget_day
from scraper.page import FetchError

# Requests in a row without an answer after which a host has its peace for this poll; one that hung, which costs a
# minute and more, counts double.
_LOST_IN_A_ROW = 3


class Restraint:
    """Counts the requests to one host, and says when there are to be no more. `requests` counts the present poll's."""

    def __init__(
        self,
        manners: Manners,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        spent_today: int,
        memory: HostMemory,
    ) -> None:
        self.manners = manners
        self.requests = 0
        self._clock = clock
        self._jitter = jitter
        self._day = budget_day(clock())
        self._spent = spent_today
        self._memory = memory
        self._left = False
        self._lost_in_a_row = 0

    def tighten(self, manners: Manners) -> None:
        """Another source stands on this host: the stricter manners count."""
        mine = self.manners
        self.manners = Manners(
            max(mine.seconds_between_requests, manners.seconds_between_requests),
            min((each.requests_per_day for each in (mine, manners) if each.requests_per_day), default=0),
            mine.ignore_robots if manners.ignore_robots else None,
        )

    def learn(self, spent_today: int, memory: HostMemory) -> None:
        """What another process has written down since: its requests count here too, and so does a wait it was given."""
        self._spent = max(self.spent_today, spent_today)
        self._day = budget_day(self._clock())
        until, mine = memory.left_until, self._memory.left_until
        if until is not None and (mine is None or until > mine):
            self._memory = replace(self._memory, left_until=until, stated=memory.stated)

    @property
    def spent_today(self) -> int:
        return self._spent if budget_day(self._clock()) == self._day else 0

    @property
    def left_until(self) -> datetime | None:
        until = self._memory.left_until
        return until if until is not None and until > self._clock() else None

    @property
    def memory(self) -> HostMemory:
        """What to hand in again after a restart, but for the copies of robots.txt."""
        failures = 0 if self.requests and not self._left else self._memory.failures
        return replace(self._memory, left_until=self.left_until, failures=failures)

    def begin_poll(self, *, again: bool) -> None:
        self._memory = self.memory
        if again and not self._memory.stated:
            self._memory = replace(self._memory, left_until=None)
        self._left = False
        self._lost_in_a_row = self.requests = 0

    def spend(self, url: str) -> None:
        """Counts a request to `url`. Raises FetchError where it may not be sent."""
        until = self.left_until
        if self._left or until is not None:
            when = f"until {until:%d %B %H:%M} UTC" if until else "for the rest of this poll"
            raise FetchError(url, "left alone", f"the host is left alone {when}", retry_at=until)
        today = budget_day(self._clock())
        if today != self._day:
            self._day, self._spent = today, 0
        budget = self.manners.requests_per_day
        if budget and self._spent >= budget:
            cure = "it is read tomorrow, or raise requests_per_day"
            raise FetchError(url, "budget", f"the {budget} requests for today are spent; {cure}")
        self._spent += 1
        self.requests += 1

    def answered(self) -> None:
        self._lost_in_a_row = 0

    def lost(self, *, hung: bool) -> None:
        """A request had no answer."""
        self._lost_in_a_row += 2 if hung else 1
        if self._lost_in_a_row >= _LOST_IN_A_ROW:
            self.leave_alone(None)

    def leave_alone(self, until: datetime | None) -> datetime:
        """No more requests in this poll, nor before the time that is returned: `until`, or else our own back-off."""
        failures = self._memory.failures + 1
        left_until = until or self._clock() + back_off(failures, self._jitter())
        self._memory = HostMemory(left_until, until is not None, failures)
        self._left = True
        return left_until
