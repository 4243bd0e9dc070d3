"""Alarms: what was judged of each incident, every bell, and states that come by time or rule.

Questions and writes on a connection that is given, as in :mod:`tui.store.outlook`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.incidents.alarms import Bell, Cause, Level, Muted
from tui.incidents.attention import QUIET_AFTER, Turn, Verb
from tui.model import Incident, Kind, State, Timestamp
from tui.policy import Priority
from tui.store.rows import ALL_FRONTS, INCIDENT, SEVERITIES, incident_of, marks, object_of

if TYPE_CHECKING:
    from tui.incidents.outbox import Post

UNSHELVE: Final = "unshelve"
COLLECTOR: Final = "collector"
"""Who does what comes by itself."""
BATCH: Final = 500
"""Incidents judged in one transaction."""


def unjudged(db: sqlite3.Connection) -> tuple[int, list[Incident]]:
    """The next incidents that are new or changed since they were judged, and the seq up to which they go."""
    rows = db.execute(
        INCIDENT + "WHERE i.seq > (SELECT judged FROM counter) ORDER BY i.seq LIMIT ?",  # noqa: S608 - ours
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
            row["own"],
            SEVERITIES[row["severity"]],
            row["killed"],
            row["why"],
        )
        for row in rows
        # What a hand has made unreadable was not judged.
        if row["priority"] in tuple(Priority) and row["severity"] in SEVERITIES
    }


def put(
    db: sqlite3.Connection,
    judged: int,
    after: Mapping[int, Level],
    bells: Sequence[Bell],
    posts: Sequence[Post],
    queued: Timestamp,
) -> None:
    """Stores what was judged of incidents up to that seq, the bells, and what is to be sent of these.

    ``queued``: now, by the machine's clock.
    """
    from tui.store import messages  # here: a screen reads bells and sends nothing, and its first paint waits

    db.execute("UPDATE counter SET judged = max(judged, ?)", (judged,))
    db.executemany(
        "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?)",
        [
            (id, level.priority, level.own, level.severity.rank, level.killed, level.why)
            for id, level in after.items()
        ],
    )
    rows = []
    for bell in bells:
        db.execute("UPDATE counter SET seq = seq + 1")
        cursor = db.execute(
            "INSERT INTO bell (seq, at, incident, priority, cause, muted, words) "
            "SELECT seq, ?, ?, ?, ?, ?, ? FROM counter",
            (bell.at, bell.incident, bell.priority, bell.cause, bell.muted, bell.words),
        )
        rows.append(int(cursor.lastrowid or 0))
    messages.put(db, rows, posts, queued)


def bells(db: sqlite3.Connection, since: Timestamp, limit: int = 1000) -> list[Bell]:
    """Every bell from then on, in order; the last ``limit`` of it."""
    rows = db.execute("SELECT * FROM bell WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?", (since, limit))
    return [bell_of(row) for row in reversed(rows.fetchall())]


def bells_after(db: sqlite3.Connection, seq: int, limit: int = 100) -> list[Bell]:
    """Every bell that was stored after ``seq``, in order; the last ``limit`` of it."""
    rows = db.execute("SELECT * FROM bell WHERE seq > ? ORDER BY seq DESC, id DESC LIMIT ?", (seq, limit))
    return [bell_of(row) for row in reversed(rows.fetchall())]


def overdue(db: sqlite3.Connection, now: Timestamp) -> list[int]:
    """Incidents that are shelved although their time is over; a shelving of before they had one has none."""
    rows = db.execute(
        "SELECT incident FROM incident_state WHERE state = ? AND coalesce(until, 0) <= ? ORDER BY incident",
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
    db.executemany("DELETE FROM incident_state WHERE incident = ?", [(each,) for each in ids])
    _raise(db, ids)
    return ids


def quiet(db: sqlite3.Connection, now: Timestamp) -> list[Turn]:
    """Incidents that are to be closed for time has passed, since this was looked at last."""
    line = now - QUIET_AFTER
    rows = db.execute(
        "SELECT f.incident, coalesce(s.state, ?) AS state "
        "FROM incident_front f INDEXED BY incident_front_by_last "
        "LEFT JOIN incident_state s ON s.incident = f.incident "
        "WHERE f.front = ? AND f.kind = ? AND f.last_seen >= ? AND f.last_seen <= ? "
        "AND coalesce(s.state, ?) NOT IN (?, ?) ORDER BY f.incident",
        (
            State.NEW,
            ALL_FRONTS,
            Kind.INCIDENT,
            -9e18 if (last := closed_until(db)) is None else last,
            line,
            State.NEW,
            State.SHELVED,
            State.CLOSED,
        ),
    )
    return [Turn(row["incident"], Verb.CLOSE, State(row["state"])) for row in rows]


def closed_until(db: sqlite3.Connection) -> Timestamp | None:
    """What was told of last before then was looked at; None: nothing was ever."""
    (line,) = db.execute("SELECT closed FROM counter").fetchone()
    return None if line is None else float(line)


def is_closed_up(db: sqlite3.Connection, now: Timestamp) -> bool:
    """Whether there is nothing to close; a clock that was set back is a reason to look anew."""
    last = closed_until(db)
    return last is not None and last <= now - QUIET_AFTER and not quiet(db, now)


def close(db: sqlite3.Connection, now: Timestamp) -> list[Turn]:
    """Closes what has been quiet, in one line of the log; which incidents those were.

    The very first time these are all the old ones of a store, of before there was such a state: no screen
    draws them otherwise for it, so they get no new numbers, by which every screen would read them all.
    """
    turns, first = quiet(db, now), closed_until(db) is None
    turn(db, turns, now, shown=not first)
    db.execute("UPDATE counter SET closed = ?", (now - QUIET_AFTER,))
    return turns


def turn(db: sqlite3.Connection, turns: Sequence[Turn], now: Timestamp, *, shown: bool = True) -> None:
    """Brings incidents to other states, with a line in the log for each verb and rule."""
    for verb, rule in dict.fromkeys((each.verb, each.rule) for each in turns):
        some = [each for each in turns if (each.verb, each.rule) == (verb, rule)]
        ids, state = [each.incident for each in some], some[0].state
        payload: dict[str, object] = {"ids": ids}
        if acknowledged := [each.incident for each in some if each.before is State.ACKNOWLEDGED]:
            payload["acknowledged"] = acknowledged
        if rule:
            payload["rule"] = rule
        action = db.execute(
            "INSERT INTO action (at, who, verb, subject, payload) VALUES (?, ?, ?, 'incidents', ?)",
            (now, COLLECTOR, verb, json.dumps(payload, ensure_ascii=False)),
        ).lastrowid
        if state is State.NEW:
            db.executemany("DELETE FROM incident_state WHERE incident = ?", [(each,) for each in ids])
        else:
            db.executemany(
                "INSERT OR REPLACE INTO incident_state VALUES (?, ?, ?, ?, ?, NULL)",
                [(each, state, rule or COLLECTOR, now, action) for each in ids],
            )
    if shown:
        _raise(db, [each.incident for each in turns])


def open_since(db: sqlite3.Connection, since: Timestamp, states: Collection[State]) -> list[Incident]:
    """Incidents in one of these states that were told of after ``since``."""
    rows = db.execute(
        "SELECT i.*, s.state, s.who, s.until "  # noqa: S608 - marks
        "FROM incident_front f INDEXED BY incident_front_by_last "
        "JOIN incident i ON i.id = f.incident LEFT JOIN incident_state s ON s.incident = i.id "
        "WHERE f.front = ? AND f.kind = ? AND f.last_seen > ? "
        f"AND coalesce(s.state, ?) IN ({marks(len(states))}) ORDER BY i.id",
        (ALL_FRONTS, Kind.INCIDENT, since, State.NEW, *states),
    )
    return [incident_of(row) for row in rows]


class Closed(NamedTuple):
    """Incidents that closed by themselves within some time."""

    total: int
    gravest: list[Incident]
    """The first of them, the gravest first."""
    overlooked: frozenset[int]
    """Those of the gravest that no person ever acknowledged, nor any rule suppressed."""


def closed(
    db: sqlite3.Connection,
    front: str,
    others: Collection[str],
    since: Timestamp,
    until: Timestamp,
    limit: int,
) -> Closed:
    """The incidents of a front, on none of ``others``, that were closed then; the gravest ``limit``."""
    which = (
        "FROM json_each(?) c CROSS JOIN incident_state s ON s.incident = c.value "  # noqa: S608 - marks
        "CROSS JOIN incident_front f ON f.incident = s.incident AND f.front = ? AND f.kind = ? "
        "WHERE s.state = ? AND s.at >= ? AND s.at <= ? AND NOT EXISTS (SELECT 1 FROM incident_front o "
        f"WHERE o.incident = s.incident AND o.front IN ({marks(len(others))}))"
    )
    ids = json.dumps(list(closed_between(db, since, until)))
    values = (ids, front, Kind.INCIDENT, State.CLOSED, since, until, *others)
    (count,) = db.execute(f"SELECT count(*) {which}", values).fetchone()
    rows = db.execute(
        f"SELECT i.*, c.state, c.who, c.until FROM (SELECT s.*, f.severity, f.first_seen {which} "  # noqa: S608 - ours
        "ORDER BY f.severity DESC, f.first_seen DESC, s.incident DESC LIMIT ?) c "
        "JOIN incident i ON i.id = c.incident ORDER BY c.severity DESC, c.first_seen DESC, i.id DESC",
        (*values, limit),
    )
    gravest = [incident_of(row) for row in rows]
    return Closed(count, gravest, overlooked(db, gravest, until))


def overlooked(db: sqlite3.Connection, incidents: Sequence[Incident], until: Timestamp) -> frozenset[int]:
    """Those of the incidents that until then no person ever acknowledged, nor any rule suppressed."""
    first = min((each.first_seen for each in incidents), default=until)
    rows = db.execute(
        "SELECT payload FROM action a WHERE at >= ? AND at <= ? AND verb IN (?, ?) AND NOT EXISTS "
        "(SELECT 1 FROM action u WHERE u.id = a.undone_by AND u.at <= ?)",
        (first, until, "acknowledge", Verb.SUPPRESS, until),
    )
    seen_to = {id for row in rows for id in object_of(row["payload"]).get("ids", ())}
    return frozenset(each.id for each in incidents) - seen_to


def closed_between(db: sqlite3.Connection, since: Timestamp, until: Timestamp) -> set[int]:
    """Incidents that were closed then; some may have been opened again."""
    rows = db.execute(
        "SELECT payload FROM action WHERE at >= ? AND at <= ? AND verb = ?", (since, until, Verb.CLOSE)
    )
    return {id for row in rows for id in object_of(row["payload"]).get("ids", ())}


def _raise(db: sqlite3.Connection, incidents: Sequence[int]) -> None:
    """Gives the incidents new numbers, so that every screen on the store learns of it."""
    (seq,) = db.execute("SELECT seq FROM counter").fetchone()
    numbered = [(seq + number, id) for number, id in enumerate(incidents, 1)]
    db.executemany("UPDATE incident SET seq = ? WHERE id = ?", numbered)
    db.execute("UPDATE counter SET seq = seq + ?", (len(numbered),))


def bell_of(row: sqlite3.Row) -> Bell:
    """From the columns of ``bell``. A priority that nobody knows is the gravest: somebody must look."""
    known = row["priority"] in tuple(Priority)
    return Bell(
        row["at"],
        row["incident"],
        Priority(row["priority"]) if known else Priority.CRITICAL,
        Cause(row["cause"]),
        Muted(row["muted"]),
        row["words"],
    )
