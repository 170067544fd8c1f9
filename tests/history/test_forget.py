"""What is forgotten is gone from every byte of the file, and stays so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from history.database import HistoryError, write_txn
from history.forget import forget
from history.keep_documents import keep_document
from scraper.records import DocumentRecord
from tests.history.keeping import Site, item, meeting
from tests.history.test_keep_documents import Extracted

SECRET = "The xylophonist Quixoteman of Zebrastrasse was named in these minutes by mistake."
TITLE = "Removal of Quixoteman"
PAGE = (
    b"<div id='modgov'><p>The <b>xylophonist</b> Quixoteman of\r\n Zebrastrasse"
    b" was named in these minutes by mistake.</p></div>"
)


def in_file(folder: Path, *words: str) -> list[str]:
    raw = b"".join(file.read_bytes().lower() for file in folder.iterdir() if file.name.startswith("history.db"))
    return [word for word in words if word.lower().encode() in raw]


def alerted(site: Site, item_row: int) -> None:
    with write_txn(site.db):
        run = site.db.conn.execute
        run(
            "INSERT INTO subscribers (name, deliver, timezone, since) VALUES ('r', 'daily 07:30', 'Europe/London', 'x')"
        )
        run("INSERT INTO watches (name, definition, fingerprint, since) VALUES ('w', '{}', 'f', 'x')")
        run(
            "INSERT INTO alerts (watch, subscriber, council, meeting, item, reason, created_at) VALUES (1,1,1,1,?,?,'x')",
            (item_row, json.dumps({"words": ["Quixoteman"], "sentences": [SECRET], "field": "minutes"})),
        )
        run(
            "INSERT INTO messages (subscriber, kind, subject, message_id, created_at, meeting, body)"
            " VALUES (1, 'alert', ?, 'm1', 'x', 1, ?)",
            (TITLE, json.dumps({"text": SECRET})),
        )
        run("INSERT INTO message_alerts VALUES (1, 1)")
        run(
            "INSERT INTO milestones (council, topic, item, kind, sentence, as_of, seen_at) VALUES (1,'t',?,'stage',?,'x','x')",
            (item_row, SECRET),
        )


def test_an_item_is_gone_everywhere_and_stays_gone(site: Site, tmp_path: Path) -> None:
    plain = meeting(item(1), item(2), item(3))
    named = meeting(item(1), item(2, title=TITLE, minutes=SECRET), item(3))
    site.reads(plain, body=b"<p>nothing yet</p>")
    site.reads(named, body=PAGE)
    alerted(site, 2)
    assert len(in_file(tmp_path, "Quixoteman", "xylophon", "zebrastrass")) == 3

    done = forget(site.db, "item", 2, "names a person", site.now)

    assert in_file(tmp_path, "Quixoteman", "xylophon", "zebrastrass") == []
    assert done.captures == 1
    (stone,) = site.rows("SELECT * FROM tombstones")
    assert (stone["entity"], stone["entity_id"], stone["why"], len(stone["sha256"])) == (
        "item",
        2,
        "names a person",
        64,
    )
    assert site.rows("SELECT count(*) n FROM captures WHERE body IS NULL AND length(sha256) = 64") == [{"n": 1}]
    assert site.rows("SELECT count(*) n FROM captures WHERE body IS NOT NULL") == [{"n": 1}]

    assert site.reads(named, body=PAGE + b"again") == []
    assert site.reads(replace(named, items=(item(1, text="New"), *named.items[1:])), body=PAGE + b"more") == [
        "item.amended"
    ]
    for index in (None, 999):  # even under another number, or none
        renumbered = replace(named, items=(named.items[0], replace(named.items[1], item_id=index), named.items[2]))
        site.reads(renumbered, body=PAGE + b"third")
    assert in_file(tmp_path, "Quixoteman", "xylophon", "zebrastrass") == []
    with pytest.raises(HistoryError, match="was forgotten already"):
        forget(site.db, "item", 2, "again", site.now)


def test_a_document_and_where_its_words_still_stand(site: Site, tmp_path: Path) -> None:
    paper = DocumentRecord("s1", TITLE, "report", "http://site/Quixoteman.pdf", "1 KB")
    record = meeting(
        item(1, documents=(paper,)), documents=(replace(paper, document_id="g1:T1", title="Printed minutes"),)
    )
    site.reads(record, body=b"<a>Removal of Quixoteman</a>")
    with write_txn(site.db):
        for number in ("s1", "g1:T1"):
            keep_document(site.db, 1, number, Extracted(SECRET), 9, "aa" + number, site.now)
    (row,) = [each["id"] for each in site.rows("SELECT id FROM documents WHERE document_id = 's1'")]
    (other,) = [each["id"] for each in site.rows("SELECT id FROM documents WHERE document_id = 'g1:T1'")]
    assert forget(site.db, "document", row, "by order", site.now).also_in == (f"document {other}, Printed minutes",)
    forget(site.db, "document", other, "by order", site.now)
    with write_txn(site.db):
        assert keep_document(site.db, 1, "s1", Extracted(SECRET), 9, "bb", site.now).arrived == ()
    site.reads(record, body=b"<a>Removal of Quixoteman</a> again")
    found = in_file(tmp_path, "xylophon", "zebrastrass", "Removal of Quixoteman")
    assert found == []


def test_an_earlier_version_but_not_the_one_that_stands(site: Site, tmp_path: Path) -> None:
    site.reads(meeting(item(1, minutes=SECRET)), body=PAGE)
    site.reads(meeting(item(1, minutes="Nobody was named.")), body=b"<p>Nobody was named.</p>")
    first, second = (row["id"] for row in site.rows("SELECT id FROM versions WHERE entity = 'item' ORDER BY id"))
    with pytest.raises(HistoryError, match="forget the item itself"):
        forget(site.db, "version", second, "why", site.now)
    forget(site.db, "version", first, "why", site.now)
    assert in_file(tmp_path, "xylophon", "zebrastrass") == []


def test_a_capture_alone(site: Site) -> None:
    site.reads(meeting(item(1)), body=PAGE)
    forget(site.db, "capture", 1, "why", site.now)
    assert site.rows("SELECT body FROM captures") == [{"body": None}]


@pytest.mark.parametrize(
    ("entity", "row"), [("item", 99), ("document", 99), ("version", 99), ("capture", 99), ("poll", 1)]
)
def test_what_is_not_there_is_said_in_one_line(site: Site, entity: str, row: int) -> None:
    with pytest.raises(HistoryError) as error:
        forget(site.db, entity, row, "why", site.now)
    assert "\n" not in str(error.value)
