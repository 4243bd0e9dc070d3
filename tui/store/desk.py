"""What people do: every screen writes through here, and nothing else of the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui.model import State, Timestamp
from tui.store.connect import told, transaction
from tui.store.migrate import open_store
from tui.store.rows import Action, action_of

ACKNOWLEDGE: Final = "acknowledge"
SHELVE: Final = "shelve"
POLL: Final = "poll"
UNDO: Final = "undo"

INCIDENTS: Final = "incidents"
"""Subject of an action on incidents; which, and how they stood before, is in its payload."""

ALL_FEEDS: Final = "feeds"
"""Subject of an action on every feed at once."""


class Desk:
    """A person's hand on the store. From any thread, but one thread at a time.

    Each act is one transaction with a line in the action log. It is on the disk when the method returns
    (``synchronous = FULL``): no feed would tell it again. Every method raises ``StoreError``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = open_store(path)
        with told(path):
            self._db.execute("PRAGMA synchronous = FULL")
            # A key waits for this: the collector's transactions last well under a second.
            self._db.execute("PRAGMA busy_timeout = 2000")

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    def acknowledge(self, ids: Sequence[int], who: str, at: Timestamp) -> list[int]:
        """Acknowledges those of the incidents that are new; returns which they were."""
        with transaction(self._db, self._path) as db:
            return self._put(db, ids, who, at, ACKNOWLEDGE, State.ACKNOWLEDGED, None)

    def shelve(self, ids: Sequence[int], until: Timestamp, who: str, at: Timestamp) -> list[int]:
        """Shelves those of the incidents that are new until then; returns which they were."""
        with transaction(self._db, self._path) as db:
            return self._put(db, ids, who, at, SHELVE, State.SHELVED, until)

    def _put(
        self,
        db: sqlite3.Connection,
        ids: Sequence[int],
        who: str,
        at: Timestamp,
        verb: str,
        state: State,
        until: Timestamp | None,
    ) -> list[int]:
        """Puts those that are new into a state, with a line in the log."""
        new = [each for each in dict.fromkeys(ids) if self._is_new(each)]
        if not new:
            return []
        payload: dict[str, object] = {"ids": new, "before": State.NEW}
        action = self._log(at, who, verb, INCIDENTS, payload if until is None else payload | {"until": until})
        for incident in new:
            db.execute(
                "INSERT OR REPLACE INTO incident_state VALUES (?, ?, ?, ?, ?, ?)",
                (incident, state, who, at, action, until),
            )
        self._raise(new)
        return new

    def undo(self, who: str, at: Timestamp) -> Action | None:
        """Takes back the last thing that ``who`` did and did not take back yet; None where there is none.

        An incident that somebody has changed since then stays as that other person left it. Asking for a
        poll can't be taken back and is passed over.
        """
        with transaction(self._db, self._path) as db:
            row = db.execute(
                "SELECT * FROM action WHERE who = ? AND verb IN (?, ?) AND undone_by IS NULL "
                "ORDER BY id DESC LIMIT 1",
                (who, ACKNOWLEDGE, SHELVE),
            ).fetchone()
            if row is None:
                return None
            taken_back = action_of(row)
            undo = self._log(at, who, UNDO, str(taken_back.id), {})
            db.execute("UPDATE action SET undone_by = ? WHERE id = ?", (undo, taken_back.id))
            rows = db.execute(
                "SELECT incident FROM incident_state WHERE action = ? ORDER BY incident", (taken_back.id,)
            )
            ids = [row["incident"] for row in rows]
            db.execute("DELETE FROM incident_state WHERE action = ?", (taken_back.id,))
            self._raise(ids)
            return taken_back

    def ask_poll(self, url: str | None, who: str, at: Timestamp) -> int:
        """Asks the collector to poll that feed now (None: all of them); returns the action's id."""
        with transaction(self._db, self._path) as db:
            db.execute("INSERT INTO request (verb, url, who, at) VALUES (?, ?, ?, ?)", (POLL, url, who, at))
            return self._log(at, who, POLL, url or ALL_FEEDS, {})

    def actions(self, since: Timestamp = 0.0, limit: int = 1000) -> list[Action]:
        """What people did from then on, in order; the first ``limit`` of it."""
        with told(self._path):
            rows = self._db.execute(
                "SELECT * FROM action WHERE at >= ? ORDER BY at, id LIMIT ?", (since, limit)
            ).fetchall()
        return [action_of(row) for row in rows]

    def _is_new(self, incident: int) -> bool:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT s.state FROM incident i LEFT JOIN incident_state s ON s.incident = i.id WHERE i.id = ?",
            (incident,),
        ).fetchone()
        return row is not None and (row["state"] or State.NEW) == State.NEW

    def _log(self, at: Timestamp, who: str, verb: str, subject: str, payload: dict[str, object]) -> int:
        cursor = self._db.execute(
            "INSERT INTO action (at, who, verb, subject, payload) VALUES (?, ?, ?, ?, ?)",
            (at, who, verb, subject, json.dumps(payload, ensure_ascii=False)),
        )
        return int(cursor.lastrowid or 0)

    def _raise(self, incidents: Sequence[int]) -> None:
        """Gives the incidents new numbers, so that every screen on the store learns of it."""
        for incident in incidents:
            self._db.execute("UPDATE counter SET seq = seq + 1")
            self._db.execute("UPDATE incident SET seq = (SELECT seq FROM counter) WHERE id = ?", (incident,))
