"""Two hundred realistic feeds from loopback, cold and unchanged: ``collect --once`` beside newsboat.

    uv run python -m tests.benchmarks.bench_newsboat [ROUNDS [without-news]]

Each round runs both, from process start to end, with a folder of their own: first with nothing known,
then with every server answering 304. Both have four requests under way at a time. The entries are of now,
and some 160 of them are on a front, so that they are merged to incidents as news is; or, without news, they
are all old and of no front. Prints the environment, the fastest and the median of wall and processor time
(children included), what was answered and kept, and the ratios. Skips where newsboat is not installed
(Debian: ``apt-get install newsboat``).
"""

from __future__ import annotations

import importlib.util
import os
import platform
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
from tests.benchmarks.publishers import Publishers, serving, two_hundred, two_hundred_without_news

FEEDS: Final = 200
AT_ONCE: Final = 4
RUNS: Final = ("cold", "unchanged")
OURS: Final = {"on a front": "report WHERE incident IS NOT NULL", "incidents and context": "incident"}
"""What is counted in our store besides entries."""


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


def stored(home: Path) -> str:
    """What is in whichever store is in ``home``."""
    counts = {"cache.db": {"entries": "rss_item"}, "frontwatch.db": {"entries": "report", **OURS}}
    name = "cache.db" if (home / "cache.db").exists() else "frontwatch.db"
    with closing(sqlite3.connect(home / name)) as store:
        rows = {
            what: store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for what, table in counts[name].items()
        }
    return ", ".join(f"{count} {what}" for what, count in rows.items())


def main() -> None:
    """Print the figures."""
    program = shutil.which("newsboat")
    if program is None:
        print("skipped: newsboat is not installed (Debian: apt-get install newsboat)")
        return
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    took: dict[tuple[str, str], list[Took]] = {}
    kept: dict[str, str] = {}
    feeds = two_hundred_without_news if "without-news" in sys.argv else two_hundred
    with serving(feeds) as publishers, tempfile.TemporaryDirectory() as compiled:
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
                    kept[who] = stored(home)
    report(took, kept)


def environment() -> str:
    """What is installed beside us: a tool for development can make a start dearer."""
    there = [name for name in ("click", "pytest", "coverage") if importlib.util.find_spec(name) is not None]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores; beside the run-time dependencies "
        + (f"{', '.join(there)} and more" if there else "no tool for development")
    )


def report(took: Mapping[tuple[str, str], Sequence[Took]], kept: Mapping[str, str]) -> None:
    """Print them."""
    print(environment())
    for (who, run), each in took.items():
        figures = ", ".join(
            f"{name} {of(each)[0]:.2f} s wall {of(each)[1]:.2f} s processor" for name, of in MEASURES.items()
        )
        print(f"{who:10} {run:9} {figures}; answers {each[-1].answers}")
    print(f"kept: {kept}")
    for run in RUNS:
        for name, of in MEASURES.items():
            ours, theirs = of(took["frontwatch", run]), of(took["newsboat", run])
            print(
                f"{run:9} to newsboat, {name:7}: wall {ours[0] / theirs[0]:.2f}, "
                f"processor {ours[1] / theirs[1]:.2f}"
            )


def middle(took: Sequence[Took]) -> tuple[float, float]:
    """Median wall and processor time."""
    return (
        statistics.median(each.wall for each in took),
        statistics.median(each.processor for each in took),
    )


def fastest(took: Sequence[Took]) -> tuple[float, float]:
    """Least wall and least processor time."""
    return min(each.wall for each in took), min(each.processor for each in took)


MEASURES: Final = {"fastest": fastest, "median": middle}


if __name__ == "__main__":
    main()
