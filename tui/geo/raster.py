"""Lines as dots in cells, and land as cells: what a frame shows of the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil
from operator import xor
from typing import Final

from tui.geo.view import DOTS_X, DOTS_Y, Frame
from tui.geo.world import Kind, Level, Piece, level, level_for

EMPTY: Final = 255
"""Stands for the kind of a cell that no line goes through."""

BITS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of each dot of a cell, by row and column: those of Unicode's braille patterns."""

PATTERN: Final = {Kind.COAST: (1, 1), Kind.BORDER: (2, 1), Kind.FRONTIER: (5, 3)}
"""Of how many dots in a row how many are drawn: solid, dotted, dashed."""


@dataclass(frozen=True, slots=True)
class Raster:
    """What is drawn of the world, row by row, a byte a cell."""

    dots: bytes
    """The dots of each cell, after :data:`BITS`."""
    kinds: bytes
    """The :class:`Kind` of line that each cell shows, or :data:`EMPTY`."""
    land: bytes
    """1 where the middle of the cell is on land."""


@lru_cache(maxsize=8)
def draw(frame: Frame) -> Raster:
    """The world in that frame. Kept for the frames drawn last."""
    size = frame.width * frame.height
    dots, kinds, land = bytearray(size), bytearray([EMPTY]) * size, bytearray(size)
    world = level(level_for(frame.view.step))
    for offset in (-360.0, 0.0, 360.0):  # the world again, where a view reaches over the 180th meridian
        if frame.west < 180.0 + offset and frame.east > -180.0 + offset:
            canvas = _Canvas(frame, offset, world)
            canvas.fill(land)
            canvas.draw(dots, kinds)
    return Raster(bytes(dots), bytes(kinds), bytes(land))


class _Canvas:
    """One copy of the world on a frame's cells. Coordinates are dots, from the upper left corner."""

    def __init__(self, frame: Frame, offset: float, world: Level) -> None:
        self._world = world
        self._columns, self._rows = frame.width, frame.height
        self._wide, self._high = frame.dots
        self._bounds = (frame.west - offset, frame.east - offset, frame.south, frame.north)
        self._per_lon, self._per_lat = frame.per_lon, 1 / frame.view.step

    def _x(self, lon: float) -> float:
        return (lon - self._bounds[0]) * self._per_lon

    def _points(self, piece: Piece) -> Iterator[tuple[float, float]]:
        west, _, _, north = self._bounds
        grid, per_lon, per_lat = self._world.grid, self._per_lon, self._per_lat
        xs = [(lon * grid - west) * per_lon for lon in piece.lons]
        ys = [(north - lat * grid) * per_lat for lat in piece.lats]
        return zip(xs, ys, strict=True)

    def draw(self, dots: bytearray, kinds: bytearray) -> None:
        """Draw every line that may be seen."""
        west, east, south, north = self._bounds
        for piece in self._world.pieces:
            beside = piece.east < west or piece.west > east or piece.north < south or piece.south > north
            if not beside and piece.kind is not Kind.EDGE:
                self._draw(piece, dots, kinds)

    def _draw(self, piece: Piece, dots: bytearray, kinds: bytearray) -> None:
        right, bottom, columns, kind = self._wide - 1, self._high - 1, self._columns, piece.kind
        every, drawn = PATTERN[kind]
        count = 0
        for start, end in pairwise(self._points(piece)):
            clipped = clip(*start, *end, right, bottom)
            if clipped is None:
                continue
            for x, y in line(*clipped):
                if count % every < drawn:
                    cell = (y // DOTS_Y) * columns + x // DOTS_X
                    dots[cell] |= BITS[y % DOTS_Y][x % DOTS_X]
                    if kind < kinds[cell]:
                        kinds[cell] = kind
                count += 1

    def fill(self, land: bytearray) -> None:
        """Mark the cells whose middle is on land.

        On its way from the 180th meridian eastwards a parallel changes between water and land wherever it
        crosses a coast. A piece that lies west of the frame as a whole counts by its two ends alone.
        """
        west, east, south, north = self._bounds
        first = max(0, _behind(self._x(-180.0), DOTS_X))
        last = min(self._columns, _behind(self._x(180.0), DOTS_X))
        changes = [bytearray(self._columns + 1) for _ in range(self._rows)]
        for piece in self._world.pieces:
            if piece.kind not in (Kind.COAST, Kind.EDGE):
                continue
            if piece.west > east or piece.north < south or piece.south > north:
                continue
            points = list(self._points(piece))
            if piece.east < west:
                points = [points[0], points[-1]]
            rows = [_behind(y, DOTS_Y) for _, y in points]
            for start, row_after in enumerate(rows[1:]):
                row_before = rows[start]
                if row_before == row_after:
                    continue
                (x, y), (to_x, to_y) = points[start], points[start + 1]
                top, end = min(row_before, row_after), max(row_before, row_after)
                for row in range(max(0, top), min(self._rows, end)):
                    middle = (row + 0.5) * DOTS_Y
                    column = _behind(x + (middle - y) / (to_y - y) * (to_x - x), DOTS_X)
                    if column < last:
                        changes[row][max(first, column)] ^= 1
        for row, changed in enumerate(changes):
            begin = row * self._columns
            land[begin + first : begin + last] = bytes(accumulate(changed[first:last], xor))


def _behind(dot: float, dots: int) -> int:
    """The first of the cells, so many dots each, whose middle lies behind a point."""
    return ceil(dot / dots - 0.5)


def clip(
    x: float, y: float, to_x: float, to_y: float, right: float, bottom: float
) -> tuple[int, int, int, int] | None:
    """The part of a line within 0 to ``right`` and 0 to ``bottom``, rounded; None where there is none.

    After Liang and Barsky (1984).
    """
    if 0 <= x <= right and 0 <= to_x <= right and 0 <= y <= bottom and 0 <= to_y <= bottom:
        return int(x + 0.5), int(y + 0.5), int(to_x + 0.5), int(to_y + 0.5)
    dx, dy = to_x - x, to_y - y
    enter, leave = 0.0, 1.0
    for along, room in ((-dx, x), (dx, right - x), (-dy, y), (dy, bottom - y)):
        if along == 0:
            if room < 0:
                return None
            continue
        at = room / along
        if along < 0:
            enter = max(enter, at)
        else:
            leave = min(leave, at)
        if enter > leave:
            return None

    def within(value: float, most: float) -> int:
        return int(max(0.0, min(most, value)) + 0.5)  # rounding errors must not reach over the edge

    return (
        within(x + enter * dx, right),
        within(y + enter * dy, bottom),
        within(x + leave * dx, right),
        within(y + leave * dy, bottom),
    )


def line(x: int, y: int, to_x: int, to_y: int) -> Iterator[tuple[int, int]]:
    """The dots of a straight line but its last, after Bresenham (1965); one dot where it is no longer."""
    dx, dy = abs(to_x - x), -abs(to_y - y)
    step_x, step_y = (1 if x < to_x else -1), (1 if y < to_y else -1)
    error = dx + dy
    if dx == dy == 0:
        yield x, y
    while x != to_x or y != to_y:
        yield x, y
        twice = 2 * error
        if twice >= dy:
            error += dy
            x += step_x
        if twice <= dx:
            error += dx
            y += step_y
