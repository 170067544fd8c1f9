"""Forward plans: `mgPlansHome.aspx` names them, `mgListPlans.aspx` their editions, `mgListPlanItems.aspx` the entries
of one.

No capture. Entries are reported to be `a.mgPlanItemTitle`, each followed by labelled lines ("Decision maker",
"Decision due", "Notice of proposed decision first published", "Wards affected"); an entry's own page is that of its
issue, `mgIssueHistoryHome.aspx`.
"""

from __future__ import annotations

import re

from bs4 import Tag

from scraper.markup import line_of, words_of
from scraper.moderngov import addresses, dates
from scraper.moderngov.details import Details
from scraper.moderngov.page import Page, reads
from scraper.records import NoticeListing, NoticeRecord, Refused, Suspect

_LISTS = frozenset({"mglistplans.aspx", "mglistplanitems.aspx"})
_ISSUES = frozenset({"mgissuehistoryhome.aspx", "ieissuedetails.aspx"})
_THINGS = r"items|plans?|issues|decisions|eitemau|cynlluniau"
_FIELDS = frozenset({"title", "text", "decision_maker", "status", "published", "due", "key", "wards", "documents"})


@reads
def read_plans_home(page: Page) -> tuple[str, ...] | Suspect | Refused:
    """The addresses of the plans, or of their editions, newest first as the page has them."""
    found = _lists(page)
    if not found and not page.says_none(_THINGS):
        return Suspect("no plans on the page of plans")
    return found


@reads
def read_plan_items(page: Page) -> NoticeListing | Suspect | Refused:
    """The entries of one edition. A page of editions has none; it names further lists to read in `more`."""
    entries: dict[int, NoticeRecord] = {}
    titles = [(link, address) for link, address in page.links() if addresses.page_name(address) in _ISSUES]
    styled = [pair for pair in titles if _is_title(pair[0]) or _is_title(pair[0].parent)]
    for link, address in styled or titles:
        issue_id, title = addresses.number(address, "IId"), words_of(link)
        if issue_id is None or not title or issue_id in entries:
            continue
        labels = _labels_after(link)
        if not styled and (not labels or link.find_parent("ul", class_="mgActionList") is not None):
            continue  # a link to an issue that is no entry of a plan
        due, published, kind = (
            _label(labels, name)
            for name in (r"decision due|due date", r"first published", r"decision type|key decision")
        )
        maker = _label(labels, r"decision[- ]?maker") or _maker(due)
        wards = _label(labels, r"\bwards?\b")
        spoken_of = {"title"} | {
            name
            for name, value in {
                "due": due,
                "published": published,
                "key": kind,
                "decision_maker": maker,
                "wards": wards,
            }.items()
            if value is not None
        }
        entries[issue_id] = NoticeRecord(
            kind="plan",
            notice_id=issue_id,
            title=title,
            url=address,
            decision_maker=maker,
            published=dates.day((published or "")[:200]),
            due=dates.day((due or "")[:200]),
            key=None if kind is None else not re.search(r"\bnon\b|\bno\b", kind, re.IGNORECASE),
            wards=wards,
            issue_id=issue_id,
            fields=frozenset(spoken_of),
        )
    more = _lists(page)
    if not entries and not more and not page.says_none(_THINGS):
        return Suspect("neither entries nor editions on a page of a plan")
    return NoticeListing("plan", tuple(entries.values()), more)


@reads
def read_issue(page: Page) -> NoticeRecord | Suspect | Refused:
    """One entry whole: the page of its issue."""
    issue_id = addresses.number(page.url, "IId")
    details = Details(page)
    title = page.h2 or page.h1
    if issue_id is None or not title or not (details.labels or details.text()):
        return Suspect("the page is not that of an issue: number, title or labels are missing")
    return NoticeRecord(
        kind="plan",
        notice_id=issue_id,
        title=title,
        url=page.url,
        text=details.text(),
        decision_maker=details.label(r"decision[- ]?maker|penderfynwr") or _maker(details.label(r"decision due")),
        status=details.label(r"status|statws"),
        published=details.day(r"first published|publication date|cyhoedd"),
        due=details.day(r"decision due|due date"),
        key=details.yes(r"decision type|key decision|allweddol"),
        wards=details.label(r"\bwards?\b|\bwardiau\b"),
        meeting_id=details.meeting_id,
        issue_id=issue_id,
        documents=tuple(details.documents.values()),
        fields=_FIELDS,
    )


def _lists(page: Page) -> tuple[str, ...]:
    found = (address for _, address in page.links() if addresses.page_name(address) in _LISTS)
    return tuple(dict.fromkeys(address for address in found if _numbered(address) and address != page.url))


def _numbered(address: str) -> bool:
    return addresses.number(address, "RPId", "RP", "PlanId") is not None and addresses.number(address, "WardId") is None


def _labels_after(link: Tag) -> dict[str, str]:
    """The labelled lines between the title of an entry and the next title."""
    labels: dict[str, str] = {}
    for tag in link.find_all_next(["a", "p", "span"], limit=200):
        if tag.name != "span":
            if _is_title(tag):
                break
        elif "mgLabel" in str(tag.get("class") or "") and isinstance(tag.parent, Tag):
            named = line_of(tag)
            labels.setdefault(named.strip(" :?").lower(), line_of(tag.parent).removeprefix(named).strip())
    return labels


def _is_title(tag: Tag | None) -> bool:
    return tag is not None and "mgPlanItemTitle" in str(tag.get("class") or "")


def _maker(due: str | None) -> str | None:
    """`12 March 2026 by Cabinet` names who decides."""
    found = re.search(r"\bby ([A-Z].+)$", due or "")
    return found[1].strip(" .") if found else None


def _label(labels: dict[str, str], pattern: str) -> str | None:
    return next((value or None for name, value in labels.items() if re.search(pattern, name)), None)
