"""Whether what was measured stays flat after the warm-up: a robust line, not two samples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median
from typing import Final, NamedTuple

from tests.soak.person import SIZES

LIMIT: Final = 0.02
"""Growth after the warm-up that is let pass (DESIGN.md, budgets)."""
WARM_UP: Final = 1 / 2
"""Share of the time that counts as warm-up: by then retention drops what is old, panes hold as many incidents
as they may, and what Textual and Rich remember by size, style and width is full. And"""
TOURS: Final = len(SIZES)
"""so many tours: by then every size of terminal has been seen."""

Row = dict[str, float]

COUNTS: Final = {
    "app": ("fds", "threads", "tasks", "widgets", "timers", "queries"),
    "collector": ("fds", "threads"),
}
"""What must not grow from the first minutes on. A task of the collector is mostly a poll."""
MEMORY: Final = ("rss", "uss", "blocks", "objects")
"""What must not grow of both once their caches are full, and retention drops as much as comes:"""
MEMORY_FROM: Final = 12.0
"""minutes and longer runs are judged by it."""


class Fit(NamedTuple):
    """A line through points, by the median of the slopes between them (Theil 1950, Sen 1968)."""

    slope: float
    """Per unit of x."""
    middle: float
    """Its height above the median x."""
    x: float
    """The median x."""

    def at(self, x: float) -> float:
        """Its height there."""
        return self.middle + self.slope * (x - self.x)


def fit(xs: Sequence[float], ys: Sequence[float]) -> Fit:
    """The robust line; at least two points with different x."""
    slopes = [(b - a) / (v - u) for (u, a), (v, b) in combinations(zip(xs, ys, strict=True), 2) if u != v]
    return Fit(median(slopes), median(ys), median(xs))


class Verdict(NamedTuple):
    """How one figure went after the warm-up."""

    figure: str
    start: float
    """The line's height at the end of the warm-up."""
    end: float
    """And at the end of the month."""
    lowest: float
    highest: float

    @property
    def growth(self) -> float:
        """As a share of the start; below zero where it fell."""
        return (self.end - self.start) / self.start if self.start else float(self.end > self.start)

    @property
    def flat(self) -> bool:
        """Whether it grew by no more than is let pass."""
        return self.growth <= LIMIT


def verdict(figure: str, rows: Sequence[Row], x: str = "day") -> Verdict:
    """Of the rows taken at rest after the warm-up; raises ValueError where they are too few to tell."""
    first, last = rows[0][x], rows[-1][x]
    warm = first + (last - first) * WARM_UP
    after = [row for row in rows if row[x] >= warm and row.get("tours", TOURS + 1) > TOURS]
    if len(after) < 6:
        raise ValueError(f"{len(after)} samples after the warm-up are too few to tell")
    xs, ys = [row[x] for row in after], [row[figure] for row in after]
    line = fit(xs, ys)
    return Verdict(figure, line.at(xs[0]), line.at(xs[-1]), min(ys), max(ys))


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Of everything that must not grow in a run of that length."""
    memory = MEMORY if rows[-1]["minute"] >= MEMORY_FROM else ()
    return [verdict(f"{who}.{name}", rows) for who, counts in COUNTS.items() for name in (*memory, *counts)]
