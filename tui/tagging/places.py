"""Where an incident was, by the places that its text names: the most exact first."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from typing import Final

from tui.model import Place
from tui.tagging.fronts import FrontRules
from tui.tagging.reading import GROUND, Mention, Reading

EXACTNESS: Final = {
    "base": 0, "airport": 0, "port": 0, "camp": 0, "neighbourhood": 1, "village": 1, "town": 1, "city": 2,
    "strait": 3, "island": 3, "mountain": 3, "border": 4, "governorate": 5, "region": 6, "sea": 7,
    "country": 8,
}  # fmt: skip
"""Kinds of place, the most exact lowest."""

_SAYS_WHERE: Final = 3
"""Exactness up to which a place says where something was."""

_AROUND_KM: Final = 40.0
"""A summary tells more exactly where the title's place was hit, within this; farther is background."""

_EARTH_KM: Final = 6371.0


def find_places(
    title: Reading, summary: Reading, rules: FrontRules, fronts: tuple[str, ...], act: Mention | None
) -> tuple[Place, ...]:
    """Places of both fields, once each: those on the fronts first, the more exact before the wider.

    Left out are exact places of the attack that ``act`` answers ("rockets at X after a strike on Y"), and
    those that only the summary names, far from the title's.
    """
    found: dict[str, tuple[tuple[int, int, int, int], Place]] = {}
    answered: dict[str, tuple[tuple[int, int, int, int], Place]] = {}
    for number, reading in enumerate((title, summary)):
        where = [place for _, place in found.values() if _is_exact(place)]
        for mention in reading.by_class.get("place", ()):
            place = mention.sense.place
            if place is None or place.name in found:
                continue
            away = 0 if set(rules.of(mention.sense)) & set(fronts) else 1
            rank = (away, _exactness(place), number, mention.start)
            if _is_exact(place) and (where or not number) and _is_answered(reading, mention, act):
                answered.setdefault(place.name, (rank, place))
            elif number and where and _is_exact(place) and _is_far(place, where):
                continue
            else:
                found[place.name] = (rank, place)
    told = found or answered
    return tuple(place for _, place in sorted(told.values(), key=lambda pair: pair[0]))


def _exactness(place: Place) -> int:
    return EXACTNESS.get(place.kind, 6)


def _is_exact(place: Place) -> bool:
    return _exactness(place) <= _SAYS_WHERE


def _is_answered(reading: Reading, mention: Mention, act: Mention | None) -> bool:
    """Whether it stands behind a word like "after", and the act that leads is told before that."""
    if act is None or act.sense.cls != "act" or act.factor <= GROUND:
        return False
    leads = any(act is each for each in reading.by_class.get("act", ()))
    return any(
        mark.sense.role == "answered"
        and mark.end <= mention.start
        and mark.sentence == mention.sentence
        and (not leads or act.end <= mark.start)
        for mark in reading.by_class.get("ground", ())
    )


def _is_far(place: Place, others: Iterable[Place]) -> bool:
    return all(_kilometres(place, other) > _AROUND_KM for other in others)


def _kilometres(one: Place, other: Place) -> float:
    """Great circle, by the haversine."""
    north, south = radians(one.lat), radians(other.lat)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))
