"""Council prose as it is read: sentences, clauses, and the words of each as the patterns of a topic expect them."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from notifiers.dates import Stated

_LINE = re.compile(r"[^\r\n]+")
_END = re.compile(r"[.?!…]+[\"'”’)\]]*(?=\s)|\s(?=[•·▪●◦]\s)")
_GOES_ON = re.compile(r"\s+[\"'“‘(\[]*(?:[^\W_]|£|[•·▪●◦–-]\s)")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:nos?|cllrs?|mrs?|ms|dr|prof|rev|hon|st|para[s]?|sect?|ss?|sch|art|ch|pt|pp?|e\.?g|i\.?e|approx|dept|sgt|insp"
    r"|supt|cf|vs?|fig|ref|tel|ext|reg|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[A-Z])\.$",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"\s*[(\[]?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})[.)\]]*", re.IGNORECASE)
_BULLET = re.compile(r"[\s•·▪●◦*–—-]+")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[;,|]")
_POSSESSIVE = re.compile(r"['’](?:s|r|n|i|w|u|ch|th)$")  # and what Welsh joins on: "sylwadau'n"
_CONTRACTED = re.compile(r"(?<=[a-z])['’](ve|ll|d|re)\b")
# "section 59 of the Anti-social Behaviour, Crime and Policing Act 2014": the Act's name adds nothing to the section's.
_ACT_NAMED = re.compile(
    r"(?:\([\w]+\))*(?:,|\s*\()?\s*(?:(?:of|in|under)\s+)?(?:the\s+)?(?:(?:20\d\d\s+)?(?:[A-Z][\w&-]*,?\s+(?:(?:and|of|&)\s+)?)"
    r"{0,7}Act)\b(?:\s+(?:of\s+)?(?:19|20)\d\d)?(?!\w)"
)
_FIELD = re.compile(r"[^.,;]{1,40}[:?](?:\s|$)")  # "Who will decide?", "Contact: ..."
_LABEL = re.compile(
    r"(?:[A-Z][a-z]+:\s+(?=\(?[1ai][.)]))?((?:\(?\w{1,3}[./)]\d{0,3}\s+)?[A-Z][^:–—.,;()]{2,50})(?: \([^()]{2,50}\))?"
    r"(?::| [–—-]) "
)
_FIRST_ENTRY = re.compile(r":\s+\(?[1ai][.)]$")  # "Correspondence: 1. County Council - bus survey"
_ROMAN_ENTRY = re.compile(r"\s+\((?:[ivx]{1,4}|[a-h])\)\s+[A-Z]")  # "(i) Charging points. (ii) Dogs"
_LONGEST = 150  # words of a clause; more are no prose, and would take longer than they are worth
_PARTS = frozenset({"but", "while", "whilst", "whereas", "although", "though", "however", "resolved", "unless"})
_JOINS = frozenset({"and", "with", "so", "where"})
# What stands between a preposition and its date and says nothing of it: "by 5 pm on Friday the", "until the end of".
_HOUR = (
    r"(?: (?:at|from))?"
    r"(?: (?:12 )?(?:noon|midnight|midday|(?:hanner|canol) (?:nos|dydd)|nos)| \d{1,2}(?: \d\d)?(?: ?[ap]m| ?[ap] m| hours| hrs))"
)
_LEAD_IN = re.compile(
    rf"(?:(?P<onward> (?:as from|as of|on and from|on and after|on or after|from and including))"
    rf"|(?P<until> (?:right|through) (?:up )?to)"
    rf"| (?P<before>by|until|till|before|than|to|from|at|on|in|between|and|come|erbyn|cyn|tan|hyd|ar|am|o))?"
    rf"(?:{_HOUR}(?: (?:on|by|ar))?)?"
    r"(?(before)(?:(?: (?!(?:the|a|an) )[^ ]+)? (?:friday|day|eve|week|holiday|hallowe['’]?en|good|easter)(?: ,)?)?)"
    r"(?: the| this| last| ddydd| dydd)?"
    r"(?: (?:close|end|start|beginning|middle|(?:first |second |latter )?half|whole|week|morning|evening|day|last day)"
    r" of(?: play| business| the day| day)?(?: on| of)?)?"
    r"(?: (?:w c|wc|w b|week commencing|week beginning))?"
    r"(?: (?:,|the|this|same day|today|coming|late|early|mid|next|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|llun|mawrth|mercher|iau|gwener|ddydd|dydd|fis|ddiwedd|diwedd))*$"
)


# "13 July 2026 - consultation starts": a row of a timetable, in which what happens follows its date.
_ROW = re.compile(r"[)\]]?\s*[-–—:]\s+(?=[^\W\d])")

_SHORT_ROW = 9  # words of a row whose date is parted from them by nothing
_GOES_ON_WITH = frozenset(
    {
        "is",
        "was",
        "are",
        "were",
        "to",
        "and",
        "or",
        "at",
        "will",
        "would",
        "as",
        "when",
        "for",
        "in",
        "on",
        "by",
        "until",
    }
)

_WILL = frozenset({"will", "would"})
_FINITE = _WILL | {"has", "have", "had", "is", "are", "was", "were"}

_Word = tuple[str, Stated | None]  # a word or a mark, with the date that stands there


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and where it stands in the text it was taken from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that says one thing.

    `line` is its words in lower case, each led by a space and the last followed by one: topics are `@topic`, dates
    `@date`. `starts` are the offsets of the leading spaces.
    """

    sentence: int
    line: str
    starts: tuple[int, ...]
    dates: tuple[tuple[int, Stated], ...]
    """Each date with the offset in the line at which its `@date` stands."""
    mark: str = ""
    """With what its sentence ends: after "?" or ":" the next goes on with it."""
    label: str | None = None
    """What its sentence is headed with: "Bin collections" of "Bin collections: revised dates"."""

    def word_at(self, offset: int) -> int:
        """Which word of the clause stands at an offset of its line."""
        return bisect_right(self.starts, offset) - 1

    def masked(self, word: int) -> bool:
        """Whether a word has been struck out."""
        return self.line.startswith(" ~", self.starts[word])


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order: headings, list items and table rows are sentences of their own.

    A full stop after an abbreviation ("No. 3", "s.59", "9.00 a.m.", "Cllr. Smith") or a number that leads a
    paragraph ends none; a line that was wrapped goes on in the next.
    """
    found: list[Sentence] = []
    for start, end in _paragraphs(text):
        begin = start
        for match in _END.finditer(text, start, end):
            stop = match.end()
            if stop < end and not _ends(text, begin, stop):
                continue
            _add(found, text, begin, stop)
            begin = stop
        _add(found, text, begin, end)
    return found


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    part = text[start:end]
    bullet = _BULLET.match(part)
    begin = start + (bullet.end() if bullet else 0)
    said = text[begin:end].rstrip()
    if said:
        found.append(Sentence(said, begin, begin + len(said)))


def _ends(text: str, begin: int, stop: int) -> bool:
    """Whether the mark before `stop` ends the sentence that began at `begin`."""
    following = _GOES_ON.match(text, stop - 1 if text[stop - 1].isspace() else stop)
    if following is None:
        return text[stop - 1].isspace()
    if _ROMAN_ENTRY.match(text, stop):
        return True
    first = following.group()[-1]
    said = text[max(begin, stop - 12) : stop]
    if stop - begin < 12 and _NUMBERING.fullmatch(text, begin, stop):
        return False
    if _FIRST_ENTRY.search(said) and _LABEL.match(text, following.end() - 1):
        return False
    if said.endswith(".") and _ABBREVIATED.search(said) and not re.search(r"[ap]\.?m\.$", said):
        return re.search(r"\bno\.$", said, re.IGNORECASE) is not None and not first.isdigit()
    return not first.islower()


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """The spans of a text's paragraphs, wrapped lines put together."""
    spans: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        line = match.group().strip()
        if not line:
            continue
        if spans and _wrapped(
            text[max(spans[-1][0], spans[-1][1] - 160) : spans[-1][1]], text[spans[-1][1] : match.start()], line
        ):
            spans[-1] = spans[-1][0], match.end()
        else:
            spans.append(match.span())
    return spans


def _wrapped(before: str, gap: str, line: str) -> bool:
    last = before.rstrip().rsplit("\n", 1)[-1]
    if gap.count("\n") > 1 or not last or last[-1] in ".?!:;" or _BULLET.match(line):
        return False
    if _NUMBERING.match(line) and re.match(r"\s*\S{1,7}[.)]\s", line):
        return False
    return line[0].islower() or (
        len(last) >= 60 and (last[-1].islower() or last[-1] == ",") and _FIELD.match(line) is None
    )


def clauses(said: Sequence[Sentence], topics: Sequence[tuple[int, int]], dates: Sequence[Stated]) -> list[Clause]:
    """The clauses of sentences, given where the topic is named and which dates are stated (offsets as the sentences')."""
    marks = sorted(
        [(start, end, "@topic", None) for start, end in topics]
        + [(stated.start, stated.end, "@date", stated) for stated in dates],
        key=lambda mark: mark[:2],
    )
    starts = [mark[0] for mark in marks]
    found: list[Clause] = []
    heads: list[list[_Word]] = []
    for number, sentence in enumerate(said):
        words: list[_Word] = []
        position = sentence.start
        for start, end, token, stated in marks[
            bisect_right(starts, sentence.start - 1) : bisect_right(starts, sentence.end - 1)
        ]:
            if start < position:
                continue
            words += _words(sentence, position, start)
            if stated is not None and stated.follows and words and words[-1][0] == "@date":
                words.append(("to", None))
            if stated is not None:
                _lead_in(words)
                if stated.season and (
                    not words or words[-1][0] not in ("in", "by", "from", "until", "during", "yn", "yr", "y")
                ):
                    words.append(("in", None))  # "this summer"
            words.append((token, stated))
            named = _ACT_NAMED.match(sentence.text, end - sentence.start) if stated is None else None
            position = sentence.start + named.end() if named else end
        words += _words(sentence, position, sentence.end)
        cells = _cells(words) if ("|", None) in words else []
        if len(cells) > 1 and len(cells) == len(heads) and any(stated for _, stated in words):
            words = [word for head, cell in zip(heads, cells, strict=True) for word in (*head, *cell)]
        elif cells and ": " not in sentence.text and not any(stated for _, stated in words):
            heads = cells
        parts = _split([word for word in words if word[0] != "|"])
        read = [_clause(number, _event_first(sentence, part), sentence.text[-1]) for part in parts]
        label = _LABEL.match(sentence.text)
        found += [replace(read[0], label=label[1].lower()), *read[1:]] if label and read else read
    return found


def _event_first(sentence: Sentence, words: list[_Word]) -> list[_Word]:
    """The words of a clause; of a row of a timetable with its date put last, as prose has it."""
    last = next((n for n in (2, 0) if len(words) > n and words[n][1] and (n == 0 or words[1][0] == "to")), None)
    if last is None or words[0][1] is None or any(stated for _, stated in words[last + 1 :]):
        return words
    stated = words[last][1]
    if stated is None or not (
        _ROW.match(sentence.text, stated.end - sentence.start)
        or (last == 0 and 1 < len(words) < _SHORT_ROW and words[1][0] not in _GOES_ON_WITH)
    ):
        return words
    return [*words[last + 1 :], *words[: last + 1]]


def _written_out(match: re.Match[str]) -> str:
    return {"ve": " have", "ll": " will", "d": " would", "re": " are"}[match[1]]


def _cells(words: Sequence[_Word]) -> list[list[_Word]]:
    """The cells of a row of a table."""
    cells: list[list[_Word]] = [[]]
    for word in words:
        if word[0] == "|":
            cells.append([])
        else:
            cells[-1].append(word)
    return cells


def _lead_in(words: list[_Word]) -> None:
    """Leaves of the words that lead to a date only the preposition."""
    last = "".join(f" {word}" for word, _ in words[-12:])
    match = _LEAD_IN.search(last)
    if match is None or not match.group():
        return
    count = match.group().count(" ")
    if count == 1 and len(words) > 1 and words[-2][0] == "hyd":  # "hyd at", until
        return
    kept = (
        "by"
        if match["before"] == "before" and " end of" in match.group()
        else "from"
        if match["onward"]
        else "until"
        if match["until"]
        else match["before"] or next((w for w in match.group().split() if w in ("by", "from", "on", "at", "ar")), None)
    )
    said = words[len(words) - count :]
    if any(stated for _, stated in said):
        return
    words[len(words) - count :] = [(("on" if kept in ("at", "come") else kept), None)] if kept else []


def _words(sentence: Sentence, start: int, end: int) -> list[_Word]:
    part = _CONTRACTED.sub(_written_out, sentence.text[start - sentence.start : max(start, end) - sentence.start])
    return [(_POSSESSIVE.sub("", m.group().lower()), None) for m in _TOKEN.finditer(part)]


def _says_of_another(before: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words tell what somebody else will do: "(it has closed and) the county will decide"."""
    if words[:1] != ["the"] or _WILL.isdisjoint(words[2:4]):
        return False
    said = before[len(before) - before[::-1].index("that") :] if "that" in before else before
    return not _FINITE.isdisjoint(said)


def _split(words: list[_Word]) -> list[list[_Word]]:
    parts: list[list[_Word]] = [[]]
    last_comma = max((n for n, (word, _) in enumerate(words) if word == ","), default=-1)
    for n, ((word, stated), (following, _)) in enumerate(pairwise([*words, ("", None)])):
        if word == "and" and _says_of_another([w for w, _ in parts[-1]], [w for w, _ in words[n + 1 : n + 5]]):
            parts.append([])
        # "that the order, with one change, be made" is one clause.
        if word == ";" or (word == "," and following in _JOINS and not (following == "with" and n < last_comma)):
            parts.append([])
        elif word != ",":
            if parts[-1] and ((word in _PARTS and not _put_in(words, n)) or len(parts[-1]) == _LONGEST):
                parts.append([])
            parts[-1].append((word, stated))
    return [part for part in parts if part]


def _put_in(words: Sequence[_Word], n: int) -> bool:
    """Whether a word begins something put into a sentence: "the order will, unless renewed, come to an end"."""
    return words[n][0] == "unless" and words[n - 1][0] == "," and any(word == "," for word, _ in words[n + 1 : n + 5])


def _clause(sentence: int, words: Sequence[_Word], mark: str) -> Clause:
    starts: list[int] = []
    dates: list[tuple[int, Stated]] = []
    length = 0
    for word, stated in words:
        starts.append(length)
        if stated is not None:
            dates.append((length, stated))
        length += len(word) + 1
    line = "".join(f" {word}" for word, _ in words) + " "
    return Clause(sentence, line, tuple(starts), tuple(dates), mark)
