"""Incidents as bars over time, with what is usual behind them. Pure: figures to lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rich.style import Style

from tui.clock import HOUR
from tui.incidents.posture import figure
from tui.incidents.surge import most, variance_of
from tui.incidents.tempo import Bar, Hours, Size, Usual, bars
from tui.policy import PosturePolicy
from tui.themes import Ink
from tui.widgets.page import Run
from tui.widgets.words import plural

EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
AXIS: Final = 5
"""Cells left of the bars: the highest figure and the line."""
HOURS_OF: Final[dict[Size, int]] = {"hour": 1, "day": 24, "week": 168}
BARS: Final[dict[Size, int]] = {"hour": 72, "day": 56, "week": 52}
"""Bars at the most, where the width holds them."""
UNSEEN: Final = "?"
"""Stands where the front was blind for the whole of a bar."""
SURGE: Final = "▲"
"""Stands on a bar that is more than usual: colour is never the only sign."""


@dataclass(frozen=True, slots=True)
class Column:
    """A bar with the highest count that would still be usual in it."""

    bar: Bar
    limit: int | None
    """None where no usual is known."""

    @property
    def more(self) -> bool:
        """Whether it is more than usual."""
        return self.limit is not None and self.bar.count > self.limit


def columns(hours: Hours, size: Size, usual: Usual, policy: PosturePolicy, room: int) -> list[Column]:
    """As many bars of the hours as ``room`` cells hold, the newest last; none from before the first watch."""
    made = bars(hours, size, usual)
    begun = not made[-1].seen and made[-1].start >= hours.until - HOUR
    if begun and any(bar.seen or bar.partly for bar in made[:-1]):
        made = made[:-1]  # of the hour that has begun too little is over to be called unseen
    made = made[-min(BARS[size], max(1, room)) :]
    first = next((at for at, bar in enumerate(made) if bar.seen or bar.partly), len(made) - 1)
    made = made[first:]
    return [Column(bar, _limit(bar, usual, policy)) for bar in made]


def _limit(bar: Bar, usual: Usual, policy: PosturePolicy) -> int | None:
    if not usual.known or not bar.seen:
        return None
    return most(bar.usual, variance_of(bar.usual, usual), policy.elevated, policy.fewest)


def reach(size: Size, room: int) -> int:
    """Hours that must be read for the bars that fit."""
    return (min(BARS[size], max(1, room)) + 1) * HOURS_OF[size]


def chart(
    told: Sequence[Column], size: Size, height: int, width: int, ink: Ink, at: int | None
) -> list[list[Run]]:
    """The bars in ``height`` lines and a line of dates below; ``at`` is the bar under the cursor."""
    if not told:
        return []
    wide = max(1, min(6, (width - AXIS) // len(told)))
    top = max(3, *(max(each.bar.count, each.limit or 0) for each in told))
    lines = []
    for row in reversed(range(height)):
        label = str(top) if row == height - 1 else "0" if row == 0 else ""
        runs: list[Run] = [(f"{label:>{AXIS - 1}}│", ink.muted)]
        runs += [_cell(each, row, height, top, wide, ink, n == at) for n, each in enumerate(told)]
        lines.append(runs)
    lines.append([(" " * AXIS + _dates(told, size, wide, width - AXIS), ink.muted)])
    return lines


def _cell(each: Column, row: int, height: int, top: int, wide: int, ink: Ink, chosen: bool) -> Run:
    """The cells of one bar on one line; the lowest is line 0."""
    ground = ink.selected if chosen else Style()
    body = wide if wide == 1 else wide - 1
    gap = " " * (wide - body)
    if not each.bar.seen and not each.bar.partly:
        return ((UNSEEN if row == 0 else " ") * body + gap, ink.blind + ground)
    # The topmost line is kept for the sign of what is more than usual.
    eighths = round(each.bar.count / top * (height - 1) * 8) - row * 8
    if each.bar.count and row == 0:
        eighths = max(1, eighths)
    style = ink.alarm if each.more else ink.muted if each.bar.partly else ink.text
    if eighths > 0:
        return (EIGHTHS[min(8, eighths)] * body + gap, style + ground)
    if each.more and eighths > -8:
        return (SURGE.center(body) + gap, style + ground)
    mark = " "
    if each.limit is not None:
        lines = {_row_of(each.limit, top, height): "·", _row_of(each.bar.usual, top, height): "╌"}
        mark = lines.get(row, " ")
    return (mark * wide, ink.muted + ground)


def _row_of(count: float, top: int, height: int) -> int:
    return int(count / top * (height - 1))


def _dates(told: Sequence[Column], size: Size, wide: int, room: int) -> str:
    """Dates below the bars at which they begin, as many as don't touch."""
    line = ""
    for n, each in enumerate(told):
        moment = datetime.fromtimestamp(each.bar.start, UTC)
        word = label(each.bar.start, size, short=True)
        due = moment.hour % 6 == 0 if size == "hour" else moment.weekday() == 0 if size == "day" else True
        if due and n * wide >= len(line) + (1 if line else 0) and n * wide + len(word) <= room:
            line = line.ljust(n * wide) + word
    return line


def readout(told: Column, size: Size, now: float) -> str:
    """``Mon 4 Dec: 12 incidents, usual 8.1, up to 15 is not unusual``; and how much of it could be seen."""
    bar = told.bar
    year = datetime.fromtimestamp(bar.start, UTC).year
    when = label(bar.start, size, year="" if year == datetime.fromtimestamp(now, UTC).year else f" {year}")
    if bar.partly:
        return f"{when}: {plural(bar.count, 'incident')}; seen for too short a time to compare"
    if not bar.seen:
        return f"{when}: nobody watched, or the front was blind"
    words = f"{when}: {plural(bar.count, 'incident')}"
    if told.limit is None:
        words += ", usual not known yet"
    else:
        words += f", usual {figure(bar.usual)}, {'more than' if told.more else 'up to'} {told.limit} "
        words += "is unusual" if told.more else "is not unusual"
    whole = HOURS_OF[size]
    return words if bar.seen == whole else f"{words}; seen {bar.seen} of {whole} h"


def label(start: float, size: Size, *, short: bool = False, year: str = "") -> str:
    """``Mon 4 Dec``, ``18Z``; long ones ``4 Dec 18Z``, ``week of 4 Dec``; ``year``: behind the month."""
    moment = datetime.fromtimestamp(start, UTC)
    day = f"{moment.day} {moment:%b}{year}"
    if size == "hour":
        hour = f"{moment:%H}Z"
        return (day if moment.hour == 0 else hour) if short else f"{day} {hour}"
    if size == "day":
        return day if short else f"{moment:%a} {day}"
    return day if short else f"week of {day}"
