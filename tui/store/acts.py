"""What people and the collector had done to incidents by a past minute: states, corrections, moved reports.

Questions on a connection that is given. An action that was taken back later still stood until then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from tui.incidents.alarms import Bell
from tui.incidents.attention import Verb
from tui.incidents.rulings import (
    CORRECT,
    MERGE,
    SPLIT,
    Corrected,
    Correction,
    Refused,
    RulingState,
    are_keys,
    check,
    check_done,
    checked,
)
from tui.incidents.standing import Event
from tui.model import State, Timestamp
from tui.store import log
from tui.store.alarms import UNSHELVE
from tui.store.desk import ACKNOWLEDGE, HANDOVER, SHELVE, UNDO
from tui.store.log import Logged, Place, Wanted
from tui.store.rows import Action, action_of, object_of, state_of
from tui.store.rulings import ruling_of

_STATES: Final = {
    ACKNOWLEDGE: State.ACKNOWLEDGED,
    SHELVE: State.SHELVED,
    UNSHELVE: State.NEW,
    Verb.REOPEN: State.NEW,
    Verb.CLOSE: State.CLOSED,
    Verb.SUPPRESS: State.SUPPRESSED,
    Verb.UNSUPPRESS: State.NEW,
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
    found.update((row["incident"], Stand(state_of(row["state"]), row["who"], row["until"])) for row in rows)
    return found


def _done(db: sqlite3.Connection, actions: Iterable[int], at: Timestamp) -> dict[int, Stand]:
    """What those of the actions made of an incident that had been done by then and not yet taken back."""
    rows = db.execute(
        "SELECT a.id, a.verb, a.who, "
        "CASE WHEN a.verb IN ('shelve', 'suppress') THEN a.payload ELSE '{}' END AS payload "
        "FROM json_each(?) c JOIN action a ON a.id = c.value LEFT JOIN action u ON u.id = a.undone_by "
        "WHERE a.at <= ? AND (u.at IS NULL OR u.at > ?)",
        (json.dumps(list(actions)), at, at),
    )
    found = {}
    for row in rows:
        if (state := _STATES.get(row["verb"])) is not None:
            payload = object_of(row["payload"])
            until = payload.get("until")
            who = str(payload.get("rule") or row["who"])
            stand = Stand(state, who, until if isinstance(until, float | int) else None)
            found[row["id"]] = NEW if state is State.NEW else stand
    return found


def corrected(db: sqlite3.Connection, incident: int, at: Timestamp) -> Corrected:
    """What people had said of an incident's fields, where the collector had taken it up."""
    return {said.field: said.value for said in corrections(db, incident, at)}


def corrections(db: sqlite3.Connection, incident: int, at: Timestamp) -> list[Correction]:
    """The same with who said so and what stood before; of each field what had been said last, in order."""
    rows = db.execute(
        "SELECT a.id, a.at, a.who, a.payload, g.outcome "
        "FROM incident_action x JOIN action a ON a.id = x.action JOIN ruling g ON g.action = a.id "
        "LEFT JOIN action u ON u.id = a.undone_by "
        "WHERE x.incident = ? AND a.verb = ? AND a.at <= ? AND (g.state = ? OR (g.state = ? AND u.at > ?)) "
        "ORDER BY a.id",
        (incident, CORRECT, at, RulingState.DONE, RulingState.TAKEN_BACK, at),
    )
    found: dict[str, Correction] = {}
    for row in rows:
        payload = object_of(row["payload"])
        name, before = str(payload.get("field")), object_of(row["outcome"]).get("before")
        with suppress(Refused):  # the collector's log tells of it
            value = checked(name, payload.get("value"))
            stood = None if before is None else checked(name, before)
            found.pop(name, None)
            found[name] = Correction(incident, name, value, stood, row["who"], row["at"], row["id"])
    return list(found.values())


def handovers(db: sqlite3.Connection, count: int, at: Timestamp) -> list[Action]:
    """The handovers that had been made last, by anybody, the newest first."""
    rows = db.execute(
        "SELECT * FROM action WHERE verb = ? AND at <= ? ORDER BY id DESC LIMIT ?", (HANDOVER, at, count)
    )
    return [action_of(row) for row in rows]


def page(
    db: sqlite3.Connection, wanted: Wanted, before: Place | None, limit: int, at: Timestamp
) -> list[Logged]:
    """As :func:`tui.store.log.page`, up to the minute: what was taken back later is not so yet.

    When nobody watched was written down only afterwards; it stands where it belongs.
    """
    lines = log.page(db, wanted, before or (at, len(log.Source), 0), limit)
    undos = [each.what.undone_by for each in lines if isinstance(each.what, Action)]
    later = {
        row["id"]
        for row in db.execute(
            "SELECT a.id FROM json_each(?) c JOIN action a ON a.id = c.value WHERE a.at > ?",
            (json.dumps([undo for undo in undos if undo is not None]), at),
        )
    }
    return [
        replace(each, what=each.what._replace(undone_by=None))
        if isinstance(each.what, Action) and each.what.undone_by in later
        else each
        for each in lines
    ]


def subject_of(line: Logged, front: str) -> Sequence[int] | None:
    """Ids of the incidents by whose fronts a line is of a front; None where it is of this one anyway."""
    match line.what:
        case Bell(incident=incident):
            return (incident,)
        case Event(kind=kind, subject=subject):
            return None if kind not in log.FRONT_KINDS or subject == front else ()
        case Action() as action:
            done = line.undid if action.verb == UNDO else action
            if done is None:
                return ()
            return done.payload.get("ids", ()) if done.subject == "incidents" else None


def relisted(db: sqlite3.Connection, at: Timestamp) -> set[int]:
    """Incidents of which people had said on which fronts they are or of what kind, whatever reports say."""
    rows = db.execute(
        "SELECT payload FROM action WHERE verb = 'correct' AND at <= ?",
        (at,),
    )
    payloads = (object_of(row["payload"]) for row in rows)
    return {
        id
        for payload in payloads
        if payload.get("field") in ("fronts", "kind")
        for id in payload.get("ids", ())
    }


@dataclass(frozen=True, slots=True)
class Moves:
    """Which reports people have moved since then: home, and where they are now, by key."""

    home: dict[str, int]
    related: dict[int, frozenset[int]]
    """Of an incident that one was moved from or to, all that have to do with it."""


def moves(db: sqlite3.Connection, at: Timestamp) -> Moves:
    """What merges, splits and their undoing have moved after ``at``; the first move tells where it was.

    They are done in the order of their ids. So everything from the first on that is later than ``at`` has
    moved since, also what a clock that was set back dates before: else reports would be nowhere.
    """
    (first,) = db.execute("SELECT min(id) FROM action WHERE at > ?", (at,)).fetchone()
    if first is None:
        return Moves({}, {})
    rows = db.execute(
        "SELECT a.*, g.state, g.outcome, b.outcome AS back "
        "FROM ruling g JOIN action a ON a.id = g.action LEFT JOIN ruling b ON b.action = a.undone_by "
        "WHERE a.verb IN (?, ?) AND g.state IN (?, ?) AND max(a.id, coalesce(a.undone_by, 0)) >= ?",
        (MERGE, SPLIT, RulingState.DONE, RulingState.TAKEN_BACK, first),
    ).fetchall()
    steps: list[tuple[int, int, int, list[str]]] = []
    for row in rows:
        ruling = ruling_of(row)
        try:
            check(ruling)
            check_done(ruling)
        except Refused:
            continue  # what it moved stands where it is now
        ids, outcome = ruling.payload["ids"], ruling.outcome
        source, target = (ids[1], ids[0]) if ruling.verb == MERGE else (ids[0], outcome["new"])
        steps.append((ruling.action, source, target, outcome["keys"]))
        if ruling.state is RulingState.TAKEN_BACK and row["undone_by"] is not None:
            # Not always the same: of a split goes back what came since, of a merge not what others moved on.
            back = object_of(row["back"]).get("keys")
            steps.append((row["undone_by"], target, source, back if are_keys(back) else outcome["keys"]))
    home: dict[str, int] = {}
    groups: dict[int, frozenset[int]] = {}
    for number, source, target, keys in sorted(steps, key=lambda step: step[0]):
        if number < first:
            continue
        for key in keys:
            home.setdefault(key, source)
        _join(groups, source, target)
    # Where they are now: the merger may have moved them on, out of what nobody rules any more.
    for row in db.execute(
        "SELECT r.key, r.incident FROM json_each(?) c JOIN report r ON r.key = c.value "
        "WHERE r.incident IS NOT NULL",
        (json.dumps(list(home)),),
    ):
        _join(groups, home[row["key"]], row["incident"])
    return Moves(home, groups)


def _join(groups: dict[int, frozenset[int]], one: int, other: int) -> None:
    group = groups.get(one, frozenset({one})) | groups.get(other, frozenset({other}))
    groups.update(dict.fromkeys(group, group))
