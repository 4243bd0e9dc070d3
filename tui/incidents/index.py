"""Finds the stories that share something with a report, and says how rare what they share is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from heapq import nsmallest
from math import log
from typing import Final, Generic, TypeVar

from tui.incidents.features import Feature, Features
from tui.model import Timestamp

DAY: Final = 86400.0

WINDOW: Final = 2 * DAY
"""Stories told of no nearer than this to a report are not found for it."""

MEMORY_DAYS: Final = 9
"""Days for which stories can be found: a feed's first poll brings the entries of a week."""

CANDIDATES: Final = 12
"""Stories found for one report at the most."""

_COMMON: Final = 0.25
"""A feature of more than this share of the stories finds nothing, once it is in more than ``_LONG``."""

_LONG: Final = 40

_FEW: Final = 60
"""Rarity is judged as if at least so many stories were known: at a start nothing is known yet."""

Item = TypeVar("Item")


class Index(Generic[Item]):
    """Items by their features and by the days on which they were told of; ``order`` breaks ties."""

    def __init__(self, order: Callable[[Item], int]) -> None:
        self._order = order
        self._days: dict[int, dict[Feature, dict[Item, None]]] = {}
        self._sizes: defaultdict[int, set[Item]] = defaultdict(set)

    def file(self, item: Item, features: Iterable[Feature], when: Timestamp) -> None:
        """Makes the item found by these features about that time, and forgets what is too old."""
        day = int(when // DAY)
        if day not in self._days:
            self._days[day] = {}
            for old in [each for each in self._days if each < max(self._days) - MEMORY_DAYS]:
                del self._days[old]
                self._sizes.pop(old, None)
        bucket = self._days.get(day)
        if bucket is None:  # older than the memory
            return
        self._sizes[day].add(item)
        for feature in features:
            bucket.setdefault(feature, {})[item] = None

    def rarity(self, features: Features, when: Timestamp) -> dict[Feature, float]:
        """Of each feature: 0.0 where all stories have it, else the logarithm of how few do."""
        days = self._near(when)
        stories = max(_FEW, sum(len(self._sizes[day]) for day in days)) + 1
        buckets = [self._days[day] for day in days]
        return {
            feature: log(stories / (1 + sum(len(bucket.get(feature, ())) for bucket in buckets)))
            for feature in features.all()
        }

    def candidates(self, features: Features, rarity: Mapping[Feature, float], when: Timestamp) -> list[Item]:
        """The items about that time that share most with ``features``, the likeliest first."""
        shared: defaultdict[Item, float] = defaultdict(float)
        days = self._near(when)
        common = max(_LONG, _COMMON * sum(len(self._sizes[day]) for day in days))
        for feature in features.all():
            found = [bucket[feature] for day in days if feature in (bucket := self._days[day])]
            if sum(map(len, found)) > common:
                continue
            weight = features.words.get(feature, 1.0) * rarity[feature]
            for item in dict.fromkeys(item for items in found for item in items):
                shared[item] += weight
        return nsmallest(CANDIDATES, shared, key=lambda item: (-shared[item], self._order(item)))

    def _near(self, when: Timestamp) -> list[int]:
        first, last = int((when - WINDOW) // DAY), int((when + WINDOW) // DAY)
        return [day for day in range(first, last + 1) if day in self._days]
