"""`councilwatch try TOPIC [FILE]`: what a topic sees in a text."""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

import click

from config.errors import advice, one_line, quoted
from config.topics import Topic, TopicError, load_topics
from notifiers.facts import Facts, read_facts

_CONFIG = Path("councilwatch.toml")


@dataclass(frozen=True, slots=True)
class _Text:
    """One text to read, as a line of JSON gives it: `id` is handed back as it came."""

    id: object
    kind: str | None
    day: date
    title: str
    text: str


class _InputError(Exception):
    """What is wrong with the input, in one line."""


@click.command(name="try")
@click.argument("slug", metavar="TOPIC")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON lines.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The day of the meeting, where the text does not bring it.")
@click.pass_context
def command(ctx: click.Context, slug: str, file: Path | None, as_json: bool, day: str | None) -> None:
    """Show what TOPIC sees in FILE, or in what is piped in: the words, the stage, the dates.

    FILE is plain text, or JSON lines with id, kind, meeting_date, title and text.
    """
    try:
        topic = _topic(slug, _own_topics(getattr(ctx.obj, "config_path", None) or _CONFIG))
        as_of = _day(day, "--date") if day else _today(getattr(ctx.obj, "now", None))
        with _opened(file) as source:
            for given in _texts(source, as_of):
                facts = read_facts(topic, given.title, given.text, given.day, given.kind)
                click.echo(_line(given, facts) if as_json else _account(topic, given, facts))
    except (_InputError, TopicError) as error:
        click.echo(one_line(f"try: {error}"), err=True)
        ctx.exit(2)


def _topic(slug: str, folder: Path | None) -> Topic:
    topics = load_topics(folder)
    if slug not in topics:
        raise _InputError(f"topic {quoted(slug)} does not exist{advice(slug, topics)}")
    return topics[slug]


def _own_topics(config: Path) -> Path | None:
    """The operator's folder of topics, where the config names one; nothing else of the config matters here."""
    try:
        service = tomllib.loads(config.read_text("utf-8")).get("service", {})
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _InputError(f"{config}: {error}") from error
    named = service.get("topics") if isinstance(service, dict) else None
    return config.parent / named if isinstance(named, str) else None


def _today(now: Callable[[], datetime] | None) -> date:
    return (now() if callable(now) else datetime.now(UTC)).date()


def _day(said: str, where: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise _InputError(f"{where}: {quoted(said)} is not a date like 2026-01-31") from error


def _opened(file: Path | None) -> IO[str]:
    if file is None or str(file) == "-":
        return click.open_file("-", encoding="utf-8", errors="replace")
    try:
        return file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _InputError(f"{file}: cannot be read ({error.strerror})") from error


def _texts(source: IO[str], as_of: date) -> Iterator[_Text]:
    """One text for each line where the first is a JSON object, else the whole as one."""
    first = source.readline().removeprefix("\ufeff")
    while first and not first.strip():
        first = source.readline()
    if not first.lstrip().startswith("{"):
        yield _Text(None, None, as_of, "", first + source.read())
        return
    yield _given(first, 1, as_of)
    for number, line in enumerate(source, 2):
        if line.strip():
            yield _given(line, number, as_of)


def _given(line: str, number: int, as_of: date) -> _Text:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _InputError(f"line {number}: is not JSON; give one object on each line") from error
    if not isinstance(said, dict):
        raise _InputError(f"line {number}: is not an object with title and text")
    for key in ("title", "text", "kind", "meeting_date"):
        if not isinstance(said.get(key), str | None):
            raise _InputError(f"line {number}: {key} must be text")
    if said.get("title") is None and said.get("text") is None:
        raise _InputError(f"line {number}: has neither title nor text")
    day = _day(said["meeting_date"], f"line {number}: meeting_date") if said.get("meeting_date") else as_of
    return _Text(said.get("id"), said.get("kind"), day, said.get("title") or "", said.get("text") or "")


def _line(given: _Text, facts: Facts) -> str:
    return json.dumps(
        {
            "id": given.id,
            "relevant": facts.relevant,
            "stage": facts.stage,
            "dates": [{"kind": d.kind, "date": d.date, "precision": d.precision} for d in facts.dates],
        },
        ensure_ascii=not sys.stdout.encoding.lower().startswith("utf"),
    )


def _account(topic: Topic, given: _Text, facts: Facts) -> str:
    """The facts for a person, as of the day that they are read for."""
    heading = " ".join(str(part) for part in (given.id, given.title) if part)
    lines = [heading] if heading else []
    if not facts.relevant:
        return "\n".join([*lines, f"Nothing here about {topic.title}.", ""])
    whole = f"{given.title}\n{given.text}"
    words = Counter(" ".join(whole[hit.start : hit.end].split()) for hit in facts.found)
    lines.append(f"Words      {', '.join(f'{word} ({n})' if n > 1 else word for word, n in words.items())}")
    lines.append(f"Stage      {facts.stage}, as told on {given.day.day} {given.day:%B %Y}")
    if facts.stage_sentence:
        lines.append(f'           "{" ".join(facts.stage_sentence.split())}"')
    for told in facts.dates:
        lines += [f"Key date   {told.kind} {told.date}", f'           "{" ".join(told.sentence.split())}"']
    return _shown([*lines, ""])


def _shown(lines: list[str]) -> str:
    """The lines with what could steer a terminal escaped."""
    return "\n".join(one_line(line) for line in lines)
