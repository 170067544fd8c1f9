"""`councilwatch search`: finds words in items and documents."""

from __future__ import annotations

import itertools

import click

from councilwatch.program import UsageError, history, now
from councilwatch.tables import Page, form, forms, print_csv, print_json
from councilwatch.when import read_since, words
from history.searching import Found, Hit, Span, Wanted, search

_COLUMNS = (
    "kind",
    "id",
    "council",
    "committee",
    "starts_at",
    "number",
    "title",
    "snippet",
    "url",
    "restricted",
    "withdrawn",
)


@click.command(name="search", context_settings={"ignore_unknown_options": True})
@click.argument("said", nargs=-1, required=True, metavar="WORDS...", type=click.UNPROCESSED)
@click.option("--council", "councils", multiple=True, metavar="SLUG", help="Of this council only.")
@click.option(
    "--committee",
    "committees",
    multiple=True,
    metavar="NAME",
    help="Of committees with this name, or with these words in it.",
)
@click.option("--since", metavar="WHEN", help="Of meetings since: 7d, 2w, a date or a time.")
@click.option("--documents/--no-documents", default=True, help="Look into documents too.  [yes]")
@click.option("--withdrawn", is_flag=True, help="Look into what the council withdrew too.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help="How many at most.")
@forms
@click.pass_context
def command(
    ctx: click.Context,
    said: tuple[str, ...],
    councils: tuple[str, ...],
    committees: tuple[str, ...],
    since: str | None,
    documents: bool,
    withdrawn: bool,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Find words in items and documents: all of them, "a phrase", one OR another, -without, begin*.

    Titles weigh most. Words that stand nearly everywhere give the newest first.

    \b
    Examples:
      councilwatch search dog control
      councilwatch search '"protection order" -draft' --since 2025-01-01
      councilwatch search 'licen*' --no-documents --json
    """
    wanted = form(as_json, as_csv)
    if option := next((word for word in said if word.startswith("--")), None):
        raise UsageError(f"there is no option {option}; to leave a word out write one hyphen before it")
    asked = Wanted(
        words=" ".join(said),
        councils=councils,
        committees=committees,
        since=read_since(since, now(ctx)) if since else None,
        documents=documents,
        withdrawn=withdrawn,
        limit=limit,
    )
    found = search(history(ctx), asked)
    if wanted == "json":
        print_json(found)
    elif wanted == "csv":
        print_csv(map(_row, found.hits), _COLUMNS)
    else:
        _show(found)


def _row(hit: Hit) -> dict[str, object]:
    texts = {"title": _text(hit.title), "snippet": _text(hit.snippet)}
    return {name: getattr(hit, name) for name in _COLUMNS} | texts


def _text(marked: tuple[Span, ...]) -> str:
    return "".join(span.text for span in marked)


def _show(found: Found) -> None:
    page = Page()
    if not found.hits:
        page.line("Nothing has these words." if found.total == 0 else "No more.")
        return
    order = "the best first" if found.ranked else "the newest first"
    page.line((f"{found.total:,}{'+' if found.more else ''} found, {order}", "dim"))
    for hit in found.hits:
        page.space()
        marks = [
            (f"  {word}", "magenta")
            for word, so in (("restricted", hit.restricted), ("withdrawn", hit.withdrawn))
            if so
        ]
        number = [(f"{hit.number} ", "dim")] if hit.number else []
        page.line(*number, *_marked(page, hit.title, "bold"), *marks, (f"  {hit.kind}:{hit.id}", "dim"))
        page.line(
            (", ".join(part for part in (hit.committee, hit.council_name, words(hit.starts_at)) if part), "dim"),
            indent=2,
        )
        if hit.snippet:
            page.line(*_marked(page, hit.snippet, ""), indent=2)
    page.space()
    among = f", among the newest {found.facets_among:,}" if found.facets_among else ""
    for by, group in itertools.groupby(found.facets, key=lambda facet: facet.by):
        facets = list(group)[:6]
        if len(facets) > 1:
            page.line((f"by {by}{among}: " + " · ".join(f"{facet.name} {facet.count:,}" for facet in facets), "dim"))


def _marked(page: Page, spans: tuple[Span, ...], style: str) -> list[tuple[str, str]]:
    if page.coloured:
        return [(span.text, f"{style} yellow" if span.marked else style) for span in spans]
    return [(f"*{span.text}*" if span.marked else span.text, "") for span in spans]
