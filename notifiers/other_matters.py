"""Which clauses speak of another matter than the topic: by a name for it, by what a consultation is on or called after,
or by what a sentence is headed with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.notation import Hit
from config.topics import Topic
from notifiers.reading import Clause

_SHORT = 4  # letters of words that are too common to tell
# A consultation that says what it is on, and that is nothing of the topic's.
_ON_ANOTHER = re.compile(
    r" (?:consultation|survey|views|comments|questionnaire|representations|objections|responses|feedback)"
    r" (?:on|about|into|regarding|to(?= the)) "
    r"(?!(?:[^ ]+ ){0,3}(?:its?|their|this|these|them|both|proposals?|draft|replacement|successor|orders?|consult\w*|survey|us"
    r"|another|one|council|be|renewal|extension|variation|changes|map|plans?"
    r"|amended|corrected|revised|website|portal|page|link|whether|\w+ing|matter) )"
)
_PLAIN = (
    r"(?:of|on|for|in|to|the|a|an|and|or|by|with|from|that|which|at|is|was|were|be|has|had|will|would|date|period|responses?|results?|outcome"
    r"|closing|ending|opening|\w+ed|then|so|also|before|after|during|following|public|statutory|formal|informal|online|full|further|second|first|third|previous|recent|earlier|last|new|fresh|initial|original"
    r"|weeks?|days?|months?|long|wider?|community|local|stakeholders?|open|live|current|proposed|draft|necessary|required|residents?"
    r"|own|members|users?|customers?|targeted|two|three|four|five|six|seven|eight|nine|ten|twelve|summer|autumn|winter|spring|extended"
    r"|extensive|pre|planned|council|borough|district|county|city|town|parish|authority|forthcoming|short|said|same|main|whole|relevant|appropriate|limited|early|general|proper|meaningful"
    r"|comprehensive|prior|@[a-z]+|\d+)"
)
# A consultation that is called after something.
_CALLED = re.compile(
    rf" (?:the|a|an|our|its|their) ((?:(?!{_PLAIN} )[a-z]+ ){{1,4}})(?:consultation|survey|questionnaire) "
)
# "The Mayor then asked about the hedge": another matter's turn.
_NEXT_QUESTION = re.compile(
    r" (?:supplementary question|(?:then|next|also|further|finally) asked (?:about|when|whether|why|how|if)) "
)
# What heads a part of one matter rather than another matter.
_STEP = re.compile(
    r" (?:agreed|resolved|recommend\w*|decision\w*|consult\w*|engagement|survey|questionnaire|statutory|partners|letters?"
    r"|launch|go-live|drafting|sealing|signage|introduction"
    r"|responses?|comments|next|steps?|stages?|phase"
    r"|time\w*|dates?|start\w*|end\w*|clos\w*|open\w*|expir\w*|legal|financ\w*|implications?|risks?|reasons?|background|summary|purpose|officers?|members?"
    r"|cllr|councillor|cabinet|committee|executive|council|director|head|chair\w*|clerk|leader|holder|mayor|mr|mrs|ms|sgt|inspector|pc|item"
    r"|minute|paragraph|question\w*|answer\w*|repl\w+|response|status|owner|mitigation|likelihood|impact|contact|wards?|key|maker|orders?"
    r"|current|position|update|notes?|period|deadline|effective|commenc\w*|implement\w*|penalt\w*|enforcement|result\w*|outcome\w*|views|options?"
    r"|proposals?|proposed|draft|how|what|when|who|why|where|motion|amendment|moved|seconded|for|against|published|notice|report\w*"
    r"|matter|cause|event|treatment|baseline|revised|comment|green|amber|red|eitem|teitl|pwnc|diben|pwrpas|dyddiad|swyddog|aelod|corff|penderfyn\w*|ymgynghor\w*|agor|cau|dechrau|gorffen"
    r"|description|subject|title|type|lead|author|this|it|we|you|they|public|residents|police|evidence|review"
    r"|alternatives|equalit\w*|details|by|considered|decided|taken|made|due|need|private|exempt|urgent|come|comes"
    r"|into|force|effect|term|duration|validity|publication|call|portfolio|areas?|budget|value|documents?|papers?|appendix|copies|email|website|venue|location"
    r"|scope|powers?|ref|reference|priority|progress|milestones?|target|is|are|was|were|will|has|have|been) "
)
# What comes in on an application or a policy that heads a text, though it does not say so.
_ON_WHAT_IS_HEADED = frozenset({"representations", "objections", "objectors"})


@dataclass(frozen=True, slots=True)
class OtherMatters:
    """What a text has besides the topic. `own` are the words that the topic goes by in it, `heading` those of a heading
    that names another matter, and `headed` whether it names the topic."""

    own: frozenset[str]
    heading: frozenset[str]
    headed: bool

    def speaks_in(self, clause: Clause, subject: bool) -> bool:
        """Whether a clause that does not name the topic speaks of one of them; `subject` says if it speaks of an order."""
        words = clause.line.split()
        return not self.heading.isdisjoint(words) or (
            not subject
            and (
                self._consulted_on(clause.line)
                or _NEXT_QUESTION.search(clause.line) is not None
                or (not self.headed and self._headed_with(clause))
                or (bool(self.heading) and not _ON_WHAT_IS_HEADED.isdisjoint(words))
            )
        )

    def _consulted_on(self, line: str) -> bool:
        """Whether a consultation is called after something that the topic is not ("the drainage survey")."""
        return any(self.own.isdisjoint(match[1].split()) for match in _CALLED.finditer(line))

    def _headed_with(self, clause: Clause) -> bool:
        """Whether a sentence is headed with something that is neither the topic nor a step of its process."""
        label = clause.label.split() if clause.label else []
        return len(label) > 1 and self.own.isdisjoint(label) and not names_a_step(f" {clause.label} ")


def other_matters(topic: Topic, clauses: Sequence[Clause], *, headed: bool | None) -> OtherMatters:
    """What tells other matters from the topic. `headed` is what the heading names: the topic, another matter or neither."""
    own = frozenset(
        word for clause in clauses if not clause.sentence or " @topic " in clause.line for word in clause.line.split()
    )
    heading = frozenset(
        word
        for clause in clauses
        if headed is False and not clause.sentence
        for begin, end in matters_of(clause, topic.matters.find(clause.line, clause.starts))[0]
        for word in clause.line.split()[begin : end + 1]
        if len(word) > _SHORT
    )
    return OtherMatters(own, heading, bool(headed))


def names_a_step(heading: str) -> bool:
    """Whether a heading names a part of one matter rather than another matter."""
    return _STEP.search(heading) is not None


def on_another(line: str) -> bool:
    """Whether a consultation says what it is on, and that is nothing of the topic's."""
    return _ON_ANOTHER.search(line) is not None


def matters_of(clause: Clause, hits: Sequence[Hit]) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """The words by which a clause speaks of another matter, and those by which it goes on with the topic."""
    # What the topic calls its own is its own, though other topics take it for another matter.
    named_own = {hit.start: hit.end for hit in hits if hit.label == "subject"}
    elsewhere = tuple(
        (clause.word_at(hit.start), clause.word_at(hit.end - 1))
        for hit in hits
        if hit.label == "elsewhere"
        and named_own.get(hit.start, 0) < hit.end
        and not clause.masked(clause.word_at(hit.start))
    )
    subject = tuple(
        word
        for word in (clause.word_at(hit.start) for hit in hits if hit.label == "subject")
        if not any(begin <= word <= end for begin, end in elsewhere) and not clause.masked(word)
    )
    return elsewhere, subject
