"""The stage of a topic's process that a text tells of: the latest step, or else the state of what there is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from config.notation import Hit
from config.topics import STAGES, Stage, Topic
from notifiers.attribution import ENDED, Told, owned
from notifiers.dates import resolve
from notifiers.key_dates import Placed
from notifiers.reading import Clause

# What further words of a topic's `stages` show.
_SHOWS: dict[str, Stage] = {
    "in a title": "consultation planned",
    "partners asked": "consultation planned",
    "consultation over": "consultation closed",
    "decided outright": "decided",
}
_WEAK = ("in a title", "partners asked", "consultation over")
_NOTE = "decided in a note"
# What stands before and after the words of a note in which no verb is wanting: "Notice: PSPO made for the quay".
_NOTE_BEFORE = re.compile(r"(?: (?!(?:the|an?|by|of|under|our|its|this|in|on|from|with|for|to|about) )[^ ]+){0,6} $")
_NOTE_AFTER = re.compile(
    r" (?:$|(?:by(?! an? | any )|for|until|to|from|on|in|with|without|subject|at|as|unanimously|today|again|@date) )"
)
_FINITE = re.compile(
    r" (?:is|are|was|were|be|been|being|has|have|had|will|would|may|can|could|should|shall|must|to|that|which|who|if|when|how|why"
    r"|whether|not yet|order) "
)
# "Fixed penalties: littering 40, PSPO 9": a row of figures takes an order for granted.
_COUNTED = re.compile(r" @topic(?: (?!nos? |numbers? |area|zone|version|and |in |from |since )[a-z]+){0,3} \d{1,3} ")
_PENALTIES = re.compile(
    r" (?:fpns?|cpn?ws?|cpns?|fines?|notices|penalt\w+|tickets?|warnings?|breach\w*|offences?|littering|fouling|spitting) "
)
_CHARGES = re.compile(r" (?:fees?|charges?|level|amounts?|discount\w*) ")
# "PSPO to be extended": an action for somebody, in a headline or a log.
_ACTION = re.compile(r"^(?: [^ ]+){0,4} @topic (?:for (?:[^ ]+ ){1,3})?to be [^ ]+ $")
# "Consult on the draft. Status: complete": the action of a log, and that it was taken.
_DONE = re.compile(r" (?:status|progress|position) (?:is |now )?(?:complete|completed|done|closed|finished) ")
_TO_SETTLE = re.compile(
    r" to be (?:made|extended|renewed|varied|discharged|revoked|sealed) "
    r"|^(?: (?:action|item|ref|task|[a-z]?\d+))* (?:make|extend|renew|vary|discharge|revoke|seal|sign) "
)
_MEMORY = 3  # sentences within which a figure goes with what it counts, and a status with its action
# What a question tells: that the reader is asked, and that there is what "where" and "how" are asked of.
_ASKED = {
    "consultation open": re.compile(r" (?:you|your|i|my|are we|eich|chi) "),
    "in force": re.compile(r" (?:where|what|how|who|when|why|which|ble|beth|sut|pryd|pwy) "),
}
# "PSPO for the quay?": a suggestion, as notes put it.
_SUGGESTED = re.compile(
    r"^(?: (?:a|new|another|possible|perhaps|maybe|extend|vary|renew|make|use|or|need))* @topic"
    r"(?: (?:for|on|in|at|to|here|instead)(?: [^ ]+){0,4})? $"
)
# What an agenda reports of is past, though all else of it is to come.
_REPORTED = re.compile(
    r" (?:to note|noting|note) (?:that|the) "
    r"| (?:status|outcome|result) (?:approved|agreed|granted|made|adopted|refused|extended) "
)
# What a text reports under such a title was decided before it, though an agenda or a plan comes before decisions.
_RECORD = re.compile(
    r" (?:decisions? (?:taken|made|published|issued|since)|since (?:the |its |our )?last|matters arising"
    r"|(?:previous|last) meeting|(?:delegated|urgent|recent) decisions?|record of decisions?) "
)
# An end more than a year ahead that is told as a matter to deal with.
_TO_DEAL_WITH = re.compile(
    r" (?:(?:will|would|must|needs?|have|has|ought|should) (?:to )?(?:be )?"
    r"(?:address\w*|deal\w*|renew\w*|review\w*|plan\w*|consider\w*|act)"
    r"|flagged|risk|ahead of time|to deal with|needs attention|for action|to be addressed) "
)
# "the order was made on 4 May 2022 under section 59", but not "the order, a PSPO since 2017, was revoked"
_WAS_MADE = re.compile(r" (?:was|were) [a-z]+ (?:on|in) @date(?: (?!be|is|are|was|were|been|has|have|and)[^ ]+)*$")
# "has varied the order made on 3 May 2022"
_DATE_OF_THE_ORDER = re.compile(r" (?:made|dated|sealed|confirmed)(?: on| in)? $")
_AT_END = 8  # letters before a hit's end in which its own date stands
_TOLD_BEFORE = 45  # letters before a hit in which words may bear on it; on a decision, those of all its clause do
_TOLD_LATER = 40  # letters after a hit in which words may still take it back
_LONG_AGO = timedelta(days=200)
_A_YEAR = timedelta(days=366)
# Words that part an article from a later noun: "the town centre PSPO" takes the order for granted, "the use of a PSPO" not.
_FUNCTION = (
    "of|in|use|for|on|to|by|with|about|through|as|whether|that|if|how|what|a|an|any|some|be|is|was|were|are|not|more|such|like"
    "|and|or|from|introduced|future|proposed|draft|possible|potential|asked|wanted|said|would|will|should|could|may|might"
    "|can|must|support|force|including|includes?|under|against|o|i|yn|am|ar|dylid|mai"
)
_DEFINITE = re.compile(
    rf" (?:the|this|our|its|their|current|existing|present|y|yr|council)(?: (?!(?:{_FUNCTION}) |\w+(?:s|ed) )[^ ]+){{0,4}}"
    r" @topic (?!officer|team|process|powers|legislation|approach)"
    r"|(?:in|under|of|by|within|with) the (?:[^ ]+ )?[^ ]+s @topic "
)
_AGAIN = re.compile(
    r" (?:again|second|afresh|re consult\w*|reconsult\w*|once more|fresh|repeated?"
    r"|further (?:(?:public|statutory|formal|full|round|period|stage|phase|weeks|of) ){0,4}consult\w*) "
)
_NO_CONSULTATION = re.compile(
    r" (?:no|any|without|whether|if|unless|response to a) (?:[^ ]+ ){0,5}(?:consult\w*|engagement|survey|poll) "
)
_CONSULTATION_TENSES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "consultation open",
        re.compile(r" (?:now|still|live|current|currently|today|running|ongoing|open|under way|underway|yn dal) "),
    ),
    (
        "consultation planned",
        re.compile(
            r" (?:will|would|shall|to be|going to|until|before|once|when|if|next|set for|envisaged|timeline|look out|subject to"
            r"|should|could|must|need\w*|prior to|ahead of|to let|how to publicise|to start|to begin|bydd) "
        ),
    ),
    (
        "consultation closed",
        re.compile(
            r" (?:closed|ended|over|after|following|since|having|had|has been|have been|was|were|been through|went|lasted"
            r"|cau|gynhaliwyd) "
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A stage that some words show, and the number of their sentence."""

    stage: Stage
    sentence: int
    weak: bool = False
    """Whether it counts only where no words say more of the consultation."""
    again: bool = False
    partners: bool = False
    """Whether it is partners who are asked, and the public later."""
    noted: bool = False
    """Whether it is told in a headline or note, without a verb."""
    bare: bool = False
    """Whether a consultation on the topic is no more than spoken of, so that only the tense tells."""


def stage_of(
    topic: Topic, told: Sequence[Told], dates: Sequence[Placed], as_of: date, *, headed: bool, ahead: bool
) -> tuple[Stage, int | None]:
    """The stage and the number of the sentence that tells it.

    Sentence 0 is the title, and `headed` says whether it names the topic; `ahead` whether the text comes before any
    decision, as an agenda or a plan does.
    """
    naming = {part.clause.sentence + n for part in told if part.topic for n in (0, 1)}
    shown = [one for part in told for one in _shown(topic, part, as_of, near=part.clause.sentence in naming)]
    partners = {one.sentence for one in shown if one.partners}
    shown = [
        one
        for one in shown
        if one.sentence not in partners
        or not (one.stage == "consultation open" or (one.stage == "consultation closed" and one.weak))
    ]
    # what is said of the public tells more of its consultation than what is said of partners
    shown = [
        replace(one, weak=True) if one.stage == "consultation planned" and one.sentence in partners else one
        for one in shown
    ]
    every = shown
    shown = _without_refused(every)
    shown = _taken(shown, told)
    if ahead and not any(part.clause.sentence == 0 and _RECORD.search(part.clause.line) for part in told):
        reported = {part.clause.sentence for part in told if _REPORTED.search(part.clause.line)}
        shown = [
            replace(one, stage="proposed") if one.stage == "decided" and one.sentence not in reported else one
            for one in shown
        ]
    body = [one for one in shown if one.sentence > 0]
    title = [one for one in shown if one.sentence == 0 and (one.noted or one.stage not in ("decided", "in force"))]
    step = _step(body, dates, as_of) or _step(title, (), as_of)
    if step is not None:
        return step
    awaited = next((p.sentence for p in dates if p.kind == "decision due"), None)
    if awaited is not None:
        return "proposed", awaited
    refused = any(one.stage == "none" for one in every) and any(one.stage == "proposed" for one in every)
    return _state(body, told, dates, as_of, headed=headed or refused)


def _shown(topic: Topic, told: Told, as_of: date, *, near: bool) -> list[Shown]:
    """What a clause shows. A refusal in words about another matter ("better dealt with by ...") counts `near` the topic."""
    if not (near or told.about):
        return []
    every = topic.stages.find(told.clause.line, told.clause.starts)
    if told.clause.mark == "?":
        if told.clause.sentence and _SUGGESTED.search(told.clause.line):
            return [Shown("proposed", told.clause.sentence)]
        every = [hit for hit in every if hit.label in _ASKED and _ASKED[hit.label].search(told.clause.line)]
    hits = owned(told, every)
    if near and not told.aside:
        hits += [hit for hit in every if hit.label == "none" and hit not in hits]
    voids = topic.unless.find(told.clause.line, told.clause.starts) if hits else []
    found: list[Shown] = []
    for hit in hits:
        stage = _read(hit, voids, told, as_of)
        if stage is not None:
            again = _AGAIN.search(told.clause.line) is not None
            found.append(
                Shown(
                    stage,
                    told.clause.sentence,
                    hit.label in _WEAK,
                    again,
                    partners=hit.label == "partners asked",
                    noted=hit.label == _NOTE,
                    bare=hit.label == "in a title" and told.clause.sentence > 0,
                )
            )
    return found


def _read(hit: Hit, voids: Sequence[Hit], told: Told, as_of: date) -> Stage | None:
    if hit.label == _NOTE:
        line = told.clause.line
        labelled = told.clause.label is not None and told.clause.label.endswith(line[: hit.end].rsplit(" ", 1)[1])
        if (
            not _NOTE_BEFORE.fullmatch(line[: hit.start] + " ")
            or not (labelled or _NOTE_AFTER.match(line, hit.end))
            or _FINITE.search(line[: hit.end] + " ")
        ):
            return None
        hit = replace(hit, label="decided")
    void = any(
        (
            void.label == hit.label
            and void.start < hit.end
            and (hit.label in ("decided", "decided outright") or hit.start - _TOLD_BEFORE < void.end)
        )
        or (void.label == f"{hit.label}, afterwards" and hit.start <= void.start < hit.end + _TOLD_LATER)
        for void in voids
    )
    if hit.label == "decided" and any(v.label == "decided before" and v.start < hit.end for v in voids):
        return "in force"
    if hit.label == "decided" and (void or _ACTION.match(told.clause.line)):
        return "proposed"  # what is not settled by these words is at least wanted
    if void:
        return None
    if hit.label == "in a title" and told.clause.sentence > 0:
        return _tense_of(told) if told.topic or told.subject else None
    if hit.label == "decided" and any(
        stated.year is not None
        and as_of - resolve(stated, as_of, past=True) > _LONG_AGO
        and (_WAS_MADE.search(told.clause.line, hit.start, hit.end) or not hit.start < at < hit.end - _AT_END)
        and not _DATE_OF_THE_ORDER.search(told.clause.line, hit.end, at + 1)
        for at, stated in told.clause.dates
    ):
        return "in force"
    return _SHOWS.get(hit.label) or next(stage for stage in STAGES if stage == hit.label)


def _tense_of(told: Told) -> Stage | None:
    """What the tense of a clause says of the consultation on the topic that it speaks of."""
    line = told.clause.line
    if _NO_CONSULTATION.search(line):
        return None
    return next((stage for stage, words in _CONSULTATION_TENSES if words.search(line)), "consultation open")


def _taken(shown: Sequence[Shown], told: Sequence[Told]) -> list[Shown]:
    """What is shown, with the action of a log as taken where its status says so."""
    done = [part.clause.sentence for part in told if part.about and _DONE.search(part.clause.line)]
    if not done:
        return list(shown)
    settling = {part.clause.sentence for part in told if _TO_SETTLE.search(part.clause.line)}
    taken: list[Shown] = []
    for one in shown:
        within = any(0 <= sentence - one.sentence <= _MEMORY for sentence in done)
        if within and (one.bare or one.stage == "consultation planned"):
            taken.append(Shown("consultation closed", one.sentence))
        elif within and one.stage == "proposed" and one.sentence in settling:
            taken.append(Shown("decided", one.sentence))
        else:
            taken.append(one)
    return taken


def _without_refused(shown: Sequence[Shown]) -> list[Shown]:
    refusals = [one.sentence for one in shown if one.stage == "none"]
    if not refusals:
        return list(shown)
    return [
        one
        for one in shown
        if one.stage not in ("none", "proposed") or (one.stage == "proposed" and one.sentence > max(refusals))
    ]


def _first(shown: Sequence[Shown], stage: Stage) -> tuple[Stage, int] | None:
    best = min((one for one in shown if one.stage == stage), key=lambda one: (one.weak, one.sentence), default=None)
    return (stage, best.sentence) if best else None


def _step(shown: Sequence[Shown], dates: Sequence[Placed], as_of: date) -> tuple[Stage, int] | None:
    """The latest step of the process; None where the text tells of none."""
    consultation = _consultation([one for one in shown if not one.bare], dates, as_of)
    decided = _first(shown, "decided")
    if decided and (consultation is None or consultation[0] in ("consultation closed", "consultation planned")):
        return decided
    if consultation or decided:
        return consultation or decided
    bare = next((one for one in shown if one.bare), None)
    return (bare.stage, bare.sentence) if bare else _first(shown, "proposed")


def _consultation(shown: Sequence[Shown], dates: Sequence[Placed], as_of: date) -> tuple[Stage, int] | None:
    planned, opened, closed = (
        _first(shown, stage) for stage in ("consultation planned", "consultation open", "consultation closed")
    )
    if opened or any(one.stage == "consultation planned" and not one.weak for one in shown):
        closed = _first([one for one in shown if not one.weak], "consultation closed")
    opens = max((p for p in dates if p.kind == "opens"), key=lambda p: p.first, default=None)
    closes = max((p for p in dates if p.kind == "closes"), key=lambda p: p.last, default=None)
    again = any(one.again and one.stage == "consultation planned" for one in shown)
    if opens is not None and (opens.first > as_of or (planned and not opened and opens.last > as_of)):
        return "consultation planned", opens.sentence
    if closes is not None and closes.last < as_of:
        if planned and again:
            return planned
        return "consultation closed", closes.sentence
    if closes is not None:
        if planned and not opened and opens is None:
            return planned
        return "consultation open", closes.sentence
    if opens is not None and not closed:
        return "consultation open", opens.sentence
    if planned and again:
        return planned
    if opened and closed:
        return closed
    return opened or (planned if planned and not closed else closed)


def _takes_for_granted(clause: Clause) -> bool:
    """Whether the words take an order for granted that applies."""
    asked = clause.mark == "?" and not _ASKED["in force"].search(clause.line)
    return not asked and _DEFINITE.search(clause.line) is not None


def _counted(told: Sequence[Told], clause: Clause) -> bool:
    """Whether a clause gives a figure for the topic among penalties."""
    before = [part.clause for part in told if 0 <= clause.sentence - part.clause.sentence <= _MEMORY]
    return (
        _COUNTED.search(clause.line) is not None
        and any(_PENALTIES.search(one.line) for one in before)
        and not any(_CHARGES.search(one.line) for one in before)
    )


def _state(
    shown: Sequence[Shown], told: Sequence[Told], dates: Sequence[Placed], as_of: date, *, headed: bool
) -> tuple[Stage, int | None]:
    """Whether what there is applies, or ends soon."""
    begins = max((p for p in dates if p.kind == "comes into force"), key=lambda p: p.first, default=None)
    if begins is not None and begins.first > as_of:
        return "decided", begins.sentence
    ends = max((p for p in dates if p.kind == "expires"), key=lambda p: p.first, default=None)
    if ends is not None and ends.last >= as_of:
        matter = any(
            part.about and 0 <= part.clause.sentence - ends.sentence <= 1 and _TO_DEAL_WITH.search(part.clause.line)
            for part in told
        )
        return ("expiring" if matter or ends.first - as_of <= _A_YEAR else "in force"), ends.sentence
    expiring = _first(shown, "expiring")
    if expiring and ends is None:
        return expiring
    # What ended is not in force for the sentence that tells its end.
    ended = ends.sentence if ends is not None else None
    in_force = _first([one for one in shown if one.sentence != ended], "in force")
    over = any(part.aside == ENDED and part.about and not part.topic for part in told)
    if over:
        return "none", None
    if in_force:
        return in_force
    if begins is not None and ends is None:
        return "in force", begins.sentence
    if not headed:
        for part in told:
            if (
                part.clause.sentence
                and not part.aside
                and part.clause.mark != "?"
                and (_DEFINITE.search(part.clause.line) or _counted(told, part.clause))
            ):
                return "in force", part.clause.sentence
    return "none", None
