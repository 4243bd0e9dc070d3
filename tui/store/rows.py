"""Rows of the store to the nouns of :mod:`tui.model` and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from tui.model import (
    Evidence,
    FeedRecord,
    Heartbeat,
    Incident,
    Kind,
    Place,
    Report,
    Severity,
    State,
    Tags,
    Timestamp,
)
from tui.store.connect import Damaged

ALL_FRONTS: Final = ""
"""The front that stands for the whole watch in ``incident_front``."""

SEVERITIES: Final = {severity.rank: severity for severity in Severity}


class Action(NamedTuple):
    """Something that a person did."""

    id: int
    at: Timestamp
    who: str
    verb: str
    """``acknowledge``, ``shelve``, ``unshelve``, ``poll``, ``pause``, ``resume`` or ``undo``."""
    subject: str
    """What it was done to: ``incidents``, a feed's url, or for an undo the id of the action taken back."""
    payload: dict[str, Any]
    undone_by: int | None
    """The action that took this one back."""


class Request(NamedTuple):
    """Something that a person asks of the collector."""

    id: int
    verb: str
    """``poll``, ``try``, ``pause`` or ``resume``."""
    url: str | None
    """Which feed; None for all."""
    who: str
    at: Timestamp


class Counts(NamedTuple):
    """What the head of a front's pane says."""

    new: int
    """Unacknowledged incidents told of within the last 24 h."""
    in_24h: int
    """Incidents that began within the last 24 h."""
    context_24h: int
    """Rows of every other kind that began within the last 24 h."""
    hours: tuple[int, ...]
    """Incidents by the hour in which they began: 24 numbers, oldest first, the last ending now."""
    shelved: int = 0
    """Shelved incidents told of within the last 24 h."""
    suppressed: int = 0
    """Suppressed incidents told of within the last 24 h."""


_STORES_OWN: Final = ("stored", "relevant", "paused_by")
"""Columns of ``feed`` that the store counts and people set: saving a poll leaves them as they are."""
FEED_COLUMNS: Final = tuple(name for name in FeedRecord._fields if name not in _STORES_OWN)
ALL_FEED_COLUMNS: Final = (*FEED_COLUMNS, *_STORES_OWN)
FEED: Final = f"SELECT {', '.join(FeedRecord._fields)}, seq FROM feed "  # noqa: S608 - ours
"""What :func:`feed_of` reads."""
HEARTBEAT_COLUMNS: Final = Heartbeat._fields

INCIDENT_COLUMNS: Final = (
    "id",
    "seq",
    "kind",
    "fronts",
    "headline",
    "language",
    "type",
    "by",
    "killed",
    "severity",
    "place",
    "lat",
    "lon",
    "first_seen",
    "last_seen",
    "publishers",
    "reports",
    "grade",
)

REPORT_COLUMNS: Final = (
    "seq",
    "key",
    "incident",
    "source",
    "publisher",
    "reliability",
    "language",
    "link",
    "title",
    "summary",
    "published",
    "seen",
    "fronts",
    "kind",
    "type",
    "by",
    "killed",
    "severity",
    "places",
    "evidence",
    "against",
)


def incident_row(incident: Incident, seq: int) -> tuple[object, ...]:
    """In the order of INCIDENT_COLUMNS. The state is left out: it is not the collector's to write."""
    place = incident.place
    return (
        incident.id,
        seq,
        incident.kind,
        _names(incident.fronts),
        incident.headline,
        incident.language,
        incident.type,
        incident.by,
        incident.killed,
        rank(incident.severity),
        place.name if place else None,
        place.lat if place else None,
        place.lon if place else None,
        incident.first_seen,
        incident.last_seen,
        _names(incident.publishers),
        incident.reports,
        incident.grade,
    )


INCIDENT: Final = (
    "SELECT i.*, s.state, s.who, s.until FROM incident i LEFT JOIN incident_state s ON s.incident = i.id "
)
"""Begins a question for what :func:`incident_of` reads."""


def incident_of(row: sqlite3.Row) -> Incident:
    """From the columns of ``incident`` joined with ``state``, ``who`` and ``until`` of ``incident_state``."""
    try:
        return Incident(
            id=row["id"],
            kind=Kind(row["kind"]),
            fronts=_names_in(row["fronts"]),
            headline=row["headline"],
            language=row["language"],
            type=row["type"],
            by=row["by"],
            killed=row["killed"],
            severity=SEVERITIES.get(row["severity"]),
            place=None if row["place"] is None else Place(row["place"], row["lat"], row["lon"]),
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            publishers=_names_in(row["publishers"]),
            reports=row["reports"],
            grade=row["grade"],
            state=state_of(row["state"]),
            state_by=row["who"] or "",
            state_until=row["until"],
        )
    except _BAD as error:
        raise Damaged.row("incident", error) from error


_BAD: Final = (ValueError, TypeError, LookupError)
"""What reading a row raises where its text is not ours: a damaged file is read without a fault otherwise."""


def state_of(stored: str | None) -> State:
    """The state of ``incident_state``. One that nobody knows leaves an incident new: somebody must look."""
    return _STATES.get(stored, State.NEW)


_STATES: Final[dict[str | None, State]] = {str(state): state for state in State}


def report_row(report: Report, incident: int | None, seq: int) -> tuple[object, ...]:
    """In the order of REPORT_COLUMNS."""
    tags = report.tags
    return (
        seq,
        report.key,
        incident,
        report.source,
        report.publisher,
        report.reliability,
        report.language,
        report.link,
        report.title,
        report.summary,
        report.published,
        report.seen,
        _names(tags.fronts),
        tags.kind,
        tags.type,
        tags.by,
        tags.killed,
        rank(tags.severity),
        _list([(place.name, place.lat, place.lon, place.kind) for place in tags.places]),
        _reasons(tags),
        tags.against,
    )


_FURTHER_FACTS: Final = ("wounded", "weapon", "target", "claim", "said_by", "tripwires")
"""Facts without a column of their own: they are kept with the evidence, and most reports have none."""


def _reasons(tags: Tags) -> str:
    """The column ``evidence``: a list, or where there are further facts an object with both.

    Rows of before those facts were kept, and places of before their kind was, read as they always did.
    """
    evidence = [(e.term, e.start, e.end, e.field, e.why, e.weight) for e in tags.evidence]
    facts = {name: value for name in _FURTHER_FACTS if (value := getattr(tags, name)) not in (None, ())}
    return _json({"evidence": evidence, "facts": facts}) if facts else _list(evidence)


def _further(reasons: list[Any] | dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Evidence and further facts of the column ``evidence``, however it was written."""
    if isinstance(reasons, list):
        return reasons, {}
    facts = {name: value for name, value in reasons["facts"].items() if name in _FURTHER_FACTS}
    if "tripwires" in facts:
        facts["tripwires"] = tuple(facts["tripwires"])
    return reasons["evidence"], facts


def report_of(row: sqlite3.Row) -> Report:
    """From the columns of ``report``."""
    try:
        evidence, facts = _further(json.loads(row["evidence"]))
        return Report(
            key=row["key"],
            source=row["source"],
            publisher=row["publisher"],
            reliability=row["reliability"],
            language=row["language"],
            link=row["link"],
            title=row["title"],
            summary=row["summary"],
            published=row["published"],
            seen=row["seen"],
            tags=Tags(
                fronts=_names_in(row["fronts"]),
                kind=Kind(row["kind"]),
                type=row["type"],
                by=row["by"],
                killed=row["killed"],
                severity=SEVERITIES.get(row["severity"]),
                places=tuple(Place(*values) for values in json.loads(row["places"])),
                evidence=tuple(Evidence(*values) for values in evidence),
                against=row["against"],
                **facts,
            ),
        )
    except _BAD as error:
        raise Damaged.row("report", error) from error


def feed_of(row: sqlite3.Row) -> FeedRecord:
    """From a row of :data:`FEED`: by place, since to look for each name takes five times as long."""
    return FeedRecord._make(row[: len(FeedRecord._fields)])


def feed_row(record: FeedRecord, columns: Sequence[str] = FEED_COLUMNS) -> tuple[object, ...]:
    """In the order of ``columns``."""
    return tuple(getattr(record, name) for name in columns)


def object_of(text: str) -> dict[str, Any]:
    """A JSON object of the log; empty where a hand has left none there. Of ``ids`` those that are ids."""
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return {}
    if "ids" in value:
        ids = value["ids"] if isinstance(value["ids"], list) else []
        value["ids"] = [each for each in ids if type(each) is int and abs(each) < 2**63]
    return value


def action_of(row: sqlite3.Row) -> Action:
    """From the columns of ``action``."""
    return Action(
        row["id"],
        row["at"],
        row["who"],
        row["verb"],
        row["subject"],
        object_of(row["payload"]),
        row["undone_by"],
    )


def rank(severity: Severity | None) -> int | None:
    """A severity as the store keeps it."""
    return None if severity is None else severity.rank


def marks(count: int) -> str:
    """``?, ?, ?``: that many placeholders."""
    return ", ".join("?" * count)


def _list(values: Sequence[object]) -> str:
    return _json(values) if values else "[]"


@lru_cache(maxsize=1024)
def _names(names: tuple[str, ...]) -> str:
    """Of fronts and publishers: the same few come again and again."""
    return _list(names)


@lru_cache(maxsize=1024)
def _names_in(text: str) -> tuple[str, ...]:
    """The way back."""
    return tuple(json.loads(text))


_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: with these settings ``json.dumps`` makes one for each value."""
