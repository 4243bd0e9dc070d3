"""The store as it stood at a past minute: from the reports seen by then and the actions taken by then.

An incident of then is the digest of its reports seen by then, with the state that people had put it in by
then; corrections, merges and splits count as of then too. One thing is known as of today only: reports that
the merger itself moved later, when a late one re-opened its choice, are shown where they are now. Of postures
and of blindness the past knows what was logged.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from operator import attrgetter
from pathlib import Path
from typing import Final

from tui.clock import DAY, HOUR
from tui.feeds.health import Coverage
from tui.incidents.alarms import MEMORY, Bell
from tui.incidents.rulings import laid_over, summed
from tui.incidents.standing import ACTIVE, BLIND, COVERAGE, POSTURE, Standing
from tui.model import Incident, Kind, Report, Severity, State, Timestamp
from tui.store import acts
from tui.store.alarms import bell_of
from tui.store.connect import told
from tui.store.outlook import SEEN_SECONDS
from tui.store.rows import Counts, incident_of, marks, rank, report_of

_FIRST_STEP: Final = 300
"""Reports that are looked at for a page before it is known how many it takes."""

_END: Final = (float("inf"), float("inf"), 0)

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
SELECT i.id, i.kind, i.fronts, i.severity, min(r.published) AS first, max(r.published) AS last,
    max(r.seen) <= ?2 AS whole, min(r.seen) <= ?2 AS known,
    EXISTS (SELECT 1 FROM incident_action x JOIN action a ON a.id = x.action
        WHERE x.incident = i.id AND a.verb = 'correct') AS corrected
FROM json_each(?1) c
CROSS JOIN report r ON r.incident = c.value
CROSS JOIN incident i ON i.id = c.value
GROUP BY c.value
"""


@dataclass(frozen=True, slots=True)
class _Then:
    """What a list and its figures need to know of an incident of then."""

    id: int
    kind: Kind
    fronts: tuple[str, ...]
    severity: int
    """Its rank; 0 for what has none."""
    first: Timestamp
    last: Timestamp
    made: Incident | None
    """Where more is known of it today: as it was made of the reports of then."""

    @property
    def key(self) -> tuple[Timestamp, int]:
        return (self.first, self.id)


class _Walk:
    """How far the incidents of a front are known, the newest first."""

    def __init__(self) -> None:
        self.at: tuple[float, float, int] = _END
        """Key (published, seen, incident) of the last report looked at."""
        self.step = _FIRST_STEP
        self.ids: set[int] = set()
        self.over = False


class Past:
    """What was on record at ``at``. Its methods are those of a Reader; used by one thread at a time.

    Every method raises :class:`tui.store.connect.StoreError` where the store can't be read.
    """

    def __init__(self, db: sqlite3.Connection, path: Path, at: Timestamp) -> None:
        self._db = db
        self._path = path
        self.at = at
        with told(path):
            self._moves = acts.moves(db, at)
            self._relisted = acts.relisted(db, at)
        self._known: dict[int, _Then] = {}
        self._states: dict[int, acts.Stand] = {}
        self._walks: dict[tuple[str, frozenset[Kind]], _Walk] = {}
        self._front_lists = {
            row["fronts"]: tuple(json.loads(row["fronts"])) for row in self._rows(_FRONT_LISTS)
        }
        self._day = self._of_the_day()

    # Incidents

    def incidents(
        self,
        *,
        front: str,
        kinds: Collection[Kind] | None = None,
        before: tuple[Timestamp, int] | None = None,
        limit: int = 200,
    ) -> list[Incident]:
        """As :meth:`tui.store.reader.Reader.incidents`."""
        chosen = frozenset(Kind if kinds is None else kinds)
        walk = self._walks.setdefault((front, chosen), _Walk())
        while True:
            rows = [
                row
                for row in map(self._known.__getitem__, walk.ids)
                if row.kind in chosen
                and front in row.fronts
                and (walk.over or row.first > walk.at[0])
                and (before is None or row.key < before)
            ]
            if len(rows) >= limit or walk.over:
                break
            self._go_on(walk, front, chosen)
        rows.sort(key=attrgetter("key"), reverse=True)
        return self._incidents(rows[:limit])

    def _go_on(self, walk: _Walk, front: str, kinds: frozenset[Kind]) -> None:
        """Looks at the next reports of a front.

        What began after the last of them is complete: its first report is among them.
        """
        part = (
            "SELECT r.published, r.seen, r.incident FROM report r INDEXED BY report_by_fronts "  # noqa: S608 - marks
            "WHERE r.incident IS NOT NULL AND r.fronts = ? AND (r.published, r.seen, r.incident) < (?, ?, ?) "
            "AND r.seen <= ? AND EXISTS "
            f"(SELECT 1 FROM incident i WHERE i.id = r.incident AND i.kind IN ({marks(len(kinds))})) "
            "ORDER BY published DESC, seen DESC, incident DESC LIMIT ?"
        )
        found = [
            tuple(row)
            for text, fronts in self._front_lists.items()
            if front in fronts
            for row in self._rows(part, (text, *self._from(walk), self.at, *kinds, walk.step))
        ]
        rows = nlargest(walk.step, found)
        if walk.at == _END:
            walk.ids |= self._learn(self._relisted)
        walk.over = len(rows) < walk.step
        walk.step *= 2
        if rows:
            walk.at = rows[-1]
            walk.ids |= self._learn({incident for _, _, incident in rows})

    def _from(self, walk: _Walk) -> tuple[float, float, int]:
        # Nothing is published after it is seen, so the way back begins here.
        return min(walk.at, (self.at, float("inf"), 0))

    def incident(self, id: int) -> Incident | None:
        """The incident as it stood; None where none of its reports had been seen."""
        self._learn((id,))
        row = self._known.get(id)
        return self._incidents((row,))[0] if row is not None else None

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

    def _incidents(self, rows: Sequence[_Then]) -> list[Incident]:
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
                made = (Kind(row["kind"]), fronts, row["severity"] or 0, row["first"], row["last"])
                self._known[id] = _Then(id, *made, made=None)
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
        self._known[id] = _Then(
            id, made.kind, made.fronts, rank(made.severity) or 0, made.first_seen, made.last_seen, made
        )

    def _know_states(self, rows: Iterable[_Then]) -> None:
        unknown = [row.id for row in rows if row.id not in self._states]
        if unknown:
            with told(self._path):
                found = acts.stands(self._db, unknown, self.at)
            self._states.update((id, found.get(id, acts.NEW)) for id in unknown)

    # Figures

    def _of_the_day(self) -> list[_Then]:
        """Everything that was told of within the 24 hours before."""
        part = (
            "SELECT incident FROM report INDEXED BY report_by_fronts "
            "WHERE incident IS NOT NULL AND fronts = ? AND published > ? AND published <= ? AND seen <= ?"
        )
        ids = {
            row["incident"]
            for text in self._front_lists
            for row in self._rows(part, (text, self.at - DAY, self.at, self.at))
        }
        self._learn(ids | self._relisted)
        rows = [row for row in self._known.values() if row.last > self.at - DAY]
        self._know_states(rows)
        return rows

    def counts(self, front: str) -> Counts:
        """As :meth:`tui.store.reader.Reader.counts`, of the 24 hours before."""
        rows = [row for row in self._day if front in row.fronts]
        incidents = [row for row in rows if row.kind is Kind.INCIDENT]
        states = Counter(self._states[row.id].state for row in incidents)
        buckets = [0] * 24
        for row in incidents:
            if row.first > self.at - DAY:
                buckets[23 - min(int((self.at - row.first) / HOUR), 23)] += 1
        context = sum(row.kind is not Kind.INCIDENT and row.first > self.at - DAY for row in rows)
        return Counts(
            states[State.NEW],
            sum(buckets),
            context,
            tuple(buckets),
            states[State.SHELVED],
            states[State.SUPPRESSED],
        )

    def alarms(self, fronts: Sequence[str], worst: Severity, since: Timestamp) -> list[int]:
        """As :meth:`tui.store.reader.Reader.alarms`; ``since`` lies within the 24 hours before."""
        found = [
            row
            for row in self._day
            if row.kind is Kind.INCIDENT
            and row.severity >= worst.rank
            and row.last > since
            and self._states[row.id].state is State.NEW
            and not set(fronts).isdisjoint(row.fronts)
        ]
        return [row.id for row in sorted(found, key=lambda row: (row.severity, *row.key), reverse=True)]

    def newest(self, front: str) -> Timestamp | None:
        """When the newest report on that front was published, of the last hundreds of incidents on it."""
        rows = self._day
        if not any(front in row.fronts for row in rows):
            self.incidents(front=front, limit=1)
            rows = [self._known[id] for id in self._walks[front, frozenset(Kind)].ids]
        return max((row.last for row in rows if front in row.fronts), default=None)

    def standings(self) -> dict[tuple[str, str], Standing]:
        """How each front stood, and each side active on several, with the reason of the last change."""
        found = {}
        for kind in (POSTURE, ACTIVE):
            for row in self._last_events(kind):
                stood = Standing(kind, row["subject"], row["state"], row["at"], row["at"], row["words"])
                found[kind, row["subject"]] = stood
        return found

    def _last_events(self, kind: str) -> list[sqlite3.Row]:
        """The last event of each subject of that kind, by a seek each."""
        return self._rows(
            "WITH RECURSIVE some (subject) AS (SELECT min(subject) FROM event WHERE kind = ?1 UNION ALL "
            "SELECT (SELECT min(e.subject) FROM event e WHERE e.kind = ?1 AND e.subject > some.subject) "
            "FROM some WHERE some.subject IS NOT NULL) "
            "SELECT e.* FROM some JOIN event e ON e.id = (SELECT id FROM event WHERE kind = ?1 "
            "AND subject = some.subject AND at <= ?2 ORDER BY at DESC, id DESC LIMIT 1)",
            (kind, self.at),
        )

    def coverage(self, front: str) -> Coverage:
        """Whether the front was blind, and since when; how many feeds were fresh is not known any more.

        It was if that was logged, or if nobody watched in its hour. That may not be over yet: then the hour
        before may stand for it.
        """
        hour = int(self.at // HOUR)
        seen = self._rows(
            "SELECT 1 FROM seen WHERE front = ? AND hour IN (?, ?) AND seconds >= ? LIMIT 1",
            (front, hour - 1, hour, SEEN_SECONDS),
        )
        logged = self._rows(
            "SELECT at, state FROM event WHERE kind = ? AND subject = ? AND at <= ? "
            "ORDER BY at DESC, id DESC LIMIT 1",
            (COVERAGE, front, self.at),
        )
        since = next((row["at"] for row in logged if row["state"] == BLIND), None)
        return Coverage(0, 0, None, since is not None or not seen, since)

    def bells(self) -> list[Bell]:
        """Alarms of the hours before from which it is known whether a flood was on."""
        rows = self._rows(
            "SELECT * FROM bell WHERE at >= ? AND at <= ? ORDER BY at, id", (self.at - MEMORY, self.at)
        )
        return [bell_of(row) for row in rows]

    def _rows(self, question: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with told(self._path):
            return self._db.execute(question, values).fetchall()


def _standing(incident: Incident, stand: acts.Stand) -> Incident:
    return replace(incident, state=stand.state, state_by=stand.who, state_until=stand.until)
