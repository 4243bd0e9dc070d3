"""What failed in this program while it went on: written to the log, and kept to be told on the board."""

from __future__ import annotations

import logging
import threading
from typing import Final, NamedTuple

from tui.clock import Clock
from tui.seldom import Seldom
from tui.words import zulu

log = logging.getLogger(__name__)

TOLD_FOR: Final = 600.0
"""Seconds for which the last failure is told."""
LOGGED_EVERY: Final = 60.0
"""Seconds within which one and the same failure is logged once: what fails may be drawn again and again."""


class Failure(NamedTuple):
    """The last thing that failed."""

    at: float
    """Machine's clock."""
    where: str
    what: str


class Failures:
    """Of one screen. May be told of one by any thread."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._last: Failure | None = None
        self._times = 0
        self._seldom = Seldom(LOGGED_EVERY)
        self._lock = threading.Lock()

    def note(self, where: str, error: BaseException) -> None:
        """Something failed at ``where``, in words for a person."""
        what = in_a_line(error)
        with self._lock:
            self._last = Failure(self._clock.now(), where, what)
            self._times += 1
            due = self._seldom.due(where, what)
        if due:
            log.error("%s failed: %s", where, what, exc_info=error)

    def told(self) -> str:
        """What to tell of it now; no words where nothing failed lately."""
        with self._lock:
            last, times = self._last, self._times
            if last is None or not 0.0 <= self._clock.now() - last.at <= TOLD_FOR:
                self._times = 0
                return ""
        more = f" ({times} faults)" if times > 1 else ""
        return f"FAULT {last.where} failed at {zulu(last.at)}: {last.what}{more}; written to the log"


def in_a_line(error: BaseException) -> str:
    """What it was, as it may stand on a screen: one line no terminal acts on, without secrets."""
    from tui.logs import inert  # here, both: the first paint need not wait for them
    from tui.redact import redact

    told = f"{type(error).__name__}: {error}".splitlines()[0]
    return inert(redact(told)).rstrip(": ")
