"""The command line: one command a module, loaded when it is called, and every error one line with its cure."""

from __future__ import annotations

import importlib
import os
import sqlite3
import sys
import traceback
from pathlib import Path
from typing import Any, Final

import click

from councilwatch.program import Program, UsageError, clock_of, collect_seldom

# in the order of a newcomer's first day; the module's `command` is the command
COMMANDS: Final = {
    "demo": ("councilwatch.demo", "The whole service against a small council on this machine."),
    "init": ("councilwatch.init", "Write a commented config for a council in the registry."),
    "check": ("councilwatch.check", "Say what works and what does not: config, database, sources, addresses."),
    "poll": ("councilwatch.poll_once", "Look at what is due once, send what is to be told, and exit."),
    "run": ("councilwatch.run", "The daemon: look when it is time, for months."),
    "backfill": ("councilwatch.backfill", "Read the past, politely; sends nothing."),
    "changes": ("councilwatch.changes", "What the council published or altered, newest first."),
    "show": ("councilwatch.show", "A meeting or an item, as it stands or as it stood."),
    "diff": ("councilwatch.diff", "What changed in a text, word by word."),
    "search": ("councilwatch.search", "Find words in items and documents."),
    "timeline": ("councilwatch.timeline", "One subject through all meetings: said, decided, due."),
    "export": ("councilwatch.export", "The history as CSV or JSON lines."),
    "try": ("councilwatch.try_topic", "What a topic sees in a text."),
    "backtest": ("councilwatch.backtest", "Which alerts a watch would have sent."),
    "alerts": ("councilwatch.alerts", "What was sent, what waits, what failed and why."),
    "notify": ("councilwatch.notify", "Send a test message down the path of a real alert."),
    "councils": ("councilwatch.councils", "Look in the registry of councils."),
    "web": ("councilwatch.web", "The history in a browser."),
    "health": ("councilwatch.health", "One line and an exit code: is all well?"),
    "backup": ("councilwatch.backup", "A verified copy of the database, while it is in use."),
    "forget": ("councilwatch.forget", "Take a text out of the record, leaving a mark that it was."),
}


class _Commands(click.Group):
    """Loads a command when it is called, and lets `--config` and `--database` stand before or behind its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        own = {option for parameter in command.params for option in parameter.opts}
        command.params += [option for option in _everywhere() if not own & set(option.opts)]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from config.errors import nearest  # noqa: PLC0415

            like = nearest(args[0], list(COMMANDS))
            meant = f"; did you mean {like!r}?" if like else "; see councilwatch --help"
            raise UsageError(f"there is no command {args[0]!r}{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def _take_config(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Program).config_path = value


def _take_database(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Program).database = value


def _everywhere() -> list[click.Option]:
    path: Any = click.Path(path_type=Path)
    return [
        click.Option(
            ["--config"], type=path, expose_value=False, callback=_take_config, help="Config.  [./councilwatch.toml]"
        ),
        click.Option(
            ["--database"], type=path, expose_value=False, callback=_take_database, help="In place of the config's."
        ),
    ]


@click.group(cls=_Commands, params=_everywhere(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="councilwatch", message="%(prog)s %(version)s")
def cli() -> None:
    """Councilwatch tells you what your council is about to decide, while you can still say something."""


def main() -> None:
    """The `councilwatch` command. Exit codes: 0 all well, 1 a source failed or is unwell, 2 wrong use, 3 our fault."""
    collect_seldom()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look through every installed package
    sys.exit(run(sys.argv[1:], dict(os.environ)))


def run(args: list[str], environ: dict[str, str]) -> int:
    """One command line, with every known error as one line on standard error."""
    program = None
    try:
        clock, pretended = clock_of(environ)
        program = Program(Path("councilwatch.toml"), environ, clock, pretended)
        result = cli.main(args, "councilwatch", standalone_mode=False, obj=program)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.MissingParameter as error:
        return _say(f"{error.format_message().rstrip('.')}{_example(error.ctx)}", 2)
    except click.ClickException as error:
        return _say(error.format_message(), 2)
    except (KeyboardInterrupt, click.Abort):
        return _say("stopped; what was read so far is kept", 130)
    except BrokenPipeError:
        # whoever read our output has heard enough; nothing more can be said to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if (line := _known(error)) is not None:
            return _say(line, 2)
        if environ.get("COUNCILWATCH_LOG", "").lower() == "debug":
            raise
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        if program is not None and program.reading is not None and isinstance(error, ValueError | sqlite3.Error):
            # only what was overwritten in the file is no time, no JSON or no text there
            return _say(
                f"{program.reading}: holds what cannot be read ({type(error).__name__} at {place});"
                " councilwatch check --deep says whether it is damaged: if so, put back the newest backup",
                2,
            )
        return _say(
            f"this is a fault of ours ({type(error).__name__} at {place}); COUNCILWATCH_LOG=debug shows it whole", 3
        )


def _example(ctx: click.Context | None) -> str:
    """The first example of the command's help."""
    lines = (ctx.command.help or "").splitlines() if ctx is not None else []
    shown = [line.strip() for line in lines if line.strip().startswith("councilwatch ")]
    return f"; for example: {shown[0]}" if shown else ""


def _known(error: Exception) -> str | None:
    if isinstance(error, UsageError):
        return str(error)
    # imported here: nothing of it is needed for a command that goes well
    from config.errors import ConfigError  # noqa: PLC0415
    from config.topics import TopicError  # noqa: PLC0415
    from history.database import HistoryError  # noqa: PLC0415

    return str(error) if isinstance(error, ConfigError | HistoryError | TopicError) else None


def _say(line: str, code: int) -> int:
    click.echo("councilwatch: " + " ".join(line.split()), err=True)
    return code
