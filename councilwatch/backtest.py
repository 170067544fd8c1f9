"""`councilwatch backtest WATCH`: which alerts a watch would have sent over the recorded history."""

import csv
import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from config.errors import ConfigError, advice, one_line, quoted
from config.settings import Settings, load
from config.watches import Watch
from history.database import HistoryError, connect
from notifiers.rehearsal import Rehearsed, rehearse, standing
from notifiers.things import names_of

_CONFIG = Path("councilwatch.toml")
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
        _stop(ctx, "backtest: --json and --csv: choose one of the two")
    try:
        settings = load(getattr(ctx.obj, "config_path", None) or _CONFIG)
        chosen = _watch(settings, watch)
        db = connect(settings.service.database, create=False, read_only=True)
        found = [_row(told, names_of(db, told.thing)) for told in rehearse(db, chosen, settings.topics)]
        stood = standing(db, chosen, settings.topics)
    except (ConfigError, HistoryError) as error:
        _stop(ctx, str(error))
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


def _watch(settings: Settings, name: str) -> Watch:
    known = {watch.name: watch for watch in settings.watches}
    if name not in known:
        raise ConfigError(f"{settings.path}: there is no watch {quoted(name)}{advice(name, known)}")
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


def _stop(ctx: click.Context, message: str) -> None:
    click.echo(one_line(message), err=True)
    ctx.exit(2)
