"""Whether anything is being collected now, and what a person is told of it. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from tui.clock import STALE_HEARTBEAT
from tui.model import Heartbeat, Timestamp
from tui.supervisor import Trouble
from tui.words import age, zulu

BLIND_AFTER: Final = 10.0
"""Seconds after which the panes are blind where it is known to have ended: one quick restart is less."""
BACK_FOR: Final = 60.0
"""Seconds for which it is told that it is back."""
UNSTEADY_FROM: Final = 3
"""Ends within ten minutes from which on it is told all the time that they were."""


class Outage(NamedTuple):
    """What is, or was until lately, wrong with the collecting."""

    words: str
    """For the header: what comes first matters most, since the rest may have no room."""
    down: bool
    """Nothing is being collected; otherwise it is again."""
    blind_since: Timestamp | None = None
    """Since when what the board does not show may have happened; None where the board can be trusted."""
    why: str = ""


def outage(
    heartbeat: Heartbeat | None,
    trouble: Trouble | None,
    now: Timestamp,
    *,
    starting: bool = False,
    said: str = "",
) -> Outage | None:
    """What is to be told at ``now``, by the machine's clock; None where all is well.

    ``starting``: this screen's first collector is on its way. ``said``: the last error that it told since
    its last sign of life.
    """
    beat = heartbeat.beat if heartbeat is not None else None
    if trouble is not None and (beat is None or beat <= trouble.last):
        return _ended(trouble, beat, now)
    if beat is None or starting:
        return None
    if abs(now - beat) > STALE_HEARTBEAT:  # one from the future is of before the clock was put back
        words = f"COLLECTOR silent since {zulu(beat, now)} ({age(now - beat)})"
        return Outage(f"{words}: {said}" if said else words, True, beat, said)
    if trouble is None or heartbeat is None:
        return None
    since = heartbeat.started
    if trouble.times >= UNSTEADY_FROM:
        words = f"COLLECTOR unsteady: ended {trouble.times} times since {zulu(trouble.first, now)}, runs now"
        return Outage(f"{words}; last end: {trouble.why}", False)
    if now - since < BACK_FOR:
        return Outage(f"Collecting again since {zulu(since, now)}; the last end: {trouble.why}", False)
    return None


def _ended(trouble: Trouble, beat: Timestamp | None, now: Timestamp) -> Outage:
    """It ended and has given no sign of life since."""
    since = trouble.first if beat is None else beat
    wait = 0.0 if trouble.again is None else trouble.again - now
    again = f"start {trouble.times} in {wait:.0f} s" if wait >= 1.0 else f"start {trouble.times} now"
    words = f"COLLECTOR down since {zulu(since, now)} ({again}): {trouble.why}"
    return Outage(words, True, since if now - since > BLIND_AFTER else None, trouble.why)
