"""One file that many write to, and what it says when it cannot be opened."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from history import migrations
from history.backup import backup
from history.database import HistoryError, connect, daemon_lock, plain_errors, take_clock, work_lock, write_txn
from tests.history.keeping import Site, begin, item, meeting


def one_line(error: pytest.ExceptionInfo[HistoryError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_exception_in_the_middle_leaves_nothing(site: Site) -> None:
    with pytest.raises(KeyError), write_txn(site.db):
        site.db.execute("INSERT INTO settings_of_record VALUES ('a', 'b')")
        raise KeyError
    assert site.rows("SELECT * FROM settings_of_record") == []


def test_transactions_are_not_nested(site: Site) -> None:
    with write_txn(site.db), pytest.raises(RuntimeError), write_txn(site.db):
        pass


def test_four_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    connect(path).close()

    def work(name: int) -> None:
        db = connect(path)
        for n in range(50):
            with write_txn(db):
                (count,) = db.conn.execute("SELECT count(*) FROM settings_of_record").fetchone()
                db.conn.execute("INSERT INTO settings_of_record VALUES (?, ?)", (f"{name} {n}", str(count)))
        db.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db = connect(path)
    assert db["settings_of_record"].count == 200
    assert len({row["value"] for row in db["settings_of_record"].rows}) == 200
    db.close()


def test_two_processes_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    code = f"from pathlib import Path; from history.database import connect; connect(Path({str(path)!r})).close()"
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert connect(path)["_sqlite_migrations"].count == 1


def test_a_disk_that_is_full_is_one_line_and_nothing_is_written(site: Site) -> None:
    site.reads(meeting(item(1)))
    (pages,) = site.db.conn.execute("PRAGMA page_count").fetchone()
    site.db.conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(HistoryError) as error:
        site.reads(meeting(*(item(n, text=os.urandom(4000).hex()) for n in range(1, 40))))
    assert "the disk is full" in one_line(error)
    site.db.conn.execute("PRAGMA max_page_count = 1000000")
    assert len(site.rows("SELECT * FROM items")) == 1


def test_an_older_database_is_brought_up_to_date_after_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.db"
    begin(path).db.close()
    newer = Migrations("councilwatch")
    newer(name="begin")(migrations.begin)

    @newer()
    def colour(db: Database) -> None:
        db.execute("ALTER TABLE items ADD COLUMN colour TEXT")
        if broken:
            raise sqlite3.OperationalError("half-way")

    monkeypatch.setattr(migrations, "HISTORY", newer)
    with pytest.raises(HistoryError, match="older version"):
        connect(path, read_only=True)
    broken = True
    with pytest.raises(sqlite3.OperationalError):
        connect(path)
    broken = False
    db = connect(path)
    assert "colour" in db["items"].columns_dict
    with sqlite3.connect(tmp_path / "history.before-2.db") as copy:
        assert "colour" not in [row[1] for row in copy.execute("PRAGMA table_info(items)")]
        assert copy.execute("SELECT slug FROM councils").fetchall() == [("anytown",)]
    monkeypatch.undo()
    with pytest.raises(HistoryError, match="newer councilwatch"):
        connect(path)
    db.close()


def test_a_number_of_a_version_where_ours_have_none_is_a_newer_one(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    connect(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 999")
    other.close()
    with pytest.raises(HistoryError) as error:
        connect(path)
    assert "newer councilwatch" in one_line(error)


@pytest.mark.parametrize("what", ["text", "foreign", "newer", "folder", "nowhere", "missing"])
def test_what_cannot_be_opened_says_why_in_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / "history.db"
    words = {
        "text": "is not a database",
        "foreign": "not one of councilwatch's",
        "newer": "a newer councilwatch (it knows 'tomorrow')",
        "folder": "is a folder",
        "nowhere": "does not exist",
        "missing": "there is no database here yet",
    }
    if what == "text":
        path.write_text("hello " * 1000)
    elif what == "foreign":
        with sqlite3.connect(path) as conn:
            conn.execute("CREATE TABLE other (a)")
    elif what == "newer":
        db = connect(path)
        db["_sqlite_migrations"].insert({"migration_set": "councilwatch", "name": "tomorrow", "applied_at": "x"})
        db.close()
    elif what == "folder":
        path.mkdir()
    elif what == "nowhere":
        path = tmp_path / "no" / "history.db"
    with pytest.raises(HistoryError) as error:
        connect(path, create=what != "missing")
    assert words[what] in one_line(error)
    assert str(path) in str(error.value)


def test_read_only_reads_while_another_writes_and_never_writes(site: Site, tmp_path: Path) -> None:
    reader = connect(tmp_path / "history.db", read_only=True)
    site.reads(meeting(item(1)))
    assert reader["items"].count == 1
    with pytest.raises(HistoryError) as error, write_txn(reader):
        reader.conn.execute("DELETE FROM items")
    assert "may not be written to" in one_line(error)
    reader.close()


def test_a_pretended_time_never_stands_beside_real_proof(site: Site) -> None:
    take_clock(site.db, False)
    take_clock(site.db, False)
    with pytest.raises(HistoryError, match="COUNCILWATCH_NOW"):
        take_clock(site.db, True)


def test_a_database_begun_in_pretence_stays_so(site: Site) -> None:
    take_clock(site.db, True)
    take_clock(site.db, True)
    assert site.rows("SELECT value FROM settings_of_record WHERE name = 'clock'") == [{"value": "pretended"}]


def test_two_at_work_exclude_each_other_and_name_the_other(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    for lock in (lambda: work_lock(path, 0.0), lambda: daemon_lock(path)):
        with lock():
            with pytest.raises(HistoryError) as error, lock():
                pass
            assert f"process {os.getpid()}" in one_line(error)
        with lock():
            pass


def test_a_backup_is_whole_and_takes_the_place_of_the_last_at_once(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("the last copy")
    site.reads(meeting(item(1)))
    made = backup(site.db, target)
    assert made.rows["items"] == 1
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith("copy")) == ["copy.db"]
    assert connect(target)["items"].count == 1
    with pytest.raises(HistoryError, match="is the database itself"):
        backup(site.db, tmp_path / "history.db")


def test_a_lock_where_nothing_may_be_written_names_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere but on a read-only disk
    for lock in (work_lock(tmp_path / "x.db", 0.0), daemon_lock(tmp_path / "x.db")):
        with pytest.raises(HistoryError) as error, lock:
            pass
        assert "check who owns it and whether the disk is read-only" in one_line(error)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "cure"), [(errno.EROFS, "check who owns it"), (errno.ENOSPC, "make room")])
def test_what_the_system_says_comes_with_a_cure(tmp_path: Path, number: int, cure: str) -> None:
    with pytest.raises(HistoryError) as error, plain_errors(tmp_path / "x.db"):
        raise OSError(number, os.strerror(number))
    assert cure in one_line(error)
