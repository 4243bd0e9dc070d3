"""What a feed's record says of it, and how far a front can be seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tui.model import FeedRecord, Timestamp

FRESH_FOR: Final = 3.0
"""Intervals for which a good answer counts: a feed may miss one poll, and its retry be jittered."""
GRACE: Final = 60.0
"""Seconds on top of it, for the poll itself and for feeds with short intervals."""


class FeedState(StrEnum):
    """How a feed does: exactly one holds."""

    FRESH = "fresh"
    """A good answer lies less than FRESH_FOR intervals back, whatever came of the polls since."""
    LATE = "late"
    """None that young, though the last poll was good: nobody polled, as while the collector was off."""
    FAILING = "failing"
    """None that young, and the last poll failed."""
    WAITING = "waiting"
    """Not polled yet."""


def judge(record: FeedRecord, now: Timestamp) -> FeedState:
    """The state of a feed at ``now``."""
    if record.last_poll is None:
        return FeedState.WAITING
    fresh_until = stale_from(record)
    if fresh_until is not None and now < fresh_until:
        return FeedState.FRESH
    return FeedState.FAILING if record.failures else FeedState.LATE


def stale_from(record: FeedRecord) -> Timestamp | None:
    """When the last good answer stops counting; None where there never was one."""
    return None if record.last_ok is None else record.last_ok + FRESH_FOR * record.every + GRACE


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what should be seen is seen."""

    fresh: int
    total: int
    newest: Timestamp | None
    """Date of the newest entry ever seen in these feeds."""
    blind: bool
    """Under half of the feeds are fresh, or there are none: quiet means nothing."""
    blind_since: Timestamp | None
    """When that began; None where it is not so, and where it was never otherwise."""


def coverage(records: Iterable[FeedRecord], front: str | None, now: Timestamp) -> Coverage:
    """Coverage of a front by the feeds dedicated to it and the general ones; of all feeds for None."""
    own = [record for record in records if front is None or record.front in (None, front)]
    stale = [record for record in own if judge(record, now) is not FeedState.FRESH]
    fresh, total = len(own) - len(stale), len(own)
    blind = total == 0 or fresh * 2 < total
    newest = max((record.newest for record in own if record.newest is not None), default=None)
    return Coverage(fresh, total, newest, blind, _blind_since(stale, total) if blind else None)


def _blind_since(stale: list[FeedRecord], total: int) -> Timestamp | None:
    """When the feed went stale whose loss left under half: the (total // 2 + 1)-th to go."""
    lost = [0.0 if (when := stale_from(record)) is None else when for record in stale]
    return (sorted(lost)[total // 2] or None) if lost else None
