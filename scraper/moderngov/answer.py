"""XML that a site answers with, as a tree: what the readers of the web service and of feeds begin with.

Answers that are no answers parse as well-formed XML too (captured: a script at Denbighshire, an error page at Leeds),
so the name of the root decides. Entities stay unresolved, and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from lxml import etree

from scraper import trust
from scraper.moderngov import addresses
from scraper.moderngov.page import decoded
from scraper.records import Refused, Suspect
from scraper.tree import MOST_TAGS

Record = TypeVar("Record")
Answer = etree._Element

# A list of 5,000 meetings, which some sites answer to any question, has 70,000 tags (reported)
_MOST_BYTES = 6_000_000
_MOST_TAGS = 100_000
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.I
)


def answers(
    *roots: str,
) -> Callable[[Callable[[Answer, str], Record | Suspect | Refused]], Callable[..., Record | Suspect | Refused]]:
    """Makes a reader of bytes out of a reader of an answer with one of these roots; it never raises."""

    def make(read: Callable[[Answer, str], Record | Suspect | Refused]) -> Callable[..., Record | Suspect | Refused]:
        @wraps(read)
        def reader(body: bytes, url: str, content_type: str | None = None) -> Record | Suspect | Refused:
            try:
                answer = _parsed(body, url, content_type, roots)
                return answer if isinstance(answer, Suspect | Refused) else read(answer, url)
            except Exception as error:  # any bytes at all end in a record or a refusal: an answer must not stop a poll
                return Suspect(f"the answer cannot be read ({type(error).__name__})")

        return reader

    return make


def _parsed(body: bytes, url: str, content_type: str | None, roots: tuple[str, ...]) -> Answer | Suspect | Refused:
    """The answer as a tree without entities, names without namespaces; or what stands in its place."""
    if not body.strip():
        return Suspect("the answer is empty")
    if len(body) > _MOST_BYTES or body.count(b"<") > _MOST_TAGS or body.count(b"&lt;") > 2 * MOST_TAGS:
        return Suspect(f"far more than an answer holds: {len(body)} bytes")
    text = _CONTROLS.sub("", decoded(body, content_type)).lstrip("\ufeff \r\n\t")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return _instead(
            body, url, "the XML is cut off or broken" if text.startswith("<?xml") else "the answer is no XML"
        )
    if root.getroottree().docinfo.doctype:
        return _instead(body, url, "a document type where an answer was asked for")
    for element in root.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rsplit("}", 1)[1]
    if root.tag == "Envelope":  # the same answer by SOAP
        root = next((element for name in roots for element in root.iter(name)), root)
    if root.tag not in roots:
        return _instead(body, url, f"the answer is a <{root.tag!s}>, not a <{roots[0]}>")
    return root


def _instead(body: bytes, url: str, otherwise: str) -> Suspect | Refused:
    """What stands in place of an answer: an error, maintenance, login or challenge page is named."""
    if addresses.page_name(url) == "mgerror.aspx":
        return Refused("the site led to its error page, mgError.aspx")
    told = (None if trust.has_content(body) else trust.told_by_words(body)) or Suspect(otherwise)
    return told if isinstance(told, Refused) else Suspect(otherwise)
