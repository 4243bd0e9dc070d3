"""What the board costs while it is left open, and how fast it answers a key.

    uv run python -m tests.benchmarks.bench_screen [INCIDENTS] [SECONDS]

In a pseudo-terminal of 200x50, on a store of so many incidents: processor time and output while idle with
the clock ticking, then the time from a key to the first byte of the answer, first at rest and then while
another process writes 100 reports a second. Budgets (DESIGN.md): 3% of a core and 1 KB/s idle, 10 ms a key.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.stores import fill
from tests.benchmarks.terminals import Program, keys

WRITE = """
import sys, time
from pathlib import Path
from tests.benchmarks.stores import trickle
trickle(Path(sys.argv[1]), per_second=100)
"""


def main() -> None:
    """Print the figures."""
    incidents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), incidents)
        watch = Path(folder) / "feeds.toml"
        watch.write_text(WATCH, encoding="utf-8")
        command = [sys.executable, "-m", "tui", "--data", folder, "--config", str(watch)]
        with Program(command) as program:
            program.until(b"NEWEST-MARKER")
            settle = time.perf_counter() + 8.0
            while time.perf_counter() < settle:
                program.read(1.0)
            before, started, written = program.cpu_seconds(), time.perf_counter(), 0
            while time.perf_counter() - started < seconds:
                written += len(program.read(1.0))
            took = time.perf_counter() - started
            print(f"idle: {(program.cpu_seconds() - before) / took:.1%} of a core, {written / took:.0f} B/s")
            rest = keys(program, 60)
            print(f"key to paint at rest: median {statistics.median(rest):.1f} ms of {len(rest)}")
            with subprocess.Popen([sys.executable, "-c", WRITE, folder]) as writer:
                time.sleep(2.0)
                busy = keys(program, 60)
                writer.kill()
            print(f"key to paint at 100 reports/s: median {statistics.median(busy):.1f} ms of {len(busy)}")


WATCH = """
[watch]
title = "Benchmark"
[[fronts]]
id = "lebanon-border"
name = "Lebanon border"
zone = "Asia/Beirut"
[[fronts]]
id = "iraq-syria"
name = "Iraq / Syria"
zone = "Asia/Baghdad"
[[fronts]]
id = "yemen"
name = "Yemen"
zone = "Asia/Aden"
[[feeds]]
name = "Nobody"
url = "http://127.0.0.1:9/rss"
publisher = "nobody"
language = "en"
reliability = "F"
"""
"""Three fronts and a feed that refuses at once, so that the collector is there but has nothing to do."""


if __name__ == "__main__":
    main()
