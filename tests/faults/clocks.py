"""Clocks that jump: ``python -m tests.faults.clocks [NAME...]``; wants ``faketime`` (Debian: the same name).

The whole watch, screen and collector, runs under libfaketime, which reads from a file how far the wall clock
is off; monotonic clocks stay true, as they do when somebody sets a clock.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.case import Case, Fault, NotHere, main
from tests.faults.promises import Ledger, stored_numbers
from tests.faults.publisher import Publisher
from tests.faults.stage import ROOT, Stage, until
from tests.terminal import Terminal
from tui.clock import Clock

SEED = 20261123
SUMMER = datetime(2027, 3, 27, 21, 59, 20, tzinfo=UTC).timestamp()
"""Forty seconds before Beirut goes over to summer time: at midnight of the last Sunday in March."""

SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], max(0.0, seconds)) and None
"""
"""A way to sleep that libfaketime leaves alone: where the clock is off by more than the machine has been up,
its version 0.9.10 makes every ``clock_nanosleep`` fail, which is what ``time.sleep`` is in Python 3.11."""


class Faked:
    """How far the clock of a watch is off the machine's."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("faketime") is None:
            raise NotHere("faketime is not installed")
        words = ["faketime", "-m", "-f", "+0d", "sh", "-c", "echo $LD_PRELOAD"]
        library = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        (folder / "site").mkdir()
        (folder / "site" / "sitecustomize.py").write_text(SLEEP)
        self._file = folder / "offset"
        self.set("+0")
        self.environment = {
            "LD_PRELOAD": library,
            "PYTHONPATH": os.pathsep.join([str(folder / "site"), ROOT]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        """As ``+1d``, ``-1h``, or seconds."""
        beside = self._file.with_suffix(".new")
        beside.write_text(offset + "\n")
        beside.replace(self._file)


@contextmanager
def _watched(
    case: Case, folder: Path, start: str = "+0"
) -> Iterator[tuple[Faked, Stage, Publisher, Terminal]]:
    """Six feeds on a board, on a clock that can be set."""
    faked = Faked(folder)
    faked.set(start)
    stage = Stage(folder, rate=1.0)
    with Publisher(6, Clock(), random.Random(SEED)) as publisher, stage:
        stage.watch_publisher(publisher)
        own = ["-m", "tui", "--config", str(stage.config), "--data", str(stage.data)]
        terminal = stage.screen(own=own, environment=faked.environment)
        terminal.until(lambda screen: "feeds 6/6" in screen, 60.0)
        yield faked, stage, publisher, terminal

        def missing() -> set[int]:
            with closing(sqlite3.connect(f"{stage.store.as_uri()}?mode=ro", uri=True)) as db:
                return publisher.served() - stored_numbers(db)

        until(lambda: not missing(), 90.0, "what was told is not all stored")
        case.keep(f"all {len(publisher.served())} entries that were told")
        case.promise(not (broken := Ledger().check(stage.store, publisher)), f"the store: {broken}")


def _clock_of(screen: str) -> datetime | None:
    """What the header says that the time is, without the date."""
    found = re.search(r"(\d\d):(\d\d):(\d\d)Z", screen)
    if found is None:
        return None
    hour, minute, second = map(int, found.groups())
    return datetime(2000, 1, 1, hour, minute, second, tzinfo=UTC)


def _jump(case: Case, folder: Path, offset: str, words: str) -> None:
    with _watched(case, folder) as (faked, _, publisher, terminal):
        terminal.press("Down", "a")
        terminal.until(lambda screen: "Acknowledged 1 incident" in screen)
        before = publisher.asked
        faked.set(offset)
        case.inject(f"the wall clock set {words} under a running watch")
        screen = case.sees(
            terminal, lambda _: publisher.asked >= before + 6, "every feed is polled again", 60.0
        )
        screen = case.sees(
            terminal,
            lambda screen: "feeds 6/6" in screen and "BLIND" not in screen and "COLLECTOR" not in screen,
            "the board is whole",
            30.0,
        )
        machine = datetime.now(UTC)
        shown = _clock_of(screen)
        apart = (
            None
            if shown is None
            else abs((shown - machine.replace(year=2000, month=1, day=1)).total_seconds())
        )
        hours = 0 if "day" in words else 3600
        case.promise(
            apart is not None and min(abs(apart - hours), abs(86400 - hours - apart)) < 60,
            f"the header's clock is {apart} s from the machine's",
        )
        until(lambda: publisher.asked >= before + 6, 10.0)
        case.promise(
            publisher.asked < before + 40, f"{publisher.asked - before} polls after the jump: no stampede"
        )
        terminal.press("u")
        case.sees(
            terminal,
            lambda screen: "Undone" in screen,
            "u takes back what was done before",
        )


def _back(case: Case, folder: Path) -> None:
    _jump(case, folder, "-1h", "back an hour")


def _forward(case: Case, folder: Path) -> None:
    _jump(case, folder, "+1d", "forward a day")


def _summer(case: Case, folder: Path) -> None:
    with _watched(case, folder, f"{SUMMER - time.time():+.0f}") as (_, stage, _, terminal):
        case.inject("the night of 28 March 2027, in which Beirut's clocks go from 00:00 to 01:00")
        case.sees(terminal, lambda screen: "Beirut 23:59" in screen, "before")
        screen = case.sees(terminal, lambda screen: "Beirut 01:00" in screen, "after", 60.0)
        case.promise("22:00:" in screen, "the header's own clock goes on in UTC")
        case.promise("BLIND" not in screen and "COLLECTOR" not in screen, "nothing else has changed")
        logged = "".join(path.read_text() for path in stage.data.glob("*.log"))
        case.promise("jumped" not in logged, "no jump of the clock is seen")


FAULTS: dict[str, Fault] = {"back": _back, "forward": _forward, "summer": _summer}

if __name__ == "__main__":
    sys.exit(main(FAULTS, __doc__, "tests.faults.clocks"))
