"""How fronts stand and stood, sides that were active on several of them, and what was not seen.

Questions and writes on a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from tui.incidents.standing import (
    ACTIVE,
    COLLECTOR,
    COVERAGE,
    FRESH,
    OVER,
    POSTURE,
    RUNNING,
    SOUND,
    STOPPED,
    STORE,
    Event,
    Posture,
    Standing,
)
from tui.model import Timestamp

_UNTOLD: Final = {POSTURE: Posture.USUAL, ACTIVE: OVER, COVERAGE: FRESH, COLLECTOR: RUNNING, STORE: SOUND}
"""The state of each kind of standing before it was ever looked at: to be found in it is no event."""


def standings(db: sqlite3.Connection) -> dict[tuple[str, str], Standing]:
    """How everything stands, by kind and subject."""
    rows = db.execute("SELECT kind, subject, state, since, met, words FROM standing ORDER BY kind, subject")
    return {(row["kind"], row["subject"]): Standing(**dict(row)) for row in rows}


def events(db: sqlite3.Connection, since: Timestamp, until: Timestamp | None, limit: int) -> list[Event]:
    """What changed from ``since`` on and up to ``until``, in order; the first ``limit`` of it."""
    rows = db.execute(
        "SELECT id, at, kind, subject, before, state, words FROM event "
        "WHERE at >= ? AND at <= ? ORDER BY at, id LIMIT ?",
        (since, 9e18 if until is None else until, limit),
    )
    return [Event(**dict(row)) for row in rows]


def put(db: sqlite3.Connection, now: Timestamp, after: Sequence[Standing]) -> list[Event]:
    """Stores how things stand, and an event for each state that is another than before.

    What a screen can't tell apart (only ``met`` is another) raises no ``seq``.
    """
    made = []
    before = standings(db)
    for one in after:
        old = before.get((one.kind, one.subject))
        if old == one:
            continue
        if old is not None and old._replace(met=one.met) == one:
            at = (one.met, one.kind, one.subject)
            db.execute("UPDATE standing SET met = ? WHERE kind = ? AND subject = ?", at)
            continue
        db.execute("UPDATE counter SET seq = seq + 1")
        db.execute(
            "INSERT OR REPLACE INTO standing SELECT ?, ?, seq, ?, ?, ?, ? FROM counter",
            (one.kind, one.subject, one.state, one.since, one.met, one.words),
        )
        was = _UNTOLD[one.kind] if old is None else old.state
        if was != one.state:
            told = (now, one.kind, one.subject, was, one.state, one.words)
            cursor = db.execute(
                "INSERT INTO event (seq, at, kind, subject, before, state, words) "
                "SELECT seq, ?, ?, ?, ?, ?, ? FROM counter",
                told,
            )
            made.append(Event(int(cursor.lastrowid or 0), *told))
    return made


def unwatched(db: sqlite3.Connection, since: Timestamp, until: Timestamp, words: str) -> list[Event]:
    """Two events: that the collector stopped at ``since``, and that it runs again from ``until`` on."""
    return [
        event
        for state, at in ((STOPPED, since), (RUNNING, until))
        for event in put(db, at, [Standing(COLLECTOR, COLLECTOR, state, at, at, words)])
    ]
