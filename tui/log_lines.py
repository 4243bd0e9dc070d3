"""Reads the log back: what a line says, and the last of them."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tui import paths
from tui.logs import OLD_ONES, inert, old_name

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_USUAL: Final = {"time", "level", "process", "pid", "room", "message", "traceback"}


class LogLine(NamedTuple):
    """One line of the log."""

    text: str
    """As it stands in the file."""
    content: dict[str, object]

    def __str__(self) -> str:
        """For a person: when, how bad, who, where, what, and the facts; below it the traceback."""
        told = {name: inert(str(self.content.get(name, "?"))) for name in _USUAL}
        who = f"{told['process']}[{told['pid']}]"
        message = inert(" ".join(str(self.content.get("message", "?")).split("\n")))
        head = f"{told['time']} {told['level']:<7} {who} {told['room']}: {message}"
        facts = (
            f"{inert(name)}={inert(str(value))}" for name, value in self.content.items() if name not in _USUAL
        )
        below = [f"    {inert(line)}" for line in str(self.content.get("traceback", "")).splitlines()]
        return "\n".join([" ".join([head, *facts]), *below])

    @property
    def rank(self) -> int:
        """How bad it is, in the order of :data:`LEVELS`; what is of no level is as bad as can be."""
        level = self.content.get("level")
        return LEVELS.index(level) if isinstance(level, str) and level in LEVELS else len(LEVELS)


class Read(NamedTuple):
    """The last lines of a log."""

    lines: list[LogLine]
    """The newest last."""
    spoilt: int
    """Lines that are none of ours, or torn by a disk that was full."""


def log_files(data: Path) -> list[Path]:
    """The files of the log in a data folder that are there, the oldest first."""
    names = (old_name(data / paths.LOG_NAME, number) for number in range(OLD_ONES, -1, -1))
    return [path for path in names if path.is_file()]


def read_log(data: Path, last: int, level: str = "debug") -> Read:
    """The last lines of that level or worse. Raises OSError where a file can't be read."""
    kept: deque[LogLine] = deque(maxlen=last)
    spoilt, least = 0, LEVELS.index(level)
    for text in _texts(log_files(data)):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            spoilt += 1
            continue
        if (line := LogLine(text, content)).rank >= least:
            kept.append(line)
    return Read(list(kept), spoilt)


def _texts(files: list[Path]) -> Iterator[str]:
    for path in files:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as stream:
            for line in stream:
                if text := line.strip():
                    yield text
