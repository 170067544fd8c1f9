"""`councilwatch export`: the history as CSV or JSON lines, table by table."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

import click
from rich.console import Console
from rich.progress import track
from sqlite_utils import Database

from councilwatch.program import UsageError, history, now
from councilwatch.tables import cell, form, forms, json_text, printable
from councilwatch.when import read_since
from history.database import stamp
from history.questions import like

_BY_VERSION: Final = "version IN (SELECT id FROM versions WHERE seen_at >= ?)"
TABLES: Final = {
    # table: what --since asks of its rows
    "councils": None,
    "sources": "last_ok >= ?",
    "committees": "last_seen >= ?",
    "meetings": "last_changed >= ?",
    "items": _BY_VERSION,
    "documents": _BY_VERSION,
    "notices": _BY_VERSION,
    "changes": "seen_at >= ?",
    "versions": "seen_at >= ?",
    "captures": "fetched_at >= ?",
    "milestones": "seen_at >= ?",
    "polls": "started_at >= ?",
    "tombstones": "forgotten_at >= ?",
}
"""What may be given away: nothing here names who is told of it."""
_LEFT_OUT: Final = {"captures": ("body",)}  # as served, compressed: not text


@click.command(name="export")
@click.argument("table")
@click.option("--since", metavar="WHEN", help="Only what was new or different since: 7d, 12h, 2w, a date or a time.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file, whole or not at all.",
)
@forms
@click.pass_context
def command(
    ctx: click.Context, table: str, since: str | None, output: Path | None, as_json: bool, as_csv: bool
) -> None:
    """The history as CSV, or as JSON lines with --json: meetings, items, documents, notices, changes, versions and more.

    \b
    Examples:
      councilwatch export changes --since 7d
      councilwatch export items --json
      councilwatch export meetings --csv --output meetings.csv
    """
    wanted = form(as_json, as_csv)
    if table not in TABLES:
        raise UsageError(f'"{table}" is not to be exported{like(table, list(TABLES))}; there are {", ".join(TABLES)}')
    db = history(ctx)
    moment = read_since(since, now(ctx)) if since else None
    if moment is not None and TABLES[table] is None:
        raise UsageError(f"--since: {table} bear no time; leave it out")
    where, parameters = (f" WHERE {TABLES[table]}", (stamp(moment),)) if moment else ("", ())
    columns = [name for name in _columns(db, table) if name not in _LEFT_OUT.get(table, ())]
    (many,) = db.conn.execute(f"SELECT count(*) FROM {table}{where}", parameters).fetchone()  # noqa: S608
    cursor = db.conn.execute(f"SELECT {', '.join(columns)} FROM {table}{where} ORDER BY 1", parameters)  # noqa: S608
    if output is None:
        _write(sys.stdout, columns, cursor, as_json=wanted == "json", steers=sys.stdout.isatty())
        return
    rows = track(cursor, f"{table} ", many, console=Console(stderr=True), disable=not sys.stderr.isatty())
    _write_file(output, columns, iter(rows), as_json=wanted == "json")
    click.echo(f"{many} {table} written to {output}", err=True)


def _columns(db: Database, table: str) -> list[str]:
    return [row[1] for row in db.conn.execute(f"PRAGMA table_info({table})")]


def _write(out: TextIO, columns: list[str], rows: Iterator[Any], *, as_json: bool, steers: bool) -> None:
    """`steers`: somebody looks at it, so nothing that could steer their terminal is written."""
    if as_json:
        for row in rows:
            out.write(json_text(dict(zip(columns, row, strict=True))) + "\n")
        return
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = map(cell, row)
        writer.writerow([printable(said) for said in cells] if steers else list(cells))


def _write_file(path: Path, columns: list[str], rows: Iterator[Any], *, as_json: bool) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            _write(out, columns, rows, as_json=as_json, steers=False)
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"--output: {path} cannot be written ({error.strerror or error})") from None
    finally:
        unfinished.unlink(missing_ok=True)
