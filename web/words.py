"""What the templates can say: the words for each kind of change, times, differences and texts. All of it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from history import words as differences
from history.changes import KINDS
from history.chronicle import ToldChange
from history.searching import Span
from web import dates
from web.asked import address
from web.charts import bars
from web.site import Site

# headline, and the class of colour that it is shown in
_KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "meeting.announced": ("Meeting announced", "new"),
        "meeting.moved": ("Meeting moved", "altered"),
        "meeting.cancelled": ("Meeting cancelled", "gone"),
        "meeting.reinstated": ("Meeting reinstated", "new"),
        "meeting.withdrawn": ("Meeting taken off the site", "gone"),
        "agenda.published": ("Agenda published", "new"),
        "item.added": ("Item added to the agenda", "new"),
        "item.amended": ("Item amended", "altered"),
        "item.withdrawn": ("Item taken off the agenda", "gone"),
        "item.returned": ("Item put back on the agenda", "new"),
        "item.restricted": ("Item closed to the public", "gone"),
        "item.unrestricted": ("Item opened to the public", "new"),
        "document.added": ("Document added", "new"),
        "document.replaced": ("Document replaced", "altered"),
        "document.withdrawn": ("Document withdrawn", "gone"),
        "decision.published": ("Decision published", "new"),
        "decision.amended": ("Decision amended", "altered"),
        "minutes.drafted": ("Draft minutes published", "new"),
        "minutes.amended": ("Minutes amended", "altered"),
        "minutes.approved": ("Minutes approved", "new"),
        "plan.added": ("Added to the forward plan", "new"),
        "plan.amended": ("Forward plan entry amended", "altered"),
        "plan.withdrawn": ("Taken off the forward plan", "gone"),
        "consultation.opened": ("Consultation opened", "new"),
        "consultation.amended": ("Consultation amended", "altered"),
        "consultation.closed": ("Consultation closed", "gone"),
    }
)
_GROUPS: Final = {
    "meeting": "Meetings",
    "agenda": "Agendas",
    "item": "Agenda items",
    "document": "Documents",
    "decision": "Decisions",
    "minutes": "Minutes",
    "plan": "Forward plans",
    "consultation": "Consultations",
}
_LONG: Final = 600  # characters of a new text that are shown before it is cut


def kind_in_words(kind: str) -> str:
    return _KINDS.get(kind, (kind.replace(".", " "), ""))[0]


def kind_class(kind: str) -> str:
    return _KINDS.get(kind, ("", ""))[1]


def kind_groups() -> tuple[tuple[str, str], ...]:
    """(prefix, words) of the kinds of change that can be filtered by."""
    return tuple((prefix, _GROUPS[prefix]) for prefix in dict.fromkeys(kind.split(".")[0] for kind in KINDS))


def difference(before: str | None, after: str | None) -> Markup:
    """Two texts as one, with <del> and <ins>; far from a change only "…"."""
    pieces = differences.elide(differences.differences(before or "", after or ""))
    return Markup(differences.as_html(pieces).replace("\n", "<br>\n"))  # noqa: S704  as_html escapes


def paragraphs(text: str | None) -> Markup:
    """A canonical text, a <p> for each of its paragraphs."""
    lines = [line for line in (text or "").split("\n") if line.strip()]
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines)


def shortened(text: str | None, most: int = _LONG) -> str:
    """The beginning of a text, cut at a word."""
    text = text or ""
    return text if len(text) <= most else text[:most].rsplit(None, 1)[0] + " …"


def marked(spans: Iterable[Span]) -> Markup:
    """Stretches of text with <mark> around the words that were looked for."""
    return Markup("").join(Markup("<mark>{}</mark>").format(s.text) if s.marked else escape(s.text) for s in spans)


def texts_of(told: ToldChange, site: Site) -> tuple[str | None, str | None]:
    """What a change was before and is after; (None, None) where it is the text of a document that was withdrawn."""
    hidden = told.document is not None and told.withdrawn and told.field == "text"
    return (None, None) if hidden and not site.show_withdrawn_documents else (told.before, told.after)


def worded(told: ToldChange) -> bool:
    """Whether what a change is before and after are words to be read, and not a state's name or a hash."""
    return told.field in ("title", "text", "decision", "minutes", "venue", "status_note", "restriction", "starts_at")


def feed_body(site: Site, told: ToldChange) -> Markup:
    """A change as HTML without our classes, for a reader of feeds."""
    parts = [
        Markup("<p>{} · {}</p>").format(told.council_name, told.committee or ""),
        Markup("<p>Seen {}</p>").format(dates.moment(told.seen_at)),
    ]
    before, after = texts_of(told, site)
    if worded(told) and before and after:
        parts.append(Markup("<p>{}</p>").format(difference(before, after)))
    elif worded(told) and after:
        parts.append(paragraphs(shortened(after)))
    if told.sha256:
        parts.append(Markup("<p>SHA-256 of the page as served: {}</p>").format(told.sha256))
    return Markup("\n").join(parts)


def safe_link(url: str | None) -> str | None:
    """An address that may be linked to: http or https. A council's page can hold any other."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def told_path(change: ToldChange) -> str:
    """The page of ours that shows the narrowest thing that a change is about."""
    for kind in ("document", "item", "notice", "meeting"):
        number = getattr(change, kind)
        if number is not None:
            return f"/{kind}/{number}"
    return f"/change/{change.id}"


def size_in_words(size: int | None) -> str:
    """1.2 MB"""
    if size is None:
        return ""
    for unit, most in (("bytes", 1_000), ("KB", 1_000_000), ("MB", 1_000_000_000)):
        if size < most:
            return f"{size} {unit}" if unit == "bytes" else f"{size * 1_000 / most:.3g} {unit}"
    return f"{size / 1e9:.3g} GB"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """1 change, 2 changes"""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _short_month(month: str) -> str:
    """Nov 25"""
    return f"{datetime.strptime(month, '%Y-%m'):%b %y}"  # noqa: DTZ007  a month, not a moment


def _without(pairs: Iterable[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in pairs if key != name]


def teach(env: Any, site: Site) -> None:
    """Give Datasette's Jinja environment our words."""
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.filters |= {
        "when": dates.time_tag,
        "as_precise": dates.as_precise,
        "day": dates.day,
        "month_words": lambda day: f"{day:%B %Y}",
        "parsed": _parsed,
        "slugs_and_names": lambda councils: [(council.slug, council.name) for council in councils],
        "twice": lambda names: [(name, name) for name in names],
        "without": _without,
        "labelled_months": lambda months: [(_short_month(month), count) for month, count in months],
        "labelled_days": lambda days: [(str(int(day.day[8:])), day.polls) for day in days],
        "labelled_notices": lambda notices: [
            (str(place), notice.median_days) for place, notice in enumerate(notices, 1)
        ],
        "kind": kind_in_words,
        "worded": worded,
        "kind_class": kind_class,
        "paragraphs": paragraphs,
        "shortened": shortened,
        "marked": marked,
        "safe_link": safe_link,
        "told_path": told_path,
        "size": size_in_words,
        "topic_title": site.topic_title,
    }
    env.globals |= {
        "href": lambda path, *pairs: site.prefix + address(path, *pairs),
        "difference": difference,
        "texts_of": lambda told: texts_of(told, site),
        "kind_groups": kind_groups,
        "counted": counted,
        "bars": bars,
        "site": site,
        "now": site.clock,
    }
