"""The operator's file, read and checked.

Nothing here touches the network, the environment or what stands behind a subscriber's address: that is
`config.addresses`. Every error is a `ConfigError` of one line.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, InstanceOf, ValidationError

from config import registry
from config.errors import ConfigError, Source, advice, location, quoted
from config.tables import Decimal, HeaderText, Slug, Table, Text, Texts, Whole, WithVariables, YesNo
from config.times import AtOnce, Daily, Deliver, Weekly, read_deliver, read_quiet, read_span, read_timezone
from config.toml_lines import Place
from config.topics import Topic, TopicError, load_topics
from config.watches import FIELDS, KINDS, Watch
from config.web_addresses import host_name, is_loopback, site_address, web_address

__all__ = [
    "FIELDS",
    "KINDS",
    "AtOnce",
    "ConfigError",
    "Council",
    "Daily",
    "Deliver",
    "Operator",
    "Politeness",
    "Service",
    "Settings",
    "Subscriber",
    "Timetable",
    "Watch",
    "Weekly",
    "load",
    "source_of",
]

NATIONS = ("England", "Wales", "Scotland", "Northern Ireland", "Ireland")

_LARGEST = 1_000_000
"""Bytes; what is larger is no config."""


def _file_name(value: object) -> object:
    if isinstance(value, str):
        if not value.strip() or "\0" in value:
            raise ValueError("is not the name of a file or folder")
        return Path(value)
    return value


def _shard(value: object) -> object:
    if not isinstance(value, str):
        return value
    share, slash, all_of_them = value.partition("/")
    if not (slash and share.isdecimal() and all_of_them.isdecimal() and len(value) < 10):
        raise ValueError(f'{quoted(value)} is not a share of the councils; write the second of five as "2/5"')
    if not 1 <= int(share) <= int(all_of_them):
        raise ValueError(f"{quoted(value)} is not a share of the councils; the first number goes from 1 to the second")
    return int(share), int(all_of_them)


def _nation(word: str) -> str:
    if word not in NATIONS:
        raise ValueError(f"{quoted(word)} is not a nation{advice(word, NATIONS)}")
    return word


def _heartbeat(url: str) -> str:
    return url if "${" in url else web_address(url)


_PathText = Annotated[Path, BeforeValidator(_file_name)]


class Service(Table):
    """What the program as a whole goes by; paths are absolute once loaded."""

    database: _PathText = Path("councilwatch.db")
    contact: HeaderText
    shard: Annotated[tuple[int, int], BeforeValidator(_shard)] | None = None
    """This machine's share of the councils: (2, 5) is the second of five."""
    topics: _PathText | None = None
    """A folder of the operator's own topics."""
    history_url: Annotated[Text, AfterValidator(web_address)] | None = None
    """Where readers find the history."""
    show_withdrawn_documents: YesNo = False


class Operator(Table):
    """Who hears of trouble; addresses are as written, not yet filled in."""

    to: tuple[WithVariables, ...] = ()
    heartbeat: Annotated[WithVariables, AfterValidator(_heartbeat)] | None = None
    """An address called every day that all is well."""


class Politeness(Table):
    """What one host is asked at most; 0 means no limit and stands only for a loopback address."""

    seconds_between_requests: Annotated[Decimal, Field(ge=0, le=3600)] = 1.0
    requests_per_day: Annotated[Whole, Field(ge=0, le=1_000_000)] = 350


class _CouncilAsWritten(Table):
    slug: Slug
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


class Subscriber(Table):
    """Who is told, of which watches, and when; addresses are as written, not yet filled in."""

    # Both spellings are taken in Python; load() takes only the file's.
    model_config = ConfigDict(validate_by_name=True)

    name: Text
    to: Annotated[tuple[WithVariables, ...], Field(min_length=1)]
    watches: Texts
    deliver: Annotated[Deliver, BeforeValidator(lambda said: read_deliver(said) if isinstance(said, str) else said)] = (
        AtOnce()
    )
    timezone: Annotated[Text, AfterValidator(read_timezone)] = "Europe/London"
    quiet: (
        Annotated[tuple[time, time], BeforeValidator(lambda said: read_quiet(said) if isinstance(said, str) else said)]
        | None
    ) = None
    """From, until: hours in the subscriber's time zone in which nothing is sent; they may go over midnight."""
    reminders_days: Annotated[Whole, Field(ge=1, le=90)] | None = Field(None, alias="remind_days_before")
    """So many days before a closing date there is a reminder."""


_Span = Annotated[timedelta, BeforeValidator(lambda said: read_span(said) if isinstance(said, str) else said)]


class Timetable(Table):
    """How long after the last look something is looked at again."""

    far: _Span = timedelta(days=1)
    """Meetings more than a fortnight ahead."""
    fortnight: _Span = timedelta(minutes=110)
    """Meetings in the fortnight before them."""
    morning: _Span = timedelta(minutes=50)
    """On the day of the meeting, until it starts."""
    minutes_awaited: _Span = timedelta(hours=12)
    """After the meeting until its minutes are out, for 60 days."""
    approval_awaited: _Span = timedelta(days=2)
    """While its minutes are not approved, for 200 days."""
    settled: _Span = timedelta(days=14)
    """When its minutes are approved, for 60 days."""
    cancelled: _Span = timedelta(days=2)
    lists_webservice: _Span = timedelta(hours=2)
    """Lists of meetings, where the web service answers."""
    lists_html: _Span = timedelta(hours=12)
    """Lists of meetings, where pages must be read."""
    committees: _Span = timedelta(days=7)
    notices: _Span = timedelta(days=1)
    """Decisions, forward plans and consultations."""
    soon: _Span = timedelta(minutes=30)
    """After a page that could not be trusted."""


class _File(Table):
    service: Service
    operator: Operator = Operator()
    politeness: Politeness = Politeness()
    council: Annotated[tuple[_CouncilAsWritten, ...], Field(min_length=1)]
    watch: tuple[Watch, ...] = ()
    subscriber: tuple[Subscriber, ...] = ()
    timetable: Timetable = Timetable()


class Settings(Table):
    """The whole file, checked against the registry, the topics and itself."""

    path: Path
    service: Service
    operator: Operator
    politeness: Politeness
    councils: tuple[Council, ...]
    watches: tuple[Watch, ...]
    subscribers: tuple[Subscriber, ...]
    timetable: Timetable
    topics: InstanceOf[Mapping[str, Topic]]


def load(path: Path) -> Settings:
    """Read and check the operator's file.

    Raises:
        ConfigError: it cannot be read or used; one line says where, what is wrong and what to do.
    """
    source = source_of(path)
    try:
        file = _File.model_validate(source.data, by_alias=True, by_name=False)
    except ValidationError as invalid:
        raise source.validation_error(_File, invalid) from None
    for table, entries in (("council", file.council), ("watch", file.watch), ("subscriber", file.subscriber)):
        _no_name_twice(source, table, entries)
    folder = path.absolute().parent
    service = file.service.model_copy(
        update={
            "database": folder / file.service.database,
            "topics": folder / file.service.topics if file.service.topics else None,
        }
    )
    topics = _topics(source, service.topics)
    councils = tuple(_council(source, number, file) for number in range(len(file.council)))
    _check_watches(source, file, topics)
    _check_subscribers(source, file)
    return Settings(
        path=path.absolute(),
        service=service,
        operator=file.operator,
        politeness=file.politeness,
        councils=councils,
        watches=file.watch,
        subscribers=file.subscriber,
        timetable=file.timetable,
        topics=topics,
    )


def source_of(path: Path) -> Source:
    """The operator's file as text and as TOML.

    Raises:
        ConfigError: it cannot be read, or is not TOML.
    """
    try:
        if path.is_dir():
            raise ConfigError(f"{path}: is a folder; name the file in it, like {path / 'councilwatch.toml'}")
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; make one with: councilwatch init SLUG") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise ConfigError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(body) > _LARGEST:
        raise ConfigError(f"{path}: is larger than a config can be ({_LARGEST:,} bytes)")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: is not UTF-8 text; save it as UTF-8") from None
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{path}: is not TOML that can be read: brackets within brackets too deep") from None
    except ValueError as error:
        line, said = location(text, str(error))
        raise ConfigError(f"{path}:{line}: is not TOML: {said}") from None
    if not data:
        raise ConfigError(f"{path}: is empty; make one to start from with: councilwatch init SLUG --config NEW.toml")
    return Source(path, text, data)


def _no_name_twice(source: Source, table: str, entries: Sequence[Any]) -> None:
    key = "slug" if table == "council" else "name"
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries):
        name = getattr(entry, key)
        if name in seen:
            raise source.error((table, number, key), f"{quoted(name)} is the {key} of [[{table}]] {seen[name]} already")
        seen[name] = number + 1


def _topics(source: Source, folder: Path | None) -> Mapping[str, Topic]:
    try:
        return load_topics(folder)
    except TopicError as error:
        raise source.error(("service", "topics"), str(error)) from None


def _council(source: Source, number: int, file: _File) -> Council:
    written = file.council[number]
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
    own = written.politeness
    politeness = file.politeness.model_copy(update=own.model_dump(exclude_unset=True)) if own else file.politeness
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


def _check_watches(source: Source, file: _File, topics: Mapping[str, Topic]) -> None:
    slugs = [council.slug for council in file.council]
    for number, watch in enumerate(file.watch):
        if watch.topic is not None and watch.topic not in topics:
            message = f"{quoted(watch.topic)} is not a topic{advice(watch.topic, topics)}"
            raise source.error(("watch", number, "topic"), message)
        for entry, slug in enumerate(watch.councils or ()):
            if slug not in slugs:
                message = f"{quoted(slug)} is not the slug of a [[council]] in this file{advice(slug, slugs)}"
                raise source.error(("watch", number, "councils", entry), message)


def _check_subscribers(source: Source, file: _File) -> None:
    names = [watch.name for watch in file.watch]
    for number, subscriber in enumerate(file.subscriber):
        for entry, name in enumerate(subscriber.watches):
            if name not in names:
                message = f"{quoted(name)} is not the name of a [[watch]] in this file{advice(name, names)}"
                raise source.error(("subscriber", number, "watches", entry), message)
