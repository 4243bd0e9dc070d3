"""One line of the log, and the lines that tell the selected one in full: pure, from data to segments."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from rich.style import Style

from tui.model import Timestamp
from tui.themes import Ink
from tui.watchlog import Line, Sort
from tui.widgets import rtl
from tui.widgets.row import CURSOR
from tui.widgets.words import full_zulu, row_age, zulu

WHO: Final = 9
"""Cells of the column that says who: ``collector``."""
WHAT: Final = 14
WITH_AGE: Final = 100
"""Cells from which there is room for ages."""
UNDONE: Final = "(taken back) "


def draw_line(
    line: Line, width: int, ink: Ink, now: Timestamp, mode: rtl.Mode, *, cursor: bool
) -> list[Segment]:
    """The line in at most ``width`` cells; ``cursor`` points at it."""
    head = f" {zulu(line.at)}"
    if width >= WITH_AGE:
        head += f" {row_age(now - line.at):>4}"
    text = _text_style(line, ink)
    segments = [
        Segment(CURSOR, ink.focus) if cursor else Segment(" "),
        Segment(head, ink.muted),
        Segment(f"  {_padded(line.who, WHO)} ", ink.strong if line.sort is Sort.DONE else ink.muted),
        Segment(f"{_padded(line.what, WHAT)} ", _what_style(line, ink)),
    ]
    room = width - sum(segment.cell_length for segment in segments)
    words = rtl.cut(f"{UNDONE if line.undone else ''}{line.words}", room)
    return segments + [Segment(part, text) for part, _ in rtl.visual(words, (), mode, rtl=False)]


def draw_full(
    line: Line, width: int, height: int, ink: Ink, now: Timestamp, mode: rtl.Mode
) -> list[list[Segment]]:
    """The line in full: when, who and what; below it what it says, wrapped."""
    ago = "now" if now - line.at < 60 else f"{row_age(now - line.at)} ago"
    undone = ", taken back" if line.undone else ""
    drawn = [
        [
            Segment(f" {full_zulu(line.at)}", ink.strong),
            Segment(f", {ago}, by {line.who}: ", ink.muted),
            Segment(f"{line.what}{undone}", _what_style(line, ink)),
        ]
    ]
    spans = rtl.wrap(line.words, max(1, width - 2), height - 1)
    for index, (start, end) in enumerate(spans):
        piece = line.words[start:] if index == len(spans) - 1 else line.words[start:end]
        runs = rtl.visual(rtl.cut(piece, width - 2), (), mode, rtl=False)
        drawn.append([Segment(" "), *(Segment(part, ink.text) for part, _ in runs)])
    return drawn


def _padded(text: str, width: int) -> str:
    cut = rtl.cut(text, width)
    return cut + " " * (width - rtl.cells(cut))


def _text_style(line: Line, ink: Ink) -> Style:
    return ink.muted if line.undone or line.sort is Sort.COURSE else ink.text


def _what_style(line: Line, ink: Ink) -> Style:
    if line.undone:
        return ink.muted
    return {
        Sort.DONE: ink.strong,
        Sort.ALARM: ink.alarm,
        Sort.OUTAGE: ink.blind,
        Sort.NEWS: ink.focus,
        Sort.COURSE: ink.muted,
    }[line.sort]
