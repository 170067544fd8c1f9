"""Pages that are not what was asked for say so; pages of a council are never refused for what the council discusses."""

from __future__ import annotations

import pytest

from scraper.records import Refused, Suspect
from scraper.trust import refusal

URL = "https://democracy.example.gov.uk/ieListDocuments.aspx?CId=1&MId=2"
FRAME = (
    '<html><head><title>x</title></head><body><div id="modgov">'
    '<h1>Agenda</h1>{}<div class="mgFooter"></div></div></body></html>'
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<html><title>Just a moment...</title><body>Enable JavaScript and cookies to continue</body></html>",
            "challenge",
        ),
        (
            "<html><head><script src='/cdn-cgi/challenge-platform/x.js'></script></head><body></body></html>",
            "challenge",
        ),
        ("<html><body><iframe src='/_Incapsula_Resource?x'></iframe>Request unsuccessful.</body></html>", "challenge"),
        ("<html><h1>Planned maintenance</h1><p>This site will be back shortly.</p></html>", "maintenance"),
        ("<html><p>The website is currently unavailable</p></html>", "maintenance"),
        ('<html><div id="modgov"><h1>Sorry</h1><p>Down for essential maintenance</p></div></html>', "maintenance"),
        ("<html><h1>Sign in</h1><form><input type='password' name='p'></form></html>", "login"),
        ("<html><h1>Log in to continue</h1></html>", "login"),
        ("<html><h1>Server Error in '/' Application.</h1></html>", "error"),
        ('<html><div id="modgov"><h1>Error</h1><p>An error has occurred</p></div></html>', "error"),
    ],
)
def test_pages_that_say_what_they_are_instead(body: str, words: str) -> None:
    told = refusal(body.encode(), URL, "text/html")
    assert isinstance(told, Refused)
    assert words in told.reason


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://x.gov.uk/mgError.aspx", "mgError"),
        ("https://x.gov.uk/moderngov/MGERROR.ASPX?a=1", "mgError"),
        ("https://x.gov.uk/login.aspx?ReturnUrl=%2f", "login"),
        ("https://x.gov.uk/mgLogin.aspx", "login"),
    ],
)
def test_the_address_that_answered_tells_too(url: str, words: str) -> None:
    told = refusal(FRAME.format('<p class="mgWordPara">Fine</p>').encode(), url, "text/html")
    assert isinstance(told, Refused)
    assert words in told.reason


@pytest.mark.parametrize(
    "body", [b"", b" \r\n ", b"<html><body>Welcome to our shop</body></html>", b"%PDF-1.7 ...", b"\x00\xff"]
)
def test_what_bears_no_mark_is_suspect(body: bytes) -> None:
    assert isinstance(refusal(body, URL, None), Suspect)


def test_an_agenda_that_speaks_of_maintenance_and_logins_is_read() -> None:
    text = "Road maintenance. Website temporarily unavailable. Log in with a password. Access denied. Page not found. CAPTCHA."
    body = FRAME.format(f'<div class="mgWordPara"><p>{text}</p></div>')
    assert refusal(body.encode(), URL, "text/html; charset=utf-8") is None


def test_a_page_cut_off_is_suspect_wherever_it_is_cut() -> None:
    rows = "".join(
        f'<tr><td class="mgItemNumberCell">{n}.</td><td><p class="mgAiTitleTxt">Title</p></td></tr>' for n in range(20)
    )
    body = FRAME.format(f'<table id="mgItemTable">{rows}</table>').encode()
    end = body.index(b'<div class="mgFooter')
    for at in range(body.index(b"mgItemNumberCell"), end, 7):
        assert refusal(body[:at], URL, None) is not None
    assert refusal(body, URL, None) is None


def test_a_page_without_footer_is_whole_when_its_part_is_closed() -> None:
    body = b'<div id="modgov"><h1>x</h1><div class="mgContent"><p class="mgWordPara">y</p></div></div>'
    assert refusal(body, URL, None) is None
    assert isinstance(refusal(body[:-6], URL, None), Suspect)
