"""Connections to the store, transactions, and the one error that the store raises."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

BUSY_SECONDS: Final = 10.0
"""How long a connection waits for another's transaction. Ours last well under a second."""


class StoreError(Exception):
    """The store can't do what was asked: what is wrong, and what a person can do about it."""

    def __init__(self, what: str, mend: str, *, fault: str = "") -> None:
        """``fault``: what is wrong without the place, for a line that is short."""
        super().__init__(f"{what}: {mend}")
        self.what = what
        self.mend = mend
        self.brief = f"{fault or what}: {mend}"


class Damaged(StoreError):
    """What is in the file is not what was written: :mod:`tui.store.rescue` saves what can be read."""

    @classmethod
    def row(cls, table: str, reason: Exception) -> Damaged:
        """Of a row that nobody could have written so."""
        return cls(f"store: a row of {table} can't be read: {reason}", RESCUE)


class Replaced(StoreError):
    """The file that is open is the store no more: what is written to it is lost."""

    def __init__(self, path: Path, *, removed: bool) -> None:
        if removed:
            super().__init__(
                f"store {path}: was removed",
                "a new one is begun; only a backup has what was in it",
                fault="was removed",
            )
        else:
            super().__init__(
                f"store {path}: was replaced by another",
                "that one is opened",
                fault="was replaced by another",
            )


Identity = tuple[int, int]
"""Device and number of a file."""


class Connection(sqlite3.Connection):
    """A connection that knows which file it has open."""

    opened: Identity | None = None


def connect(path: Path, *, mode: str, immutable: bool = False) -> Connection:
    """A connection in SQLite's ``mode`` (``ro`` or ``rw``), with transactions only where we begin them.

    It may be handed to another thread, but used by one at a time. ``immutable``: nobody changes the file, and
    nothing is written beside it. Raises :class:`StoreError`, also for a store that another user made: what
    stands in a store goes to the terminal as it is.
    """
    _refuse_others(path)
    with told(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}" + "&immutable=1" * immutable,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
        connection.opened = identity(path)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


def _refuse_others(path: Path) -> None:
    """Raises StoreError where the file belongs to neither this user nor root. Root may open any."""
    if sys.platform == "win32":
        return
    me = os.geteuid()
    try:
        owner = path.stat().st_uid
    except OSError:  # SQLite says what is wrong with it
        return
    if me and owner not in (me, 0):
        raise StoreError(f"store {path}: belongs to another user", "choose another folder with --data")


def identity(path: Path) -> Identity | None:
    """Which file lies there; None where there is none, or nobody can tell."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def still_there(path: Path, opened: Identity | None) -> None:
    """Raises :class:`Replaced` where another file than the one that was ``opened``, or none, lies there."""
    found = identity(path)
    if found != opened:
        raise Replaced(path, removed=found is None)


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """All or nothing. The write lock is taken at once, so what is read inside holds until the commit."""
    with told(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if isinstance(connection, Connection):
                still_there(path, connection.opened)
            yield connection
            connection.execute("COMMIT")
        except BaseException:  # an interrupt too: no transaction stays open; raised on
            # A full disk makes SQLite roll back by itself; a second ROLLBACK would be an error.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what SQLite raises into a :class:`StoreError` in words."""
    try:
        yield
    except sqlite3.Error as error:
        kind = Damaged if is_damage(error) else StoreError
        raise kind(f"store {path}: {error}", mend_of(error), fault=str(error)) from error


RESCUE: Final = "the collector keeps it under another name and saves what can be read into a new one"
"""What becomes of a damaged store."""

_MENDS: Final = (
    ("not a database", RESCUE),
    ("malformed", RESCUE),
    ("decode to UTF-8", RESCUE),
    ("full", "free some space on that disk"),
    ("locked", "another program holds it; close it and try again"),
    ("readonly", "make the file and its folder writable for you"),
    ("read-only", "make the file and its folder writable for you"),
    ("unable to open", "check that the folder exists and is yours"),
    ("disk I/O", "check that the disk is there, sound and not full"),
)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what extends it
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode to UTF-8" in str(error)


def mend_of(error: sqlite3.Error) -> str:
    """What a person can do about what SQLite raised."""
    return next((mend for sign, mend in _MENDS if sign in str(error)), "see the log for what came before")


def to_disk(path: Path) -> None:
    """Has the system write a file or a folder out; no connection of ours may have it open."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such thing for folders
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
