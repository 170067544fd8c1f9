"""The one database file: how it is opened, how it is written to, and what it says when it cannot be.

Each thread opens its own connection with `connect`. Every write stands inside `write_txn`, which takes the write lock
at once (BEGIN IMMEDIATE): a deferred transaction that turns to writing late loses against another writer.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from history import migrations

BUSY_TIMEOUT_S: Final = 30


class HistoryError(Exception):
    """The history cannot be read or written. `str()` is one line: what is wrong, where, and what to do."""


def stamp(moment: datetime) -> str:
    """An aware moment as the database writes it: UTC, whole seconds, always 25 characters, so that text sorts as
    time.
    """
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def moment(text: str) -> datetime:
    """The reverse of `stamp`: an aware datetime in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def connect(path: Path, *, create: bool = True, read_only: bool = False) -> Database:
    """Open the history at `path`, made or migrated where need be; `read_only` never writes, not even a migration.

    Before an older database is migrated a verified copy is laid beside it, `<name>.before-<n>.db`. Raises HistoryError
    where the file is missing (and not `create`), unreadable, not a database, not ours, or of a newer version.
    """
    if not path.exists() and (read_only or not create):
        raise HistoryError(f"{path}: there is no database here yet; `councilwatch poll` begins one")
    with plain_errors(path):
        _check_folder(path, read_only=read_only)
        db = _open(path, read_only=read_only)
        try:
            _bring_up_to_date(db, path, read_only=read_only)
        except BaseException:
            db.close()
            raise
        return db


@contextmanager
def write_txn(db: Database) -> Iterator[None]:
    """One transaction that writes: all of it or nothing. Waits for other writers; may not be nested.

    A full disk, a failing device or a lock held too long rolls everything back and raises HistoryError.
    """
    if db.conn.in_transaction:
        raise RuntimeError("write_txn is not to be nested: the meeting is the unit of a transaction")
    with plain_errors(path_of(db)):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            # SQLite itself may have rolled back already (disk full), and then there is nothing to undo.
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise


def path_of(db: Database) -> Path:
    """The file that a connection is open on."""
    row = db.conn.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    return Path(row[0] or ":memory:")


def take_clock(db: Database, pretended: bool) -> None:
    """Remember whether this database was begun with a pretended clock; called by every command that writes.

    A pretended time must never stand beside real proof: raises HistoryError where the clock is pretended and the
    database was begun with a real one.
    """
    row = db.conn.execute("SELECT value FROM settings_of_record WHERE name = 'clock'").fetchone()
    if row is None:
        with write_txn(db):
            db.conn.execute(
                "INSERT INTO settings_of_record VALUES ('clock', ?) ON CONFLICT DO NOTHING",
                ("pretended" if pretended else "real",),
            )
        row = db.conn.execute("SELECT value FROM settings_of_record WHERE name = 'clock'").fetchone()
    if pretended and row[0] == "real":
        raise HistoryError(
            f"{path_of(db)}: COUNCILWATCH_NOW is set, but this database was begun with the real clock;"
            " unset it, or name another database"
        )


@contextmanager
def work_lock(path: Path, wait: float) -> Iterator[None]:
    """Only one process works on the database at a time: waits up to `wait` seconds, then HistoryError names the
    other.
    """
    with _locked(path.with_name(path.name + ".lock"), path, wait, "another councilwatch is at work on it"):
        yield


@contextmanager
def daemon_lock(path: Path) -> Iterator[None]:
    """Only one daemon lives on a database: HistoryError at once where another one does."""
    with _locked(path.with_name(path.name + ".daemon.lock"), path, 0.0, "another daemon already runs on it"):
        yield


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of a file into one line; a mistake in our own SQL passes as it is."""
    try:
        yield
    except sqlite3.Error as error:
        words = _in_words(error)
        if words is None:
            raise
        raise HistoryError(f"{path}: {words}") from error
    except PermissionError as error:
        raise HistoryError(
            f"{path}: may not be opened ({error.strerror}); check who owns the file and its folder"
        ) from error
    except OSError as error:
        raise HistoryError(f"{path}: {_SYSTEM_WORDS.get(error.errno or 0) or error.strerror or error}") from error


_NOT_OURS: Final = "check who owns it and whether the disk is read-only"
_DISK_FULL: Final = "the disk is full; nothing of this step was written; make room"
_SYSTEM_WORDS: Final = {errno.EROFS: f"may not be written to; {_NOT_OURS}", errno.ENOSPC: _DISK_FULL}
_WORDS: Final = {
    sqlite3.SQLITE_NOTADB: "is not a database; name another file, or move this one away",
    sqlite3.SQLITE_CORRUPT: "is damaged; put back the newest backup",
    sqlite3.SQLITE_FULL: _DISK_FULL,
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should; nothing of this step was written;"
    " make room if it is full, else see whether it fails",
    sqlite3.SQLITE_READONLY: "may not be written to; check who owns the file and whether the disk is read-only",
    sqlite3.SQLITE_BUSY: f"another program has held it locked for {BUSY_TIMEOUT_S} seconds; try again when it is done",
    sqlite3.SQLITE_LOCKED: "it is locked; try again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the path, and that the folder may be written to",
    sqlite3.SQLITE_PERM: "may not be opened; check who owns the file and its folder",
}


def _in_words(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python's own words, not SQLite's: the one thing of the file is a text that is none
        return _WORDS[sqlite3.SQLITE_CORRUPT] if "decode" in str(error) else None
    return _WORDS.get(code & 0xFF)  # the low byte is the primary code


def _check_folder(path: Path, *, read_only: bool) -> None:
    if path.is_dir():
        raise HistoryError(f"{path}: is a folder, not a database; name a file in it")
    if not path.parent.is_dir():
        raise HistoryError(f"{path}: the folder {path.parent} does not exist; make it first")
    if not read_only and not os.access(path.parent, os.W_OK):
        raise HistoryError(f"{path}: the folder {path.parent} may not be written to; {_NOT_OURS}")


def _open(path: Path, *, read_only: bool) -> Database:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    conn = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        conn.execute("PRAGMA foreign_keys = ON")
        if read_only:
            conn.execute("PRAGMA query_only = ON")
            conn.execute("PRAGMA cache_size = -65536")  # 64 MiB: a search over a million items reads much of its index
            conn.execute("SELECT count(*) FROM sqlite_master")
        else:
            # FULL: a power cut must not take back a commit that says "sent", for the message would go out twice.
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = FULL")
        return Database(conn, execute_plugins=False)  # to look for them is to look through every installed package
    except BaseException:
        conn.close()
        raise


def _bring_up_to_date(db: Database, path: Path, *, read_only: bool) -> None:
    standing = migrations.standing(db)
    if standing.foreign:
        raise HistoryError(f"{path}: is a database, but not one of councilwatch's; name another file")
    if standing.newer:
        raise HistoryError(
            f"{path}: was written by a newer councilwatch (it knows {standing.newer[0]!r}); install that version"
        )
    if not standing.pending:
        return
    if read_only:
        raise HistoryError(f"{path}: is of an older version; run `councilwatch poll` once and it is brought up to date")
    if standing.applied:
        _lay_copy_beside(db, path, len(standing.applied) + 1)
    with write_txn(db):
        migrations.apply(db)


def _lay_copy_beside(db: Database, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.stem}.before-{version}.db")
    if copy.exists():
        return  # an earlier attempt made it, and nothing was written since
    unfinished = copy.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    target = sqlite3.connect(unfinished)
    try:
        db.conn.backup(target)
        (answer,) = target.execute("PRAGMA integrity_check").fetchone()
    finally:
        target.close()
    if answer != "ok":
        unfinished.unlink(missing_ok=True)
        raise HistoryError(f"{path}: the copy made before the upgrade is not sound ({answer}); nothing was changed")
    unfinished.replace(copy)


@contextmanager
def _locked(lock: Path, path: Path, wait: float, what: str) -> Iterator[None]:
    with plain_errors(path):
        _check_folder(path, read_only=False)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    pid = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
                    raise HistoryError(f"{path}: {what} (process {pid}); wait for it, or end it") from None
                time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))
        with plain_errors(path):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)  # which lets go of the lock
