"""The watch as a screen read it last, kept beside the store.

To read and check a feeds.toml takes 10 ms, with the modules that do so. A start is spared that where neither
the file nor what checks it has changed. What is kept is data: JSON, of which only the nouns of a watch are
made. Like the store it counts only where it is this user's own.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from tui.config.files import MAX_BYTES
from tui.model import Feed, Front, Kind, Severity, Suppression, Tripwire, Watch
from tui.palette import Palette
from tui.policy import (
    AlarmOutput,
    AlarmPolicy,
    FetchPolicy,
    PosturePolicy,
    Priority,
    QuietHours,
    ScreenPolicy,
)

_NAMED: Final = (
    *(Watch, Front, Feed, Tripwire, Suppression, Kind, Severity, Palette, Priority, FetchPolicy),
    *(PosturePolicy, AlarmPolicy, AlarmOutput, QuietHours, ScreenPolicy),
)
_NOUNS: Final[dict[str, Callable[..., object]]] = {
    **{noun.__name__: noun for noun in _NAMED},
    "Path": Path,
    "tuple": lambda *values: values,
}

_PACKAGE: Final = Path(__file__).parents[1]
_CHECKS: Final = (
    "commands.py",
    "keymap.py",
    "model.py",
    "palette.py",
    "policy.py",
    "tagging/lexicons/fronts",
)
"""What checks a config besides the modules of this package."""

_MOST_BYTES: Final = 8 * MAX_BYTES
"""More than what is kept of the largest config."""


def load_kept(path: Path, kept: Path) -> Watch:
    """The watch at ``path``, out of the file ``kept`` where that was made of the same.

    Raises ConfigError, as :func:`tui.config.load`.
    """
    source = _source(path)
    watch = _recalled(kept, source) if source is not None else None
    if watch is None:
        from tui.config.watch import load  # here: a start mostly need not wait for it

        watch = load(path)
        # Term lists of the watch's own are checked at every start.
        own = any(name.endswith(".toml") for front in watch.fronts for name in front.lexicons)
        if source is not None and not own and _source(path) == source:
            _keep(kept, [source, _plain(watch)])
    return watch


def _source(path: Path) -> list[object] | None:
    """All that a watch is made of; None where the file can't be read, of which ``load`` tells."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        text = path.read_bytes().decode()
        with os.scandir(Path(__file__).parent) as entries:
            own = {entry.name: entry.stat() for entry in entries if entry.name.endswith(".py")}
        checks = {**own, **{name: (_PACKAGE / name).stat() for name in _CHECKS}}
    except (OSError, UnicodeDecodeError):
        return None
    return [
        str(path),
        text,
        [[name, checks[name].st_mtime_ns, checks[name].st_size] for name in sorted(checks)],
    ]


def _recalled(kept: Path, source: list[object]) -> Watch | None:
    """What is kept, where it is of that source; None where not, and where nobody can tell."""
    try:
        with kept.open("rb") as file:
            if sys.platform != "win32" and os.fstat(file.fileno()).st_uid not in (os.geteuid(), 0):
                return None
            of, told = json.loads(file.read(_MOST_BYTES))
        watch = _noun(told) if of == source else None
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None  # missing or broken: then the config itself is read
    return watch if isinstance(watch, Watch) else None


def _keep(kept: Path, what: list[object]) -> None:
    beside = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(what, file)
        beside.replace(kept)
    except OSError:  # no folder yet, or no room in it: the next start reads the config again
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _plain(value: object) -> object:
    """A value of a watch as JSON has it: what is made of others as a list that begins with its noun."""
    if isinstance(value, tuple):
        return [type(value).__name__, *map(_plain, value)]
    if isinstance(value, StrEnum | Path):
        return ["Path" if isinstance(value, Path) else type(value).__name__, str(value)]
    return value


def _noun(value: object) -> object:
    if isinstance(value, list):
        noun, *values = value
        return _NOUNS[noun](*map(_noun, values))
    return value
