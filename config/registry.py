"""The councils that are known to run a moderngov site.

Gathered mostly from DemocracyClub/LGSF (https://github.com/DemocracyClub/LGSF, MIT licence), with thanks, and compared
with other lists. Nobody has asked each site again since: an address can be stale, and `councilwatch check` tells.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent / "councils.csv"


@dataclass(frozen=True, slots=True)
class Registered:
    """A council of the registry; `shared_with` are the slugs of councils on the very same site."""

    slug: str
    name: str
    nation: str
    base_url: str
    shared_with: tuple[str, ...]


@cache
def councils() -> Mapping[str, Registered]:
    """All councils of the registry by slug."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {
                row["slug"]: Registered(
                    row["slug"], row["council"], row["nation"], row["base_url"], tuple(row["shared_with"].split())
                )
                for row in csv.DictReader(file)
            }
        )


def find(words: Iterable[str]) -> list[Registered]:
    """The councils in whose slug, name or nation every word occurs, whatever its case, accents or hyphens."""
    wanted = _plain(" ".join(words)).split()
    return [council for council in councils().values() if all(word in _haystack(council.slug) for word in wanted)]


def like(words: str, most: int = 3) -> list[str]:
    """Slugs that may have been meant: those in which the words occur, else those most alike."""
    words = words[:100]
    found = [council.slug for council in find([words])] if _plain(words) else []
    if found:
        return sorted(found, key=len)[:most]
    wanted = _plain(words)
    likeness = {slug: max(_ratio(wanted, name) for name in _names(slug)) for slug in councils()}
    best = max(likeness.values())
    return [slug for slug, ratio in likeness.items() if ratio == best][:most] if best >= 0.7 else []


def _names(slug: str) -> list[str]:
    """What a misspelt word may stand for: the whole slug, or a word of it long enough to tell councils apart."""
    words = slug.split("-")
    return [" ".join(words), *(word for word in words if len(word) >= 5)]


def _ratio(word: str, name: str) -> float:
    return SequenceMatcher(None, word, name, autojunk=False).ratio()


@cache
def _haystack(slug: str) -> str:
    council = councils()[slug]
    return f"{_plain(council.slug)} {_plain(council.name)} {_plain(council.nation)}"


def _plain(text: str) -> str:
    """Lower case, without accents, punctuation as spaces (an apostrophe as nothing)."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.sub(r"\W+|_+", " ", re.sub("['’]", "", bare.casefold())).strip()
