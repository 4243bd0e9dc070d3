"""What people do: every screen writes through here, and nothing else of the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui.model import State, Timestamp
from tui.store.connect import told, transaction
from tui.store.migrate import open_store, version_of
from tui.store.rows import Action, action_of, marks

ACKNOWLEDGE: Final = "acknowledge"
SHELVE: Final = "shelve"
POLL: Final = "poll"
TRY: Final = "try"
PRUNE: Final = "prune"
CHECK: Final = "check"
PAUSE: Final = "pause"
RESUME: Final = "resume"
UNDO: Final = "undo"
NOTE: Final = "note"
HANDOVER: Final = "handover"

INCIDENTS: Final = "incidents"
"""Subject of an action on incidents; which, and how they stood before, is in its payload."""

ALL_FEEDS: Final = "feeds"
"""Subject of an action on every feed at once."""

WATCH: Final = "watch"
"""Subject of an action that is of the watch as a whole."""


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

    def correct(self, incident: int, field: str, value: object, who: str, at: Timestamp) -> Action:
        """Says what a field of an incident is, whatever its reports say, now and later.

        ``field`` is one of :data:`tui.incidents.rulings.FIELDS`, ``value`` as that field of
        :class:`tui.model.Incident`; of ``fronts`` none stands for none of ours, and "not an incident" is a
        correction of ``kind``. The collector does it within a second (:meth:`Reader.pending`). Raises
        :class:`tui.incidents.rulings.Refused` with words for the person; then nothing is asked.
        """
        from tui.incidents.rulings import CORRECT  # here and below: the first paint need not wait for it
        from tui.store import rulings

        with transaction(self._db, self._path) as db:
            return self._rule(CORRECT, rulings.correction_of(db, incident, field, value), who, at)

    def merge(self, into: int, other: int, who: str, at: Timestamp) -> Action:
        """Rules that the reports of ``other`` are of ``into``, which stays. As :meth:`correct`."""
        from tui.incidents.rulings import MERGE
        from tui.store import rulings

        with transaction(self._db, self._path) as db:
            return self._rule(MERGE, rulings.merge_of(db, into, other), who, at)

    def split(self, keys: Sequence[str], who: str, at: Timestamp) -> Action:
        """Rules that these reports of one incident are another incident. As :meth:`correct`."""
        from tui.incidents.rulings import SPLIT
        from tui.store import rulings

        with transaction(self._db, self._path) as db:
            return self._rule(SPLIT, rulings.split_of(db, keys), who, at)

    def _rule(self, verb: str, payload: dict[str, object], who: str, at: Timestamp) -> Action:
        action = self._log(at, who, verb, INCIDENTS, payload)
        self._ask(action)
        return Action(action, at, who, verb, INCIDENTS, payload, None)

    def undo(self, who: str, at: Timestamp) -> Action | None:
        """Takes back the last thing that ``who`` did and did not take back yet; None where there is none.

        An incident that somebody has changed since then stays as that other person left it. To take back a
        correction, merge or split is asked of the collector, as these are. Asking for a poll can't be taken
        back and is passed over, and so is what the collector refused.
        """
        from tui.incidents.rulings import VERBS, RulingState

        undoable = (ACKNOWLEDGE, SHELVE, NOTE, PAUSE, RESUME, *VERBS)
        with transaction(self._db, self._path) as db:
            row = db.execute(
                "SELECT a.* FROM action a LEFT JOIN ruling r ON r.action = a.id WHERE a.who = ? "  # noqa: S608 - marks
                f"AND a.verb IN ({marks(len(undoable))}) AND a.undone_by IS NULL "
                "AND coalesce(r.state, '') <> ? ORDER BY a.id DESC LIMIT 1",
                (who, *undoable, RulingState.REFUSED),
            ).fetchone()
            if row is None:
                return None
            taken_back = action_of(row)
            undo = self._log(at, who, UNDO, str(taken_back.id), {})
            db.execute("UPDATE action SET undone_by = ? WHERE id = ?", (undo, taken_back.id))
            if taken_back.verb in VERBS:
                self._ask(undo)
                return taken_back
            if taken_back.verb in (PAUSE, RESUME):
                from tui.store.feeds import paused_by

                # Unless somebody has changed it since.
                if bool(paused_by(db, taken_back.subject)) is (taken_back.verb == PAUSE):
                    self._set_paused(taken_back.subject, str(taken_back.payload.get("before", "")), who, at)
                return taken_back
            rows = db.execute(
                "SELECT incident FROM incident_state WHERE action = ? ORDER BY incident", (taken_back.id,)
            )
            ids = [row["incident"] for row in rows]
            db.execute("DELETE FROM incident_state WHERE action = ?", (taken_back.id,))
            self._raise(taken_back.payload.get("ids", ()) if taken_back.verb == NOTE else ids)
            return taken_back

    def ask_poll(self, url: str | None, who: str, at: Timestamp) -> int:
        """Asks the collector to poll that feed now (None: all of them); returns the action's id."""
        with transaction(self._db, self._path) as db:
            db.execute("INSERT INTO request (verb, url, who, at) VALUES (?, ?, ?, ?)", (POLL, url, who, at))
            return self._log(at, who, POLL, url or ALL_FEEDS, {})

    def ask_check(self, who: str, at: Timestamp) -> None:
        """Asks the collector to look the whole store through for damage, and to mend it."""
        with transaction(self._db, self._path) as db:
            db.execute("INSERT INTO request (verb, url, who, at) VALUES (?, NULL, ?, ?)", (CHECK, who, at))

    def ask_try(self, url: str, who: str, at: Timestamp) -> None:
        """Asks the collector to fetch that feed once and show every step (:meth:`Reader.trial`)."""
        from tui.store.feeds import begin_trial  # here and below: the first paint need not wait for it

        with transaction(self._db, self._path) as db:
            begin_trial(db, url)
            db.execute("INSERT INTO request (verb, url, who, at) VALUES (?, ?, ?, ?)", (TRY, url, who, at))

    def ask_prune(self, who: str, at: Timestamp) -> None:
        """Asks the collector to drop now what its watch does not keep."""
        with transaction(self._db, self._path) as db:
            db.execute("INSERT INTO request (verb, url, who, at) VALUES (?, NULL, ?, ?)", (PRUNE, who, at))

    def pause(self, url: str, who: str, at: Timestamp, *, paused: bool = True) -> bool:
        """Pauses a feed, or (not ``paused``) has it polled again; False where that is so already."""
        from tui.store.feeds import paused_by

        with transaction(self._db, self._path):
            before = paused_by(self._db, url)
            if before is None or bool(before) is paused:
                return False
            self._set_paused(url, who if paused else "", who, at)
            self._log(at, who, PAUSE if paused else RESUME, url, {"before": before})
            return True

    def _set_paused(self, url: str, by: str, who: str, at: Timestamp) -> None:
        """Notes it, and tells the collector, so that it takes effect at once."""
        from tui.store.feeds import set_paused

        set_paused(self._db, url, by)
        self._db.execute(
            "INSERT INTO request (verb, url, who, at) VALUES (?, ?, ?, ?)",
            (PAUSE if by else RESUME, url, who, at),
        )

    def note(self, incident: int | None, text: str, who: str, at: Timestamp) -> int:
        """Writes something down of an incident, or (None) of the watch; returns the action's id."""
        with transaction(self._db, self._path):
            if incident is None:
                return self._log(at, who, NOTE, WATCH, {"text": text})
            action = self._log(at, who, NOTE, INCIDENTS, {"ids": [incident], "text": text})
            self._raise([incident])
            return action

    def hand_over(self, since: Timestamp, where: str, who: str, at: Timestamp) -> int:
        """Logs a handover of what happened since then, and where it went; returns the action's id."""
        with transaction(self._db, self._path):
            return self._log(at, who, HANDOVER, WATCH, {"since": since, "where": where})

    def actions(self, since: Timestamp = 0.0, limit: int = 1000) -> list[Action]:
        """What people did from then on, in order; the first ``limit`` of it."""
        with told(self._path):
            rows = self._db.execute(
                "SELECT * FROM action WHERE at >= ? ORDER BY at, id LIMIT ?", (since, limit)
            ).fetchall()
        return [action_of(row) for row in rows]

    def _ask(self, action: int) -> None:
        """Asks the collector to do what that line of the log says."""
        self._db.execute("INSERT INTO ruling (action, state) VALUES (?, 'asked')", (action,))

    def _is_new(self, incident: int) -> bool:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT s.state FROM incident i LEFT JOIN incident_state s ON s.incident = i.id WHERE i.id = ?",
            (incident,),
        ).fetchone()
        return row is not None and (row["state"] or State.NEW) == State.NEW

    def _log(self, at: Timestamp, who: str, verb: str, subject: str, payload: dict[str, object]) -> int:
        version_of(self._db, self._path)  # nothing is done where a later program has changed the store
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
