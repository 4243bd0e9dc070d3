"""A writer that is killed at any moment loses nothing that it had committed, and doubles nothing."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests import samples
from tui.store.reader import Reader
from tui.store.writer import Writer

KILLS = 20
BATCH = 40

ENDLESS_WRITER = """
import sys
from pathlib import Path
from tests.test_store_crash import write_on
write_on(Path(sys.argv[1]))
"""


def write_on(path: Path) -> None:
    """What a collector does, for ever: asks what is known, stores what is not, says what is committed.

    Batch ``n`` is about incident ``n`` and adds to the three before it; its keys are ``n.0``, ``n.1`` ...
    """
    writer = Writer(path)
    number = writer.next_incident_id()
    while True:
        told = [samples.report(key=f"{number}.{each}") for each in range(BATCH)]
        known = writer.known([report.key for report in told])
        placed = [(report, number - n % min(4, number)) for n, report in enumerate(told)]
        touched = {incident for _, incident in placed}
        rows = [samples.incident(each, reports=count_of(each, number)) for each in sorted(touched)]
        assert not known, "a batch is known in part or before its incident"
        writer.add(placed, rows)
        print(number, flush=True)
        number += 1


def count_of(incident: int, last: int) -> int:
    """How many reports an incident has when the batches up to ``last`` are stored."""
    batches = range(incident, min(last, incident + 3) + 1)
    return sum(sum(batch - n % min(4, batch) == incident for n in range(BATCH)) for batch in batches)


def test_twenty_kills_lose_nothing_committed_and_double_nothing(tmp_path: Path) -> None:
    path, dice, committed = tmp_path / "s.db", random.Random(2), 0
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", ENDLESS_WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        time.sleep(dice.uniform(0.0, 0.05))
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read().splitlines()
        writer.stdout.close()
        assert writer.wait() == -signal.SIGKILL
        told = [int(line) for line in said if line.strip()]
        assert told[0] == committed + 1 or told[0] == committed + 2  # killed between commit and word
        committed = told[-1]
    check(path, committed)


def check(path: Path, committed: int) -> None:
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
        assert store.execute("INSERT INTO report_words (report_words) VALUES ('integrity-check')").rowcount
        (last,) = store.execute("SELECT incident FROM counter").fetchone()
        (reports,) = store.execute("SELECT count(*) FROM report").fetchone()
        (words,) = store.execute("SELECT count(*) FROM report_words").fetchone()
        counted = dict(store.execute("SELECT incident, count(*) FROM report GROUP BY incident"))
    assert last in {committed, committed + 1}
    assert reports == words == last * BATCH
    with closing(Reader(path)) as reader:
        assert {each.id: each.reports for each in reader.incidents(limit=-1)} == counted
