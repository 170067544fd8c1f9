"""What a poll says of a source, and what the operator is told of it: once when trouble starts, once when it ends.

A source is suspect when a third of its pages are; one flaky page is its own affair. One good poll makes it ok again.
The operator hears of trouble after three polls or six hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["ok", "suspect", "failing", "blocked", "disallowed"]

TOLD_AFTER_POLLS = 3
TOLD_AFTER = timedelta(hours=6)
PAGES_OF = timedelta(days=15)  # a third of the pages that were asked for lately: old meetings are asked for no more
TROUBLED = ("suspect", "failing", "blocked")  # "disallowed" is a council's wish, not a failure
TOLD = (*TROUBLED, "disallowed")  # but the operator hears of both: either way, nothing more is seen there

_UNTRUSTED = ("suspect", "refused")
_ADVICE: Mapping[State, str] = {
    "ok": "",
    "suspect": "Look at it in a browser: maintenance, or a new layout? The history is as it was.",
    "failing": "Look whether the site is up and base_url still right (councils move). It is tried again by itself.",
    "blocked": "The site refuses us. Ask the council to let this service in; we never get round a block.",
    "disallowed": "robots.txt asks us to stay away. Ask the council, or give your reason in ignore_robots.",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source's standing between polls. `told`: the state that the operator was last told of; None or "ok": none."""

    state: State = "ok"
    since: datetime | None = None
    polls: int = 0
    troubled_since: datetime | None = None
    told: str | None = None
    reason: str | None = None


def judge(states: Counter[str], troubled_pages: int, known_pages: int, ended_by: str | None) -> State | None:
    """The state that one poll's pages speak for; None where nothing was asked, so nothing is known.

    `states` counts the poll's looks by what became of them; `troubled_pages` of `known_pages` are in trouble by what
    is remembered of the last weeks; `ended_by` is the kind of refusal that ended the poll early.
    """
    good = states["read"] + states["unchanged"]
    bad = sum(states.values()) - good
    if not bad:
        if good:
            return "ok"
        return "failing" if ended_by in ("throttled", "left alone") else None
    if not good:
        for state, kinds in (("disallowed", ("disallowed",)), ("blocked", ("blocked",)), ("suspect", _UNTRUSTED)):
            if sum(states[kind] for kind in kinds) * 2 > bad:
                return state  # type: ignore[return-value]
        return "failing"
    asked_third = bad * 3 >= good + bad
    known_third = troubled_pages * 3 >= max(known_pages, 1)
    if asked_third and known_third:
        untrusted = sum(states[kind] for kind in _UNTRUSTED)
        return "suspect" if untrusted * 2 >= bad else "failing"
    return "ok"


def after(
    before: Trouble, state: State, reason: str | None, now: datetime
) -> tuple[Trouble, Literal["trouble", "recovery"] | None]:
    """A source's standing after a poll, and what the operator is to be told now, if anything."""
    since = before.since if state == before.state and before.since else now
    if state not in TOLD:
        tell: Literal["trouble", "recovery"] | None = "recovery" if before.told in TOLD else None
        return Trouble(state, since, 0, None, None, reason), tell
    polls = before.polls + 1
    troubled_since = before.troubled_since or now
    due = polls >= TOLD_AFTER_POLLS or now - troubled_since >= TOLD_AFTER
    told = before.told in TOLD
    standing = Trouble(state, since, polls, troubled_since, state if due or told else None, reason)
    return standing, "trouble" if due and not told else None


def patience(polls: int, soon: timedelta) -> timedelta:
    """How long a site that answered nothing good is left alone after so many such polls: soon, then up to four times that.

    Else its pages, each of them due again soon, would take the day's requests, and its recovery would go unseen.
    """
    return soon * (1 << min(max(polls, 1) - 1, 2))


def advice(state: State) -> str:
    """What the operator can do."""
    return _ADVICE[state]
