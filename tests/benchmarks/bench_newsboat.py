"""Two hundred realistic feeds from loopback, cold and unchanged: ``collect --once`` beside newsboat.

    uv run python -m tests.benchmarks.bench_newsboat [ROUNDS]

Each round runs both, from process start to end, with a folder of their own: first with nothing known,
then with every server answering 304. Both have four requests under way at a time. Prints the medians
of wall and of processor time (children included), what was answered, and the ratios. Skips where newsboat
is not installed (Debian: ``apt-get install newsboat``).
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.bench_many_feeds import config
from tests.benchmarks.publishers import Publishers, serving, two_hundred

FEEDS: Final = 200
AT_ONCE: Final = 4
RUNS: Final = ("cold", "unchanged")


@dataclass(frozen=True)
class Took:
    """What one run cost, in seconds, and what the servers answered, by status."""

    wall: float
    processor: float
    answers: Mapping[str, int]


def measured(command: Sequence[str], home: Path, compiled: Path, publishers: Publishers) -> Took:
    """Run ``command`` with ``home`` as its home to its end; Python's bytecode is in ``compiled``."""
    environment = {**os.environ, "HOME": str(home), "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    publishers.counts()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(wall, processor, publishers.counts())


def newsboat(program: str, home: Path, urls: Sequence[str]) -> list[str]:
    """The command; with its files in ``home``."""
    (home / "urls").write_text("\n".join(urls) + "\n", encoding="utf-8")
    (home / "config").write_text(f"reload-threads {AT_ONCE}\n", encoding="utf-8")
    files = ["-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config")]
    return [program, *files, "-x", "reload"]


def frontwatch(home: Path, urls: Sequence[str]) -> list[str]:
    """The command; with its files in ``home``."""
    (home / "feeds.toml").write_text(config(urls, per_host=AT_ONCE), encoding="utf-8")
    return [
        *(sys.executable, "-m", "tui", "--config", str(home / "feeds.toml"), "--data", str(home)),
        *("collect", "--once", "--json"),
    ]


def stored(home: Path) -> int:
    """Entries in whichever store is in ``home``."""
    name, table = ("cache.db", "rss_item") if (home / "cache.db").exists() else ("frontwatch.db", "report")
    with closing(sqlite3.connect(home / name)) as store:
        return int(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def main() -> None:
    """Print the figures."""
    program = shutil.which("newsboat")
    if program is None:
        print("skipped: newsboat is not installed (Debian: apt-get install newsboat)")
        return
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    took: dict[tuple[str, str], list[Took]] = {}
    entries: dict[str, int] = {}
    with serving(two_hundred) as publishers, tempfile.TemporaryDirectory() as compiled:
        urls = [publishers.url(f"/{number}") for number in range(FEEDS)]
        for number in range(rounds + 1):  # the first only compiles us, which an installation does once
            for who in ("newsboat", "frontwatch"):
                with tempfile.TemporaryDirectory() as name:
                    home = Path(name)
                    command = newsboat(program, home, urls) if who == "newsboat" else frontwatch(home, urls)
                    for run in RUNS:
                        each = measured(command, home, Path(compiled), publishers)
                        # Not counted: newsboat stores validators only of a feed that is stored already.
                        measured(command, home, Path(compiled), publishers)
                        if number:
                            took.setdefault((who, run), []).append(each)
                    entries[who] = stored(home)
    report(took, entries)


def report(took: Mapping[tuple[str, str], Sequence[Took]], entries: Mapping[str, int]) -> None:
    """Print them."""
    for (who, run), each in took.items():
        wall, processor = middle(each)
        print(f"{who:10} {run:9} {wall:5.2f} s, processor {processor:5.2f} s; answers {each[-1].answers}")
    print(f"entries kept: {entries}")
    for run in RUNS:
        ours, theirs = middle(took["frontwatch", run]), middle(took["newsboat", run])
        print(f"{run:9} to newsboat: wall {ours[0] / theirs[0]:.2f}, processor {ours[1] / theirs[1]:.2f}")


def middle(took: Sequence[Took]) -> tuple[float, float]:
    """Median wall and processor time."""
    return (
        statistics.median(each.wall for each in took),
        statistics.median(each.processor for each in took),
    )


if __name__ == "__main__":
    main()
