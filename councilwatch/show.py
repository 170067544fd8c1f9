"""`councilwatch show`: a meeting or an item, as it stands or as it stood."""

from __future__ import annotations

from datetime import datetime

import click
from sqlite_utils import Database

from councilwatch.changes import show_change
from councilwatch.program import UsageError, history
from councilwatch.tables import Page, form, forms, print_csv, print_json
from councilwatch.when import read_at, words
from history.chronicle import changes_of
from history.finding import Thing, find
from history.moments import Proof, Standing, as_it_stands, as_it_stood
from history.questions import Document, Item, Meeting, NotFoundError, item, rows

_COLUMNS = tuple(name for name in Item.__dataclass_fields__)


@click.command(name="show")
@click.argument("thing", metavar="MEETING|ITEM")
@click.option("--at", metavar="TIME", help="As it stood then: a date (its end) or a time.")
@forms
@click.pass_context
def command(ctx: click.Context, thing: str, at: str | None, as_json: bool, as_csv: bool) -> None:
    """A meeting or an item, as it stands or as it stood, with its proof.

    It is named by our id (meeting:12, item:34), by its address on the council's site, or by a reference.

    \b
    Examples:
      councilwatch show meeting:1
      councilwatch show SSP/46/25
      councilwatch show meeting:1 --at 2025-11-20 --json
    """
    wanted = form(as_json, as_csv)
    db = history(ctx)
    found = find(db, thing)
    standing, only = _standing(db, found, read_at(at) if at else None)
    if wanted == "json":
        print_json(_as_value(db, standing, only))
    elif wanted == "csv":
        shown = standing.items if only is None else (only,)
        print_csv(({name: getattr(of, name) for name in _COLUMNS} for of in shown), _COLUMNS)
    else:
        _show(db, standing, only)


def _standing(db: Database, found: Thing, moment: datetime | None) -> tuple[Standing, Item | None]:
    """The meeting, and the item where one is asked for."""
    if found.kind in ("notice", "change"):
        raise UsageError(f"{found} is neither a meeting nor an item; `councilwatch diff {found}` shows what changed")
    meeting = found.id
    if found.kind == "item":
        meeting = item(db, found.id).meeting
    elif found.kind == "document":
        of = rows(db, "SELECT meeting FROM documents WHERE id = ?", (found.id,))[0]["meeting"]
        if of is None:
            raise UsageError(f"{found} belongs to no meeting")
        meeting = of
    standing = as_it_stands(db, meeting) if moment is None else as_it_stood(db, meeting, moment)
    if found.kind != "item":
        return standing, None
    only = next((of for of in standing.items if of.id == found.id), None)
    if only is None:
        raise NotFoundError(f"{found} did not stand on the page at {words(moment)}")
    return standing, only


def _as_value(db: Database, standing: Standing, only: Item | None) -> dict[str, object]:
    proofs = {f"{kind}:{row}": proof for (kind, row), proof in standing.proofs.items()}
    told = changes_of(db, "meeting" if only is None else "item", standing.meeting.id if only is None else only.id)
    at = standing.at
    value: dict[str, object] = {"at": at, "meeting": standing.meeting, "proof": standing.proof}
    if only is None:
        value |= {"items": standing.items, "documents": standing.documents, "proofs": proofs}
    else:
        value |= {"item": only, "proofs": {f"item:{only.id}": standing.proofs.get(("item", only.id))}}
    return value | {"changes": [change for change in told if at is None or change.seen_at <= at]}


def _show(db: Database, standing: Standing, only: Item | None) -> None:
    page = Page()
    meeting = standing.meeting
    if standing.at is not None:
        page.line((f"As it stood on {words(standing.at)}", "bold yellow"))
    page.line((meeting.committee, "bold"), f", {meeting.council_name}")
    page.line(words(meeting.starts_at), *_state(meeting), (f"  meeting:{meeting.id}", "dim"))
    if only is None:
        _show_meeting(page, standing)
        proof, told = standing.proof, changes_of(db, "meeting", meeting.id)
    else:
        page.space()
        _show_item(page, only, whole=True)
        page.line((only.url, "dim"), indent=2)
        proof, told = standing.proofs.get(("item", only.id)), changes_of(db, "item", only.id)
    told = tuple(change for change in told if standing.at is None or change.seen_at <= standing.at)
    if told:
        page.space()
        page.line(("What changed", "bold"))
        for change in told[:20]:
            show_change(page, change)
        if len(told) > 20:
            page.line((f"and {len(told) - 20} more; `councilwatch changes` shows them", "dim"), indent=2)
    _show_proof(page, proof)


def _state(meeting: Meeting) -> list[tuple[str, str]]:
    states = []
    if meeting.withdrawn_at is not None:
        states.append(("  taken off the site", "bold red"))
    if meeting.status == "cancelled":
        states.append(("  cancelled", "bold red"))
    if meeting.minutes_state != "none":
        states.append((f"  minutes: {meeting.minutes_state}", "green"))
    elif meeting.agenda_state != "none":
        states.append(("  agenda out", "green"))
    return states


def _show_meeting(page: Page, standing: Standing) -> None:
    meeting = standing.meeting
    for label, said in (("Venue", meeting.venue), ("Contact", meeting.contact), ("Note", meeting.status_note)):
        if said:
            page.line((f"{label}  ", "dim"), said)
    page.line((meeting.url, "dim"))
    page.space()
    for of in standing.items:
        _show_item(page, of, whole=False)
    if not standing.items:
        page.line("No items are on the page." if meeting.agenda_state != "none" else "The agenda is not out.")
    if standing.documents:
        page.line(("Papers of the meeting", "bold"))
        for document in standing.documents:
            _show_document(page, document, indent=2)


def _show_item(page: Page, of: Item, *, whole: bool) -> None:
    marks = []
    if of.withdrawn_at is not None:
        marks.append((f"  withdrawn, seen {words(of.withdrawn_at)}", "bold red"))
    if of.restricted:
        how = {"words": "restricted, as its words tell"}.get(of.restricted_by or "", "restricted")
        marks.append((f"  {how}", "magenta"))
    if of.forgotten_at is not None:
        marks.append(("  taken out of this record", "bold red"))
    page.line((f"{of.number} ".lstrip(), "dim"), (of.title, "bold"), *marks, (f"  item:{of.id}", "dim"))
    if of.withdrawn_at is None or whole:
        for label, said in (("", of.text), ("Decision", of.decision), ("Minutes", of.minutes)):
            if not said:
                continue
            if label:
                cut = " (the beginning; the page cut it off)" if label.lower() in of.cut else ""
                page.line((f"{label}{cut}", "green"), indent=2)
            for paragraph in said.split("\n"):
                page.line(paragraph, indent=4 if label else 2)
        for vote in of.votes:
            page.line(("Vote  ", "green"), f"{vote.title} {vote.text} {vote.result}".strip(), indent=2)
        for document in of.documents:
            _show_document(page, document, indent=2)
    page.space()


def _show_document(page: Page, document: Document, indent: int) -> None:
    if document.withdrawn_at is not None:
        page.line(
            (f"a document was here until {words(document.withdrawn_at)}", "dim"),
            (f"  document:{document.id}", "dim"),
            indent=indent,
        )
        return
    facts = ", ".join(
        said
        for said in (
            document.size_shown,
            f"{document.pages} page{'s' * (document.pages > 1)}" if document.pages else None,
        )
        if said
    )
    page.line(
        ("· ", "dim"),
        document.title,
        (f"  {facts}" if facts else "", "dim"),
        (f"  document:{document.id}", "dim"),
        indent=indent,
    )


def _show_proof(page: Page, proof: Proof | None) -> None:
    if proof is None:
        return
    page.space()
    page.line(
        ("Proof", "bold"), (f"  version {proof.version}, seen {words(proof.seen_at)} by {proof.transport}", "dim")
    )
    if proof.sha256:
        page.line((f"sha256 {proof.sha256}", "dim"), indent=2)
        page.line((f"{proof.url}, fetched {words(proof.fetched_at)}", "dim"), indent=2)
    else:
        page.line(("the page itself was not kept", "dim"), indent=2)
