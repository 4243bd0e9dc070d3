"""What a step of the time machine costs, beside a picture of the store as it is now.

    uv run python -m tests.benchmarks.bench_past [INCIDENTS] [STEPS]

On a store of so many incidents over a year, the newest days the busiest: the figures of every front and a
page of each pane, as they stood at moments that are spread from an hour to a year back.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.stores import FRONTS, YEAR, fill
from tui.follow import past_picture, take_picture
from tui.model import Front, Kind, Timestamp
from tui.paths import STORE_NAME
from tui.store.past import Past
from tui.store.reader import Reader

PAGE = 100
WATCHED = tuple(Front(front, front, "UTC", front) for front in FRONTS)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def page(view: Reader | Past) -> None:
    """The first page of every pane."""
    for front in FRONTS:
        view.incidents(front=front, kinds=(Kind.INCIDENT,), limit=PAGE)


def step(reader: Reader, at: Timestamp) -> None:
    """What a step reads."""
    past = reader.past(at)
    past_picture(past, WATCHED)
    page(past)


def look(reader: Reader) -> None:
    """The same of now."""
    take_picture(reader, WATCHED, reader.seq())
    page(reader)


def main() -> None:
    """Print the figures."""
    incidents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), incidents)
        reader = Reader(Path(folder) / STORE_NAME)
        now = time.time()
        backs = [3600.0 * (YEAR / 3600.0) ** (number / steps) for number in range(steps)]
        took = [timed(partial(step, reader, now - back)) for back in backs]
        live = statistics.median(timed(partial(look, reader)) for _ in range(9))
        reader.close()
    median, worst = statistics.median(took), max(took)
    at = backs[took.index(worst)] / 86_400.0
    print(f"a step back: median {median:.0f} ms, slowest {worst:.0f} ms ({at:.1f} days back) of {steps}")
    print(f"the same of now: {live:.0f} ms; ratio {median / live:.1f} with {incidents:,} incidents")


if __name__ == "__main__":
    main()
