"""What people rule: asked by a screen, done by the collector, kept for the log and for labelled lines.

Questions and writes on a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tui.incidents.alarms import Level
from tui.incidents.priority import judge
from tui.incidents.rulings import (
    CORRECT,
    NEW,
    Correction,
    Refused,
    Ruling,
    RulingState,
    as_json,
    checked,
    from_json,
    gone,
    stands,
)
from tui.model import Incident, Kind, Severity, State, Timestamp
from tui.store.desk import ACKNOWLEDGE, SHELVE, UNDO
from tui.store.moves import raise_level
from tui.store.rows import Action, action_of, incident_of, object_of

log = logging.getLogger(__name__)

_OF_INCIDENTS_ONLY: Final = frozenset({"type", "by", "killed", "severity"})
"""Fields that no context has."""

_CURRENT: Final = (
    "SELECT c.* FROM correction c WHERE {where} AND c.action = "
    "(SELECT max(l.action) FROM correction l WHERE l.incident = c.incident AND l.field = c.field) "
    "ORDER BY c.incident, c.action"
)
"""Of each field what was said last."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the collector did with a ruling; stored in one transaction with all that it changed."""

    ruling: Ruling
    outcome: dict[str, Any] = field(default_factory=dict)
    """Of a correction ``before``, of a merge or split ``keys``, of a split ``new``."""
    refused: str = ""
    """Why it was not done, in words; empty where it was."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling as the log tells it."""

    action: Action
    state: RulingState
    refused: str
    """Why it was not done; empty unless it was refused."""


# Asking


def correction_of(db: sqlite3.Connection, incident: int, name: str, value: object) -> dict[str, object]:
    """The payload of a correction. Raises :class:`Refused`."""
    (stored,) = _there(db, [incident])
    asked = as_json(name, value)
    if name in _OF_INCIDENTS_ONLY and _kind(db, stored) is not Kind.INCIDENT:
        raise Refused(f"{stored.kind} has no {name}: correct its kind to incident first")
    return {"ids": [incident], "field": name, "value": asked, "before": stands(stored, name)}


def _kind(db: sqlite3.Connection, incident: Incident) -> Kind:
    """The kind that it will have when what is asked already is done."""
    rows = db.execute(
        "SELECT a.payload FROM ruling r JOIN action a ON a.id = r.action WHERE r.state = ? AND a.verb = ? "
        "ORDER BY a.id DESC",
        (RulingState.ASKED, CORRECT),
    )
    for payload in (object_of(row["payload"]) for row in rows):
        if payload.get("ids") == [incident.id] and payload.get("field") == "kind":
            return Kind(payload["value"]) if payload.get("value") in tuple(Kind) else incident.kind
    return incident.kind


def merge_of(db: sqlite3.Connection, into: int, other: int) -> dict[str, object]:
    """The payload of a merge. Raises :class:`Refused`."""
    if into == other:
        raise Refused(f"incident {into} can't be merged into itself")
    _there(db, [into, other])
    return {"ids": [into, other]}


def split_of(db: sqlite3.Connection, keys: Collection[str]) -> dict[str, object]:
    """The payload of a split. Raises :class:`Refused`."""
    homes: set[int] = set()
    for key in dict.fromkeys(keys):
        row = db.execute("SELECT incident FROM report WHERE key = ?", (key,)).fetchone()
        if row is None or row["incident"] is None:
            raise Refused("one of these reports is of no incident any more")
        homes.add(row["incident"])
    if len(homes) != 1:
        raise Refused("what is split off are reports of one incident" if homes else "no report was chosen")
    (home,) = homes
    if len(set(keys)) >= _there(db, [home])[0].reports:
        raise Refused(f"these are all reports of incident {home}: one must stay")
    return {"ids": [home], "keys": list(dict.fromkeys(keys))}


def _there(db: sqlite3.Connection, ids: Sequence[int]) -> list[Incident]:
    found = []
    for id in ids:
        row = db.execute(
            "SELECT i.*, NULL AS state, NULL AS who, NULL AS until FROM incident i WHERE id = ?", (id,)
        ).fetchone()
        if row is None or not row["reports"]:
            raise Refused(gone(id))
        found.append(incident_of(row))
    return found


# Doing


def next_asked(db: sqlite3.Connection) -> Ruling | None:
    """The first ruling that is asked and not done; None where there is none."""
    row = db.execute(
        "SELECT a.*, r.state, r.outcome FROM ruling r JOIN action a ON a.id = r.action "
        "WHERE r.state = 'asked' ORDER BY r.action LIMIT 1"  # spelt out: so the partial index serves it
    ).fetchone()
    if row is None:
        return None
    if row["verb"] != UNDO:
        return ruling_of(row)
    undone = db.execute(
        "SELECT a.*, r.state, r.outcome FROM ruling r JOIN action a ON a.id = r.action WHERE r.action = ?",
        (row["subject"],),  # text: SQLite compares it as the number that it is, or as none
    ).fetchone()
    return ruling_of(row, None if undone is None else ruling_of(undone))


def ruling_of(row: sqlite3.Row, undoes: Ruling | None = None) -> Ruling:
    """From the columns of ``action`` joined with ``state`` and ``outcome`` of ``ruling``."""
    return Ruling(
        row["id"],
        row["verb"],
        object_of(row["payload"]),
        row["who"],
        row["at"],
        _state_of(row),
        object_of(row["outcome"]),
        undoes,
    )


def _state_of(row: sqlite3.Row) -> RulingState:
    """A state that nobody knows is that of a ruling that was not done."""
    return _STATES.get(row["state"], RulingState.REFUSED)


_STATES: Final = {str(state): state for state in RulingState}


def corrected(db: sqlite3.Connection, incident: int, without: int = NEW) -> dict[str, object]:
    """What people say of an incident, by field; ``without``: as if that action had not been."""
    rows = db.execute(
        "SELECT * FROM correction WHERE incident = ? AND action <> ? ORDER BY action",
        (incident, without),
    )
    return {name: value for row in rows for name, value in _said(row)}


def _said(row: sqlite3.Row) -> Iterator[tuple[str, object]]:
    """Field and value of a row of ``correction``; nothing of one that a hand has made unreadable."""
    try:
        yield row["field"], checked(row["field"], json.loads(row["value"]))
    except (Refused, ValueError, TypeError, RecursionError) as error:
        log.warning("correction %s of incident %s is left out: %s", row["action"], row["incident"], error)


def corrected_since(db: sqlite3.Connection, since: Timestamp) -> dict[int, dict[str, object]]:
    """The same of every incident told of since then."""
    where = "c.incident IN (SELECT id FROM incident WHERE last_seen >= ?)"
    found: dict[int, dict[str, object]] = {}
    for row in db.execute(_CURRENT.format(where=where), (since,)):
        found.setdefault(row["incident"], {}).update(_said(row))
    return found


def is_fixed(db: sqlite3.Connection, incident: int) -> bool:
    """Whether a person has acknowledged or shelved it, or said or ruled something of it.

    By its state, which it may have taken over from another, and by the log: it may be closed by now.
    """
    row = db.execute(
        "SELECT 1 FROM incident_state WHERE incident = ?1 AND state IN (?2, ?3) "
        "UNION ALL SELECT 1 FROM incident_action x JOIN action a ON a.id = x.action "
        "WHERE x.incident = ?1 AND a.verb IN (?4, ?5) AND a.undone_by IS NULL "
        "UNION ALL SELECT 1 FROM ruled WHERE incident = ?1 "
        "UNION ALL SELECT 1 FROM correction WHERE incident = ?1 LIMIT 1",
        (incident, State.ACKNOWLEDGED, State.SHELVED, ACKNOWLEDGE, SHELVE),
    ).fetchone()
    return row is not None


def settle(db: sqlite3.Connection, done: Done, incidents: Sequence[Incident]) -> None:
    """Stores how a ruling ended, and that nothing of what it changed (``incidents``) is news for a bell."""
    ruling = done.ruling
    state = RulingState.REFUSED if done.refused else RulingState.DONE
    outcome = {"why": done.refused} if done.refused else done.outcome
    db.execute(
        "UPDATE ruling SET state = ?, outcome = ? WHERE action = ?", (state, _json(outcome), ruling.action)
    )
    if done.refused:
        return
    if ruling.undoes is not None:
        _take_back(db, ruling.undoes)
    elif ruling.verb == CORRECT:
        _correct(db, ruling, done.outcome["before"])
    else:
        db.executemany(
            "INSERT OR IGNORE INTO ruled VALUES (?, ?)",
            [(each.id, ruling.action) for each in incidents],
        )
    for incident in incidents:
        if incident.kind is Kind.INCIDENT:
            judged = judge(incident)
            severity = incident.severity or Severity.LOW
            level = Level(judged.priority, judged.points, severity, incident.killed or 0, judged.why)
            raise_level(db, incident.id, [level])


def _correct(db: sqlite3.Connection, ruling: Ruling, before: object) -> None:
    payload = ruling.payload
    db.execute(
        "INSERT OR REPLACE INTO correction (incident, field, action, value, before, who, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            payload["ids"][0],
            payload["field"],
            ruling.action,
            _json(payload["value"]),
            _json(before),
            ruling.who,
            ruling.at,
        ),
    )


def _take_back(db: sqlite3.Connection, ruling: Ruling) -> None:
    if ruling.state is RulingState.DONE:
        db.execute("UPDATE ruling SET state = ? WHERE action = ?", (RulingState.TAKEN_BACK, ruling.action))
        db.execute("DELETE FROM correction WHERE action = ?", (ruling.action,))
        db.execute("DELETE FROM ruled WHERE action = ?", (ruling.action,))


# Looking


def corrections(db: sqlite3.Connection, incident: int | None) -> list[Correction]:
    """What people say of an incident (None: of all) now: of each field what was said last, in order."""
    where = "1" if incident is None else "c.incident = ?"
    return [
        Correction(
            row["incident"],
            name,
            value,
            _before(row),
            row["who"],
            row["at"],
            row["action"],
        )
        for row in db.execute(_CURRENT.format(where=where), () if incident is None else (incident,))
        for name, value in _said(row)
    ]


def _before(row: sqlite3.Row) -> object:
    """How it stood before; None where that was not told, or is told by nobody any more."""
    try:
        return from_json(row["field"], json.loads(row["before"]))
    except (ValueError, TypeError, RecursionError):
        return None


def rulings(db: sqlite3.Connection, since: Timestamp, limit: int) -> list[Ruled]:
    """Every ruling asked from then on (an undo of one too), in order; the last ``limit`` of it."""
    rows = db.execute(
        "SELECT a.*, r.state, r.outcome FROM ruling r JOIN action a ON a.id = r.action "
        "WHERE a.at >= ? ORDER BY a.at DESC, a.id DESC LIMIT ?",
        (since, limit),
    ).fetchall()
    return [
        Ruled(action_of(row), _state_of(row), str(object_of(row["outcome"]).get("why", "")))
        for row in reversed(rows)
    ]


def pending(db: sqlite3.Connection) -> int:
    """How many rulings are asked and not done."""
    (count,) = db.execute("SELECT count(*) FROM ruling WHERE state = 'asked'").fetchone()
    return int(count)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
