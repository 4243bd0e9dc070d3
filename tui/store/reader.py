"""What screens read: any number of readers, each with a connection that can't write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING

from tui.clock import DAY, HOUR, Clock
from tui.incidents.standing import Event, Standing
from tui.model import Change, FeedRecord, Heartbeat, Incident, Kind, Report, Severity, State, Timestamp
from tui.store import news, standings
from tui.store.connect import StoreError, connect, told
from tui.store.migrate import VERSION, version_of
from tui.store.rows import (
    ALL_FRONTS,
    FEED,
    HEARTBEAT_COLUMNS,
    INCIDENT,
    Action,
    Counts,
    feed_of,
    incident_of,
    marks,
    report_of,
)

if TYPE_CHECKING:
    from tui.incidents.alarms import Bell, Level
    from tui.incidents.rulings import Correction
    from tui.incidents.tally import Asked, Counted
    from tui.incidents.tempo import Hours
    from tui.store.alarms import Closed
    from tui.store.feeds import TrialStep
    from tui.store.log import Logged, Place, Wanted
    from tui.store.past import Past
    from tui.store.rulings import Ruled


class Reader:
    """A view of the store. From any thread, but one thread at a time.

    The store must be there: :func:`tui.store.migrate.open_store`, a Writer or a Desk makes it.
    Every method raises :class:`StoreError` where the store can't be read.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise StoreError(f"there is no store at {path}", "run frontwatch or frontwatch collect first")
        self._path = path
        self._db = connect(path, mode="ro")
        try:
            if version_of(self._db, path) < VERSION:
                raise StoreError(
                    f"the store {path} is of an older version", "run frontwatch collect once to update it"
                )
        except BaseException:  # an interrupt too: nobody else holds the connection; raised on
            self._db.close()
            raise

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    def version(self) -> int:
        """A number that changes whenever somebody else has committed: a cheap question to ask often."""
        version_of(self._db, self._path)  # raises where a later program has brought the store up to date
        return int(self._one("PRAGMA data_version")[0])

    def seq(self) -> int:
        """The highest number given to a row yet."""
        return int(self._one("SELECT seq FROM counter")[0])

    def changes(self, since: int, limit: int = 1000) -> Change:
        """Incidents and feeds that changed after ``since``, as they stand now, at most ``limit`` of both.

        Ask again from the ``seq`` it returns until that is ``since`` itself; nothing is ever skipped. When a
        feed is among them, the set of feeds may have changed too. What retention drops is not told:
        it is context that is as old as the watch's ``keep``.
        """
        with self._snapshot():
            newest = self.seq()
            some = (since, limit + 1)  # one more, to see whether that is all
            incidents = self._rows(INCIDENT + "WHERE i.seq > ? ORDER BY i.seq LIMIT ?", some)
            feeds = self._rows(FEED + "WHERE seq > ? ORDER BY seq LIMIT ?", some)
        changed = [row["seq"] for row in merge(incidents, feeds, key=lambda row: int(row["seq"]))]
        if len(changed) > limit:
            newest = changed[limit - 1]
        return Change(
            newest,
            tuple(incident_of(row) for row in incidents if row["seq"] <= newest),
            tuple(feed_of(row) for row in feeds if row["seq"] <= newest),
        )

    def incidents(
        self,
        *,
        front: str | None = None,
        kinds: Collection[Kind] | None = None,
        severity: Severity | None = None,
        since: Timestamp | None = None,
        before: tuple[Timestamp, int] | None = None,
        limit: int = 100,
    ) -> list[Incident]:
        """Incidents, those that began last first (``first_seen``, then ``id``).

        ``severity``: that or worse. ``since``: told of since then. ``before``: the (first_seen, id) of the
        last one of the page before. None asks for no bound, ``limit`` below zero for all.
        """
        chosen = sorted(set(Kind if kinds is None else kinds))
        if not chosen:
            return []
        bounds: list[tuple[str, float]] = [("severity >= ?", severity.rank)] if severity else []
        bounds += [("last_seen >= ?", since)] if since is not None else []
        where = "".join(f" AND {bound}" for bound, _ in bounds)
        values: list[object] = [value for _, value in bounds]
        if before is not None:
            where += " AND (first_seen, incident) < (?, ?)"
            values += before
        # With a bound on last_seen a first page is work by what was told since then, else by the limit (a
        # next page goes on where it stands); SQLite, knowing no figures of the store, can't choose so itself.
        recent = since is not None and before is None
        index = "incident_front_by_last" if recent else "incident_front_by_first"
        page = (
            f"SELECT * FROM (SELECT incident, first_seen FROM incident_front INDEXED BY {index} "  # noqa: S608 - ours
            f"WHERE front = ? AND kind = ?{where} ORDER BY first_seen DESC, incident DESC LIMIT ?)"
        )
        rows = self._rows(
            f"SELECT i.*, s.state, s.who, s.until FROM ({' UNION ALL '.join([page] * len(chosen))}) f "  # noqa: S608 - ours
            "CROSS JOIN incident i ON i.id = f.incident LEFT JOIN incident_state s ON s.incident = i.id "
            "ORDER BY f.first_seen DESC, f.incident DESC LIMIT ?",
            [value for kind in chosen for value in (front or ALL_FRONTS, kind, *values, limit)] + [limit],
        )
        return [incident_of(row) for row in rows]

    def incident(self, id: int) -> Incident | None:
        """The incident of that id, None where there is none."""
        rows = self._rows(INCIDENT + "WHERE i.id = ?", (id,))
        return incident_of(rows[0]) if rows else None

    def incidents_of(self, ids: Iterable[int]) -> dict[int, Incident]:
        """Those of these incidents that there are, by id."""
        wanted = json.dumps(list(ids))
        given = "WHERE i.id IN (SELECT value FROM json_each(?))"
        rows = self._rows(INCIDENT + given, (wanted,))
        return {row["id"]: incident_of(row) for row in rows}

    def reports(self, incident_id: int) -> list[Report]:
        """All reports of an incident in the order in which they were published."""
        rows = self._rows("SELECT * FROM report WHERE incident = ? ORDER BY published, seq", (incident_id,))
        return [report_of(row) for row in rows]

    def counts(self, front: str | None, now: Timestamp) -> Counts:
        """Figures of the 24 hours up to ``now``; ``front`` None: of the whole watch."""
        start, place = now - DAY, front or ALL_FRONTS
        began = "FROM incident_front INDEXED BY incident_front_by_first WHERE front = ? AND kind"
        with self._snapshot():
            new, shelved, suppressed = self._one(
                "SELECT count(*) FILTER (WHERE s.state IS NULL OR s.state = ?), "
                "count(*) FILTER (WHERE s.state = ?), count(*) FILTER (WHERE s.state = ?) "
                "FROM incident_front f INDEXED BY incident_front_by_last "
                "LEFT JOIN incident_state s ON s.incident = f.incident "
                "WHERE f.front = ? AND f.kind = ? AND f.last_seen > ? AND f.last_seen <= ?",
                (State.NEW, State.SHELVED, State.SUPPRESSED, place, Kind.INCIDENT, start, now),
            )
            hours = self._rows(
                f"SELECT CAST((? - first_seen) / ? AS INTEGER) AS ago, count(*) AS count {began} = ? "
                "AND first_seen > ? AND first_seen <= ? GROUP BY ago",
                (now, HOUR, place, Kind.INCIDENT, start, now),
            )
            others = [kind for kind in Kind if kind is not Kind.INCIDENT]
            (context,) = self._one(
                f"SELECT count(*) {began} IN ({marks(len(others))}) AND first_seen > ? AND first_seen <= ?",
                (place, *others, start, now),
            )
        buckets = [0] * 24
        for row in hours:
            buckets[23 - min(row["ago"], 23)] = row["count"]
        return Counts(new, sum(buckets), context, tuple(buckets), shelved, suppressed)

    def new(self, fronts: Sequence[str], since: Timestamp) -> list[tuple[int, Severity]]:
        """Ids and severities of what is new on these fronts, told of since then, the worst first."""
        with told(self._path):
            return news.found(self._db, fronts, since)

    def new_counts(self, fronts: Sequence[str], since: Timestamp) -> dict[Severity, int]:
        """How many those are, by severity."""
        with told(self._path):
            return news.counted(self._db, fronts, since)

    def newest(self, front: str | None) -> Timestamp | None:
        """When the newest report on that front (None: on any) was published, of whatever kind."""
        last = "SELECT max(last_seen) FROM incident_front WHERE front = ? AND kind = ?"
        with self._snapshot():
            times = [self._one(last, (front or ALL_FRONTS, kind))[0] for kind in Kind]
        return max((time for time in times if time is not None), default=None)

    def feeds(self) -> list[FeedRecord]:
        """All feeds of the watch, in its order."""
        return [feed_of(row) for row in self._rows(FEED + "ORDER BY position")]

    def trial(self, url: str) -> list[TrialStep]:
        """The steps of the last fetch of a feed that somebody asked to see."""
        from tui.store.feeds import trial  # here: the first paint need not wait for it

        with told(self._path):
            return trial(self._db, url)

    def heartbeat(self) -> Heartbeat | None:
        """The collector's last sign of life, None where there was never one."""
        rows = self._rows("SELECT * FROM heartbeat")
        return Heartbeat(**{name: rows[0][name] for name in HEARTBEAT_COLUMNS}) if rows else None

    def clock(self) -> Clock:
        """The clock that the collector lives by: the machine's own where there was never a collector."""
        heartbeat = self.heartbeat()
        if heartbeat is None:
            return Clock()
        return Clock(heartbeat.origin, anchor=heartbeat.anchor, rate=heartbeat.rate)

    def hours(
        self,
        front: str,
        until: Timestamp,
        count: int,
        type: str | None = None,
        by: str | None = None,
    ) -> Hours:
        """Incidents on a front in each of the ``count`` hours before ``until``; of a type, a side."""
        from tui.store import outlook  # here and below: the first paint need not wait for it

        with told(self._path):
            return outlook.hours(self._db, front, until, count, type, by)

    def standings(self) -> dict[tuple[str, str], Standing]:
        """How each front stands, and each side that was active on several: by kind and subject."""
        with told(self._path):
            return standings.standings(self._db)

    def events(
        self, since: Timestamp = 0.0, until: Timestamp | None = None, limit: int = 1000
    ) -> list[Event]:
        """Changes of posture, and sides that began or ended to be active on several fronts, in order."""
        with told(self._path):
            return standings.events(self._db, since, until, limit)

    def bells(self, since: Timestamp = 0.0, limit: int = 1000) -> list[Bell]:
        """Alarms that rang or would have from then on, in order; the last ``limit`` of it."""
        from tui.store import alarms

        with told(self._path):
            return alarms.bells(self._db, since, limit)

    def bells_after(self, seq: int) -> list[Bell]:
        """Alarms that rang or would have, stored after that ``seq``."""
        from tui.store import alarms

        with told(self._path):
            return alarms.bells_after(self._db, seq)

    def levels(self, incidents: Collection[int]) -> dict[int, Level]:
        """What was judged last of the alarms of these incidents: their priority and why."""
        from tui.store import alarms

        with told(self._path):
            return alarms.levels(self._db, incidents)

    def closed(
        self, front: str, others: Collection[str], since: Timestamp, until: Timestamp, limit: int
    ) -> Closed:
        """The incidents of a front, on none of ``others``, that were closed then and still are."""
        from tui.store import alarms

        with told(self._path), self._snapshot():
            return alarms.closed(self._db, front, others, since, until, limit)

    def log(self, wanted: Wanted, before: Place | None = None, limit: int = 100) -> list[Logged]:
        """Lines of the log before a place in it (None: the newest), the newest first; below zero: all."""
        from tui.store import log

        with told(self._path), self._snapshot():
            return log.page(self._db, wanted, before, limit)

    def log_after(self, wanted: Wanted, ends: Sequence[int]) -> tuple[list[Logged], tuple[int, ...]]:
        """Lines of the log stored since it ended at ``ends``, the newest first, and where it ends now."""
        from tui.store import log

        with told(self._path), self._snapshot():
            return log.newer(self._db, wanted, ends), log.ends(self._db)

    def log_ends(self) -> tuple[int, ...]:
        """Where the log ends now, for :meth:`log_after`."""
        from tui.store import log

        with told(self._path):
            return log.ends(self._db)

    def notes(self, incidents: Collection[int]) -> dict[int, list[Action]]:
        """Notes on each of these incidents that were not taken back, in order; of those that have any."""
        from tui.store import log

        with told(self._path):
            return log.notes(self._db, incidents)

    def last_handovers(self, count: int) -> list[Action]:
        """The handovers that were made last, by anybody, the newest first."""
        from tui.store import log

        with told(self._path):
            return log.last_handovers(self._db, count)

    def stood(self, at: Timestamp) -> list[Event]:
        """The last event of each kind and subject before a moment: how everything stood then."""
        from tui.store import log

        with told(self._path):
            return log.stood(self._db, at)

    def counted(self, asked: Asked) -> list[Counted]:
        """The incidents asked for, in order of time."""
        from tui.store import tally

        with told(self._path):
            return tally.counted(self._db, asked)

    def may_quote(self, asked: Asked) -> list[Report]:
        """Reports that may quote a figure of what is asked for, of any kind."""
        from tui.store import tally

        with told(self._path):
            return list(tally.may_quote(self._db, asked))

    def first_incident(self, front: str | None) -> Timestamp | None:
        """When the first incident on that front (None: on any) began; None where there was never one."""
        from tui.store import tally

        with told(self._path):
            return tally.first_incident(self._db, front)

    def corrections(self, incident_id: int | None = None) -> list[Correction]:
        """What people say of an incident (None: of all), of each field what was said last, in order."""
        from tui.store import rulings

        with told(self._path):
            return rulings.corrections(self._db, incident_id)

    def rulings(self, since: Timestamp = 0.0, limit: int = 1000) -> list[Ruled]:
        """Corrections, merges, splits and undos of these from then on, in order; the last ``limit`` of it."""
        from tui.store import rulings

        with told(self._path):
            return rulings.rulings(self._db, since, limit)

    def pending(self) -> int:
        """How many rulings the collector has not done yet."""
        from tui.store import rulings

        with told(self._path):
            return rulings.pending(self._db)

    def past(self, at: Timestamp) -> Past:
        """The store as it stood at ``at``; it reads with this reader's connection, while that is open."""
        from tui.store import past

        return past.Past(self._db, self._path, at)

    def _rows(self, question: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with told(self._path):
            return self._db.execute(question, values).fetchall()

    def _one(self, question: str, values: Sequence[object] = ()) -> sqlite3.Row:
        return self._rows(question, values)[0]

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Several questions of one moment."""
        with told(self._path):
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")  # nothing was written
