"""Names to find one's way by: countries from the map's own data, cities and seas from the gazetteer."""

from __future__ import annotations

import csv
import logging
import tomllib
from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tui.feeds.safe_text import safe_text
from tui.geo.view import Frame, Position
from tui.geo.world import countries
from tui.model import Place
from tui.tagging.lexicon import FOLDER

_log = logging.getLogger(__name__)


class Sort(IntEnum):
    """What a name is of; where two have no room the lower one stands."""

    CITY = 0
    COUNTRY = 1
    SEA = 2


class Name(NamedTuple):
    """A name and where it belongs."""

    text: str
    lat: float
    lon: float
    sort: Sort


CAPITALS: Final = (
    "Beirut", "Damascus", "Baghdad", "Sanaa", "Tehran", "Jerusalem", "Riyadh", "Amman", "Cairo", "Doha",
    "Kuwait City", "Muscat", "Abu Dhabi", "Manama", "Aden", "Hodeidah", "Erbil", "Basra", "Mosul", "Aleppo",
    "Homs", "Deir ez-Zor", "Haifa", "Tel Aviv", "Gaza City", "Eilat", "Jeddah", "Dubai", "Isfahan", "Shiraz",
    "Tabriz", "Mashhad", "Bushehr", "Tyre", "Sidon", "Tripoli", "Kirkuk", "Marib",
)  # fmt: skip
"""Cities that are named before the others where not all have room."""

_TOWNS: Final = ("city", "town")

LONGEST: Final = 80
"""Characters of a place's name."""

CITIES_BELOW: Final = 0.35
"""Degrees of latitude a dot: from further off the names of cities would cover the countries."""
SEAS_BELOW: Final = 0.3
STRAITS_BELOW: Final = 0.1
"""The same of seas and straits: their names would cover them."""


def plain(name: str) -> str:
    """A place's name without what tells it from a namesake: ``Tripoli, Lebanon`` is ``Tripoli``."""
    return name.partition(",")[0]


def names_in(frame: Frame, own: Iterable[Place] = ()) -> Iterator[Name]:
    """What has a name in a frame, in the order in which names should get room.

    ``own``: the places of the watch's own lists, of which it names the cities and towns.
    """
    if frame.view.step <= CITIES_BELOW:
        cities = (
            *(Name(plain(each.name), each.lat, each.lon, Sort.CITY) for each in own if each.kind in _TOWNS),
            *_cities(),
        )
        yield from (name for name in cities if frame.holds(name.lat, name.lon))
    for country in countries():
        # A country that is narrower than its name would be named for its neighbours.
        wide = country.width * frame.per_lon / 2
        if wide >= len(country.text) and frame.holds(country.lat, country.lon):
            yield Name(country.text, country.lat, country.lon, Sort.COUNTRY)
    for kind, below in (("sea", SEAS_BELOW), ("strait", STRAITS_BELOW)):
        if frame.view.step <= below:
            yield from (name for name in _waters(kind) if frame.holds(name.lat, name.lon))


def home(lexicons: Collection[str], own: Iterable[Place] = ()) -> list[Position]:
    """Where the cities of these lexicons lie: what a front is about before anything happens."""
    built_in = [
        (float(row["lat"]), float(row["lon"]))
        for row in _gazetteer()
        if row["lexicon"] in lexicons and row["kind"] in _TOWNS
    ]
    return built_in + [(each.lat, each.lon) for each in own if each.kind in _TOWNS]


def own_places(lexicons: Iterable[str]) -> tuple[Place, ...]:
    """The places of the watch's own lists among these lexicons, those named by a path.

    A list that cannot be read now, because somebody is at it, has none; the config tells its faults.
    """
    found: list[Place] = []
    for lexicon in lexicons:
        if not lexicon.endswith(".toml"):
            continue
        try:
            with Path(lexicon).open("rb") as file:
                entries = tomllib.load(file).get("place", [])
            found += [_own_place(entry) for entry in entries]
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            _log.warning("no places of %s on the map: %s", lexicon, error)
    return tuple(found)


def _own_place(entry: dict[str, Any]) -> Place:
    name = safe_text(str(entry.get("name", entry["id"])), LONGEST)
    return Place(name, float(entry["lat"]), float(entry["lon"]), str(entry.get("kind", "")))


@cache
def _cities() -> tuple[Name, ...]:
    rank = {name: at for at, name in enumerate(CAPITALS)}
    found = (_name(row, Sort.CITY) for row in _gazetteer() if row["kind"] == "city")
    return tuple(sorted(found, key=lambda name: rank.get(name.text, len(rank))))


@cache
def _waters(kind: str) -> tuple[Name, ...]:
    return tuple(_name(row, Sort.SEA) for row in _gazetteer() if row["kind"] == kind)


def _name(row: dict[str, str], sort: Sort) -> Name:
    return Name(plain(row["name"]), float(row["lat"]), float(row["lon"]), sort)


@cache
def _gazetteer() -> tuple[dict[str, str], ...]:
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
