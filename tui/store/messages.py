"""Messages on their way to alarm outputs: kept, so that what waits outlasts the collector.

Questions and writes on a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.incidents.outbox import Post
from tui.model import Timestamp
from tui.store.rows import marks


class Fate(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given up"
    """Nobody took it, however often it was tried."""
    DROPPED = "dropped"
    """Too old when it could have been sent, or its output is no more."""


@dataclass(frozen=True, slots=True)
class Message:
    """A line to be sent to one output."""

    id: int
    output: str
    """The output's name."""
    words: str
    queued: Timestamp
    """By the machine's clock, as is ``next_try``."""
    attempts: int
    next_try: Timestamp


def put(db: sqlite3.Connection, bells: Sequence[int], posts: Sequence[Post], at: Timestamp) -> None:
    """Stores what is to be sent of the bells of these ids, in their order; ``at`` by the machine's clock."""
    db.executemany(
        "INSERT INTO message (bell, output, words, queued, next_try) VALUES (?, ?, ?, ?, ?)",
        [(bells[post.bell], post.output, post.words, at, at) for post in posts],
    )


def first_waiting(db: sqlite3.Connection, output: str) -> Message | None:
    """The message that waits longest for that output."""
    row = db.execute(
        "SELECT id, output, words, queued, attempts, next_try FROM message "
        "WHERE state = ? AND output = ? ORDER BY id LIMIT 1",
        (Fate.WAITING, output),
    ).fetchone()
    return None if row is None else Message(**dict(row))


def put_off(db: sqlite3.Connection, message: int, next_try: Timestamp) -> None:
    """One more attempt has failed; it waits until then."""
    db.execute(
        "UPDATE message SET attempts = attempts + 1, next_try = ? WHERE id = ?",
        (next_try, message),
    )


def settle(db: sqlite3.Connection, message: int, fate: Fate, attempts: int) -> None:
    """A message waits no more."""
    db.execute("UPDATE message SET state = ?, attempts = ? WHERE id = ?", (fate, attempts, message))


def waiting_elsewhere(db: sqlite3.Connection, outputs: Collection[str]) -> list[Message]:
    """Messages that wait for an output that is none of these."""
    rows = db.execute(
        "SELECT id, output, words, queued, attempts, next_try FROM message "  # noqa: S608 - marks
        f"WHERE state = ? AND output NOT IN ({marks(len(outputs))}) ORDER BY id",
        (Fate.WAITING, *outputs),
    )
    return [Message(**dict(row)) for row in rows]


def posted(db: sqlite3.Connection, since: Timestamp) -> list[tuple[str, Timestamp]]:
    """Output and time of the bell, of each message whose bell was later than ``since``, in order."""
    rows = db.execute(
        "SELECT m.output, b.at FROM bell b JOIN message m ON m.bell = b.id "
        "WHERE b.at > ? ORDER BY b.at, m.id",
        (since,),
    )
    return [(row["output"], row["at"]) for row in rows]
