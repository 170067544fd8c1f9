"""Consultations on the council's moderngov site: `mgConsultationListDisplay.aspx` and
`mgConsultationDisplay.aspx?ID=626`.

No capture. The closing day is reported to stand in prose alone ("The closing date for sharing your views is 14
September 2026"); it is taken only from words that say so.
"""

from __future__ import annotations

import re
from datetime import date

from scraper.markup import text_of, words_of
from scraper.moderngov import addresses, dates
from scraper.moderngov.details import Details
from scraper.moderngov.page import Page, reads
from scraper.records import NoticeListing, NoticeRecord, Refused, Suspect

_CLOSES = re.compile(
    r"\b(?:clos(?:es|ed|ing)(?: date)?|deadline|end(?:s|ed|ing)?(?: date)?|until|no later than"
    r"|(?:responses?|views|comments)\b[^.\n]{0,60}?\b(?:by|before)|dyddiad cau|yn cau)\b[^\n]{0,90}",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:opens?|opened|opening|start(?:s|ed|ing)?(?: date)?|runs? from|launched|dyddiad (?:agor|dechrau))"
    r"\b[^\n]{0,60}",
    re.IGNORECASE,
)
_FIELDS = frozenset({"title", "text", "status", "opens", "due", "documents"})


@reads
def read_consultations(page: Page) -> NoticeListing | Suspect | Refused:
    """The consultations that the list links to, with the days that stand beside them."""
    found: dict[int, NoticeRecord] = {}
    for link, address in page.links():
        number = (
            addresses.number(address, "ID") if addresses.page_name(address) == "mgconsultationdisplay.aspx" else None
        )
        title = words_of(link)
        if number is None or not title:
            continue
        row = link.find_parent(["li", "tr", "p"]) or link
        opens, due = consultation_days(text_of(row) or "")
        spoken_of = {"title"} | ({"opens"} if opens else set()) | ({"due"} if due else set())
        found.setdefault(
            number,
            NoticeRecord("consultation", number, title, address, opens=opens, due=due, fields=frozenset(spoken_of)),
        )
    if not found and not page.says_none("consultations?|ymgynghoriadau"):
        return Suspect("no consultations on a page of consultations")
    return NoticeListing("consultation", tuple(found.values()))


@reads
def read_consultation(page: Page) -> NoticeRecord | Suspect | Refused:
    """One consultation whole."""
    number = addresses.number(page.url, "ID")
    details = Details(page)
    title = page.h2 or page.h1
    text = details.text()
    if number is None or not title or not (text or details.labels):
        return Suspect("the page is not that of a consultation: number, title or text are missing")
    opens, due = consultation_days(text or "")
    return NoticeRecord(
        kind="consultation",
        notice_id=number,
        title=title,
        url=page.url,
        text=text,
        status=details.label(r"status|statws"),
        opens=details.day(r"start|open|agor|dechrau") or opens,
        due=details.day(r"end|clos|deadline|cau|gorffen") or due,
        issue_id=details.issue_id,
        meeting_id=details.meeting_id,
        documents=tuple(details.documents.values()),
        fields=_FIELDS,
    )


def consultation_days(text: str) -> tuple[date | None, date | None]:
    """The days on which a text says that a consultation opens and closes; None for what it does not say to the day."""
    return _said(_OPENS, text), _said(_CLOSES, text)


def _said(pattern: re.Pattern[str], text: str) -> date | None:
    return next((day for words in pattern.finditer(text) if (day := dates.day(words.group()))), None)
