"""`councilwatch backup TARGET`: a verified copy of the database, while it is in use."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from councilwatch.program import history
from history.backup import backup


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, target: Path) -> int:
    """Copy the database to the file TARGET while the daemon goes on, and read the copy back.

    TARGET is replaced only when the copy has proved sound. To restore, stop the daemon and put the copy in the
    database's place.

    \b
    Examples:
      councilwatch backup /mnt/backup/councilwatch.db
      councilwatch backup "councilwatch-$(date +%F).db"
    """
    with closing(history(ctx)) as db:
        made = backup(db, target)
    rows = ", ".join(f"{number:,} {table}" for table, number in made.rows.items() if number)
    click.echo(f"{made.path}: {made.size:,} bytes, sound; {rows or 'empty'}")
    return 0
