"""How many incidents there are, by hour, day and week, and how many are usual. Pure.

Incidents are counted, never articles, each in the hour in which it was first told of. Hours in which the
front was blind are in no figure: neither in what is learnt nor in what is compared with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final, Literal
from zoneinfo import ZoneInfo

from tui.clock import DAY, HOUR
from tui.model import Timestamp

WINDOWS: Final = (24, 6)
"""Hours up to now that are compared with the usual: the day that the board counts, and a sudden wave."""
GUARD: Final = 48
"""Hours between what is compared and what is learnt, so that a wave that builds up does not become its own
usual: the two days of EARS C2 (Hutwagner et al. 2003, J Urban Health 80 Suppl 1, i89-i96)."""
BASELINE: Final = 28 * 24
"""Hours that are learnt from: each weekday four times, and no older war than this one."""
REACH: Final = WINDOWS[0] + GUARD + BASELINE
"""Hours back from now that are needed in all."""
LEAST: Final = 72
"""Hours seen without which there is no usual at all."""
TRUSTED: Final = 168
"""Hours seen from which the usual can be trusted: every weekday and every hour of it once, as EARS asks."""

_EPOCH_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday, and Monday is 0."""
_PRIOR_COUNT: Final = 0.5
_PRIOR_HOURS: Final = 24.0
"""What is known of a front before anything is: half an incident (Jeffreys' prior of a rate) in a day."""
_SHRINK: Final = 6.0
"""Incidents, spread evenly, that stand against those counted at an hour of the day or on a weekday: what
rests on a handful says next to nothing, what rests on hundreds speaks for itself."""
_SHRINK_DAYS: Final = 4.0
"""Days without clustering that stand against the days counted."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Incidents on a front in each of the hours before a moment, the last hour first."""

    until: Timestamp
    counts: tuple[int, ...]
    seen: tuple[bool, ...]
    """Whether the front could be seen in that hour."""
    partly: tuple[bool, ...] = ()
    """Whether it could be for too little of the hour to count; empty: in none."""

    def middle(self, ago: int) -> Timestamp:
        """The middle of the hour that began ``ago`` + 1 hours back."""
        return self.until - (ago + 0.5) * HOUR

    def total(self, first: int, last: int) -> int:
        """Incidents in the hours seen from ``first`` up to but without ``last``."""
        return sum(n for n, seen in zip(self.counts[first:last], self.seen[first:last], strict=True) if seen)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual on a front: a rate, times a factor of the hour of day, times one of the weekday."""

    offset: float
    """Seconds by which the front's own clock, whose hours and weekdays these are, is ahead of UTC.

    As it is now: an hour's shift by summer time within the weeks learnt from is less than can be told."""
    rate: float
    """Incidents an hour on average over a week."""
    by_hour: tuple[float, ...]
    by_weekday: tuple[float, ...]
    """Monday first."""
    weight: float
    """Incidents that the rate rests on, the prior's among them: how surely it is known."""
    spread: float
    """Variance of a day's count over what chance alone would give it; 1 and up: attacks come in waves."""
    learnt: int
    """Hours seen that it was learnt from."""
    known_from: Timestamp
    trusted_from: Timestamp
    """When :data:`LEAST` and :data:`TRUSTED` hours seen lie far enough back, if no more are missed."""

    @property
    def known(self) -> bool:
        """Whether anything can be compared with it."""
        return self.learnt >= LEAST

    @property
    def trusted(self) -> bool:
        """Whether it rests on a week or more."""
        return self.learnt >= TRUSTED

    def at(self, moment: Timestamp) -> float:
        """Incidents that are usual in the hour around a moment."""
        hour, weekday = _slot(moment, self.offset)
        return self.rate * self.by_hour[hour] * self.by_weekday[weekday]

    def expected(self, hours: Hours, first: int, last: int) -> float:
        """Incidents that are usual in those of the hours ``first`` up to ``last`` that were seen."""
        return sum(self.at(hours.middle(ago)) for ago in range(first, last) if hours.seen[ago])


def learn(hours: Hours, zone: str, skip: int = WINDOWS[0] + GUARD) -> Usual:
    """What is usual, from the hours behind the first ``skip``.

    Gamma-Poisson with the factors shrunk towards 1: a short history gives a plain average, and a long one
    its own days and nights.
    """
    offset = _offset(hours.until, zone)
    past = [
        (*_slot(hours.middle(ago), offset), hours.counts[ago])
        for ago in range(skip, min(len(hours.counts), skip + BASELINE))
        if hours.seen[ago]
    ]
    weight = sum(count for _, _, count in past) + _PRIOR_COUNT
    rate = weight / (len(past) + _PRIOR_HOURS)
    by_hour = _factors([(hour, count, rate) for hour, _, count in past], 24)
    by_weekday = _factors([(day, count, rate * by_hour[hour]) for hour, day, count in past], 7)
    whens = (_seen_by(hours, LEAST, skip), _seen_by(hours, TRUSTED, skip))
    usual = Usual(offset, rate, by_hour, by_weekday, weight, 1.0, len(past), *whens)
    return replace(usual, spread=_spread(hours, usual, skip))


def _seen_by(hours: Hours, needed: int, skip: int) -> Timestamp:
    """When so many hours seen lie behind the first ``skip``."""
    reach = range(min(len(hours.seen), skip + BASELINE))
    oldest_first = [ago for ago in reversed(reach) if hours.seen[ago]]
    missing = needed - len(oldest_first)
    wait = skip + missing if missing > 0 else skip - oldest_first[needed - 1]
    return hours.until + wait * HOUR


def _offset(moment: Timestamp, zone: str) -> float:
    offset = datetime.fromtimestamp(moment, ZoneInfo(zone)).utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def _slot(moment: Timestamp, offset: float) -> tuple[int, int]:
    """Hour of the day and weekday (Monday 0) of a clock so far ahead of UTC."""
    days, seconds = divmod(moment + offset, DAY)
    return int(seconds // HOUR), (int(days) + _EPOCH_WEEKDAY) % 7


def _factors(told: Sequence[tuple[int, int, float]], slots: int) -> tuple[float, ...]:
    """Counted over expected in each slot, shrunk towards 1; 1 on average."""
    counted, expected = [_SHRINK] * slots, [_SHRINK] * slots
    for slot, count, rate in told:
        counted[slot] += count
        expected[slot] += rate
    raw = [one / other for one, other in zip(counted, expected, strict=True)]
    mean = sum(raw) / slots
    return tuple(factor / mean for factor in raw)


def _spread(hours: Hours, usual: Usual, skip: int) -> float:
    """Pearson's dispersion of the counts of days, shrunk towards 1 and never below it.

    As in the quasi-Poisson model of Farrington et al. (1996, J R Stat Soc A 159, 547-563).
    """
    excess, days = _SHRINK_DAYS, _SHRINK_DAYS
    for first in range(skip, min(len(hours.counts), skip + BASELINE) - 23, 24):
        expected = usual.expected(hours, first, first + 24)
        if expected > 0.0:
            excess += (hours.total(first, first + 24) - expected) ** 2 / expected
            days += 1
    return max(1.0, excess / days)


# Bars for a screen

Size = Literal["hour", "day", "week"]


@dataclass(frozen=True, slots=True)
class Bar:
    """The incidents of an hour, a day or a week of UTC."""

    start: Timestamp
    count: int
    """In the hours seen."""
    seen: int
    """Hours of it in which the front was seen; none: nothing is known of it."""
    usual: float
    """What is usual in the hours seen."""
    partly: bool = False
    """None of it was seen for long enough to count, but some was: the count is what was told in that."""


def bars(hours: Hours, size: Size, usual: Usual) -> list[Bar]:
    """The hours summed up, the oldest first; weeks begin on Monday. ``until`` must end a clock hour."""
    oldest_first = reversed(range(len(hours.counts)))
    made = []
    for start, group in groupby(oldest_first, key=lambda ago: _start(hours.middle(ago), size)):
        agos = list(group)
        seen = [ago for ago in agos if hours.seen[ago]]
        partly = [ago for ago in agos if hours.partly and hours.partly[ago]] if not seen else []
        count = sum(hours.counts[ago] for ago in seen or partly)
        expected = sum(usual.at(hours.middle(ago)) for ago in seen)
        made.append(Bar(start, count, len(seen), expected, bool(partly)))
    return made


def _start(moment: Timestamp, size: Size) -> Timestamp:
    """When the hour, the day or the week around a moment began."""
    if size == "hour":
        return moment // HOUR * HOUR
    day = moment // DAY * DAY
    return day if size == "day" else day - _slot(moment, 0.0)[1] * DAY
