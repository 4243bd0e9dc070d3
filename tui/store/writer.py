"""What the collector writes; nobody else does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from tui.clock import Clock
from tui.incidents.alarms import Bell, Level
from tui.incidents.at_once import Attack
from tui.incidents.attention import Turn
from tui.incidents.outbox import Post
from tui.incidents.standing import Event, Standing
from tui.incidents.tempo import Hours
from tui.model import Feed, FeedRecord, Heartbeat, Incident, Kind, Report, State, Timestamp
from tui.policy import FetchPolicy
from tui.store import alarms, moves, outlook, retention, rulings, standings
from tui.store import feeds as feed_table
from tui.store.connect import told, transaction
from tui.store.feeds import Polled
from tui.store.migrate import open_store, version_of
from tui.store.rows import (
    ALL_FRONTS,
    HEARTBEAT_COLUMNS,
    INCIDENT_COLUMNS,
    REPORT_COLUMNS,
    Request,
    incident_of,
    incident_row,
    marks,
    rank,
    report_of,
    report_row,
)
from tui.store.words import words_of

Result = TypeVar("Result")

_VARIABLES: Final = 900
"""Placeholders in one statement: SQLite before 3.32 allows 999."""


def _upsert(table: str, columns: Sequence[str], key: str) -> str:
    rest = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks(len(columns))}) "  # noqa: S608 - ours
        f"ON CONFLICT ({key}) DO UPDATE SET {rest}"
    )


_ADD_INCIDENT: Final = _upsert("incident", INCIDENT_COLUMNS, "id")
_EMPTY_INCIDENT: Final = (
    "UPDATE incident SET seq = ?, fronts = '[]', publishers = '[]', reports = 0 WHERE id = ?"
)
"""It stays, on no front: screens learn from its seq that it is gone, and its id is never given again."""

_ADD_REPORT: Final = f"INSERT INTO report VALUES ({marks(len(REPORT_COLUMNS))})"  # noqa: S608 - no values
_BEAT: Final = _upsert("heartbeat", ("id", *HEARTBEAT_COLUMNS), "id")


class Writer:
    """The collector's hand on the store. One at a time; from any thread, but one thread at a time.

    Every method is one transaction, or several small ones where it says so; :class:`StoreError` is
    what they raise.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = open_store(path)

    def close(self) -> None:
        """Ends the connection; what was committed stays."""
        self._db.close()

    def known(self, keys: Collection[str]) -> set[str]:
        """Those of ``keys`` whose report is stored."""
        found: set[str] = set()
        with told(self._path):
            for some in _in_batches(keys, _VARIABLES):
                found.update(
                    row["key"]
                    for row in self._db.execute(
                        f"SELECT key FROM report WHERE key IN ({marks(len(some))})",  # noqa: S608 - marks
                        some,
                    )
                )
        return found

    def next_incident_id(self) -> int:
        """The first id that was never given to an incident."""
        with told(self._path):
            return self._highest() + 1

    def _highest(self) -> int:
        (highest,) = self._db.execute("SELECT incident FROM counter").fetchone()
        return int(highest)

    def window(self, since: Timestamp) -> list[tuple[Incident, list[Report]]]:
        """Incidents (of every kind) told of since then, oldest first, each with all its reports."""
        with told(self._path):
            rows = self._db.execute(
                "SELECT i.*, s.state, s.who, s.until "  # noqa: S608 - marks
                "FROM incident_front f INDEXED BY incident_front_by_last "
                "JOIN incident i ON i.id = f.incident "
                "LEFT JOIN incident_state s ON s.incident = i.id "
                f"WHERE f.front = ? AND f.kind IN ({marks(len(Kind))}) AND f.last_seen >= ? "
                "ORDER BY f.first_seen, f.incident",
                (ALL_FRONTS, *Kind, since),
            ).fetchall()
            return [(incident_of(row), self._reports(row["id"])) for row in rows]

    def _reports(self, incident: int) -> list[Report]:
        rows = self._db.execute(
            "SELECT * FROM report WHERE incident = ? ORDER BY published, seq", (incident,)
        )
        return [report_of(row) for row in rows]

    def add(
        self,
        reports: Sequence[tuple[Report, int | None]],
        incidents: Sequence[Incident],
        polls: Sequence[Polled] = (),
        *,
        moved: Mapping[str, int] | None = None,
        emptied: Collection[int] = (),
        done: rulings.Done | None = None,
    ) -> int:
        """Stores reports, each with the id of its incident (None: on no front), in one transaction.

        ``incidents`` are those that changed, as they stand now; ``polls`` are those that brought the reports.
        ``moved``: keys of stored reports that were found to be of another incident, with its
        id; ``emptied``: incidents that have none left. ``done``: the ruling of a person that this does.
        Returns the seq of the last row written. A key that is stored already is an error.
        """
        with transaction(self._db, self._path) as db:
            came = moves.origins(db, moved or {})
            fresh = {id for id in came if id > self._highest()}
            seq = self._take(len(reports) + len(incidents) + len(emptied) + len(polls))
            db.executemany(
                _ADD_INCIDENT, [incident_row(incident, seq + n) for n, incident in enumerate(incidents)]
            )
            self._place_on_fronts(incidents)
            seq += len(incidents)
            for n, incident in enumerate(emptied):
                db.execute(_EMPTY_INCIDENT, (seq + n, incident))
                db.execute("DELETE FROM incident_front WHERE incident = ?", (incident,))
            seq += len(emptied)
            db.executemany(
                "UPDATE report SET incident = ? WHERE key = ?",
                [(id, key) for key, id in (moved or {}).items()],
            )
            moves.pass_on(db, came, fresh, emptied)
            if done is not None:
                rulings.settle(db, done, incidents)
            db.executemany(
                _ADD_REPORT,
                [report_row(report, incident, seq + n) for n, (report, incident) in enumerate(reports)],
            )
            db.executemany(
                "INSERT INTO report_words (rowid, title, summary) VALUES (?, ?, ?)",
                [(seq + n, *words_of(report)) for n, (report, _) in enumerate(reports)],
            )
            seq += len(reports)
            feed_table.save(db, polls, seq)
            return seq + len(polls) - 1

    def _place_on_fronts(self, incidents: Sequence[Incident]) -> None:
        highest = self._highest()
        self._db.executemany(
            "DELETE FROM incident_front WHERE incident = ?",
            [(incident.id,) for incident in incidents if incident.id <= highest],
        )
        self._db.executemany(
            "INSERT INTO incident_front VALUES (?, ?, ?, ?, ?, ?)",
            [
                (each.id, front, each.kind, rank(each.severity), each.first_seen, each.last_seen)
                for each in incidents
                for front in (ALL_FRONTS, *each.fronts)
            ],
        )
        highest = max((incident.id for incident in incidents), default=0)
        self._db.execute("UPDATE counter SET incident = max(incident, ?)", (highest,))

    def _take(self, count: int) -> int:
        """Raises the counter by ``count`` and returns the first of the new numbers."""
        self._db.execute("UPDATE counter SET seq = seq + ?", (count,))
        (seq,) = self._db.execute("SELECT seq FROM counter").fetchone()
        return int(seq) - count + 1

    def save_feed(self, record: FeedRecord) -> None:
        """Keeps the polling state of a feed; of one that is no longer watched it is dropped."""
        self.add((), (), [Polled(record)])

    def set_feeds(self, feeds: Sequence[Feed], policy: FetchPolicy | None = None) -> dict[str, FeedRecord]:
        """Makes the stored feeds those of the watch, in its order, and returns their records by url.

        The polling state of a url that stays is kept. Every feed gets a new seq: a reader that sees a
        feed change learns of those that went by asking for :meth:`tui.store.reader.Reader.feeds`.
        """
        with transaction(self._db, self._path) as db:
            records = feed_table.put(db, feeds, policy or FetchPolicy(), self._take)
        return {record.url: record for record in records}

    def feeds(self) -> list[FeedRecord]:
        """The records of all feeds, in the watch's order."""
        with told(self._path):
            return feed_table.records(self._db)

    def show(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """The steps of a trial, by :mod:`tui.store.feeds`, in one transaction."""
        with transaction(self._db, self._path) as db:
            return work(db)

    def hours(self, front: str, until: Timestamp, count: int) -> Hours:
        """Incidents on a front in each of the ``count`` hours before ``until``."""
        with told(self._path):
            return outlook.hours(self._db, front, until, count)

    def grave(self, front: str, since: Timestamp, until: Timestamp) -> outlook.Grave:
        """What is grave on a front, of the incidents that began after ``since``."""
        with told(self._path):
            return outlook.grave(self._db, front, since, until)

    def attacks(self, since: Timestamp, until: Timestamp) -> list[Attack]:
        """What any side did after ``since``."""
        with told(self._path):
            return outlook.attacks(self._db, since, until)

    def standings(self) -> dict[tuple[str, str], Standing]:
        """How everything stands, by kind and subject."""
        with told(self._path):
            return standings.standings(self._db)

    def looked_until(self) -> Timestamp | None:
        """The end of the last hour in which any front was seen."""
        with told(self._path):
            return outlook.looked_until(self._db)

    def saw(self, seconds: Mapping[tuple[str, int], float]) -> None:
        """Adds the seconds for which fronts were seen, by front and hour of the clock."""
        with transaction(self._db, self._path) as db:
            outlook.add_seen(db, seconds)

    def stand(self, after: Sequence[Standing], now: Timestamp) -> list[Event]:
        """Stores how things stand; returns the events, of ``now``: one for each state that is another."""
        with transaction(self._db, self._path) as db:
            return standings.put(db, now, after)

    def unjudged(self) -> tuple[int, list[Incident]]:
        """The next incidents to judge as alarms, and the seq up to which they go; none: nothing changed."""
        with told(self._path):
            return alarms.unjudged(self._db)

    def levels(self, incidents: Collection[int]) -> dict[int, Level]:
        """What was judged last of the alarms of these incidents."""
        with told(self._path):
            return alarms.levels(self._db, incidents)

    def judge(
        self,
        judged: int,
        after: Mapping[int, Level],
        bells: Sequence[Bell],
        posts: Sequence[Post] = (),
        turns: Sequence[Turn] = (),
        *,
        now: Timestamp,
    ) -> None:
        """Stores what was judged of incidents up to that seq: bells, what is to be sent of them, states."""
        with transaction(self._db, self._path) as db:
            alarms.put(db, judged, after, bells, posts, Clock().now())
            alarms.turn(db, turns, now)

    def bells(self, since: Timestamp) -> list[Bell]:
        """Alarms that rang or would have from then on, in order."""
        with told(self._path):
            return alarms.bells(self._db, since)

    def unshelve(self, now: Timestamp) -> list[int]:
        """Ends the shelvings whose time is over; which incidents are new again."""
        with told(self._path):
            if not alarms.overdue(self._db, now):
                return []  # so that looking takes no write lock
        with transaction(self._db, self._path) as db:
            return alarms.unshelve(db, now)

    def close_quiet(self, now: Timestamp) -> list[Turn]:
        """Closes what nothing was told of for a day; which incidents those were."""
        with told(self._path):
            if alarms.is_closed_up(self._db, now):
                return []  # so that looking takes no write lock
        with transaction(self._db, self._path) as db:
            return alarms.close(db, now)

    def turn(self, turns: Sequence[Turn], now: Timestamp) -> None:
        """Brings incidents to other states."""
        with transaction(self._db, self._path) as db:
            alarms.turn(db, turns, now)

    def open_since(self, since: Timestamp, states: Collection[State]) -> list[Incident]:
        """Incidents in one of these states that were told of after ``since``."""
        with told(self._path):
            return alarms.open_since(self._db, since, states)

    def reports(self, incident: int) -> list[Report]:
        """All reports of an incident, in order."""
        with told(self._path):
            return self._reports(incident)

    def ask(self, question: Callable[[sqlite3.Connection], Result]) -> Result:
        """A question of :mod:`tui.store.rulings`; it takes no write lock."""
        with told(self._path):
            return question(self._db)

    def mail(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Something of :mod:`tui.store.messages`, in one transaction."""
        with transaction(self._db, self._path) as db:
            return work(db)

    def heartbeat(self) -> Heartbeat | None:
        """The last sign of life of any collector; None where there was never one."""
        with told(self._path):
            row = self._db.execute("SELECT * FROM heartbeat").fetchone()
        return None if row is None else Heartbeat(**{name: row[name] for name in HEARTBEAT_COLUMNS})

    def unwatched(self, since: Timestamp, until: Timestamp, words: str) -> list[Event]:
        """Notes that no collector was there from then till then."""
        with transaction(self._db, self._path) as db:
            return standings.unwatched(db, since, until, words)

    def beat(self, heartbeat: Heartbeat) -> None:
        """The collector's sign of life; :class:`Newer` where a later program has changed the store."""
        with transaction(self._db, self._path) as db:
            version_of(db, self._path)
            db.execute(_BEAT, (1, *heartbeat))

    def requests(self) -> list[Request]:
        """What people asked of the collector since it last looked, each handed out once."""
        with told(self._path):
            if self._db.execute("SELECT 1 FROM request LIMIT 1").fetchone() is None:
                return []  # so that looking each second takes no write lock
        with transaction(self._db, self._path) as db:
            rows = db.execute("SELECT * FROM request ORDER BY id").fetchall()
            db.execute("DELETE FROM request")
        return [Request(**dict(row)) for row in rows]

    def prune(self, before: Timestamp) -> int:
        """Drops reports that are of no incident and were first seen before then; returns how many.

        Context goes with its reports, unless a person has said something of it; what is of kind incident
        stays for good. In small transactions, so that nobody waits long behind it.
        """
        dropped = 0
        while True:
            with told(self._path):
                batch = retention.batch(self._db, before)
            if batch is None:
                return dropped
            with transaction(self._db, self._path) as db:
                dropped += retention.drop(db, batch)

    def compact(self) -> None:
        """Gives room in the file that holds nothing back to the disk; whoever writes waits for it."""
        with told(self._path):
            retention.compact(self._db)


def _in_batches(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, size)):
        yield batch
