"""A bulletin in the words of each kind of channel. Pure: `render(bulletin) -> Rendered`.

`sheet.py` lays a message out once, as lines; each template only writes those lines down.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from notifiers.bulletin import Bulletin, Rendered
from notifiers.calendars import calendars
from notifiers.lines import (
    as_html,
    as_markdown,
    as_slack,
    as_text,
    clean,
    joined,
    line,
    wrapped,
)
from notifiers.sheet import Sheet, lay_out
from notifiers.subjects import push_line

SLACK: Final = 38_000
"""Slack cuts a message at 40,000 characters."""


def render(bulletin: Bulletin) -> Rendered:
    """The forms of one message. The same bulletin always gives the same forms; days left are the reader's own."""
    today = bulletin.now.astimezone(ZoneInfo(bulletin.timezone)).date()
    sheet = lay_out(bulletin, today)
    slack = _written("message.slack", sheet)
    return Rendered(
        subject=sheet.subject,
        text=_written("message.txt", sheet),
        html=_inliner().inline(_written("message.html", sheet)),
        slack=slack if len(slack) <= SLACK else slack[: slack.rfind("\n\n", 0, SLACK)] + "\n\n…",
        markdown=_written("message.md", sheet),
        line=push_line(bulletin, today),
        attachments=calendars(bulletin, today),
        thread=_thread(bulletin),
    )


def _thread(bulletin: Bulletin) -> str | None:
    """What mails of one subject share: a topic (or watch) at a council, or what is in trouble."""
    if bulletin.trouble:
        return f"trouble/{bulletin.trouble[0].what}"
    if bulletin.kind not in ("alert", "reminder") or not bulletin.stories:
        return None
    story = bulletin.stories[0]
    return f"{story.council_slug}/{story.topic or next(iter(story.watches), '')}"


def _written(template: str, sheet: Sheet) -> str:
    written = _templates().get_template(template).render(sheet=sheet)
    return written.strip() + "\n"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "html": as_html,
        "text": as_text,
        "slack": as_slack,
        "markdown": as_markdown,
        "clean": clean,
        "wrapped": wrapped,
        "line": line,
        "joined": joined,
    }
    return templates


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
