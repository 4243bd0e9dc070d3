"""What is new: incidents that nobody has acknowledged. Questions on a connection that is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui.model import Kind, Severity, State, Timestamp
from tui.store.rows import SEVERITIES, marks


def _where(fronts: Sequence[str], since: Timestamp) -> tuple[str, tuple[object, ...]]:
    words = (
        "FROM incident_front f INDEXED BY incident_front_by_last "
        f"LEFT JOIN incident_state s ON s.incident = f.incident WHERE f.front IN ({marks(len(fronts))}) "
        "AND f.kind = ? AND f.last_seen > ? AND (s.state IS NULL OR s.state = ?)"
    )
    return words, (*fronts, Kind.INCIDENT, since, State.NEW)


def found(db: sqlite3.Connection, fronts: Sequence[str], since: Timestamp) -> list[tuple[int, Severity]]:
    """Ids and severities of what is new on any of these fronts and was told of since then.

    The worst come first; of equals, those that began last.
    """
    where, values = _where(fronts, since)
    rows = db.execute(
        f"SELECT DISTINCT f.incident, f.severity, f.first_seen {where} "
        "ORDER BY f.severity DESC, f.first_seen DESC, f.incident DESC",
        values,
    )
    return [(row["incident"], SEVERITIES.get(row["severity"], Severity.LOW)) for row in rows]


def counted(db: sqlite3.Connection, fronts: Sequence[str], since: Timestamp) -> dict[Severity, int]:
    """How many those are, by severity: half of the work, and without a sort."""
    where, values = _where(fronts, since)
    low = Severity.LOW
    of = {severity: f"f.severity = {rank}" for rank, severity in SEVERITIES.items() if severity is not low}
    of[low] = f"NOT ifnull({' OR '.join(of.values())}, 0)"  # whatever else a hand has made of it too
    counts = ", ".join(f"count(DISTINCT f.incident) FILTER (WHERE {words})" for words in of.values())
    row = db.execute(f"SELECT {counts} {where}", values).fetchone()
    return {severity: count for severity, count in zip(of, row, strict=True) if count}
