"""Words as moderngov writes them: numeric entities, and HTML that came out of Word.

Text in a storyline is plain: paragraphs are parted by blank lines, ``- `` begins a bullet, ``1. `` a numbered point,
web addresses become links. A text that begins with ``<`` is served as it stands, for markup that nothing else makes.
How a paragraph is broken into runs depends only on its words, so that a page is the same at every fetch.
"""

from __future__ import annotations

import html
import re
import textwrap
from functools import lru_cache
from zlib import crc32

LF = "\x1e"  # a bare line feed; the other line ends of a page become CRLF. Captures have both in one file

_PUNCTUATION = {ord(sign): f"&#{ord(sign)};" for sign in "&:/()'<>\"#"}
_WITH_BLANKS = _PUNCTUATION | {32: "&#32;"}
_ADDRESS = re.compile(r"https?://[^\s<>]*[\w/]|[\w.]+@[\w.]*\w")
_RESOLVED = re.compile(r"\b(AGREED|RESOLVED|NOTED)\b")
_LONG_WORD = re.compile(r"(?<![\w&;/.])[A-Za-z]{8,}(?![\w/.@])")
_ORDINAL = re.compile(r"\b(\d{1,2})(st|nd|rd|th)\b")
_GAP = "&nbsp;&nbsp;&nbsp;"
_SMALL = '<span style="font:7.0pt &quot;Times New Roman&quot;">'


def entities(text: str) -> str:
    """Text of a heading or link, its punctuation as numeric entities."""
    return text.translate(_PUNCTUATION)


def attribute(text: str) -> str:
    """Text of a ``title``: blanks are entities too."""
    return text.translate(_WITH_BLANKS)


def plain(text: str) -> str:
    """The words of a text, also of one that is HTML."""
    return html.unescape(re.sub(r"<[^>]*>", " ", text)) if text.startswith("<") else text


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, each on one line."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in block.splitlines():
            row = line.strip()
            if lines and _marker(row) is None:
                lines[-1] += f" {row}"
            elif row:
                lines.append(row)
        blocks += lines
    return blocks


def shortened(text: str, least: int) -> str:
    """The beginning of a text, cut after the word at ``least`` characters, as the meeting page cuts long minutes."""
    cut = text.find(" ", least)
    return text if cut < 0 else text[:cut]


@lru_cache(maxsize=4096)
def word_section(text: str, more: str = "") -> str:
    """``div.WordSection1`` with the text; ``more`` is HTML that ends the last paragraph."""
    if text.startswith("<"):
        return f'<div class="WordSection1">{LF}{text.replace(chr(10), LF)}{LF}</div>'
    rows = paragraphs(text)
    made: list[str] = []
    for place, row in enumerate(rows):
        seed = crc32(row.encode())
        ending = f"{LF}{more}" if more and place == len(rows) - 1 else ""
        made.append(_paragraph(row, seed, _list_class(rows, place), ending))
        if place < len(rows) - 1 and seed % 3:
            blank = "&nbsp;" if seed % 2 else '<span style="">&nbsp;</span>'
            made.append(f'<p class="MsoNormal">{blank}</p>')
    return f'<div class="WordSection1">{LF}' + LF.join(made) + f"{LF}</div>"


def word_para(text: str, more: str = "") -> str:
    """``div.mgWordPara`` with the text; nothing for no text."""
    return f'<div class="mgWordPara">{word_section(text, more)}{LF}</div> \n' if text else ""


def _list_class(rows: list[str], place: int) -> str:
    def listed(at: int) -> bool:
        return 0 <= at < len(rows) and _marker(rows[at]) is not None

    if not listed(place):
        return "MsoNormal"
    ends = {(False, True): "First", (True, False): "Last"}
    return f"MsoListParagraphCxSp{ends.get((listed(place - 1), listed(place + 1)), 'Middle')}"


def _marker(row: str) -> str | None:
    if row.startswith("- "):
        return "-"
    match = re.match(r"\d{1,2}\.(?= )", row)
    return match.group() if match else None


def _paragraph(row: str, seed: int, style: str, ending: str) -> str:
    marker = _marker(row)
    body = _runs(row[len(marker) :].strip() if marker else row, seed)
    if marker:
        shown = "·" if marker == "-" else marker
        font = ' style="font-family:Symbol"' if marker == "-" else ' style=""'
        gap = _GAP * 3 if marker == "-" else _GAP
        opened = f'<p class="{style}" style="text-indent:-18.0pt"><span{font}><span style="">'
        lead = f"{opened}{shown}{_SMALL}{gap}</span></span></span>"
    elif seed % 5 == 0:
        lead = f'<p class="{style}" style="">'
    else:
        lead = f'<p class="{style}">'
    if seed % 4 == 1 and not ending:
        body = f'<span lang="EN-US" style="" xml:lang="EN-US">{body}</span>'
    wrapped = textwrap.wrap(f"{lead}{body}", 66, break_long_words=False, break_on_hyphens=False)
    return LF.join(wrapped) + f"{ending}</p>"


def _runs(text: str, seed: int) -> str:
    """The text of a paragraph, split into runs where Word would, and where nobody would."""
    made = html.escape(text, quote=False).replace("\xa0", "&nbsp;")
    if seed % 2:
        made = made.replace("’", "&rsquo;").replace("£", "&pound;").replace("–", "&ndash;")
    if seed % 4 < 2:
        made = _ORDINAL.sub(r"\1<sup>\2</sup>", made)
    words = list(_LONG_WORD.finditer(made)) if not _ADDRESS.search(made) else []
    if words:
        found = words[seed % len(words)]
        word, start, end = found.group(), found.start(), found.end()
        if seed % 3 == 0:  # a run that ends within a word
            half = len(word) // 2
            spelt = f'<span style="color:black">{word[:half]}</span>{word[half:]}'
        else:
            spelt = f'<span class="{"SpellE" if seed % 3 == 1 else "GramE"}">{word}</span>'
        made = made[:start] + spelt + made[end:]
    made = _RESOLVED.sub(r"<b>\1</b>", made)
    return _ADDRESS.sub(_link, made)


def _link(found: re.Match[str]) -> str:
    address = found.group()
    return f'<a href="{address if "//" in address else f"mailto:{address}"}">{address}</a>'
