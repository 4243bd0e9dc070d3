"""Connections to the store, transactions, and the one error that the store raises."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

BUSY_SECONDS: Final = 10.0
"""How long a connection waits for another's transaction. Ours last well under a second."""


class StoreError(Exception):
    """The store can't do what was asked: what is wrong, and what a person can do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what = what
        self.mend = mend


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """A connection in SQLite's ``mode`` (``ro`` or ``rw``), with transactions only where we begin them.

    It may be handed to another thread, but used by one at a time. Raises :class:`StoreError`.
    """
    with told(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """All or nothing. The write lock is taken at once, so what is read inside holds until the commit."""
    with told(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
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
        raise StoreError(f"store {path}: {error}", _mend(str(error))) from error


_MENDS: Final = (
    ("not a database", "move the file away and a new store is made at the next start"),
    ("malformed", "move the file away (sqlite3's .recover can save most of it) and start again"),
    ("full", "free some space on that disk"),
    ("locked", "another program holds it; close it and try again"),
    ("readonly", "make the file and its folder writable for you"),
    ("read-only", "make the file and its folder writable for you"),
    ("unable to open", "check that the folder exists and is yours"),
)


def _mend(words: str) -> str:
    return next((mend for sign, mend in _MENDS if sign in words), "see the log for what came before")
