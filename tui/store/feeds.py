"""Feeds in the store: their records, who paused them, and the steps of a fetch that somebody asked to see.

On a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Final, NamedTuple

from tui.model import Feed, FeedRecord, Timestamp
from tui.policy import FetchPolicy
from tui.store.rows import ALL_FEED_COLUMNS, FEED, FEED_COLUMNS, feed_of, feed_row, marks

_SAVE: Final = f"UPDATE feed SET seq = ?, {', '.join(f'{name} = ?' for name in FEED_COLUMNS)} WHERE url = ?"  # noqa: S608 - ours
_ADD: Final = (
    f"INSERT OR REPLACE INTO feed ({', '.join(ALL_FEED_COLUMNS)}, seq, position) "  # noqa: S608 - ours
    f"VALUES ({marks(len(ALL_FEED_COLUMNS) + 2)})"
)


class Polled(NamedTuple):
    """What a poll leaves to be stored besides its reports."""

    record: FeedRecord
    stored: int = 0
    """How many reports came of it, and of these"""
    relevant: int = 0
    """on a front."""


@dataclass(frozen=True, slots=True)
class TrialStep:
    """One step of a fetch that a person asked to see."""

    at: Timestamp
    name: str
    """One or two words: ``DNS``, ``status``."""
    words: str
    good: bool | None
    """Whether it went well; None where it only tells."""


def records(db: sqlite3.Connection) -> list[FeedRecord]:
    """All feeds of the watch, in its order."""
    return [feed_of(row) for row in db.execute(FEED + "ORDER BY position")]


def put(
    db: sqlite3.Connection, feeds: Sequence[Feed], policy: FetchPolicy, take: Callable[[int], int]
) -> list[FeedRecord]:
    """Makes the stored feeds those of the watch; ``take`` hands out that many new numbers."""
    kept = {record.url: record for record in records(db)}
    db.execute("DELETE FROM feed")
    found = [_record(feed, kept.get(feed.url), terms_of(feed, policy)) for feed in feeds]
    seq = take(len(found))
    db.executemany(
        _ADD, [(*feed_row(record, ALL_FEED_COLUMNS), seq + n, n) for n, record in enumerate(found)]
    )
    return found


def terms_of(feed: Feed, policy: FetchPolicy) -> str:
    """Digest of all that the config says of a feed's polling and of how its entries are read."""
    from hashlib import blake2b  # here: the first paint need not wait for it

    bounds = policy.max_entries, policy.fastest, policy.slowest, policy.adaptive
    return blake2b(repr((feed, bounds)).encode(), digest_size=8).hexdigest()


def _record(feed: Feed, kept: FeedRecord | None, terms: str) -> FeedRecord:
    """The record of a feed as the config has it now.

    Under other terms its next answer is a whole document, it is planned anew, and what was gone is tried.
    """
    if kept is None:
        return FeedRecord(feed.url, feed.name, feed.publisher, feed.front, feed.every, terms=terms)
    record = kept._replace(
        name=feed.name, publisher=feed.publisher, front=feed.front, every=feed.every, terms=terms
    )
    if kept.terms in ("", terms):  # none: of a store from before they were kept
        return record
    return record._replace(etag="", last_modified="", digest="", status=0, interval=0.0)


def save(db: sqlite3.Connection, polls: Sequence[Polled], seq: int) -> None:
    """Keeps the polling state of feeds, each under its seq from ``seq`` on, and counts what they brought.

    Of a feed that is not watched any more it keeps nothing.
    """
    rows = [(seq + n, *feed_row(poll.record), poll.record.url) for n, poll in enumerate(polls)]
    db.executemany(_SAVE, rows)
    db.executemany(
        "UPDATE feed SET stored = stored + ?, relevant = relevant + ? WHERE url = ?",
        [(poll.stored, poll.relevant, poll.record.url) for poll in polls if poll.stored],
    )


def set_paused(db: sqlite3.Connection, url: str, who: str) -> None:
    """Notes who paused a feed, or (empty) that nobody does any more."""
    db.execute("UPDATE counter SET seq = seq + 1")
    db.execute("UPDATE feed SET paused_by = ?, seq = (SELECT seq FROM counter) WHERE url = ?", (who, url))


def paused_by(db: sqlite3.Connection, url: str) -> str | None:
    """Who paused a feed, empty: nobody; None where no such feed is watched."""
    row = db.execute("SELECT paused_by FROM feed WHERE url = ?", (url,)).fetchone()
    return None if row is None else str(row["paused_by"])


def begin_trial(db: sqlite3.Connection, url: str) -> None:
    """Forgets the steps of the trial before; nothing else is ever asked of them."""
    db.execute("DELETE FROM trial_step WHERE url = ?", (url,))


def add_step(db: sqlite3.Connection, url: str, step: TrialStep) -> None:
    """The next step of a feed's trial."""
    db.execute(
        "INSERT INTO trial_step (url, n, at, name, words, good) "
        "VALUES (?, (SELECT coalesce(max(n), 0) + 1 FROM trial_step WHERE url = ?), ?, ?, ?, ?)",
        (url, url, *astuple(step)),
    )


def trial(db: sqlite3.Connection, url: str) -> list[TrialStep]:
    """The steps of a feed's last trial, in order."""
    rows = db.execute("SELECT at, name, words, good FROM trial_step WHERE url = ? ORDER BY n", (url,))
    return [
        TrialStep(row["at"], row["name"], row["words"], None if row["good"] is None else bool(row["good"]))
        for row in rows
    ]
