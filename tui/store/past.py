"""The store as it stood at a past minute: from the reports seen by then and the actions taken by then.

Incidents are as :mod:`tui.store.learnt` knows them. Of postures and of blindness the past knows what was
logged.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from operator import attrgetter
from pathlib import Path
from typing import Final

from tui.clock import DAY, HOUR
from tui.feeds.health import Coverage
from tui.incidents.alarms import MEMORY, Bell
from tui.incidents.rulings import Correction
from tui.incidents.standing import ACTIVE, BLIND, COVERAGE, POSTURE, Event, Standing
from tui.incidents.tally import Asked, Counted
from tui.incidents.tempo import Hours
from tui.model import FeedRecord, Incident, Kind, Report, Severity, State, Timestamp
from tui.store import acts, log
from tui.store.alarms import Closed, bell_of, closed_between, overlooked
from tui.store.connect import told
from tui.store.learnt import Learnt, Then
from tui.store.log import Logged, Place, Wanted
from tui.store.outlook import SEEN_SECONDS
from tui.store.rows import ALL_FRONTS, FEED, SEVERITIES, Action, Counts, feed_of, marks, rank

_FIRST_STEP: Final = 300
"""Reports that are looked at for a page before it is known how many it takes."""

_LINES: Final = 200
"""Lines of the log that are looked at for one front at a time."""

_END: Final = (float("inf"), float("inf"), 0)


class _Walk:
    """How far the incidents of a front are known, the newest first."""

    def __init__(self) -> None:
        self.at: tuple[float, float, int] = _END
        """Key (published, seen, incident) of the last report looked at."""
        self.step = _FIRST_STEP
        self.ids: set[int] = set()
        self.over = False


class Past(Learnt):
    """What was on record at ``at``. Its methods are those of a Reader; used by one thread at a time.

    Every method raises :class:`tui.store.connect.StoreError` where the store can't be read.
    """

    def __init__(self, db: sqlite3.Connection, path: Path, at: Timestamp) -> None:
        super().__init__(db, path, at)
        self._walks: dict[tuple[str, frozenset[Kind]], _Walk] = {}
        self._day = self._of_the_day()
        self._hours: dict[tuple[str, Timestamp, int, str | None, str | None], Hours] = {}

    # Incidents

    def incidents(
        self,
        *,
        front: str | None = None,
        kinds: Collection[Kind] | None = None,
        since: Timestamp | None = None,
        before: tuple[Timestamp, int] | None = None,
        limit: int = 200,
    ) -> list[Incident]:
        """As :meth:`tui.store.reader.Reader.incidents`; without ``since`` those of one front."""
        chosen = frozenset(Kind if kinds is None else kinds)
        if since is not None:
            rows = [
                row
                for row in self.told(since)
                if row.kind in chosen
                and (front is None or front in row.fronts)
                and (before is None or row.key < before)
            ]
            rows.sort(key=attrgetter("key"), reverse=True)
            return self._incidents(rows if limit < 0 else rows[:limit])
        if front is None:
            raise ValueError("incidents of every front are asked for with the moment since when")
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

    # Figures

    def _of_the_day(self) -> list[Then]:
        """Everything that was told of within the 24 hours before."""
        rows = [row for row in self.told(self.at - DAY) if row.last > self.at - DAY]
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

    def new(self, fronts: Sequence[str], since: Timestamp) -> list[tuple[int, Severity]]:
        """As :meth:`tui.store.reader.Reader.new`; ``since`` lies within the 24 hours before."""
        found = [
            row
            for row in self._day
            if row.kind is Kind.INCIDENT
            and row.last > since
            and self._states[row.id].state is State.NEW
            and not set(fronts).isdisjoint(row.fronts)
        ]
        found.sort(key=lambda row: (row.severity, *row.key), reverse=True)
        return [(row.id, SEVERITIES.get(row.severity, Severity.LOW)) for row in found]

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

    def hours(
        self, front: str, until: Timestamp, count: int, type: str | None = None, by: str | None = None
    ) -> Hours:
        """As :meth:`tui.store.reader.Reader.hours`."""
        from tui.store import past_figures  # here and below: a step of the time machine need not wait for it

        asked = (front, until, count, type, by)
        if asked not in self._hours:  # a chart is drawn anew at every key, and the past stands still
            rows = self.told(until - count * HOUR)
            with told(self._path):
                self._hours[asked] = past_figures.hours(self._db, rows, self.at, *asked)
        return self._hours[asked]

    def counted(self, asked: Asked) -> list[Counted]:
        """As :meth:`tui.store.reader.Reader.counted`."""
        from tui.store import past_figures

        rows = self.told(asked.since)
        with told(self._path):
            return past_figures.counted(self._db, rows, asked, self._moves.home)

    def may_quote(self, asked: Asked) -> list[Report]:
        """As :meth:`tui.store.reader.Reader.may_quote`."""
        from tui.store import past_figures

        with told(self._path):
            return past_figures.may_quote(self._db, asked, self.at)

    def first_incident(self, front: str | None) -> Timestamp | None:
        """As :meth:`tui.store.reader.Reader.first_incident`."""
        first, at = float("inf"), (float("-inf"), 0)
        while True:
            rows = self._rows(
                "SELECT incident, first_seen FROM incident_front WHERE front = ? AND kind = ? "
                "AND first_seen <= ? AND (first_seen, incident) > (?, ?) "
                "ORDER BY first_seen, incident LIMIT ?",
                (front or ALL_FRONTS, Kind.INCIDENT, self.at, *at, _FIRST_STEP),
            )
            self._learn([row["incident"] for row in rows])
            known = [each for each in self._known.values() if each.kind is Kind.INCIDENT]
            began = [each.first for each in known if front is None or front in each.fronts]
            first = min(began, default=first)
            # What has been told of it since can only have set its beginning back.
            if not rows or rows[-1]["first_seen"] >= first:
                return None if first == float("inf") else first
            at = (rows[-1]["first_seen"], rows[-1]["incident"])

    # What was done

    @property
    def home(self) -> Mapping[str, int]:
        """Of reports that people moved since, by key: the incident that each was of."""
        return self._moves.home

    @property
    def moved(self) -> frozenset[int]:
        """Incidents from or to which people moved reports since."""
        return frozenset(self._moves.related)

    def log(self, wanted: Wanted, before: Place | None = None, limit: int = 100) -> list[Logged]:
        """As :meth:`tui.store.reader.Reader.log`, from the minute back."""
        found: list[Logged] = []
        step = limit if wanted.front is None or limit < 0 else max(limit, _LINES)
        while True:
            with told(self._path):
                lines = acts.page(self._db, replace(wanted, front=None), before, step, self.at)
            found += lines if wanted.front is None else self._on_front(lines, wanted.front)
            if step < 0 or len(lines) < step:
                return found if limit < 0 else found[:limit]
            if len(found) >= limit:
                return found[:limit]
            before = lines[-1].place

    def _on_front(self, lines: Sequence[Logged], front: str) -> list[Logged]:
        """Of these lines those of a front or of the whole watch, by the fronts of incidents then."""
        of = [acts.subject_of(line, front) for line in lines]
        known = self.incidents_of(id for each in of if each is not None for id in each)
        return [
            line
            for line, each in zip(lines, of, strict=True)
            if each is None or any(id in known and front in known[id].fronts for id in each)
        ]

    def stood(self, at: Timestamp) -> list[Event]:
        """As :meth:`tui.store.reader.Reader.stood`."""
        with told(self._path):
            return log.stood(self._db, at)

    def feeds(self) -> list[FeedRecord]:
        """The feeds as they are today: of then nothing but their names is known."""
        return [feed_of(row) for row in self._rows(FEED + "ORDER BY position")]

    def closed(
        self, front: str, others: Collection[str], since: Timestamp, until: Timestamp, limit: int
    ) -> Closed:
        """As :meth:`tui.store.reader.Reader.closed`."""
        with told(self._path):
            ids = closed_between(self._db, since, until)
        found = [
            each
            for each in self.incidents_of(ids).values()
            if each.state is State.CLOSED and front in each.fronts and not set(others) & set(each.fronts)
        ]
        found.sort(key=lambda each: (rank(each.severity) or 0, each.first_seen, each.id), reverse=True)
        with told(self._path):
            return Closed(len(found), found[:limit], overlooked(self._db, found[:limit], until))

    def notes(self, incidents: Collection[int]) -> dict[int, list[Action]]:
        """As :meth:`tui.store.reader.Reader.notes`."""
        with told(self._path):
            return log.notes(self._db, incidents, self.at)

    def corrections(self, incident: int) -> list[Correction]:
        """As :meth:`tui.store.reader.Reader.corrections`."""
        with told(self._path):
            return acts.corrections(self._db, incident, self.at)

    def last_handovers(self, count: int) -> list[Action]:
        """As :meth:`tui.store.reader.Reader.last_handovers`."""
        with told(self._path):
            return acts.handovers(self._db, count, self.at)
