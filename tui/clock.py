"""The one source of time, replaceable: nothing else in the engine asks the machine.

A clock gives UTC seconds since the epoch. Demo and replay run on a clock that is set to
another date and runs at another rate; everything above reads that clock and cannot tell.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

from tui.model import Timestamp

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86_400.0
"""Seconds of each."""
STALE_HEARTBEAT: Final = 30.0
"""Seconds of the machine's clock after which a collector that says nothing is called silent."""


class Clock:
    """Time that starts at ``origin`` when the machine's clock stands at ``anchor`` and runs at ``rate``.

    Without arguments it is the machine's clock.
    """

    def __init__(
        self, origin: Timestamp | None = None, *, anchor: Timestamp | None = None, rate: float = 1.0
    ) -> None:
        self.anchor = time.time() if anchor is None else anchor
        self.origin = self.anchor if origin is None else origin
        self.rate = rate

    def now(self) -> Timestamp:
        """Seconds since the epoch, UTC, by this clock."""
        return self.origin + (time.time() - self.anchor) * self.rate

    def real_seconds(self, seconds: float) -> float:
        """How many of the machine's seconds it takes this clock to run ``seconds``; never below zero."""
        return max(0.0, seconds / self.rate)


class ManualClock(Clock):
    """A clock that stands still until it is set: replay at full speed and the tests live by it."""

    def __init__(self, now: Timestamp = 0.0) -> None:
        super().__init__(now, rate=1.0)
        self.time = now

    def now(self) -> Timestamp:
        """The time that it was last set to."""
        return self.time


FIRST: Final = datetime(1, 1, 1, tzinfo=UTC).timestamp()
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()


def utc(timestamp: Timestamp) -> datetime:
    """The date and time of day; of what no calendar holds (999999 weeks ago) the first or last there is."""
    return datetime.fromtimestamp(min(max(timestamp, FIRST), _LAST), UTC)


def iso(timestamp: Timestamp) -> str:
    """``2023-12-01T18:42:07Z``: ISO 8601, UTC, to the second."""
    return utc(timestamp).strftime("%Y-%m-%dT%H:%M:%SZ")
