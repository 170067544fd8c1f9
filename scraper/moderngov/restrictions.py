"""What tells that an item is restricted: the page's own mark, its title, or only the words of its texts.

No restricted item was captured. Titles that end ` - Exempt` or `(Exempt Category 3)` and the link
`mgReasonsRestricted.aspx` are reported; words alone ("This report was restricted due to …") are those of Stockton's
minutes of 26 November 2025, where nothing else marks the four restricted items.
"""

from __future__ import annotations

import re

from scraper.records import RestrictedBy

_KIND = r"(?:exempt|restricted|confidential|not for publication)"
_NAMED = ("exempt", "restricted", "confidential", "publication", "schedule")  # without one of these nothing is told

_IN_TITLE = re.compile(
    # " - Exempt", "(Exempt Category 3)", ": Confidential Appendix", "- Exempt - paragraph 3"
    rf"[-–—:(\[]\s*(?:part(?:ly|ially)?[ -])?(?:{_KIND}|private|eithriedig|cyfyngedig)"
    r"(?:[\s-]+(?:items?|reports?|appendix|appendices|business|information|category|categories|paragraphs?|para|under"
    r"|by virtue|\d)[^)\]]*)?\s*[)\]]?\s*$"
    # "Exempt Item: Land at …"
    rf"|^\s*(?:{_KIND}|private)(?:\s+(?:item|report|business|minutes))?\s*[-–—:]\s*\S"
    r"|\bnot for publication\b|\bprivate and confidential\b|\bddim i['’]w gyhoeddi\b"
    r"|\(part (?:2|ii|two)\)\s*$|\s[-–—]\s*part ii\s*$",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"^(?:EXEMPT|RESTRICTED|CONFIDENTIAL)\b|\b(?:EXEMPT|RESTRICTED|CONFIDENTIAL)$")
_OTHER_PARTS = re.compile(
    r"\b(?:plan|policy|policies|act|phase|strategy|review)\b", re.IGNORECASE
)  # "Local Plan (Part 2)"

_PAPER = r"(?:reports?|items?|documents?|appendix|appendices|papers?|minutes|annex(?:es)?)"
_VERB = r"(?:was|were|is|are|had been|has been|have been|remains?)"
_IN_WORDS = re.compile(
    # "This report was restricted due to", "this Agenda Item was restricted", "the appendix is exempt from publication"
    rf"\b(?:this|the|these|both|all)\s+(?:\w+\s+){{0,4}}?{_PAPER}\s+{_VERB}\s+"
    rf"(?:considered\s+|classed\s+as\s+|deemed\s+(?:to\s+be\s+)?|marked\s+(?:as\s+)?)?(?:an?\s+)?{_KIND}\b"
    r"(?!\s+(?:to|in|from\s+(?!publication|disclosure|press|the (?:press|public)))\b)"
    # "presented with a restricted report", "considered an exempt report", "this confidential item"
    rf"|\b(?:presented with|received|considered|noted|given|gave)\s+(?:an?|the|this)\s+{_KIND}\s+{_PAPER}\b"
    rf"|\b(?:this|the)\s+{_KIND}\s+{_PAPER}\b"
    rf"|\b{_PAPER}\s+(?:{_VERB}|contains?|contained)\s+(?:exempt|confidential)\s+(?:information|from publication)\b"
    rf"|\b{_PAPER}\s+{_VERB}\s+(?:restricted|not for publication)\s+"
    r"(?:due to|because|by virtue|under|owing to|as it)\b",
    re.IGNORECASE,
)
# the motion to exclude the public speaks of the items that follow, not of itself
_EXCLUSION = re.compile(
    r"exclu(?:sion|de|ding)\b.{0,40}?\b(?:press|public)|(?:press|public)\b.{0,40}?\bexclu(?:sion|ded)"
    r"|(?:gwahardd|cau allan) (?:y |[ao]['’]r )?(?:cyhoedd|wasg)"
    r"|^(?:part (?:2|ii|two)|(?:private|exempt|confidential|restricted) (?:information|items|business))$",
    re.IGNORECASE | re.DOTALL,
)
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

    The paragraph is the number alone: "3", or "1 and 2". `marked` is the page's own mark, which outranks words.
    """
    told: RestrictedBy | None = None
    if marked:
        told = "mark"
    elif _EXCLUSION.search(title) is None:
        if _title_tells(title):
            told = "title"
        elif any(_tells(line) for said in (minutes, text) for line in _named(said)):
            told = "words"
    if told is None:
        return False, None, None
    return True, told, _paragraph(title) or _paragraph_in(minutes) or _paragraph_in(text)


def _named(said: str | None) -> list[str]:
    """The paragraphs that are to be looked at closely."""
    folded = (said or "").casefold()
    if not any(word in folded for word in _NAMED):
        return []
    return [line for line in (said or "").split("\n") if any(word in line.casefold() for word in _NAMED)]


def _title_tells(title: str) -> bool:
    found = _IN_TITLE.search(title)
    if found and "part" in found.group().lower() and _OTHER_PARTS.search(title):
        return False
    return found is not None or (not title.isupper() and _SHOUTED.search(title) is not None)


def _tells(paragraph: str) -> bool:
    if _IN_WORDS.search(paragraph):
        return True
    return bool(
        _SCHEDULE.search(paragraph)
        and not _EXCLUSION.search(paragraph)
        and re.search(
            rf"\b(?:exempt|not for publication|{_PAPER}\s+(?:is|are|was|were|contains?))\b", paragraph, re.IGNORECASE
        )
    )


def _paragraph_in(said: str | None) -> str | None:
    lines = (said or "").split("\n")
    return next((which for line in lines if _SCHEDULE.search(line) and (which := _paragraph(line))), None)


def _paragraph(words: str) -> str | None:
    found = _PARAGRAPH.search(words)
    return re.sub(r"\s+", " ", found["which"]).strip(" ,()&") if found else None
