"""A poll writes while people read: nobody waits for the other, and nobody meets an error."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from history.database import connect, write_txn

PAGES = ("/", "/meeting/3", "/search?q=update", "/topic/pspo", "/status", "/changes.atom", "/history/items", "/meetings.ics",
         "/history.json?sql=select+count(*)+from+changes", "/history/documents.json", "/late?days=365")  # fmt: skip


def test_readers_and_a_writer_do_not_disturb_each_other(serve: Callable[..., httpx.Client], history: Path) -> None:
    client = serve(history)
    done, written, troubles = threading.Event(), [0], []

    def write() -> None:
        db = connect(history)
        try:
            while not done.is_set():
                with write_txn(db):
                    written[0] += 1
                    db.conn.execute("UPDATE items SET minutes = coalesce(minutes, '') || ' more'")
                    db.conn.execute(
                        "INSERT INTO changes (seen_at, council, meeting, item, kind, field, before, after, version)"
                        " SELECT seen_at, council, meeting, item, kind, field, before, after, version FROM changes LIMIT 20"
                    )
                    if written[0] % 20 == 0:
                        db.conn.execute("DELETE FROM changes WHERE id > 2000")
        except sqlite3.Error as error:
            troubles.append(error)
        finally:
            db.close()

    def read(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            troubles.append((path, answer.status_code, answer.text[-300:]))

    writer = threading.Thread(target=write)
    writer.start()
    with ThreadPoolExecutor(6) as readers:
        list(readers.map(read, PAGES * 30))
    done.set()
    writer.join(60)
    assert not troubles and written[0] > 5


def test_a_page_shows_one_state_of_the_history(serve: Callable[..., httpx.Client], history: Path) -> None:
    """What is committed after a page began to be made is on the next one, and a reader sees new changes at once."""
    client = serve(history)
    before = client.get("/history.json?sql=select+count(*)+from+changes").json()["rows"][0][0]
    db = connect(history)
    with write_txn(db):
        db.conn.execute(
            "INSERT INTO changes (seen_at, council, meeting, kind, field, before, after, version)"
            " SELECT '2026-01-16T07:59:00+00:00', council, meeting, 'meeting.cancelled', 'status', 'scheduled', 'cancelled',"
            " version FROM changes WHERE meeting IS NOT NULL LIMIT 1"
        )
    assert client.get("/history.json?sql=select+count(*)+from+changes").json()["rows"][0][0] == before + 1
    assert "7.59 am" in client.get("/").text
    db.close()
