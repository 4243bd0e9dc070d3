"""How far apart two places are, and how wide each of them is."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Final

from tui.model import Place
from tui.tagging.lexicon import FOLDER

EARTH_KM: Final = 6371.0

_WIDTH_KM: Final = {
    "sea": 700.0,
    "country": 450.0,
    "region": 150.0,
    "governorate": 100.0,
    "strait": 60.0,
    "border": 60.0,
    "island": 30.0,
    "mountain": 20.0,
    "city": 15.0,
}
"""Kinds of the gazetteer to the distance from a place's position that is still it; the rest are points."""

POINT_KM: Final = 5.0

EXACT_KM: Final = 30.0
"""A place no wider than this says where something was."""


def width(place: Place) -> float:
    """Kilometres from its position that are still that place; by its name where its kind is not said."""
    return _WIDTH_KM.get(place.kind, POINT_KM) if place.kind else _widths().get(place.name, POINT_KM)


def gap(one: Place, other: Place) -> float:
    """Kilometres between them at the least, 0.0 where one may lie within the other."""
    return max(0.0, _distance(one.lat, one.lon, other.lat, other.lon) - max(width(one), width(other)))


@lru_cache(maxsize=2048)
def _distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great circle in kilometres, by the haversine."""
    north, south = radians(lat), radians(other_lat)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


@cache
def _widths() -> dict[str, float]:
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as gazetteer:
        return {row["name"]: _WIDTH_KM.get(row["kind"], POINT_KM) for row in csv.DictReader(gazetteer)}
