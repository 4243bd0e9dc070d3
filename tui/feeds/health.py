"""What a feed's record says of it, and how far a front can be seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from tui.feeds.rhythm import late_from
from tui.feeds.schedule import GONE
from tui.model import FeedRecord, Timestamp

FRESH_FOR: Final = 3.0
"""Intervals for which a good answer counts: a feed may miss one poll, and its retry be jittered."""
GRACE: Final = 60.0
"""Seconds on top of it, for the poll itself and for feeds with short intervals."""
SLOW: Final = 5.0
"""Seconds from which on an answer is called slow."""

DOWN: Final = "down"
"""State of the collector's network: no server can be reached; or"""
OFFLINE: Final = "offline"
"""it was told to poll nothing."""
DOWN_AFTER: Final = 4
"""Polls in a row that reach no server, after which the fault is taken to be this machine's network; but"""
HOSTS: Final = 3
"""of so many hosts, or all where a watch has fewer: one dead host with many feeds is no dead network."""


class FeedState(StrEnum):
    """How a feed does: exactly one holds, the first of these."""

    WAITING = "waiting"
    """Not polled yet."""
    GONE = "gone"
    """Its server says that it is no more, and nobody polls it any more."""
    PAUSED = "paused"
    """A person wants it not to be polled."""
    FAILING = "failing"
    """The last poll failed, and the last good answer is too old to count."""
    STALE = "stale"
    """That answer is too old though the last poll was good: nobody polled, as while the collector was off."""
    EMPTY = "empty"
    """It answers well, with a document without a single entry."""
    LATE = "late"
    """It answers well, but has said nothing new for longer than it usually does."""
    MOVED = "moved"
    """All is well, at another address that the server says is for good."""
    FRESH = "fresh"
    """A good answer lies less than FRESH_FOR intervals back, whatever came of the polls since."""

    @property
    def seen(self) -> bool:
        """Whether what it has to say would be seen."""
        return self in (FeedState.FRESH, FeedState.MOVED)


def judge(record: FeedRecord, now: Timestamp) -> FeedState:
    """The state of a feed at ``now``."""
    if record.last_poll is None:
        return FeedState.PAUSED if record.paused_by else FeedState.WAITING
    if record.status == GONE:
        return FeedState.GONE
    if record.paused_by:
        return FeedState.PAUSED
    answered_until = _answered_until(record)
    if answered_until is None or now >= answered_until:
        return FeedState.FAILING if record.failures or record.error else FeedState.STALE
    if record.digest and not record.entries:
        return FeedState.EMPTY
    late = late_from(record.newest, record.longest)
    if late is not None and now >= late:
        return FeedState.LATE
    return FeedState.MOVED if record.moved else FeedState.FRESH


def _answered_until(record: FeedRecord) -> Timestamp | None:
    """When the last good answer stops counting; None where there never was one.

    It counts for some intervals as they are planned, so that a feed whose publisher asks for half an hour is
    not called stale in between; and where the next poll was put off further, for as long as that.
    """
    if record.last_ok is None:
        return None
    interval = record.interval or record.every
    until = record.last_ok + FRESH_FOR * interval
    if not record.failures and record.next_poll is not None:
        until = max(until, record.next_poll + (FRESH_FOR - 1.0) * interval)
    return until + GRACE


def stale_from(record: FeedRecord) -> Timestamp | None:
    """When a feed stopped being seen, or will by what is known now; None where it never was."""
    until = _answered_until(record)
    if until is None or (record.digest and not record.entries):
        return None
    if record.paused_by or record.status == GONE:
        return record.last_ok
    late = late_from(record.newest, record.longest)
    return until if late is None else min(until, late)


class Coverage(NamedTuple):
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
    stale = [record for record in own if not judge(record, now).seen]
    fresh, total = len(own) - len(stale), len(own)
    blind = total == 0 or fresh * 2 < total
    newest = max((record.newest for record in own if record.newest is not None), default=None)
    return Coverage(fresh, total, newest, blind, _blind_since(stale, total) if blind else None)


def _blind_since(stale: list[FeedRecord], total: int) -> Timestamp | None:
    """When the feed went stale whose loss left under half: the (total // 2 + 1)-th to go."""
    lost = [0.0 if (when := stale_from(record)) is None else when for record in stale]
    return (sorted(lost)[total // 2] or None) if lost else None
