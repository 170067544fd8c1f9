"""One council's site during one poll: which transport answers, what to ask next, and whether anything changed.

The web service is asked first: it answers where HTML is blocked, lists all meetings of a window in one request and does not
cut minutes. The draft state, sizes, packs and late papers are in the HTML only, so the page is asked too, when the web
service's answer has changed or the page itself is due. Which of the two answers is found out and remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, Literal, TypeVar

from scraper.fetch import FetchError, Host, Page, Validators, validators_of
from scraper.merging import complete, merge
from scraper.moderngov import PARSER, addresses, readers
from scraper.moderngov.inside import fingerprint
from scraper.moderngov.readers import Reader
from scraper.records import (
    CommitteeRecord,
    ItemRecord,
    ItemText,
    ListedMeeting,
    MeetingList,
    MeetingRecord,
    Refused,
    Suspect,
    Transport,
)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# refusals after which a host is not asked for anything else in this poll
HOST_WIDE = frozenset({"throttled", "left alone", "budget", "stopped"})
MOST_LIST_PAGES = 20  # of one committee in one poll, each way


@dataclass(frozen=True, slots=True)
class PageMemory:
    """What we remember of an address. `fingerprint` None: read the page whatever it says."""

    etag: str | None
    last_modified: str | None
    fingerprint: str | None
    parser: str | None


@dataclass(frozen=True, slots=True)
class Look(Generic[T_co]):
    """What became of asking for one address.

    `state` is "read" (then `record` is there), "unchanged" (same bytes as last time; nothing was parsed), "suspect" or
    "refused" (by what the page says), or the kind of FetchError. `reason` says why, in words.
    """

    url: str
    state: str
    record: T_co | None = None
    page: Page | None = None
    reason: str = ""
    alone: bool = True  # False: further pages belong to it, so the same bytes do not say that nothing changed

    @property
    def good(self) -> bool:
        return self.state in ("read", "unchanged")


@dataclass(frozen=True, slots=True)
class MeetingLook:
    """A meeting as looked at: its record (None where unchanged or unreadable), the pages that prove it, and the trouble."""

    state: Literal["read", "unchanged", "troubled"]
    record: MeetingRecord | None = None
    pages: tuple[Page, ...] = ()
    looks: tuple[Look[object], ...] = ()  # to be remembered once the record is kept


@dataclass
class Site:
    """Reads one site politely. `remembered` gives what is known of an address; `looks` is the poll's log of pages.

    `meets` says whether meetings of a committee are known, by moderngov's number: their list is never believed to be empty.
    Every method may raise FetchError of a kind in HOST_WIDE: then this poll of the site is over.
    """

    base_url: str
    host: Host
    remembered: Callable[[str], PageMemory | None]
    today: date
    transport: Transport | None = None
    calendar_committee: int | None = None
    meets: Callable[[int], bool] = lambda _committee_id: False
    find_again: bool = False  # which transports answer is to be found out, as on the first poll
    looks: list[Look[object]] = field(default_factory=list)
    _service_failures: int = 0

    def __post_init__(self) -> None:
        self.find_again = self.find_again or self.transport is None

    # -- what to ask ------------------------------------------------------------------------------------------------

    def committees(self) -> Look[tuple[CommitteeRecord, ...]]:
        """The site's committees, from whichever transport answers; finds out the transport."""
        if self.transport != "html" or self.find_again:
            service = self._ask(addresses.ws_committees(self.base_url), readers.ws_committees)
            if service.good:
                # whether HTML answers too is found out with the first meeting
                self.transport = "both" if self.transport == "both" else "webservice"
                return self._logged(service)
            if self.transport == "webservice" and not self.find_again:
                return self._logged(service)  # HTML is not there to take its place
            self.transport = "html"
        look = self._ask(addresses.committees(self.base_url), readers.committees)
        if not look.good:
            # some sites have the one list, some the other
            other = self._ask(addresses.committee_structure(self.base_url), readers.committees)
            look = other if other.good else look
        return self._logged(look)

    def all_meetings(self, since: date, until: date) -> Look[MeetingList] | None:
        """Every meeting of the site in a window, in one request; None where the web service cannot say.

        Which number stands for all committees is found out: 0 at Brighton, -1 at the Senedd (both reported).
        """
        if self.transport not in ("both", "webservice"):
            return None
        known = self.calendar_committee
        for number in (known,) if known is not None else (0, -1):
            url = addresses.ws_all_meetings(self.base_url, number, since, until)
            key = addresses.ws_all_meetings(self.base_url, number, *ANY_DAYS)
            look = self._ask(url, readers.ws_meetings, key=key)
            if look.state == "unchanged" or (look.record is not None and look.record.meetings):
                self.calendar_committee = number
                return self._logged(look)
        self.calendar_committee = None
        return None

    def committee_meetings(self, committee_id: int, since: date, until: date) -> Look[MeetingList]:
        """One committee's meetings from `since` on: by web service where it answers, else all pages of the list."""
        if self.transport in ("both", "webservice"):
            url = addresses.ws_meetings(self.base_url, committee_id, since, until)
            look = self._ask(
                url,
                readers.ws_meetings,
                key=addresses.ws_meetings(self.base_url, committee_id, *ANY_DAYS),
            )
            only_way = self.transport == "webservice" and not self.find_again
            if only_way or look.state == "unchanged" or (look.record is not None and look.record.meetings):
                return self._logged(look)
        look = self._ask(addresses.meeting_list(self.base_url, committee_id), readers.meeting_list)
        empty = look.record is not None and not look.record.meetings
        if empty or look.state in ("gone", "suspect", "refused", "status"):
            other = self._ask(addresses.meeting_list_by_year(self.base_url, committee_id), readers.meeting_list)
            look = other if other.good and (other.record is None or other.record.meetings) else look
        if look.record is not None and not look.record.meetings and self.meets(committee_id):
            look = replace(look, state="suspect", record=None, reason="an empty list where meetings stood")
        return self._logged(self._further_pages(look, since, until))

    def meeting(
        self,
        committee_id: int | None,
        meeting_id: int,
        *,
        page_due: bool = True,
        service_due: bool = True,
        whatever: bool = False,
    ) -> MeetingLook:
        """One meeting, from both transports where both answer.

        `page_due`: ask for the HTML page even where the web service's answer is unchanged; `service_due`: the same the
        other way round, False where the page is to be asked first. `whatever`: parse even unchanged bytes (something that
        was missing is being waited for, or this was never kept).
        """
        page: Look[MeetingRecord] | None = None
        if not (service_due or whatever or self.find_again) and self.transport == "both":
            page = self._page_meeting(committee_id, meeting_id, whatever)
            if page.state in ("unchanged", "timeout"):
                return MeetingLook("unchanged" if page.good else "troubled", looks=(self._logged(_bare(page)),))
        service = self._service_meeting(meeting_id, whatever)
        if service is not None and service.state == "timeout":
            # its page would hang as well, and a host that lets two requests hang is left alone
            return MeetingLook("troubled", looks=(self._logged(service),))
        has_page = self.transport != "webservice" or self.find_again
        ask_page = has_page and (service is None or service.state != "unchanged" or page_due or self.find_again)
        if page is None and ask_page:
            page = self._page_meeting(committee_id, meeting_id, whatever)
        if page is not None and service is not None and service.good:
            page = self._page_beside_service(page)
        elif page is not None and page.good:
            self.find_again = False
        asked = [look for look in (service, page) if look is not None]
        for look in asked:
            self._logged(look)
        if all(look.state == "unchanged" for look in asked if look.good) and any(look.good for look in asked):
            if page is not None and not page.good:
                return MeetingLook("troubled", looks=tuple(asked))
            return MeetingLook("unchanged", looks=tuple(map(_bare, asked)))
        records = [self._parsed(look) for look in asked if look.good]
        read = [record for record in records if record is not None]
        if not read:
            return MeetingLook("troubled", looks=tuple(asked))
        record = merge(read[0], read[1]) if len(read) == 2 else read[0]
        record, whole = self._completed(record)
        pages = tuple(look.page for look in (*asked, *whole) if look.page is not None and look.page.body)
        return MeetingLook("read", record, pages, tuple(asked))

    # -- how to ask -------------------------------------------------------------------------------------------------

    def read(self, url: str, reader: Reader[T], *, key: str | None = None, optional: bool = False) -> Look[T]:
        """Any other page, remembered under `key` or its own address. `optional`: its absence is no trouble."""
        look = self._ask(url, reader, key=key)
        return look if optional and not look.good else self._logged(look)

    def _ask(self, url: str, reader: Reader[T], *, key: str | None = None, whatever: bool = False) -> Look[T]:
        """Asks for `url`; `key` is the address it is remembered under."""
        key = key or url
        memory = self.remembered(key)
        trusted = memory is not None and memory.parser == PARSER and memory.fingerprint is not None and not whatever
        validators = Validators(memory.etag, memory.last_modified) if trusted and memory else None
        try:
            page = self.host.get(url, validators=validators)
        except FetchError as error:
            if error.kind in HOST_WIDE:
                raise
            return Look(key, error.kind, reason=error.reason)
        if page.not_modified:
            return Look(key, "unchanged", page=page)
        if trusted and memory is not None and fingerprint(page.body) == memory.fingerprint:
            return Look(key, "unchanged", page=page)
        return _look(key, page, reader)

    def _logged(self, look: Look[T]) -> Look[T]:
        self.looks.append(_bare(look))
        return look

    def _service_meeting(self, meeting_id: int, whatever: bool) -> Look[MeetingRecord] | None:
        if self.transport not in ("both", "webservice"):
            return None
        look = self._ask(addresses.ws_meeting(self.base_url, meeting_id), readers.ws_meeting, whatever=whatever)
        if look.good:
            self._service_failures = 0
            return look
        self._service_failures += 1
        if self._service_failures >= 2 and self.transport == "both":
            self.transport = "html"  # found out again when the committees are next read
        return look if self.transport == "webservice" or look.state == "timeout" else None

    def _page_beside_service(self, page: Look[MeetingRecord]) -> Look[MeetingRecord] | None:
        """The page's look, or None where it need not be there because the web service answers in its place.

        The web service answers where HTML is blocked: reported of Milton Keynes and of Windsor and Maidenhead.
        """
        if page.good:
            self.transport, self.find_again = "both", False
        elif self.find_again or page.state in ("blocked", "disallowed"):
            self.transport, self.find_again = "webservice", False
            return None
        return page

    def _page_meeting(self, committee_id: int | None, meeting_id: int, whatever: bool) -> Look[MeetingRecord]:
        url = addresses.meeting(self.base_url, committee_id, meeting_id)
        return self._ask(url, readers.meeting, whatever=whatever)

    def _parsed(self, look: Look[MeetingRecord]) -> MeetingRecord | None:
        """The record of a look, parsed now where its bytes were the same but the other transport's were not."""
        if look.record is not None or look.page is None or look.page.not_modified:
            return look.record
        service = "mgwebservice.asmx" in look.url.lower()
        reader = readers.ws_meeting if service else readers.meeting
        return _look(look.url, look.page, reader).record

    def _completed(self, record: MeetingRecord) -> tuple[MeetingRecord, list[Look[ItemText]]]:
        """The record with its cut texts read whole, as far as their pages can be had."""
        looks: list[Look[ItemText]] = []
        items: list[ItemRecord] = []
        for each in record.items:
            if each.cut and each.item_id is not None:
                look = self._ask(addresses.item(self.base_url, each.item_id), readers.item, whatever=True)
                looks.append(self._logged(look))
                if look.record is not None:
                    each = complete(each, look.record)  # noqa: PLW2901
            items.append(each)
        return replace(record, items=tuple(items)), looks

    def _further_pages(self, look: Look[MeetingList], since: date, until: date) -> Look[MeetingList]:
        """The list with its earlier pages, back to `since`, and its later ones, up to `until`.

        One page that cannot be read leaves the span shorter.
        """
        listing, alone = look.record, True
        for direction in ("later", "earlier"):
            for _ in range(MOST_LIST_PAGES):
                url = None if listing is None else _further(listing, direction, since, until)
                if listing is None or url is None:
                    break
                alone = False
                page = self._ask(url, readers.meeting_list, whatever=True).record
                if page is None or not page.meetings:
                    break
                listing = _joined(listing, page) if direction == "earlier" else _joined(page, listing)
        return replace(look, record=listing, alone=alone) if listing is not None else look


ANY_DAYS = (date(2000, 1, 1), date(2000, 1, 1))  # stands for the days in an address whose days move on


def _look(key: str, page: Page, reader: Reader[T]) -> Look[T]:
    record = reader(page.body, page.final_url, page.headers.get("content-type"))
    if isinstance(record, Suspect):
        return Look(key, "suspect", page=page, reason=record.reason)
    if isinstance(record, Refused):
        return Look(key, "refused", page=page, reason=record.reason)
    return Look(key, "read", record, page)


def _further(listing: MeetingList, direction: str, since: date, until: date) -> str | None:
    """The address of the page before or after what was read; None where there is none, or it is not wanted."""
    if direction == "earlier":
        return None if listing.covers_from is not None and listing.covers_from < since else listing.earlier_url
    return None if listing.covers_to is not None and listing.covers_to > until else listing.later_url


def _bare(look: Look[T]) -> Look[T]:
    """How a look went, without what was read: a poll's log must not hold on to every body and record of the site."""
    return replace(look, record=None, page=None)


def _joined(later: MeetingList, earlier: MeetingList) -> MeetingList:
    """Both pages as one list. Where they show the same meetings the paging goes round in a circle, and ends there."""
    seen: dict[int, ListedMeeting] = {each.meeting_id: each for each in (*earlier.meetings, *later.meetings)}
    goes_back, goes_on = len(seen) > len(later.meetings), len(seen) > len(earlier.meetings)
    return replace(
        later,
        committee_id=later.committee_id if later.committee_id is not None else earlier.committee_id,
        meetings=tuple(seen.values()),
        covers_from=earlier.covers_from if goes_back else later.covers_from,
        covers_to=later.covers_to if goes_on else earlier.covers_to,
        earlier_url=earlier.earlier_url if goes_back else None,
        later_url=later.later_url if goes_on else None,
    )


def remembered(look: Look[object]) -> PageMemory | None:
    """What to remember of a look that was kept: validators and fingerprint; None where there is nothing new."""
    if look.page is None or look.page.not_modified or not look.good:
        return None
    given = validators_of(look.page)
    return PageMemory(given.etag, given.last_modified, fingerprint(look.page.body), PARSER)
