"""How often a feed has something new, and what follows from that. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from tui.clock import DAY, MINUTE
from tui.model import Timestamp

NEWEST: Final = 40
"""Entries of which the rhythm is read: the newest ones, for it changes."""
FEWEST: Final = 3
"""Gaps that it takes."""
SPAN: Final = 3.0
"""How many times sooner or later than ``every`` a rhythm may bring a poll."""
SILENCE: Final = 8.0
"""A silence counts as a gap of an eighth of itself: what ends it is found at most a sixteenth of it late."""
LATE: Final = 2.0
"""Times the longest gap after which a feed that says nothing new is late, but never within"""
LATE_LEAST: Final = DAY
"""a day: one document shows a few hours of a busy feed, and every desk sleeps."""


class Rhythm(NamedTuple):
    """Seconds between the entries of a feed; None of both where too few are dated."""

    gap: float | None = None
    """The median."""
    longest: float | None = None


def rhythm_of(times: Iterable[Timestamp], now: Timestamp) -> Rhythm:
    """The rhythm of a document's entries by their dates. Of one moment, or ahead of ``now``, one counts.

    What comes in batches has the rhythm of the batches.
    """
    newest = sorted({min(time, now) // MINUTE * MINUTE for time in times}, reverse=True)[:NEWEST]
    gaps = sorted(later - earlier for later, earlier in pairwise(newest))
    if len(gaps) < FEWEST:
        return Rhythm()
    # By hand: the library's statistics take longer to import than a hundred feeds to read.
    return Rhythm((gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2, gaps[-1])


def interval(every: float, gap: float | None, newest: Timestamp | None, now: Timestamp) -> float:
    """Seconds between polls that suit a feed: half its gap, from a third of ``every`` to three times that.

    Half: were entries to come by chance, one in 1 - exp(-1/2) = 39% of polls would find some, and an entry
    would wait a quarter of a gap. ``every`` itself is right for a gap of twice that, so it stays the middle:
    nobody who asks for 5 minutes waits longer than 15. After a silence the gap counts as longer (SILENCE).
    """
    if gap is None:
        return every
    silence = 0.0 if newest is None else max(0.0, now - newest)
    return min(max(max(gap, silence / SILENCE) / 2.0, every / SPAN), every * SPAN)


def late_from(newest: Timestamp | None, longest: float | None) -> Timestamp | None:
    """When a feed that has said nothing since is late by its own rhythm; None where none is known."""
    if newest is None or longest is None:
        return None
    return newest + max(LATE * longest, LATE_LEAST)
