"""What the head of a feed document says of when to come again. Pure.

RSS 2.0 has ``ttl`` (minutes), ``skipHours`` (0 to 23, GMT) and ``skipDays`` (English names); the
syndication module of RSS 1.0 ``sy:updatePeriod`` and ``sy:updateFrequency`` (times in one such period).
They stand in the channel, which is small, before or behind the items: some generators put them last. So
the head and the tail are read, with patterns that can't run away: an XML parser would have to read the
whole of a hostile document to say no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui.clock import DAY, HOUR, MINUTE

HEAD: Final = 32 * 1024
"""Bytes read before the first item, and as many behind the last."""
MOST: Final = 366 * DAY
"""Seconds: whoever asks for more means something else."""
_ITEM: Final = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_LAST_ITEM: Final = re.compile(rb"</(?:[\w.-]{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_TTL: Final = re.compile(rb"<ttl>\s*(\d{1,7})\s*</ttl>", re.IGNORECASE)
_PERIOD: Final = re.compile(rb"<sy:updatePeriod>\s*([a-z]{4,9})\s*</sy:updatePeriod>", re.IGNORECASE)
_FREQUENCY: Final = re.compile(rb"<sy:updateFrequency>\s*(\d{1,4})\s*</sy:updateFrequency>", re.IGNORECASE)
_SKIP_HOURS: Final = re.compile(rb"<skipHours>([^!]{0,2000}?)</skipHours>", re.IGNORECASE)
_SKIP_DAYS: Final = re.compile(rb"<skipDays>([^!]{0,2000}?)</skipDays>", re.IGNORECASE)
_HOUR: Final = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY: Final = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_DAYS: Final = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_PERIODS: Final = {
    b"hourly": HOUR,
    b"daily": DAY,
    b"weekly": 7 * DAY,
    b"monthly": 30 * DAY,
    b"yearly": 365 * DAY,
}


@dataclass(frozen=True, slots=True)
class Hints:
    """What a document asks for."""

    ttl: float | None = None
    """Seconds for which it stands."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day (UTC) in which nothing new comes."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week of which the same is true, Monday 0."""
    period: float | None = None
    """Seconds from one update to the next."""

    @property
    def stands(self) -> float | None:
        """Seconds for which it need not be asked for again: the longer of what it says."""
        said = [seconds for seconds in (self.ttl, self.period) if seconds is not None]
        return max(said, default=None)


def hints_of(body: bytes) -> Hints:
    """What the channel of ``body`` says; nothing of what no program could keep to."""
    channel = _channel(body)
    hours = _inside(_SKIP_HOURS, _HOUR, channel)
    # Hour 24 is that of old versions of RSS, which count from 1.
    skip_hours = frozenset(int(hour) % 24 for hour in hours if int(hour) <= 24)
    days = (day.lower() for day in _inside(_SKIP_DAYS, _DAY, channel))
    skip_days = frozenset(_DAYS.index(day) for day in days if day in _DAYS)
    return Hints(
        ttl=_seconds(_TTL, channel, MINUTE),
        skip_hours=skip_hours if len(skip_hours) < 24 else frozenset(),
        skip_days=skip_days if len(skip_days) < 7 else frozenset(),
        period=_period(channel),
    )


def _channel(body: bytes) -> bytes:
    """The document around its items, without comments and character data."""
    first = _ITEM.search(body, 0, HEAD)
    head = body[: first.start() if first else HEAD]
    tail = body[max(len(head), len(body) - HEAD) :]
    tail = _LAST_ITEM.split(tail)[-1]
    return _COMMENT.sub(b"", head) + _COMMENT.sub(b"", tail)


def _inside(block: re.Pattern[bytes], each: re.Pattern[bytes], channel: bytes) -> list[bytes]:
    found = block.search(channel)
    return each.findall(found[1]) if found else []


def _seconds(pattern: re.Pattern[bytes], channel: bytes, unit: float) -> float | None:
    found = pattern.search(channel)
    seconds = float(found[1]) * unit if found else 0.0
    return seconds if 0.0 < seconds <= MOST else None


def _period(channel: bytes) -> float | None:
    """An update period, divided by how often in it."""
    found = _PERIOD.search(channel)
    if found is None or (period := _PERIODS.get(found[1].lower())) is None:
        return None
    times = _FREQUENCY.search(channel)
    return period / max(1, int(times[1]) if times else 1)
