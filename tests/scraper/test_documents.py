from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.documents import DocumentLimits, DocumentText, extract, paragraphs

MIB = 1024 * 1024
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(*contents: bytes, filters: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF with a page for each content stream, as small as one can be."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, content in enumerate(contents):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
        objects.append(page + b" /Contents %d 0 R >>" % (5 + 2 * n))
        objects.append(b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    keys = b"/Size %d /Root 1 0 R %s" % (len(objects) + 1, trailer)
    return bytes(out) + b"trailer << %s >>\nstartxref\n%d\n%%%%EOF" % (keys, start)


def lines(*texts: str) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % text.encode("latin-1") for text in texts)
    return b"BT /F 11 Tf 40 800 Td 14 TL\n" + shown + b"ET"


def docx(body: str, name: str = "word/document.xml", head: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, f"<?xml version='1.0'?>{head}<w:document {WORD}><w:body>{body}</w:body></w:document>")
    return made.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


REPORT = pdf(
    lines(
        "Proposed Public Spaces Protection Order",
        "The Cabinet is asked to note that the present order came into force in",
        "2023 and is due to expire in April 2026, and that a stricter one is being",
        "drafted.",
        "1. A public consultation on anti-",
        "social behaviour follows.",
        "2. Its outcome is reported in March.",
    ),
    lines("Appendix A"),
)


# --- PDF ----------------------------------------------------------------------------------------------------------


def test_a_report_is_read_in_paragraphs():
    assert extract(REPORT, "application/pdf", "Report") == DocumentText(
        "Proposed Public Spaces Protection Order\n"
        "The Cabinet is asked to note that the present order came into force in 2023 and is due to expire in April "
        "2026, and that a stricter one is being drafted.\n"
        "1. A public consultation on anti-social behaviour follows.\n"
        "2. Its outcome is reported in March.\n"
        "Appendix A",
        2,
        "text",
    )


def test_the_bytes_tell_what_it_is_and_not_the_header():
    assert extract(REPORT, "text/html", "Report").state == "text"
    assert extract(b"\n\n" + REPORT, None, "Report").state == "text"


def test_a_scan_has_no_text_which_is_not_the_same_as_being_empty():
    read = extract(pdf(b"0.5 g 40 40 500 700 re f"), "application/pdf", "Scan")
    assert (read.state, read.text, read.pages) == ("no text", "", 1)
    assert "pictures" in read.reason
    assert extract(b"", "application/pdf", "Nothing").state == "unreadable"


def test_a_protected_pdf_says_so():
    encrypted = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    read = extract(pdf(lines("secret"), trailer=encrypted), "application/pdf", "Exempt report")
    assert read == DocumentText("", None, "unreadable", "it is protected by a password")


@pytest.mark.parametrize("kept", [0.02, 0.2, 0.5, 0.9])
def test_a_pdf_that_was_cut_off_is_a_value(kept):
    read = extract(REPORT[: int(len(REPORT) * kept)], "application/pdf", "Report")
    assert read.state in ("unreadable", "text", "no text")
    assert (read.reason is None) == (read.state == "text")


@pytest.mark.parametrize(
    "poison",
    [
        b"%PDF-1.7\n" + b"<<" * 100_000,
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>\nendobj\ntrailer << /Root 1 0 R >>",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] "
        b"/Count 999999999 >>\nendobj\ntrailer << /Root 1 0 R >>",
        REPORT.replace(b"/Helvetica", b"/\0\xff\xfe\0\0\0\0\0\0"),
        REPORT.replace(b"[0 0 595 842]", b"[0 0 1e38 -1e9]"),
    ],
)
def test_a_poisoned_pdf_is_a_value(poison):
    read = extract(poison, "application/pdf", "Report", DocumentLimits(seconds=20, processor_seconds=10))
    assert read.state in ("unreadable", "text", "no text")


def test_a_pdf_that_eats_memory_is_stopped_and_we_are_not():
    bomb = zlib.compress(b"q " * 1_000_000, 9)
    greedy = pdf(bomb, filters=b"/Filter /FlateDecode")
    assert len(greedy) < MIB
    assert extract(greedy, "application/pdf", "Bomb").state == "no text"  # where there is room for it
    read = extract(greedy, "application/pdf", "Bomb", DocumentLimits(memory_bytes=128 * MIB))
    assert (read.state, read.text) == ("unreadable", "")
    assert extract(REPORT, "application/pdf", "Report").state == "text"


def test_a_pdf_that_eats_time_is_stopped():
    slow = pdf(lines(*["word " * 20] * 60_000))
    read = extract(slow, "application/pdf", "Slow", DocumentLimits(seconds=0.01))
    assert read == DocumentText("", None, "unreadable", "reading it takes more than 0.01 seconds")


def test_text_is_capped():
    read = extract(pdf(*[lines("word " * 15)] * 20), None, "Long", DocumentLimits(characters=200))
    assert read.pages == 20
    assert len(read.text) <= 220


# --- DOCX ---------------------------------------------------------------------------------------------------------


def test_word_paragraphs_runs_tabs_and_cells():
    body = (
        "<w:p><w:r><w:t>Public Sp</w:t></w:r><w:r><w:t>aces</w:t></w:r><w:r><w:tab/><w:t>Order</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc>" + paragraph("Ward") + "</w:tc><w:tc>" + paragraph("Hartburn") + "</w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r><w:del><w:r><w:delText>struck</w:delText></w:r></w:del></w:p>"
    )
    read = extract(docx(body), None, "Report")
    assert read == DocumentText("Public Spaces Order\nWard\nHartburn\none\ntwo", None, "text")


def test_entities_in_a_word_document_stay_closed(tmp_path):
    (tmp_path / "secret").write_text("secret words")
    head = f"<!DOCTYPE x [<!ENTITY a '{'lol' * 10}'><!ENTITY b SYSTEM 'file://{tmp_path}/secret'>]>"
    read = extract(docx(paragraph("said &a; &b; end"), head=head), None, "Report")
    assert "lol" not in read.text
    assert "secret" not in read.text


def test_a_zip_bomb_is_stopped():
    read = extract(docx(" " * 80 * MIB), None, "Bomb")
    assert (read.state, read.reason) == ("unreadable", "it unpacks to more than 64 MiB")


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (docx("", name="xl/workbook.xml"), "unsupported"),
        (docx("<w:p>"), "unreadable"),
        (docx(paragraph("x"))[:60], "unreadable"),
        (docx(""), "no text"),
        (docx("<w:p>" * 5000 + "</w:p>" * 5000), "unreadable"),
        (b"PK\x03\x04" + b"\0" * 100, "unreadable"),
    ],
)
def test_other_archives_are_values(body, state):
    read = extract(body, None, "x")
    assert (read.state, bool(read.reason), read.text) == (state, True, "")


# --- other kinds --------------------------------------------------------------------------------------------------


def test_plain_text_is_taken_as_it_is():
    assert extract("Café\r\n\r\nat  9".encode("cp1252"), "text/plain; charset=x", "Note").text == "Café\nat 9"


@pytest.mark.parametrize("body", [b"<html>not here</html>", b"\xd0\xcf\x11\xe0 old Word", b"{\\rtf1 }", b"\x89PNG"])
def test_what_is_not_read_says_what_is(body):
    read = extract(body, "application/octet-stream", "x")
    assert (read.state, read.reason) == ("unsupported", "only PDF and Word (DOCX) documents are read")
    assert "is none" in extract(body, "application/pdf", "x").reason


@settings(max_examples=25, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", REPORT, docx(paragraph("x"))]),
    st.integers(0, 2000),
    st.sampled_from([None, "application/pdf", "text/plain", "\x00"]),
)
def test_any_bytes_end_in_a_value(noise, start, at, content_type):
    body = start[:at] + noise + start[at + len(noise) :]
    read = extract(body, content_type, "\x1b[31m")
    assert (read.reason is None) == (read.state == "text")
    assert bool(read.text) == (read.state == "text")


@given(st.text(alphabet="abC .,;\r\n\x02\t-1)", max_size=200))
def test_paragraphs_lose_and_add_no_word(page):
    kept = page.replace("\x02", "-").split()
    assert paragraphs(page).split() == kept
