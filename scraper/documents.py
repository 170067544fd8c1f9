"""A document's bytes -> its words. PDF and DOCX are read in a process of their own, with limits; see document_child."""

from __future__ import annotations

import json
import logging
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scraper.canonical import canonical

State = Literal["text", "no text", "unreadable", "unsupported"]

_CHILD = str(Path(__file__).with_name("document_child.py"))
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_MARKER = re.compile(
    r"(?:[·•●▪■◦‣*–—-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+\.?(?=\s+[A-Z]))(?:\s|$)"
)
_HYPHEN = re.compile("[\ufffe\x02]")  # what PDFium makes of a hyphen at a line's end; it joins the two lines itself
_FULL_LINE = 0.75  # of the page's widest line; a shorter one that does not go on in lower case ends a paragraph

log = logging.getLogger("councilwatch")


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """What reading one document may cost: seconds by the clock and of processor time, memory, characters of text."""

    seconds: float = 60.0
    processor_seconds: int = 30
    memory_bytes: int = 1024 * 1024 * 1024
    characters: int = 5_000_000


DEFAULT_DOCUMENT_LIMITS = DocumentLimits()


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a document says. `text` is canonical, paragraphs parted by newlines; `pages` is None where there are none.

    `no text`: it can be read but holds pictures only, as scans do. `reason` says, of any state but `text`, why.
    """

    text: str
    pages: int | None
    state: State
    reason: str | None = None


def extract(
    body: bytes, content_type: str | None, title: str, limits: DocumentLimits = DEFAULT_DOCUMENT_LIMITS
) -> DocumentText:
    """The words of a document. Its bytes tell what it is: councils send PDFs as anything. Never raises for them."""
    reading = _extract(body, content_type, limits)
    if reading.state != "text":
        log.info(
            "document without text",
            extra={"title": title.encode("unicode_escape").decode()[:200], "reason": reading.reason},
        )
    return reading


def _extract(body: bytes, content_type: str | None, limits: DocumentLimits) -> DocumentText:
    if not body.strip():
        return DocumentText("", None, "unreadable", "it is empty")
    if b"%PDF-" in body[:1024] or body.startswith(b"PK\x03\x04"):
        return _read_apart(body, limits)
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "text/plain" and b"\0" not in body:
        return _told(canonical(_decoded(body)[: limits.characters]), None, "it is blank")
    if "pdf" in kind:
        return DocumentText("", None, "unreadable", "it is called a PDF, but is none")
    return DocumentText("", None, "unsupported", "only PDF and Word (DOCX) documents are read")


def _read_apart(body: bytes, limits: DocumentLimits) -> DocumentText:
    command = [sys.executable, "-I", _CHILD]
    command += [str(limits.processor_seconds), str(limits.memory_bytes), str(limits.characters)]
    try:
        # with an empty environment: no secret of ours is in reach of what reads a stranger's file
        child = subprocess.run(  # noqa: S603
            command,
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return DocumentText("", None, "unreadable", f"reading it takes more than {limits.seconds:g} seconds")
    if child.returncode != 0:
        return DocumentText("", None, "unreadable", _end(child.returncode, limits))
    answer = json.loads(child.stdout)
    if answer["state"] != "read":
        return DocumentText("", None, answer["state"], answer["reason"])
    parts: list[str] = answer["text"]
    pages: int | None = answer["pages"]
    text = "\n".join(parts) if pages is None else "\n".join(paragraphs(page) for page in parts)
    return _told(
        canonical(text), pages, "its pages are pictures, as a scanner makes them" if pages else "it has no words"
    )


def _told(text: str, pages: int | None, otherwise: str) -> DocumentText:
    if any(character.isalnum() for character in text):
        return DocumentText(text, pages, "text")
    return DocumentText("", pages, "no text", otherwise)


def _end(code: int, limits: DocumentLimits) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"reading it takes more than {limits.processor_seconds} seconds of processor time"
    return "its reader gave up: it is damaged, or takes too much memory"


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def paragraphs(page: str) -> str:
    """The lines of a PDF's page put together to paragraphs, one a line.

    A PDF has lines, no paragraphs. Two lines are one where the first ends no sentence and the second begins no list
    entry, and the first is full or goes on in lower case. In doubt they stay apart: a sentence is then still
    whole. A hyphen at a line's end stays: Word hyphenates nothing by itself, and "anti-social" is written so.
    """
    lines = [line.strip(" \t") for line in re.split(r"\r\n|\r|\n", page)]
    widths = [len(part) for line in lines for part in _HYPHEN.split(line)]
    return _HYPHEN.sub("-", "\n".join(_joined(lines, _FULL_LINE * max(widths, default=0))))


def _joined(lines: Sequence[str], full: float) -> Iterator[str]:
    held, last = "", ""
    for line in lines:
        if held and line and _goes_on(last, line, full):
            held = f"{held} {line}"
        else:
            yield held
            held = line
        last = line
    yield held


def _goes_on(line: str, following: str, full: float) -> bool:
    if _SENTENCE_END.search(line) or _MARKER.match(following):
        return False
    return len(_HYPHEN.split(line)[-1]) >= full or following[0].islower()
