"""What a process and a store take, read from outside: ``/proc`` and the files."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_MEMORY: Final = {"Rss": "rss", "Pss": "pss", "Private_Clean": "uss", "Private_Dirty": "uss"}
_TICKS: Final = os.sysconf("SC_CLK_TCK")
MIB: Final = 1024.0 * 1024.0
Sample = dict[str, float]


def process(pid: int) -> Sample:
    """Memory in MiB (``uss``: what no other process shares), open files, threads, seconds of processor."""
    folder = Path(f"/proc/{pid}")
    found: Sample = {"rss": 0.0, "pss": 0.0, "uss": 0.0}
    for line in (folder / "smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        if name in _MEMORY:
            found[_MEMORY[name]] += int(value.split()[0]) / 1024.0
    numbers = (folder / "stat").read_text().rpartition(")")[2].split()
    found["fds"] = len(list((folder / "fd").iterdir()))
    found["threads"] = len(list((folder / "task").iterdir()))
    found["cpu"] = (int(numbers[11]) + int(numbers[12])) / _TICKS
    return found


def children(pid: int) -> list[int]:
    """Ids of the processes that one of the threads of that process started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def store(path: Path) -> Sample:
    """Its files and what of it is free, in MiB; its rows; its newest ``seq``."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=20.0)) as db:

        def number(question: str) -> float:
            return float(db.execute(question).fetchone()[0] or 0)

        return {
            "db": path.stat().st_size / MIB,
            "wal": _size(path.with_name(f"{path.name}-wal")),
            "log": sum(_size(file) for file in path.parent.glob("*.log*")),
            "free": number("PRAGMA freelist_count") * number("PRAGMA page_size") / MIB,
            "reports": number("SELECT count(*) FROM report"),
            "incidents": number("SELECT count(*) FROM incident"),
            "actions": number("SELECT count(*) FROM action"),
            "seq": number("SELECT seq FROM counter"),
        }


def _size(path: Path) -> float:
    try:
        return path.stat().st_size / MIB
    except FileNotFoundError:
        return 0.0
