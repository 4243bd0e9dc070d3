"""How panes share a screen: side by side, stacked, or one at a time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PANE_WIDTH: Final = 40
"""Cells that a pane needs to stand beside another."""
PANE_HEIGHT: Final = 7
"""Lines that a pane needs to stand above another: borders, head and four rows of one line."""
EMPTY: Final = 0.2
"""Share of the screen that a grid may leave empty behind its last pane."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Panes in a grid, or one at a time."""

    columns: int
    rows: int
    single: bool


def arrange(panes: int, width: int, height: int) -> Arrangement:
    """The grid for so many panes in so many cells and lines.

    All side by side where each gets :data:`PANE_WIDTH`; else the widest even grid whose rows fit;
    else the widest that leaves at most :data:`EMPTY` of the screen empty; else one pane at a time.
    """
    if panes * PANE_WIDTH <= width:
        return Arrangement(panes, 1, single=panes == 0)
    widest = max(1, width // PANE_WIDTH)
    fitting = [
        Arrangement(columns, rows, single=False)
        for columns in range(widest, 0, -1)
        if (rows := -(-panes // columns)) * PANE_HEIGHT <= height
    ]
    even = [grid for grid in fitting if panes % grid.columns == 0]
    ragged = [grid for grid in fitting if 1 - panes / (grid.columns * grid.rows) <= EMPTY]
    return next(iter(even or ragged), Arrangement(1, 1, single=True))
