"""`councilwatch web`: the history in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from councilwatch.program import database_path, program, settings

if TYPE_CHECKING:
    from web.site import Site


@click.command("web")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve at; this machine only, unless told."
)
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--open", "open_browser", is_flag=True, help="Show it in your browser.")
@click.pass_context
def command(ctx: click.Context, host: str, port: int, open_browser: bool) -> None:
    """Serve the history: what's new, meetings, topics, search, feeds, tables and SQL. For reading only.

    Subscribers, watches and deliveries are never shown. Without a config, name a database.

    \b
    Examples:
      councilwatch web
      councilwatch web --database history.db --port 8080
    """
    from web.serve import Server  # noqa: PLC0415  half a second that `--help` need not wait for

    server = Server(_site(ctx), host, port, log=lambda line: click.echo(line, err=True))
    click.echo(f"the history is at {server.address} (Ctrl-C ends it)")
    if open_browser:
        click.launch(server.address)
    server.run()


def _site(ctx: click.Context) -> Site:
    from config.topics import load_topics  # noqa: PLC0415
    from councilwatch.timetable import clear_days_asked, clear_working_days  # noqa: PLC0415
    from web.site import Site  # noqa: PLC0415

    known = program(ctx)
    if known.database is not None and not known.config_path.exists():
        return Site(known.database, known.clock, clear_working_days, clear_days_asked, load_topics())
    told = settings(ctx)
    return Site(
        database_path(ctx),
        known.clock,
        clear_working_days,
        clear_days_asked,
        told.topics,
        contact=told.service.contact,
        history_url=told.service.history_url,
        show_withdrawn_documents=told.service.show_withdrawn_documents,
    )
