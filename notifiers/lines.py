"""A line of a message, with what is marked, linked, struck out or new in it, and how each kind of channel writes it.

Everything that a council wrote passes through here, and stays text: no markup, no mention, no hidden link comes of it.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from markupsafe import Markup, escape

WIDTH: Final = 78
ZERO_WIDTH_SPACE: Final = "\u200b"
Style = Literal["plain", "mark", "strong", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Span:
    """`text` is cleaned when written. A `url` that is not of the web or a mail address is written as no link at all."""

    text: str
    style: Style = "plain"
    url: str = ""


Line = tuple[Span, ...]


def line(*parts: str | Span | Line) -> Line:
    """A line of strings, spans and lines in a row."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans += [Span(part)] if part else []
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans += part
    return tuple(spans)


def joined(lines: Iterable[Line], between: str) -> Line:
    spans: list[Span] = []
    for number, one in enumerate(lines):
        if number:
            spans.append(Span(between))
        spans += one
    return tuple(spans)


def clean(text: str) -> str:
    """One line: no control characters, no marks that turn the direction of text, no lone surrogates, single spaces."""
    kept = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn") or letter in "\u200c\u200d"
    )
    # keep the space at either end: it parts this span from the next
    return re.sub(r"\s+", " ", kept)


def shortened(text: str, length: int) -> str:
    """At most `length` characters, cut between words, with "…" for the rest."""
    text = clean(text).strip()
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > length // 2 else cut).rstrip(" ,;:.") + "…"


def web_url(url: str) -> str:
    """The address as it may stand in a link, or "" where it is no web or mail address."""
    address = percent_encoded(clean(url).strip(), safe="!#$%&'()*+,/:;=?@[]~")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if (parts.scheme in ("http", "https") and parts.netloc) or parts.scheme == "mailto" else ""


def as_plain(one: Line) -> str:
    """The bare words."""
    return "".join(clean(span.text) for span in one).strip()


def as_text(one: Line) -> str:
    """For plain mail: an address behind its words, `[-removed-]`, `{+added+}`."""
    written = []
    for span in one:
        text, url = clean(span.text), web_url(span.url)
        if span.style == "removed":
            text = _around(text, "[-", "-]")
        elif span.style == "added":
            text = _around(text, "{+", "+}")
        bare = url.removeprefix("mailto:")
        written.append(f"{text}: {url}" if url and bare not in text else text)
    return "".join(written).strip()


def as_html(one: Line) -> Markup:
    written = Markup()
    tags = {"mark": "mark", "strong": "strong", "removed": "del", "added": "ins"}
    for span in one:
        html = escape(clean(span.text))
        if span.style != "plain":
            html = Markup("<{0}>{1}</{0}>").format(Markup(tags[span.style]), html)  # noqa: S704 the tags are ours
        if url := web_url(span.url):
            html = Markup('<a href="{}">{}</a>').format(url, html)
        written += html
    return written


def as_slack(one: Line) -> str:
    """mrkdwn. Slack has no escape for its own marks, so a space of no width keeps them from meaning anything."""
    marks = {"mark": "*", "strong": "*", "removed": "~", "added": "*"}
    written = []
    for span in one:
        text = slack_escaped(clean(span.text))
        if span.style != "plain":
            text = _around(text, marks[span.style], marks[span.style])
        url = web_url(span.url)
        written.append(f"<{slack_escaped(url).replace('|', '%7C')}|{text}>" if url else text)
    return "".join(written).strip()


def slack_escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"(?<!\w)([*_~`]+)|([*_~`]+)(?!\w)", lambda found: _loosened(found.group()), text)
    return _no_mention(text)


def as_markdown(one: Line) -> str:
    marks = {"mark": "**", "strong": "**", "removed": "~~", "added": "**"}
    written = []
    for span in one:
        text = _no_mention(re.sub(r"([\\`*_\[\]<>|~#&])", r"\\\1", clean(span.text)))
        if span.style != "plain":
            text = _around(text, marks[span.style], marks[span.style])
        url = web_url(span.url)
        written.append(f"[{text}](<{url}>)" if url else text)
    # what would begin a list or a heading, were it at the beginning of a line
    return re.sub(r"^(\d+)([.)])|^([-+=])", r"\1\\\2\3", "".join(written).strip())


def wrapped(text: str, first: str = "", then: str = "") -> str:
    """Wrapped at 78 columns, words and addresses whole; `first` leads the first line, `then` the others."""
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )


def limited(lines: Sequence[Line], most: int) -> tuple[Line, ...]:
    """The first `most` lines, with word of how many more there are."""
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], line(f"and {len(lines) - most + 1} more"))


def _around(text: str, opening: str, closing: str) -> str:
    words = text.strip()
    if not words:
        return text
    left = text[: len(text) - len(text.lstrip())]
    return f"{left}{opening}{words}{closing}{text[len(text.rstrip()) :]}"


def _loosened(marks: str) -> str:
    return ZERO_WIDTH_SPACE + ZERO_WIDTH_SPACE.join(marks) + ZERO_WIDTH_SPACE


def _no_mention(text: str) -> str:
    """@everyone and the like call nobody; a mail address stays one."""
    return re.sub(r"(?<![\w.+-])@(?=\w)", "@" + ZERO_WIDTH_SPACE, text)
