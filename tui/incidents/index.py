"""Finds the stories that share something with a report, and says how rare what they share is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import log
from typing import Final, Generic, TypeVar

from tui.clock import DAY
from tui.incidents.features import Feature
from tui.model import Timestamp

WINDOW: Final = 2 * DAY
"""Stories told of no nearer than this to a report are not found for it."""

MEMORY_DAYS: Final = 9
"""Days of which stories can be found: a feed's first poll brings the entries of a week."""

_COMMON: Final = 50
"""A feature of more stories than this finds none of them: their rarer ones do."""

_LOOKED_AT: Final = 120
"""Stories looked at for one report, counted once for each feature they share: the rarest features first."""

_FEW: Final = 60
"""Rarity is judged as if at least so many stories were known: at a start nothing is known yet."""

_LOGARITHMS: Final = [log(1 + count) for count in range(1000)]

Item = TypeVar("Item")


@dataclass(slots=True)
class _Day(Generic[Item]):
    """The items told of on a day, and those of each feature."""

    items: set[Item] = field(default_factory=set)
    holding: defaultdict[Feature, dict[Item, None]] = field(default_factory=lambda: defaultdict(dict))


class Index(Generic[Item]):
    """Items by their features and by the days on which they were told of."""

    def __init__(self) -> None:
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
            bucket.holding[feature][item] = None

    def drop(self, item: Item, features: Iterable[Feature], when: Timestamp) -> None:
        """Takes back :meth:`file`, whatever else of the item was filed under these features that day."""
        bucket = self._days.get(int(when // DAY))
        if bucket is None:
            return
        bucket.items.discard(item)
        for feature in features:
            holding = bucket.holding.get(feature, {})
            holding.pop(item, None)
            if not holding:
                bucket.holding.pop(feature, None)

    def items(self) -> Iterator[Item]:
        """Every item that can be found, each once."""
        return iter(dict.fromkeys(item for day in self._days.values() for item in day.items))

    def around(self, when: Timestamp) -> Neighbourhood[Item]:
        """What was told of within the window about that time."""
        first, last = int((when - WINDOW) // DAY), int((when + WINDOW) // DAY)
        days = [self._days[day] for day in range(first, last + 1) if day in self._days]
        return Neighbourhood([day.holding for day in days], sum(len(day.items) for day in days))


@dataclass(slots=True)
class Sharing(Generic[Item]):
    """What stories share with a report, by weight."""

    words: defaultdict[Item, float] = field(default_factory=lambda: defaultdict(float))
    facts: defaultdict[Item, float] = field(default_factory=lambda: defaultdict(float))
    other_words: float = 0.0
    """Weight of words that some stories share, nobody asked which."""
    other_facts: float = 0.0

    def rest(self, weight: float, *, is_word: bool) -> None:
        """Notes the weight of a feature that was not looked up."""
        if is_word:
            self.other_words += weight
        else:
            self.other_facts += weight


class Neighbourhood(Generic[Item]):
    """The stories of some days."""

    def __init__(
        self,
        buckets: Sequence[Mapping[Feature, Mapping[Item, None]]],
        stories: int,
    ) -> None:
        self._buckets = buckets
        self._most = log(max(_FEW, stories) + 1)
        self._counts: dict[Feature, int] = {}

    def rarity(self, features: Iterable[Feature]) -> dict[Feature, float]:
        """Of each feature: 0.0 where all stories have it, else the logarithm of how few do."""
        most, buckets, counts = self._most, self._buckets, self._counts
        rarity = {}
        for feature in features:
            count = 0
            for bucket in buckets:
                if feature in bucket:
                    count += len(bucket[feature])
            counts[feature] = count
            rarity[feature] = most - (_LOGARITHMS[count] if count < 1000 else log(1 + count))
        return rarity

    def sharing(self, words: Mapping[Feature, float], facts: Mapping[Feature, float]) -> Sharing[Item]:
        """The stories that share some of these, with the weight that they share; the rarest come first.

        What too many stories have is not looked up: it is told of as the rest.
        """
        found: Sharing[Item] = Sharing()
        counts = self._counts
        looked_at = 0
        for feature in sorted(filter(counts.__getitem__, chain(words, facts)), key=counts.__getitem__):
            is_word = feature in words
            weight = words[feature] if is_word else facts[feature]
            looked_at += counts[feature]
            if looked_at > _LOOKED_AT or counts[feature] > _COMMON:
                found.rest(weight, is_word=is_word)
                continue
            shared = found.words if is_word else found.facts
            for bucket in self._buckets:
                if feature in bucket:
                    for item in bucket[feature]:
                        shared[item] += weight
        return found
