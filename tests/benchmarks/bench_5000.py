"""Five thousand feeds on one collector, in real time: does each get its poll when it is due?

    uv run python -m tests.benchmarks.bench_5000 [MINUTES] [FEEDS] [EVERY]

250 hosts on loopback (Linux has all of 127.0.0.0/8) publish twenty feeds each, with a new entry each ten
minutes, which is asked for each five minutes; what is not new is answered with 304. Lateness is
read from the store: from when a feed was due to when its answer had been stored, so it holds the request
and the parse. Each feed's first poll, which all are due for at once, is told apart.
"""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from tests.benchmarks.bench_many_feeds import config
from tests.benchmarks.publishers import HOME, serving, slowly_changing

HOSTS: Final = [f"127.0.1.{number}" for number in range(1, 251)]


@contextmanager
def collecting(folder: Path) -> Iterator[int]:
    """A collector for the watch in ``folder``; its process id."""
    command = [sys.executable, "-m", "tui", "--config", str(folder / "feeds.toml"), "--data", str(folder)]
    with subprocess.Popen([*command, "collect"], stderr=subprocess.DEVNULL) as collector:
        try:
            yield collector.pid
        finally:
            collector.terminate()


def planned(folder: Path) -> dict[str, tuple[float | None, float | None]]:
    """Of each feed, when it was polled last and when it is due."""
    with closing(sqlite3.connect(f"{(folder / 'frontwatch.db').as_uri()}?mode=ro", uri=True)) as store:
        return {
            url: (last, due) for url, last, due in store.execute("SELECT url, last_poll, next_poll FROM feed")
        }


def memory(pid: int) -> list[float]:
    """Resident memory of a process and of its children, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    sizes = []
    for each in (str(pid), *children):
        status = Path(f"/proc/{each}/status").read_text(encoding="ascii")
        sizes.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
    return sizes


def watch(folder: Path, pid: int, seconds: float) -> tuple[list[float], list[float], list[float]]:
    """For so long: seconds from the start to each first answer, lateness of each later one, most memory."""
    started, before, most = time.time(), planned(folder), memory(pid)
    first: list[float] = []
    late: list[float] = []
    while time.time() - started < seconds:
        time.sleep(2.0)
        after, now = planned(folder), memory(pid)
        most = max(most, now, key=sum)
        for url, (last, _) in after.items():
            polled, due = before.get(url, (None, None))
            if last is not None and last != polled:
                if polled is None or due is None:
                    first.append(last - started)
                else:
                    late.append(last - due)
        before = after
    return first, late, most


def main() -> None:
    """Print the figures."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    every = sys.argv[3] if len(sys.argv) > 3 else "5m"
    with serving(slowly_changing, (HOME, *HOSTS)) as publishers, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        urls = [publishers.url(f"/{number}", HOSTS[number % len(HOSTS)]) for number in range(count)]
        text = config(urls, every=every, hosts=HOSTS, per_host=2)
        (folder / "feeds.toml").write_text(text, encoding="utf-8")
        with collecting(folder) as pid:
            while not (folder / "frontwatch.db").exists():
                time.sleep(0.1)
            time.sleep(1.0)
            first, late, most = watch(folder, pid, minutes * 60)
        answers = publishers.counts()
    print(f"{count} feeds, each {every}, {minutes:g} minutes; answers {answers}")
    print(f"first answers: {len(first)} feeds, the last after {max(first, default=0.0):.0f} s")
    if len(late) > 1:
        cuts = statistics.quantiles(late, n=100)
        print(
            f"{len(late)} later polls; late by {cuts[49]:.2f} s (median), {cuts[94]:.2f} s (p95), "
            f"{cuts[98]:.2f} s (p99), {max(late):.1f} s (longest)"
        )
    print(f"memory: {sum(most):.0f} MB together: " + ", ".join(f"{each:.0f}" for each in most))


if __name__ == "__main__":
    main()
