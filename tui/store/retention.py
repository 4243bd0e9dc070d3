"""What the store does not keep for good, in batches. On a connection that is given."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from tui.model import Kind, Timestamp
from tui.store.rows import ALL_FRONTS, marks

_BATCH: Final = 500
"""Rows a transaction of pruning takes, so that nobody waits long behind it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be dropped together."""

    reports: tuple[int, ...] = ()
    """Seqs of reports of no incident."""
    context: tuple[int, ...] = ()
    """Ids of pieces of context, which go with their reports."""


def batch(db: sqlite3.Connection, before: Timestamp) -> Batch | None:
    """Some of what is older than that; None where nothing is.

    Reports by the time of sight and not of publishing: else what a feed still carries would be dropped and
    stored anew all the time. What a person has said something of is kept: it is a labelled line.
    """
    rows = db.execute("SELECT seq FROM report WHERE incident IS NULL AND seen < ? LIMIT ?", (before, _BATCH))
    if seqs := tuple(row["seq"] for row in rows):
        return Batch(reports=seqs)
    for kind in (kind for kind in Kind if kind is not Kind.INCIDENT):
        rows = db.execute(
            "SELECT incident FROM incident_front WHERE front = ? AND kind = ? AND last_seen < ? "
            "AND incident NOT IN (SELECT incident FROM correction) LIMIT ?",
            (ALL_FRONTS, kind, before, _BATCH),
        )
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
