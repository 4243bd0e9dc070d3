"""What passes on when reports go to another incident: how it stands with people, and what has rung of it.

Writes on a connection that is given, inside its transaction.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from tui.incidents.alarms import Level
from tui.store import alarms


def origins(db: sqlite3.Connection, moved: Mapping[str, int]) -> dict[int, Counter[int]]:
    """Of each incident that gets reports by their keys: from which incidents how many of them come."""
    came: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for key, id in moved.items():
        row = db.execute("SELECT incident FROM report WHERE key = ?", (key,)).fetchone()
        if row is not None and row["incident"] is not None:
            came[id][row["incident"]] += 1
    return came


def pass_on(
    db: sqlite3.Connection, came: Mapping[int, Counter[int]], fresh: Collection[int], emptied: Collection[int]
) -> None:
    """Lets incidents that got reports have what was before.

    One of a ``fresh`` id takes over the state and the alarm's level of the incident that most of its
    reports were of: it is no other event, so it is not new to anybody. Any one takes over the level of those
    that were ``emptied`` into it, where that is higher: it has rung for them.
    """
    for id, sources in came.items():
        heard = [source for source in sources if source in emptied]
        if id in fresh:
            most = min(sources, key=lambda source: (-sources[source], source))
            heard.append(most)
            db.execute(
                "INSERT OR REPLACE INTO incident_state (incident, state, who, at, action, until) "
                "SELECT ?, state, who, at, action, until FROM incident_state WHERE incident = ?",
                (id, most),
            )
        raise_level(db, id, alarms.levels(db, heard).values())


def raise_level(db: sqlite3.Connection, incident: int, levels: Iterable[Level]) -> None:
    """Remembers of an incident's alarm the highest of these and of what is remembered already."""
    known = alarms.levels(db, [incident])
    all_levels = [*known.values(), *levels]
    if not all_levels:
        return
    level = Level(
        max((each.priority for each in all_levels), key=lambda each: each.rank),
        max(each.own for each in all_levels),
        max((each.severity for each in all_levels), key=lambda each: each.rank),
        max(each.killed for each in all_levels),
        max(all_levels, key=lambda each: each.priority.rank).why,
    )
    if level != known.get(incident):
        db.execute(
            "INSERT OR REPLACE INTO alarm (incident, priority, own, severity, killed, why) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (incident, level.priority, level.own, level.severity.rank, level.killed, level.why),
        )
