"""Lists of matters and records of one: which entry or field of them is the topic's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from config.topics import Topic
from notifiers.other_matters import matters_of, names_a_step
from notifiers.reading import Clause

# How entries are numbered: "24/33", "3.2", "EB 74", "Priority 4"; "b", "iv".
_NUMBERED = re.compile(r" (?:[a-z]+ (?=[a-z]))?(?P<series>(?:[a-z]+ ?)?)(?P<number>\d{1,4}(?: \d{1,4}){0,2})(?= )")
_LETTERED = re.compile(r" (?P<number>[a-h]|[iv]{1,4})(?= )")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_WORD = re.compile(r"[^\W_]+")
_GAP = 3  # by how much numbers may grow: an entry may have been left out
_RESOLVES = re.compile(r" (?:that|to|the (?:report|consultation|orders?|proposals?|draft)) ")
_A_CERTAIN = re.compile(r" (?:the|this|that|such|its|their|our|his|her|an?|y|yr)(?: [^ ]+)? $")
_ARTICLE = re.compile(r" (?:the|an?)(?= )")
_HEADING = 7  # words of a sentence that heads what follows it
_HEAD = 2  # words in which an entry without a heading says what it is about
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


@dataclass(frozen=True, slots=True)
class _Mark:
    """How an entry begins: with a number in a series, if it has one, and with words that say what it is about."""

    clause: int
    series: str
    number: tuple[int, ...]
    head: str
    """The words, each led by a space."""
    headed: bool
    """Whether they are a heading of its own: a label, or a sentence too short to say more."""

    def follows(self, before: "_Mark") -> bool:
        """Whether this is the next entry after another."""
        grown = next((now - was for now, was in zip(self.number, before.number, strict=True) if now != was), 0)
        return 0 < grown <= _GAP if self.number else self.head != before.head

    def names_a_matter(self) -> bool:
        """Whether it is about a matter rather than a part of one; labels that name the topic may be either."""
        return (bool(self.number) and " @topic" in self.head) or not names_a_step(f"{self.head} ")


def entries(topic: Topic, clauses: Sequence[Clause]) -> dict[int, bool]:
    """The clauses of a list of matters of which the topic is one, by their numbers: those of entries that are other
    matters (False), and those under a heading that names the topic (True).

    A list is some entries that begin by one numbering, or by short labels. Where the topic is named before it, or most of
    them speak of it, or they have only the headings that parts of one matter have, they are no such list.
    """
    marks = _list_of_matters(clauses)
    if not marks or any(" @topic " in clause.line for clause in clauses[: marks[0].clause]):
        return {}
    bounds = [*(mark.clause for mark in marks), _end(clauses, marks[-1].clause)]
    ours = [any(_may_speak_of(topic, one) for one in clauses[begin:end]) for begin, end in pairwise(bounds)]
    if 2 * sum(ours) > len(marks) or not any(" @topic " in clause.line for clause in clauses):
        return {}
    found: dict[int, bool] = {}
    other = bool(marks[0].number)
    for mark, end, mine in zip(marks, bounds[1:], ours, strict=True):
        # A label that names a step goes on with the entry before it: "PSPO: ... Next steps: ...".
        other = not mine and (other or bool(mark.number) or not names_a_step(f"{mark.head} "))
        if other or " @topic" in mark.head:
            found.update(dict.fromkeys(range(mark.clause, end), not other))
    return found


def _end(clauses: Sequence[Clause], last: int) -> int:
    """The number of the clause after the last entry of a list: that of a list within a sentence ends with the sentence."""
    sentence = clauses[last].sentence
    if clauses[last - 1].sentence != sentence:
        return len(clauses)
    return next((n for n, one in enumerate(clauses) if one.sentence > sentence), len(clauses))


def _may_speak_of(topic: Topic, clause: Clause) -> bool:
    """Whether a clause names the topic or speaks of an order that may be it: "their dog order"."""
    hits = topic.matters.find(clause.line, clause.starts)
    return " @topic " in clause.line or any(
        _A_CERTAIN.search(f"{clause.line[: clause.starts[word]]} ") for word in matters_of(clause, hits)[1]
    )


def _list_of_matters(clauses: Sequence[Clause]) -> Sequence[_Mark]:
    """How the entries of a list begin; nothing where no list is found, or one of parts of one matter."""
    for begins, fewest, headed in ((_numbered, 2, True), (_lettered, 2, False), (_labelled, 3, True)):
        marks = _longest([mark for n, one in enumerate(clauses) if one.sentence and (mark := begins(n, one))])
        matters = sum(mark.names_a_matter() for mark in marks)
        if matters < fewest or 2 * matters < len(marks):
            continue
        if not headed or 2 * sum(mark.headed for mark in marks) >= len(marks):
            return [*_first_within(clauses, marks[0]), *marks]
    return ()


def _first_within(clauses: Sequence[Clause], second: _Mark) -> Iterator[_Mark]:
    """The first entry of a list within a sentence, which what leads to the list stands before: "Have your say: (1) ..."."""
    sentence = clauses[second.clause].sentence
    begin = next(number for number, clause in enumerate(clauses) if clause.sentence == sentence)
    if begin < second.clause:
        yield replace(second, clause=begin, head="", headed=True)


def _longest(marks: Sequence[_Mark]) -> Sequence[_Mark]:
    """The longest run of marks in which each follows the one before it in its series."""
    runs: dict[tuple[str, int], list[list[_Mark]]] = {}
    for mark in marks:
        series = runs.setdefault((mark.series, len(mark.number)), [[mark]])
        if mark.follows(series[-1][-1]):
            series[-1].append(mark)
        elif mark is not series[-1][-1]:
            series.append([mark])
    return max((run for series in runs.values() for run in series), key=len, default=())


def _numbered(number: int, clause: Clause) -> _Mark | None:
    match = _NUMBERED.match(clause.line)
    if match is None or _RESOLVES.match(clause.line, match.end()):
        return None
    return _Mark(
        number, match["series"], tuple(int(part) for part in match["number"].split()), *_head(clause, match.end())
    )


def _lettered(number: int, clause: Clause) -> _Mark | None:
    match = _LETTERED.match(clause.line)
    if match is None or _RESOLVES.match(clause.line, match.end()):
        return None
    letter = match["number"]
    counted = _ROMAN.index(letter) if letter in _ROMAN else ord(letter[0])
    return _Mark(number, "letter", (counted,), *_head(clause, match.end()))


def _labelled(number: int, clause: Clause) -> _Mark | None:
    if clause.label is None:
        return None
    return _Mark(number, "", (), *_head(clause, 0))


def _head(clause: Clause, begin: int) -> tuple[str, bool]:
    """What an entry is about, by the words of its clause after its number, which ends at an offset; and whether they are a
    heading.
    """
    article = _ARTICLE.match(clause.line, begin)
    words = clause.line[article.end() if article else begin :].split()
    label = _WORD.findall(clause.label or "")[len(clause.line[:begin].split()) :]
    short = len(words) <= _HEADING and not clause.dates and not names_a_step(f" {' '.join(words)} ")
    if label:
        said = words[: len(label)]
        head = said if "@topic" in said else label
    else:
        head = words[: _HEADING if short and not clause.label else _HEAD]
    return "".join(f" {word}" for word in head), short or clause.label is not None


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
