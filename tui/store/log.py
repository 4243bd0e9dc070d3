"""The log of the watch: what people did, what changed and what rang, merged by time and read page by page.

Questions on a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Final, TypeGuard

from tui.incidents.alarms import Bell
from tui.incidents.standing import COLLECTOR, COVERAGE, POSTURE, STORE, Event
from tui.model import Timestamp
from tui.store import alarms
from tui.store.desk import HANDOVER, NOTE, UNDO
from tui.store.rows import Action, action_of, marks

_VARIABLES: Final = 900
"""Placeholders in one statement: SQLite before 3.32 allows 999."""

_DIGITS: Final = 19
"""Digits from which on a number may be none that SQLite holds."""

OUTAGE_KINDS: Final = (COVERAGE, COLLECTOR, STORE)
"""Kinds of an event that tell whether the watch could see."""
FRONT_KINDS: Final = (POSTURE, COVERAGE)
"""Kinds of an event whose subject is a front; any other is of the whole watch."""


class Source(IntEnum):
    """Which table a line is out of. Of one moment the first is the oldest."""

    EVENT = 0
    BELL = 1
    ACTION = 2


class Only(StrEnum):
    """Which lines are wanted."""

    ALL = "everything"
    PEOPLE = "only people"
    ALARMS = "only alarms"
    OUTAGES = "only outages"


Place = tuple[Timestamp, int, int]
"""Where a line stands in the log: its time, the number of its source, its id there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is wanted."""

    only: Only = Only.ALL
    front: str | None = None
    """With what is of this front, what is of the whole watch; None: of all fronts."""
    since: Timestamp = 0.0
    verbs: tuple[str, ...] = ()
    """Of actions only those of these verbs; empty: all."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log as it is stored."""

    source: Source
    id: int
    what: Action | Event | Bell
    undid: Action | None = None
    """The action that was taken back, where this is an undo of one that is known."""

    @property
    def at(self) -> Timestamp:
        """When it happened."""
        return self.what.at

    @property
    def place(self) -> Place:
        """Where it stands in the log."""
        return self.what.at, self.source, self.id


def page(db: sqlite3.Connection, wanted: Wanted, before: Place | None, limit: int) -> list[Logged]:
    """The ``limit`` newest lines before a place (None: of all), the newest first; below zero: all of them."""
    at, number, id = before or (9e18, len(Source), 0)
    found: list[Logged] = []
    for source in _sources(wanted):
        # Of the same moment come, going back, first the higher sources and then the higher ids.
        last = id if source == number else 2**62 if source < number else -1
        bound = "t.at >= ? AND (t.at, t.id) < (?, ?)"
        found += _read(db, source, wanted, bound, (wanted.since, at, last), limit)
    found.sort(key=lambda line: line.place, reverse=True)
    return _with_undone(db, found if limit < 0 else found[:limit])


def newer(db: sqlite3.Connection, wanted: Wanted, behind: Sequence[int]) -> list[Logged]:
    """Lines that were stored after ``behind`` (as :func:`ends` told), the newest first.

    By their ids: a line may be stored a moment after one that is later.
    """
    found: list[Logged] = []
    for source in _sources(wanted):
        # In the order of ids: by time SQLite would read the whole index to find that there is nothing.
        found += _read(db, source, wanted, "t.id > ?", (behind[source],), -1, order="t.id")
    return _with_undone(db, sorted(found, key=lambda line: line.place, reverse=True))


def ends(db: sqlite3.Connection) -> tuple[int, ...]:
    """The highest id given yet in each source, in the order of :class:`Source`."""
    return tuple(
        db.execute(f"SELECT coalesce(max(id), 0) FROM {_TABLES[source]}").fetchone()[0]  # noqa: S608 - ours
        for source in Source
    )


def notes(
    db: sqlite3.Connection, incidents: Collection[int], at: Timestamp = float("inf")
) -> dict[int, list[Action]]:
    """Notes on each of these incidents that had been written by then and not taken back, in order."""
    found: dict[int, list[Action]] = {}
    for row in db.execute(
        "SELECT i.incident, t.* FROM json_each(?) c CROSS JOIN incident_action i ON i.incident = c.value "
        "CROSS JOIN action t ON t.id = i.action AND t.verb = ? AND t.at <= ? "
        "LEFT JOIN action u ON u.id = t.undone_by WHERE t.undone_by IS NULL OR u.at > ? ORDER BY t.at, t.id",
        (json.dumps(list(incidents)), NOTE, at, at),
    ):
        found.setdefault(row["incident"], []).append(action_of(row)._replace(undone_by=None))
    return found


def last_handovers(db: sqlite3.Connection, count: int) -> list[Action]:
    """The handovers that were made last, by anybody, the newest first."""
    rows = db.execute("SELECT * FROM action WHERE verb = ? ORDER BY id DESC LIMIT ?", (HANDOVER, count))
    return [action_of(row) for row in rows]


def stood(db: sqlite3.Connection, at: Timestamp) -> list[Event]:
    """The last event of each kind and subject before a moment: how everything stood then."""
    rows = db.execute(
        "SELECT id, at, kind, subject, before, state, words FROM event "
        "WHERE id IN (SELECT max(id) FROM event WHERE at < ? GROUP BY kind, subject) ORDER BY at, id",
        (at,),
    )
    return [Event(**dict(row)) for row in rows]


_TABLES: Final = {Source.EVENT: "event", Source.BELL: "bell", Source.ACTION: "action"}


def _sources(wanted: Wanted) -> tuple[Source, ...]:
    return {
        Only.PEOPLE: (Source.ACTION,),
        Only.ALARMS: (Source.BELL,),
        Only.OUTAGES: (Source.EVENT,),
    }.get(wanted.only, tuple(Source))


def _read(
    db: sqlite3.Connection,
    source: Source,
    wanted: Wanted,
    bound: str,
    values: Sequence[object],
    limit: int,
    *,
    order: str = "t.at DESC, t.id DESC",
) -> list[Logged]:
    where, more = _filter(source, wanted)
    rows = db.execute(
        f"SELECT t.* FROM {_TABLES[source]} t WHERE {bound}{where} ORDER BY {order} LIMIT ?",  # noqa: S608 - ours
        (*values, *more, limit),
    )
    return [Logged(source, row["id"], _MAKE[source](row)) for row in rows]


def _filter(source: Source, wanted: Wanted) -> tuple[str, list[object]]:
    """SQL that keeps what is wanted of a source, and its values."""
    where, values = "", list[object]()
    if wanted.only is Only.PEOPLE:
        where += " AND t.who <> ?"
        values.append(alarms.COLLECTOR)
    if wanted.only is Only.OUTAGES:
        where += f" AND t.kind IN ({marks(len(OUTAGE_KINDS))})"
        values += OUTAGE_KINDS
    if wanted.verbs and source is Source.ACTION:
        where += f" AND t.verb IN ({marks(len(wanted.verbs))})"
        values += wanted.verbs
    if wanted.front is None:
        return where, values
    if source is Source.EVENT:
        where += f" AND (t.kind NOT IN ({marks(len(FRONT_KINDS))}) OR t.subject = ?)"
        values += [*FRONT_KINDS, wanted.front]
    elif source is Source.BELL:
        where += " AND EXISTS (SELECT 1 FROM incident_front f WHERE f.incident = t.incident AND f.front = ?)"
        values.append(wanted.front)
    else:
        where += _ACTION_ON_FRONT
        values.append(wanted.front)
    return where, values


_ACTION_ON_FRONT: Final = (
    # An undo is of the fronts of what it took back.
    " AND EXISTS (SELECT 1 FROM action a WHERE a.id = "
    "CASE t.verb WHEN 'undo' THEN CAST(t.subject AS INTEGER) ELSE t.id END AND (a.subject <> 'incidents' "
    # Its own few ids: incident_action is sorted by incident, and would be read whole for each line.
    "OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(a.payload) THEN a.payload END, '$.ids') j "
    "CROSS JOIN incident_front f ON f.incident = j.value AND f.front = ?)))"
)


def _event_of(row: sqlite3.Row) -> Event:
    return Event(**{name: row[name] for name in ("id", "at", "kind", "subject", "before", "state", "words")})


_MAKE: Final[dict[Source, Callable[[sqlite3.Row], Action | Event | Bell]]] = {
    Source.EVENT: _event_of,
    Source.BELL: alarms.bell_of,
    Source.ACTION: action_of,
}


def _with_undone(db: sqlite3.Connection, lines: Sequence[Logged]) -> list[Logged]:
    """The lines, each undo with the action that it took back."""
    subjects = (line.what.subject for line in lines if _is_undo(line.what))
    ids = [int(subject) for subject in subjects if subject.isdecimal() and len(subject) < _DIGITS]
    taken_back: dict[str, Action] = {}
    for first in range(0, len(ids), _VARIABLES):
        some = ids[first : first + _VARIABLES]
        rows = db.execute(f"SELECT * FROM action WHERE id IN ({marks(len(some))})", some)  # noqa: S608 - marks
        taken_back |= {str(row["id"]): action_of(row) for row in rows}
    return [
        replace(line, undid=taken_back.get(line.what.subject)) if _is_undo(line.what) else line
        for line in lines
    ]


def _is_undo(what: Action | Event | Bell) -> TypeGuard[Action]:
    return isinstance(what, Action) and what.verb == UNDO
