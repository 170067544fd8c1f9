"""`councilwatch changes`: what the council published or altered, newest first."""

from __future__ import annotations

import itertools

import click

from councilwatch.program import history, now
from councilwatch.tables import Page, form, forms, print_csv, print_json, shortened
from councilwatch.when import LONDON, day_words, read_since, time_words, words
from history import words as differences
from history.chronicle import Filters, ToldChange, changes

_COLUMNS = tuple(ToldChange.__dataclass_fields__)


@click.command(name="changes")
@click.option("--council", "councils", multiple=True, metavar="SLUG", help="Of this council only.")
@click.option(
    "--committee",
    "committees",
    multiple=True,
    metavar="NAME",
    help="Of committees with this name, or with these words in it.",
)
@click.option("--topic", metavar="TOPIC", help="Of what speaks of this topic only.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help='Like "minutes.drafted", or "minutes" for all that begin so.'
)
@click.option("--since", metavar="WHEN", help="7d, 12h, 2w, a date or a time.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@forms
@click.pass_context
def command(
    ctx: click.Context,
    councils: tuple[str, ...],
    committees: tuple[str, ...],
    topic: str | None,
    kinds: tuple[str, ...],
    since: str | None,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """What the council published or altered, newest first, grouped by meeting.

    \b
    Examples:
      councilwatch changes --since 7d
      councilwatch changes --committee cabinet --kind minutes
      councilwatch changes --topic pspo --csv
    """
    wanted = form(as_json, as_csv)
    asked = Filters(councils, committees, kinds, topic, read_since(since, now(ctx)) if since else None, limit=limit)
    found = changes(history(ctx), asked)
    if wanted == "json":
        print_json(found)
    elif wanted == "csv":
        print_csv(({name: getattr(told, name) for name in _COLUMNS} for told in found), _COLUMNS)
    else:
        _show(found, limit)


def _show(found: tuple[ToldChange, ...], limit: int) -> None:
    page = Page()
    if not found:
        page.line("No changes of that kind.")
        return
    for _, group in itertools.groupby(found, key=lambda told: (told.council, told.meeting, told.seen_at.date())):
        of_meeting = list(group)
        first = of_meeting[0]
        if first.meeting is None:
            page.line((first.council_name, "bold"))
        else:
            page.line(
                (first.committee or "", "bold"),
                f", {first.council_name}, {words(first.starts_at)}  ",
                (f"meeting:{first.meeting}", "dim"),
            )
        for told in of_meeting:
            show_change(page, told)
        page.space()
    if len(found) == limit:
        page.line((f"The newest {limit}; --limit shows more.", "dim"))


def show_change(page: Page, told: ToldChange, indent: int = 2) -> None:
    """A change in two lines: when, what and of what; and the words, where there are some."""
    seen = told.seen_at.astimezone(LONDON)
    what = "" if told.kind.startswith(("meeting.", "agenda.")) or told.kind == "minutes.approved" else told.title
    page.line(
        (f"{day_words(seen)}, {time_words(seen)}  ", "dim"),
        (told.kind.replace(".", " "), "cyan"),
        "  " + " ".join(part for part in (told.number, what) if part),
        (f"  change:{told.id}", "dim"),
        indent=indent,
    )
    if said := in_short(told):
        page.line((said, "italic"), indent=indent + 4)


def in_short(told: ToldChange) -> str:
    """What was said, or what became of it, in one line; nothing of a document that was withdrawn."""
    if told.withdrawn and told.document is not None:
        return ""
    if told.kind == "meeting.moved":
        return f"{_moment(told.before)} → {_moment(told.after)}"
    if told.field is None or told.field == "restricted":
        return ""
    if told.before and told.after:
        pieces = differences.elide(differences.differences(told.before, told.after), around=6)
        return shortened(differences.as_text(pieces), 300)
    if told.after:
        return shortened(told.after)
    return f"taken out: {shortened(told.before or '')}"


def _moment(said: str | None) -> str:
    try:
        return words(click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]).convert(said, None, None))
    except click.UsageError:
        return said or "not known"
