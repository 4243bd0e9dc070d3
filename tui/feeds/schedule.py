"""When is a feed due. Pure: the caller brings clock and chance (``jitter``, 0 to 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.clock import DAY, HOUR
from tui.feeds import rhythm
from tui.model import FeedRecord, Timestamp
from tui.policy import FetchPolicy

JITTER: Final = 0.1
"""Share of the interval by which a poll comes earlier or later, so that feeds don't fall into step."""
FARTHEST: Final = 6.0
"""Intervals that a failing feed waits at most: its recovery is seen within half an hour at 5 minutes."""
LONGEST_REST: Final = DAY
"""Seconds that a Retry-After is believed for: it is an order, and no hint as the others are."""
GONE: Final = 410
"""HTTP status after which a feed is polled no more, until its config changes or a person asks for it."""
_THURSDAY: Final = 3
"""Day of the week of 1970-01-01."""


def interval_of(record: FeedRecord, policy: FetchPolicy, now: Timestamp) -> float:
    """Seconds between the polls of a feed.

    By its rhythm around ``every`` (:func:`tui.feeds.rhythm.interval`), but not sooner than its publisher says
    that there is something new, and within the config's bounds. An ``every`` outside of them is a person's
    word for this feed and moves the bound.
    """
    wanted = record.every
    if policy.adaptive:
        wanted = rhythm.interval(record.every, record.gap, record.newest, now)
    asked = max(wanted, record.ttl or 0.0, record.max_age or 0.0)
    return min(max(asked, min(policy.fastest, record.every)), max(policy.slowest, record.every))


def after_poll(
    record: FeedRecord, policy: FetchPolicy, *, failed: bool, now: Timestamp, jitter: float
) -> Timestamp | None:
    """When to poll next; ``record`` counts the poll already, and its ``interval`` is planned. None: never.

    After a good poll an interval later. After failures in a row 1, 2, 4 and then FARTHEST intervals: the
    first retry soon, for most faults pass, and full speed again after the first success. A Retry-After
    (``rest_until``) is kept to after either, for a day at most; hours and days to skip up to the slowest
    interval.
    """
    if record.status == GONE:
        return None
    interval = record.interval or record.every
    longest = max(policy.slowest, interval)
    wait = (held_back(record, policy) if failed else interval) * (1.0 + JITTER * (2.0 * jitter - 1.0))
    when = max(now + wait, min(record.rest_until or 0.0, now + LONGEST_REST))
    return _past_skipped(when, record, now + longest)


def held_back(record: FeedRecord, policy: FetchPolicy) -> float:
    """Seconds that a feed waits after its failures in a row: longer with each, up to a bound."""
    interval = record.interval or record.every
    intervals = min(2.0 ** (min(record.failures, 8) - 1), FARTHEST)
    farthest = max(policy.slowest, interval, FARTHEST * record.every)
    return min(interval * max(intervals, 1.0), farthest)


def _past_skipped(when: Timestamp, record: FeedRecord, latest: Timestamp) -> Timestamp:
    """The first moment from ``when`` on in an hour that is not to be skipped, or ``latest``."""
    while when < latest:
        day, hour = int(when // DAY), int(when % DAY // HOUR)
        if not record.skip_days >> (day + _THURSDAY) % 7 & 1 and not record.skip_hours >> hour & 1:
            break
        # As far into the next hour as into this one, so that feeds don't fall into step.
        when = min(when + HOUR, latest)
    return when


def at_start(
    record: FeedRecord, policy: FetchPolicy, *, now: Timestamp, spread: float, jitter: float
) -> Timestamp | None:
    """When to poll first after a start, a reload, or a jump of the clock; None: not at all.

    The stored time holds, so that a restart makes no burst. What is due, or was never polled, comes
    within ``spread`` seconds; so does a feed that by its record was polled after ``now``: then the clock was
    set back. One that waits for longer than its config lets it, now, is planned by that.
    """
    if record.status == GONE:
        return None
    planned, last = record.next_poll, record.last_poll
    if planned is None or last is None or not last <= now < planned:
        return now + spread * jitter
    # The poll itself may have taken minutes of waiting.
    latest = after_poll(record, policy, failed=record.failures > 0, now=last + 600.0, jitter=1.0)
    if latest is not None and planned <= latest:
        return planned
    anew = after_poll(record, policy, failed=record.failures > 0, now=last, jitter=jitter)
    return max(anew or now, now + spread * jitter)


class Timetable:
    """Which feeds are due: their times by url, and which are at it just now."""

    def __init__(self) -> None:
        self._due: dict[str, Timestamp] = {}
        self._busy: set[str] = set()

    def plan(self, url: str, when: Timestamp | None) -> None:
        """Poll ``url`` at ``when``, or after its poll under way if that takes longer; None: no more."""
        if when is None:
            self._due.pop(url, None)
        else:
            self._due[url] = when

    def take(self, now: Timestamp, admit: Callable[[str], bool] = lambda url: True) -> list[str]:
        """Those that are due and that ``admit`` lets begin, asked of the longest overdue first.

        Each is under way until :meth:`done`; what is not admitted stays due.
        """
        due = sorted((when, url) for url, when in self._due.items() if when <= now and url not in self._busy)
        urls = [url for _, url in due if admit(url)]
        self._busy.update(urls)
        return urls

    def done(self, url: str) -> None:
        """The poll of ``url`` is over."""
        self._busy.discard(url)
