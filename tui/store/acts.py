"""What people and the collector had done to incidents by a past minute: states, corrections, moved reports.

Questions on a connection that is given. An action that was taken back later still stood until then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from tui.incidents.rulings import CORRECT, MERGE, SPLIT, Corrected, RulingState, from_json
from tui.model import State, Timestamp

_STATES: Final = {
    "acknowledge": State.ACKNOWLEDGED,
    "shelve": State.SHELVED,
    "unshelve": State.NEW,
    "reopen": State.NEW,
    "close": State.CLOSED,
    "suppress": State.SUPPRESSED,
    "unsuppress": State.NEW,
}
"""What each verb of the log makes of an incident; one that is not here leaves its state alone."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an incident stood with the people on watch."""

    state: State = State.NEW
    who: str = ""
    until: Timestamp | None = None


NEW: Final = Stand()


def stands(db: sqlite3.Connection, incidents: Collection[int], at: Timestamp) -> dict[int, Stand]:
    """How each of these incidents stood, where it was not new."""
    ids = json.dumps(list(incidents))
    pairs = db.execute(
        "SELECT x.incident, x.action FROM json_each(?) c JOIN incident_action x ON x.incident = c.value "
        "ORDER BY x.incident, x.action",
        (ids,),
    ).fetchall()
    done = _done(db, {row["action"] for row in pairs}, at)
    found: dict[int, Stand] = {}
    for row in pairs:
        if (stand := done.get(row["action"])) is not None:
            found[row["incident"]] = stand
    # As it stands today, where nobody has changed it since: also what it took over from another incident.
    rows = db.execute(
        "SELECT s.incident, s.state, s.who, s.until FROM json_each(?) c "
        "JOIN incident_state s ON s.incident = c.value WHERE s.at <= ?",
        (ids, at),
    )
    found.update((row["incident"], Stand(State(row["state"]), row["who"], row["until"])) for row in rows)
    return found


def _done(db: sqlite3.Connection, actions: Iterable[int], at: Timestamp) -> dict[int, Stand]:
    """What those of the actions made of an incident that had been done by then and not yet taken back."""
    rows = db.execute(
        "SELECT a.id, a.verb, a.who, "
        "CASE a.verb WHEN 'shelve' THEN json_extract(a.payload, '$.until') END AS until, "
        "CASE a.verb WHEN 'suppress' THEN json_extract(a.payload, '$.rule') END AS rule "
        "FROM json_each(?) c JOIN action a ON a.id = c.value LEFT JOIN action u ON u.id = a.undone_by "
        "WHERE a.at <= ? AND (u.at IS NULL OR u.at > ?)",
        (json.dumps(list(actions)), at, at),
    )
    found = {}
    for row in rows:
        if (state := _STATES.get(row["verb"])) is not None:
            stand = Stand(state, row["rule"] or row["who"], row["until"])
            found[row["id"]] = NEW if state is State.NEW else stand
    return found


def corrected(db: sqlite3.Connection, incident: int, at: Timestamp) -> Corrected:
    """What people had said of an incident's fields, where the collector had taken it up."""
    rows = db.execute(
        "SELECT json_extract(a.payload, '$.field') AS field, json_extract(a.payload, '$.value') AS value, "
        "json_type(a.payload, '$.value') AS type "
        "FROM incident_action x JOIN action a ON a.id = x.action JOIN ruling g ON g.action = a.id "
        "LEFT JOIN action u ON u.id = a.undone_by "
        "WHERE x.incident = ? AND a.verb = ? AND a.at <= ? AND (g.state = ? OR (g.state = ? AND u.at > ?)) "
        "ORDER BY a.id",
        (incident, CORRECT, at, RulingState.DONE, RulingState.TAKEN_BACK, at),
    )
    return {
        row["field"]: from_json(
            row["field"], json.loads(row["value"]) if row["type"] in ("array", "object") else row["value"]
        )
        for row in rows
    }


def relisted(db: sqlite3.Connection, at: Timestamp) -> set[int]:
    """Incidents of which people had said on which fronts they are or of what kind, whatever reports say."""
    rows = db.execute(
        "SELECT x.value AS incident FROM action a, json_each(a.payload, '$.ids') x "
        "WHERE a.verb = 'correct' AND a.at <= ? AND json_extract(a.payload, '$.field') IN ('fronts', 'kind')",
        (at,),
    )
    return {row["incident"] for row in rows}


@dataclass(frozen=True, slots=True)
class Moves:
    """Which reports people have moved since then: home, and where they are now, by key."""

    home: dict[str, int]
    related: dict[int, frozenset[int]]
    """Of an incident that one was moved from or to, all that have to do with it."""


def moves(db: sqlite3.Connection, at: Timestamp) -> Moves:
    """What merges, splits and their undoing have moved after ``at``; the first move tells where it was."""
    rows = db.execute(
        "SELECT a.verb, a.payload, g.state, g.outcome, a.at AS done, u.at AS undone FROM ruling g "
        "JOIN action a ON a.id = g.action LEFT JOIN action u ON u.id = a.undone_by "
        "WHERE a.verb IN (?, ?) AND g.state IN (?, ?) AND max(a.at, coalesce(u.at, a.at)) > ?",
        (MERGE, SPLIT, RulingState.DONE, RulingState.TAKEN_BACK, at),
    ).fetchall()
    steps: list[tuple[Timestamp, int, int, list[str]]] = []
    for row in rows:
        ids, outcome = json.loads(row["payload"])["ids"], json.loads(row["outcome"])
        source, target = (ids[1], ids[0]) if row["verb"] == MERGE else (ids[0], outcome["new"])
        steps.append((row["done"], source, target, outcome["keys"]))
        if row["state"] == RulingState.TAKEN_BACK:
            steps.append((row["undone"], target, source, outcome["keys"]))
    home: dict[str, int] = {}
    groups: dict[int, frozenset[int]] = {}
    for when, source, target, keys in sorted(steps, key=lambda step: step[0]):
        if when <= at:
            continue
        for key in keys:
            home.setdefault(key, source)
        group = groups.get(source, frozenset({source})) | groups.get(target, frozenset({target}))
        groups.update(dict.fromkeys(group, group))
    return Moves(home, groups)
