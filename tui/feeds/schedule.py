"""When is a feed due. Pure: the caller brings clock and chance (``jitter``, 0 to 1)."""

from __future__ import annotations

from typing import Final

from tui.model import FeedRecord, Timestamp

JITTER: Final = 0.1
"""Share of the interval by which a poll comes earlier or later, so that feeds don't fall into step."""
FARTHEST: Final = 6.0
"""Intervals that a failing feed waits at most: its recovery is seen within half an hour at 5 minutes."""
LONGEST_REST: Final = 86_400.0
"""Seconds that a Retry-After is believed for."""


def after_poll(
    record: FeedRecord, *, failed: bool, now: Timestamp, retry_after: float | None, jitter: float
) -> Timestamp:
    """When to poll next; ``record.failures`` counts this poll already.

    After a good poll its interval later. After failures in a row 1, 2, 4 and then FARTHEST intervals:
    the first retry soon, for most faults pass, and full speed again after the first success. A
    Retry-After (seconds) is kept to after either.
    """
    intervals = min(2.0 ** (min(record.failures, 8) - 1), FARTHEST) if failed else 1.0
    wait = record.every * max(intervals, 1.0) * (1.0 + JITTER * (2.0 * jitter - 1.0))
    return now + max(wait, min(retry_after or 0.0, LONGEST_REST))


def at_start(record: FeedRecord, *, now: Timestamp, spread: float, jitter: float) -> Timestamp:
    """When to poll first after a start, a reload, or a jump of the clock.

    The stored time holds, so that a restart makes no burst. What is due, or was never polled, comes
    within ``spread`` seconds; so does a feed that by its record was polled after ``now``, or waits for
    longer than :func:`after_poll` lets it: then the clock was set back.
    """
    planned, last = record.next_poll, record.last_poll
    if planned is not None and last is not None and last <= now < planned <= last + _farthest(record):
        return planned
    return now + spread * jitter


def _farthest(record: FeedRecord) -> float:
    """Seconds after a poll that the next can lie; the poll itself may have taken minutes of waiting."""
    return max(record.every * FARTHEST * (1.0 + JITTER), LONGEST_REST) + 600.0


class Timetable:
    """Which feeds are due: their times by url, and which are at it just now."""

    def __init__(self) -> None:
        self._due: dict[str, Timestamp] = {}
        self._busy: set[str] = set()

    def plan(self, url: str, when: Timestamp) -> None:
        """Poll ``url`` at ``when``, or after its poll under way if that takes longer."""
        self._due[url] = when

    def take(self, now: Timestamp) -> list[str]:
        """Those that are due, the longest overdue first; each is under way until :meth:`done`."""
        due = sorted((when, url) for url, when in self._due.items() if when <= now and url not in self._busy)
        urls = [url for _, url in due]
        self._busy.update(urls)
        return urls

    def done(self, url: str) -> None:
        """The poll of ``url`` is over."""
        self._busy.discard(url)
