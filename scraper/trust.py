"""Is this what we asked for? What speaks against a page before any of it is parsed.

A page is judged by its marks first: one that bears moderngov's own content is never refused for its words, since
councils do discuss maintenance and logins. Only what has no such content is asked what it is instead.
"""

from __future__ import annotations

import re

from scraper.markup import line_of
from scraper.records import Refused, Suspect
from scraper.tree import TooMuchMarkupError, soup_of

# classes of moderngov's own content; `mgContent` alone is a frame, which an error page may have too
_CONTENT = re.compile(
    rb"mg(?:ItemTable|ItemNumberCell|AiTitleTxt|MeetingTableLnk|NonBulletTableList|BulletList|TabTable|WordPara|Label\b|SubTitleTxt"
    rb"|PlanItemTitle|CalendarCellTxt|CalendarWeekGrid|SectionTitle|TableTitleTxt|ActionList)"
)
_MARKS = re.compile(rb"""\bid\s{0,3}=\s{0,3}["']?modgov["'\s>]|class\s{0,3}=\s{0,3}["']?mg[A-Z]""", re.IGNORECASE)
_FOOTER = re.compile(rb"""class\s{0,3}=\s{0,3}["']?mgFooter""", re.IGNORECASE)
_INSIDE = re.compile(rb"""\bid\s{0,3}=\s{0,3}["']?modgov["'\s>]""", re.IGNORECASE)
_DIV = re.compile(rb"<(/?)div\b", re.IGNORECASE)

_CHALLENGE = re.compile(
    r"just a moment|checking (?:if the site connection|your browser)|cf[-_]chl|challenge-platform|captcha"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|incapsula|_incap_|azwaf|azure waf|access denied"
    r"|attention required|request (?:was )?blocked|enable javascript and cookies|request unsuccessful"
    r"|the requested url was rejected",
)
_MAINTENANCE = re.compile(
    r"maintenance|temporarily (?:un|not )available|back (?:soon|shortly)|be right back|out of service"
    r"|scheduled downtime|(?:service|site|website|system|page) (?:is )?(?:currently |temporarily )?"
    r"(?:unavailable|offline|down\b|not available)|gwaith cynnal|cynnal a chadw|ddim ar gael",
)
# "There are no consultations." (reported; no capture of an empty list)
_NOTHING = re.compile(
    r"\bthere (?:are|is) (?:currently )?no \w+|\bno [\w ]{3,40} (?:are|is|were) (?:currently )?(?:available|found|listed)|"
    r"\bnid oes (?:unrhyw )?\w+"
)
_PASSWORD = re.compile(r"""type\s{0,3}=\s{0,3}["']?password""")
_LOGIN = re.compile(r"\b(?:log|sign)(?:ged)?[ -]?(?:in|on)\b|authentication required|mewngofnod")
_ERROR = re.compile(
    r"an? (?:unexpected )?error (?:has )?occurred|server error|not found|page (?:can ?not|could not) be displayed"
    r"|bad gateway|gateway time-?out|internal error|there has been a problem|runtime error|gwall|forbidden|bad request",
)


def refusal(body: bytes, url: str, content_type: str | None) -> Refused | Suspect | None:
    """What speaks against an HTML page, or None. `url` is the address that answered, after redirects."""
    if not body.strip():
        return Suspect("the answer is empty")
    place = url.split("?", 1)[0].lower()
    if place.endswith("/mgerror.aspx"):
        return Refused("the site led to its error page, mgError.aspx")
    if re.search(r"/(?:mg)?(?:login|signin|logon)\w*\.aspx$|/(?:login|signin)/?$", place):
        return Refused("the site led to a login page")
    if (content_type or "").split(";")[0].strip().lower() in {"application/pdf", "application/json"}:
        return Suspect(f"the answer is no page: {content_type}")
    if not has_content(body):
        return told_by_words(body)
    if not _is_whole(body):
        return Suspect("the page is cut off before its end")
    return None


def has_content(body: bytes) -> bool:
    """Whether a body bears classes that only moderngov's own content has."""
    return _CONTENT.search(body) is not None


def told_by_words(body: bytes) -> Refused | Suspect | None:
    """What a page without moderngov's content says that it is; None where it is a list that says it is empty."""
    start = body[:60_000]
    try:
        with soup_of(start) as soup:
            words = line_of(soup).lower()[:6000]
    except TooMuchMarkupError:
        words = ""
    source = start.decode("latin-1").lower()
    if _CHALLENGE.search(words) or _CHALLENGE.search(source[:20_000]):
        return Refused("a challenge page: the site wants to see a browser")
    if _MAINTENANCE.search(words):
        return Refused("a maintenance page")
    if _PASSWORD.search(source) or _LOGIN.search(words[:1000]):
        return Refused("a login page")
    if _ERROR.search(words):
        return Refused("an error page")
    if _MARKS.search(body) is None:
        return Suspect("nothing on the page is moderngov's")
    if _is_whole(body) and _NOTHING.search(words):
        return None
    return Suspect("a moderngov page without content")


def _is_whole(body: bytes) -> bool:
    """Whether the page goes on to the end of moderngov's part: its footer, or the `</div>` that closes it."""
    if b'class="mgFooter' in body or _FOOTER.search(body):  # the first, how all captures write it, takes no time
        return True
    inside = _INSIDE.search(body)
    if inside is None:  # a page whose template names the part otherwise
        return bool(re.search(rb"</(?:html|body|table|ul)\s{0,5}>\s*$", body[-400:], re.IGNORECASE))
    depth = 1
    for div in _DIV.finditer(body, inside.end()):
        depth += -1 if div[1] else 1
        if depth == 0:
            return True
    return False
