"""The demo's reports through the collector's own path, by the demo's clock and with no waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.samples import HOUR
from tui.config import load
from tui.demo import demo_config
from tui.demo.documents import CONTENT_TYPES, document
from tui.demo.watch import feed_url
from tui.demo.world import World
from tui.feeds import lean
from tui.feeds.gate import Refused
from tui.feeds.parse import Parsed, parse
from tui.ingest import Ingest, Sighting, merger_of
from tui.model import Kind, Report
from tui.store.reader import Reader
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

START: Final = 1_700_000_000.0
WHOLE: Final = 30.0
"""Hours from the demo's start to the end of its story."""
EVERY: Final = 1200.0
"""Seconds of the demo's clock between two polls."""
PORT: Final = 8_000
"""Stands in links only: nothing is served."""


@dataclass(slots=True)
class Demo:
    """Where each report of the demo went, by the last part of its link: event, number and round."""

    event: dict[str, str] = field(default_factory=dict)
    """Of the reports of incidents: the event that each tells of."""
    incident: dict[str, int] = field(default_factory=dict)
    """Of the reports in an incident: its id."""
    reports: dict[str, Report] = field(default_factory=dict)
    """All that were taken for incidents, with their tags."""

    def told(self) -> Mapping[str, set[int | str]]:
        """Of each event the incidents that hold its reports; one that none holds stands for itself."""
        found = defaultdict[str, set[int | str]](set)
        for name, event in self.event.items():
            found[event].add(self.incident.get(name, name))
        return found

    def split(self) -> list[str]:
        """The events whose reports are in more than one incident, those in none left out."""
        return [event for event, ids in self.told().items() if sum(isinstance(id, int) for id in ids) > 1]

    def b_cubed(self) -> tuple[float, float]:
        """Precision and recall over the reports of incidents (Bagga and Baldwin 1998)."""
        return b_cubed({name: self.incident.get(name, name) for name in self.event}, self.event)

    def mixed(self) -> list[int]:
        """The incidents that hold reports of more than one event, or of an event and of none."""
        held = defaultdict[int, set[str]](set)
        for name, id in self.incident.items():
            held[id].add(self.event.get(name, ""))
        return [id for id, events in held.items() if len(events) > 1]


def run(folder: Path, hours: float = WHOLE) -> Demo:
    """What became of all that is told in so many hours from the demo's start."""
    config = folder / "feeds.toml"
    config.write_text(demo_config(PORT), "utf-8")
    watch = load(config)
    world, feeds = World(START), {feed.url: feed for feed in watch.feeds}
    path, newest, demo = folder / "store.db", defaultdict[str, float](float), Demo()
    with closing(Writer(path)) as writer:
        work = Ingest(Tagger(watch.fronts, watch.tripwires), merger_of(writer, START), writer)
        for step in range(int(hours * HOUR / EVERY) + 1):
            now = START + step * EVERY
            sightings: list[Sighting] = []
            for outlet in world.outlets.values():
                items = [] if outlet.fault else world.items(outlet.slug, now)
                if not items or items[0].published <= newest[outlet.slug]:
                    continue  # a server would answer 304
                newest[outlet.slug] = items[0].published
                url = feed_url(outlet, PORT)
                body = document(outlet, items, f"http://127.0.0.1:{PORT}")
                parsed = _read(body, CONTENT_TYPES[outlet.format], url)
                sightings += [Sighting(feeds[url], entry, now) for entry in parsed.entries]
                for item in items:
                    if item.telling.kind == Kind.INCIDENT and item.telling.fronts:
                        demo.event[item.id] = f"{item.telling.event}.{item.id.rpartition('.')[2]}"
            work.take_all(sightings)
    with closing(Reader(path)) as reader:
        for incident in reader.incidents(kinds=[Kind.INCIDENT], limit=-1):
            for report in reader.reports(incident.id):
                name = urlsplit(report.link).path.rpartition("/")[2]
                demo.incident[name], demo.reports[name] = incident.id, report
    return demo


def _read(body: bytes, content_type: str, url: str) -> Parsed:
    """As the collector's worker does: the lean way, and feedparser for what that refuses."""
    try:
        return lean.parse(body, content_type, url, 2000)
    except Refused:
        return parse(body, content_type, url, 2000)


def b_cubed(found: Mapping[str, object], true: Mapping[str, object]) -> tuple[float, float]:
    """Precision and recall, each the mean over the items of how pure and how whole their cluster is."""
    by_found, by_true = defaultdict[object, set[str]](set), defaultdict[object, set[str]](set)
    for key in true:
        by_found[found[key]].add(key)
        by_true[true[key]].add(key)
    right = {key: len(by_found[found[key]] & by_true[true[key]]) for key in true}
    return (
        sum(right[key] / len(by_found[found[key]]) for key in true) / len(true),
        sum(right[key] / len(by_true[true[key]]) for key in true) / len(true),
    )
