"""`councilwatch notify`: a test message down the same path that a real alert takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import click
from sqlite_utils import Database

from config.errors import advice, one_line, quoted
from config.settings import Settings
from councilwatch.poll import Poller
from councilwatch.program import UsageError, program, settings
from councilwatch.working import at_work
from history.database import write_txn
from notifiers.envelopes import new_message
from notifiers.people import People

_OPERATOR = "operator"
_WHY_NOT = "not tried, because an earlier message to this address waits"


@click.command("notify")
@click.argument("names", metavar="[SUBSCRIBER]...", nargs=-1)
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...]) -> int:
    """Send a test message to each SUBSCRIBER ("operator" is the operator); without any, to all of them.

    It goes out at once, quiet hours or not. Exit code 1 where one could not be delivered; it is not tried again.

    \b
    Examples:
      councilwatch notify
      councilwatch notify residents
    """
    said = settings(ctx)
    chosen = _chosen(said, names)
    with at_work(program(ctx), said) as poller, closing(poller.connect()) as db:
        people = poller.people(db)
        messages = _write(db, people, chosen, poller)
        poller.send(people)
        outcomes = list(_outcomes(db, messages))
    for good, line in outcomes:
        click.echo(one_line(line), err=not good)
    return 0 if all(good for good, _ in outcomes) else 1


def _chosen(said: Settings, names: Sequence[str]) -> Sequence[str]:
    known = [subscriber.name for subscriber in said.subscribers]
    if said.operator.to:
        known.append(_OPERATOR)
    for name in names:
        if name not in known:
            raise UsageError(f"{said.path}: there is no subscriber {quoted(name)}{advice(name, known)}")
    if not known:
        raise UsageError(f"{said.path}: there is nobody to tell; add a [[subscriber]], or `to` in [operator]")
    return names or known


def _write(db: Database, people: People, chosen: Sequence[str], poller: Poller) -> list[int]:
    readers = {reader.name: reader for reader in people.readers}
    now, made = poller.clock(), []
    with write_txn(db):
        for name in dict.fromkeys(chosen):
            # whoever asks for a test wants it now
            reader = replace(readers[name], quiet=None) if name in readers else None
            recipients = reader.recipients if reader else people.operator
            message = new_message(db, reader, recipients, "test", now, subject="Test message")
            assert message is not None
            made.append(message)
    return made


def _outcomes(db: Database, messages: Sequence[int]) -> Iterator[tuple[bool, str]]:
    """Whether each delivery went out, and a line on it. What did not is cancelled: an old test helps nobody."""
    for message in messages:
        found = db.conn.execute(
            "SELECT d.id, coalesce(s.name, ?), d.label, d.state, d.last_error FROM deliveries d"
            " LEFT JOIN subscribers s ON s.id = d.subscriber WHERE d.message = ? ORDER BY d.id",
            (_OPERATOR, message),
        ).fetchall()
        for number, name, label, state, error in found:
            if state == "sent":
                yield True, f"{name}: sent to {label}"
                continue
            with write_txn(db):
                db.conn.execute(
                    "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL"
                    " WHERE id = ? AND state IN ('waiting', 'sending', 'unknown')",
                    (number,),
                )
            yield False, f"{name}: not sent to {label}: {error or _WHY_NOT}"
