"""Figures as of a past minute: incidents by the hour, and what a tally counts.

Made of the incidents as they stood then, which :class:`tui.store.past.Past` knows; of the store is read what
that does not.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tui.clock import HOUR
from tui.incidents.tally import Asked, Counted
from tui.incidents.tempo import Hours
from tui.model import Kind, Report, Timestamp
from tui.store import outlook, tally
from tui.store.learnt import Then


def hours(
    db: sqlite3.Connection,
    rows: Iterable[Then],
    at: Timestamp,
    front: str,
    until: Timestamp,
    count: int,
    type: str | None,
    by: str | None,
) -> Hours:
    """As :func:`tui.store.outlook.hours`, of the incidents that are given.

    Of the hour that was not over yet it is known how long the front was seen in all of it, not by then: it
    counts as seen from its beginning on.
    """
    counts = [0] * count
    for row in _asked(rows, front, type, by):
        if until - count * HOUR < row.first <= until:
            counts[min(int((until - row.first) / HOUR), count - 1)] += 1
    then = outlook.hours(db, front, until, count)
    seen, partly = list(then.seen), list(then.partly)
    for ago in range(count):
        start = int((until - (ago + 0.5) * HOUR) // HOUR) * HOUR
        over = at - start
        partly[ago] = over > 0.0 and (partly[ago] or (seen[ago] and over < outlook.SEEN_SECONDS))
        seen[ago] = seen[ago] and over >= outlook.SEEN_SECONDS
    return Hours(until, tuple(counts), tuple(seen), tuple(partly))


def counted(
    db: sqlite3.Connection, rows: Iterable[Then], asked: Asked, home: Mapping[str, int]
) -> list[Counted]:
    """As :func:`tui.store.tally.counted`, of the incidents that are given."""
    found = [
        row
        for row in _asked(rows, asked.front, asked.type, asked.by)
        if asked.since <= row.first <= asked.until
    ]
    if asked.against is not None:
        sides = _sides_hurt(db, found, asked.until, home)
        found = [row for row in found if sides.get(row.id) == asked.against != row.by]
    found.sort(key=lambda row: row.key)
    return [Counted(row.id, row.first, row.type, row.by, row.publishers) for row in found]


def _asked(rows: Iterable[Then], front: str | None, type: str | None, by: str | None) -> Iterator[Then]:
    for row in rows:
        if (
            row.kind is Kind.INCIDENT
            and (front is None or front in row.fronts)
            and type in (None, row.type)
            and by in (None, row.by)
        ):
            yield row


def _sides_hurt(
    db: sqlite3.Connection, rows: Iterable[Then], at: Timestamp, home: Mapping[str, int]
) -> dict[int, str]:
    """The side that had suffered each incident, by its id: that which most of its reports told."""
    votes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in db.execute(
        "SELECT r.key, r.incident, r.against FROM json_each(?) c CROSS JOIN report r ON r.incident = c.value "
        "WHERE r.against IS NOT NULL AND r.seen <= ? ORDER BY r.published, r.seq",
        (json.dumps([row.id for row in rows]), at),
    ):
        votes[home.get(row["key"], row["incident"])][row["against"]] += 1
    return {incident: told.most_common(1)[0][0] for incident, told in votes.items()}


def may_quote(db: sqlite3.Connection, asked: Asked, at: Timestamp) -> list[Report]:
    """As :func:`tui.store.tally.may_quote`, of what had been seen."""
    asked = replace(asked, until=min(asked.until, at))
    return [report for report in tally.may_quote(db, asked) if report.seen <= at]
