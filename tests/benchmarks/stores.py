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
    dice = random.Random(1)
    now = time.time()
    writer = Writer(data / STORE_NAME)
    first = writer.next_incident_id()
    moments = sorted(now - YEAR * dice.random() ** 2 for _ in range(incidents))
    batch: list[tuple[Report, int]] = []
    rows: list[Incident] = []
    for number, at in enumerate(moments):
        front = FRONTS[number % len(FRONTS)]
        headline = newest if number == incidents - 1 else dice.choice(HEADLINES)
        kind = Kind.INCIDENT if dice.random() < 0.7 or number == incidents - 1 else Kind.STATEMENT
        severity = dice.choice(list(Severity)) if kind is Kind.INCIDENT else None
        tags = Tags((front,), kind, "drone", "axis", None, severity, (dice.choice(PLACES),))
        report = Report(f"bench-{number}", "Gazette", "gazette", "B", "en", "", headline, "", at, at, tags)
        rows.append(
            Incident(
                first + number,
                kind,
                (front,),
                headline,
                "en",
                "drone",
                "axis",
                None,
                severity,
                tags.places[0],
                at,
                at,
                ("gazette",),
                1,
                "B3",
            )
        )
        batch.append((report, first + number))
        if len(batch) == 5_000:
            writer.add(batch, rows)
            batch, rows = [], []
    writer.add(batch, rows)
    writer.beat(Heartbeat(1, now, now, now, now, 1.0, ""))
    writer.close()
