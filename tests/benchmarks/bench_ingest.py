"""Ingest (tag, merge, store) into a store of 100,000 incidents: python -m tests.benchmarks.bench_ingest.

Prints reports a second on one core, and the same as a share of a reference of the same run: plain
``executemany`` inserts of the same rows into a table with one index, which no store of ours can beat.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from tests import samples
from tests.samples import DAY, HOUR, NOON
from tui.ingest import Ingest, merger_of
from tui.model import Entry, Feed, Incident, Kind, Report, Severity
from tui.store.migrate import open_store
from tui.store.reader import Reader
from tui.store.rows import REPORT_COLUMNS, marks, report_row
from tui.store.writer import Writer
from tui.tagging.lexicon import FOLDER
from tui.tagging.tagger import Tagger

STORED_DAYS: Final = 900
"""Days that the stored incidents are spread over: about 110 a day, as in a hot month on three fronts."""

FEEDS: Final = 40
A_DAY: Final = 20_000
"""Entries that the synthetic feeds bring in a day."""

TELLINGS: Final = 5
"""Reports of one made-up event, within three hours of it."""

ACTS: Final = ("drone strike", "rocket fire", "artillery shelling", "air strike", "missile attack", "ambush")
HARMS: Final = ("kills two", "wounds five", "hits a house", "causes no casualties", "damages a warehouse")
SAYERS: Final = (
    "army says",
    "residents say",
    "state media report",
    "official says",
    "witnesses tell reporters",
)
FORMS: Final = (
    "{act} near {place} {harm}, {sayer}",
    "{sayer}: {act} {harm} in {place}",
    "{place}: {act} {harm}",
    "{harm} after {act} on the outskirts of {place}",
    "New {act} at {place} {harm}, {name} correspondent {sayer}",
)
OTHERS: Final = (
    "Cup final ends in a draw",
    "Shares rise on bank earnings",
    "Storm closes schools in the north",
)
NAMES: Final = tuple(
    f"{a}{b}" for a in ("Al", "Ber", "Cas", "Dor", "El", "Far") for b in ("ina", "oma", "ura", "eth")
)


def entries(count: int, relevant: float, dice: random.Random) -> list[Entry]:
    """Made-up news in order of time, that share of it of events on fronts, five reports each."""
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as gazetteer:
        places = [row["name"] for row in csv.DictReader(gazetteer) if row["lexicon"]]
    made: list[Entry] = []
    while len(made) < count:
        at, name = NOON + dice.random() * count * DAY / A_DAY, dice.choice(NAMES)
        words = {"act": dice.choice(ACTS), "place": dice.choice(places), "harm": dice.choice(HARMS)}
        event = dice.random() < relevant / (relevant + (1 - relevant) * TELLINGS)
        titles = [f"{dice.choice(OTHERS)}, {name} says"]
        if event:
            forms = [dice.choice(FORMS) for _ in range(TELLINGS)]
            titles = [form.format(**words, name=name, sayer=dice.choice(SAYERS)) for form in forms]
        for title in titles:
            summary = (
                f"{dice.choice(NAMES)} and {dice.choice(NAMES)} spoke of it. " + "More is to follow. " * 6
            )
            id = f"{relevant}-{len(made)}"
            published = at + dice.random() * 3 * HOUR
            made.append(Entry(id, title, summary, f"https://news.example/{id}", published))
    return sorted(made, key=lambda entry: entry.published or 0.0)


def fill(path: Path, count: int) -> None:
    """A store with that many incidents and five times as many reports, up to the moment the test begins."""
    dice = random.Random(1)
    fronts = [front.id for front in samples.FRONTS]
    with closing(Writer(path)) as writer:
        for start in range(1, count + 1, 5000):
            incidents: list[Incident] = []
            reports: list[tuple[Report, int | None]] = []
            for id in range(start, min(start + 5000, count + 1)):
                at = NOON - STORED_DAYS * DAY * (1 - id / count)
                front, kind = dice.choice(fronts), dice.choice([Kind.INCIDENT, Kind.STATEMENT])
                severity = dice.choice(list(Severity)) if kind is Kind.INCIDENT else None
                incidents.append(
                    samples.incident(id, at=at, fronts=(front,), kind=kind, severity=severity, reports=5)
                )
                tags = samples.tags(front, kind=kind)
                reports += [
                    (samples.report(f"{dice.choice(NAMES)} {dice.choice(HARMS)}", at=at, tagged=tags), id)
                    for _ in range(5)
                ]
            writer.add(reports, incidents)


def ingest(path: Path, told: list[Entry], batch: int) -> float:
    """Reports a second through tagging, merging and the store."""
    feeds = [Feed(f"Feed {n}", f"https://f{n}.example/", f"publisher-{n}", "en", "B") for n in range(FEEDS)]
    tagger = Tagger(samples.FRONTS)
    with closing(Writer(path)) as writer:
        work = Ingest(tagger, merger_of(writer, told[0].published or NOON), writer)
        work.take(feeds[0], [], NOON)
        gc.freeze()  # as the collector does once its lists are read
        started = time.process_time()
        for number, start in enumerate(range(0, len(told), batch)):
            some = told[start : start + batch]
            seen = max(entry.published or NOON for entry in some) + HOUR
            work.take(feeds[number % FEEDS], some, seen)
        return len(told) / (time.process_time() - started)


def reference(path: Path, told: list[Entry], batch: int) -> float:
    """Reports a second through nothing but SQLite's own bulk insert."""
    rows = [
        report_row(samples.report(each.title, summary=each.summary, link=each.link), None, number)
        for number, each in enumerate(told)
    ]
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = NORMAL")
        store.execute(f"CREATE TABLE report ({', '.join(REPORT_COLUMNS)}, UNIQUE (key))")
        started = time.process_time()
        for start in range(0, len(rows), batch):
            store.execute("BEGIN")
            store.executemany(
                f"INSERT INTO report VALUES ({marks(len(REPORT_COLUMNS))})", rows[start : start + batch]
            )
            store.execute("COMMIT")
        return len(rows) / (time.process_time() - started)


def milliseconds(question: Callable[[], object]) -> float:
    """Median of eleven."""
    times = []
    for _ in range(11):
        started = time.perf_counter()
        question()
        times.append(time.perf_counter() - started)
    return sorted(times)[5] * 1000


def reads(path: Path) -> dict[str, float]:
    """Milliseconds of what a board asks."""
    now = NOON + DAY
    with closing(Reader(path)) as reader:
        seq = reader.seq()
        return {
            "a pane's first 200": milliseconds(
                lambda: reader.incidents(front="yemen", kinds=[Kind.INCIDENT])
            ),
            "the last 24 h of all": milliseconds(lambda: reader.incidents(since=now - DAY, limit=-1)),
            "counts of a front": milliseconds(lambda: reader.counts("yemen", now)),
            "newest of a front": milliseconds(lambda: reader.newest("yemen")),
            "the last 100 changes": milliseconds(lambda: reader.changes(seq - 100)),
            "nothing changed": milliseconds(lambda: reader.changes(seq)),
        }


def main() -> None:
    """Fills, ingests, reads, and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000, help="incidents in the store before")
    parser.add_argument("--reports", type=int, default=20_000, help="reports taken in")
    parser.add_argument("--batch", type=int, default=50, help="entries of one poll")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        open_store(path).close()
        started = time.perf_counter()
        fill(path, arguments.stored)
        size = path.stat().st_size / 2**20
        print(
            f"filled {arguments.stored:,} incidents in {time.perf_counter() - started:.0f} s, {size:.0f} MiB"
        )
        runs = (
            ("one in ten on a front", 0.1, False),
            ("half of them on a front", 0.5, False),
            ("half of them, in no order within the hour", 0.5, True),
        )
        for number, (name, share, late) in enumerate(runs):
            dice, later = random.Random(int(share * 10)), 3 * number * DAY  # each run goes on after the last
            told = [
                e._replace(
                    id=f"{number}-{e.id}", link=f"{e.link}-{number}", published=(e.published or 0) + later
                )
                for e in entries(arguments.reports, share, dice)
            ]
            if late:
                told.sort(key=lambda entry: ((entry.published or 0) // HOUR, dice.random()))
            rate = ingest(path, told, arguments.batch)
            plain = reference(Path(folder) / f"plain-{number}.db", told, arguments.batch)
            print(f"{name}: {rate:,.0f} reports/s, {rate / plain:.3f} of a plain insert's {plain:,.0f}/s")
        for name, took in reads(path).items():
            print(f"{name}: {took:.2f} ms")


if __name__ == "__main__":
    main()
