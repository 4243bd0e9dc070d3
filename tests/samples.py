"""Builders of reports, incidents and entries for tests: say what matters, the rest is made up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tui.model import (
    Entry,
    Evidence,
    Feed,
    FeedRecord,
    Front,
    Heartbeat,
    Incident,
    Kind,
    Place,
    Report,
    Severity,
    Tags,
    Timestamp,
)

NOON: Final = 1_701_432_000.0
"""2023-12-01T12:00:00Z."""

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86400.0

FRONTS: Final = (
    Front("lebanon-border", "Lebanon border", "Asia/Beirut", "Beirut", ("lebanon-border",)),
    Front("iraq-syria", "Iraq / Syria", "Asia/Baghdad", "Baghdad", ("iraq-syria",)),
    Front("yemen", "Yemen / Red Sea", "Asia/Aden", "Sanaa", ("yemen",)),
)

NAQOURA: Final = Place("Naqoura", 33.118, 35.139)
LEBANON: Final = Place("Lebanon", 33.9, 35.9)
ERBIL: Final = Place("Erbil", 36.19, 44.01)
IRAQ: Final = Place("Iraq", 33.0, 43.7)
MOCHA: Final = Place("Mocha", 13.316, 43.25)
RED_SEA: Final = Place("Red Sea", 20.0, 38.5)


def tags(
    *fronts: str,
    kind: Kind = Kind.INCIDENT,
    type: str | None = "drone",
    by: str | None = "israel",
    killed: int | None = None,
    severity: Severity | None = Severity.MEDIUM,
    places: tuple[Place, ...] = (NAQOURA, LEBANON),
    evidence: Iterable[tuple[str, int, int]] = (),
) -> Tags:
    """An incident on the Lebanon border by default; ``evidence`` as (term, start, end) of the title."""
    if kind is not Kind.INCIDENT:
        type = by = killed = severity = None
    why = tuple(Evidence(term, start, end, "title", "a test's word", 1.0) for term, start, end in evidence)
    return Tags(fronts or ("lebanon-border",), kind, type, by, killed, severity, places, why)


_numbers = iter(range(1, 10**9))


def report(
    title: str = "Drone strike hits a house near Naqoura",
    *,
    at: Timestamp = NOON,
    tagged: Tags | None = None,
    **more: Any,
) -> Report:
    """A report published and seen ``at``; ``more`` are its fields. Each has its own key and link."""
    number = next(_numbers)
    made = Report(
        key=f"key-{number}",
        source="Example Wire",
        publisher="example-wire",
        reliability="B",
        language="en",
        link=f"https://wire.example/{number}",
        title=title,
        summary="",
        published=at,
        seen=at,
        tags=tagged or tags(),
    )
    return made._replace(**more)


def incident(id: int = 1, *, at: Timestamp = NOON, **more: Any) -> Incident:
    """An incident told once, ``at``; ``more`` are fields of Incident."""
    made = Incident(
        id=id,
        kind=Kind.INCIDENT,
        fronts=("lebanon-border",),
        headline="Drone strike hits a house near Naqoura",
        language="en",
        type="drone",
        by="israel",
        killed=None,
        severity=Severity.MEDIUM,
        place=NAQOURA,
        first_seen=at,
        last_seen=at,
        publishers=("example-wire",),
        reports=1,
        grade="B3",
    )
    return made._replace(**more)


def feed(url: str = "https://wire.example/feed", **more: Any) -> Feed:
    """A general feed in English, rated B; ``more`` are fields of Feed."""
    return Feed("Example Wire", url, "example-wire", "en", "B")._replace(**more)


def feed_record(url: str = "https://wire.example/feed", **more: Any) -> FeedRecord:
    """The record of a feed that was never polled; ``more`` are fields of FeedRecord."""
    return FeedRecord(url, "Example Wire", "example-wire", None, 300.0)._replace(**more)


def entry(title: str, *, at: Timestamp | None = NOON, **more: Any) -> Entry:
    """An entry whose id and link are made of its title; ``more`` are fields of Entry."""
    name = "-".join(title.lower().split())
    return Entry(name, title, "", f"https://wire.example/{name}", at)._replace(**more)


def heartbeat(**more: Any) -> Heartbeat:
    """A collector on the machine's clock that beat at noon; ``more`` are fields of Heartbeat."""
    return Heartbeat(4711, NOON, NOON, NOON, NOON, 1.0)._replace(**more)
