"""What a body resolved: the entries of a list under "RESOLVED", and what was moved where it is said to be carried."""

import re
from collections.abc import Sequence
from dataclasses import replace

from notifiers.reading import Clause

LEAD = re.compile(r" (resolved|agreed|decision|decided|approved|recommend\w*|penderfynwyd) ")
LED = re.compile(r"(?: \d{1,2}| [a-z]{1,3}){0,3} (?:that|to) | (?:\d{1,2}|[a-hivx]{1,3}) ")
_WHAT = r"(?:motion|recommendations?|proposals?|proposition|resolution)"
# "Agreed as recommended.", "The motion was carried.": what the sentence before it put to a body is resolved.
_ASSENT = re.compile(
    r"^(?: (?:on|upon|being|put|to|the|vote|it|was|a|members|cabinet|council|committee|executive|board|and|unanimously|that))*"
    rf"(?: {_WHAT}(?! [^@]* (?:not|lost|defeated|rejected|fell) )(?: [a-z]+){{0,6}}"
    r" (?:carried|agreed|approved|accepted|adopted|passed|endorsed)"
    r"| (?:agreed|approved|carried|accepted|so (?:agreed|resolved)|endorsed|adopted)"
    r"(?: (?:as recommended|as proposed|as set out|as per|with|in line|in accordance"
    rf"|(?:the|this|all|both) (?:officer )?{_WHAT}))*)"
    r"(?: (?:unanimously|nem|con|in|full|as|printed|set|out|by|\d+|votes|to|accordingly|without|dissent|debate|on|a|show|of"
    r"|hands))* $"
)
_PUT = re.compile(
    r" (?:recommended|recommends|recommending|recommendation (?:is|was|being)|proposed|proposes|moved|seconded|suggested"
    r"|(?:moved|proposed|seconded) by(?: [a-z]+){1,4}(?= that )"
    r"|(?:seeks?|sought|asks?|asked|requests?|requested|seeking)"
    r" (?:approval|authority|agreement|permission|members|cabinet|council))"
    r"(?= (?:that|to|an|a|the|for|making|extending|varying|renewing|discharging) )"
)
_CONSULTING = re.compile(r" (?:consult\w*|survey|engagement) ")
_LETTERS = re.compile(r"[^ ]")


def resolutions(clauses: Sequence[Clause], lead: str | None) -> list[Clause]:
    """The clauses, with what a body resolved put as resolved. `lead` is the word that leads the first list of entries."""
    return _led(_assented(clauses), lead)


def _assented(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses, with what was moved or recommended put as resolved where the next sentence says that it was carried.

    That a consultation is to be held settles no order: there that sentence tells nothing further.
    """
    of: dict[int, list[Clause]] = {}
    for clause in clauses:
        of.setdefault(clause.sentence, []).append(clause)
    put: set[int] = set()
    consulting: set[int] = set()
    for sentence, said in of.items():
        before = of.get(sentence - 1, []) if sentence > 1 else []
        if all(_ASSENT.match(part.line) for part in said) and any(_PUT.search(part.line) for part in before):
            put.add(sentence - 1)
            if any(_CONSULTING.search(part.line) for part in before):
                consulting.add(sentence)
    return [
        _resolved(clause)
        if clause.sentence in put
        else replace(clause, line=_LETTERS.sub("~", clause.line))
        if clause.sentence in consulting
        else clause
        for clause in clauses
    ]


def _resolved(clause: Clause) -> Clause:
    match = _PUT.search(clause.line)
    if match is None:
        return clause
    first, end = match.span()
    shift = len(" resolved") - (end - first)
    return replace(
        clause,
        line=f"{clause.line[:first]} resolved{clause.line[end:]}",
        starts=tuple(s if s <= first else s + shift for s in clause.starts if s <= first or s >= end),
        dates=tuple((s if s <= first else s + shift, stated) for s, stated in clause.dates),
    )


def _led(clauses: Sequence[Clause], lead: str | None) -> list[Clause]:
    """The clauses, with the word that leads a list of resolutions or recommendations put before each of its entries."""
    led: list[Clause] = []
    for clause in clauses:
        own = LEAD.search(clause.line)
        goes_on = own is None and lead is not None and LED.match(clause.line) is not None
        led.append(_behind(clause, lead) if goes_on and lead else clause)
        if own:
            lead = own.group(1)
        elif not goes_on and clause.sentence and len(clause.starts) > 3:
            lead = None
    return led


def _behind(clause: Clause, lead: str) -> Clause:
    shift = len(lead) + 1
    return replace(
        clause,
        line=f" {lead}{clause.line}",
        starts=(0, *(start + shift for start in clause.starts)),
        dates=tuple((start + shift, stated) for start, stated in clause.dates),
    )
