"""A collector that is killed while it does what people ruled loses none of it and does none of it twice."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.test_merge import strike
from tests.watchdesk import NOW, Watchdesk, copies
from tui.incidents.rulings import RulingState
from tui.model import Place

TOWNS = 24

COLLECTOR = """
import os, signal, sys
from pathlib import Path
from tests.watchdesk import NOW, Watchdesk
desk, left = Watchdesk(Path(sys.argv[1])), int(sys.argv[2])
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
desk.writer._db.set_trace_callback(count)
desk.ingest.rule(NOW)
"""
"""Kills itself before some statement of SQL, most often in the middle of a transaction."""


def ask(desk: Watchdesk) -> None:
    """Tells of incidents, and asks to correct and split each of them and to merge each two."""
    for town in range(TOWNS):
        place = Place(f"Village {town}", 10.0 + town, 40.0)
        piece = strike(f"Attack on village{town} of clan{town}", hours=3 * town, places=(place,))
        desk.tell(piece, *copies(piece, 2))
    ids = sorted(desk.incidents())
    for id in ids:
        desk.desk.correct(id, "killed", 100 + id, "ab", NOW)
        desk.desk.split(sorted(desk.keys(id))[:1], "ab", NOW)
    for id, other in zip(ids[::2], ids[1::2], strict=True):
        desk.desk.merge(id, other, "ab", NOW)


def test_kills_lose_no_ruling_and_do_none_twice(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(Watchdesk(path)) as desk:
        ask(desk)
        before = set(desk.whereabouts())
        dice, kills = random.Random(4), 0
        while True:
            command = [sys.executable, "-c", COLLECTOR, str(path), str(dice.randint(100, 500))]
            if subprocess.run(command, check=False).returncode != -signal.SIGKILL:
                break
            kills += 1
            assert set(desk.whereabouts()) == before
        assert kills > 2
        done = desk.reader.rulings()
        assert {each.state for each in done} == {RulingState.DONE}
        assert set(desk.whereabouts()) == before
        assert sorted(each.reports for each in desk.incidents().values()) == [1] * TOWNS + [4] * (TOWNS // 2)
        assert max(desk.incidents()) == 2 * TOWNS
        corrections = desk.reader.corrections()
        assert [(each.incident, each.value) for each in corrections] == [
            (id, 100 + id) for id in range(1, TOWNS + 1)
        ]
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
