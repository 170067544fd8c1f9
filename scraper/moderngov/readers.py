"""Every reader of a site's pages, loaded with the first page of its kind that is to be read.

An unchanged page is not read: a poll that finds nothing new needs neither Beautiful Soup nor lxml nor these modules, and
they would be a quarter of all that it loads.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from scraper.records import (
    CommitteeRecord,
    DocumentRecord,
    Hint,
    ItemText,
    MeetingList,
    MeetingRecord,
    NoticeListing,
    NoticeRecord,
    Refused,
    Suspect,
)

T = TypeVar("T")
Reader = Callable[[bytes, str, str | None], T | Suspect | Refused]
"""`read(body, url, content_type)`."""


def _late(module: str, name: str) -> Reader[Any]:
    def reader(body: bytes, url: str, content_type: str | None = None) -> Any:
        return getattr(import_module(f"scraper.moderngov.{module}"), name)(body, url, content_type)

    return reader


committees: Reader[tuple[CommitteeRecord, ...]] = _late("committees", "read_committees")
meeting_list: Reader[MeetingList] = _late("meetings", "read_meeting_list")
meeting: Reader[MeetingRecord] = _late("meeting", "read_meeting")
item: Reader[ItemText] = _late("item", "read_item")
decisions: Reader[NoticeListing] = _late("decisions", "read_decisions")
decision: Reader[NoticeRecord] = _late("decisions", "read_decision")
plans_home: Reader[tuple[str, ...]] = _late("plans", "read_plans_home")
plan_items: Reader[NoticeListing] = _late("plans", "read_plan_items")
issue: Reader[NoticeRecord] = _late("plans", "read_issue")
consultations: Reader[NoticeListing] = _late("consultations", "read_consultations")
consultation: Reader[NoticeRecord] = _late("consultations", "read_consultation")
packs: Reader[tuple[DocumentRecord, ...]] = _late("packs", "read_packs")
feed: Reader[tuple[Hint, ...]] = _late("rss", "read_feed")
ws_committees: Reader[tuple[CommitteeRecord, ...]] = _late("webservice", "read_committees")
ws_meetings: Reader[MeetingList] = _late("webservice", "read_meetings")
ws_meeting: Reader[MeetingRecord] = _late("webservice", "read_meeting")
