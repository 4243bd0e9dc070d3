"""How long a query takes, and how long a person waits who types one.

    uv run python -m tests.benchmarks.bench_search [INCIDENTS]

A store of so many incidents (usually 100,000, with half as many reports again, and a report of no incident to
four of them), of made-up words spread as words are (Zipf): the commonest stand in every third report. Each
query is asked with the store in the page cache, timed by the clock and by what it took of the processor.
Then one is typed, a key each 60 ms, and the time from its last key to its answer is taken, as the screen
gets it from its thread.
"""

from __future__ import annotations

import itertools
import queue
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.samples import FRONTS
from tui.model import ACT_TYPES, Evidence, Incident, Kind, Place, Report, Severity, Tags
from tui.store.filters import Known
from tui.store.query import parse
from tui.store.search import Answer, Searcher
from tui.store.seeker import Delivery, Seeker
from tui.store.writer import Writer
from tui.tagging.spellings import spellings_of

YEAR = 365 * 86_400.0
COMMON = (
    *("drone", "strike", "missile", "attack", "kills", "near", "town", "army", "says", "forces", "officials"),
    *(
        "ship",
        "tanker",
        "base",
        "village",
        "raid",
        "house",
        "vehicle",
        "soldiers",
        "rocket",
        "houthi",
        "border",
    ),
)
PLACES = ("Hodeidah", "Naqoura", "Ain al-Asad", "Bab al-Mandab", "Erbil", "Khiam", "Mocha", "Saada")
PUBLISHERS = [*(f"publisher{number}" for number in range(120)), "ukmto"]
EVIDENCE = tuple(Evidence("strike", 3, 9, "title", "an act: says that it happens", 2.0) for _ in range(8))

QUERIES = (
    *(
        "tanker",
        "drone strike",
        "drone strike near erbil",
        "hudaydah",
        "Hudaydah missile",
        "houthi",
        "الحديدة",
    ),
    *("ta", "tan", "front:yemen", "type:ship by:axis since:7d", "tanker type:ship since:30d", "since:6h"),
    *(
        "severity:high+ killed:>0",
        "publisher:ukmto",
        "publisher:ukmto tanker",
        "tanker -drone",
        "lang:ar rocket",
    ),
    *(
        "place:hudaydah severity:critical",
        "strike until:2020-01-01",
        '"drone strike"',
        "nosuchword front:yemen",
    ),
)


def fill(path: Path, incidents: int) -> None:
    """Write the store."""
    dice = random.Random(1)
    words = [*COMMON, *(_word(dice) for _ in range(40_000))]
    weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(words))))

    def text(length: int) -> str:
        return " ".join(dice.choices(words, cum_weights=weights, k=length))

    now = time.time()
    moments = sorted(now - YEAR * dice.random() for _ in range(incidents))
    with closing(Writer(path)) as writer:
        for start in range(0, incidents, 2_000):
            reports: list[tuple[Report, int | None]] = []
            rows = []
            for number, at in enumerate(moments[start : start + 2_000], start + 1):
                incident, told = _incident(number, at, dice, text)
                rows.append(incident)
                reports += [(each, number) for each in told]
                if dice.random() < 0.25:
                    reports.append((_report(f"other-{number}", "publisher1", at, text, Tags()), None))
            writer.add(reports, rows)


def _word(dice: random.Random) -> str:
    return "".join(
        dice.choice("bdfghjklmnrstz") + dice.choice("aeiou") for _ in range(dice.choice((2, 3, 3, 4)))
    )


def _report(key: str, publisher: str, at: float, text: Callable[[int], str], tags: Tags) -> Report:
    language = ("en", "en", "en", "ar", "fr")[sum(key.encode()) % 5]
    link = f"https://wire.example/{key}"
    place = f" near {tags.places[0].name}" if tags.places else ""
    return Report(key, publisher, publisher, "B", language, link, text(11) + place, text(35), at, at, tags)


def _incident(
    number: int, at: float, dice: random.Random, text: Callable[[int], str]
) -> tuple[Incident, list[Report]]:
    kind = Kind.INCIDENT if dice.random() < 0.7 else Kind.STATEMENT
    is_incident = kind is Kind.INCIDENT
    tags = Tags(
        (dice.choice(FRONTS).id,),
        kind,
        dice.choice(ACT_TYPES) if is_incident else None,
        dice.choice(("axis", "israel", "us-coalition", "unknown")) if is_incident else None,
        dice.choice((None, 0, 0, 0, 1, 2, 5)) if is_incident else None,
        dice.choice(list(Severity)) if is_incident else None,
        (Place(dice.choice(PLACES), 33.0, 35.0),),
        EVIDENCE,
    )
    told = dice.sample(PUBLISHERS, 1 if dice.random() < 0.85 else dice.randint(2, 6))
    reports = [
        _report(f"{number}-{index}", publisher, at + 60 * index, text, tags)
        for index, publisher in enumerate(told)
    ]
    incident = Incident(
        id=number,
        kind=kind,
        fronts=tags.fronts,
        headline=reports[0].title,
        language="en",
        type=tags.type,
        by=tags.by,
        killed=tags.killed,
        severity=tags.severity,
        place=tags.places[0],
        first_seen=at,
        last_seen=reports[-1].published,
        publishers=tuple(told),
        reports=len(reports),
        grade="B3",
    )
    return incident, reports


def ask(path: Path) -> None:
    """Print how long each query takes."""
    with closing(Searcher(path)) as searcher:
        started = time.perf_counter()
        known = replace(searcher.vocabulary(Known.of(FRONTS)), spellings=spellings_of(FRONTS))
        print(f"what there is to ask for, learnt in {(time.perf_counter() - started) * 1000:.0f} ms")
        medians = []
        for text in QUERIES:
            took, worked = [], []
            for _ in range(5):
                started, busy = time.perf_counter(), time.process_time()
                answer = searcher.search(parse(text, known, time.time()))
                took.append((time.perf_counter() - started) * 1000)
                worked.append((time.process_time() - busy) * 1000)
            medians.append((statistics.median(took), statistics.median(worked)))
            more = "+" if answer.at_least else ""
            told = f"{answer.incidents}{more} incidents, {answer.others}{more} others"
            print(f"{medians[-1][0]:7.1f} ms, {medians[-1][1]:5.1f} of the processor  {told:30}  {text}")
        clock, busy = (statistics.median(each) for each in zip(*medians, strict=True))
        print(f"{clock:7.1f} ms, {busy:5.1f} of the processor  median of the queries")


def type_out(path: Path, text: str) -> None:
    """Print how long the answer takes from the last key of a query that is typed."""
    answers: queue.Queue[tuple[Answer, float]] = queue.Queue()

    def deliver(came: Delivery) -> None:
        if isinstance(came, Answer):
            answers.put((came, time.perf_counter()))

    seeker = Seeker(path, FRONTS, deliver)
    seeker.start()
    took = []
    for _ in range(10):
        for length in range(1, len(text) + 1):
            query = parse(text[:length], Known.of(FRONTS), time.time())
            started = time.perf_counter()
            seeker.ask(query)
            time.sleep(0.06)
        answer, at = answers.get()
        while answer.query is not query:
            answer, at = answers.get()
        took.append((at - started) * 1000)
    seeker.close()
    print(f"{text!r} typed: answered {statistics.median(took):.0f} ms after its last key")


def main() -> None:
    """Print the figures."""
    incidents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path, incidents)
        ask(path)
        type_out(path, "drone strike near erbil")


if __name__ == "__main__":
    main()
