"""What others on this machine could read or change of a watch, by POSIX modes; elsewhere nothing."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui import paths
from tui.redact import redact


def exposed(config: Path, addresses: Iterable[str], data: Path) -> list[str]:
    """A sentence for each thing that should be mended; ``addresses`` are those of the feeds."""
    if sys.platform == "win32":
        return []
    return [*_config(config, any(redact(each) != each for each in addresses)), *_data(data)]


def _config(path: Path, secret: bool) -> Iterator[str]:
    found = _status(path)
    if found is None:
        return
    if found.st_uid not in (os.geteuid(), 0):
        yield f"{path}: belongs to another user, who decides what is polled; copy it to a folder of yours"
    elif found.st_mode & stat.S_IWOTH:
        yield f"{path}: anybody on this machine can change what is polled; chmod o-w it"
    if secret and found.st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield f"{path}: others can read it, and a feed's address in it holds a secret; chmod 600 it"


def _data(folder: Path) -> Iterator[str]:
    found = _status(folder)
    if found is None:
        return
    if found.st_uid not in (os.geteuid(), 0):
        yield f"{folder}: belongs to another user; choose another folder with --data"
    elif found.st_mode & stat.S_IWOTH:
        yield f"{folder}: anybody on this machine can put another store there; chmod 700 it"
    for name in (paths.STORE_NAME, f"{paths.STORE_NAME}-wal", paths.LOG_NAME, paths.WATCH_NAME):
        status = _status(folder / name)
        if status is not None and status.st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield f"{folder / name}: others can read it; chmod 600 it"


def _status(path: Path) -> os.stat_result | None:
    """None where it is not there, or nobody may look."""
    try:
        return path.stat()
    except OSError:
        return None
