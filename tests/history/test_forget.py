"""What is forgotten is gone from every byte of the file, and stays so."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path

import pytest

from history.database import HistoryError, write_txn
from history.deep_check import deep_check
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


def told(site: Site, about: int, text: str, *, at: str = "2026-01-05T10:00:00+00:00", where: int | None = 1) -> int:
    """A message that tells of item `about`, as sent; returns its id."""
    with write_txn(site.db):
        run = site.db.conn.execute
        run("INSERT OR IGNORE INTO subscribers (id, name, deliver, timezone, since) VALUES (1, 'r', 'd', 'UTC', 'x')")
        watch = run(
            "INSERT INTO watches (name, definition, fingerprint, since)"
            " SELECT 'w' || count(*), '{}', 'f', 'x' FROM watches"
        ).lastrowid
        alert = run(
            "INSERT INTO alerts (watch, subscriber, council, meeting, item, reason, created_at)"
            " VALUES (?2, 1, 1, (SELECT meeting FROM items WHERE id = ?1), ?1, '{}', 'x')",
            (about, watch),
        ).lastrowid
        body = {"text": text, "html": f"<p>{html.escape(text)}</p>", "date": at}
        message = run(
            "INSERT INTO messages (subscriber, kind, subject, message_id, created_at, meeting, body)"
            " VALUES (1, 'alert', 'News', ?, ?, ?, ?)",
            (f"m{alert}", at, where, json.dumps(body)),
        ).lastrowid
        run("INSERT INTO message_alerts VALUES (?, ?)", (message, alert))
    return int(message or 0)


def left(site: Site) -> list[int]:
    return [row["id"] for row in site.rows("SELECT id FROM messages WHERE body IS NOT NULL ORDER BY id")]


MENTIONS = (
    f'Also        SSP/2 "{TITLE}" in the same meeting is restricted',
    f'Before      18 November: "{TITLE[:10]}\n            {TITLE[11:]}" put on the agenda',
    f"A neighbour quotes it: “… {SECRET}”",
)


@pytest.mark.parametrize("mention", MENTIONS)
@pytest.mark.parametrize("where", [1, None])
def test_messages_that_only_mention_it_lose_it_too(site: Site, tmp_path: Path, mention: str, where: int | None) -> None:
    site.reads(meeting(item(1), item(2, title=TITLE, minutes=SECRET)))
    gone = told(site, 1, mention, where=where)
    kept = told(site, 1, "Before      18 November: something else", where=where)
    body = site.rows("SELECT body FROM messages WHERE id = ?", gone)[0]["body"]
    forget(site.db, "item", 2, "names a person", site.now)
    assert left(site) == [kept]
    assert in_file(tmp_path, "Quixoteman") == []
    assert deep_check(site.db) == ()

    site.db.conn.execute("UPDATE messages SET body = ? WHERE id = ?", (body, gone))
    assert deep_check(site.db) == (f"message {gone} still carries words of item 2 (tombstone 1), which was forgotten",)
    site.db.conn.execute("UPDATE messages SET body = NULL WHERE id = ?", (gone,))


def test_a_title_that_others_bear_goes_only_where_the_thing_is_mentioned(site: Site) -> None:
    site.reads(meeting(item(1), item(2, title="Minutes")))
    site.reads(meeting(item(1), item(7, title="Minutes"), meeting_id=2, url="http://site/other"))
    (other,) = (row["id"] for row in site.rows("SELECT id FROM items WHERE meeting = 2 AND title = 'Minutes'"))
    mentioned = told(site, 1, 'Before 18 November: "Minutes" put on the agenda of this meeting')
    word = told(site, 1, "Draft minutes published for item 1")
    elsewhere = told(site, other, 'Before 18 November: "Minutes" put on the agenda of this meeting', where=2)
    forget(site.db, "item", 2, "why", site.now)
    assert left(site) == [word, elsewhere]
    assert mentioned not in left(site)
    assert deep_check(site.db) == ()


def test_an_item_of_the_same_issue_is_mentioned_in_messages_of_another_meeting(site: Site) -> None:
    site.reads(meeting(item(1, title=TITLE)))
    site.reads(meeting(item(7), meeting_id=2, url="http://site/other"))
    site.db.conn.execute("UPDATE items SET issue_id = 5")
    told(site, 2, MENTIONS[0], where=2)
    forget(site.db, "item", 1, "why", site.now)
    assert left(site) == []


def test_what_the_operator_was_told_of_an_undelivered_message_loses_its_subject(site: Site, tmp_path: Path) -> None:
    site.reads(meeting(item(1), item(2, title=TITLE)))
    told(site, 2, "News")
    with write_txn(site.db):
        run = site.db.conn.execute
        run("UPDATE messages SET subject = ?", (f"PSPO: {TITLE}",))
        run(
            "INSERT INTO messages (kind, subject, message_id, created_at, body) VALUES ('dead','s','m','x',?)", (TITLE,)
        )
        trouble = [{"what": "mail", "reason": f"unknown. The message: PSPO: {TITLE}"}]
        run("INSERT INTO settings_of_record VALUES ('told in message 2', ?)", (json.dumps(trouble),))
    forget(site.db, "item", 2, "why", site.now)
    assert in_file(tmp_path, "Quixoteman") == []


def test_messages_lose_an_earlier_version_and_keep_what_stands(site: Site, tmp_path: Path) -> None:
    stands = "The committee agreed that the town clerk should write to every household before Easter."
    site.reads(meeting(item(1, minutes=f"{stands}\n{SECRET}")))
    site.reads(meeting(item(1, minutes=stands)))
    told(site, 1, f"What changed: {SECRET}")
    kept = told(site, 1, stands)
    site.db.conn.execute("UPDATE alerts SET reason = ?", (json.dumps({"sentences": [SECRET, stands]}),))
    (first, _) = (row["id"] for row in site.rows("SELECT id FROM versions WHERE entity = 'item' ORDER BY id"))
    forget(site.db, "version", first, "why", site.now)
    assert left(site) == [kept]
    assert {row["reason"] for row in site.rows("SELECT reason FROM alerts")} == {
        json.dumps({"sentences": ["", stands]}, separators=(",", ":"))
    }
    assert in_file(tmp_path, "Quixoteman") == []


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
