"""The councils to poll, as written and as completed from the registry, and what their sites are asked at most."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from config import registry
from config.errors import advice, quoted
from config.source import Source
from config.tables import Decimal, Table, Text, Texts, Whole, YesNo
from config.toml_lines import Place
from config.web_addresses import host_name, is_loopback, site_address

NATIONS: Final = ("England", "Wales", "Scotland", "Northern Ireland", "Ireland")


def _nation(word: str) -> str:
    if word not in NATIONS:
        raise ValueError(f"{quoted(word)} is not a nation{advice(word, NATIONS)}")
    return word


class Politeness(Table):
    """What one host is asked at most; 0 means no limit and stands only for a loopback address."""

    seconds_between_requests: Annotated[Decimal, Field(ge=0, le=3600)] = 1.0
    requests_per_day: Annotated[Whole, Field(ge=0, le=1_000_000)] = 350


class CouncilAsWritten(Table):
    """A council as the file has it, perhaps by its slug alone."""

    slug: Text
    name: Text | None = None
    base_url: Annotated[Text, AfterValidator(site_address)] | None = None
    nation: Annotated[Text, AfterValidator(_nation)] | None = None
    committees: Texts | None = None
    politeness: Politeness | None = None
    ignore_robots: Text | None = None
    documents: YesNo = True
    hosts: tuple[Annotated[Text, AfterValidator(host_name)], ...] = ()


class Council(Table):
    """A council to poll, with what the registry knows filled in."""

    slug: str
    name: str
    base_url: str
    """The address above the pages, without a closing slash."""
    nation: str | None = None
    committees: tuple[str, ...] | None = None
    """Names of the committees wanted; None for all."""
    politeness: Politeness = Politeness()
    ignore_robots: str | None = None
    """The operator's reason for polling against robots.txt."""
    documents: bool = True
    hosts: tuple[str, ...] = ()
    """Further hosts that belong to the site."""


def complete(written: CouncilAsWritten, number: int, defaults: Politeness, source: Source) -> Council:
    """The council with what the registry knows, and the manners that go for all; `number` is its place in the file.

    Raises:
        ConfigError: too little is known of it, or its site would be asked without limits.
    """
    known = registry.councils().get(written.slug)
    name = written.name or (known.name if known else None)
    base_url = written.base_url or (known.base_url if known else None)
    if not name or not base_url:
        if written.name or written.base_url:
            missing = "base_url" if written.name else "name"
            message = f"{missing} is missing; a slug that is not in the registry needs name and base_url"
            raise source.error(("council", number), message)
        like = registry.like(written.slug)
        meant = f"; did you mean {' or '.join(quoted(slug) for slug in like)}?" if like else ""
        message = f"{quoted(written.slug)} is not in the registry{meant or '; give name and base_url too'}"
        raise source.error(("council", number, "slug"), message)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", written.slug):
        message = f'{quoted(written.slug)} is not a slug; write it in small letters, like "stockton-on-tees"'
        raise source.error(("council", number, "slug"), message)
    own = written.politeness
    politeness = defaults.model_copy(update=own.model_dump(exclude_unset=True)) if own else defaults
    for key in ("seconds_between_requests", "requests_per_day"):
        if not getattr(politeness, key) and not is_loopback(base_url):
            place: Place = ("politeness", key)
            if own and key in own.model_fields_set:
                place = ("council", number, *place)
            message = f"0 is for a site on this very machine, and {base_url} is not; councils are asked politely"
            raise source.error(place, message)
    return Council(
        slug=written.slug,
        name=name,
        base_url=base_url,
        nation=written.nation or (known.nation if known else None),
        committees=written.committees,
        politeness=politeness,
        ignore_robots=written.ignore_robots,
        documents=written.documents,
        hosts=written.hosts,
    )
