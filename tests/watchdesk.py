"""A collector and a desk on one store, for the tests of rulings: reports come with given tags."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from tests import samples
from tests.new_store import new_writer
from tests.samples import HOUR, NOON
from tui.ingest import Ingest, Sighting, key_of, merger_of
from tui.labelled import write_labelled
from tui.listing import list_incidents
from tui.model import Entry, Feed, Incident, Kind, Report, Tags, Timestamp
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.tagging.tagger import Tagger

NOW = NOON + 101 * HOUR
"""When everything is seen: after all that a test tells, and within a week of it."""


class TagsByLink:
    """A tagger that knows what is right of each link."""

    def __init__(self) -> None:
        self.right: dict[str, Tags] = {}

    def tag(self, title: str, summary: str = "", *, link: str = "", **_: object) -> Tags:
        return self.right[link]


class Watchdesk:
    """One store with a collector (its ingest, without the web), a desk and a reader."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = new_writer(path)
        self.writer.beat(samples.heartbeat(origin=NOW, rate=0.0))
        self.desk = Desk(path)
        self.reader = Reader(path)
        self.tagger = TagsByLink()
        self.restart()

    def restart(self, now: Timestamp = NOW) -> None:
        """The collector anew, with what the store holds of the days before ``now``."""
        self.ingest = Ingest(cast(Tagger, self.tagger), merger_of(self.writer, now), self.writer)

    def close(self) -> None:
        for each in (self.writer, self.desk, self.reader):
            each.close()

    def tell(self, *reports: Report) -> list[str]:
        """The reports come in one batch; their keys, as they are stored."""
        sightings = []
        for report in reports:
            self.tagger.right[report.link] = report.tags
            feed = Feed(report.source, f"https://{report.publisher}.example/", report.publisher, "en", "B")
            entry = Entry(report.key, report.title, report.summary, report.link, report.published)
            sightings.append(Sighting(feed, entry, NOW))
        self.ingest.take_all(sightings)
        return [key_of(each.feed, each.entry) for each in sightings]

    def rule(self) -> None:
        """The collector does what was asked."""
        self.ingest.rule(NOW)
        assert self.reader.pending() == 0

    def incident(self, id: int) -> Incident:
        found = self.reader.incident(id)
        assert found is not None
        return found

    def incidents(self) -> dict[int, Incident]:
        """Every incident and piece of context that has a report, by id."""
        return {each.id: each for each in self.reader.incidents(limit=-1) if each.reports}

    def keys(self, id: int) -> set[str]:
        return {report.key for report in self.reader.reports(id)}

    def whereabouts(self) -> dict[str, int]:
        """The incident of every report, by key."""
        return {key: id for id in self.incidents() for key in self.keys(id)}

    def listed(self) -> bytes:
        """What ``list --json`` writes of every kind."""
        out = io.StringIO()
        for kind in Kind:
            list_incidents(
                self.reader, front=None, since=0.0, kind=kind, severity=None, as_json=True, out=out
            )
        return out.getvalue().encode()

    def labelled(self) -> list[dict[str, Any]]:
        """What ``corrections`` writes."""
        out = io.StringIO()
        write_labelled(self.reader, out)
        return [json.loads(line) for line in out.getvalue().splitlines()]


def copies(report: Report, count: int) -> Sequence[Report]:
    """The same piece from that many other publishers, a minute apart, each under its own link."""
    return [
        report._replace(
            key=f"{report.key}-{number}",
            publisher=f"copy-{number}",
            link=f"{report.link}/{number}",
            published=report.published + 60.0 * number,
        )
        for number in range(1, count + 1)
    ]
