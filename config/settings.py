"""The operator's file, read and checked.

Nothing here touches the network, the environment or what stands behind a subscriber's address: that is
`config.addresses`. Every error is a `ConfigError` of one line.
"""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, InstanceOf, ValidationError

from config.councils import Council, CouncilAsWritten, Politeness, complete
from config.errors import ConfigError, advice, quoted
from config.source import Source, source_of
from config.tables import HeaderText, Table, Text, Texts, Whole, WithVariables, YesNo, written_as_text
from config.times import AtOnce, Daily, Deliver, Weekly, read_deliver, read_quiet, read_span, read_timezone
from config.topics import Topic, TopicError, load_topics
from config.watches import FIELDS, KINDS, Watch
from config.web_addresses import host_name, web_address

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
]


def _file_name(name: str) -> Path:
    if not name.strip() or "\0" in name:
        raise ValueError("is not the name of a file or folder")
    return Path(name)


def _shard(words: str) -> tuple[int, int]:
    share, slash, all_of_them = words.partition("/")
    if not (slash and words.isascii() and share.isdecimal() and all_of_them.isdecimal() and len(words) < 10):
        raise ValueError(f'{quoted(words)} is not a share of the councils; write the second of five as "2/5"')
    if not 1 <= int(share) <= int(all_of_them):
        raise ValueError(f"{quoted(words)} is not a share of the councils; the first number goes from 1 to the second")
    return int(share), int(all_of_them)


def _host_and_port(words: str) -> tuple[str, int]:
    host, colon, port = words.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and port.isascii() and port.isdecimal() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise ValueError(f'{quoted(words)} is not a host and a port; write it like "127.0.0.1:9464"')
    return host_name(host), int(port)


def _heartbeat(url: str) -> str:
    return url if "${" in url else web_address(url)


_PathText = Annotated[Path, written_as_text(_file_name, Path)]


class Service(Table):
    """What the program as a whole goes by; paths are absolute once loaded."""

    database: _PathText = Path("councilwatch.db")
    contact: HeaderText
    shard: Annotated[tuple[int, int], written_as_text(_shard, tuple)] | None = None
    """This machine's share of the councils: (2, 5) is the second of five."""
    topics: _PathText | None = None
    """A folder of the operator's own topics."""
    history_url: Annotated[Text, AfterValidator(web_address)] | None = None
    """Where readers find the history."""
    show_withdrawn_documents: YesNo = False
    metrics: Annotated[tuple[str, int], written_as_text(_host_and_port, tuple)] | None = None
    """Host and port on which the daemon serves its figures for Prometheus."""


class Operator(Table):
    """Who hears of trouble; addresses are as written, not yet filled in."""

    to: tuple[WithVariables, ...] = ()
    heartbeat: Annotated[WithVariables, AfterValidator(_heartbeat)] | None = None
    """An address called every day that all is well."""


class Subscriber(Table):
    """Who is told, of which watches, and when; addresses are as written, not yet filled in."""

    # Both spellings are taken in Python; load() takes only the file's.
    model_config = ConfigDict(validate_by_name=True)

    name: Text
    to: Annotated[tuple[WithVariables, ...], Field(min_length=1)]
    watches: Texts
    deliver: Annotated[Deliver, written_as_text(read_deliver, AtOnce, Daily, Weekly)] = AtOnce()
    timezone: Annotated[Text, AfterValidator(read_timezone)] = "Europe/London"
    quiet: Annotated[tuple[time, time], written_as_text(read_quiet, tuple)] | None = None
    """From, until: hours in the subscriber's time zone in which nothing is sent; they may go over midnight."""
    reminders_days: Annotated[Whole, Field(ge=1, le=90)] | None = Field(None, alias="remind_days_before")
    """So many days before a closing date there is a reminder."""


_Span = Annotated[timedelta, written_as_text(read_span, timedelta)]


class Timetable(Table):
    """How long after the last look something is looked at again."""

    far: _Span = timedelta(days=2)
    """Meetings more than a fortnight ahead."""
    fortnight: _Span = timedelta(minutes=110)
    """Meetings in the fortnight before them whose agenda is not out: at any hour."""
    agenda_expected: _Span = timedelta(hours=1)
    """The same in office hours."""
    agenda_due: _Span = timedelta(minutes=30)
    """The same in office hours of the days round the last one on which the law lets it come out."""
    papers_awaited: _Span = timedelta(hours=3)
    """Meetings in the fortnight before them whose agenda is out."""
    morning: _Span = timedelta(minutes=50)
    """On the day of the meeting, until it starts."""
    minutes_awaited: _Span = timedelta(hours=4)
    """After the meeting until its minutes are out, for 60 days."""
    out_of_hours: _Span = timedelta(days=1)
    """Late papers and minutes out of office hours, if that is longer."""
    approval_awaited: _Span = timedelta(days=3)
    """While its minutes are not approved, for 200 days."""
    settled: _Span = timedelta(days=14)
    """When its minutes are approved, for 60 days."""
    cancelled: _Span = timedelta(days=2)
    lists_webservice: _Span = timedelta(minutes=110)
    """Lists of meetings, where the web service answers."""
    lists_html: _Span = timedelta(hours=12)
    """Lists of meetings, where pages must be read."""
    committees: _Span = timedelta(days=7)
    notices: _Span = timedelta(days=1)
    """Decisions, forward plans and consultations."""
    soon: _Span = timedelta(minutes=30)
    """After a page that could not be trusted."""


class File(Table):
    """The tables of the file by their headings."""

    service: Service
    operator: Operator = Operator()
    politeness: Politeness = Politeness()
    council: tuple[CouncilAsWritten, ...] = ()
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
        file = File.model_validate(source.data, by_alias=True, by_name=False)
    except ValidationError as invalid:
        raise source.validation_error(File, invalid) from None
    if not file.council:
        raise ConfigError(f"{path}: names no council; add [[council]] with a slug that councilwatch councils lists")
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
    councils = tuple(complete(council, number, file.politeness, source) for number, council in enumerate(file.council))
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


def _check_watches(source: Source, file: File, topics: Mapping[str, Topic]) -> None:
    slugs = [council.slug for council in file.council]
    for number, watch in enumerate(file.watch):
        if watch.topic is not None and watch.topic not in topics:
            message = f"{quoted(watch.topic)} is not a topic{advice(watch.topic, topics)}"
            raise source.error(("watch", number, "topic"), message)
        for entry, slug in enumerate(watch.councils or ()):
            if slug not in slugs:
                message = f"{quoted(slug)} is not the slug of a [[council]] in this file{advice(slug, slugs)}"
                raise source.error(("watch", number, "councils", entry), message)


def _check_subscribers(source: Source, file: File) -> None:
    names = [watch.name for watch in file.watch]
    for number, subscriber in enumerate(file.subscriber):
        for entry, name in enumerate(subscriber.watches):
            if name not in names:
                message = f"{quoted(name)} is not the name of a [[watch]] in this file{advice(name, names)}"
                raise source.error(("subscriber", number, "watches", entry), message)
