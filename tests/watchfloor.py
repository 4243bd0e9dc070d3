"""A small watch with a store for the tests of the screens: written through the real writer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from tests.new_store import new_writer
from tui.incidents.grade import assess
from tui.incidents.voices import Voice
from tui.model import (
    Evidence,
    Feed,
    Heartbeat,
    Incident,
    Kind,
    Place,
    Report,
    Severity,
    Tags,
    Timestamp,
)
from tui.paths import STORE_NAME
from tui.session import Session

CONFIG = """\
[watch]
title = "Test watch"

[[fronts]]
id = "north"
name = "North"
zone = "Asia/Beirut"

[[fronts]]
id = "east"
name = "East"
zone = "Asia/Baghdad"

[[fronts]]
id = "south"
name = "South"
zone = "Asia/Aden"
city = "Sanaa"

[[feeds]]
name = "Gazette"
url = "https://gazette.example/rss"
publisher = "gazette"
language = "en"
reliability = "B"
"""

NAQOURA = Place("Naqoura", 33.118, 35.139)


class Watchfloor:
    """A config file and a store, and what a collector would write into it."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "feeds.toml"
        self.config.write_text(CONFIG, encoding="utf-8")
        self.data = folder / "data"
        self.writer = new_writer(self.data / STORE_NAME)
        self.now = time.time()
        self._feeds = [
            Feed(f"Feed {number}", f"https://feed{number}.example/rss", f"publisher{number}", "en", "B")
            for number in range(4)
        ]
        self.records = self.writer.set_feeds(self._feeds)

    def session(self, *, wall: bool = False, initials: str = "TST") -> Session:
        """A screen's hold on it, without a collector, at which somebody sits who has said who."""
        session = Session(self.config, self.data, collector=None, wall=wall)
        session.memory.set("initials", initials)
        return session

    def beat(self, ago: float = 0.0, network: str = "") -> None:
        """A sign of life of the collector, some seconds ago."""
        beat = Heartbeat(1, self.now - 600, time.time() - ago, self.now, self.now, 1.0, "polling")
        self.writer.beat(beat._replace(network=network))

    def poll(self, *, good: int, error: str = "DNS: no such host") -> None:
        """Every feed was polled just now, so many of them well."""
        now = time.time()
        for index, record in enumerate(self.records.values()):
            well = index < good
            self.writer.save_feed(
                record._replace(
                    last_poll=now,
                    last_ok=now if well else None,
                    next_poll=now + 300,
                    failures=0 if well else 3,
                    failing_since=None if well else now - 7200,
                    error="" if well else error,
                )
            )

    def tell(
        self,
        headline: str,
        *,
        front: str = "north",
        severity: Severity | None = Severity.MEDIUM,
        kind: Kind = Kind.INCIDENT,
        ago: float = 60.0,
        sources: Sequence[str] = ("Gazette",),
        killed: int | None = None,
        summary: str = "",
        link: str = "https://gazette.example/1",
        marks: Sequence[tuple[int, int]] = (),
        incident_id: int | None = None,
    ) -> Incident:
        """An incident on a front, told by each source in turn, a minute apart."""
        at: Timestamp = self.now - ago
        identity = self.writer.next_incident_id() if incident_id is None else incident_id
        evidence = tuple(
            Evidence(headline[start:end], start, end, "title", "act: an attack", 2.0) for start, end in marks
        )
        is_incident = kind is Kind.INCIDENT
        tags = Tags(
            (front,),
            kind,
            "drone" if is_incident else None,
            "axis" if is_incident else None,
            killed,
            severity if is_incident else None,
            (NAQOURA,),
            evidence,
        )
        reports = [
            Report(
                key=f"{identity}-{number}-{headline[:20]}",
                source=source,
                publisher=source.lower(),
                reliability="B",
                language="en",
                link=link,
                title=headline,
                summary=summary,
                published=at + 60.0 * number,
                seen=at + 60.0 * number,
                tags=tags,
            )
            for number, source in enumerate(sources)
        ]
        voices = [Voice({report.publisher}, report.reliability, {""}) for report in reports]
        incident = Incident(
            id=identity,
            kind=kind,
            fronts=(front,),
            headline=headline,
            language="en",
            type=tags.type,
            by=tags.by,
            killed=killed,
            severity=tags.severity,
            place=NAQOURA,
            first_seen=reports[0].published,
            last_seen=reports[-1].published,
            publishers=tuple(report.publisher for report in reports),
            reports=len(reports),
            grade=assess(voices).grade,
        )
        self.writer.add([(report, identity) for report in reports], [incident])
        return incident
