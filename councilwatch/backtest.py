"""`councilwatch backtest WATCH`: which alerts a watch would have sent over the recorded history."""

import csv
import json
import sys

import click
from rich.console import Console
from rich.table import Table

from config.errors import advice, one_line, quoted
from config.settings import Settings
from config.watches import Watch
from councilwatch.program import UsageError, history, settings
from history.database import path_of, plain_errors
from notifiers.rehearsal import Rehearsed, rehearse, standing
from notifiers.things import names_of

_COLUMNS = (
    "seen_at",
    "kind",
    "council",
    "committee",
    "meeting",
    "number",
    "title",
    "words",
    "why",
    "stage",
    "sentence",
)


@click.command(name="backtest")
@click.argument("watch")
@click.option("--json", "as_json", is_flag=True, help="A JSON list.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a heading.")
@click.pass_context
def command(ctx: click.Context, watch: str, as_json: bool, as_csv: bool) -> None:
    """Run a WATCH of the config over the recorded history and show the alerts it would have sent; sends nothing."""
    if as_json and as_csv:
        raise UsageError("backtest: --json and --csv: choose one of the two")
    said = settings(ctx)
    chosen = _watch(said, watch)
    db = history(ctx)
    with plain_errors(path_of(db)):
        found = [_row(told, names_of(db, told.thing)) for told in rehearse(db, chosen, said.topics)]
        stood = standing(db, chosen, said.topics)
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    else:
        _show(found)
    alerts = "1 alert" if len(found) == 1 else f"{len(found)} alerts"
    summary = f"; {stood} that stood there at the first look, told in a summary" if stood else ""
    click.echo(one_line(f"{alerts} by {quoted(watch)} over the recorded history{summary}"), err=True)


def _watch(said: Settings, name: str) -> Watch:
    known = {watch.name: watch for watch in said.watches}
    if name not in known:
        raise UsageError(f"{said.path}: there is no watch {quoted(name)}{advice(name, known)}")
    return known[name]


def _row(told: Rehearsed, names: dict[str, str]) -> dict[str, str]:
    return {
        "seen_at": told.change.seen_at.isoformat(),
        "kind": told.change.kind,
        **names,
        "words": ", ".join(told.reason.words),
        "why": told.reason.why,
        "stage": told.reason.stage or "",
        "sentence": told.reason.quotes[0].sentence if told.reason.quotes else "",
    }


def _show(found: list[dict[str, str]]) -> None:
    if not found:
        return
    table = Table(box=None, header_style="bold")
    for heading in ("seen", "change", "what", "where", "words"):
        table.add_column(heading, overflow="fold")
    for row in found:
        table.add_row(
            row["seen_at"][:16].replace("T", " "),
            row["kind"],
            f"{row['number']} {row['title']}".strip(),
            ", ".join(part for part in (row["council"], row["committee"], row["meeting"]) if part),
            row["words"],
        )
    console = Console(width=None if sys.stdout.isatty() else 200, markup=False)
    console.print(table)
