"""A month on the watch, in minutes: ``python -m tests.soak.month --help``. What it proves: docs/soak.md.

Exit 0: everything stayed flat after the warm-up, and every screen that was asked for came; 1: not so.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.faults.stage import until
from tests.soak import sample
from tests.soak.census import Census
from tests.soak.judge import Row
from tests.soak.person import BOARD, Diary, Person
from tests.soak.publishers import Publishers
from tests.soak.report import report
from tests.soak.stage import MonthStage, Output, prune
from tests.soak.texts import START, again, made_up, of_file, start_of
from tests.terminal import Terminal
from tui.clock import DAY
from tui.demo import DemoServer

WEEK: Final = 7.0
"""Days from one ``frontwatch prune`` to the next."""
SLOW_OUTLET: Final = 0.5
"""Seconds that the demo's slow outlet takes."""


class Gauges:
    """Everything that is measured, as rows."""

    def __init__(self, stage: MonthStage, terminal: Terminal, diary: Diary, publishers: Publishers) -> None:
        self.rows: list[Row] = []
        self.censuses: list[dict[str, Census]] = []
        self._stage = stage
        self._diary = diary
        self._publishers = publishers
        self._app = terminal.pid()
        self._askers = stage.askers
        self._output = Output(terminal, stage.folder)
        self._started = time.monotonic()

    def read(self) -> None:
        """One row, taken while the person rests."""
        heartbeat = self._stage.heartbeat()
        assert heartbeat is not None
        pids = {"app": self._app, "collector": heartbeat.pid}
        row: Row = {
            "minute": (time.monotonic() - self._started) / 60.0,
            "day": (self._stage.clock.now() - self._stage.clock.origin) / DAY,
            "tours": self._diary.tours,
            "keys": self._diary.keys,
            "screens": self._diary.screens,
            "output": self._output.bytes / sample.MIB,
            **{f"answers.{sort}": count for sort, count in sorted(self._publishers.counts.items())},
        }
        counted = {name: asker.ask() for name, asker in self._askers.items()}
        for name, pid in pids.items():
            row |= {f"{name}.{figure}": value for figure, value in sample.process(pid).items()}
            numbers = {figure: value for figure, value in counted[name].items() if figure != "types"}
            row |= {f"{name}.{figure}": float(value or 0) for figure, value in numbers.items()}
        workers = [sample.process(pid) for pid in sample.children(pids["collector"])]
        row["workers"] = len(workers)
        row["workers.uss"] = sum(each["uss"] for each in workers)
        row |= sample.store(self._stage.store)
        row["lag"] = row["seq"] - row["app.seq"]
        self.rows.append(row)
        self.censuses.append(counted)

    def write(self, folder: Path) -> None:
        """Put down what was measured by now: the rows as CSV, and which objects there are."""
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        with (folder / "month.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows({name: round(value, 4) for name, value in row.items()} for row in self.rows)
        (folder / "censuses.json").write_text(json.dumps(self.censuses))


@contextmanager
def watched(
    folder: Path, days: float, minutes: float, file: Path | None
) -> Iterator[tuple[MonthStage, Publishers, int]]:
    """The month's publishers and the demo's, on one clock, and a watch of both."""
    month = made_up(days) if file is None else again(of_file(file), days)
    start = START if file is None else start_of(month)
    stage = MonthStage(folder, start, days * DAY / (minutes * 60.0))
    demo = DemoServer(stage.clock, slow=SLOW_OUTLET)
    demo.start()
    try:
        with Publishers(month, stage.clock) as publishers, stage:
            yield stage, publishers, stage.watch_month(publishers, demo.port)
    finally:
        demo.close()


def live_through(
    folder: Path, days: float, minutes: float, file: Path | None, out: Path
) -> tuple[Gauges, Diary, dict[str, float]]:
    """The month, tour after tour; the gauges, the person's diary, and what the month came to."""
    with watched(folder, days, minutes, file) as (stage, publishers, feeds):
        terminal = stage.dashboard()
        terminal.until(lambda screen: re.search(BOARD, screen) is not None, 60.0)
        until(stage.heartbeat, 60.0, "no collector came up")
        person = Person(terminal)
        gauges = Gauges(stage, terminal, person.diary, publishers)
        pruned = 0.0
        while (now := stage.clock.now() - stage.clock.origin) < days * DAY:
            for _ in person.tour():
                gauges.read()
                gauges.write(out)
                print(_line(gauges.rows[-1]), flush=True)
            if now >= (pruned + WEEK) * DAY:
                prune(stage)
                pruned = now / DAY
        terminal.press("q")
        terminal.until(lambda _: terminal.dead(), 20.0)
        faults = [line for line in _log(stage) if line["level"] in ("error", "critical")]
        facts = {
            "days": days,
            "minutes": minutes,
            "feeds": feeds,
            "exit": terminal.exit_code(),
            "errors": len(faults),
            "starts": sum("collector is started" in line["message"] for line in _log(stage)),
        }
        for line in faults[:20]:
            print("log:", line["message"], line.get("traceback", "")[-1500:], flush=True)
    return gauges, person.diary, facts


def _log(stage: MonthStage) -> list[dict[str, str]]:
    files = stage.data.glob("*.log*")
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _line(row: Row) -> str:
    """What the last tour says, in a line."""
    return (
        f"day {row['day']:4.1f} tour {row['tours']:3.0f} "
        f"app {row['app.uss']:.1f} MiB {row['app.blocks']:,.0f} blocks {row['app.fds']:.0f} files; "
        f"collector {row['collector.uss']:.1f} MiB {row['collector.blocks']:,.0f} blocks; "
        f"store {row['db']:.1f}+{row['wal']:.1f} MiB {row['reports']:,.0f} reports, lag {row['lag']:.0f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.month", description=__doc__)
    parser.add_argument("--days", type=float, default=93.0, help="days that are lived through (93)")
    parser.add_argument("--minutes", type=float, default=40.0, help="minutes that they take (40)")
    parser.add_argument("--feed-file", type=Path, help="a replay file, over and over; none: made up")
    parser.add_argument("--out", type=Path, help="folder for month.csv, censuses.json and the curves")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # no process is left behind
    out = arguments.out or Path(tempfile.mkdtemp(prefix="frontwatch-soak-"))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="frontwatch-month-") as folder:
        gauges, diary, facts = live_through(
            Path(folder), arguments.days, arguments.minutes, arguments.feed_file, out
        )
    told = report(gauges.rows, diary, facts, out)
    print(told.words)
    return 0 if told.good else 1


if __name__ == "__main__":
    sys.exit(main())
