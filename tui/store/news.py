"""What is new: incidents that nobody has acknowledged. Questions on a connection that is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui.model import Kind, Severity, State, Timestamp
from tui.store.rows import SEVERITIES, marks


def _where(fronts: Sequence[str], since: Timestamp) -> tuple[str, tuple[object, ...]]:
    words = (
        "FROM incident_front f INDEXED BY incident_front_by_last "  # noqa: S608 - marks
        f"WHERE front IN ({marks(len(fronts))}) AND kind = ? AND last_seen > ? AND NOT EXISTS "
        "(SELECT 1 FROM incident_state s WHERE s.incident = f.incident AND s.state <> ?)"
    )
    return words, (*fronts, Kind.INCIDENT, since, State.NEW)


def found(db: sqlite3.Connection, fronts: Sequence[str], since: Timestamp) -> list[tuple[int, Severity]]:
    """Ids and severities of what is new on any of these fronts and was told of since then.

    The worst come first; of equals, those that began last.
    """
    where, values = _where(fronts, since)
    rows = db.execute(
        f"SELECT DISTINCT incident, severity, first_seen {where} "
        "ORDER BY severity DESC, first_seen DESC, incident DESC",
        values,
    )
    return [(row["incident"], SEVERITIES.get(row["severity"], Severity.LOW)) for row in rows]


def counted(db: sqlite3.Connection, fronts: Sequence[str], since: Timestamp) -> dict[Severity, int]:
    """How many those are, by severity: a third of the work."""
    where, values = _where(fronts, since)
    made: dict[Severity, int] = {}
    for row in db.execute(
        f"SELECT severity, count(DISTINCT incident) AS n {where} GROUP BY severity", values
    ):
        severity = SEVERITIES.get(row["severity"], Severity.LOW)
        made[severity] = made.get(severity, 0) + row["n"]
    return made
