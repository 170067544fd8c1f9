"""`councilwatch demo`: the whole service, nothing of it mocked, against a small council on this machine.

A web server plays the council, an SMTP server is the reader's inbox, an HTTP server the Slack hook. The clock is moved from
event to event; everything between is the program as it runs for months.
"""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from config.addresses import resolve
from config.settings import load
from config.topics import load_topics
from councilwatch.inbox import Inbox, Mail, SlackHook
from councilwatch.logs import configure_logs
from councilwatch.poll import Poller, PollResult
from councilwatch.program import UsageError, program
from councilwatch.timetable import LONDON, clear_days_asked, clear_working_days
from demo.site import Site
from demo.story import Story, storyline
from history.database import connect, take_clock
from history.notes import noted
from scraper.fetch import Fetcher

DATABASE: Final = Path("councilwatch-demo.db")
SEEN_AFTER: Final = timedelta(minutes=5)  # the poll comes so long after the council did something

_CONFIG = """
[service]
database = "{database}"
contact = "demo@councilwatch.example"
{history}
[politeness]
seconds_between_requests = 0
requests_per_day = 0

[[council]]
slug = "stockton-on-tees"
name = "Stockton-on-Tees"
base_url = "{council}"

[[watch]]
name = "PSPO consultations"
topic = "pspo"

[[subscriber]]
name = "residents"
to = ["mailto://{inbox}?from=councilwatch@councilwatch.example&to=residents@councilwatch.example&mode=insecure"]
watches = ["PSPO consultations"]

[[subscriber]]
name = "newsroom"
to = ["slack://T00000000/B00000000/000000000000000000000000/#council"]
watches = ["PSPO consultations"]
"""


@click.command("demo")
@click.option("--port", type=int, default=8001, show_default=True, help="Of the history in the browser, afterwards.")
@click.option("--no-browser", is_flag=True, help="End after the story, without serving the history.")
@click.pass_context
def command(ctx: click.Context, port: int, no_browser: bool) -> int:
    """The whole service against a small council on this machine: eight weeks in seconds, no network needed.

    Leaves its database in the current folder as councilwatch-demo.db. On a terminal it then serves the history in the
    browser until Ctrl-C.

    \b
    Examples:
      councilwatch demo
      councilwatch demo --no-browser
    """
    configure_logs(program(ctx).environ)
    serves = sys.stdout.isatty() and not no_browser
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    database = program(ctx).database or DATABASE
    _clear(database)
    story = storyline()
    with TemporaryDirectory(prefix="councilwatch-demo-") as folder, ExitStack() as stack:
        moment = [story.starts]

        def clock() -> datetime:
            return moment[0]

        site = stack.enter_context(Site(story, clock))
        inbox = stack.enter_context(Inbox())
        hook = stack.enter_context(SlackHook())
        history = f'history_url = "http://127.0.0.1:{port}"' if serves else ""
        config = Path(folder) / "councilwatch.toml"
        config.write_text(
            _CONFIG.format(database=database.absolute(), council=site.base_url, inbox=inbox.address, history=history)
        )
        settings = load(config)
        db = connect(database)
        take_clock(db, pretended=True)
        db.close()
        stop = threading.Event()
        fetcher = stack.enter_context(Fetcher(settings.service.contact, clock, stop=stop))
        poller = Poller(settings, resolve(settings, {}), fetcher, clock, stop)
        _tell(console, story, moment, poller, inbox, hook)
    _sum_up(console, database)
    if serves:
        _serve(console, database, port, story.ends)
    return 0


def _serve(console: Console, database: Path, port: int, ends: datetime) -> None:
    """The history in the browser, until Ctrl-C; its clock stands where the story ends."""
    from web.serve import Server  # noqa: PLC0415  Datasette is a second of start-up
    from web.site import Site as History  # noqa: PLC0415

    history = History(database, lambda: ends, clear_working_days, clear_days_asked, load_topics())
    server = Server(history, "127.0.0.1", port)
    console.print(f"\nThe history is at [bold]{server.address}[/bold] until you press Ctrl-C.")
    server.run()


def _clear(database: Path) -> None:
    """A demo begins anew; what is not a demo's database is left alone."""
    if not database.exists():
        return
    db = connect(database, read_only=True)
    clock = noted(db, "clock")
    db.close()
    if clock != "pretended":
        raise UsageError(f"{database}: holds a real history; run the demo in another folder")
    for name in (database.name, f"{database.name}-wal", f"{database.name}-shm", f"{database.name}.lock"):
        database.with_name(name).unlink(missing_ok=True)


def _tell(
    console: Console, story: Story, moment: list[datetime], poller: Poller, inbox: Inbox, hook: SlackHook
) -> None:
    console.print(Rule("Councilwatch: eight weeks of a council, in seconds"))
    console.print(
        "A council on this machine publishes papers as moderngov sites do. Councilwatch polls it as it would yours, for\n"
        'two readers who watch for "PSPO": residents by e-mail, a newsroom by Slack.\n'
    )
    database = poller.settings.service.database
    result = poller.poll(everything=True)
    _say(console, moment[0], "Councilwatch looks for the first time", result, database, 0)
    for event in story.events:
        moment[0] = event.at + SEEN_AFTER
        last = _last_change(database)
        result = poller.poll(everything=True)
        _say(console, event.at, event.what, result, database, last)
        for mail in inbox.take():
            _show(console, mail)
        for post in hook.take():
            console.print(f"  [green]Slack[/green]  {escape(post)}")


def _noticed(database: Path, last: int) -> str:
    """The changes behind the one with the id `last`, in words: kinds with their number, and one title each."""
    db = connect(database, read_only=True)
    try:
        kinds = db.conn.execute(
            "SELECT c.kind, count(*), coalesce(i.title, d.title, n.title, k.name, '') FROM changes c"
            " LEFT JOIN items i ON i.id = c.item LEFT JOIN documents d ON d.id = c.document"
            " LEFT JOIN notices n ON n.id = c.notice LEFT JOIN meetings m ON m.id = c.meeting"
            " LEFT JOIN committees k ON k.id = m.committee WHERE c.id > ? GROUP BY c.kind ORDER BY min(c.id)",
            (last,),
        ).fetchall()
    finally:
        db.close()
    return "; ".join(f"{kind} {title}" if number == 1 else f"{number} {kind}" for kind, number, title in kinds)


def _last_change(database: Path) -> int:
    db = connect(database, read_only=True)
    try:
        return int(db.conn.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0])
    finally:
        db.close()


def _say(console: Console, at: datetime, what: str, result: PollResult, database: Path, last: int) -> None:
    local = at.astimezone(LONDON)
    console.print(f"[bold]{local:%a %d %b %Y, %H.%M}[/bold]  {escape(what)}")
    for polled in result.sources:
        noticed = _noticed(database, last) or "nothing new"
        if polled.state != "ok":
            noticed = f"[yellow]{polled.state}[/yellow]: nothing is believed until the site is itself again"
        console.print(f"  [dim]noticed: {noticed} ({polled.requests} requests)[/dim]")


def _show(console: Console, mail: Mail) -> None:
    console.print()
    console.print(Rule("an alert, as it arrives", style="green"))
    console.print(f"[bold]To:[/bold] {escape(mail.to)}\n[bold]Subject:[/bold] {escape(mail.subject)}\n")
    console.print(escape(mail.text.strip()))
    console.print(Rule(style="green"))
    console.print()


def _sum_up(console: Console, database: Path) -> None:
    db = connect(database, read_only=True)
    try:
        counts = {
            table: db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  our own names
            for table in ("meetings", "items", "documents", "versions", "changes", "alerts", "polls")
        }
        sent = db.conn.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'").fetchone()[0]
    finally:
        db.close()
    console.print(Rule("What is in the database now"))
    console.print(", ".join(f"{number} {table}" for table, number in counts.items()) + f"; {sent} messages sent")
    console.print(f"\nIt is yours to ask, in {database}:")
    for line in (
        f"councilwatch --database {database} changes --topic pspo",
        f"councilwatch --database {database} show SSP/46/25",
        f"councilwatch --database {database} search consultation",
    ):
        console.print(f"  {_typed(line)}", markup=False)


def _typed(line: str) -> str:
    """The command as it can be typed here: with the folder of the environment where it is not on the PATH."""
    from shutil import which  # noqa: PLC0415

    if which("councilwatch"):
        return line
    here = Path(sys.argv[0])
    return line.replace("councilwatch", str(here), 1) if here.name == "councilwatch" else line
