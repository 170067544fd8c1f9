"""`councilwatch init SLUG`: writes a commented config for a council of the registry."""

import os
from pathlib import Path

import click

from config import registry
from config.errors import ConfigError, one_line, quoted
from config.registry import Registered

_DEFAULT = Path("councilwatch.toml")

_TEMPLATE = """\
# Councilwatch for {name}. Paths are relative to this file; docs/configuration.md has every key.

[service]
database = "councilwatch.db"         # made when it is not there
contact = "you@example.org"          # CHANGE THIS: goes into the User-Agent, so that the council can reach you

[operator]
to = ["${{OPERATOR_MAIL}}"]            # who hears when a source stops working, and when it works again

[[council]]
slug = "{slug}"
{shared}# base_url = "{base_url}"  # the registry's; should the site have moved, give its new address
# committees = ["Cabinet"]           # only these, by the names that the site gives them; left out: all

[[watch]]
name = "PSPO consultations"
topic = "pspo"                       # shipped words for Public Spaces Protection Orders, their stages and dates
# any = ["dog control", "car park"]  # in place of a topic: own words, of which one is enough

[[subscriber]]
name = "residents"
to = ["${{RESIDENTS_MAIL}}"]           # an Apprise URL from the environment, from the file named by
                                     # RESIDENTS_MAIL_FILE, or from /run/secrets/RESIDENTS_MAIL
watches = ["PSPO consultations"]
deliver = "at once"                  # or "daily 07:30", "weekly Mon 07:30"
# quiet = "22:00-07:00"              # hours in which nothing is sent, UK time unless timezone says otherwise
"""


@click.command(name="init")
@click.argument("slug")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The file to write  [councilwatch.toml]")
@click.pass_context
def command(ctx: click.Context, slug: str, path: Path | None) -> None:
    """Write a commented config for the council SLUG; `councilwatch councils` finds the slug."""
    target: Path = path or getattr(ctx.obj, "config_path", None) or _DEFAULT
    try:
        council = _council(slug)
        _write_new(target, text_for(council))
    except ConfigError as error:
        click.echo(str(error), err=True)
        ctx.exit(2)
    program = "councilwatch" if target == _DEFAULT else f"councilwatch --config {target}"
    click.echo(one_line(f"Wrote {target} for {council.name}, {council.base_url}"))
    click.echo(one_line(f"1. In {target}, put your own address into contact."))
    click.echo(
        "2. export RESIDENTS_MAIL='mailtos://USER:PASSWORD@MAIL-SERVER?to=NAME@EXAMPLE.ORG', and OPERATOR_MAIL alike."
    )
    click.echo(one_line(f"3. {program} check, then {program} poll"))


def text_for(council: Registered) -> str:
    """The config, ready to be used but for the contact and the addresses."""
    shared = (
        f"# The site is shared with {', '.join(council.shared_with)}: committees, below, can pick this council's.\n"
        if council.shared_with
        else ""
    )
    return _TEMPLATE.format(name=council.name, slug=council.slug, base_url=council.base_url, shared=shared)


def _council(slug: str) -> Registered:
    found = registry.councils().get(slug)
    if found:
        return found
    like = " or ".join(quoted(near) for near in registry.like(slug))
    advice = f"; did you mean {like}?" if like else "; councilwatch councils lists them"
    raise ConfigError(f"{quoted(slug)} is not in the registry{advice}")


def _write_new(target: Path, text: str) -> None:
    """Write the file whole or not at all, and never over another.

    Raises:
        ConfigError: it is there already, or cannot be written.
    """
    try:
        if target.exists() or target.is_symlink():
            raise ConfigError(f"{target}: is there already; name another with --config, or move it away")
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            draft.write_text(text, "utf-8")
            _put(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise ConfigError(f"{target}: is there already; name another with --config, or move it away") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _put(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)  # unlike a rename, never replaces what came there meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        draft.replace(target)
