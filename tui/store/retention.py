"""What the store does not keep for good, in batches, and the room that it leaves; on a given connection."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from tui.model import Kind, Timestamp
from tui.store.rows import ALL_FRONTS, marks

_BATCH: Final = 500
"""Rows a transaction of pruning takes, so that nobody waits long behind it."""

_REPORTS: Final = "FROM report WHERE incident IS NULL AND seen < ?"
"""Reports of no incident, by the time of sight and not of publishing: else what a feed still carries would be
dropped and stored anew all the time."""

_CONTEXT: Final = (
    "FROM incident_front WHERE front = ? AND kind = ? AND last_seen < ? "
    "AND incident NOT IN (SELECT incident FROM correction)"
)
"""Pieces of context, but those that a person has said something of: these are labelled lines."""

_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.INCIDENT)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be dropped together."""

    reports: tuple[int, ...] = ()
    """Seqs of reports of no incident."""
    context: tuple[int, ...] = ()
    """Ids of pieces of context, which go with their reports."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a store takes, and what of it retention would drop."""

    reports: int
    overdue: int
    """Reports that are not kept any more."""
    bytes: int
    free: int
    """Bytes of it that hold nothing: they are used again, but the file does not shrink by itself."""


def batch(db: sqlite3.Connection, before: Timestamp) -> Batch | None:
    """Some of what is older than that; None where nothing is."""
    rows = db.execute(f"SELECT seq {_REPORTS} LIMIT ?", (before, _BATCH))
    if seqs := tuple(row["seq"] for row in rows):
        return Batch(reports=seqs)
    for kind in _KINDS:
        question = f"SELECT incident {_CONTEXT} LIMIT ?"
        rows = db.execute(question, (ALL_FRONTS, kind, before, _BATCH))
        if ids := tuple(row["incident"] for row in rows):
            return Batch(context=ids)
    return None


def drop(db: sqlite3.Connection, batch: Batch) -> int:
    """Drops it; returns how many reports that were."""
    seqs = batch.reports
    if batch.context:
        question = f"SELECT seq FROM report WHERE incident IN ({marks(len(batch.context))})"  # noqa: S608 - marks
        seqs = tuple(row["seq"] for row in db.execute(question, batch.context))
    each = [(seq,) for seq in seqs]
    db.executemany("DELETE FROM report_words WHERE rowid = ?", each)
    db.executemany("DELETE FROM report WHERE seq = ?", each)
    db.executemany("DELETE FROM incident WHERE id = ?", [(id,) for id in batch.context])
    return len(seqs)


def room(db: sqlite3.Connection, before: Timestamp) -> Room:
    """How it stands with what is older than that."""

    def number(question: str, *values: object) -> int:
        return int(db.execute(question, values).fetchone()[0])

    of_context = f"SELECT count(*) FROM report WHERE incident IN (SELECT incident {_CONTEXT})"  # noqa: S608 - ours
    overdue = number(f"SELECT count(*) {_REPORTS}", before)
    overdue += sum(number(of_context, ALL_FRONTS, kind, before) for kind in _KINDS)
    page = number("PRAGMA page_size")
    return Room(
        reports=number("SELECT count(*) FROM report"),
        overdue=overdue,
        bytes=page * number("PRAGMA page_count"),
        free=page * number("PRAGMA freelist_count"),
    )


def compact(db: sqlite3.Connection) -> None:
    """Gives room that holds nothing back to the disk; takes as much again meanwhile, and writers wait."""
    # The words of dropped reports stay in the index of search until its parts are put together.
    db.execute("INSERT INTO report_words (report_words) VALUES ('optimize')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
