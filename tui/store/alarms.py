"""Alarms: what was judged of each incident, every bell, and shelvings that end.

Questions and writes on a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from tui.incidents.alarms import Bell, Cause, Level, Muted
from tui.model import Incident, State, Timestamp
from tui.policy import Priority
from tui.store.rows import SEVERITIES, incident_of, marks

UNSHELVE: Final = "unshelve"
COLLECTOR: Final = "collector"
"""Who ends a shelving whose time is over."""
BATCH: Final = 500
"""Incidents judged in one transaction."""


def unjudged(db: sqlite3.Connection) -> tuple[int, list[Incident]]:
    """The next incidents that are new or changed since they were judged, and the seq up to which they go."""
    rows = db.execute(
        "SELECT i.*, s.state, s.who, s.until FROM incident i LEFT JOIN incident_state s ON s.incident = i.id "
        "WHERE i.seq > (SELECT judged FROM counter) ORDER BY i.seq LIMIT ?",
        (BATCH,),
    ).fetchall()
    return (rows[-1]["seq"] if rows else 0), [incident_of(row) for row in rows]


def levels(db: sqlite3.Connection, incidents: Collection[int]) -> dict[int, Level]:
    """What was judged last of each, where it was; at most as many as :data:`BATCH`."""
    rows = db.execute(
        f"SELECT * FROM alarm WHERE incident IN ({marks(len(incidents))})",  # noqa: S608 - marks
        tuple(incidents),
    )
    return {
        row["incident"]: Level(
            Priority(row["priority"]),
            Priority(row["own"]),
            SEVERITIES[row["severity"]],
            row["killed"],
            row["why"],
        )
        for row in rows
    }


def put(db: sqlite3.Connection, judged: int, after: Mapping[int, Level], bells: Sequence[Bell]) -> None:
    """Stores what was judged of incidents up to that seq, and the bells for them."""
    db.execute("UPDATE counter SET judged = max(judged, ?)", (judged,))
    db.executemany(
        "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?)",
        [
            (id, level.priority, level.own, level.severity.rank, level.killed, level.why)
            for id, level in after.items()
        ],
    )
    for bell in bells:
        db.execute("UPDATE counter SET seq = seq + 1")
        db.execute(
            "INSERT INTO bell (seq, at, incident, priority, cause, muted, words) "
            "SELECT seq, ?, ?, ?, ?, ?, ? FROM counter",
            (bell.at, bell.incident, bell.priority, bell.cause, bell.muted, bell.words),
        )


def bells(db: sqlite3.Connection, since: Timestamp, limit: int = 1000) -> list[Bell]:
    """Every bell from then on, in order; the last ``limit`` of it."""
    rows = db.execute("SELECT * FROM bell WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?", (since, limit))
    return [_bell(row) for row in reversed(rows.fetchall())]


def bells_after(db: sqlite3.Connection, seq: int, limit: int = 100) -> list[Bell]:
    """Every bell that was stored after ``seq``, in order; the last ``limit`` of it."""
    rows = db.execute("SELECT * FROM bell WHERE seq > ? ORDER BY seq DESC, id DESC LIMIT ?", (seq, limit))
    return [_bell(row) for row in reversed(rows.fetchall())]


def overdue(db: sqlite3.Connection, now: Timestamp) -> list[int]:
    """Incidents that are shelved although their time is over."""
    rows = db.execute(
        "SELECT incident FROM incident_state WHERE state = ? AND until <= ? ORDER BY incident",
        (State.SHELVED, now),
    )
    return [row["incident"] for row in rows]


def unshelve(db: sqlite3.Connection, now: Timestamp) -> list[int]:
    """Ends the shelvings whose time is over, in one line of the log; which incidents are new again."""
    ids = overdue(db, now)
    if ids:
        payload = json.dumps({"ids": ids, "before": State.SHELVED})
        db.execute(
            "INSERT INTO action (at, who, verb, subject, payload) VALUES (?, ?, ?, 'incidents', ?)",
            (now, COLLECTOR, UNSHELVE, payload),
        )
    for incident in ids:
        db.execute("DELETE FROM incident_state WHERE incident = ?", (incident,))
        db.execute("UPDATE counter SET seq = seq + 1")
        db.execute("UPDATE incident SET seq = (SELECT seq FROM counter) WHERE id = ?", (incident,))
    return ids


def _bell(row: sqlite3.Row) -> Bell:
    return Bell(
        row["at"],
        row["incident"],
        Priority(row["priority"]),
        Cause(row["cause"]),
        Muted(row["muted"]),
        row["words"],
    )
