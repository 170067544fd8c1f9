"""Dates as councils write them, in English and Welsh: found in a text, and read no more precisely than they stand there."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Precision = Literal["year", "month", "day"]

_MONTHS = (
    r"(?i:jan(?:uary)?)|Ionawr",
    r"(?i:feb(?:ruary)?)|Chwefror|Gwefror",
    r"Mar(?:ch)?|MAR(?:CH)?|[MF]awrth",
    r"(?i:apr(?:il)?)|Ebrill",
    r"May|MAY|[MF]ai",
    r"(?i:june?)|[MF]ehefin",
    r"(?i:july?)|G?orffennaf|Gorffenaf",
    r"(?i:aug(?:ust)?)|Awst",
    r"(?i:sept?(?:ember)?)|[MF]edi",
    r"(?i:oct(?:ober)?)|Hydref",
    r"(?i:nov(?:ember)?)|[TDN]h?achwedd",
    r"(?i:dec(?:ember)?)|R?h?agfyr",
)
_MONTH = "|".join(f"(?:{names})" for names in _MONTHS)
_READ_MONTHS = tuple(re.compile(f"(?:{names})\\.?") for names in _MONTHS)
_WEEKDAY = r"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+(?:the\s+)?)?"
_ORDINAL = r"(?:\s?(?i:st|nd|rd|th|ain|af|ydd|fed|eg))?"
_DAY = rf"(?=[\dMTWFSmtwfs])(?<![\d.£/]){_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}"
_OF = r"\s+(?:(?i:day)\s+)?(?:(?i:of|o)\s+)?(?:(?i:fis|mis)\s+)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)(?!\d)|,?\s+['’](?P<short>\d\d)(?!\d))"
# "20 October this year", "30 June next".
_RELATIVE = re.compile(
    r",?\s+(?:of\s+)?(?P<of>this|next|last)\s+year\b|,?\s+(?P<alone>next|last)(?=[,.;)]|\s*$|\s+(?:and|at|for|in|on|to|but|when)\b)"
)
_YEARS_ON = {"last": -1, "this": 0, "next": 1}
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    "|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|twenty-second|twenty-third|twenty-fourth"
    "|twenty-fifth|twenty-sixth|twenty-seventh|twenty-eighth|twenty-ninth|thirtieth|thirty-first"
)
# The months of a season that no year is said of; a winter has two years.
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "gwanwyn": (3, 5), "haf": (6, 8), "hydref": (9, 11)}
_MEETING = r"(?:full )?(?:meeting|cabinet|council|executive|committee|board)\b"
_INITIAL = "(?=[A-Zjfasondmj])"  # spares trying every name at every word
_BARE = r"(?P<year>20\d\d)(?![\d/]|\s?[-–]\s?\d)"
# Words from which a month or a season is known for a date where no number stands beside it.
_BEFORE = re.compile(
    r"\b(in|by|until|till|to|from|during|over|since|before|after|of|next|last|this|coming|early|late|mid|for|and|between|around"
    r"|throughout|mis|ym|fis|hyd|d?diwedd|d?dechrau|(?:at|to|for|until|by) (?:the|its|their|our|her|his))[\s-]+$",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(
    r"\b(in|by|during|until|till|since|from|to|early|late|mid|(?:end|start|beginning|middle|part|half) of|yn)[\s-]+$",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(in the|by the|during the|this|next|last|coming|yn yr|yn y)\s+$", re.IGNORECASE)
_ANY = ("",)
_DOTTED = tuple(f".{digit}" for digit in range(10))
_SEASONAL = ("spring", "summer", "autumn", "winter", "gwanwyn", "haf", "gaeaf", "hydref")
# Each form of a date after what a text must have for it, in lower case: most texts are spared most forms.
_FORMS = tuple(
    (needs, re.compile(form))
    for needs, form in (
        (("-",), r"(?<![\d/.-])(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?![\d-])"),
        (
            ("/", "-"),
            r"(?<![\d/.-])(?P<day>\d{1,2})(?P<mark>[/-])(?P<number>\d{1,2})(?P=mark)(?:(?P<year>20\d\d)|(?P<short>\d\d))(?![\d/-])",
        ),
        (("/",), r"(?<![\w/.-])(?P<number>0[1-9]|1[0-2])/(?P<year>20\d\d)(?![\d/-])"),
        (_DOTTED, r"(?<![\d/.-])(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>20\d\d)(?!\d)"),
        (_DOTTED, r"(?<![\d/.-])(?P<day>\d\d)\.(?P<number>\d\d)\.(?P<short>\d\d)(?!\.?\d)"),
        (_DOTTED, r"(?:(?<=[a-z:] )|(?<=\())(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<short>[23]\d)(?!\.?\d)"),
        (_ANY, rf"{_DAY}(?:{_OF}|[-\s]?)(?P<month>{_MONTH})\b\.?(?:{_YEAR}|-(?P<hyphened>20\d\d)(?!\d))?"),
        (("month",), rf"{_DAY}\s+of\s+(?P<on>this|next)\s+month\b"),
        (_ANY, rf"(?i:\b(?=[fsten])(?P<ordinal>{_ORDINALS}))\s+(?:day\s+)?of\s+(?P<month>{_MONTH})\b(?:{_YEAR})?"),
        (
            _ANY,
            rf"\b{_INITIAL}(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:{_ORDINAL}{_YEAR}|\s?(?:st|nd|rd|th)\b|(?=[.,;):]|\s+[-–—]\s|\s*$))",
        ),
        (_ANY, rf"\b{_INITIAL}(?P<month>{_MONTH})\b\.?{_YEAR}"),
        (
            _ANY,
            rf"\b{_INITIAL}(?P<month>{_MONTH})(?=\s*(?:(?:to|and|-|–|/)\s*(?:{_MONTH})\s+20\d\d|(?:to|-|–)\s*(?:{_MONTH})\b))",
        ),
        (
            _ANY,
            rf"\b{_INITIAL}(?P<bare>{_MONTH})\b(?:(?:['’]s)?(?=(?P<meeting>\s+(?i:{_MEETING})))|(?!['’.-]?\w|\s+\d))",
        ),
        (
            _SEASONAL,
            r"\b(?=[SAWGHsawgh])(?i:spring|summer|autumn|winter|gwanwyn|haf|gaeaf)"
            r"(?:\s*(?:/|or|and)\s*(?i:spring|summer|autumn|winter))?\s+(?:of\s+)?" + _BARE,
        ),
        (
            _SEASONAL,
            r"\b(?=[SAGHsagh])(?P<season>(?i:spring|summer|autumn)|gwanwyn|haf|hydref)"
            r"(?=\s*$|[,.;:)]|\s+(?:and|to|so|but|with|for|when|once|as|at|if|of|on)\b(?!\s+\d))",
        ),
        (_ANY, rf"\b(?P<lone>{_BARE})"),
    )
)
# "3–28 November", "between 1 and 28 September": the first day has the second's month.
_FIRST_DAY = re.compile(
    rf"(?<![\d.£/]){_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}\s*(?:[-–—]|\b(?:to|until|and|hyd|i|a|tan)\b)\s*(?:the\s+)?$"
)
_BETWEEN = re.compile(r"(?i:between|rhwng)\s+(?:the\s+)?(?:\w+day,?\s+)?(?:the\s+)?$")
# What comes round again is no date: "between 1 May and 30 September each year".
_YEARLY = re.compile(
    r"[\s,]*(?:\(?inclusive\)?[\s,]*)?(?:(?:of|in)\s+)?(?i:each|every|any)\s+(?i:calendar )?"
    r"(?i:year|summer|winter|season)|[\s,]*annually"
)
_CONNECTED = re.compile(
    r"[\s,]*(?:[-–—/]|\b(?:(?:(?:through|up|right) )?(?:to|until|till)|and|hyd|tan|i|at|a|ac)\b)"
    r"(?:[\s,]|\b(?:on|the|at|midnight|noon|midday|end|of|including|hanner|nos|(?:\d{1,2}(?:[.:]\d\d)?)\s?[ap]\.?m\.?)(?!\w))*"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as stated: what the text leaves out is None. `past` where the text itself says so ("last October")."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    past: bool | None = None
    follows: bool = False
    """Whether it ends a range that the date before begins: "3 November to 14 December"."""
    months_on: int | None = None
    """Of a day in "this month" or "next month": how many months after the text's."""

    years_on: int | None = None
    """Of a date "this year" or "next year": how many years after the text's."""

    season: str | None = None

    @property
    def precision(self) -> Precision:
        return "year" if self.month is None and self.months_on is None else "month" if self.day is None else "day"


def find_dates(text: str) -> list[Stated]:
    """The dates that a text states, in order. Impossible ones ("31 February 2026") are none."""
    taken: dict[int, Stated] = {}
    covered = bytearray(len(text))  # letters that an earlier form has read
    lower = text.lower()
    for needs, form in _FORMS:
        if not any(need in lower for need in needs):
            continue
        for match in form.finditer(text):
            if any(covered[match.start() : match.end()]):
                continue
            covered[match.start() : match.end()] = b"x" * len(match.group())
            stated = _stated(match)
            if stated is None:
                continue
            taken[stated.start] = stated
            first = _first_day(text, stated)
            if first is not None and not any(covered[first.start : first.end]):
                covered[first.start : first.end] = b"x" * (first.end - first.start)
                taken[first.start] = first
                taken[stated.start] = replace(stated, follows=True)
    return _once(text, _ranges(text, [taken[start] for start in sorted(taken)]))


def _once(text: str, dates: list[Stated]) -> list[Stated]:
    """The dates but for those of every year."""
    kept: list[Stated] = []
    yearly = False
    for stated in reversed(dates):
        ends_yearly = yearly
        yearly = _YEARLY.match(text, stated.end) is not None or ends_yearly
        if not yearly:
            kept.append(stated)
        yearly = yearly and stated.follows
    return kept[::-1]


def _stated(match: re.Match[str]) -> Stated | None:
    said = match.groupdict()
    year = said.get("year") or said.get("hyphened") or (f"20{said['short']}" if said.get("short") else None)
    day = int(said["day"]) if said.get("day") else None
    if said.get("ordinal"):
        day = _ORDINALS.split("|").index(said["ordinal"].lower()) + 1
    month: int | None = None
    if said.get("number"):
        month = int(said["number"])
    elif name := said.get("month") or said.get("bare"):
        month = next(n for n, names in enumerate(_READ_MONTHS, 1) if names.fullmatch(name))
    start = match.start()
    season = said.get("season")
    before: str | None = None
    if season or said.get("bare") or said.get("lone"):
        leads = _WHEN if season else _BEFORE if said.get("bare") else _IN_YEAR
        led = leads.search(match.string, max(0, start - 16), start)
        if led is None or (" " in led[1] and said.get("bare") and not said["meeting"]):
            return None
        before = led[1]
    months_on = ("this", "next").index(said["on"].lower()) if said.get("on") else None
    tense = _tense(before) if month or season else None
    end = match.end()
    years_on: int | None = None
    relative = _RELATIVE.match(match.string, end) if month and not year else None
    if relative:
        end = relative.end()
        years_on = _YEARS_ON[relative["of"]] if relative["of"] else None
        tense = tense if relative["of"] else relative["alone"] == "last"
    stated = Stated(start, end, int(year) if year else None, month, day, tense, months_on=months_on, years_on=years_on)
    if season:
        stated = replace(stated, season=season.lower())
    return stated if _possible(stated) else None


def _tense(before: str | None) -> bool | None:
    word = (before or "").lower()
    return True if word == "last" else False if word in ("next", "this") else None


def _possible(stated: Stated) -> bool:
    if stated.month is None:
        return True
    try:
        date(stated.year or 2024, stated.month, stated.day or 1)  # a leap year, where none is said
    except ValueError:
        return False
    return True


def _first_day(text: str, stated: Stated) -> Stated | None:
    if stated.day is None or stated.month is None:
        return None
    begin = max(0, stated.start - 40)
    match = _FIRST_DAY.search(text[begin : stated.start])
    if match is None:
        return None
    start = begin + match.start()
    if re.search(r"\b(?:and|a)\b", match.group()) and not _BETWEEN.search(text[max(0, start - 40) : start]):
        return None
    first = replace(stated, start=start, end=begin + match.end("day"), day=int(match["day"]))
    return first if _possible(first) and int(match["day"]) < stated.day else None


def _ranges(text: str, dates: list[Stated]) -> list[Stated]:
    """Marks the ends of ranges, and gives their two dates the year that only one of them says."""
    for n in range(1, len(dates)):
        first, second = dates[n - 1], dates[n]
        gap = text[first.end : second.start]
        if not second.follows and (len(gap) > 40 or not _CONNECTED.fullmatch(gap)):
            continue
        dates[n] = second = replace(second, follows=True)
        later = (second.month or 12, second.day or 31) >= (first.month or 1, first.day or 1)
        if first.year is None and second.year is not None:
            dates[n - 1] = replace(first, year=second.year if later else second.year - 1)
        elif second.year is None and first.year is not None:
            dates[n] = replace(second, year=first.year if later else first.year + 1)
    return dates


def resolve(stated: Stated, as_of: date, *, past: bool) -> date:
    """The date as a day to compare by, the first of what it may be. A year left out is the next such date from
    `as_of`, or the last where it is `past`; a range's end is never before its beginning for that reason alone."""
    if stated.months_on is not None:
        month = as_of.month + stated.months_on
        return _in_month(as_of.year + month // 13, (month - 1) % 12 + 1, stated.day or 1)
    if stated.season is not None:
        begins, ends = _SEASONS[stated.season]
        past = stated.past if stated.past is not None else past
        off = -(as_of.month < begins) if past else int(as_of.month > ends)
        return date(as_of.year + off, 1, 1)
    year = stated.year if stated.years_on is None else as_of.year + stated.years_on
    if year is not None:
        return date(year, stated.month or 1, min(stated.day or 1, monthrange(year, stated.month or 1)[1]))
    step = -1 if (stated.past if stated.past is not None else past) else 1
    for other in (as_of.year + step * n for n in range(9)):
        try:
            day = date(other, stated.month or 1, stated.day or 1)
        except ValueError:  # 29 February
            continue
        now = as_of if stated.day is not None else as_of.replace(day=1)
        if (day - now).days * step >= 0:
            return day
    raise AssertionError("a date that is possible comes within eight years")


def _in_month(year: int, month: int, day: int) -> date:
    """A day of a month, or its last where it has no such day."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def iso(day: date, precision: Precision) -> str:
    """A day cut to its precision: "2026", "2026-04" or "2026-04-30"."""
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
