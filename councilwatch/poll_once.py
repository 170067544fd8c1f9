"""`councilwatch poll`: look at what is due once, send what is to be told, and exit. Fit for cron."""

from __future__ import annotations

import click

from councilwatch.program import program, settings
from councilwatch.working import at_work, say_delivered, say_polled


@click.command("poll")
@click.option("--all", "everything", is_flag=True, help="Look at every meeting in the window, due or not.")
@click.pass_context
def command(ctx: click.Context, everything: bool) -> int:
    """Look at what is due once, send what is to be told, and exit.

    Exit code 0 where all is well, 1 where a source failed, 2 for a wrong config.

    \b
    Examples:
      councilwatch poll
      councilwatch poll --all
    """
    with at_work(program(ctx), settings(ctx)) as poller:
        result = poller.poll(everything=everything, said=say_polled)
    say_delivered(result.delivered)
    return 1 if result.failed else 0
