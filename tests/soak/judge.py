"""Whether what was measured stays flat: a month is held against the month before it, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

from tests.soak.person import SIZES

LIMIT: Final = 0.02
"""Growth from one third of the time to the next that is let pass (DESIGN.md, budgets)."""
WARM_UP: Final = 1 / 3
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


class Verdict(NamedTuple):
    """How one figure went after the warm-up."""

    figure: str
    before: float
    """Its median in the second third, and"""
    after: float
    """in the last."""
    growth: float
    """As a share, below zero where it fell: the median over all samples of the last third, each held against
    the one of a third before. Where a month of news is played thrice, both saw the same days: what busy days
    take is no growth."""
    lowest: float
    highest: float

    @property
    def flat(self) -> bool:
        """Whether it grew by no more than is let pass."""
        return self.growth <= LIMIT


def verdict(figure: str, rows: Sequence[Row]) -> Verdict:
    """Of the rows taken at rest after the warm-up; raises ValueError where they are too few to tell."""
    first, last = rows[0]["day"], rows[-1]["day"]
    third = (last - first) / 3
    judged = [row for row in rows if row["day"] >= first + third and row.get("tours", TOURS + 1) > TOURS]
    before = [row for row in judged if row["day"] < first + 2 * third]
    after = [row for row in judged if row["day"] >= first + 2 * third]
    if min(len(before), len(after)) < 3:
        raise ValueError(f"{len(before)} and {len(after)} samples after the warm-up are too few to tell")
    growths = []
    for row in after:
        beside = min(before, key=lambda each: abs(each["day"] + third - row["day"]))
        growths.append(_growth(beside[figure], row[figure]))
    values = [row[figure] for row in judged]
    level, now = (median(row[figure] for row in part) for part in (before, after))
    return Verdict(figure, level, now, median(growths), min(values), max(values))


def _growth(before: float, after: float) -> float:
    return (after - before) / before if before else float(after > before)


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Of everything that must not grow in a run of that length."""
    memory = MEMORY if rows[-1]["minute"] >= MEMORY_FROM else ()
    return [verdict(f"{who}.{name}", rows) for who, counts in COUNTS.items() for name in (*memory, *counts)]
