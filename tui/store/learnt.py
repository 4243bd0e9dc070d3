"""Incidents as they stood at a past minute: from the reports seen by then and the actions taken by then.

An incident of then is the digest of its reports seen by then, with the state that people had put it in by
then; corrections, merges and splits count as of then too. One thing is known as of today only: reports that
the merger itself moved later, when a late one re-opened its choice, are shown where they are now.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tui.incidents.rulings import laid_over, summed
from tui.model import Incident, Kind, Report, Timestamp
from tui.store import acts
from tui.store.connect import told
from tui.store.rows import incident_of, marks, rank, report_of

_FRONT_LISTS: Final = """
WITH RECURSIVE some (fronts) AS (
    SELECT min(fronts) FROM report WHERE incident IS NOT NULL
    UNION ALL
    SELECT (SELECT min(r.fronts) FROM report r WHERE r.incident IS NOT NULL AND r.fronts > some.fronts)
    FROM some WHERE some.fronts IS NOT NULL
)
SELECT fronts FROM some WHERE fronts IS NOT NULL
"""
"""Every list of fronts that a report has, by a seek of the index each."""

_TOLD: Final = """
SELECT i.id, i.kind, i.fronts, i.severity, i.type, i.by, json_array_length(i.publishers) AS publishers,
    min(r.published) AS first, max(r.published) AS last,
    max(r.seen) <= ?2 AS whole, min(r.seen) <= ?2 AS known,
    EXISTS (SELECT 1 FROM incident_action x JOIN action a ON a.id = x.action
        WHERE x.incident = i.id AND a.verb = 'correct') AS corrected
FROM json_each(?1) c
CROSS JOIN report r ON r.incident = c.value
CROSS JOIN incident i ON i.id = c.value
GROUP BY c.value
"""


class Then(NamedTuple):
    """What a list and its figures need to know of an incident of then."""

    id: int
    kind: Kind
    fronts: tuple[str, ...]
    severity: int
    """Its rank; 0 for what has none."""
    first: Timestamp
    last: Timestamp
    type: str | None
    by: str | None
    publishers: int
    made: Incident | None
    """Where more is known of it today: as it was made of the reports of then."""

    @property
    def key(self) -> tuple[Timestamp, int]:
        """In the order of a list, the last one first."""
        return (self.first, self.id)


class Learnt:
    """What is known of the incidents of then; it is read when it is first asked for.

    Every method raises :class:`tui.store.connect.StoreError` where the store can't be read.
    """

    def __init__(self, db: sqlite3.Connection, path: Path, at: Timestamp) -> None:
        self._db = db
        self._path = path
        self.at = at
        with told(path):
            self._moves = acts.moves(db, at)
            self._relisted = acts.relisted(db, at)
        self._known: dict[int, Then] = {}
        self._states: dict[int, acts.Stand] = {}
        self._front_lists = {
            row["fronts"]: tuple(json.loads(row["fronts"])) for row in self._rows(_FRONT_LISTS)
        }
        self._told_since = float("inf")
        """From when on everything that was told of is known."""

    def incident(self, id: int) -> Incident | None:
        """The incident as it stood; None where none of its reports had been seen."""
        self._learn((id,))
        row = self._known.get(id)
        return self._incidents((row,))[0] if row is not None else None

    def incidents_of(self, ids: Iterable[int]) -> dict[int, Incident]:
        """As :meth:`tui.store.reader.Reader.incidents_of`."""
        wanted = set(ids)
        self._learn(wanted)
        return {
            each.id: each for each in self._incidents([self._known[id] for id in wanted & self._known.keys()])
        }

    def reports(self, incident_id: int) -> list[Report]:
        """The reports of an incident that had been seen, in the order in which they were published."""
        related = self._moves.related.get(incident_id, (incident_id,))
        rows = self._rows(
            f"SELECT * FROM report WHERE incident IN ({marks(len(related))}) AND seen <= ? "  # noqa: S608 - marks
            "ORDER BY published, seq",
            (*related, self.at),
        )
        home = self._moves.home
        return [report_of(row) for row in rows if home.get(row["key"], row["incident"]) == incident_id]

    def told(self, since: Timestamp) -> list[Then]:
        """Everything that was told of from ``since`` up to the minute, in no order."""
        if since < self._told_since:
            part = (
                "SELECT incident FROM report INDEXED BY report_by_fronts WHERE incident IS NOT NULL "
                "AND fronts = ? AND published >= ? AND published <= ? AND published < ? AND seen <= ?"
            )
            ids = {
                row["incident"]
                for text in self._front_lists
                for row in self._rows(part, (text, since, self.at, self._told_since, self.at))
            }
            self._learn(ids | self._relisted)
            self._told_since = since
        return [row for row in self._known.values() if row.last >= since]

    def _incidents(self, rows: Sequence[Then]) -> list[Incident]:
        """In their order, each with its state."""
        self._know_states(rows)
        plain = json.dumps([row.id for row in rows if row.made is None])
        made = {row.id: row.made for row in rows if row.made is not None}
        for row in self._rows(
            "SELECT i.*, NULL AS state, NULL AS who, NULL AS until FROM json_each(?) c "
            "JOIN incident i ON i.id = c.value",
            (plain,),
        ):
            made[row["id"]] = incident_of(row)
        return [_standing(made[row.id], self._states.get(row.id, acts.NEW)) for row in rows if row.id in made]

    def _learn(self, ids: Iterable[int]) -> set[int]:
        """Reads what had been told of these incidents. Where nothing came later, today's row is theirs."""
        related = self._moves.related
        all_ids = {each for id in ids for each in related.get(id, (id,))}
        wanted = all_ids - self._known.keys()
        for row in self._rows(_TOLD, (json.dumps(list(wanted)), self.at)):
            id = row["id"]
            if row["whole"] and not row["corrected"] and id not in related:
                fronts = self._front_lists.get(row["fronts"]) or tuple(json.loads(row["fronts"]))
                facts = (row["type"], row["by"], row["publishers"])
                made = (Kind(row["kind"]), fronts, row["severity"] or 0, row["first"], row["last"], *facts)
                self._known[id] = Then(id, *made, made=None)
            elif row["known"] and id not in related:
                self._know(id)
        for id in wanted & related.keys():
            self._know(id)
        return all_ids & self._known.keys()

    def _know(self, id: int) -> None:
        reports = self.reports(id)
        if not reports:
            return
        with told(self._path):
            values = acts.corrected(self._db, id, self.at)
        made = laid_over(summed(id, reports), values)
        self._known[id] = Then(
            id,
            made.kind,
            made.fronts,
            rank(made.severity) or 0,
            made.first_seen,
            made.last_seen,
            made.type,
            made.by,
            len(made.publishers),
            made,
        )

    def _know_states(self, rows: Iterable[Then]) -> None:
        unknown = [row.id for row in rows if row.id not in self._states]
        if unknown:
            with told(self._path):
                found = acts.stands(self._db, unknown, self.at)
            self._states.update((id, found.get(id, acts.NEW)) for id in unknown)

    def _rows(self, question: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with told(self._path):
            return self._db.execute(question, values).fetchall()


def _standing(incident: Incident, stand: acts.Stand) -> Incident:
    return incident._replace(state=stand.state, state_by=stand.who, state_until=stand.until)
