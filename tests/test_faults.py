"""The scripts of tests/faults, run: a kill each time, every fault with ``-m slow``."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import clocks, configs, disk, kills, network, store, terminals
from tests.faults.promises import Ledger
from tests.faults.publisher import Publisher
from tests.faults.stage import Stage
from tests.terminal import needs_tmux
from tui.collector import collect_once
from tui.config import load

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount disks and make networks"
)
faked_time = pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed here")


@pytest.mark.parametrize("rounds", [1, pytest.param(300, marks=[pytest.mark.slow, needs_tmux])])
def test_kills_lose_nothing(tmp_path: Path, rounds: int) -> None:
    done = kills.kill(rounds, seed=2026, folder=tmp_path, screens=rounds > 1, say=False)
    assert done.broken == []
    assert done.ledger.reports == len(done.publisher.served()) > 0


def test_what_was_lost_or_doubled_is_found_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with Publisher(3, stage.clock, random.Random(3)) as publisher, stage:
        stage.watch_publisher(publisher)
        asyncio.run(collect_once(load(stage.config), stage.data, stage.clock))
        ledger = Ledger(acknowledged={10**6}, notes={"never written"})
        found = " ".join(ledger.check(stage.store, publisher))
        assert "acknowledgements that are gone" in found
        assert "notes that are gone" in found
        with closing(sqlite3.connect(stage.store)) as db:
            db.execute(
                "DELETE FROM report WHERE seq = (SELECT max(seq) FROM report WHERE incident IS NOT NULL)"
            )
            db.execute("UPDATE report SET title = (SELECT min(title) FROM report)")
            db.commit()
        found = " ".join(ledger.check(stage.store, publisher))
        for words in ("not asked again", "twice", "miscount", "words of no report", "reports fell"):
            assert words in found


FAULTS = [
    *(pytest.param(store, name, id=f"store-{name}") for name in store.FAULTS),
    *(pytest.param(disk, name, id=f"disk-{name}", marks=as_root) for name in disk.FAULTS),
    *(pytest.param(network, name, id=f"network-{name}", marks=as_root) for name in network.FAULTS),
    *(pytest.param(clocks, name, id=f"clocks-{name}", marks=faked_time) for name in clocks.FAULTS),
    *(pytest.param(terminals, name, id=f"terminals-{name}") for name in terminals.FAULTS),
    *(pytest.param(configs, name, id=f"configs-{name}") for name in configs.FAULTS),
]


@pytest.mark.slow
@needs_tmux
@pytest.mark.parametrize(("room", "name"), FAULTS)
def test_each_fault_is_told_and_loses_nothing(room: object, name: str) -> None:
    words = [sys.executable, "-m", getattr(room, "__name__", ""), name]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if "not on this machine" in done.stdout:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stdout
