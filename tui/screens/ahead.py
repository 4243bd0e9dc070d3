"""Reads what is imported only when it is asked for, while nobody waits.

A screen is open for weeks, and the program's files may be replaced under it: what is first imported then
would be of another version than all the rest.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from threading import Thread
from typing import Final

PAUSE: Final = 0.05
"""Seconds between two modules, so that no key waits for more than one."""

_PACKAGES: Final = ("tui.geo", "tui.incidents", "tui.store", "tui.widgets", "tui.screens")
"""Each stands on those before it, so that no step is a long one."""
_MODULES: Final = (
    "tui.browse",
    "tui.config.watch",
    "tui.heaps",
    "tui.logs",
    "tui.redact",
    "tui.initials",
    "tui.time_machine",
    "tui.when",
    "tui.tagging.gazetteer",
    "tui.tagging.spellings",
    "tui.tagging.why",
    "tui.tally",
    "tui.watchlog",
    "tui.handover",
)

_log = logging.getLogger(__name__)


def modules() -> Iterator[str]:
    """Every module that a screen may yet import, by name."""
    yield from _MODULES
    for package in _PACKAGES:
        yield from (each.name for each in iter_modules(import_module(package).__path__, f"{package}."))


def begin() -> Thread:
    """Import them one by one, in a thread of its own that ends with the program."""
    thread = Thread(target=_read, name="read ahead", daemon=True)
    thread.start()
    return thread


def _read() -> None:
    for name in modules():
        time.sleep(PAUSE)
        try:
            import_module(name)
        except Exception:  # its file may be half replaced at this moment, and nothing needs it yet
            _log.warning("%s could not be read ahead", name, exc_info=True)
