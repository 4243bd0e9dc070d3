"""Widgets of a line or two that are drawn by a function and redrawn only where they differ."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.themes import Ink, ink
from tui.widgets.guard import Guarded


class DrawnLines(Guarded, Widget):
    """Lines made anew whenever they are asked for.

    :meth:`bring_up_to_date` sends only the cells that differ to the terminal: a clock that ticks
    over SSH must not cost a line a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn: dict[int, Strip] = {}

    def draw(self, y: int) -> list[Segment]:
        """The pieces of a line, from the left: none but what a subclass makes."""
        return []

    @property
    def ink(self) -> Ink:
        """The styles of the theme that is on."""
        return ink(self.app.theme)

    @property
    def ground_style(self) -> Style:
        """What the lines stand on."""
        return self.ink.ground

    def render_line(self, y: int) -> Strip:
        """One line, exactly as wide as the widget."""
        strip = self._drawn[y] = self._strip(y)
        return strip

    def bring_up_to_date(self, first: int = 0) -> None:
        """Draw again what has changed since it was drawn, from line ``first`` on."""
        for y, drawn in self._drawn.items():
            if y < first:
                continue
            now = self._strip(y)
            if now != drawn:
                self.refresh(difference(drawn, now, y))

    def _strip(self, y: int) -> Strip:
        return strip_on(self.ground_style, self.draw(y), self.size.width)


def strip_on(ground: Style, pieces: Iterable[Segment], width: int) -> Strip:
    """One line of that many cells, on its ground.

    Made in one step: each of ``Strip``'s own makes another strip, and a board has hundreds.
    """
    line = [Segment(text, ground + style if style else ground) for text, style, _ in pieces]
    used = Segment.get_line_length(line)
    if used < width:
        line.append(Segment(" " * (width - used), ground))
    return Strip(line, max(used, width)).adjust_cell_length(width)


def difference(before: Strip, after: Strip, y: int) -> Region:
    """The cells that differ in character or style; the whole line where a character is not one cell wide."""
    old, new = _cells(before), _cells(after)
    if len(old) == len(new) == after.cell_length:
        changed = [x for x in range(len(new)) if old[x] != new[x]]
        if changed:
            return Region(changed[0], y, changed[-1] - changed[0] + 1, 1)
    return Region(0, y, after.cell_length, 1)


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    return [(char, segment.style) for segment in strip for char in segment.text]
