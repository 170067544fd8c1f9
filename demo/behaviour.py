"""How the demo council's server behaves: its honest peculiarities, and what goes wrong with it.

Every setting is something that moderngov sites do. Nothing here changes what the council has published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "500",  # an ASP.NET error page
    "503",  # too busy; Retry-After if given
    "429",  # too many requests; Retry-After if given
    "hang",  # the request is read and never answered
    "drip",  # a byte at a time
    "header drip",  # the same, before the headers are complete
    "reset",  # the connection is reset
    "empty body",  # 200 and nothing
    "no items",  # the right page, its items or meetings lost
    "maintenance",  # a maintenance page with 200
    "truncated",  # the page is cut in the middle, and its Content-Length agrees
    "broken off",  # the connection ends before Content-Length is reached
    "mgError",  # a redirect to mgError.aspx, which is a page with 200
    "html for xml",  # an HTML page that is well-formed XML, sent as text/xml
    "challenge 403",  # "Just a moment..." as a 403
    "challenge 200",  # the same as a 200
    "login",  # a redirect to a login page with 200
    "wrong charset",  # windows-1252 bytes declared as utf-8
    "huge",  # the right page followed by 30 MB
    "gzip bomb",  # the right page followed by 200 MB of blanks, in a few hundred KB of gzip
    "elsewhere",  # a redirect to another host
    "loop",  # a redirect that never ends
]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong on addresses whose path and query match ``paths`` (a regular expression, any case).

    ``retry_after`` is the header's value, seconds or an HTTP date. ``times`` is how many requests it strikes; ``None``:
    all. ``to`` is the address for ``elsewhere``. ``pause`` is in seconds, between the bytes of a drip.
    """

    kind: FaultKind
    paths: str = r"\.aspx|\.asmx|/documents/"
    retry_after: str = ""
    times: int | None = None
    to: str = "http://elsewhere.invalid/"
    pause: float = 0.05

    def strikes(self, path_and_query: str) -> bool:
        return re.search(self.paths, path_and_query, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Robots:
    """The answer to /robots.txt."""

    body: str = "User-agent: *\r\nDisallow: /mgUserInfo.aspx\r\n"
    status: int = 200
    content_type: str = "text/plain"


ROBOTS_OPEN = Robots()
ROBOTS_MISSING = Robots("<html><body>Not found</body></html>", 404, "text/html")
ROBOTS_DISALLOW_ALL = Robots("User-agent: *\nDisallow: /\n")
ROBOTS_CRAWL_DELAY = Robots("User-agent: *\nCrawl-delay: 2\nDisallow: /ieDocSearch.aspx\n")
ROBOTS_SERVER_ERROR = Robots("<html><body>Server error</body></html>", 500, "text/html")
ROBOTS_UNAUTHORISED = Robots("<html><body>Sign in</body></html>", 401, "text/html")
ROBOTS_FORBIDDEN = Robots("<html><body>Forbidden</body></html>", 403, "text/html")
ROBOTS_HTML = Robots("<!DOCTYPE html><html><body><h1>Welcome to the council</h1></body></html>", 200, "text/html")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The site's peculiarities. The default is a well-behaved site with both HTML and web service."""

    web_service: bool = True  # False: mgWebService.asmx answers 404
    html_blocked: bool = False  # HTML pages answer 403; web service, documents and robots.txt stay open
    prefix: str = ""  # "/moderngov": everything lives under this path
    session_in_path: bool = False  # a redirect puts (X(1)S(…)) into the path, as cookieless ASP.NET sessions do
    language: Literal["en", "cy"] = "en"  # LLL=0 and LLL=1 in an address outrank it
    charset: str = "utf-8"  # how pages are encoded
    declared: str | None = None  # what the header says; None: the truth, "": nothing
    double_encoded: bool = False  # titles and statuses of the web service carry &amp;#39;
    plain_heading: bool = False  # <h1> without div.mgHeader and class (Kent)
    empty_subtitles: bool = False  # "Additional documents:" and "Minutes:" with nothing after them (Manchester, Surrey)
    all_committees: Literal["0", "-1", "both"] = "0"  # which lCommitteeId means all in GetAllMeetingsByDate
    dates_ignored: bool = False  # GetMeetings and GetAllMeetingsByDate answer with every meeting there is
    counts_only: bool = False  # GetMeetings answers with its counts and nothing else (Sutton)
    validators: bool = False  # ETag and Last-Modified are sent and honoured with 304
    needs_user_agent: bool = False  # an empty or library's own User-Agent gets 403
    robots: Robots = ROBOTS_OPEN
    fault: Fault | None = None
