"""The tally on a page: our count by type and side, and the figures that reports quote beside it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tui.clock import DAY
from tui.incidents.tally import Asked, Quoted, Tally
from tui.model import ACT_TYPES
from tui.widgets import rtl
from tui.widgets.page import Lines, Run
from tui.widgets.words import day, full_zulu, plural

LABEL: Final = 18
"""Cells of the column of types."""
LEAST: Final = 7
"""Cells of the column of a side."""
QUOTED: Final = 8
"""Figures shown; ``frontwatch tally`` has all."""


def write_tally(lines: Lines, asked: Asked, fronts: str, made: Tally | None, fault: str) -> None:
    """What was asked, then what was counted; ``fronts`` is the name of those that were looked at."""
    bounds = (("by", asked.by), ("against", asked.against))
    what = [asked.type or "attacks", *(f"{word} {name}" for word, name in bounds if name), f"on {fronts}"]
    since = f"since {day(asked.since)}" if asked.since else "in all that is stored"
    lines.heading(f"tally: {' '.join(what)} {since}")
    if fault:
        lines.text(fault, lines.ink.blind)
        return
    if made is None:
        lines.add(("being counted …", lines.ink.muted))
        return
    lines.add((plural(len(made.incidents), "incident"), lines.ink.strong), *_limit(lines, made))
    if made.incidents:
        _table(lines, made)
    _figures(lines, made)


def _limit(lines: Lines, made: Tally) -> list[Run]:
    if made.stored_since is None or made.stored_since <= made.asked.since + DAY or not made.asked.since:
        return []
    return [(f"   the store begins on {day(made.stored_since)}", lines.ink.blind)]


def _table(lines: Lines, made: Tally) -> None:
    """Types down, sides across, each side in the order of its count."""
    ink = lines.ink
    cells = Counter((each.type or "other", each.by or "unknown") for each in made.incidents)
    sides = [side for side, _ in made.by_side.most_common()]
    widths = [max(LEAST, rtl.cells(side) + 2) for side in sides]
    while len(sides) > 1 and LABEL + sum(widths) + LEAST > lines.width:
        sides, widths = sides[:-1], widths[:-1]
    head = "".join(side.rjust(width) for side, width in zip(sides, widths, strict=True))
    lines.add((f"{'':<{LABEL}}{head}{'all':>{LEAST}}", ink.muted))
    for name in [name for name in ACT_TYPES if made.by_type[name]]:
        counts = [cells[name, side] for side in sides]
        row = "".join(str(n or "·").rjust(width) for n, width in zip(counts, widths, strict=True))
        lines.add(
            (f"{name:<{LABEL}}", ink.text), (row, ink.text), (f"{made.by_type[name]:>{LEAST}}", ink.strong)
        )
    row = "".join(str(made.by_side[side]).rjust(width) for side, width in zip(sides, widths, strict=True))
    lines.add((f"{'all':<{LABEL}}{row}{len(made.incidents):>{LEAST}}", ink.strong))


def _figures(lines: Lines, made: Tally) -> None:
    ink = lines.ink
    lines.blank()
    if not made.figures:
        more = f"; {made.others} with another start" if made.others else ""
        lines.add((f"No report quotes a figure with this start{more}.", ink.muted))
        return
    lines.add(("Quoted by reports, with this start:", ink.muted))
    for each in made.figures[:QUOTED]:
        _quoted(lines, each)


def _quoted(lines: Lines, each: Quoted) -> None:
    figure, report = each.figure, each.report
    bound = f"{figure.bound} " if figure.bound else ""
    who = f", {figure.said_by}" if figure.said_by else ""
    more = f" and {each.reports - 1} more" if each.reports > 1 else ""
    lines.add(
        (f"{bound}{figure.count} since {figure.since.day} {figure.since:%b}", lines.ink.strong),
        (f"{who}  {full_zulu(report.published)}  ", lines.ink.muted),
        *lines.name(report.source + more, lines.ink.muted),
    )
    lines.text(figure.text, lines.ink.text, indent=2, most=3)
