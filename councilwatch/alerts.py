"""`councilwatch alerts`: what was sent, what waits, what failed and why; and sending again what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

import click
from sqlite_utils import Database

from config.errors import one_line
from councilwatch.program import history, program, settings
from councilwatch.tables import Page, form, forms, print_csv, print_json, shortened

_COLUMNS = (
    "id",
    "created_at",
    "kind",
    "subscriber",
    "address",
    "subject",
    "state",
    "attempts",
    "next_attempt_at",
    "sent_at",
    "last_error",
)
_SAID = {
    "waiting": "waits",
    "sending": "being sent",
    "sent": "sent",
    "unknown": "outcome unknown, sent once more",
    "refused": "refused for good",
    "dead": "given up",
    "cancelled": "cancelled",
}
_STYLES = {"sent": "green", "refused": "red", "dead": "red", "cancelled": "dim"}


@click.command("alerts")
@click.option("--retry", is_flag=True, help="Send everything that waits, whenever its next attempt was planned.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="The newest so many.")
@forms
@click.pass_context
def command(ctx: click.Context, retry: bool, limit: int, as_json: bool, as_csv: bool) -> int:
    """Show what was sent, what waits, and what failed and why, the newest first; addresses by their labels only.

    With --retry, exit code 1 where something still waits or was refused.

    \b
    Examples:
      councilwatch alerts
      councilwatch alerts --retry
      councilwatch alerts --csv --limit 1000 > sent.csv
    """
    shape = form(as_json, as_csv)
    if retry:
        return _retry(ctx)
    with closing(history(ctx)) as db:
        found = deliveries(db, limit)
    if shape == "json":
        print_json(found)
    elif shape == "csv":
        print_csv(found, _COLUMNS)
    else:
        _show(found)
    return 0


def deliveries(db: Database, limit: int) -> list[dict[str, str | int | None]]:
    """The newest deliveries, one row for each message and address; `subscriber` is None for the operator."""
    rows = db.conn.execute(
        "SELECT d.id, m.created_at, m.kind, s.name, d.label, m.subject, d.state, d.attempts,"
        " CASE WHEN d.state IN ('waiting', 'unknown') THEN d.next_attempt_at END, d.sent_at, d.last_error"
        " FROM deliveries d JOIN messages m ON m.id = d.message LEFT JOIN subscribers s ON s.id = m.subscriber"
        " ORDER BY d.id DESC LIMIT ?",
        (limit,),
    )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def _retry(ctx: click.Context) -> int:
    from councilwatch.working import at_work, say_delivered  # noqa: PLC0415  only what sends loads what sends

    with at_work(program(ctx), settings(ctx)) as poller, closing(poller.connect()) as db:
        delivered = poller.send(poller.people(db), everything=True)
        unsent = [row for row in deliveries(db, 10_000) if row["state"] in ("waiting", "unknown", "sending")]
    say_delivered(delivered)
    for row in unsent:
        click.echo(f"still waits: {_line(row)}", err=True)
    if not delivered.sent and not unsent:
        click.echo("nothing waits")
    return 1 if unsent or delivered.refused or delivered.dead else 0


def _line(row: Mapping[str, str | int | None]) -> str:
    why = f": {row['last_error']}" if row["last_error"] else ""
    return one_line(f"{row['subject']}, for {row['subscriber'] or 'operator'}, {row['address']}{why}")


def _show(found: Sequence[Mapping[str, str | int | None]]) -> None:
    page = Page()
    for row in found:
        made = str(row["created_at"])[:16].replace("T", " ")
        to = f"{row['subscriber'] or 'operator'}, {row['address']}"
        page.line((made, "dim"), f"  {row['kind']} for {to}: ", (shortened(str(row["subject"])), "bold"))
        page.line((_outcome(row), _STYLES.get(str(row["state"]), "yellow")), indent=2)
    if not found:
        click.echo("no message was made yet", err=True)


def _outcome(row: Mapping[str, str | int | None]) -> str:
    words = _SAID[str(row["state"])]
    if row["state"] == "sent" and row["sent_at"]:
        return f"{words} {str(row['sent_at'])[:16].replace('T', ' ')}"
    if row["next_attempt_at"]:
        words += f" until {str(row['next_attempt_at'])[:16].replace('T', ' ')}"
    if row["attempts"]:
        words += f", {row['attempts']} {'attempt' if row['attempts'] == 1 else 'attempts'}"
    return f"{words}: {row['last_error']}" if row["last_error"] else words
