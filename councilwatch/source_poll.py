"""One poll of one source, whole: committees, lists, meetings with their new papers, notices, and how it went.

Everything that a poll learns of a meeting is one transaction: the record, its changes, the texts of new papers, the alerts
and the messages. The network is never waited for inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import structlog
from sqlite_utils import Database

from config.settings import Council, Settings
from councilwatch.hosts import manners_of
from councilwatch.notices import poll_notices
from councilwatch.papers import Paper, fetch_paper, keep_absence, keep_papers, new_papers, waiting_papers
from councilwatch.timetable import (
    AHEAD,
    BEHIND_UNAPPROVED,
    FORTNIGHT,
    LONDON,
    MORNING,
    MeetingState,
    in_window,
    next_look,
)
from history.captures import Captured
from history.database import stamp, write_txn
from history.due import DueMeeting, committees_of, due_meetings, meeting_numbered
from history.keep_documents import TextArrived
from history.keep_lists import keep_list, keep_listed
from history.keep_meetings import MeetingKept, keep_meeting, saw_unchanged
from history.keep_sources import SourceRow, keep_committees, set_next_look
from history.pages import page_memory, remember_page, remember_trouble
from notifiers.outbox import tell_changes, tell_document_text, tell_standing
from notifiers.people import People
from scraper.fetch import FetchError, Page
from scraper.moderngov import PARSER, rss
from scraper.moderngov import addresses as at
from scraper.moderngov.page import fingerprint
from scraper.records import ListedMeeting, MeetingList, MeetingRecord, Transport
from scraper.source import Look, MeetingLook, PageMemory, Site, remembered

PAGE_AGAIN: Final = timedelta(hours=24)  # the HTML page is asked so often even where the web service says nothing new
WEEK: Final = 7  # days; a page of a meeting more than a fortnight ahead is asked so often, each on a day of its own
FIND_AGAIN: Final = timedelta(days=7)  # which transports answer is found out so often
LIST_AHEAD: Final = timedelta(days=400)  # how far ahead meetings are listed
HOPELESS: Final = 3  # pages in trouble and none good: the rest of the poll is spared the site

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stored:
    """What was found out about a source in earlier polls."""

    transport: str | None
    calendar_committee: int | None
    transport_found_at: datetime | None
    committees_read_at: datetime | None
    notices_read_at: datetime | None
    next_look_at: datetime | None


@dataclass
class SourcePoll:
    """One poll of one source. Run it once; then `site.looks`, `changes` and `ended_by` say how it went."""

    db: Database
    site: Site
    source: SourceRow
    stored: Stored
    councils: Sequence[Council]
    settings: Settings
    people: People
    clock: Callable[[], datetime]
    everything: bool
    changes: int = 0
    pages_changed: int = 0
    alerts: int = 0
    ended_by: FetchError | None = None
    _committees_read: bool | None = None  # None: not asked for in this poll
    _unchanged: list[tuple[DueMeeting, tuple[Look[object], ...]]] = field(default_factory=list)

    def run(self) -> None:
        """Polls. Every refusal that ends it early is kept in `ended_by`; what was read before it is kept."""
        try:
            self._committees()
            wanted = self._wanted()
            differing = self._lists(wanted)
            self._meetings(wanted, differing)
            poll_notices(self)
            self._papers()
            if self.site.looks and not any(look.good for look in self.site.looks):
                self._site_answers()
        except FetchError as end:
            self.ended_by = end
        finally:
            self._keep_unchanged()

    def find_again(self) -> bool:
        """Whether it is time to find out which transports answer."""
        found = self.stored.transport_found_at
        return found is None or self.now - found >= FIND_AGAIN

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    # -- committees and lists ---------------------------------------------------------------------------------------

    def _committees(self) -> None:
        read_at, wait = self.stored.committees_read_at, self.settings.timetable.committees
        fresh = read_at is not None and self.now - read_at < wait
        if fresh and not self.everything and not self.site.find_again:
            return
        self._read_committees()

    def _read_committees(self) -> None:
        look = self.site.committees()
        self._committees_read = look.good
        now = self.now
        with write_txn(self.db):
            self._remember_in(look, now)
            if look.record is not None:
                keep_committees(self.db, self.source.id, look.record, self._council_of, now)
            elif look.good:
                self.db.conn.execute(
                    "UPDATE sources SET committees_read_at = ? WHERE id = ?", (stamp(now), self.source.id)
                )

    def _council_of(self, committee: str) -> int:
        """Which of the councils on a shared site a committee belongs to: by the config, by its name, else the first."""
        rows = dict(self.source.councils)
        for council in self.councils:
            if council.committees and committee.casefold() in (name.casefold() for name in council.committees):
                return rows[council.slug]
        named = [council for council in self.councils if council.slug.replace("-", " ") in committee.casefold()]
        return rows[(named or self.councils)[0].slug]

    def _wanted(self) -> dict[int, int]:
        """The committees to look at: moderngov's number -> row. All of them where one council's config names none."""
        committees = committees_of(self.db, self.source.id)
        if any(council.committees is None for council in self.councils):
            return {each.committee_id: each.id for each in committees}
        names = {name.casefold() for council in self.councils for name in council.committees or ()}
        for missing in sorted(names - {each.name.casefold() for each in committees}) if committees else ():
            log.warning("no such committee; councilwatch check has the nearest name", committee=missing)
        return {each.committee_id: each.id for each in committees if each.name.casefold() in names}

    def _lists(self, wanted: Mapping[int, int]) -> dict[int, ListedMeeting]:
        """Reads the lists that are due. Returns, by number, the meetings that a list tells something new of."""
        timetable, now = self.settings.timetable, self.now
        since, until = (now - BEHIND_UNAPPROVED).date(), (now + LIST_AHEAD).date()
        differing: dict[int, ListedMeeting] = {}
        due = self.stored.next_look_at
        if self.everything or due is None or due <= now:
            look = self.site.all_meetings(since, until)
            wait = timetable.lists_webservice
            if look is None:
                self._hints(differing)
            elif look.record is not None:
                differing |= self._keep_list(look.record, look, wanted)
            if look is not None and look.good:
                self._listed(wanted, now + wait)
            self._set_look(now + (wait if look is None or look.good else timetable.soon))
        for committee in committees_of(self.db, self.source.id):
            if committee.committee_id not in wanted:
                continue
            if not (committee.next_look_at is None or committee.next_look_at <= self.now or self._asks_lists()):
                continue
            one = self.site.committee_meetings(committee.committee_id, since, until)
            if one.record is not None:
                differing |= self._keep_list(one.record, one, wanted)
            else:
                self._remember(one)
            again = self.now + (timetable.lists_html if one.good else timetable.soon)
            with write_txn(self.db):
                set_next_look(self.db, "committees", committee.id, again)
            self._give_up_if_hopeless()
        return differing

    def _asks_lists(self) -> bool:
        """`poll --all` reads each committee's list, unless one request has told of all of them."""
        return self.everything and self.site.calendar_committee is None

    def _listed(self, wanted: Mapping[int, int], again: datetime) -> None:
        with write_txn(self.db):
            for row in wanted.values():
                set_next_look(self.db, "committees", row, again + self.settings.timetable.lists_html)

    def _set_look(self, again: datetime) -> None:
        with write_txn(self.db):
            set_next_look(self.db, "sources", self.source.id, again)

    def _keep_list(
        self, listing: MeetingList, look: Look[MeetingList], wanted: Mapping[int, int]
    ) -> dict[int, ListedMeeting]:
        now = self.now
        transport: Transport = "webservice" if "asmx" in look.url else "html"
        with write_txn(self.db):
            kept = keep_list(
                self.db,
                self.source.id,
                listing,
                self._captured(look.page),
                now,
                transport=transport,
                parser=PARSER,
            )
            # a list of the whole site tells of committees, too, that the operator did not ask for
            asked = [change for change in kept.changes if self._is_of(change.meeting, wanted)]
            self.alerts += tell_changes(self.db, asked, self.people, now)
            self._remember_in(look, now, whatever=kept.pending_losses or not look.alone)
            # should this poll end before it comes to them, they are due in the next
            self.db.conn.execute(
                "UPDATE meetings SET next_look_at = ? WHERE source = ? AND differs AND next_look_at > ?",
                (stamp(now), self.source.id, stamp(now)),
            )
        self.changes += len(kept.changes)
        told = {*kept.new, *kept.differing}
        return {each.meeting_id: each for each in listing.meetings if each.meeting_id in told}

    def _hints(self, differing: dict[int, ListedMeeting]) -> None:
        """What the site's feed mentions is looked at now: cheap word of change where there is no web service."""
        url = at.feed(self.site.base_url, None)
        memory = page_memory(self.db, self.source.id, url)
        if memory is not None and memory.trouble and self.now - memory.fetched_at < FIND_AGAIN:
            return
        look = self.site.read(url, rss.read_feed, optional=True)
        self._remember(look, key=url)
        for hint in look.record or ():
            number = at.number(hint.url, "MId", "MeetingId")
            known = meeting_numbered(self.db, self.source.id, number) if number else None
            if known is not None and (hint.published is None or not known.read_at or hint.published > known.read_at):
                differing.setdefault(
                    known.meeting_id,
                    ListedMeeting(
                        known.meeting_id,
                        known.committee_id,
                        known.committee,
                        known.starts_at,
                        "cancelled" if known.cancelled else "scheduled",
                        at.meeting(self.site.base_url, known.committee_id, known.meeting_id),
                    ),
                )

    def _is_of(self, meeting: int | None, wanted: Mapping[int, int]) -> bool:
        row = self.db.conn.execute("SELECT committee_id FROM meetings WHERE id = ?", (meeting,)).fetchone()
        return row is not None and row[0] in wanted

    # -- meetings ---------------------------------------------------------------------------------------------------

    def _meetings(self, wanted: Mapping[int, int], differing: Mapping[int, ListedMeeting]) -> None:
        now = self.now
        for each in due_meetings(self.db, self.source.id, wanted, now, now - BEHIND_UNAPPROVED, now + AHEAD):
            state = MeetingState(each.id, each.starts_at, each.cancelled, each.minutes_state, each.read_at is not None)
            if not in_window(state, now):
                continue
            never = each.next_look_at is None
            if self.everything or never or each.next_look_at <= now or each.meeting_id in differing:  # type: ignore[operator]
                self._meeting(each, differing.get(each.meeting_id))
                self._give_up_if_hopeless()

    def _meeting(self, known: DueMeeting, listed: ListedMeeting | None) -> None:
        url = at.meeting(self.site.base_url, known.committee_id, known.meeting_id)
        look = self.site.meeting(
            known.committee_id,
            known.meeting_id,
            page_due=self._page_due(known, url),
            whatever=known.read_at is None,
        )
        if look.state == "unchanged":
            self._unchanged.append((known, look.looks))
        elif look.state == "read" and look.record is not None:
            self._keep_meeting(known, look, look.record)
        else:
            self._keep_trouble(known, look, listed)

    def _page_due(self, known: DueMeeting, url: str) -> bool:
        """Whether the HTML page is asked even where the web service says nothing new: packs and drafts are there only."""
        if self.everything or known.starts_at is None:
            return True
        memory = page_memory(self.db, self.source.id, url)
        local = known.starts_at.astimezone(LONDON)
        morning = datetime.combine(local.date(), MORNING, LONDON)
        if known.starts_at - self.now > FORTNIGHT and (self.today.toordinal() + known.id) % WEEK:
            return memory is None
        return memory is None or self.now - memory.fetched_at >= PAGE_AGAIN or morning <= self.now <= known.starts_at

    def _keep_meeting(self, known: DueMeeting, look: MeetingLook, record: MeetingRecord) -> None:
        quiet = known.baseline and known.read_at is None
        papers = [] if quiet else self._new_papers(record)
        now = self.now
        with write_txn(self.db):
            kept = keep_meeting(
                self.db,
                self.source.id,
                record,
                self._captures(look.pages, record.url),
                now,
                PARSER,
                same_bytes=self._same_bytes(look.looks),
            )
            changes, arrived = keep_papers(self.db, kept.meeting, papers, now)
            self.alerts += tell_changes(self.db, (*kept.changes, *changes), self.people, now)
            self._tell_texts(arrived, now)
            if kept.baseline:
                self.alerts += tell_standing(self.db, kept.meeting, self.people, now)
            for each in look.looks:
                self._remember_in(each, now, whatever=kept.pending_losses or bool(kept.doubt) or _cut(record))
            if kept.doubt:
                remember_trouble(self.db, self.source.id, record.url, kept.doubt, now)
            self._set_next_look(kept, now, soon=bool(kept.doubt))
        if kept.doubt:
            self.site.looks[:] = [
                Look(each.url, "suspect", page=each.page, reason=kept.doubt) if each.url == record.url else each
                for each in self.site.looks
            ]
        self.pages_changed += bool(kept.changes or kept.first_reading)
        self.changes += len(kept.changes) + len(changes)
        for change in (*kept.changes, *changes):
            log.info("change", kind=change.kind, meeting=known.meeting_id, committee=known.committee)

    def _keep_trouble(self, known: DueMeeting, look: MeetingLook, listed: ListedMeeting | None) -> None:
        """A meeting that could not be read is as it was, but for what a trusted list says of its date and standing."""
        now = self.now
        with write_txn(self.db):
            for each in look.looks:
                self._remember_in(each, now)
            if listed is not None and known.read_at is not None:
                kept = keep_listed(self.db, self.source.id, listed, None, now)
                self.alerts += tell_changes(self.db, kept.changes, self.people, now)
                self.changes += len(kept.changes)
            set_next_look(self.db, "meetings", known.id, self._after_trouble(known, look, now))

    def _after_trouble(self, known: DueMeeting, look: MeetingLook, now: datetime) -> datetime:
        """Soon, and twice as long after each further trouble, but not later than if all were well."""
        memories = [page_memory(self.db, self.source.id, each.url) for each in look.looks if not each.good]
        polls = max((memory.trouble_polls for memory in memories if memory), default=1)
        state = MeetingState(known.id, known.starts_at, known.cancelled, known.minutes_state)
        usual = next_look(state, now, self.settings.timetable)
        again = now + self.settings.timetable.soon * (1 << min(polls - 1, 10))
        return min(again, usual) if usual else again

    def _keep_unchanged(self) -> None:
        """Sightings of pages that are as they were, in one transaction: a crash would only have us look once more."""
        now = self.now
        if not self._unchanged:
            return
        with write_txn(self.db):
            for known, looks in self._unchanged:
                saw_unchanged(self.db, known.id, now)
                state = MeetingState(known.id, known.starts_at, known.cancelled, known.minutes_state)
                set_next_look(self.db, "meetings", known.id, next_look(state, now, self.settings.timetable))
                for look in looks:
                    self._saw_page(look, now)
        self._unchanged.clear()

    def _set_next_look(self, kept: MeetingKept, now: datetime, *, soon: bool) -> None:
        row = self.db.conn.execute(
            "SELECT starts_at_utc, status = 'cancelled', minutes_state FROM meetings WHERE id = ?", (kept.meeting,)
        ).fetchone()
        starts = datetime.fromisoformat(row[0]) if row[0] else None
        state = MeetingState(kept.meeting, starts, bool(row[1]), row[2])
        again = next_look(state, now, self.settings.timetable)
        if soon:
            again = min(again or now + self.settings.timetable.soon, now + self.settings.timetable.soon)
        set_next_look(self.db, "meetings", kept.meeting, again)

    def _new_papers(self, record: MeetingRecord) -> list[Paper]:
        """The texts of what is new on a page, so that all of it is told together. What cannot be had waits."""
        papers: list[Paper] = []
        if self._documents_wanted():
            try:
                for document in new_papers(self.db, self.source.id, record):
                    paper = fetch_paper(self.site, document)
                    papers += [paper] if paper else []
            except FetchError as end:
                # what was read is kept all the same; the next page that is asked for ends the poll
                log.info("papers wait", meeting=record.meeting_id, reason=end.reason)
        return papers

    def _papers(self) -> None:
        """The texts of papers that wait (those of the baseline first of all), the nearest meetings first."""
        if not self._documents_wanted():
            return
        budget = manners_of(self.councils).requests_per_day
        for meeting, document in waiting_papers(self.db, self.source.id, self.site.host, budget, self.now):
            paper = fetch_paper(self.site, document)
            now = self.now
            if paper is None:
                keep_absence(self.db, document, now)
                continue
            with write_txn(self.db):
                changes, arrived = keep_papers(self.db, meeting, (paper,), now)
                self.alerts += tell_changes(self.db, changes, self.people, now)
                self._tell_texts(arrived, now)
            self.changes += len(changes)

    def _tell_texts(self, arrived: Sequence[TextArrived], now: datetime) -> None:
        for text in arrived:
            self.alerts += tell_document_text(self.db, text.document, text.added, self.people, now)

    def _documents_wanted(self) -> bool:
        return any(council.documents for council in self.councils)

    # -- the past, which `backfill` reads ---------------------------------------------------------------------------

    def list_past(self, since: date) -> None:
        """Reads the lists back to `since`; meetings of days that no list covered before join the baseline."""
        self._committees()
        wanted = self._wanted()
        look = self.site.all_meetings(since, self.today)
        if look is not None and look.good:
            if look.record is not None:
                self._keep_list(look.record, look, wanted)
            return
        for committee_id in wanted:
            one = self.site.committee_meetings(committee_id, since, self.today)
            if one.record is not None:
                self._keep_list(one.record, one, wanted)
            else:
                self._remember(one)
            self._give_up_if_hopeless()

    def unread_since(self, since: date) -> list[DueMeeting]:
        """The meetings from `since` on that were never read and that no poll will read any more, the newest first."""
        now, first = self.now, datetime.combine(since, time(), LONDON)
        known = due_meetings(self.db, self.source.id, self._wanted(), now, first, now)
        return [
            each
            for each in known
            if each.read_at is None
            and not in_window(MeetingState(each.id, each.starts_at, each.cancelled, each.minutes_state), now)
        ]

    def read_past(self, known: DueMeeting) -> bool:
        """Reads one of those; says whether it could be read."""
        self._meeting(known, None)
        again = meeting_numbered(self.db, self.source.id, known.meeting_id)
        if again is not None and again.read_at is not None:
            return True
        with write_txn(self.db):
            set_next_look(self.db, "meetings", known.id, None)  # no poll looks at it, so it is never due
        self._give_up_if_hopeless()
        return False

    # -- memory -----------------------------------------------------------------------------------------------------

    def _give_up_if_hopeless(self) -> None:
        """Spares a site that answers nothing good; what was not asked is asked in the next poll."""
        looks = self.site.looks
        if len(looks) < HOPELESS or any(look.good for look in looks):
            return
        last = looks[-1]
        if not self._site_answers():
            raise FetchError(last.url, "left alone", f"nothing of the site can be read: {last.reason}")

    def _site_answers(self) -> bool:
        """Whether the committees can be read, where nothing else could: then the other pages' trouble is their own."""
        if self._committees_read is None:
            self._read_committees()
        return bool(self._committees_read)

    def _same_bytes(self, looks: Sequence[Look[object]]) -> bool:
        """Whether only our own reading is new: then nothing is news."""
        for look in looks:
            memory = page_memory(self.db, self.source.id, look.url)
            if memory is None or memory.sha256 is None or memory.parser == PARSER or look.page is None:
                return False
            if look.page.body and fingerprint(look.page.body) != memory.sha256:
                return False
        return bool(looks)

    def remembered(self, url: str) -> PageMemory | None:
        """What a look at an address is held against: even where it was in trouble since, the bytes last kept count."""
        known = page_memory(self.db, self.source.id, url)
        return PageMemory(known.etag, known.last_modified, known.sha256, known.parser) if known else None

    def meets(self, committee_id: int) -> bool:
        """Whether meetings of a committee stand in the history."""
        found = self.db.conn.execute(
            "SELECT 1 FROM meetings WHERE source = ? AND committee_id = ? AND withdrawn_at IS NULL LIMIT 1",
            (self.source.id, committee_id),
        )
        return found.fetchone() is not None

    def _remember(self, look: Look[object], key: str | None = None) -> None:
        with write_txn(self.db):
            self._remember_in(look, self.now, key=key)

    def _remember_in(
        self, look: Look[object], now: datetime, *, whatever: bool = False, key: str | None = None
    ) -> None:
        url = key or look.url
        if not look.good:
            remember_trouble(self.db, self.source.id, url, look.reason or look.state, now)
            return
        memory = remembered(look) if look.state == "read" else None
        if memory is None:
            self._saw_page(look, now)
            return
        remember_page(
            self.db,
            self.source.id,
            url,
            etag=memory.etag,
            last_modified=memory.last_modified,
            sha256=None if whatever else memory.fingerprint,
            parser=PARSER,
            now=now,
        )

    def _saw_page(self, look: Look[object], now: datetime) -> None:
        self.db.conn.execute(
            "UPDATE pages SET fetched_at = ?, trouble = NULL, trouble_polls = 0 WHERE source = ? AND url = ?",
            (now.astimezone(UTC).isoformat(timespec="seconds"), self.source.id, look.url),
        )

    def _captures(self, pages: Sequence[Page], first: str) -> list[Captured]:
        own_first = sorted(pages, key=lambda page: page.url != first)
        return [captured for page in own_first if (captured := self._captured(page)) is not None]

    def _captured(self, page: Page | None) -> Captured | None:
        if page is None or not page.body:
            return None
        return Captured(page.url, page.body, page.fetched_at, page.headers.get("content-type"))


def _cut(record: MeetingRecord) -> bool:
    return any(item.cut for item in record.items)
