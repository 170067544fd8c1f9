"""What a page is made from, and what it is: the request as a page sees it, and the answer it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from demo.behaviour import Behaviour
from demo.council import SiteState

# Written over by the server with something new at each fetch: what differs although nothing happened.
TOKEN = "@@token@@"  # noqa: S105 - a placeholder, no secret
NOW = "@@now@@"
BASE = "@@base@@"  # the site's own address, for the few places that print it


@dataclass(frozen=True)
class Asked:
    """One request. ``query`` has lower-case names; ``language`` is ``en`` or ``cy``."""

    state: SiteState
    query: Mapping[str, str] = field(default_factory=dict)
    behaviour: Behaviour = field(default_factory=Behaviour)
    language: str = "en"

    def number(self, *names: str) -> int:
        """The first of the named parameters that holds a number, or 0."""
        for name in names:
            value = self.query.get(name, "").strip()
            if value.removeprefix("-").isdigit():
                return int(value)
        return 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A page or a file. A ``str`` body is encoded by the server, ``bytes`` go out as they are."""

    body: str | bytes
    content_type: str = "text/html"


class NotThere(Exception):  # noqa: N818 - it is an answer: moderngov redirects to mgError.aspx
    """The site has no such thing."""
