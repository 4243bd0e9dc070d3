"""feeds.toml: the watch, checked whole. Every fault is told at once, each with its place and its mend."""

from __future__ import annotations

from pathlib import Path

from tui.config.errors import ConfigError, Fault
from tui.config.files import FileWatch, find
from tui.model import Watch

__all__ = ["ConfigError", "Fault", "FileWatch", "find", "load"]


def load(path: Path) -> Watch:
    """Read and check a config.

    Raises ConfigError with all faults at once; no other exception, whatever the file holds.
    """
    from tui.config.watch import load  # here: a dashboard mostly starts with the watch that is kept

    return load(path)
