"""The world's coasts, borders and frontier lines, out of ``world.zip``; docs/make_map_data.py makes that.

Natural Earth's data (public domain) at four finenesses, each read when it is first drawn.
"""

from __future__ import annotations

import json
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

DATA: Final = Path(__file__).parent / "world.zip"

TOLERANCES: Final = (0.5, 0.15, 0.05, 0.015)
"""Degrees of latitude by which the lines of each level may be off, the coarsest first."""


class Kind(IntEnum):
    """What a line is; of two in one cell the lower one gives it its colour."""

    COAST = 0
    BORDER = 1
    FRONTIER = 2
    """A border that is not settled, or a line of ceasefire: the Blue Line is one."""
    EDGE = 3
    """Drawn nowhere: it closes, on the 180th meridian, the land on both sides of it."""


class Piece(NamedTuple):
    """Some dozens of points of a line, and what they lie within."""

    kind: Kind
    lons: array[int]
    """Whole numbers of the level's ``grid``, as are ``lats``."""
    lats: array[int]
    west: float
    """Degrees, as are the three that follow."""
    east: float
    south: float
    north: float


@dataclass(frozen=True, slots=True)
class Level:
    """The lines of the whole world at one fineness."""

    grid: float
    """Degrees."""
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name to find one's way by."""

    text: str
    lat: float
    lon: float
    width: float
    """Degrees of longitude that what it names is wide; 0.0 for a point."""


def level_for(step: float) -> int:
    """The coarsest level that is about exact to a dot of ``step`` degrees; the finest where none is."""
    exact = (at for at, tolerance in enumerate(TOLERANCES) if tolerance <= step * 1.5)
    return next(exact, len(TOLERANCES) - 1)


@cache
def level(number: int) -> Level:
    """Every line of the world at a level: 0 is the coarsest."""
    data = _member(f"level-{number}.json")
    return Level(data["grid"], tuple(_pieces(data)))


@cache
def countries() -> tuple[Name, ...]:
    """The name of each country where it stands best, the widest country first."""
    return tuple(Name(text, lat, lon, width) for text, lon, lat, width in _member("names.json"))


def _pieces(data: dict[str, Any]) -> Iterator[Piece]:
    grid, start, kinds = data["grid"], 0, tuple(Kind)
    for kind, length in zip(data["kinds"], data["lengths"], strict=True):
        end = start + length
        lons = array("i", accumulate(data["lons"][start:end]))
        lats = array("i", accumulate(data["lats"][start:end]))
        west, east, south, north = min(lons) * grid, max(lons) * grid, min(lats) * grid, max(lats) * grid
        yield Piece(kinds[kind], lons, lats, west, east, south, north)
        start = end


def _member(name: str) -> Any:
    with zipfile.ZipFile(DATA) as archive:
        return json.loads(archive.read(name))
