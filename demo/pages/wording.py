"""Labels, dates and numbers as moderngov prints them, in English and Welsh.

The Welsh of months, days, am and pm, of Cofnodion, Penderfyniad, Dogfennau ychwanegol and Eitem Agenda was seen as text
at Welsh councils; the rest of it is our own, and stands for "other words than expected".
"""

from __future__ import annotations

from datetime import date, datetime

from demo.council import Council

WELSH = {
    "Meeting": "Cyfarfod",
    "Agenda": "Rhaglen",
    "Agenda and draft minutes": "Rhaglen a chofnodion drafft",
    "Agenda and minutes": "Rhaglen a chofnodion",
    "Agenda and decisions": "Rhaglen a phenderfyniadau",
    "Agenda, decisions and draft minutes": "Rhaglen, penderfyniadau a chofnodion drafft",
    "Agenda, decisions and minutes": "Rhaglen, penderfyniadau a chofnodion",
    "Agenda item": "Eitem Agenda",
    "Browse meetings": "Pori cyfarfodydd",
    "Committee structure": "Strwythur pwyllgorau",
    "Committee details": "Manylion y pwyllgor",
    "Additional documents:": "Dogfennau ychwanegol:",
    "Supporting documents:": "Dogfennau ategol:",
    "Decision:": "Penderfyniad:",
    "Minutes:": "Cofnodion:",
    "Venue: ": "Lleoliad: ",
    "Proposed venue: ": "Lleoliad arfaethedig: ",
    "Contact: ": "Cyswllt: ",
    "Items": "Eitemau",
    "No.": "Rhif",
    "Item": "Eitem",
    "Decisions": "Penderfyniadau",
    "Minutes": "Cofnodion",
    "Meetings": "Cyfarfodydd",
    "CANCELLED": "WEDI'I GANSLO",
    "No documents are available for this meeting": "Nid oes dogfennau ar gael ar gyfer y cyfarfod hwn",
    "Attendance details": "Manylion presenoldeb",
    "Agenda frontsheet": "Taflen flaen y rhaglen",
    "Agenda reports pack": "Pecyn adroddiadau'r rhaglen",
    "Printed decisions": "Penderfyniadau printiedig",
    "Printed minutes": "Cofnodion printiedig",
    "Printed draft minutes": "Cofnodion drafft printiedig",
    "pdf icon": "pdf eicon",
    "view the full minutes text for item": "gweld testun llawn y cofnodion ar gyfer eitem",
    "Earlier meetings": "Cyfarfodydd cynharach",
    "Later meetings": "Cyfarfodydd diweddarach",
}

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "cy": (
        "Dydd Llun",
        "Dydd Mawrth",
        "Dydd Mercher",
        "Dydd Iau",
        "Dydd Gwener",
        "Dydd Sadwrn",
        "Dydd Sul",
    ),
}
_MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "cy": (
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ),
}
_WELSH_ORDINALS = {1: "af", 2: "il", 3: "ydd", 4: "ydd", 5: "ed", 6: "ed"}


def said(words: str, language: str) -> str:
    """A label of the site in its language."""
    return WELSH.get(words, words) if language == "cy" else words


def month(number: int, language: str = "en") -> str:
    return _MONTHS[language][number - 1]


def weekday(day: date, language: str = "en") -> str:
    return _DAYS[language][day.weekday()]


def ordinal(day: int, language: str = "en") -> str:
    """``26th``, ``1st``; in Welsh ``3ydd``."""
    if language == "cy":
        return f"{day}{_WELSH_ORDINALS.get(day, 'eg' if day > 10 else 'fed')}"
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def long_date(day: date, council: Council, language: str = "en") -> str:
    """``Wednesday 26th November 2025`` (Stockton), ``Thursday 15 January 2026`` (Kingston)."""
    number = ordinal(day.day, language) if council.ordinals else str(day.day)
    return f"{weekday(day, language)} {number} {month(day.month, language)} {day.year}"


def short_date(day: date, language: str = "en") -> str:
    """``26 Nov 2025``, in lists."""
    return f"{day.day} {month(day.month, language)[:3]} {day.year}"


def clock_time(moment: datetime, council: Council, language: str = "en") -> str:
    """``9.00 am`` or ``9:00 am``; in Welsh ``9.00 yb``."""
    half = ("yb" if moment.hour < 12 else "yh") if language == "cy" else ("am" if moment.hour < 12 else "pm")
    mark = "." if council.dotted_time else ":"
    return f"{(moment.hour - 1) % 12 + 1}{mark}{moment.minute:02d} {half}"


def slashed(day: date | None) -> str:
    """``26/11/2025``; nothing for no date."""
    return f"{day:%d/%m/%Y}" if day else ""


def file_date(moment: datetime, council: Council) -> str:
    """``Wednesday 26th-Nov-2025 09.00``, in the names of files."""
    number = ordinal(moment.day) if council.ordinals else str(moment.day)
    return f"{weekday(moment)} {number}-{month(moment.month)[:3]}-{moment.year} {moment:%H.%M}"
