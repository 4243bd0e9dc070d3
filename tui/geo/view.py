"""Which part of the world is seen: degrees to dots and back.

The projection is the equirectangular one with its standard parallel in the middle of the view:
``x = (lon - lon0) * cos(lat0)``, ``y = lat0 - lat`` (Snyder, Map Projections: A Working Manual, 1987, p. 90).
It is true to scale along the middle parallel and every meridian, which is enough for a region.

A cell of a terminal is taken as twice as high as wide, and holds 2 x 4 dots: so a dot is a square.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, radians
from typing import Final

DOTS_X: Final = 2
DOTS_Y: Final = 4
"""Dots of a cell."""

KM_PER_DEGREE: Final = 111.2
"""Kilometres of a degree of latitude, on a sphere of 6371 km."""

FINEST: Final = 0.002
"""Degrees of latitude a dot: 220 m. The gazetteer's places are no more exact."""
COARSEST: Final = 3.0

POLE: Final = 84.0
"""Degrees of latitude beyond which the middle of a view never is: the projection breaks down there."""

MARGIN: Final = 0.12
"""Share of the view that a fit leaves free on each side: names stand beside their places."""
NEAREST_FIT: Final = 111.2
"""Kilometres from top to bottom that a fit shows at the least: a lone place with what is around it."""

Position = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class View:
    """The middle of what is seen, and how close it is."""

    lat: float
    lon: float
    step: float
    """Degrees of latitude a dot."""

    def moved(self, lat: float, lon: float, step: float | None = None) -> View:
        """Another middle, and another closeness, as far as there are such."""
        bounded = max(FINEST, min(COARSEST, self.step if step is None else step))
        return View(max(-POLE, min(POLE, lat)), wrapped(lon), bounded)


@dataclass(frozen=True)
class Frame:
    """A view on so many cells."""

    view: View
    width: int
    """Cells."""
    height: int
    """Cells."""

    @cached_property
    def dots(self) -> tuple[int, int]:
        """Dots across and down."""
        return self.width * DOTS_X, self.height * DOTS_Y

    @cached_property
    def per_lon(self) -> float:
        """Dots a degree of longitude."""
        return cos(radians(self.view.lat)) / self.view.step

    @property
    def west(self) -> float:
        """Longitude of the left edge; below -180 where the view reaches over the 180th meridian."""
        return self.view.lon - self.dots[0] / 2 / self.per_lon

    @property
    def east(self) -> float:
        """Longitude of the right edge; above 180 where the view reaches over the 180th meridian."""
        return self.view.lon + self.dots[0] / 2 / self.per_lon

    @property
    def south(self) -> float:
        """Latitude of the lower edge."""
        return self.view.lat - self.dots[1] / 2 * self.view.step

    @property
    def north(self) -> float:
        """Latitude of the upper edge."""
        return self.view.lat + self.dots[1] / 2 * self.view.step

    def cell(self, lat: float, lon: float) -> tuple[int, int]:
        """Column and row of the cell that a place lies in; outside of the frame where it is not seen."""
        wide, high = self.dots
        x = wide / 2 + wrapped(lon - self.view.lon) * self.per_lon
        y = high / 2 + (self.view.lat - lat) / self.view.step
        return int(x // DOTS_X), int(y // DOTS_Y)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a place is seen."""
        x, y = self.cell(lat, lon)
        return 0 <= x < self.width and 0 <= y < self.height

    def position(self, x: float, y: float) -> Position:
        """The place at a point of the frame, in cells from its upper left corner."""
        lat = self.view.lat - (y * DOTS_Y - self.dots[1] / 2) * self.view.step
        return lat, wrapped(self.view.lon + (x * DOTS_X - self.dots[0] / 2) / self.per_lon)

    def panned(self, right: float, down: float) -> View:
        """The view so many cells further right and down."""
        lat = self.view.lat - down * DOTS_Y * self.view.step
        return self.view.moved(lat, self.view.lon + right * DOTS_X / self.per_lon)

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> View:
        """The view so many times closer; the place at ``at`` (cells) stays where it is."""
        view = self.view.moved(self.view.lat, self.view.lon, self.view.step / factor)
        if at is None:
            return view
        held = self.position(*at)
        new = Frame(view, self.width, self.height)
        lat, lon = new.position(*at)
        return view.moved(view.lat + held[0] - lat, view.lon + wrapped(held[1] - lon))


def wrapped(lon: float) -> float:
    """The same longitude from -180 up to, not including, 180."""
    return (lon + 180.0) % 360.0 - 180.0


def fit(places: Iterable[Position], width: int, height: int, *, least: float = NEAREST_FIT) -> View:
    """The view of so many cells that shows all these places; the whole world where there are none.

    ``least``: kilometres from top to bottom that it shows at the least.
    """
    positions = list(places)
    if not positions:
        return fit_bounds(-58.0, 78.0, -180.0, 360.0, width, height, margin=0.0)
    lats = [lat for lat, _ in positions]
    west, span = _span([lon for _, lon in positions])
    missing = max(0.0, least / KM_PER_DEGREE - (max(lats) - min(lats))) / 2
    return fit_bounds(min(lats) - missing, max(lats) + missing, west, span, width, height)


def fit_bounds(
    south: float, north: float, west: float, span: float, width: int, height: int, *, margin: float = MARGIN
) -> View:
    """The view of so many cells that shows these bounds; ``span`` is degrees eastwards from ``west``."""
    middle = max(-POLE, min(POLE, (south + north) / 2))
    free = 1 - 2 * margin
    down = (north - south) / max(1.0, height * DOTS_Y * free)
    across = span * cos(radians(middle)) / max(1.0, width * DOTS_X * free)
    return View(middle, wrapped(west + span / 2), max(FINEST, min(COARSEST, max(down, across))))


def _span(lons: list[float]) -> tuple[float, float]:
    """The western end and the width of the shortest stretch of a parallel that holds these longitudes."""
    ordered = sorted({wrapped(lon) for lon in lons})
    gaps = [(after - before, after) for before, after in pairwise(ordered)]
    gaps.append((ordered[0] + 360.0 - ordered[-1], ordered[0]))
    gap, west = max(gaps)
    return west, 360.0 - gap
