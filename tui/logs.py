"""Logs: a file for each process, which turns over and which only its owner reads."""

from __future__ import annotations

import logging
import os
import sys
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from tui import paths

SIZE: Final = 1_000_000
OLD_ONES: Final = 3


class _PrivateFile(RotatingFileHandler):
    """Mode 0600 from the first byte, whatever the umask."""

    def _open(self) -> TextIOWrapper:
        file = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(file, "a", encoding="utf-8")


def start_log(data: Path, *, talk: bool, name: str = paths.LOG_NAME) -> None:
    """Log to the file ``name`` in ``data``, where ``talk`` to standard error too. Once a process.

    Raises OSError where the file can't be written.
    """
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    form.converter = time.gmtime
    handlers: list[logging.Handler] = [
        _PrivateFile(data / name, maxBytes=SIZE, backupCount=OLD_ONES, encoding="utf-8")
    ]
    if talk:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(form)
        logging.getLogger().addHandler(handler)
    logging.getLogger("tui").setLevel(logging.INFO)
