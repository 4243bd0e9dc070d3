"""Places by a name that a person types, in whatever spelling the lists have."""

from __future__ import annotations

import csv
import re
from typing import Final

from tui.model import Place
from tui.tagging.fold import fold
from tui.tagging.language import LANGUAGES
from tui.tagging.lexicon import FOLDER

MOST: Final = 12
"""Places offered at the most."""
_POSITION: Final = re.compile(r"(.+?)[ ,]+(-?\d{1,2}(?:\.\d+)?)[ ,]+(-?\d{1,3}(?:\.\d+)?)")


def find_places(typed: str) -> list[Place]:
    """Places of that name, else those whose name begins so; ``Name 33.1 35.2`` is one in itself.

    Positions in degrees, WGS 84. The list is read at each call: some 20 ms, and nobody corrects in a hurry.
    """
    if match := _POSITION.fullmatch(typed.strip()):
        lat, lon = float(match[2]), float(match[3])
        if abs(lat) <= 90 and abs(lon) <= 180:
            return [Place(match[1].strip(" ,"), lat, lon)]
    wanted = fold(typed).strip()
    if not wanted:
        return []
    exact: dict[str, Place] = {}
    begins: dict[str, Place] = {}
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spellings = {fold(each).strip() for each in (row["name"], *_spellings(row))}
            place = Place(row["name"], float(row["lat"]), float(row["lon"]), row["kind"])
            if wanted in spellings:
                exact.setdefault(place.name, place)
            elif any(each.startswith(wanted) for each in spellings):
                begins.setdefault(place.name, place)
    return list((exact or begins).values())[:MOST]


def _spellings(row: dict[str, str]) -> list[str]:
    return [each for language in LANGUAGES for each in (row.get(language) or "").split("|") if each]
