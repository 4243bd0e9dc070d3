"""What posture is judged by: incidents by the hour, hours seen, what is grave, who attacked where.

Questions and writes on a connection that is given; :class:`tui.store.reader.Reader` and
:class:`tui.store.writer.Writer` hand theirs in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tui.clock import HOUR
from tui.incidents.at_once import Attack
from tui.incidents.tempo import Hours
from tui.incidents.trust import doubt_of
from tui.model import Kind, Severity, Timestamp
from tui.store.rows import ALL_FRONTS, report_of

SEEN_SECONDS: Final = HOUR / 3
"""Seconds of an hour in which a front must have been seen for the hour to count: feeds tell of it later."""

_BEGAN: Final = "FROM incident_front f INDEXED BY incident_front_by_first"
_WHERE: Final = "WHERE f.front = ? AND f.kind = ? AND f.first_seen > ? AND f.first_seen <= ?"


@dataclass(frozen=True, slots=True)
class Grave:
    """What is grave on a front, of the incidents that began within some time."""

    critical: int
    """Critical ones that can be relied on."""
    tripwires: tuple[str, ...]
    """Names of those that these meet, each once."""
    unconfirmed: tuple[str, ...] = ()
    """Why others are not, as :func:`tui.incidents.trust.doubt_of` tells it, each once."""


def hours(
    db: sqlite3.Connection,
    front: str,
    until: Timestamp,
    count: int,
    type: str | None = None,
    by: str | None = None,
) -> Hours:
    """The incidents that began in each of ``count`` hours before ``until``; of a type and a side if named."""
    values: list[object] = [until, HOUR, front, Kind.INCIDENT, until - count * HOUR, until]
    named = [(name, value) for name, value in (("type", type), ("by", by)) if value is not None]
    facts = "JOIN incident i ON i.id = f.incident" if named else ""
    also = "".join(f" AND i.{name} = ?" for name, _ in named)
    rows = db.execute(
        f"SELECT CAST((? - f.first_seen) / ? AS INTEGER) AS ago, count(*) AS n {_BEGAN} "
        f"{facts} {_WHERE}{also} GROUP BY ago",
        values + [value for _, value in named],
    )
    counts = [0] * count
    for row in rows:
        counts[min(row["ago"], count - 1)] += row["n"]
    first = int((until - count * HOUR) // HOUR)
    seconds: dict[int, float] = dict(
        db.execute("SELECT hour, seconds FROM seen WHERE front = ? AND hour >= ?", (front, first)).fetchall()
    )
    # An hour before now is seen where the hour of the clock is that its middle lies in.
    found = [seconds.get(int((until - (ago + 0.5) * HOUR) // HOUR), 0.0) for ago in range(count)]
    seen = tuple(each >= SEEN_SECONDS for each in found)
    return Hours(until, tuple(counts), seen, tuple(0.0 < each < SEEN_SECONDS for each in found))


def grave(db: sqlite3.Connection, front: str, since: Timestamp, until: Timestamp) -> Grave:
    """Critical incidents on the front that began after ``since``, and the tripwires that they meet."""
    rows = db.execute(
        f"SELECT f.incident {_BEGAN} {_WHERE} AND f.severity = ? ORDER BY f.first_seen, f.incident",
        (front, Kind.INCIDENT, since, until, Severity.CRITICAL.rank),
    ).fetchall()
    met: dict[str, None] = {}
    unconfirmed: dict[str, None] = {}
    critical = 0
    for row in rows:
        told = db.execute(
            "SELECT * FROM report WHERE incident = ? ORDER BY published, seq", (row["incident"],)
        )
        reports = [report_of(each) for each in told]
        if doubt := doubt_of(reports):
            unconfirmed[doubt] = None
            continue
        critical += 1
        met.update(dict.fromkeys(name for report in reports for name in report.tags.tripwires))
    return Grave(critical, tuple(met), tuple(unconfirmed))


def attacks(db: sqlite3.Connection, since: Timestamp, until: Timestamp) -> list[Attack]:
    """What any side did after ``since``, of medium severity or worse."""
    rows = db.execute(
        f"SELECT i.first_seen, i.fronts, i.by {_BEGAN} JOIN incident i ON i.id = f.incident {_WHERE} "
        "AND f.severity >= ? AND i.by <> 'unknown' ORDER BY f.first_seen, f.incident",
        (ALL_FRONTS, Kind.INCIDENT, since, until, Severity.MEDIUM.rank),
    )
    return [
        Attack(row["first_seen"], fronts[0], row["by"])
        for row in rows
        if (fronts := json.loads(row["fronts"]))
    ]


def add_seen(db: sqlite3.Connection, seconds: Mapping[tuple[str, int], float]) -> None:
    """Adds to the seconds for which fronts were seen, by front and hour of the clock."""
    db.executemany(
        "INSERT INTO seen VALUES (?, ?, ?) "
        "ON CONFLICT (front, hour) DO UPDATE SET seconds = min(3600, seconds + excluded.seconds)",
        [(front, hour, more) for (front, hour), more in seconds.items()],
    )


def looked_until(db: sqlite3.Connection) -> Timestamp | None:
    """The end of the last hour in which any front was seen."""
    (hour,) = db.execute("SELECT max(hour) FROM seen").fetchone()
    return None if hour is None else (hour + 1) * HOUR
