"""The text of one PDF or DOCX, read in a process of its own: bytes on standard input, JSON on standard output.

Run as `python document_child.py SECONDS BYTES CHARACTERS`. A council's documents are other people's files, and a reader
of PDFs is a large program: here it may spend so much processor time and memory, and what it does wrong ends with it.
The answer is {"state", "pages", "text"} or {"state", "reason"}; `text` is a list, of pages or of paragraphs.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

Answer = dict[str, object]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WORD_FILE = "word/document.xml"
_WORD_BYTES = 64 * 1024 * 1024  # of that file, unpacked


def read_pdf(body: bytes, characters: int) -> Answer:
    import pypdfium2  # noqa: PLC0415  only the reader that is needed is loaded

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        protected = "password" in str(error).lower()
        return unreadable("it is protected by a password" if protected else "it is damaged, or no PDF")
    pages: list[str] = []
    left = characters
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage().get_text_bounded()[:left]
            page.close()
        except pypdfium2.PdfiumError:
            text = ""  # one bad page does not hide the others
        left -= len(text)
        pages.append(text)
        if left <= 0:
            break
    return {"state": "read", "pages": len(document), "text": pages}


def read_docx(body: bytes, characters: int) -> Answer:
    from lxml import etree  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if _WORD_FILE not in archive.namelist():
                return {"state": "unsupported", "reason": "only PDF and Word (DOCX) documents are read"}
            with archive.open(_WORD_FILE) as file:
                xml = file.read(_WORD_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        return unreadable(f"its ZIP archive cannot be opened ({type(error).__name__})")
    if len(xml) > _WORD_BYTES:
        return unreadable("it unpacks to more than 64 MiB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return unreadable("its text is damaged")
    for fallback in list(root.iter(_FALLBACK)):  # the same text box again, for older programs
        parent = fallback.getparent()
        if parent is not None:
            parent.remove(fallback)
    text: list[str] = []
    for paragraph in _paragraphs(root):
        text.append(paragraph[:characters])
        characters -= len(paragraph)
        if characters <= 0:
            break
    return {"state": "read", "pages": None, "text": text}


def _paragraphs(root: _Element) -> Iterator[str]:
    pieces: list[str] = []
    for element in root.iter():
        if element.tag == f"{_WORD}p":
            yield "".join(pieces)
            pieces = []
        elif element.tag == f"{_WORD}t":
            pieces.append(element.text or "")
        elif element.tag == f"{_WORD}tab":
            pieces.append(" ")
        elif element.tag in (f"{_WORD}br", f"{_WORD}cr"):
            pieces.append("\n")
    yield "".join(pieces)


def unreadable(reason: str) -> Answer:
    return {"state": "unreadable", "reason": reason}


def main() -> None:
    seconds, memory, characters = (int(each) for each in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        body = sys.stdin.buffer.read()
        answer = read_pdf(body, characters) if b"%PDF-" in body[:1024] else read_docx(body, characters)
        written = json.dumps(answer)
    except MemoryError:
        written = json.dumps(unreadable("reading it takes too much memory"))
    sys.stdout.write(written)


if __name__ == "__main__":
    main()
