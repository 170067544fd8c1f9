"""One poll, whole: the sources that are due, side by side; then what is to be told, and the sending.

Sources are polled by threads, one for each, with a connection of its own. Deliveries go out after the commits.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zlib import crc32

from sqlite_utils import Database

from config import registry
from config.addresses import Addresses, Unread
from config.settings import Council, Settings
from councilwatch.alarms import alarms_of_service, tell_alarms
from councilwatch.hosts import keep_host, manners_of, recall_host
from councilwatch.silence import silent_sources, unknown_committees
from councilwatch.source_poll import SourcePoll
from councilwatch.standing import keep_standing, pages_lately, recall_standing
from councilwatch.steps import poll_source
from councilwatch.timetable import LONDON
from councilwatch.trouble import TROUBLED, State, Trouble, advice, after, judge, patience
from history.database import HistoryError, connect, stamp, write_txn
from history.due import source_is_due
from history.keep_sources import keep_poll, keep_source
from history.notes import LAST_POLL, note
from history.thinning import thin_polls
from notifiers.bulletin import Trouble as ToldTrouble
from notifiers.digests import close_digests, close_summaries
from notifiers.envelopes import anything_to_send
from notifiers.outbox import keep_people, tell_operator
from notifiers.people import People
from notifiers.reminders import proofs_of_life, reminders
from notifiers.sending import Delivered
from scraper.fetch import Fetcher
from scraper.links import network_host
from scraper.manners import budget_day
from scraper.source import Site

SIDE_BY_SIDE: Final = 8  # sources polled at once: each waits for its own site most of the time

log = logging.getLogger("councilwatch")


@dataclass(frozen=True, slots=True)
class Polled:
    """How the poll of one source went. `reason` is one line, for the operator; None where all is well and was asked for."""

    base_url: str
    state: State
    reason: str | None
    requests: int = 0
    changes: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class PollResult:
    sources: tuple[Polled, ...]
    delivered: Delivered

    @property
    def failed(self) -> tuple[Polled, ...]:
        return tuple(each for each in self.sources if each.state in TROUBLED)


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls, for the life of the process. `fetcher` is shared, so that a host is asked politely whoever asks."""

    settings: Settings
    addresses: Addresses | Unread
    fetcher: Fetcher
    clock: Callable[[], datetime]
    stop: threading.Event

    def connect(self) -> Database:
        return connect(self.settings.service.database)

    def poll(self, *, everything: bool = False, said: Callable[[Polled], None] = lambda _: None) -> PollResult:
        """Polls what is due, or everything in the window, and sends what waits. `said` hears of each source at once.

        Raises HistoryError where the database cannot be read or written.
        """
        db = self.connect()
        try:
            people = self.people(db)
            due = [
                (base, councils)
                for base, councils in sources(self.settings).items()
                if everything or source_is_due(db, base, self.clock())
            ]
            polled = self._poll_sources(due, people, everything, said)
            self._close(db, people)
        finally:
            db.close()
        return PollResult(tuple(polled), self.send(people))

    def people(self, db: Database) -> People:
        """Subscribers and watches as configured, taken over into the database."""
        with write_txn(db):
            return keep_people(db, self.settings, self.addresses, self.clock())

    def send(self, people: People, *, everything: bool = False) -> Delivered:
        """Sends what waits and is due; `everything`: whatever its next attempt was planned for."""
        with closing(self.connect()) as db:
            if not anything_to_send(db, self.clock(), whatever=everything):
                return Delivered()
        # templates, calendars and channels are as much to load as all the rest of a poll, and most polls send nothing
        from notifiers.delivery import deliver  # noqa: PLC0415
        from notifiers.stories import bulletin  # noqa: PLC0415

        return deliver(
            self.connect,
            self.addresses,
            lambda db, message, now: bulletin(db, message, self.settings, now),
            self.clock,
            retry_all=everything,
            stop=self.stop,
            tell_operator=lambda db, kind, troubles, now: tell_operator(db, kind, troubles, people, now),
        )

    def _poll_sources(
        self,
        due: Sequence[tuple[str, Sequence[Council]]],
        people: People,
        everything: bool,
        said: Callable[[Polled], None],
    ) -> list[Polled]:
        if len(due) <= 1:
            one_or_none = [self._poll_source(base, councils, people, everything) for base, councils in due]
            polled = [each for each in one_or_none if each is not None]
            for each in polled:
                said(each)
            return polled
        polled = []
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="source") as pool:
            waiting = [pool.submit(self._poll_source, base, councils, people, everything) for base, councils in due]
            for done in as_completed(waiting):
                one = done.result()
                if one is None:
                    continue
                polled.append(one)
                said(one)
                if one.alerts:
                    # who is told at once does not wait for three hundred other councils
                    self.send(people)
        return polled

    def _poll_source(
        self, base_url: str, councils: Sequence[Council], people: People, everything: bool
    ) -> Polled | None:
        """None where the program is ending: what has not begun is for the next poll."""
        if self.stop.is_set():
            return None
        db = self.connect()
        try:
            return self._poll_with(db, base_url, councils, people, everything)
        finally:
            db.close()

    def begin(
        self, db: Database, base_url: str, councils: Sequence[Council], people: People, *, everything: bool
    ) -> tuple[SourcePoll, Trouble]:
        """The poll of one source, ready to be run, with the source's standing before it."""
        started = self.clock()
        with write_txn(db):
            named = [(each.slug, each.name, each.base_url, each.nation) for each in councils]
            source = keep_source(db, base_url, named, started)
        stored, trouble = recall_standing(db, source.id)
        name = network_host(base_url)
        memory, spent = recall_host(db, name, started)
        host = self.fetcher.host(
            base_url,
            manners_of(councils),
            allowed_hosts=frozenset(host for each in councils for host in each.hosts),
            spent_today=spent,
            memory=memory,
            private=any(_named_by_operator(each) for each in councils),
        )
        host.begin_poll(again=everything)
        site = Site(
            base_url,
            host,
            lambda url: poll.remembered(url),  # noqa: PLW0108  the poll is made after its site
            started.astimezone(LONDON).date(),
            transport=stored.transport,  # type: ignore[arg-type]
            calendar_committee=stored.calendar_committee,
            meets=lambda committee_id: poll.meets(committee_id),  # noqa: PLW0108  likewise
        )
        poll = SourcePoll(db, site, source, stored, councils, self.settings, people, self.clock, everything)
        site.find_again = site.find_again or poll.find_again() or trouble.state in TROUBLED
        return poll, trouble

    def _poll_with(
        self, db: Database, base_url: str, councils: Sequence[Council], people: People, everything: bool
    ) -> Polled:
        started = self.clock()
        poll, trouble = self.begin(db, base_url, councils, people, everything=everything)
        host = poll.site.host
        fault: str | None = None
        try:
            poll_source(poll)
        except (HistoryError, sqlite3.Error):
            raise
        except Exception as error:
            # a mistake of ours over one page ends neither the polls of other sources nor the sending
            log.exception("a mistake in councilwatch, please report it", extra={"source": base_url})
            fault = f"a mistake of ours over a page ({type(error).__name__}); the log shows it, please report it"
        finally:
            ended = self.clock()
            polled = self._finish(db, poll, trouble, people, started, fault)
            with write_txn(db):
                keep_host(db, host.name, host, ended)
            host.end_poll()
        return polled

    def _finish(
        self,
        db: Database,
        poll: SourcePoll,
        before: Trouble,
        people: People,
        started: datetime,
        fault: str | None,
    ) -> Polled:
        """Writes down how it went, and tells the operator where a trouble begins or ends."""
        now, source, site = self.clock(), poll.source, poll.site
        states = Counter(look.state for look in site.looks)
        known, troubled = pages_lately(db, source.id, now)
        end = poll.ended_by
        state = "failing" if fault else judge(states, troubled, known, end.kind if end else None)
        reason = fault or _reason(state, site, str(end) if end else None)
        standing, tell = (before, None) if state is None else after(before, state, reason, now)
        requests, good = site.host.requests, not fault and bool(states["read"] + states["unchanged"])
        retry_at = site.host.left_until
        if end is not None and end.kind == "budget":
            retry_at = _tomorrow(now)
        elif state not in (None, "ok") and requests and not good:
            retry_at = max(retry_at or now, now + patience(standing.polls, self.settings.timetable.soon))
        with write_txn(db):
            keep_standing(db, source.id, standing, site, now, retry_at, good=good)
            keep_poll(
                db,
                source.id,
                started_at=started,
                ended_at=now,
                outcome=reason or standing.state,
                requests=requests,
                fetched_bytes=site.host.bytes,
                pages_read=states["read"],
                pages_changed=poll.pages_changed,
                pages_suspect=states["suspect"] + states["refused"],
                changes=poll.changes,
            )
            if tell is not None:
                told = ToldTrouble(
                    source.base_url,
                    standing.state,
                    before.troubled_since or now,
                    reason or "",
                    advice(standing.state) if tell == "trouble" else "",
                )
                tell_operator(db, tell, [told], people, now)
            close_summaries(db, people, now, source.id)
        log.info(
            "polled",
            extra={"source": source.base_url, "state": standing.state, "requests": requests, "changes": poll.changes},
        )
        left = end.reason if end is not None and end.kind == "budget" else None
        return Polled(source.base_url, standing.state, reason or left, requests, poll.changes, poll.alerts)

    def _close(self, db: Database, people: People) -> None:
        """What is to be told because its time has come."""
        now = self.clock()
        with write_txn(db):
            tell_alarms(db, "service", alarms_of_service(db, self.settings.service.database, now), people, now)
            mine = sources(self.settings)
            quiet = [*silent_sources(db, mine, now), *unknown_committees(db, mine)]
            tell_alarms(db, "silence", quiet, people, now)
            close_summaries(db, people, now)
            close_digests(db, people, now)
            reminders(db, people, now)
            proofs_of_life(db, people, now)
            thin_polls(db, now)
            note(db, LAST_POLL, stamp(now))


def sources(settings: Settings) -> Mapping[str, tuple[Council, ...]]:
    """The sites to poll, each once, with the councils that share it; only this machine's share of them.

    The share goes by a stable hash of the site's host: no site is in two shards, none is forgotten.
    """
    by_site: dict[str, list[Council]] = defaultdict(list)
    for council in settings.councils:
        by_site[council.base_url].append(council)
    shard = settings.service.shard
    return {
        base: tuple(councils)
        for base, councils in by_site.items()
        if shard is None or crc32(network_host(base).encode()) % shard[1] == shard[0] - 1
    }


def share_in_words(settings: Settings) -> str:
    """How many of the councils are this machine's share; empty where they are not shared out."""
    if settings.service.shard is None:
        return ""
    ours, count = sum(map(len, sources(settings).values())), len(settings.councils)
    number, shards = settings.service.shard
    return f"{ours} of {count} {'council' if count == 1 else 'councils'} in shard {number}/{shards}"


def _named_by_operator(council: Council) -> bool:
    """Whether the address is the config's own; the registry's may never lead into a private network."""
    known = registry.councils().get(council.slug)
    return known is None or known.base_url != council.base_url


def _reason(state: State | None, site: Site, ended: str | None) -> str | None:
    if state in (None, "ok"):
        return None
    troubled = [look for look in site.looks if not look.good]
    # the last that went wrong says most: the first may have been a page that the site need not have
    return f"{troubled[-1].url}: {troubled[-1].reason or troubled[-1].state}" if troubled else ended


def _tomorrow(now: datetime) -> datetime:
    """When the next day's requests begin."""
    return datetime.combine(budget_day(now) + timedelta(days=1), time(), LONDON)
