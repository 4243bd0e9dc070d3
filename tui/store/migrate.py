"""Opens the store for writing: makes it when there is none, brings an older one up to date.

A store is SQLite in WAL mode. A killed process loses nothing that it had committed. A power cut may
cost the collector's last commits (``synchronous = NORMAL``), which the feeds tell again; what people do
is written by :class:`tui.store.desk.Desk` with ``synchronous = FULL`` and survives that too.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from tui.store.connect import RESCUE, Damaged, StoreError, connect, told, transaction

APPLICATION_ID: Final = 0x46574348
"""``FWCH`` in the file's header: this is a store of Frontwatch and of nobody else."""

JOURNAL_LIMIT: Final = 16 * 1024 * 1024
"""Bytes to which the journal is cut back after a long transaction."""

JOURNAL_PAGES: Final = JOURNAL_LIMIT // 4096
"""Pages of journal from which it is brought into the store: one that many commits change is copied once."""

STEPS: Final[tuple[str, ...]] = tuple(
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("schema.sql", *(f"schema_{number}.sql" for number in range(2, 8)))
)
"""SQL that leads from version N to N + 1, in order: the first makes an empty file version 1."""

VERSION: Final = len(STEPS)


class Newer(StoreError):
    """The store was written by a later version of the program."""

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"the store {path} is of version {version}, this program knows {VERSION}",
            "update frontwatch and start again what still runs, or choose another folder with --data",
        )


def open_store(path: Path) -> sqlite3.Connection:
    """A read-write connection to the store at ``path``, made or brought up to date first.

    A new store is readable by its owner alone, and so is its folder where that is new too.
    Raises :class:`StoreError` for a newer store, another program's database, or no database at all.
    """
    _make(path)
    if not path.stat().st_size and _has_journal(path):
        # SQLite would take that for a new store, and drop what its journal holds.
        raise Damaged(f"store {path}: is empty, and its journal is not", RESCUE)
    connection = connect(path, mode="rw")
    try:
        version = version_of(connection, path)
        with told(path):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {JOURNAL_PAGES}")
        if version < VERSION:
            _migrate(connection, path)
    except BaseException:  # an interrupt too: nobody else holds the connection; raised on
        connection.close()
        raise
    return connection


_OURS: Final = "SELECT count(*) = 3 FROM sqlite_master WHERE name IN ('incident', 'report_words', 'action')"
"""Whether the tables are those of a store, whatever its mark says."""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The store's version, 0 for an empty file. Raises :class:`StoreError` where it can't be ours.

    Whoever has a store open for long asks this again: a later program may bring it up to date meanwhile, and
    what is written then by the rules of before would be wrong.
    """
    with told(path):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (ours,) = connection.execute(_OURS).fetchone()
    if ours and application != APPLICATION_ID:
        raise Damaged(f"store {path}: its mark is not ours, and its tables are", RESCUE)
    if application != APPLICATION_ID and (tables or application or version):
        raise StoreError(f"{path} is the database of another program", "choose another folder with --data")
    if version > VERSION:
        raise Newer(path, version)
    return int(version)


def _make(path: Path) -> None:
    """An empty file of mode 0600: SQLite gives its journals the same, so nothing is ever world-readable.

    A file that is there is never opened here: to close it would let go of the locks that this process
    holds on it (POSIX; see "How To Corrupt An SQLite Database File", 2.2), and of the journal with them.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"store {path}: {error.strerror}", "choose another folder with --data") from error


def _has_journal(path: Path) -> bool:
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """All steps in one transaction: two programs that start together run them once, a crash runs none."""
    with transaction(connection, path):
        began = version_of(connection, path)
        for version in range(began, VERSION):
            for statement in _statements(STEPS[version]):
                connection.execute(statement)
        # One that was empty is made of all the steps, none of which passes over what is there.
        if began and (missing := sorted(_parts_of_a_new_one() - _parts(connection))):
            raise StoreError(
                f"the store {path} says that it is of version {began}, but lacks {', '.join(missing)}",
                "restore a backup of it, or move it away; it is left as it is",
            )
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _parts(db: sqlite3.Connection) -> set[str]:
    """What a store is made of: its tables with their columns, its indexes, its triggers."""
    columns = (
        "SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c "
        "WHERE t.type = 'table'"
    )
    others = "SELECT name FROM sqlite_master WHERE type <> 'table'"
    return {str(row[0]) for question in (columns, others) for row in db.execute(question)}


def _parts_of_a_new_one() -> set[str]:
    with closing(sqlite3.connect(":memory:")) as new:
        for step in STEPS:
            new.executescript(step)
        return _parts(new)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one (``executescript`` would commit before the first)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
