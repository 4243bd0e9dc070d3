"""What the store has for a tally: incidents by who suffered them, and reports that may quote a figure."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from tui.incidents import figures
from tui.incidents.tally import Asked, Counted
from tui.model import Kind, Report, Timestamp
from tui.store.rows import ALL_FRONTS, report_of
from tui.tagging.language import detect

_ON_FRONT: Final = "EXISTS (SELECT 1 FROM json_each(r.fronts) WHERE value = ?)"


def counted(db: sqlite3.Connection, asked: Asked) -> list[Counted]:
    """The incidents asked for, in order of time.

    One is against the side that most of its reports tell, of equals the one told first. No side attacks
    itself: an answer is told with the harm that it is for.
    """
    named = [(f"i.{name} = ?", value) for name, value in (("type", asked.type), ("by", asked.by)) if value]
    rows = db.execute(
        "SELECT i.id, i.first_seen, i.type, i.by, json_array_length(i.publishers) AS publishers "  # noqa: S608 - ours
        "FROM incident_front f INDEXED BY incident_front_by_first JOIN incident i ON i.id = f.incident "
        "WHERE f.front = ? AND f.kind = ? AND f.first_seen >= ? AND f.first_seen <= ? "
        f"{''.join(f'AND {words} ' for words, _ in named)}ORDER BY f.first_seen, f.incident",
        (asked.front or ALL_FRONTS, Kind.INCIDENT, asked.since, asked.until, *(value for _, value in named)),
    ).fetchall()
    if asked.against is not None:
        sides = _sides_hurt(db, asked)
        rows = [row for row in rows if sides.get(row["id"]) == asked.against != row["by"]]
    return [Counted(row["id"], row["first_seen"], row["type"], row["by"], row["publishers"]) for row in rows]


def _sides_hurt(db: sqlite3.Connection, asked: Asked) -> dict[int, str]:
    """The side that suffered each incident, by its id."""
    votes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in db.execute(
        "SELECT r.incident, r.against FROM incident_front f INDEXED BY incident_front_by_first "
        "JOIN report r ON r.incident = f.incident "
        "WHERE f.front = ? AND f.kind = ? AND f.first_seen >= ? AND f.first_seen <= ? "
        "AND r.against IS NOT NULL ORDER BY r.published, r.seq",
        (asked.front or ALL_FRONTS, Kind.INCIDENT, asked.since, asked.until),
    ):
        votes[row["incident"]][row["against"]] += 1
    return {incident: told.most_common(1)[0][0] for incident, told in votes.items()}


def first_incident(db: sqlite3.Connection, front: str | None) -> Timestamp | None:
    """When the first incident stored on the front began."""
    row = db.execute(
        "SELECT min(first_seen) FROM incident_front WHERE front = ? AND kind = ?",
        (front or ALL_FRONTS, Kind.INCIDENT),
    ).fetchone()
    return None if row[0] is None else float(row[0])


def may_quote(db: sqlite3.Connection, asked: Asked) -> Iterator[Report]:
    """Reports of any kind on the front since then that count something since a date.

    They are looked for in the rows, for of thousands a handful are it, and only these are made reports of.
    """
    where, values = "r.published >= ? AND r.published <= ?", [asked.since, asked.until]
    if asked.front is None:
        found = db.execute(f"SELECT r.* FROM report r WHERE {where} AND r.fronts <> '[]'", values)  # noqa: S608 - ours
    else:
        found = db.execute(f"SELECT r.* FROM report r WHERE {where} AND {_ON_FRONT}", (*values, asked.front))  # noqa: S608 - ours
    return (report_of(row) for row in found if any(_counts(row[text], row) for text in ("title", "summary")))


def _counts(text: str, row: sqlite3.Row) -> bool:
    return figures.may_quote(text, detect(text, row["language"]))
