"""How well reports are merged, and what their order changes: python -m tests.benchmarks.bench_merge.

``--clusters FILE``: JSON lines of ``title``, ``summary``, ``lang``, ``source``, ``published`` and ``event``
(null: of none). Prints B-cubed precision, recall and F1 (Bagga and Baldwin 1998) over the entries with an
event, and the share of the others that became an incident's report.

``--demo``: the same over the demo's invented events, by the collector's own path; and of every event that is
split over incidents the reports outside the one that has most, with the facts that none in it has.

``--shuffle FILE``: a file as ``frontwatch replay`` reads it. The entries of each hour are shuffled, each is
given to the merger by itself, and of all pairs of reports that are of one incident in either run the share
is told that are of one in only one of them.

Without either: microseconds for a report with 1,000, 10,000 and 100,000 incidents in the store.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.bench_ingest import entries, fill
from tests.demo_run import b_cubed, run
from tests.samples import FRONTS, HOUR, NOON
from tui.config import find, load
from tui.feeds.safe_text import safe_text
from tui.incidents.merge import Merger
from tui.ingest import Ingest, key_of, merger_of
from tui.model import Feed, Kind, Report
from tui.replay_lines import Line, Lines
from tui.store.migrate import open_store
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

SEEDS = 12


def placed(reports: Iterable[Report]) -> dict[str, int]:
    """The incident of each report, by key, when all have come."""
    merger, incident_of = Merger(), dict[str, int]()
    for report in reports:
        merger.place(report)
        incident_of |= merger.changes().incident_of
    return incident_of


def clusters(path: Path, tagger: Tagger) -> None:
    """Prints B-cubed over a labelled file."""
    events: dict[str, str | None] = {}
    reports: list[Report] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        title, summary = safe_text(item["title"], 300), safe_text(item["summary"] or "", 2000)
        at = datetime.fromisoformat(item["published"]).timestamp()
        publisher = urlsplit(item["source"]).hostname or item["source"]
        key, link = f"{number:06}", f"https://{publisher}/{number}"
        events[key] = item["event"]
        tags = tagger.tag(title, summary, language=item.get("lang", ""))
        if tags.fronts and tags.kind is Kind.INCIDENT:
            reports.append(
                Report(
                    key, publisher, publisher, "C", item.get("lang", ""), link, title, summary, at, at, tags
                )
            )
    incident_of = placed(sorted(reports, key=lambda report: (report.published, report.key)))
    told = [key for key, event in events.items() if event is not None]
    precision, recall = b_cubed(
        {key: incident_of.get(key, key) for key in told}, {key: events[key] for key in told}
    )
    f1 = 2 * precision * recall / (precision + recall)
    others = [key for key, event in events.items() if event is None]
    taken = sum(key in incident_of for key in others)
    print(f"{len(told)} entries of events: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    print(f"{taken} of {len(others)} entries of no event taken in, {100 * taken / max(1, len(others)):.1f}%")


def demo() -> None:
    """Prints how the demo's events are merged, and why those that are split are."""
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder))
    precision, recall = found.b_cubed()
    split, f1 = found.split(), 2 * precision * recall / (precision + recall)
    print(f"{len(found.event)} reports of {len(set(found.event.values()))} events: ", end="")
    print(f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    print(f"{len(split)} events split, {len(found.mixed())} incidents mixed")
    for event in split:
        names = [name for name in found.incident if found.event.get(name) == event]
        ids = [found.incident[name] for name in names]
        chief = max(dict.fromkeys(ids), key=ids.count)
        with_it = [found.reports[name] for name in names if found.incident[name] == chief]
        print(f"\n{event}")
        for name in names:
            if found.incident[name] != chief:
                report = found.reports[name]
                print(f"  {_unlike(report, with_it)}: [{report.language}] {report.title}")


def _unlike(report: Report, others: Sequence[Report]) -> str:
    """The facts of a report that none of the others has."""
    apart = [
        fact
        for fact in ("fronts", "type", "by", "killed")
        if getattr(report.tags, fact) not in {getattr(each.tags, fact) for each in others}
    ]
    named = {place.name for each in others for place in each.tags.places}
    if named.isdisjoint(place.name for place in report.tags.places):
        apart.append("place")
    return ", ".join(apart) or "words only"


def shuffle(path: Path, tagger: Tagger) -> None:
    """Prints what the order within each hour changes."""
    reports: dict[str, Report] = {}
    for line in Lines(path, load(find())):
        if isinstance(line, Line):
            feed, entry = line.feed, line.entry
            tags = tagger.tag(
                entry.title, entry.summary, language=feed.language, front=feed.front, link=entry.link
            )
            if tags.fronts:
                reports[key_of(feed, entry)] = Report(
                    key_of(feed, entry),
                    feed.name,
                    feed.publisher,
                    feed.reliability,
                    feed.language,
                    entry.link,
                    entry.title,
                    entry.summary,
                    line.published,
                    line.published,
                    tags,
                )
    ordered = sorted(reports.values(), key=lambda report: (report.published, report.key))
    before = pairs(placed(ordered))
    changes = []
    for seed in range(SEEDS):
        after = pairs(placed(shuffled(ordered, random.Random(seed))))
        changes.append(100 * len(before ^ after) / max(1, len(before | after)))
    print(f"{len(ordered)} reports on fronts, {len(before)} pairs of one incident; shuffled each hour:")
    mean, most = sum(changes) / SEEDS, max(changes)
    print(f"{mean:.2f}% of pairs changed on average, {most:.2f}% at the most of {SEEDS} runs")


def shuffled(reports: Sequence[Report], dice: random.Random) -> list[Report]:
    """The same reports, those of each hour in another order."""
    hours = defaultdict[int, list[Report]](list)
    for report in reports:
        hours[int(report.published // HOUR)].append(report)
    for some in hours.values():
        dice.shuffle(some)
    return [report for hour in sorted(hours) for report in hours[hour]]


def pairs(incident_of: Mapping[str, int]) -> set[tuple[str, str]]:
    """The pairs of reports that are of one incident."""
    groups = defaultdict[int, list[str]](list)
    for key, id in incident_of.items():
        groups[id].append(key)
    return {pair for keys in groups.values() for pair in combinations(sorted(keys), 2)}


def growth(reports: int) -> None:
    """Prints what a report costs as the store grows."""
    told = entries(reports, 0.5, random.Random(5))
    feeds = [Feed(f"Feed {n}", f"https://f{n}.example/", f"publisher-{n}", "en", "B") for n in range(40)]
    for stored in (1_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store.db"
            open_store(path).close()
            fill(path, stored)
            with closing(Writer(path)) as writer:
                merger = merger_of(writer, NOON)
                work = Ingest(Tagger(FRONTS), merger, writer)
                started = time.process_time()
                for number, start in enumerate(range(0, len(told), 50)):
                    some = told[start : start + 50]
                    work.take(feeds[number % len(feeds)], some, (some[-1].published or NOON) + HOUR)
                took = time.process_time() - started
        each = 1e6 * took / len(told)
        print(f"{stored:>7,} incidents stored: {each:.0f} us a report, tagged, merged and stored")


def main() -> None:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clusters", type=Path, help="labelled JSON lines")
    parser.add_argument("--shuffle", type=Path, help="a file to replay")
    parser.add_argument(
        "--reports", type=int, default=10_000, help="reports taken in at each size of the store"
    )
    parser.add_argument("--demo", action="store_true", help="the demo's own events")
    arguments = parser.parse_args()
    if arguments.demo:
        demo()
        return
    watch = load(find())
    tagger = Tagger(watch.fronts, watch.tripwires)
    if arguments.clusters:
        clusters(arguments.clusters, tagger)
    if arguments.shuffle:
        shuffle(arguments.shuffle, tagger)
    if not (arguments.clusters or arguments.shuffle):
        growth(arguments.reports)


if __name__ == "__main__":
    main()
