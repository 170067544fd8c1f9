"""The files of the demo council: PDFs, a scan without text, a DOCX. Written here byte by byte, the same each time."""

from __future__ import annotations

import html
import io
import textwrap
import zipfile
import zlib
from collections.abc import Sequence
from functools import lru_cache

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_LINES_ON_A_PAGE = 52


def size_in_bytes(shown: str) -> int:
    """``821 KB`` -> 840704; 0 for no size."""
    number, _, unit = shown.partition(" ")
    return int(number) * {"KB": 1024, "MB": 1024 * 1024}[unit] if shown else 0


def shown_size(text: str) -> str:
    """The size that a page shows for a PDF of this text: whole KB, as moderngov prints it."""
    return f"{28 + len(text) // 900} KB"


@lru_cache(maxsize=64)
def pdf(title: str, text: str, size: int = 0) -> bytes:
    """A PDF with the text on as many pages as it needs, filled up to ``size`` bytes where it is smaller."""
    lines = [title, ""]
    for paragraph in text.splitlines():
        lines += textwrap.wrap(paragraph, 92) or [""]
    pages = [lines[at : at + _LINES_ON_A_PAGE] for at in range(0, len(lines), _LINES_ON_A_PAGE)]
    contents = []
    for page in pages:
        drawn = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in page)
        contents.append(b"BT /F1 10 Tf 50 790 Td 14 TL\n" + drawn + b"ET")
    resources = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >>"
    return _assembled(contents, resources, [], size)


@lru_cache(maxsize=16)
def scan(title: str, size: int = 0) -> bytes:
    """A PDF that is a picture of a page, as from a scanner: there is no text in it. The picture differs by title."""
    wide, high = 124, 175
    shade = 200 + zlib.crc32(title.encode()) % 40
    rows = bytes(shade if (x * 7 + y * 3) % 11 else 30 for y in range(high) for x in range(wide))
    picture = _stream(
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
        % (wide, high),
        rows,
    )
    return _assembled([b"q 495 0 0 700 50 70 cm /Im1 Do Q"], b"/XObject << /Im1 5 0 R >>", [picture], size)


@lru_cache(maxsize=16)
def docx(title: str, text: str) -> bytes:
    """A Word document with a heading and the paragraphs of the text."""
    rows = [title, *(row for row in text.splitlines() if row.strip())]
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{html.escape(row, quote=False)}</w:t></w:r></w:p>' for row in rows
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 11, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{part}')
    return file.getvalue()


def _escaped(line: str) -> bytes:
    raw = line.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _stream(keys: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data, 6)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (keys, len(packed), packed)


def _assembled(contents: Sequence[bytes], resources: bytes, extra: Sequence[bytes], size: int) -> bytes:
    """Catalogue 1, page tree 2, then a page and its content for each of ``contents``, then ``extra``."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * place) for place in range(len(contents)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents))]
    for place, content in enumerate(contents):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents %d 0 R >>"
        objects += [page % (resources, 4 + 2 * place), _stream(b"", content)]
    objects += extra
    made = io.BytesIO()
    made.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, part in enumerate(objects, 1):
        places.append(made.tell())
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    missing = size - made.tell() - 20 * len(objects) - 160
    while missing > 0:  # comments, which no reader looks at
        made.write(b"%" + b"." * min(missing, 78) + b"\n")
        missing -= 80
    table = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        made.write(b"%010d 00000 n \n" % place)
    made.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return made.getvalue()
