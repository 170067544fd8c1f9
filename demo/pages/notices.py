"""Pages that are not what was asked for: errors, maintenance, challenges, logins. Only the marks are theirs."""

from __future__ import annotations

from demo.pages.asked import TOKEN, Answer, Asked
from demo.pages.template import page


def error_page(asked: Asked) -> Answer:
    """``mgError.aspx``: a page with 200 that says something went wrong."""
    content = '<p class="mgErrorTxt" >An error has occurred. The page you asked for could not be shown.</p>\n'
    return page(asked, heading="Error", content=content)


def maintenance(asked: Asked) -> Answer:
    name = asked.state.council.name
    return Answer(
        f"<!DOCTYPE html><html><head><title>{name}: planned maintenance</title></head><body>"
        f"<h1>We will be back soon</h1><p>The committee pages of {name} are down for essential maintenance. "
        "We are sorry for any inconvenience; please try again later.</p></body></html>"
    )


def challenge() -> Answer:
    return Answer(
        '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
        '<meta name="robots" content="noindex,nofollow"></head><body><div class="main-wrapper" role="main">'
        "<noscript>Enable JavaScript and cookies to continue</noscript>"
        f"<script>window._cf_chl_opt={{cRay:'{TOKEN}',cType:'managed'}};</script></div></body></html>"
    )


def login(asked: Asked) -> Answer:
    return Answer(
        f"<!DOCTYPE html><html><head><title>Sign in - {asked.state.council.name}</title></head><body><h1>Sign in</h1>"
        '<form method="post" action="login.aspx"><label>User name <input name="user"></label>'
        '<label>Password <input type="password" name="password"></label><button>Sign in</button></form></body></html>'
    )


def html_for_xml() -> Answer:
    """An error page of another system that happens to be well-formed XML, as one captured at Leeds."""
    return Answer("<html><head><title>Error</title></head><body><p>Something went wrong</p></body></html>", "text/xml")


def server_error() -> Answer:
    return Answer(
        "<!DOCTYPE html><html><head><title>Runtime Error</title></head><body><h1>Server Error in '/' Application.</h1>"
        "<h2><i>Runtime Error</i></h2></body></html>"
    )


def not_found() -> Answer:
    return Answer(
        "<!DOCTYPE html><html><head><title>404</title></head><body><h2>404 - Page not found</h2></body></html>"
    )
