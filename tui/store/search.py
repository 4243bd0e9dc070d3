"""Search over everything that is stored: incidents, each by its best report, and reports of no incident.

Words are looked for in FTS5's index of folded text, the newest reports first, and no more than
:data:`CANDIDATES` of them are weighed: a word that half of all reports hold is answered as quickly as a rare
one, by the newest that hold it. How many there are is told honestly, as "at least" where not all were met.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tui.clock import DAY
from tui.model import Incident, Kind, Report, Timestamp
from tui.store.connect import told
from tui.store.filters import Known, Meant
from tui.store.query import Query, Term
from tui.store.reader import Reader
from tui.store.rows import ALL_FRONTS, marks, report_of

CANDIDATES: Final = 1_000
"""Reports that are weighed, the newest that hold the words."""
COUNTED: Final = 1_000
"""Incidents, and reports of no incident, that filters alone find and count."""

_WEIGHT: Final = "bm25(report_words, 10.0, 1.0)"
"""A word in the title counts ten times one in the summary."""
_WEIGHT_OF_NAME: Final = "CASE WHEN bm25(report_words, 1.0, 0.0) < 0 THEN -1.0 ELSE -0.1 END"
"""Where only names were asked: by BM25 alone a spelling would count the more, the fewer use it."""
_NEWER: Final = 0.3
"""How much more what was told just now counts than what was told long ago."""
_ANY_TIME: Final = float("inf")
_FRESH: Final = 30 * DAY
"""Seconds after which half of that is gone."""
LOOSENED: Final = 100
"""Candidates that are counted when an empty answer says what to loosen."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result: an incident, a report, or an incident by its best report. Never neither."""

    incident: Incident | None
    report: Report | None
    """The report that holds the words best; None where only filters were asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found, the best first; where only filters were asked, the newest first."""

    query: Query
    found: tuple[Found, ...] = ()
    incidents: int = 0
    others: int = 0
    """Reports of no incident."""
    at_least: bool = False
    """There are more of either than were met."""
    looser: tuple[tuple[str, int], ...] = ()
    """Of an empty answer: parts of the query, and how many results there are without each."""
    context: int = 0
    """What is listed as incidents are, and is none: statements, talks and the rest."""

    @property
    def total(self) -> int:
        """Results of every sort."""
        return self.incidents + self.context + self.others


@dataclass(frozen=True, slots=True)
class Match:
    """What a question found, before its rows are read."""

    incident: int | None
    seq: int | None
    weight: float
    """Less is better."""
    context: bool = False
    """It is stored as an incident, and is of another kind: a statement, talks."""


class Searcher(Reader):
    """A view of the store that can be searched. As a Reader, and :meth:`interrupt` from any thread."""

    def search(self, query: Query, limit: int = 100) -> Answer:
        """What ``query`` finds, at most ``limit`` of it with their rows; an empty query finds nothing."""
        with told(self._path), self._snapshot():
            matches, at_least = self.matches(query)
            shown = matches[:limit]
            by_id = self.shown([match.incident for match in shown if match.incident is not None])
            by_seq = _reports(self._db, [match.seq for match in shown if match.seq is not None])
        incidents = sum(match.incident is not None for match in matches)
        found = tuple(
            Found(
                None if match.incident is None else by_id[match.incident],
                None if match.seq is None else by_seq[match.seq],
            )
            for match in shown
        )
        context = sum(match.context for match in matches)
        return Answer(query, found, incidents - context, len(matches) - incidents, at_least, context=context)

    def loosen(self, answer: Answer) -> Answer:
        """An empty answer with what would be found with one thing less asked; the most first."""
        query, looser = answer.query, []
        with told(self._path):
            for part in query.parts if len(query.parts) > 1 else ():
                matches, _ = self.matches(query.without(part), LOOSENED)
                if matches:
                    looser.append((query.said(part), len(matches)))
        return replace(answer, looser=tuple(sorted(looser, key=lambda pair: -pair[1])))

    def matches(self, query: Query, most: int | None = None) -> tuple[list[Match], bool]:
        """What matches, the best first, and whether there may be more."""
        if query.wanted:
            return _by_words(self._db, query, most or CANDIDATES)
        if query.parts:
            return _by_filters(self._db, query, most or COUNTED)
        return [], False

    def shown(self, ids: Sequence[int]) -> dict[int, Incident]:
        """These incidents, by id."""
        return self.incidents_of(ids)

    def vocabulary(self, known: Known) -> Known:
        """What is known of the watch, with the sides, publishers and places of the store's incidents."""
        with told(self._path):
            return _vocabulary(self._db, known)

    def interrupt(self) -> None:
        """Ends the question that another thread is waiting for: that thread gets a StoreError."""
        self._db.interrupt()


def _vocabulary(db: sqlite3.Connection, known: Known) -> Known:
    counted = {
        "sides": "SELECT by AS name, count(*) AS count FROM incident GROUP BY by",
        "places": "SELECT place AS name, count(*) AS count FROM incident GROUP BY place",
        "publishers": (
            "SELECT value AS name, count(*) AS count FROM incident, json_each(incident.publishers) "
            "GROUP BY value"
        ),
    }
    found = {
        name: {row["name"]: row["count"] for row in db.execute(f"{question} ORDER BY 2 DESC") if row["name"]}
        for name, question in counted.items()
    }
    for row in db.execute("SELECT DISTINCT publisher FROM feed"):
        found["publishers"].setdefault(row["publisher"], 0)
    return replace(known, sides=found["sides"], places=found["places"], publishers=found["publishers"])


def conditions(query: Query, seen_by: Timestamp = _ANY_TIME) -> list[Meant]:
    """What must hold besides the words, each as its filter or negated word means it.

    Words are looked for in reports that had been seen by then.
    """
    meant = []
    for each in query.filters:
        if each.negated:
            turned = f"NOT coalesce({each.meant.incident}, 0)"
            # What is on no front is not on that front.
            other = "1" if each.meant.other == "0" else f"NOT coalesce({each.meant.other}, 0)"
            meant.append(Meant(turned, other, each.meant.values))
        else:
            meant.append(each.meant)
    meant += [_without(term, seen_by) for term in query.terms if term.negated]
    return meant


def _without(term: Term, seen_by: Timestamp) -> Meant:
    """No report of it holds the word."""
    holding = "(SELECT rowid FROM report_words WHERE report_words MATCH ?)"
    by_then = f" AND n.seen <= {seen_by!r}" if seen_by < _ANY_TIME else ""
    of_incident = (
        "SELECT 1 FROM report n INDEXED BY report_by_incident "  # noqa: S608 - ours
        f"WHERE n.incident = i.id AND n.seq IN {holding}{by_then}"
    )
    return Meant(f"NOT EXISTS ({of_incident})", f"r.seq NOT IN {holding}", (term.in_index_language(),))


def where(meant: Sequence[Meant], side: str) -> tuple[str, list[object]]:
    """The conditions on one side, ``incident`` or ``other``, with ``AND`` between them, and their values."""
    said = [(getattr(each, side), each.values) for each in meant]
    values = [value for words, some in said if words not in ("0", "1") for value in some]
    return " AND ".join(words for words, _ in said) or "1", values


def _by_words(db: sqlite3.Connection, query: Query, most: int) -> tuple[list[Match], bool]:
    meant = conditions(query)
    of_incident, values = where(meant, "incident")
    of_none, more = where(meant, "other")
    rows = db.execute(
        f"SELECT r.seq, r.incident, i.kind, r.published, {weight_of(query)} AS weight "  # noqa: S608 - ours
        "FROM report_words CROSS JOIN report r INDEXED BY report_brief ON r.seq = report_words.rowid "
        "LEFT JOIN incident i ON i.id = r.incident "
        f"WHERE report_words MATCH ? AND CASE WHEN r.incident IS NULL THEN {of_none} ELSE {of_incident} END "
        "ORDER BY report_words.rowid DESC LIMIT ?",
        (words_of(query), *more, *values, most + 1),
    ).fetchall()
    return best_of(rows, most)


def words_of(query: Query) -> str:
    """The words of a query as FTS5 asks for them."""
    return " AND ".join(term.in_index_language() for term in query.wanted)


def weight_of(query: Query) -> str:
    """How a row is weighed, in SQL."""
    return _WEIGHT_OF_NAME if all(term.alike for term in query.wanted) else _WEIGHT


def best_of(rows: Sequence[sqlite3.Row], most: int) -> tuple[list[Match], bool]:
    """Each incident by its best report, and reports of none, the best first; and whether there are more.

    Rows have ``seq``, ``incident``, ``kind``, ``published`` and ``weight``, one of them more than ``most``.
    """
    weighed = sorted(_weighed(rows[:most]), key=lambda pair: pair[0])
    best: dict[int, Match] = {}
    for weight, row in weighed:
        # A report of no incident stands for itself; numbers of the two never meet below zero.
        context = row["kind"] not in (None, Kind.INCIDENT)
        best.setdefault(row["incident"] or -row["seq"], Match(row["incident"], row["seq"], weight, context))
    return list(best.values()), len(rows) > most


def _weighed(rows: Sequence[sqlite3.Row]) -> Iterator[tuple[float, sqlite3.Row]]:
    """Each row with its weight: BM25, and a little more for what is newer."""
    newest = max((row["published"] for row in rows), default=0.0)
    for row in rows:
        age = max(0.0, newest - row["published"])
        yield row["weight"] * (1.0 + _NEWER / (1.0 + age / _FRESH)), row


def _by_filters(db: sqlite3.Connection, query: Query, most: int) -> tuple[list[Match], bool]:
    meant = conditions(query)
    incidents = newest_incidents(db, query, meant, most)
    others = newest_others(db, meant, most)
    return newest_of(incidents, others, most)


def newest_of(incidents: Sequence[Match], others: Sequence[Match], most: int) -> tuple[list[Match], bool]:
    """Both sorts, the newest first, and whether there are more of either."""
    found = sorted((*incidents[:most], *others[:most]), key=lambda match: match.weight)
    return found, len(incidents) > most or len(others) > most


def newest_incidents(db: sqlite3.Connection, query: Query, meant: Sequence[Meant], most: int) -> list[Match]:
    """Those that began last, by the index of each front and kind that is asked for."""
    holds, values = where(meant, "incident")
    asked = {each.name: each.meant.values for each in query.filters if not each.negated}
    fronts, kinds = asked.get("front", (ALL_FRONTS,)), asked.get("kind", tuple(Kind))
    since = [each.since for each in meant if each.since is not None]
    until = [each.until for each in meant if each.until is not None]
    index = "incident_front_by_last" if since else "incident_front_by_first"
    # Said of the index's own columns: by what is said of the incident it would be read from end to end.
    bounds = "AND p.last_seen >= ? " * len(since) + "AND p.first_seen < ? " * len(until)
    page = (
        "SELECT * FROM (SELECT p.incident, p.kind, p.first_seen AS at "  # noqa: S608 - ours
        f"FROM incident_front p INDEXED BY {index} "
        "CROSS JOIN incident i ON i.id = p.incident WHERE p.front = ? AND p.kind = ? "
        f"{bounds}AND {holds} "
        "ORDER BY p.first_seen DESC, p.incident DESC LIMIT ?)"
    )
    places = [(front, kind) for front in fronts for kind in kinds]
    rows = db.execute(
        f"SELECT DISTINCT incident, kind, at FROM ({' UNION ALL '.join([page] * len(places))}) "  # noqa: S608 - ours
        "ORDER BY at DESC, incident DESC LIMIT ?",
        [value for place in places for value in (*place, *since, *until, *values, most + 1)] + [most + 1],
    )
    return [Match(row["incident"], None, -row["at"], row["kind"] != Kind.INCIDENT) for row in rows]


def newest_others(db: sqlite3.Connection, meant: Sequence[Meant], most: int) -> list[Match]:
    """Reports of no incident that were published last, those that were seen last taken first."""
    if any(each.other == "0" for each in meant):
        return []
    holds, values = where(meant, "other")
    # A feed's clock may be ahead of ours, so what it dates to today may have been seen before.
    since = [each.since - DAY for each in meant if each.since is not None]
    rows = db.execute(
        "SELECT r.seq, r.published AS at FROM report r INDEXED BY report_of_none "  # noqa: S608 - ours
        f"WHERE r.incident IS NULL {'AND r.seen >= ? ' * len(since)}AND {holds} "
        "ORDER BY r.seen DESC LIMIT ?",
        (*since, *values, most + 1),
    )
    return [Match(None, row["seq"], -row["at"]) for row in rows]


def _reports(db: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, Report]:
    rows = db.execute(f"SELECT * FROM report WHERE seq IN ({marks(len(seqs))})", seqs)  # noqa: S608 - marks
    return {row["seq"]: report_of(row) for row in rows}
