"""Search over what was known at a past minute: reports seen by then, incidents as they stood.

What has not changed since is found as of today. Of what has, which is little, the rows of then stand before
the store's own while the filters are asked of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from tui.model import Incident, Kind, Timestamp
from tui.store.filters import Meant
from tui.store.past import Past
from tui.store.query import Query
from tui.store.rows import INCIDENT_COLUMNS, incident_row, object_of
from tui.store.search import (
    CANDIDATES,
    COUNTED,
    Match,
    Searcher,
    best_of,
    conditions,
    newest_incidents,
    newest_of,
    newest_others,
    weight_of,
    where,
    words_of,
)

_THEN: Final = (
    f"WITH incident ({', '.join(INCIDENT_COLUMNS)}) AS (SELECT "  # noqa: S608 - ours
    + ", ".join(f"json_extract(value, '$[0][{at}]')" for at in range(len(INCIDENT_COLUMNS)))
    + " FROM json_each(?1)), "
    "incident_state (incident, state) AS "
    "(SELECT json_extract(value, '$[0][0]'), json_extract(value, '$[1]') FROM json_each(?1)), "
    "incident_front (incident, front) AS (SELECT json_extract(c.value, '$[0][0]'), f.value "
    "FROM json_each(?1) c, json_each(json_extract(c.value, '$[0][3]')) f) "
)
"""Rows that stand before those of the tables, of a list of [columns of an incident, its state]."""

_TOLD_ON: Final = """
SELECT DISTINCT r.incident AS id FROM report r JOIN incident i ON i.id = r.incident AND i.first_seen <= ?1
WHERE r.seen > ?1 AND EXISTS (SELECT 1 FROM report e WHERE e.incident = r.incident AND e.seen <= ?1)
"""
"""Incidents that were known, and of which more was told since."""

_DONE_SINCE: Final = """
SELECT payload FROM action WHERE at > ?1 AND subject = 'incidents' UNION ALL
SELECT a.payload FROM action u JOIN action a ON a.undone_by = u.id
WHERE u.at > ?1 AND u.verb = 'undo' AND a.subject = 'incidents' UNION ALL
SELECT payload FROM action WHERE verb = 'correct'
"""
"""What was done to incidents since, or corrected ever."""


class PastSearcher(Searcher):
    """A view of the store as it stood that can be searched."""

    def __init__(self, path: Path, at: Timestamp) -> None:
        super().__init__(path)
        self._then: Past = self.past(at)

    def shown(self, ids: Sequence[int]) -> dict[int, Incident]:
        """These incidents as they stood."""
        return self._then.incidents_of(ids)

    def matches(self, query: Query, most: int | None = None) -> tuple[list[Match], bool]:
        """What matched then, the best first, and whether there may be more."""
        if query.wanted:
            return self._by_words(query, most or CANDIDATES)
        if query.parts:
            return self._by_filters(query, most or COUNTED)
        return [], False

    @cached_property
    def _changed(self) -> dict[int, Incident | None]:
        """What stands otherwise today, as it stood; None where nothing was known of it."""
        at = self._then.at
        ids = {row["id"] for row in self._db.execute(_TOLD_ON, (at,))} | self._then.moved
        for row in self._db.execute(_DONE_SINCE, (at,)):
            ids.update(object_of(row["payload"]).get("ids", ()))
        known = self._db.execute(
            "SELECT i.id FROM json_each(?) c JOIN incident i ON i.id = c.value WHERE i.first_seen <= ?",
            (json.dumps(list(ids)), at),
        )
        wanted = {row["id"] for row in known} | self._then.moved
        found = self._then.incidents_of(wanted)
        return {id: found.get(id) for id in wanted}

    def _passing(self, meant: Sequence[Meant]) -> dict[int, Incident]:
        """Those of what has changed that met the conditions."""
        stood = {id: each for id, each in self._changed.items() if each is not None}
        rows = json.dumps([(incident_row(each, 0), each.state) for each in stood.values()])
        holds, values = where(meant, "incident")
        # Numbered before the others: the rows are said once and read thrice.
        question = f"{_THEN}SELECT i.id FROM incident i WHERE {_numbered(holds, 2)}"  # noqa: S608 - ours
        return {row["id"]: stood[row["id"]] for row in self._db.execute(question, (rows, *values))}

    def _by_words(self, query: Query, most: int) -> tuple[list[Match], bool]:
        at = self._then.at
        meant = conditions(query, at)
        of_incident, values = where(meant, "incident")
        of_none, more = where(meant, "other")
        home = "coalesce(json_extract(?, '$.r' || r.seq), r.incident)"
        homes = json.dumps({f"r{seq}": id for seq, id in self._homes.items()})
        passing = self._passing(meant)
        rows = self._db.execute(
            "SELECT *, (SELECT kind FROM incident WHERE id = m.incident) AS kind FROM ("  # noqa: S608 - ours
            f"SELECT r.seq, {home} AS incident, r.published, {weight_of(query)} AS weight "
            "FROM report_words CROSS JOIN report r ON r.seq = report_words.rowid "
            "LEFT JOIN incident i ON i.id = r.incident "
            "WHERE report_words MATCH ? AND r.seen <= ? AND CASE "
            f"WHEN r.incident IS NULL THEN {of_none} "
            f"WHEN {home} IN (SELECT value FROM json_each(?)) "
            f"THEN {home} IN (SELECT value FROM json_each(?)) "
            f"ELSE {of_incident} END ORDER BY report_words.rowid DESC LIMIT ?) m",
            (
                homes,
                words_of(query),
                at,
                *more,
                homes,
                json.dumps(list(self._changed)),
                homes,
                json.dumps(list(passing)),
                *values,
                most + 1,
            ),
        ).fetchall()
        return best_of(rows, most)

    @cached_property
    def _homes(self) -> dict[int, int]:
        """The incidents that reports were of which people moved since, by the reports' ``seq``."""
        home = self._then.home
        rows = self._db.execute(
            "SELECT r.seq, r.key FROM json_each(?) c JOIN report r ON r.key = c.value",
            (json.dumps(list(home)),),
        )
        return {row["seq"]: home[row["key"]] for row in rows}

    def _by_filters(self, query: Query, most: int) -> tuple[list[Match], bool]:
        at = self._then.at
        meant = conditions(query, at)
        passing = [
            Match(each.id, None, -each.first_seen, each.kind is not Kind.INCIDENT)
            for each in self._passing(meant).values()
        ]
        known = "EXISTS (SELECT 1 FROM report k WHERE k.incident = i.id AND k.seen <= ?)"
        as_today = (
            Meant("i.id NOT IN (SELECT value FROM json_each(?))", "1", (json.dumps(list(self._changed)),)),
            Meant(known, "1", (at,), until=at + 1e-6),
        )
        incidents = newest_incidents(self._db, query, (*meant, *as_today), most)
        incidents = sorted((*incidents, *passing), key=lambda match: match.weight)[: most + 1]
        seen = Meant("1", "r.seen <= ?", (at,))
        return newest_of(incidents, newest_others(self._db, (*meant, seen), most), most)


def _numbered(words: str, first: int) -> str:
    """The conditions with their placeholders numbered from ``first`` on; no text of a person is in them."""
    head, *rest = words.split("?")
    return head + "".join(f"?{first + at}{part}" for at, part in enumerate(rest))
