"""`councilwatch councils [WORDS]`: looks in the registry."""

import csv
import json
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from config import registry
from config.errors import one_line, quoted
from config.registry import Registered

_COLUMNS = ("slug", "name", "nation", "base_url", "shared_with")


@click.command(name="councils")
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A JSON list.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a heading.")
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...], as_json: bool, as_csv: bool) -> None:
    """Look in the registry for councils whose slug, name or nation holds all WORDS; without WORDS, all of them."""
    if as_json and as_csv:
        click.echo("councils: --json and --csv: choose one of the two", err=True)
        ctx.exit(2)
    found = registry.find(words)
    if as_json:
        click.echo(json.dumps([_row(council) | {"shared_with": council.shared_with} for council in found], indent=2))
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(council) for council in found)
    elif found and sys.stdout.isatty():
        _show_table(found)
    else:
        _show_columns(found)
    if not found:
        said = " ".join(words)
        like = " or ".join(quoted(slug) for slug in registry.like(said))
        click.echo(one_line(f"no council matches {quoted(said)}{f'; did you mean {like}?' if like else ''}"), err=True)
        ctx.exit(2)


def _row(council: Registered) -> dict[str, object]:
    return {
        "slug": council.slug,
        "name": council.name,
        "nation": council.nation,
        "base_url": council.base_url,
        "shared_with": " ".join(council.shared_with),
    }


def _show_table(found: Sequence[Registered]) -> None:
    table = Table(box=None, header_style="bold")
    for heading in ("slug", "name", "nation", "site"):
        table.add_column(heading, overflow="fold")
    for council in found:
        shared = f" (shared with {', '.join(council.shared_with)})" if council.shared_with else ""
        table.add_row(council.slug, council.name, council.nation, council.base_url + shared)
    Console().print(table)


def _show_columns(found: Sequence[Registered]) -> None:
    rows = [[str(value) for value in _row(council).values()] for council in found]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(len(_COLUMNS))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
