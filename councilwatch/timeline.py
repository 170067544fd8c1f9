"""`councilwatch timeline`: one subject through all meetings: what was said, decided and due."""

from __future__ import annotations

from collections.abc import Mapping

import click

from config.topics import Topic, all_terms, load_topics
from councilwatch.program import UsageError, history, program, settings
from councilwatch.tables import Page, form, forms, print_csv, print_json
from councilwatch.when import date_words
from history.questions import like
from history.timelines import NEWEST, Step, timeline

_COLUMNS = tuple(Step.__dataclass_fields__)
_WORDS = {"said": "", "decided": "", "due": "due: ", "changed": "page: "}


@click.command(name="timeline")
@click.argument("topic")
@click.option("--council", "councils", multiple=True, metavar="SLUG", help="Of this council only.")
@forms
@click.pass_context
def command(ctx: click.Context, topic: str, councils: tuple[str, ...], as_json: bool, as_csv: bool) -> None:
    """One subject through all meetings: what was said, decided and due, in order of date.

    \b
    Examples:
      councilwatch timeline pspo
      councilwatch timeline traffic-orders --csv
    """
    wanted = form(as_json, as_csv)
    subject = _topic(_topics(ctx), topic)
    steps = timeline(history(ctx), subject.slug, all_terms(subject), councils)
    if wanted == "json":
        print_json(steps)
    elif wanted == "csv":
        print_csv(({name: getattr(step, name) for name in _COLUMNS} for step in steps), _COLUMNS)
    else:
        _show(subject, steps)


def _topics(ctx: click.Context) -> Mapping[str, Topic]:
    """The config's topics, which may be an operator's own; the shipped ones where only a database is looked at."""
    if program(ctx).database is not None and not program(ctx).config_path.exists():
        return load_topics()
    return settings(ctx).topics


def _topic(topics: Mapping[str, Topic], named: str) -> Topic:
    wanted = named.casefold().strip()
    for slug, topic in topics.items():
        if wanted in (slug, topic.title.casefold()):
            return topic
    raise UsageError(f'there is no topic "{named}"{like(named, sorted(topics))}')


def _show(topic: Topic, steps: tuple[Step, ...]) -> None:
    page = Page()
    page.line((topic.title, "bold"))
    if not steps:
        page.line("Nothing in this history speaks of it.")
        return
    year = ""
    for step in steps:
        if step.day[:4] != year:
            year = step.day[:4]
            page.space()
            page.line((year, "bold"))
        if step.kind == "changed":
            page.line(
                (
                    f"{date_words(step.day)}  page: {step.what.replace('.', ' ')}  {_about(step)}",
                    "dim",
                ),
                indent=2,
            )
            continue
        about = (
            f"item:{step.item}"
            if step.item
            else f"document:{step.document}"
            if step.document
            else f"notice:{step.notice}"
        )
        marks = [("  restricted", "magenta")] if step.restricted else []
        page.line(
            (f"{date_words(step.day)}  ", "dim"),
            (f"{_WORDS[step.kind]}{step.what}", "cyan" if step.kind == "said" else "bold cyan"),
            f"  {_about(step)}",
            *marks,
            (f"  {', '.join(part for part in (step.committee, step.council_name) if part)}  {about}", "dim"),
            indent=2,
        )
        if step.sentence:
            page.line((f"“{' '.join(step.sentence.split())}”", "italic"), indent=6)
    page.space()
    page.line((f"What was told by the newest {NEWEST} things that speak of it, at most; as told on the day.", "dim"))


def _about(step: Step) -> str:
    return f"{step.number or ''} {step.title}".strip()
