"""What tells that an item is restricted: the page's own mark, its title, or only the words of its texts.

No restricted item was captured. Titles that end ` - Exempt` or `(Exempt Category 3)` and the link `mgReasonsRestricted.aspx` are
reported; words alone ("This report was restricted due to …") are those of Stockton's minutes of 26 November 2025, where nothing
else marks the four restricted items.
"""

from __future__ import annotations

import re

from scraper.records import RestrictedBy

_TITLE = re.compile(
    r"[-–—:(\[]\s*(?:part(?:ly|ially)?[ -])?(?:exempt|restricted|confidential|private|not for publication|eithriedig|cyfyngedig)"
    r"(?:\s+(?:item|report|appendix|appendices|business|information|category|categories|paragraphs?|para|under|by virtue|\d)[^)\]]*)?"
    r"\s*[)\]]?\s*$"
    r"|^\s*(?:exempt|restricted|confidential|private|part (?:2|ii|two) exempt)(?:\s+(?:item|report|business|minutes))?\s*[-–—:]\s*\S"
    r"|^(?:EXEMPT|RESTRICTED|CONFIDENTIAL)\b|\b(?:EXEMPT|RESTRICTED|CONFIDENTIAL)$"
    r"|\bnot for publication\b|\bddim i'w gyhoeddi\b"
    r"|[-–—(\[]\s*part (?:2|ii|two)\s*[)\]]?\s*$",
)
_TITLE_CASES = re.compile(
    _TITLE.pattern.replace(r"^(?:EXEMPT|RESTRICTED|CONFIDENTIAL)\b|\b(?:EXEMPT|RESTRICTED|CONFIDENTIAL)$", r"(?!)"),
    re.I,
)

_PAPER = r"(?:reports?|items?|documents?|appendix|appendices|papers?|presentations?|updates?|minutes|annex(?:es)?)"
_WORDS = re.compile(
    # "This report was restricted due to", "this Agenda Item was restricted", "the appendix is exempt from publication"
    rf"\b(?:this|the|these|both|all)\s+(?:\w+\s+){{0,4}}?{_PAPER}\s+(?:was|were|is|are|had been|has been|have been|remains?)\s+"
    r"(?:considered\s+|classed\s+as\s+|deemed\s+(?:to\s+be\s+)?|marked\s+(?:as\s+)?)?(?:an?\s+)?"
    r"(?:restricted|exempt|confidential|not for publication)\b(?!\s+(?:to|in|from\s+(?!publication|disclosure|press|the (?:press|public)))\b)"
    # "presented with a restricted report", "considered an exempt report"
    rf"|\b(?:presented with|received|considered|noted|given|gave)\s+(?:an?|the|this)\s+(?:restricted|exempt|confidential)\s+{_PAPER}\b"
    rf"|\b(?:this|the)\s+(?:restricted|exempt|confidential)\s+{_PAPER}\b"
    rf"|\b{_PAPER}\s+(?:is|are|was|were|contains?|contained)\s+(?:exempt|confidential)\s+(?:information|from publication)\b"
    rf"|\b{_PAPER}\s+(?:is|are|was|were)\s+(?:restricted|not for publication)\s+(?:due to|because|by virtue|under|owing to|as it)\b",
    re.IGNORECASE,
)
# the motion to exclude the public speaks of the items that follow, not of itself
_EXCLUSION = re.compile(
    r"exclu(?:sion|de|ding)\b.{0,40}?\b(?:press|public)|(?:press|public)\b.{0,40}?\bexclu(?:sion|ded)|gwahardd y (?:cyhoedd|wasg)"
    r"|cau allan y (?:cyhoedd|wasg)|exempt (?:information|items|business)$|^(?:part (?:2|ii|two)|private business|confidential items)$",
    re.IGNORECASE | re.DOTALL,
)
_MOTION = re.compile(r"exclu(?:de|ded|sion of)\s+(?:the\s+)?(?:press|public|members of the public)", re.IGNORECASE)
_PARAGRAPH = re.compile(
    r"\b(?:categor(?:y|ies)|paragraph\(?s?\)?|para(?:s|\.)?)\s*(?P<which>\d[\d\s,and&()]{0,20}?)\s*"
    r"(?=[).;]|$|\s(?:of|under|in)\b|,|\s-)",
    re.IGNORECASE,
)
_SCHEDULE = re.compile(r"\bschedule\s+12a\b", re.IGNORECASE)


def restriction(
    title: str, text: str | None, minutes: str | None, *, marked: bool
) -> tuple[bool, RestrictedBy | None, str | None]:
    """Whether an item is restricted, what tells so, and the paragraph of Schedule 12A where one is named.

    The paragraph is the number alone: "3", or "1, 2 and 3".
    """
    by_title = bool(_TITLE.search(title) or _TITLE_CASES.search(title)) and not _EXCLUSION.search(title)
    if marked:
        return True, "mark", _paragraph(title) or _paragraph_in(text, minutes)
    if by_title:
        return True, "title", _paragraph(title) or _paragraph_in(text, minutes)
    if not _EXCLUSION.search(title):
        for said in (minutes, text):
            if said and any(_restricts(line) for line in said.split("\n")):
                return True, "words", _paragraph_in(said)
    return False, None, None


def _restricts(paragraph: str) -> bool:
    return _WORDS.search(paragraph) is not None or (
        _SCHEDULE.search(paragraph) is not None
        and _MOTION.search(paragraph) is None
        and re.search(r"\b(?:is|are|was|were|contains?|not for publication|exempt)\b", paragraph, re.IGNORECASE)
        is not None
        and re.search(rf"\b{_PAPER}\b", paragraph, re.IGNORECASE) is not None
    )


def _paragraph_in(*texts: str | None) -> str | None:
    for said in texts:
        for line in (said or "").split("\n"):
            if _SCHEDULE.search(line) and (which := _paragraph(line)):
                return which
    return None


def _paragraph(words: str) -> str | None:
    found = _PARAGRAPH.search(words)
    return re.sub(r"\s+", " ", found["which"]).strip(" ,()&") if found else None
