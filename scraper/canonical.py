"""Plain text as it is kept and compared: the same words are the same text.

Blanks of every kind, soft hyphens and the shapes of bullets are made alike. What comes out is a fixed point: made
canonical again, it stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from html.entities import html5

_GONE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# control characters that are no blanks are made such, so that none reaches a terminal or a log
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_BULLETS = re.compile("^(?:[·•●▪■◦‣⁃∙\uf0b7\uf0a7\uf0d8\uf076\uf0fc] ?)+")
_LIKE_ORDINAL = re.compile(r" (?:st|nd|rd|th)(?!\w)")  # looking for this first is faster by far
_ORDINAL = re.compile(r"(?<![\w.,/])(\d?(?:(?<!1)(?:1 st|2 nd|3 rd)|1[123] th|[04-9] th))(?!\w)")
_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def canonical(text: str) -> str:
    """Plain text: one paragraph a line, single blanks, bullets as "· ", no entity left; "" where nothing is said."""
    for _ in range(8):  # what one pass joins may be an entity for the next
        before, text = text, _canonical_once(text)
        if text == before or "&" not in text:
            break
    return text


def without_entities(text: str) -> str:
    """The text with what somebody encoded twice (`Chair&#39;s`) made into what it stands for."""
    for _ in range(8):
        if "&" not in text:
            break
        before, text = text, _ENTITY.sub(_character, _AMPERSAND.sub("&", text))
        if text == before:
            break
    return text


def one_line(text: str) -> str:
    """The text with every run of blanks, line breaks and control characters as one blank, and none at its ends."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _canonical_once(text: str) -> str:
    text = without_entities(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _GONE.sub("", text))
    text = "\n".join(_paragraphs(text))
    return _ORDINAL.sub(_joined, text) if _LIKE_ORDINAL.search(text) else text


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.splitlines():  # at every character that parts lines
        words = " ".join(line.split())
        if not words.isprintable():
            words = one_line(words)
        if words and words[0] > "\x7f" and (mark := _BULLETS.match(words)):
            words = words[mark.end() :].lstrip(" ")
            words = f"· {words}" if words else ""
        if words:
            yield words


def _joined(ordinal: re.Match[str]) -> str:
    return ordinal.group().replace(" ", "")


def _character(entity: re.Match[str]) -> str:
    written = entity.group()
    return unescape(written) if written[1] == "#" or written[1:] in html5 else written
