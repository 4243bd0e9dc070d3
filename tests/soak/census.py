"""What lives in a process, counted in it by a thread whenever it is asked.

The garbage collector is not made to run for it: what is counted is what a process that is left alone holds.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from tui.follow import Follower

ALONE: Final = 1.0
"""Seconds for which no other thread runs while objects are counted. Among them is every tuple that another
thread is just making of an iterator, and Python can't finish one that somebody else holds: a SystemError
(bpo-15108), which ended a collector and a pane in a run of three months."""
MOST: Final = 80
"""Types of which the number is told, the most common first."""
PATIENCE: Final = 20.0
"""Seconds to wait for an answer."""
Census = dict[str, Any]


def start(folder: Path, name: str) -> None:
    """Answer whatever :class:`Asker` asks of that name, until this process ends."""
    threading.Thread(target=_answer, args=(folder, name), name="census", daemon=True).start()


class Asker:
    """Asks a process for its census, over a pipe and a file in a folder that both know."""

    def __init__(self, folder: Path, name: str) -> None:
        self._answers = folder / f"{name}.jsonl"
        self._answers.touch()
        self._asked = 0
        self._pipe = folder / f"{name}.ask"
        os.mkfifo(self._pipe)

    def ask(self) -> Census:
        """What lives there now."""
        self._asked += 1
        with self._pipe.open("w") as pipe:  # waits for the process to have begun
            pipe.write("now\n")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            lines = self._answers.read_text(encoding="utf-8").splitlines(keepends=True)
            if len(lines) >= self._asked and lines[-1].endswith("\n"):
                answer: Census = json.loads(lines[-1])
                return answer
            time.sleep(0.05)
        raise TimeoutError(f"no census came to {self._answers} within {PATIENCE:g} s")


def _answer(folder: Path, name: str) -> None:
    while True:
        with (folder / f"{name}.ask").open() as asked, (folder / f"{name}.jsonl").open("a") as answers:
            for _ in asked:
                answers.write(json.dumps(census()) + "\n")
                answers.flush()


def census() -> Census:
    """What lives now. What was there when the garbage collector was told to leave it alone is not counted."""
    blocks = sys.getallocatedblocks()
    found: Counter[str] = Counter()
    types: Counter[type] = Counter()
    turn = sys.getswitchinterval()
    sys.setswitchinterval(ALONE)
    time.sleep(0.01)  # whoever waits for a turn by now would still have it after the usual time
    try:
        for each in gc.get_objects():
            types[type(each)] += 1
            if isinstance(each, asyncio.Task):
                found["tasks"] += not each.done()
            elif isinstance(each, asyncio.Queue):
                found["waiting"] += each.qsize()
        del each
    finally:
        sys.setswitchinterval(turn)
    found["objects"] = sum(types.values())
    for sort, base in _textual():
        found[sort] = sum(count for kind, count in types.items() if issubclass(kind, base))
    return {
        "at": time.time(),
        "blocks": blocks,
        **found,
        "seq": next((each._seq for each in threading.enumerate() if isinstance(each, Follower)), None),
        "types": {f"{kind.__module__}.{kind.__qualname__}": count for kind, count in types.most_common(MOST)},
    }


def _textual() -> list[tuple[str, type]]:
    """What must not pile up in a dashboard; nothing where Textual is not loaded."""
    if "textual.timer" not in sys.modules:
        return []
    from textual.css.query import DOMQuery  # here: the collector must not load it
    from textual.timer import Timer
    from textual.widget import Widget

    return [("widgets", Widget), ("timers", Timer), ("queries", DOMQuery)]
