"""Finds the stories that share something with a report, and says how rare what they share is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from math import log
from typing import Final, Generic, TypeVar

from tui.incidents.features import Feature
from tui.model import Timestamp

DAY: Final = 86400.0

WINDOW: Final = 2 * DAY
"""Stories told of no nearer than this to a report are not found for it."""

MEMORY_DAYS: Final = 9
"""Days of which stories can be found: a feed's first poll brings the entries of a week."""

CANDIDATES: Final = 12
"""Stories found for one report at the most."""

_COMMON: Final = 50
"""A feature of more stories than this finds none of them: their rarer ones do."""

_FEW: Final = 60
"""Rarity is judged as if at least so many stories were known: at a start nothing is known yet."""

Item = TypeVar("Item")


@dataclass(slots=True)
class _Day(Generic[Item]):
    """The items told of on a day, and those of each feature."""

    items: set[Item] = field(default_factory=set)
    holding: dict[Feature, dict[Item, None]] = field(default_factory=dict)


class Index(Generic[Item]):
    """Items by their features and by the days on which they were told of; ``order`` breaks ties."""

    def __init__(self, order: Callable[[Item], int]) -> None:
        self._order = order
        self._days: dict[int, _Day[Item]] = {}

    def file(self, item: Item, features: Iterable[Feature], when: Timestamp) -> None:
        """Makes the item found by these features about that time; forgets the day that is longest unused.

        By use and not by date, so that entries from the past neither empty it nor find nothing.
        """
        day = int(when // DAY)
        bucket = self._days.pop(day, None) or _Day()
        self._days[day] = bucket  # the last in the order of use
        if len(self._days) > MEMORY_DAYS:
            del self._days[next(iter(self._days))]
        bucket.items.add(item)
        for feature in features:
            bucket.holding.setdefault(feature, {})[item] = None

    def around(self, when: Timestamp) -> Neighbourhood[Item]:
        """What was told of within the window about that time."""
        first, last = int((when - WINDOW) // DAY), int((when + WINDOW) // DAY)
        days = [day for day in range(first, last + 1) if day in self._days]
        found = [self._days[day] for day in days]
        return Neighbourhood(
            [day.holding for day in found], sum(len(day.items) for day in found), self._order
        )


class Neighbourhood(Generic[Item]):
    """The stories of some days."""

    def __init__(
        self, buckets: Sequence[dict[Feature, dict[Item, None]]], stories: int, order: Callable[[Item], int]
    ) -> None:
        self._buckets = buckets
        self._stories = max(_FEW, stories) + 1
        self._order = order
        self._held: dict[Feature, list[dict[Item, None]]] = {}

    def rarity(self, features: Iterable[Feature]) -> dict[Feature, float]:
        """Of each feature: 0.0 where all stories have it, else the logarithm of how few do."""
        return {
            feature: log(self._stories / (1 + sum(map(len, self._holding(feature))))) for feature in features
        }

    def candidates(self, weights: Mapping[Feature, float]) -> list[Item]:
        """The stories that share most of these features by weight, the likeliest first."""
        shared: defaultdict[Item, float] = defaultdict(float)
        for feature, weight in weights.items():
            holding = self._holding(feature)
            if sum(map(len, holding)) > _COMMON:
                continue
            for item in holding[0] if len(holding) == 1 else {item for items in holding for item in items}:
                shared[item] += weight
        return nsmallest(CANDIDATES, shared, key=lambda item: (-shared[item], self._order(item)))

    def _holding(self, feature: Feature) -> list[dict[Item, None]]:
        holding = self._held.get(feature)
        if holding is None:
            holding = [bucket[feature] for bucket in self._buckets if feature in bucket]
            self._held[feature] = holding
        return holding
