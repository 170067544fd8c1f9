"""What of a page's bytes is the council's own, found without parsing.

Everything of interest is inside `div#modgov`; outside it is the council's own template (captured: Kingston, Kent,
Kirklees). It goes from that `div` to `div.mgFooter`, which every capture has and which holds scripts only.
"""

from __future__ import annotations

import hashlib
import re

_INSIDE = re.compile(rb"""\bid\s{0,3}=\s{0,3}["']?modgov["'\s>]""", re.IGNORECASE)
_VOLATILE = re.compile(rb"""\bNOW=[^&"'<>]{0,60}""")
_FOOTER = re.compile(rb"""<div\b[^<>]{0,80}\bclass\s{0,3}=\s{0,3}["']?mgFooter""", re.IGNORECASE)


def inside(body: bytes) -> bytes:
    """The bytes from `div#modgov` to its footer, or to the end where there is none; everything without such a div."""
    mark = _INSIDE.search(body)
    if mark is None:
        return body
    start = max(body.rfind(b"<", 0, mark.start()), 0)
    end = len(body)
    for footer in _FOOTER.finditer(body, mark.end()):
        end = footer.start()
    return body[start:end]


def fingerprint(body: bytes) -> str:
    """SHA-256 of what is inside `div#modgov`, in hex: the same where only the template changed between two fetches.

    Scripts and the times that some links bear (`NOW=`) are left out, since they differ although nothing happened.
    """
    first, *rest = inside(body).split(b"<script")
    steady = first + b"".join(part.partition(b"</script>")[2] for part in rest)
    return hashlib.sha256(_VOLATILE.sub(b"", steady) if b"NOW=" in steady else steady).hexdigest()
