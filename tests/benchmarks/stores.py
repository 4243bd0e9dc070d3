"""Stores for benchmarks: as many incidents as wanted, spread over a year, all made up."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tui.model import Heartbeat, Incident, Kind, Place, Report, Severity, Tags
from tui.paths import STORE_NAME
from tui.store.writer import Writer

FRONTS = ("lebanon-border", "iraq-syria", "yemen")
YEAR = 365 * 86_400.0
PLACES = (
    Place("Naqoura", 33.118, 35.139),
    Place("Ain al-Asad", 33.786, 42.441),
    Place("Bab al-Mandab", 12.583, 43.333),
)
HEADLINES = (
    "Drone strike kills two near Naqoura, post damaged in the blast, mayor says",
    "Rockets fired at a base in western Iraq; no casualties, officials say",
    "Tanker hit by missile off Mocha, crew safe, agency says",
    "غارة بطائرة مسيرة على سيارة عند مدخل البلدة",
)


def fill(data: Path, incidents: int, *, newest: str = "NEWEST-MARKER strike") -> None:
    """Write a store of so many incidents, one report each; the newest has a headline of its own."""
    now = time.time()
    dice = random.Random(1)
    moments = sorted(now - YEAR * dice.random() ** 2 for _ in range(incidents))
    writer = Writer(data / STORE_NAME)
    first = writer.next_incident_id()
    for start in range(0, incidents, 5_000):
        rows = [
            _one(first + number, moments[number], dice, newest if number == incidents - 1 else "")
            for number in range(start, min(incidents, start + 5_000))
        ]
        writer.add([(report, incident.id) for incident, report in rows], [incident for incident, _ in rows])
    writer.beat(Heartbeat(1, now, now, now, now, 1.0, ""))
    writer.close()


def trickle(data: Path, *, per_second: int) -> None:
    """Write so many reports a second, each an incident, in four batches a second, until it is killed."""
    dice = random.Random(2)
    writer = Writer(data / STORE_NAME)
    number = writer.next_incident_id()
    while True:
        rows = [_one(number + at, time.time(), dice, "") for at in range(per_second // 4)]
        number += len(rows)
        writer.add([(report, incident.id) for incident, report in rows], [incident for incident, _ in rows])
        time.sleep(0.25)


def _one(number: int, at: float, dice: random.Random, headline: str) -> tuple[Incident, Report]:
    front = FRONTS[number % len(FRONTS)]
    kind = Kind.INCIDENT if headline or dice.random() < 0.7 else Kind.STATEMENT
    severity = dice.choice(list(Severity)) if kind is Kind.INCIDENT else None
    words, place = headline or dice.choice(HEADLINES), dice.choice(PLACES)
    tags = Tags((front,), kind, "drone", "axis", None, severity, (place,))
    report = Report(f"bench-{number}", "Gazette", "gazette", "B", "en", "", words, "", at, at, tags)
    incident = Incident(
        id=number,
        kind=kind,
        fronts=(front,),
        headline=words,
        language="en",
        type="drone",
        by="axis",
        killed=None,
        severity=severity,
        place=place,
        first_seen=at,
        last_seen=at,
        publishers=("gazette",),
        reports=1,
        grade="B3",
    )
    return incident, report
