"""The collector with a census: ``python -m tests.soak.engine FOLDER WORDS``, as ``frontwatch WORDS``.

What it does by the machine's clock, and not by the month's, it does more often than usual, so that as much
of a month's work as can be is done; and that a busy machine stops for seconds, hours of the month, is not
taken for a sleep.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Final

from tests.soak import census
from tui.cli import main
from tui.clock import DAY
from tui.collector import service
from tui.lookout import Lookout

PACE: Final = {"LOOK_PACE": 0.2, "RING_EVERY": 0.5, "BEAT_EVERY": 0.5, "LISTEN_EVERY": 0.25}
"""Seconds between looks at the fronts, for alarms and requests, and signs of life; usually 1 to 2."""


def hurry() -> None:
    """Do all that more often."""
    for name, seconds in PACE.items():
        setattr(service, name, seconds)
    setattr(service, "Lookout", partial(Lookout, lapse=DAY / 4))  # noqa: B010 - a type may not be assigned


if __name__ == "__main__":
    census.start(Path(sys.argv[1]), "collector")
    hurry()
    sys.exit(main(sys.argv[2:]))
