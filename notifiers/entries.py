"""Lists of matters and records of one: which entry or field of them is the topic's."""

import re
from collections.abc import Sequence

from notifiers.other_matters import names_a_step
from notifiers.reading import Clause

# "b the bus network review": an entry of a lettered list, and the first words of what it is about.
_LETTERED = re.compile(r" (?P<letter>[a-h]|[iv]{1,4})(?: (?:the|an?))?(?P<head>(?: [^ ]+){2})(?= )")
_RESOLVES = re.compile(r" (?:[a-h]|[iv]{1,4}) (?:that|to|the (?:report|consultation|orders?|proposals?|draft)) ")
# The fields that every record of an order or a consultation has.
_FIELD = re.compile(
    r" (?:(?:public|statutory|formal|proposed|expected|anticipated|date|earliest|of|the|dates|order|target) )*"
    r"(?:consult\w*|expiry|expires|commence\w*|comes into \w+|in force|decision|duration|term)"
    r"(?: (?:period|dates?|start\w*|ends?|opens?|closes?|closed|held|undertaken|ran|due|expected|from|until|of|order|month|made"
    r"|effective))* $"
)

# "Register of PSPOs", "The following orders are in force:": what a list of orders stands under.
_REGISTER = re.compile(
    r" (?:registers?|list|schedule|table|following|below|details|expiry dates?|end dates?)(?: [^ ]+){0,4} @topic "
    r"| @topic (?:[^ ]+ ){0,3}(?:as follows|register|schedule|are|listed|below) "
)
_TERM = re.compile(r" (?:in force|until|expir\w+|ends?|ending|lapses|made|sealed|extended|renewed|from|to|due|runs) ")


def other_entries(clauses: Sequence[Clause]) -> frozenset[int]:
    """The numbers of the clauses with which other matters begin, in a list in which the topic is one: "(b) Bus review"."""
    entries = [
        (number, clause, match)
        for number, clause in enumerate(clauses)
        if (match := _LETTERED.match(clause.line)) and not _RESOLVES.match(clause.line)
    ]
    if len({match["letter"] for _, _, match in entries}) < 2:
        return frozenset()
    if not any(" @topic " in clause.line for _, clause, _ in entries):
        return frozenset()
    return frozenset(
        number
        for number, clause, match in entries
        if " @topic " not in clause.line and not names_a_step(f"{match['head']} ")
    )


def field_of_record(before: Sequence[Clause], clause: Clause, *, headed: bool) -> bool:
    """Whether a clause is a field that every record has ("Consultation period: ..."), of one that has the topic in its title
    or in a field among those `before`.
    """
    if clause.label is None or _FIELD.match(f" {clause.label} ") is None:
        return False
    record = next((one for one in reversed(before) if one.label and " @topic " in one.line), None)
    if record is None:
        return headed
    kind = _number_off(record.label)
    return not any(one.label and _number_off(one.label) == kind for one in before if one.sentence > record.sentence)


def _number_off(label: str | None) -> str:
    """What a field is called: "item" of "Item 14"."""
    return (label or "").rstrip("0123456789 ")


def entry_of_register(before: Sequence[Clause], clause: Clause) -> bool:
    """Whether a clause is an entry of a list of orders, and says of one how long it lasts: "Lakeside: until May 2028"."""
    if clause.label is None or not clause.dates or _TERM.search(clause.line) is None:
        return False
    listed = next((one for one in reversed(before) if one.label is None), None)
    return listed is not None and _REGISTER.search(listed.line) is not None
