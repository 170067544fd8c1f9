"""Subjects that say the news, and the one line for a push service. Pure; one line each, whatever a council wrote."""

from __future__ import annotations

from datetime import date
from typing import Final

from notifiers.bulletin import Bulletin, Story
from notifiers.calling import counted, listed, news, plain_date, short_council, short_date
from notifiers.lines import clean, shortened, web_url

SUBJECT: Final = 180
PUSH: Final = 240


def subject(bulletin: Bulletin, today: date) -> str:
    """At most 180 characters: `[Stockton-on-Tees] PSPO: consultation planned. Operation Shield Update, …`."""
    return shortened(_subject(bulletin, today), SUBJECT)


def push_line(bulletin: Bulletin, today: date) -> str:
    """At most 240 characters, with the first link where it fits whole."""
    if bulletin.quiet is not None or not bulletin.stories:
        return shortened(_subject(bulletin, today), PUSH)
    first = bulletin.stories[0]
    url = web_url(first.links[0].url if first.links else first.meeting_url)
    room = PUSH - len(url) - 1 if url and len(url) <= PUSH // 2 else PUSH
    words = shortened(_subject(bulletin, today, numbered=True).replace("[", "", 1).replace("]", ":", 1), room)
    return f"{words} {url}" if room < PUSH else words


def _subject(bulletin: Bulletin, today: date, *, numbered: bool = False) -> str:
    match bulletin.kind:
        case "alert":
            return _of_stories(bulletin, today, "", numbered=numbered)
        case "reminder":
            return _of_stories(bulletin, today, "Reminder: ", numbered=numbered)
        case "digest":
            return f"{_place(bulletin)} {_matters(bulletin)}: {_most_told(bulletin)}"
        case "summary":
            return f"{_place(bulletin)} What is already there: {_matters(bulletin)}. {_most_told(bulletin)}"
        case "proof of life":
            watch = bulletin.quiet.watch if bulletin.quiet else ""
            return f"[Councilwatch] Nothing new on {clean(watch)}; still looking"
        case "test":
            return "[Councilwatch] Test message: this address works"
    return _for_operator(bulletin, today)


def _of_stories(bulletin: Bulletin, today: date, lead: str, *, numbered: bool) -> str:
    if not bulletin.stories:
        return "[Councilwatch] Nothing left to tell"
    story = bulletin.stories[0]
    others = len(bulletin.stories) + bulletin.more - 1
    of = clean(story.topic or (story.watches[0] if story.watches else ""))
    title = shortened(story.title or story.document or "", 70)
    number = clean(story.number) if numbered else ""
    when = f" {short_date(story.starts_at.date(), today)}" if story.starts_at else ""
    meeting = f"{shortened(story.committee, 50)}{when}".strip()
    what = ", ".join(part for part in (f"{number} {title}".strip(), meeting) if part)
    more = f" (and {others} more)" if others else ""
    return f"[{short_council(clean(story.council))}] {lead}{of}: {news(story)}. {what}{more}"


def _place(bulletin: Bulletin) -> str:
    councils = list(dict.fromkeys(short_council(clean(story.council)) for story in bulletin.stories))
    return f"[{councils[0]}]" if len(councils) == 1 else f"[{counted(len(councils), 'council')}]"


def _matters(bulletin: Bulletin) -> str:
    return counted(len(bulletin.stories) + bulletin.more, "matter")


def _most_told(bulletin: Bulletin) -> str:
    """The weightiest first, as the stories come."""

    def told(story: Story) -> str:
        of = story.topic or (story.watches[0] if story.watches else "")
        return f"{clean(of)} {news(story)}" if story.kinds or story.stage not in (None, "none") else clean(of)

    heads = list(dict.fromkeys(told(story) for story in bulletin.stories))
    return listed(heads[:3]) if len(heads) <= 3 else f"{', '.join(heads[:3])} and more"


def _for_operator(bulletin: Bulletin, today: date) -> str:
    if not bulletin.trouble:
        return f"[Councilwatch] {bulletin.kind}"
    first = bulletin.trouble[0]
    more = f" (and {len(bulletin.trouble) - 1} more)" if len(bulletin.trouble) > 1 else ""
    since = f" since {plain_date(first.since.date(), today)}" if first.since and bulletin.kind == "trouble" else ""
    lead = {"trouble": "Trouble", "recovery": "Works again", "dead": "Not delivered"}.get(bulletin.kind, bulletin.kind)
    return f"[Councilwatch] {lead}: {clean(first.what)}, {clean(first.state)}{since}{more}"
