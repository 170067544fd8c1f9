"""`councilwatch run`: the daemon."""

from __future__ import annotations

import click

from councilwatch.program import NOW, UsageError, program, settings


@click.command("run")
@click.pass_context
def command(ctx: click.Context) -> int:
    """Look when it is time, and send what is to be told, until told to stop.

    SIGTERM and Ctrl-C end it after the page in hand, with exit code 0. A changed config is taken over by itself, or at
    once on SIGHUP; one that is wrong is refused, and the old one stays.

    \b
    Examples:
      councilwatch run
      COUNCILWATCH_LOG=debug councilwatch run
    """
    if program(ctx).pretended:
        raise UsageError(f"{NOW} stops the clock, and a daemon needs one that goes; unset it, or use councilwatch poll")
    from councilwatch.signals import Signals  # noqa: PLC0415

    # before the slow imports: process 1 of a container has no other way to be stopped
    with Signals() as signals:
        from councilwatch.daemon import Daemon  # noqa: PLC0415

        Daemon(program(ctx), settings(ctx), signals).live()
    return 0
