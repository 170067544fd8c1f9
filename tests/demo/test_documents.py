"""The files: readable by a stranger's reader, as big as the page says, the same bytes each time."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.documents import docx, pdf, scan, size_in_bytes


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_a_pdf_holds_its_words() -> None:
    words = text_of(pdf("Title (draft)", "It’s £5 – a \\ and (brackets).\n\nSecond paragraph."))
    for part in ("Title (draft)", "It’s £5 – a \\ and (brackets).", "Second paragraph."):
        assert part in words


def test_a_long_text_takes_several_pages() -> None:
    data = pdf("Long", "\n".join(f"Line {n}" for n in range(200)))
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 4
    assert "Line 199" in text_of(data)


def test_it_is_as_big_as_the_page_says() -> None:
    for shown in ("9 KB", "821 KB", "2 MB"):
        size = size_in_bytes(shown)
        assert abs(len(pdf("Report", "Words.", size)) - size) < 400
    assert "Words." in text_of(pdf("Report", "Words.", size_in_bytes("821 KB")))


def test_a_scan_opens_and_has_no_text() -> None:
    data = scan("Strategy", size_in_bytes("64 KB"))
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 1
        assert min(bytes(document[0].render(scale=0.5).buffer)) < 150, "there is something to see"
    assert text_of(data).strip() == ""
    assert scan("Another") != scan("Strategy")


def test_a_docx_is_a_zip_of_words() -> None:
    with zipfile.ZipFile(io.BytesIO(docx("Draft", "One & two.\nThree."))) as archive:
        assert archive.testzip() is None
        body = archive.read("word/document.xml").decode()
    assert "One &amp; two." in body
    assert "Three." in body


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters(codec="cp1252", categories=("L", "N", "P", "Zs")), max_size=300))
def test_any_words_make_a_pdf_that_opens(words: str) -> None:
    with pypdfium2.PdfDocument(pdf("Any", words)) as document:
        assert len(document) >= 1
