"""Time from process start to the first painted board, beside a bare Textual app's.

    uv run python -m tests.benchmarks.bench_first_paint [INCIDENTS] [ROUNDS]

Both are started in a real pseudo-terminal of 200x50 by turns; a paint is counted when a known word of the
first frame has come out of the terminal. Budget (DESIGN.md): 1.3 times the bare app with 100,000 incidents.

Both run from compiled modules, as an installed program does: a first round that is not counted compiles them
into a folder of this run. Without that, what is measured is mostly Python's compiler at work on Textual. In
that round the watch is kept as well (``tui/config/kept.py``): every start but the first has it so.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.stores import fill
from tests.benchmarks.terminals import Program

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("BARE-MARKER")
Bare().run()
"""


def seconds_to(marker: bytes, command: list[str]) -> float:
    """Start a command in a pseudo-terminal; seconds until the marker comes out of it."""
    with Program(command) as program:
        return program.until(marker)


def main() -> None:
    """Print the medians and their ratio."""
    incidents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        fill(data, incidents)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(data / "compiled")
        ours = [sys.executable, "-m", "tui", "--data", folder]
        bare = [sys.executable, "-c", BARE]
        times: dict[str, list[float]] = {"frontwatch": [], "bare": []}
        for count in range(rounds + 1):
            took = seconds_to(b"NEWEST-MARKER", ours), seconds_to(b"BARE-MARKER", bare)
            if count:
                times["frontwatch"].append(took[0])
                times["bare"].append(took[1])
    medians = {name: statistics.median(each) for name, each in times.items()}
    for name, median in medians.items():
        print(f"{name:11} {median:.3f} s  (fastest {min(times[name]):.3f} s)")
    print(f"ratio {medians['frontwatch'] / medians['bare']:.2f} with {incidents:,} incidents (budget 1.30)")


if __name__ == "__main__":
    main()
