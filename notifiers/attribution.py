"""Which clauses of a text speak of the topic, and which of another matter.

A reader keeps in mind what is being spoken of: a clause that names the topic is about it, one that names another matter
is about that, and one that names neither goes on with what came before, for as long as that lasts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.notation import Hit
from config.topics import Topic
from notifiers.entries import entries, entry_of_register, field_of_record
from notifiers.other_matters import matters_of, names_a_step, on_another, other_matters
from notifiers.reading import Clause
from notifiers.resolutions import LEAD, resolutions

# How a clause goes on with what came before it, though it names another matter further on.
_TAKEN_UP = re.compile(r"^(?: (?:resolved|agreed|and|so|that|then|which|also|if|when))* (?:it|they|which) ")
_THE = re.compile(
    r" (?:the|this|that|said|such an?|y|yr)(?: (?:draft|proposed|present|whole|above|current|existing|new))? $"
)
# "It ends in May": what the sentence before was about, unless nothing is meant ("it was agreed that").
_PRONOUN = re.compile(
    r"^(?: (?:resolved|agreed|and|so|that|then|but|when|as|since|because|although|while|if|members|officers|noted|said))*"
    r" (?P<it>it|they|these|both|all(?: \w+| of (?:them|these))?(?= (?:come|end|expire|lapse|run|are|were|will|would) )"
    r"|that(?= (?:comes|ends|expires|lapses|runs|will|would) ))(?= )"
    r"(?! (?:is|was|were|are|has been|had been|would be|will be|should be|may be|remains|seems|appears|follows)"
    r"(?: (?:now|then|also|further|therefore|not|unanimously|accordingly|hereby|to be|[a-z]+ly))*"
    r" (?:agreed|resolved|noted|reported|proposed|recommended|hoped|felt|thought|considered|suggested|explained|stated|said"
    r"|decided|moved|understood|known|believed|expected|pointed|asked|clear|important|likely|possible|necessary|intended|planned"
    r"|confirmed|told|informed|reminded|assured|invited|thanked|anticipated|argued|essential|advised|for|that|open|closed) )"
    r"(?! (?:seems|appears|follows|takes|took|open|opens|opened|closes|closed) )"
)
_STATES = ("in force", "none")
_UNREAD = re.compile(r"(?<= )(?!(?:committee|board|panel)(?: |$))[^ @]+")  # a body is still one
ABROAD = "another area"
ENDED = "ended"
_LATER = re.compile(
    r" (?:when|once|would|will) | (?:ha[ds] to|must|needs? to|needed to|should|to be) (?:[^ ]+ )*before "
)
_STILL = re.compile(r" still ")
GENERAL = "in general"
# What is told of a power that was used, or of the orders that a council has, is no talk of the law.
_IN_USE = re.compile(
    r" (?:exercised|used|invoked|acted|(?:exercise|use) of)(?: [^ ]+){0,4} (?:powers?|authority|provisions) "
    r"| (?:existing|current|present|our) (?:[^ ]+ ){0,3}@topic "
)
_CONSULTED = re.compile(r" (?:consultation|survey|ymgynghoriad) ")
# Words by which the topic is foretold, a sentence or two before it is named.
_FORETOLD = re.compile(r" (?:rules?|restrictions?|bans?|controls|prohibitions?|proposals?|your say|views) ")
_CONSULTING = re.compile(
    r" (?:consult\w*|survey|questionnaire|engagement|views|comments|responses|replies|ymgynghor\w*) "
)
_SAME = "@same"
_RESOLVED = re.compile(r" (?:resolved|agreed|decided|recommended|determine|decide) ")
# What a resolution may go back to, after others have been heard on it.
_THE_ITEM = re.compile(
    r" (?:the|this|their|his|her) (?:request|item|matter|proposal|motion|petition|recommendations?|order|report|suggestion) "
    r"| (?:consult|consultation) "
)
_ABOUT = re.compile(r" (?:consultation|survey|feedback) (?:on|about|into|regarding) ")
_CONSULTATION_FORETOLD = re.compile(r" (?:consultation|survey|feedback) ")
_THE_CONSULTATION = re.compile(r" the (?:public |statutory |formal )?consultation ")
_LONGEST_HEADING = 10  # words
_FEW = 4  # words that are no sentence of their own
_MEMORY = 3  # sentences for which a passing mention is kept in mind


@dataclass(frozen=True, slots=True)
class Told:
    """A clause with its place among matters. Numbers are those of its words."""

    clause: Clause
    about: bool
    """Whether what names no matter in it is the topic's."""
    topic: tuple[int, ...]
    subject: tuple[int, ...]
    elsewhere: tuple[tuple[int, int], ...]
    aside: str | None
    """Why it tells nothing here and now: it speaks of another area, say."""

    def owns(self, start: int, end: int) -> bool:
        """Whether what stands at these offsets of the line is said of the topic and of nothing nearer."""
        first, last = self.clause.word_at(start), self.clause.word_at(end - 1)
        near = min((_distance(first, last, word, word) for word in (*self.topic, *self.subject)), default=None)
        other = min((_distance(first, last, *span) for span in self.elsewhere), default=None)
        if near is None or other is None:
            return self.about and (other is None or near is not None)
        return near <= other if self.topic or self.about else False


def _distance(first: int, last: int, begin: int, end: int) -> int:
    # What is named before is the likelier to be spoken of.
    return max(begin - last + 2 if begin > last else 0, first - end, 0)


def attribute(topic: Topic, clauses: Sequence[Clause], named: bool | None, lead: str | None = None) -> list[Told]:
    """Every clause with what it speaks of. `named` says what the heading is about: the topic (True), another matter
    (False) or neither (None); `lead` is the word that leads a list of resolutions, where the kind of text implies it.
    """
    told: list[Told] = []
    about, section = bool(named), False
    passed, soon = _passed(clauses), _soon(clauses)
    foretold = _foretold(topic, clauses, soon)
    others, listed = other_matters(topic, clauses, headed=named), entries(topic, clauses)
    last_mention = last_named = -_MEMORY - 1
    abroad: str | None = None
    for number, said in enumerate(resolutions(clauses, lead)):
        now = passed[said.sentence]
        hits = topic.matters.find(said.line, said.starts)
        clause = _without(said, [hit for hit in hits if hit.label == "ignored"])
        elsewhere, subject = matters_of(clause, hits)
        names = tuple(n for n, start in enumerate(clause.starts) if clause.line.startswith(" @topic ", start))
        new = bool(told) and told[-1].clause.sentence < clause.sentence
        registered = new and entry_of_register(clauses[:number], clause)
        other = listed.get(number) is False
        if other or (new and section and not names and _opens_another(clause)):
            about, section, last_mention, last_named = (
                False,
                False,
                now - 2 * _MEMORY,
                min(last_named, max(clause.sentence - 3 * _MEMORY, 0)),
            )
        if other:
            told.append(Told(replace(clause, dates=()), False, (), (), elsewhere, None))
            continue
        if names:
            last_mention = now if named or about or _to_keep(topic, told, clause) else now - _MEMORY
            about, last_named = True, clause.sentence
            section = section or _heads(clause) or listed.get(number, False)
        elif elsewhere:
            taken_up = _TAKEN_UP.search(clause.line[: clause.starts[elsewhere[0][0]]] + " ") if about else None
            if about := taken_up is not None:
                subject = (*subject, clause.word_at(taken_up.end() - 2))
        elif (
            (last_named >= clause.sentence - 1 and _TAKEN_UP.search(clause.line))
            or _leads_to_topic(clauses, number)
            or registered
            or (new and field_of_record(clauses[:number], clause, headed=bool(named)))
            or (0 <= clause.sentence - last_named <= 2 * _MEMORY and _goes_back(clause, bool(subject)))
            or (section and new and not on_another(clause.line))
            or (0 <= clause.sentence - last_named <= _MEMORY and _only_consultation(told, clause))
        ):
            about, last_mention = True, now if subject else last_mention
        elif named:
            about = (
                about
                or bool(subject)
                or (new and clause.mark == "?")
                or not told
                or told[-1].clause.sentence < clause.sentence - 1
            )
        elif last_named < 0:
            about = (
                named is None
                and (foretold[number] or bool(subject) or (about and soon[number]))
                and not any(t.elsewhere for t in told if t.clause.sentence >= clause.sentence - _MEMORY)
            )
        elif not subject and on_another(clause.line):
            about = False
        elif subject and _THE.search(clause.line[: clause.starts[subject[0]]] + " "):
            about, last_mention = True, now
        elif about and subject:
            last_mention = now
        elif about and now - last_mention > _MEMORY:
            about = False
        about = about and (bool(names) or registered or not others.speaks_in(clause, bool(subject)))
        if about and told and not (names or subject or elsewhere) and _spoken_of(told[-1], clause):
            clause, subject = _pronoun_named(clause)
        aside = _aside(topic, clause, told) or abroad
        if clause.sentence == 0 and aside == ABROAD:
            abroad = aside  # and so is all that stands under such a title
        told.append(Told(clause, about, names, subject, elsewhere, aside))
    return told


def _aside(topic: Topic, clause: Clause, told: Sequence[Told]) -> str | None:
    """Why a clause tells nothing here and now; "in a neighbouring borough, where ..." goes on with what came before it."""
    hit = next(iter(topic.aside.find(clause.line, clause.starts)), None)
    if hit is None:
        goes_on = (
            clause.line.startswith((" where ", " and how ")) and told and told[-1].clause.sentence == clause.sentence
        )
        return told[-1].aside if goes_on else None
    line = clause.line
    lives_on = _LATER.search(line[: hit.end]) or _STILL.search(line) or _CONSULTED.search(line)
    in_use = hit.label == GENERAL and _IN_USE.search(line)
    return None if (hit.label == ENDED and lives_on) or in_use else hit.label


def _to_keep(topic: Topic, told: Sequence[Told], clause: Clause) -> bool:
    """Whether a clause that names the topic does so other than in passing, so that it is kept in mind: it opens the text,
    or tells of a step, or is the first of a text that has invited comments before.
    """
    if not any(0 < t.clause.sentence < clause.sentence and len(t.clause.starts) > _FEW for t in told):
        return True
    invited = not any(t.topic for t in told) and any(_shows(topic, t.clause, "consultation open") for t in told)
    return invited or _shows(topic, clause)


def _heads(clause: Clause) -> bool:
    """Whether a clause is a line above what is said under it."""
    return clause.sentence > 0 and len(clause.starts) <= _LONGEST_HEADING and clause.mark not in '.?!;,"”'


def _opens_another(clause: Clause) -> bool:
    """Whether a clause is the numbered line above another matter: "6. CCTV"."""
    return clause.line[1].isdigit() and not clause.dates and _heads(clause) and not names_a_step(clause.line)


def _only_consultation(told: Sequence[Told], clause: Clause) -> bool:
    """Whether a clause speaks of "the consultation", and no other has been spoken of."""
    return (
        _THE_CONSULTATION.search(clause.line) is not None
        and not on_another(clause.line)
        and not any(_CONSULTING.search(t.clause.line) for t in told if not t.about)
    )


def _goes_back(clause: Clause, subject: bool) -> bool:
    """Whether a clause resolves on what had been spoken of some sentences before."""
    return _RESOLVED.search(clause.line) is not None and (subject or _THE_ITEM.search(clause.line) is not None)


def _spoken_of(before: Told, clause: Clause) -> bool:
    """Whether the order is what a clause before spoke of, so that "it" is that."""
    return (
        before.about
        and clause.sentence - before.clause.sentence <= 1
        and bool(before.topic or before.subject)
        and not before.elsewhere
        and not _CONSULTING.search(before.clause.line)
    )


def _pronoun_named(clause: Clause) -> tuple[Clause, tuple[int, ...]]:
    """The clause with the pronoun that it begins with put as `@same`, and which word that is."""
    match = _PRONOUN.match(clause.line)
    if match is None:
        return clause, ()
    begin, end = match.span("it")
    longer = len(_SAME) - (end - begin)
    moved = replace(
        clause,
        line=clause.line[:begin] + _SAME + clause.line[end:],
        starts=tuple(start + longer if start >= end else start for start in clause.starts),
        dates=tuple((start + longer if start >= end else start, stated) for start, stated in clause.dates),
    )
    return moved, (moved.word_at(begin),)


def _leads_to_topic(clauses: Sequence[Clause], number: int) -> bool:
    """Whether a clause leads up to a resolution on the topic in its own sentence."""
    if number + 1 == len(clauses):
        return False
    following = clauses[number + 1]
    return (
        following.sentence == clauses[number].sentence
        and LEAD.match(following.line) is not None
        and " @topic " in following.line
    )


def _shows(topic: Topic, clause: Clause, label: str | None = None) -> bool:
    """Whether a clause has words that show a stage, or that one."""
    return any(
        hit.label == label if label else hit.label not in _STATES
        for hit in topic.stages.find(clause.line, clause.starts)
    )


def _without(clause: Clause, ignored: Sequence[Hit]) -> Clause:
    """The clause with words that are not to be read struck out, everything else in its place."""
    line = clause.line
    for hit in ignored:
        line = (
            line[: hit.start]
            + _UNREAD.sub(lambda word: "~" * len(word.group()), line[hit.start : hit.end])
            + line[hit.end :]
        )
    return replace(clause, line=line) if ignored else clause


def _passed(clauses: Sequence[Clause]) -> Mapping[int, int]:
    """How many sentences have passed at each: a question goes with its answer, and a word or two with what is before."""
    passed: dict[int, int] = {}
    count = 0
    for clause in clauses:
        if clause.sentence not in passed:
            count += clause.mark != "?" and len(clause.starts) > _FEW
            passed[clause.sentence] = count
    return passed


def _soon(clauses: Sequence[Clause]) -> list[bool]:
    """For each clause, whether it stands shortly before the first that names the topic; the rows of a timetable may
    stand farther off.
    """
    first = next((clause.sentence for clause in clauses if " @topic " in clause.line), None)
    return [
        first is not None and 0 <= first - clause.sentence <= (2 * _MEMORY if _is_row(clause) else _MEMORY)
        for clause in clauses
    ]


def _is_row(clause: Clause) -> bool:
    return bool(clause.dates) and clause.sentence > 0 and len(clause.starts) <= _LONGEST_HEADING


def _foretold(topic: Topic, clauses: Sequence[Clause], soon: Sequence[bool]) -> list[bool]:
    """For each clause, whether it leads to the topic, which is then not named merely in passing."""
    first = next((clause for clause in clauses if " @topic " in clause.line), None)
    step = first is not None and any(_shows(topic, clause) for clause in clauses if clause.sentence == first.sentence)
    return [
        near and (step or (clause.sentence > 0 and _leads_up(clause.line)))
        for clause, near in zip(clauses, soon, strict=True)
    ]


def _leads_up(line: str) -> bool:
    """Whether a line speaks of what a topic that is named later would do, or of a consultation that may be on it."""
    return _FORETOLD.search(line) is not None or (
        _CONSULTATION_FORETOLD.search(line) is not None and not _ABOUT.search(line)
    )


def owned(told: Told, hits: Sequence[Hit]) -> list[Hit]:
    """Those of the hits in a clause that are said of the topic, here and now."""
    return [] if told.aside else [hit for hit in hits if told.owns(hit.start, hit.end)]
