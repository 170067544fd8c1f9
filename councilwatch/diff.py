"""`councilwatch diff`: what changed in a text, word by word."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from html import escape

import click
from sqlite_utils import Database

from councilwatch.program import UsageError, history, now
from councilwatch.tables import form, forms, print_csv, print_json, printable
from councilwatch.when import read_at, read_since, words
from history import words as wording
from history.between import Apart, Between, between
from history.chronicle import ToldChange, change
from history.finding import find

_COLUMNS = ("kind", "id", "title", "field", "before", "after")


@click.command(name="diff")
@click.argument("thing", metavar="ITEM|MEETING|DOCUMENT|CHANGE")
@click.option(
    "--from", "since", metavar="TIME", help="From how it stood then; without it, the last time that something changed."
)
@click.option("--to", "until", metavar="TIME", help="To how it stood then.  [now]")
@click.option("--html", "as_html", is_flag=True, help="HTML with <ins> and <del>.")
@forms
@click.pass_context
def command(
    ctx: click.Context, thing: str, since: str | None, until: str | None, as_html: bool, as_json: bool, as_csv: bool
) -> None:
    """What changed in an item, a meeting, a document, or by one change, word by word.

    \b
    Examples:
      councilwatch diff SSP/46/25
      councilwatch diff change:1 --html
      councilwatch diff meeting:1 --from 2025-11-18 --to 2025-12-20
    """
    wanted = form(as_json, as_csv)
    if as_html and wanted != "people":
        raise UsageError("--html, --json and --csv: choose one of the three")
    db = history(ctx)
    found = find(db, thing)
    if found.kind == "change":
        if since or until:
            raise UsageError("--from and --to: a change has its own moment; name its item or meeting instead")
        told = change(db, found.id)
        result = Between(None, told.seen_at, tuple(_of_change(told)))
    else:
        result = _between(db, found.kind, found.id, since, until, now(ctx))
    if wanted == "json":
        print_json(
            {"from": result.since, "to": result.until, "differences": [_as_value(one) for one in result.differences]}
        )
    elif wanted == "csv":
        print_csv(({name: getattr(one, name) for name in _COLUMNS} for one in result.differences), _COLUMNS)
    elif as_html:
        click.echo("\n".join(_html(result)))
    else:
        _show(str(found), result)


def _between(db: Database, kind: str, number: int, since: str | None, until: str | None, at: datetime) -> Between:
    start = read_since(since, at, "--from") if since else None
    end = read_at(until, "--to") if until else at
    if start is not None and start >= end:
        raise UsageError("--from must be earlier than --to")
    return between(db, kind, number, start, end)


def _of_change(told: ToldChange) -> Iterable[Apart]:
    if told.before is None and told.after is None:
        return
    kind, number = next(
        (kind, number)
        for kind, number in (
            ("document", told.document),
            ("notice", told.notice),
            ("item", told.item),
            ("meeting", told.meeting),
        )
        if number is not None
    )
    yield Apart(kind, number, told.title, told.field or "", told.before, told.after)


def _as_value(one: Apart) -> dict[str, object]:
    pieces = wording.differences(one.before or "", one.after or "")
    return {name: getattr(one, name) for name in _COLUMNS} | {"pieces": pieces}


def _heading(one: Apart) -> str:
    return f"{one.title or one.kind}{': ' + one.field if one.field else ''}"


def _came_or_went(one: Apart) -> str | None:
    if one.before is None:
        return "was not there before"
    return "is not there any more" if one.after is None else None


def _html(result: Between) -> Iterable[str]:
    for one in result.differences:
        shown = wording.as_html(wording.elide(wording.differences(one.before or "", one.after or "")))
        yield f"<h2>{escape(printable(_heading(one)))}</h2>"
        yield from (f"<p>{paragraph}</p>" for paragraph in printable(shown).split("\n") if paragraph.strip())


def _show(thing: str, result: Between) -> None:
    coloured = sys.stdout.isatty()
    if not result.differences:
        span = f"between {words(result.since)} and {words(result.until)}" if result.since else "since it was first seen"
        click.echo(f"Nothing in {thing} has changed {span}.")
        return
    span = f"{words(result.since)} → {words(result.until)}" if result.since else f"Seen {words(result.until)}"
    click.echo(click.style(span, dim=True) if coloured else span)
    for one in result.differences:
        click.echo()
        heading, aside = printable(_heading(one)), f"{one.kind}:{one.id}"
        click.echo(
            f"{click.style(heading, bold=True)}  {click.style(aside, dim=True)}" if coloured else f"{heading}  {aside}"
        )
        if said := _came_or_went(one):
            click.echo(f"  ({said})")
        pieces = wording.elide(wording.differences(one.before or "", one.after or ""))
        shown = wording.as_terminal(pieces) if coloured else printable(wording.as_text(pieces))
        for paragraph in shown.split("\n"):
            click.echo(f"  {paragraph}")
