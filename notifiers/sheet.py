"""A message laid out once, as lines, for templates that only write them down: what is said, in which order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from history.words import differences, elide
from notifiers.advice import can_do, days_left
from notifiers.bulletin import Bulletin, Quote, Story, ToldDate
from notifiers.calling import (
    clock_time,
    counted,
    dateline,
    day_of,
    fields_of,
    headline,
    listed,
    long_date,
    moment,
    plain_date,
    short_council,
    told_date,
)
from notifiers.lines import (
    Line,
    Span,
    Style,
    as_plain,
    clean,
    joined,
    limited,
    line,
    shortened,
    web_url,
)
from notifiers.subjects import subject

MOST_STORIES: Final = 20
"""With more, a mail would pass the 102 KB at which Gmail cuts it."""
MOST_CONTENTS: Final = 12

_DATES: Final = {
    "opens": "the consultation opens",
    "closes": "the consultation closes",
    "expires": "the present order expires",
    "comes into force": "the order comes into force",
    "decision due": "a decision is due",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One story, laid out. `facts` are labelled: ("Stage", lines)."""

    headline: Line
    dateline: str
    quotes: tuple[Line, ...]
    changed: tuple[Line, ...]
    facts: tuple[tuple[str, tuple[Line, ...]], ...]
    read: tuple[Line, ...]
    why: Line


@dataclass(frozen=True, slots=True)
class Group:
    """Stories of one meeting, under its name where there are several of them or several meetings."""

    council: str
    heading: Line
    stories: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message, laid out."""

    subject: str
    preheader: str
    kicker: str
    title: str
    intro: tuple[Line, ...]
    contents: tuple[Line, ...]
    groups: tuple[Group, ...]
    tables: tuple[tuple[Line, tuple[tuple[str, Line], ...]], ...]
    more: Line
    ending: tuple[Line, ...]


def lay_out(bulletin: Bulletin, today: date) -> Sheet:
    """What a message says and in which order. `today` is the day where the reader is."""
    shown = bulletin.stories[:MOST_STORIES]
    groups = _groups(shown, bulletin, today)
    first = groups[0].stories[0] if groups else None
    heads = subject(bulletin, today)
    return Sheet(
        subject=heads,
        preheader=shortened(
            as_plain(first.quotes[0]) if first and first.quotes else first.dateline if first else "", 140
        ),
        kicker=_kicker(bulletin),
        title=_title(bulletin),
        intro=_intro(bulletin, today),
        contents=_contents(shown) if bulletin.kind in ("digest", "summary") and len(shown) > 1 else (),
        groups=groups,
        tables=_tables(bulletin),
        more=_more(bulletin, len(bulletin.stories) - len(shown) + bulletin.more),
        ending=_ending(bulletin),
    )


def _groups(stories: Sequence[Story], bulletin: Bulletin, today: date) -> tuple[Group, ...]:
    """By council and meeting, in the order in which each is first told of."""
    order = {key: number for number, key in enumerate(dict.fromkeys(_place(story) for story in stories))}
    together = groupby(sorted(stories, key=lambda story: order[_place(story)]), key=_place)
    groups = []
    for _, of_place in together:
        gathered = list(of_place)
        alone = len(gathered) == 1
        heading = line(Span(dateline(gathered[0]), url=gathered[0].meeting_url)) if not alone else ()
        told = tuple(_told(story, bulletin.now, today, with_dateline=alone) for story in gathered)
        groups.append(Group(short_council(gathered[0].council), heading, told))
    return tuple(groups)


def _place(story: Story) -> tuple[str, str, str]:
    return story.council, story.meeting_url if story.starts_at else "", dateline(story)


def _told(story: Story, now: datetime, today: date, *, with_dateline: bool) -> Told:
    facts = [
        ("Stage", _stage(story, today)),
        ("Key date" if len(story.dates) == 1 else "Key dates", tuple(_key_date(told, today) for told in story.dates)),
        ("You can", can_do(story, now, today)),
        ("Also", _also(story)),
        ("Before", tuple(line(f"{plain_date(said.on, today)}: {said.words}") for said in story.earlier)),
    ]
    links = [(link.label, link.url) for link in story.links] or [("the meeting", story.meeting_url)]
    titled = clean(story.title).casefold()
    quotes = [quote for quote in story.quotes if clean(quote.sentence).casefold() != titled]
    return Told(
        headline=line(headline(story)),
        dateline=dateline(story) if with_dateline else "",
        quotes=tuple(_quote(quote) for quote in quotes),
        changed=_changed(story),
        facts=tuple((label, limited(lines, 8)) for label, lines in facts if lines),
        read=tuple(line(Span(label, url=url)) for label, url in links if web_url(url)),
        why=_why(story),
    )


def _quote(quote: Quote) -> Line:
    """“… the council's sentence …”, the words that matched marked, cut at 600 characters around the first of them."""
    sentence = quote.sentence
    start = 0
    if len(sentence) > 600:
        start = max(0, min((begin for begin, _ in quote.spans), default=0) - 200)
        start = sentence.find(" ", start) + 1 if start else 0
    end = len(sentence) if len(sentence) <= start + 600 else sentence.rfind(" ", start, start + 600)
    end = end if end > start else start + 600
    spans: list[Span] = []
    at = start
    for begin, stop in sorted(quote.spans):
        if at <= begin < stop <= end:
            spans += [Span(sentence[at:begin]), Span(sentence[begin:stop], "mark")]
            at = stop
    spans.append(Span(sentence[at:end].rstrip()))
    whole = end == len(sentence) and sentence.rstrip()[-1:] in tuple(".!?:;…”\"'")
    lead = "" if quote.field == "title" else "… "
    return line(f"“{lead}", tuple(spans), "”" if whole or quote.field == "title" else " …”")


def _changed(story: Story) -> tuple[Line, ...]:
    """Word differences of an amended text, a paragraph a line; a meeting that moved says from when to when."""
    if story.before is None or story.after is None:
        return ()
    then, now = moment(story.before), moment(story.after)
    if then and now:
        return (line("From ", Span(then, "removed"), " to ", Span(now, "added")),)
    styles: dict[str, Style] = {"same": "plain", "removed": "removed", "added": "added"}
    paragraphs: list[list[Span]] = [[]]
    room = 2_000
    for piece in elide(differences(story.before, story.after)):
        for number, words in enumerate(piece.text[:room].split("\n")):
            if number:
                paragraphs.append([])
            paragraphs[-1].append(Span(words, styles[piece.op]))
        room -= len(piece.text)
        if room <= 0:
            paragraphs[-1].append(Span(" …"))
            break
    return tuple(_parted(spans) for spans in paragraphs if any(span.text.strip() for span in spans))


def _parted(spans: Sequence[Span]) -> Line:
    """The marks around words only, and a space between what went and what came in its place."""
    parted: list[Span] = []
    for span in spans:
        words = span.text.strip()
        if span.style == "plain" or not words:
            parted.append(Span(span.text))
            continue
        at = span.text.index(words)
        gap = span.text[:at] or (" " if parted and parted[-1].style == "removed" else "")
        parted += [Span(gap), Span(words, span.style), Span(span.text[at + len(words) :])]
        parted = [part for part in parted if part.text]
    return tuple(parted)


def _stage(story: Story, today: date) -> tuple[Line, ...]:
    if story.stage in (None, "none"):
        return ()
    told = f", as told on {plain_date(story.stage_as_of, today)}" if story.stage_as_of else ""
    if not story.stage_is_old:
        return (line(f"{story.stage}{told}"),)
    url = next((link.url for link in story.links), story.meeting_url)
    page = Span("the council’s page", url=url)
    return (line(f"{story.stage}{told}; that is a while ago, so it may have begun or ended since: see ", page),)


def _key_date(told: ToldDate, today: date) -> Line:
    day = day_of(told)
    left = f" ({days_left(day, today)})" if told.kind == "closes" and day is not None and day >= today else ""
    return line(f"{told_date(told)}, {_DATES.get(told.kind, told.kind)}{left}")


def _also(story: Story) -> tuple[Line, ...]:
    own = [line("this item is restricted: the public may not read its papers")] if story.restricted else []
    return (*own, *(line(f"{name} in the same meeting is restricted") for name in story.restricted_neighbours))


def _why(story: Story) -> Line:
    watches = listed([f"“{name}”" for name in story.watches])
    watch = f"your watch {watches}" if len(story.watches) < 2 else f"your watches {watches}"
    if not story.words:
        return line(f"{watch} takes in what this tells of")
    where = f" in {fields}" if (fields := fields_of(story)) else ""
    return line(f"{watch} matched ", joined([line(Span(word, "strong")) for word in story.words[:-1]], ", "),
                " and " if len(story.words) > 1 else "", Span(story.words[-1], "strong"), where)  # fmt: skip


def _contents(stories: Sequence[Story]) -> tuple[Line, ...]:
    lines = [line(Span(headline(story), "strong"), f", {dateline(story)}") for story in stories]
    return limited(lines, MOST_CONTENTS)


def _kicker(bulletin: Bulletin) -> str:
    councils = dict.fromkeys(short_council(clean(story.council)) for story in bulletin.stories)
    topics = dict.fromkeys(clean(story.topic) for story in bulletin.stories if story.topic)
    if len(councils) != 1:
        return "Councilwatch"
    return " · ".join((*councils, *(topics if len(topics) == 1 else ())))


def _title(bulletin: Bulletin) -> str:
    matters = counted(len(bulletin.stories) + bulletin.more, "matter")
    match bulletin.kind:
        case "alert":
            return "" if len(bulletin.stories) == 1 else f"{matters} for you"
        case "digest":
            return f"{matters} for you"
        case "summary":
            return "What is already there"
        case "reminder":
            return "A closing date is near"
        case "proof of life":
            return "Nothing new, and still looking"
        case "trouble":
            return "Something needs you"
        case "recovery":
            return "It works again"
        case "dead":
            return "A message could not be delivered"
        case "test":
            return "This address works"


def _intro(bulletin: Bulletin, today: date) -> tuple[Line, ...]:
    match bulletin.kind:
        case "summary":
            return (line("This stood there when your watch first looked; from now on you hear of what is new."),)
        case "digest" if bulletin.held_back:
            return (line("So many alerts came within one hour that they are told here together."),)
        case "test":
            who = clean(bulletin.subscriber)
            return (
                line(f"This is a test. If you can read it, alerts for “{who}” reach this address by the same way."),
            )
    if bulletin.quiet is None:
        return ()
    quiet = bulletin.quiet
    coming = f"; next meeting {plain_date(quiet.next_meeting, today)}" if quiet.next_meeting else ""
    councils = f" of {listed(quiet.council_names[:5])}" if 0 < len(quiet.council_names) <= 5 else ""
    looked = f"Looked {counted(quiet.looks, 'time')} at {counted(quiet.meetings, 'meeting')}{councils}"
    return (line(f"{looked}; nothing on {quiet.watch}{coming}."),)


def _tables(bulletin: Bulletin) -> tuple[tuple[Line, tuple[tuple[str, Line], ...]], ...]:
    zone = ZoneInfo(bulletin.timezone)
    tables = []
    for trouble in bulletin.trouble:
        since = trouble.since.astimezone(zone) if trouble.since else None
        when = f"{long_date(since.date())}, {clock_time(since)}" if since else ""
        told = [("State", trouble.state), ("Since", when), ("Why", trouble.reason), ("What to do", trouble.advice)]
        tables.append((line(trouble.what), tuple((label, line(said)) for label, said in told if said)))
    return tuple(tables)


def _more(bulletin: Bulletin, left_out: int) -> Line:
    if not left_out:
        return ()
    where = Span("the history", url=bulletin.history_url) if bulletin.history_url else "the council’s own pages"
    return line(Span(f"And {left_out:,} more", "strong"), " in ", where)


def _ending(bulletin: Bulletin) -> tuple[Line, ...]:
    ending = []
    if bulletin.stories:
        ending.append(line("Stages and dates are as the council told them, quoted and never guessed."))
    if bulletin.operator_contact and bulletin.kind not in ("trouble", "recovery", "dead"):
        mail = Span(bulletin.operator_contact, url=f"mailto:{bulletin.operator_contact}")
        ending.append(
            line(f"Sent by Councilwatch to {bulletin.subscriber}. To change what you get, or to stop: ", mail)
        )
    return tuple(ending)
