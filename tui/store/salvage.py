"""What can still be read of a damaged store, copied into a new one.

A page that can't be read takes the rows on it, and no others: reading goes on behind it. What is made from
other rows (the search index, the lists of the fronts, an incident's digest of its reports) is made anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from tui.incidents.rulings import laid_over, summed
from tui.store import rulings
from tui.store.connect import Damaged
from tui.store.rows import (
    ALL_FRONTS,
    INCIDENT_COLUMNS,
    incident_of,
    incident_row,
    marks,
    rank,
    report_of,
)
from tui.store.words import words_of

_FARTHEST: Final = 2**40
"""Row ids that are passed over in search of a readable page before the rest of a table is given up."""

_BY_NUMBER: Final = (
    "action",
    "incident_state",
    "ruling",
    "incident",
    "report",
    "event",
    "bell",
    "alarm",
    "message",
)
"""Tables whose rows have a number; what people did is saved first."""

_BY_KEY: Final = (
    "correction",
    "ruled",
    "incident_action",
    "feed",
    "standing",
    "seen",
    "heartbeat",
    "request",
)
"""Tables that are read from both ends."""

_BATCH: Final = 2000

_INCIDENT_STATE: Final = ", NULL AS state, NULL AS who, NULL AS until"
"""What :func:`incident_of` reads besides, and an incident's own row does not hold."""


@dataclass
class Salvaged:
    """What was saved, and what was not."""

    saved: Counter[str] = field(default_factory=Counter)
    """Rows by table."""
    lost: Counter[str] = field(default_factory=Counter)
    """Places by table from which nothing could be read: a row at the least, often a page of them."""


def salvage(source: sqlite3.Connection, target: sqlite3.Connection) -> Salvaged:
    """Copies into ``target``, a new store without foreign keys in force, what ``source`` still gives.

    ``target`` holds together afterwards. What was kept of the feeds' documents is left out: each is asked for
    anew as a whole, and what was lost and is still told comes back. Raises ``sqlite3.Error`` of ``target``.
    """
    found = Salvaged()
    source.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    source.execute("PRAGMA writable_schema = ON")  # else SQLite reads nothing of a file that was cut off
    target.execute("BEGIN")
    for table in _BY_NUMBER:
        _copy(found, source, target, table, _numbered(source, table, found))
    for table in _BY_KEY:
        _copy(found, source, target, table, _keyed(source, table, _key_of(target, table), found))
    # Nor is a feed fresh by what is lost: its front is blind until it has answered again.
    target.execute(
        "UPDATE feed SET etag = '', last_modified = '', digest = '', "
        "last_poll = NULL, last_ok = NULL, next_poll = NULL"
    )
    _tie_up_acts(target)
    _make_incidents(target, found)
    _make_words(target)
    _number_on(source, target)
    target.execute("COMMIT")
    return found


def _copy(
    found: Salvaged,
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    table: str,
    rows: Iterator[sqlite3.Row],
) -> None:
    """Copies rows of a table, in the columns that both stores have."""
    ours = [row["name"] for row in target.execute(f"PRAGMA table_info({table})")]
    good: Callable[[sqlite3.Row], object] = _GOOD.get(table, bool)
    for row in rows:
        columns = [name for name in row.keys() if name in ours]  # noqa: SIM118 - a Row iterates over its values
        names = ", ".join(f'"{name}"' for name in columns)
        try:
            good(row)
            target.execute(
                f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks(len(columns))})",  # noqa: S608 - ours
                [row[name] for name in columns],
            )
        except (Damaged, sqlite3.IntegrityError, sqlite3.OperationalError) as error:
            if "full" in str(error):
                raise
            found.lost[table] += 1
        else:
            found.saved[table] += 1


_GOOD: Final[dict[str, Callable[[sqlite3.Row], object]]] = {"report": report_of, "incident": incident_of}
"""Raises ``Damaged`` for a row that could be read, but is none of ours."""


def _numbered(source: sqlite3.Connection, table: str, found: Salvaged) -> Iterator[sqlite3.Row]:
    """The rows of a table by their number, with a gap where they can't be read."""
    more = _INCIDENT_STATE if table == "incident" else ""
    question = f"SELECT *, rowid AS salvaged{more} FROM {table} WHERE rowid >= ? ORDER BY rowid"  # noqa: S608 - ours
    at = 0
    while True:
        try:
            for row in source.execute(question, (at,)):
                yield row
                at = row["salvaged"] + 1
            return
        except sqlite3.DatabaseError:
            found.lost[table] += 1
            behind = _behind(source, table, at)
            if behind is None:
                return
            at = behind


def _behind(source: sqlite3.Connection, table: str, at: int) -> int | None:
    """The first number after ``at`` from which on a row can be read; None where there is none."""
    question = f"SELECT * FROM {table} WHERE rowid >= ? ORDER BY rowid LIMIT 1"  # noqa: S608 - ours

    def reads(number: int) -> bool:
        try:
            source.execute(question, (number,)).fetchone()
        except sqlite3.DatabaseError:
            return False
        return True

    step = 1
    while not reads(at + step):
        step *= 2
        if step > _FARTHEST:
            return None
    low, high = at + step // 2, at + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reads(middle) else (middle, high)
    return high


def _key_of(target: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in target.execute(f"PRAGMA table_info({table})") if row["pk"]]


def _keyed(source: sqlite3.Connection, table: str, keys: list[str], found: Salvaged) -> Iterator[sqlite3.Row]:
    """The rows of a table from its first on, and where they can't be read from its last back."""
    try:
        yield from source.execute(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}")  # noqa: S608 - ours
    except sqlite3.DatabaseError:
        found.lost[table] += 1
        back = ", ".join(f"{key} DESC" for key in keys)
        with suppress(sqlite3.DatabaseError):  # that it can't all be read is counted already
            yield from source.execute(f"SELECT * FROM {table} ORDER BY {back}")  # noqa: S608 - ours


def _tie_up_acts(db: sqlite3.Connection) -> None:
    """What people did holds, whatever of the log about it was lost."""
    # How an incident stands is worth more than the line that tells of it: the line is made from it.
    lacking = db.execute(
        "SELECT action, state, who, at, json_group_array(incident) AS ids FROM incident_state "
        "WHERE action NOT IN (SELECT id FROM action) GROUP BY action"
    ).fetchall()
    for row in lacking:
        verb = {"acknowledged": "acknowledge", "shelved": "shelve"}.get(row["state"], row["state"])
        payload = json.dumps({"ids": json.loads(row["ids"]), "before": "new"})
        db.execute(
            "INSERT INTO action (id, at, who, verb, subject, payload) VALUES (?, ?, ?, ?, 'incidents', ?)",
            (row["action"], row["at"], row["who"], verb, payload),
        )
    # Taken back stays taken back.
    db.execute("UPDATE action SET undone_by = id WHERE undone_by NOT IN (SELECT id FROM action)")
    for table in ("ruling", "correction", "ruled", "incident_action"):
        db.execute(f"DELETE FROM {table} WHERE action NOT IN (SELECT id FROM action)")  # noqa: S608 - ours
    db.execute("DELETE FROM message WHERE bell NOT IN (SELECT id FROM bell)")


def _make_incidents(db: sqlite3.Connection, found: Salvaged) -> None:
    """An incident for every report that was of one, and each as its reports make it."""
    changed = db.execute(
        "SELECT r.incident, count(*) AS reports FROM report r LEFT JOIN incident i ON i.id = r.incident "
        "WHERE r.incident IS NOT NULL GROUP BY r.incident HAVING i.id IS NULL OR i.reports <> count(*)"
    ).fetchall()
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM incident").fetchone()
    for seq, (id, _) in enumerate(changed, last + 1):
        rows = db.execute("SELECT * FROM report WHERE incident = ? ORDER BY published, seq", (id,))
        made = laid_over(summed(id, [report_of(row) for row in rows]), rulings.corrected(db, id))
        db.execute(
            f"INSERT OR REPLACE INTO incident VALUES ({marks(len(INCIDENT_COLUMNS))})",  # noqa: S608 - ours
            incident_row(made, seq),
        )
    # One of which no report is left is gone from the boards, as after a merge.
    empty = "reports > 0 AND id NOT IN (SELECT incident FROM report WHERE incident IS NOT NULL)"
    (gone,) = db.execute(f"SELECT count(*) FROM incident WHERE {empty}").fetchone()  # noqa: S608 - ours
    found.lost["incident"] += gone
    found.saved["incident"] = db.execute(f"SELECT count(*) FROM incident WHERE NOT ({empty})").fetchone()[0]  # noqa: S608 - ours
    db.execute(f"UPDATE incident SET fronts = '[]', publishers = '[]', reports = 0 WHERE {empty}")  # noqa: S608 - ours
    for table in ("incident_state", "correction", "ruled", "alarm"):
        db.execute(f"DELETE FROM {table} WHERE incident NOT IN (SELECT id FROM incident)")  # noqa: S608 - ours
    for row in db.execute(f"SELECT *{_INCIDENT_STATE} FROM incident WHERE reports > 0").fetchall():  # noqa: S608 - ours
        each = incident_of(row)
        db.executemany(
            "INSERT INTO incident_front VALUES (?, ?, ?, ?, ?, ?)",
            [
                (each.id, front, each.kind, rank(each.severity), each.first_seen, each.last_seen)
                for front in (ALL_FRONTS, *each.fronts)
            ],
        )


def _make_words(db: sqlite3.Connection) -> None:
    """The search index, of every report."""
    last = 0
    while rows := db.execute(
        "SELECT * FROM report WHERE seq > ? ORDER BY seq LIMIT ?", (last, _BATCH)
    ).fetchall():
        last = rows[-1]["seq"]
        db.executemany(
            "INSERT INTO report_words (rowid, title, summary) VALUES (?, ?, ?)",
            [(row["seq"], *words_of(report_of(row))) for row in rows],
        )


def _number_on(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Numbers go on where they were: none is given twice, and what was judged rings no more."""
    seq, incident = 0, 0
    with suppress(sqlite3.DatabaseError):  # then by what was saved
        seq, incident = source.execute("SELECT seq, incident FROM counter").fetchone() or (0, 0)
    tables = ("incident", "report", "feed", "standing", "event", "bell")
    highest = " UNION ALL ".join(f"SELECT max(seq) FROM {table}" for table in tables)  # noqa: S608 - ours
    (most,) = target.execute(f"SELECT * FROM ({highest}) ORDER BY 1 DESC LIMIT 1").fetchone()  # noqa: S608 - ours
    (last,) = target.execute("SELECT coalesce(max(id), 0) FROM incident").fetchone()
    seq = max(seq, most or 0)
    target.execute(
        "UPDATE counter SET seq = ?, judged = ?, incident = ?, closed = NULL", (seq, seq, max(incident, last))
    )
