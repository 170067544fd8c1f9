"""Addresses on a page, made fit to be fetched: councils write them with spaces, line breaks and worse."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOSTNAME = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_PORTS = {"http": 80, "https": 443}
_SAFE = "/%:=&?~+!$,;'@()*[]|"


def join(base: str, href: str) -> str | None:
    """The absolute http or https address that `href` means on a page at `base`; None where it means none.

    Line breaks and tabs are taken out (reported at Fingal), spaces and other characters percent-encoded (file names at
    Kingston have literal spaces). An address with a user name or password is none. Never raises; what it
    returned, joined again, stays as it is.
    """
    try:
        parts = urlsplit(urljoin(base.strip(), re.sub(r"[\r\n\t]", "", href).strip()))
        port = parts.port
        host = parts.hostname or ""
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or "@" in parts.netloc or not _HOSTNAME.fullmatch(host):
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        netloc += f":{port}"
    return urlunsplit((scheme, netloc, _quoted(parts.path) or "/", _quoted(parts.query), _quoted(parts.fragment)))


def network_host(url: str) -> str:
    """The host that a joined address stands on, "name", or "name:port" where the port is not the usual one."""
    return urlsplit(url).netloc.lower()


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _quoted(text: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=_SAFE, errors="replace")
