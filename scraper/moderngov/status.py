"""The words that a site adds to a meeting's date, or that the web service gives as its status.

Captured: `, CANCELLED` (Kingston), `Cancelled`, `Confirmed` (Manchester). Reported: `Confirmed; Rescheduled from 24
September 2026`, `CANCELLED - `, `PROVISIONAL - `. The Welsh words have no capture.
"""

from __future__ import annotations

import re

from scraper.records import Status

_CANCELLED = re.compile(
    r"(?:meeting |(?:has |wedi )?been |wedi(?: ei|'i|’i) )?(?:cancel+ed|[cg]h?anslwyd|[cg]h?anslo|abandoned|dilëwyd)",
    re.IGNORECASE,
)
# a meeting put off does not take place on its day either, and a reader wants the word that was used
_PUT_OFF = re.compile(r"postponed|deferred|g?ohiriwyd|(?:wedi(?: ei|'i|’i) )?[g]?ohirio", re.IGNORECASE)
_USUAL = re.compile(r"confirmed|scheduled|cadarnhawyd|wedi(?: ei|'i|’i) gadarnhau", re.IGNORECASE)


def status_of(words: str) -> tuple[Status, str | None]:
    """`cancelled` or `scheduled`, and what else the words say ("Rescheduled from 24 September 2026", "PROVISIONAL")."""
    cancelled = False
    notes: list[str] = []
    for part in re.split(r";|,(?=\s*[A-Z]{4})|\s[-–]\s", words):
        note = part.strip(" ,.-–()[]*")
        if not note or _USUAL.fullmatch(note):
            continue
        if _CANCELLED.fullmatch(note):
            cancelled = True
            continue
        cancelled = cancelled or bool(re.match(_CANCELLED.pattern + r"\b", note, re.IGNORECASE) or _PUT_OFF.match(note))
        notes.append(note)
    return "cancelled" if cancelled else "scheduled", "; ".join(notes) or None
