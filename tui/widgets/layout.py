"""How panes share a screen: side by side, stacked, or one at a time. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

PANE_WIDTH: Final = 40
"""Cells that a pane needs to stand beside another."""
PANE_HEIGHT: Final = 7
"""Lines that a pane needs to stand above another: borders, head and four rows of one line."""
WALL_PANE_HEIGHT: Final = 12
"""The same on a wall, whose rows have three lines: three of them."""
TILE_WIDTH: Final = 44
"""Cells of a tile in which a headline is read; fewer only where tiles would be too low for one."""
TILE_HEIGHT: Final = 5
"""Lines of a tile with a row of three lines in its border."""
TILE_LEAST: Final = 3
"""With a row of one line."""
EMPTY: Final = 0.2
"""Share of the screen that a grid may leave empty behind its last pane."""


class Arrangement(NamedTuple):
    """Panes in a grid, or one at a time."""

    columns: int
    rows: int
    single: bool


class Tiling(NamedTuple):
    """Tiles in a grid."""

    columns: int
    rows: int
    height: int
    """Lines of each where they do not fit and the grid scrolls; 0 where they share the screen."""


def tile(tiles: int, width: int, height: int) -> Tiling:
    """The grid for so many tiles: as many columns as are readable and leave little of the screen empty.

    Tiles are as wide as is readable while they are high enough; else narrower, else lower, else they scroll.
    """
    narrow = TILE_WIDTH * 3 // 4
    for wide, high in ((TILE_WIDTH, TILE_HEIGHT), (narrow, TILE_HEIGHT), (narrow, TILE_LEAST)):
        most = max(1, min(tiles, width // wide))
        for columns in range(most, 0, -1):
            rows = -(-tiles // columns)
            even = -(-tiles // rows)
            if rows * high <= height and 1 - tiles / (even * rows) <= EMPTY:
                return Tiling(even, rows, 0)
    rows = -(-tiles // most)
    return Tiling(-(-tiles // rows), rows, TILE_LEAST)


def arrange(panes: int, width: int, height: int, least: int = PANE_HEIGHT) -> Arrangement:
    """The grid for so many panes in so many cells and lines, each ``least`` lines high.

    All side by side where each gets :data:`PANE_WIDTH`; else the widest even grid whose rows fit;
    else the widest that leaves at most :data:`EMPTY` of the screen empty; else one pane at a time.
    """
    if panes * PANE_WIDTH <= width and least <= max(height, PANE_HEIGHT):
        return Arrangement(panes, 1, single=panes == 0)
    widest = max(1, width // PANE_WIDTH)
    fitting = [
        Arrangement(columns, rows, single=False)
        for columns in range(widest, 0, -1)
        if (rows := -(-panes // columns)) * least <= height
    ]
    even = [grid for grid in fitting if panes % grid.columns == 0]
    ragged = [grid for grid in fitting if 1 - panes / (grid.columns * grid.rows) <= EMPTY]
    return next(iter(even or ragged), Arrangement(1, 1, single=True))
