"""Addresses of web sites as the operator writes them."""

import ipaddress
import re
from urllib.parse import urlsplit

from config.errors import quoted


def web_address(url: str) -> str:
    """An http or https address with a host and without a password.

    Raises:
        ValueError: it is none; the address is not repeated, for it may hold a password.
    """
    try:
        parts = urlsplit(url)
        sound = parts.port != 0 and url.isprintable() and " " not in url
    except ValueError:
        parts, sound = urlsplit("https://"), False
    if "@" in parts.netloc:
        raise ValueError("must not hold a user name or password")
    if parts.scheme not in ("http", "https"):
        raise ValueError('must begin with "https://" or "http://"')
    if not sound or not parts.hostname:
        raise ValueError('is not a web address; write it like "https://democracy.example.gov.uk"')
    return url


def site_address(url: str) -> str:
    """The address of a council's site: what stands above its pages, host in lower case, without a closing slash.

    Raises:
        ValueError: it is none, or the address of one page.
    """
    parts = urlsplit(web_address(url))
    if "?" in url or "#" in url or parts.path.lower().endswith((".aspx", ".asmx")):
        raise ValueError("must be the address above the pages, without a page, ? or #")
    return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")


def host_name(word: str) -> str:
    """A host without scheme, path or port, in lower case.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?", word):
        raise ValueError(
            f'{quoted(word)} is not a host; write it like "media.example.gov.uk", without https:// or path'
        )
    return word.lower().strip("[]")


def is_loopback(url: str) -> bool:
    """Whether an address is this very machine's, by its words alone."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
