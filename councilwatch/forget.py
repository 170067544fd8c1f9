"""`councilwatch forget ID --why TEXT`: takes a text out of the record, leaving a mark that it was."""

from __future__ import annotations

import re
import sys
from contextlib import closing

import click

from config.errors import one_line, quoted
from councilwatch.program import UsageError, database_path, now, program
from councilwatch.working import PATIENCE_S
from history.database import connect, take_clock, work_lock
from history.forget import Forgotten, forget

_THINGS = ("item", "document", "notice", "version", "capture")


@click.command("forget")
@click.argument("thing", metavar="ID")
@click.option("--why", required=True, help="The reason; it stays in the record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def command(ctx: click.Context, thing: str, why: str, yes: bool) -> int:
    """Take a text out of tables, search, versions, captures, alerts and messages; a tombstone with hash, time and
    reason stays.

    ID is what the other commands show: item:12, document:3, notice:4, version:88 or capture:5. An item's documents are
    forgotten by their own ids, and so is what is named at the end. Copies made before are yours to delete.

    \b
    Examples:
      councilwatch forget item:12 --why "named a child; the council asked on 3 May 2026"
    """
    entity, row = _thing(thing)
    reason = " ".join(why.split())
    if not reason:
        raise UsageError("forget: --why is empty; say in a few words why, it stays in the record")
    path = database_path(ctx)
    if not yes:
        _ask(entity, row)
    with work_lock(path, PATIENCE_S), closing(connect(path, create=False)) as db:
        take_clock(db, program(ctx).pretended)
        done = forget(db, entity, row, reason, now(ctx))
    for line in _told(entity, row, done):
        click.echo(one_line(line))
    return 0


def _thing(word: str) -> tuple[str, int]:
    found = re.fullmatch(r"([a-z]+)[: ]([1-9][0-9]{0,17})", word.strip().lower())
    if found is None or found[1] not in _THINGS:
        raise UsageError(f"forget: {quoted(word)} is not an id; write it like item:12 ({', '.join(_THINGS)})")
    return found[1], int(found[2])


def _ask(entity: str, row: int) -> None:
    if not sys.stdin.isatty():
        raise UsageError("forget: what is forgotten cannot be had back; add --yes where nobody can be asked")
    click.confirm(f"Forget {entity} {row}? It cannot be had back.", abort=True)


def _told(entity: str, row: int, done: Forgotten) -> list[str]:
    captures = f", {done.captures} {'capture' if done.captures == 1 else 'captures'} emptied" if done.captures else ""
    lines = [f"forgotten: {entity} {row}{captures}; tombstone {done.tombstone} says why"]
    lines += [f"the same words still stand in {place}" for place in done.also_in]
    return [*lines, "copies of the database made before (backups, *.before-*.db) still hold it: delete or replace them"]
