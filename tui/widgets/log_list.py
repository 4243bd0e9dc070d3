"""The lines of the log, newest first, drawn one by one: what is held may reach far back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.model import Timestamp
from tui.store.log import Place
from tui.themes import ink
from tui.watchlog import Line
from tui.widgets import rtl
from tui.widgets.guard import Guarded
from tui.widgets.log_row import draw_line
from tui.widgets.words import day

KEPT_LINES = 2_000
"""Lines held while the log follows the newest, and above a line that is looked at; scrolling reads more."""


class LogList(Guarded, ScrollView, can_focus=True, inherit_bindings=False):
    """Lines with a heading for each day.

    With a line selected, or scrolled down, what comes is added above, out of sight, and counted
    (:attr:`above`). With nothing selected and the top in view, the list follows the newest.
    """

    DEFAULT_CSS = """
    LogList { overflow-x: hidden; scrollbar-gutter: stable; scrollbar-size-vertical: 1; height: 1fr;
        background: $fw-ground;
    }
    """

    @dataclass
    class Moved(Message):
        """The selection or the view has moved."""

        def can_replace(self, message: Message) -> bool:
            """Only where it stands last counts."""
            return isinstance(message, LogList.Moved)

    @dataclass
    class BottomReached(Message):
        """The oldest line that is held has come into view."""

        def can_replace(self, message: Message) -> bool:
            """Once is enough."""
            return isinstance(message, LogList.BottomReached)

    @dataclass
    class NewestWanted(Message):
        """A person goes to the newest, and that is not held: too much came meanwhile."""

        def can_replace(self, message: Message) -> bool:
            """Once is enough."""
            return isinstance(message, LogList.NewestWanted)

    @dataclass
    class Opened(Message):
        """A person asks for what the line is of."""

        line: Line

    def __init__(self, now: Callable[[], Timestamp], rtl_mode: Callable[[], rtl.Mode]) -> None:
        super().__init__()
        self._now = now
        self._rtl_mode = rtl_mode
        self._lines: list[Line] = []
        self._rows: list[Line | str] = []
        """The lines, and the headings of their days."""
        self._selected: Place | None = None
        self._unheld = 0
        """Lines that are newer than those held, and only counted."""

    # What is held

    def show(self, lines: Iterable[Line]) -> None:
        """Hold these lines and no others, from the top; the newest first."""
        self._selected = None
        self._unheld = 0
        self._lines = list(lines)
        self._settle(None)

    def add(self, lines: Sequence[Line]) -> bool:
        """Hold these as well, wherever they belong; what they took back is drawn so.

        Whether old lines were let go for it: a log that is left open for weeks must not fill the memory.
        """
        anchor = self._anchor()
        undone = {line.undoes for line in lines} - {None}
        added = self._without_far(list(lines), anchor)
        held = {line.place: line for line in (*self._lines, *added)}
        self._lines = [
            replace(line, undone=True) if line.action in undone else line
            for line in sorted(held.values(), key=lambda line: line.place, reverse=True)
        ]
        too_many = anchor is None and len(self._lines) > KEPT_LINES
        if too_many:
            del self._lines[KEPT_LINES:]
        self._settle(anchor)
        return too_many

    def _without_far(self, added: list[Line], anchor: tuple[Place, int] | None) -> list[Line]:
        """Without what came when so much had come above the line that is looked at: that is only counted."""
        at = None if anchor is None else self._index(anchor[0])
        if not self._unheld and (at is None or at < KEPT_LINES):
            return added
        newest = self._lines[0].place
        self._unheld += sum(line.place > newest for line in added)
        return [line for line in added if line.place <= newest]

    @property
    def oldest(self) -> Place | None:
        """The place of the last line held."""
        return self._lines[-1].place if self._lines else None

    @property
    def selected(self) -> Line | None:
        """The line under the cursor; None where the list follows the newest."""
        index = self._index(self._selected)
        return None if index is None else self._lines[index]

    @property
    def above(self) -> int:
        """Lines above the view."""
        return self._unheld + self._above_held

    @property
    def _above_held(self) -> int:
        return sum(isinstance(row, Line) for row in self._rows[: self.scroll_offset.y])

    def _index(self, place: Place | None) -> int | None:
        """Where in the lines a place stands."""
        if place is None:
            return None
        at = bisect_left(self._lines, tuple(-each for each in place), key=_falling)
        return at if at < len(self._lines) and self._lines[at].place == place else None

    def _row_of(self, line: Line) -> int:
        return self._rows.index(line)

    # The view

    def _anchor(self) -> tuple[Place, int] | None:
        """The line that must not move, and the line of the view that it stands on."""
        y = self.scroll_offset.y
        line = self.selected
        if line is None and y > 0:
            line = next((row for row in self._rows[y:] if isinstance(row, Line)), None)
        return None if line is None else (line.place, self._row_of(line) - y)

    def _settle(self, anchor: tuple[Place, int] | None) -> None:
        self._rows = list(_with_days(self._lines))
        index = None if anchor is None else self._index(anchor[0])
        y = 0
        if anchor is not None and index is not None:
            y = max(0, self._row_of(self._lines[index]) - anchor[1])
        self._scroll(y)
        self.refresh()
        self.post_message(self.Moved())

    def _scroll(self, y: int) -> None:
        # Room below the last line, so that a short log can hold its place when lines come above it.
        height = max(len(self._rows), y + self.size.height if y else 0)
        self.virtual_size = Size(self.scrollable_content_region.width, height)
        if y != self.scroll_offset.y:
            self.scroll_to(y=y, animate=False, force=True)

    def move(self, lines: int) -> bool:
        """Move the cursor; a step without one takes hold of the first visible line. Whether it moved."""
        if not self._lines:
            return False
        before = self._selected
        index = self._index(self._selected)
        if index is None:
            index = self._above_held
            lines = 0 if abs(lines) == 1 else lines
        if index + lines < 0 and self._unheld:
            self.post_message(self.NewestWanted())
        index = max(0, min(len(self._lines) - 1, index + lines))
        self._select(self._lines[index])
        if index >= len(self._lines) - 1:
            self.post_message(self.BottomReached())
        return self._selected != before

    def let_go(self) -> None:
        """No cursor: back to the top, following the newest."""
        self._selected = None
        if self._unheld:
            self.post_message(self.NewestWanted())
        self._settle(None)

    @property
    def page(self) -> int:
        """Lines that the view shows."""
        return max(2, self.size.height - 1)

    def _select(self, line: Line) -> None:
        self._selected = line.place
        row, y, height = self._row_of(line), self.scroll_offset.y, self.size.height
        # The heading of its day comes into view with the first line of it.
        first = row - 1 if row and isinstance(self._rows[row - 1], str) else row
        if first < y:
            self._scroll(first)
        elif row >= y + height:
            self._scroll(row - height + 1)
        self.refresh()
        self.post_message(self.Moved())

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        style = ink(self.app.theme)
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        if at >= len(self._rows):
            return Strip.blank(width, style.ground)
        row = self._rows[at]
        ground = style.ground
        if isinstance(row, str):
            segments = [Segment(f" {row}", style.focus)]
        else:
            cursor = row.place == self._selected
            if cursor:
                ground = style.selected if self.has_focus else style.held
            # A cell of air before the scroll bar.
            segments = draw_line(row, width - 1, style, self._now(), self._rtl_mode(), cursor=cursor)
        return Strip(segments).adjust_cell_length(width).apply_style(ground)

    # Events

    def on_resize(self, event: events.Resize) -> None:
        """Keep the held line where it was as far as the new size allows."""
        self._settle(self._anchor())
        if (line := self.selected) is not None:
            self._select(line)

    def on_focus(self) -> None:
        """The selected line shows that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """The selected line shows that keys go elsewhere."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click selects a line, a double click opens what it is of."""
        at = event.y + self.scroll_offset.y
        row = self._rows[at] if 0 <= at < len(self._rows) else ""
        if isinstance(row, Line):
            self._select(row)
            if event.chain == 2:
                self.post_message(self.Opened(row))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell how much is above, and ask for more lines near the bottom."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())
        if new_value > old_value and new_value + 2 * self.size.height >= len(self._rows):
            self.post_message(self.BottomReached())


def _falling(line: Line) -> tuple[float, ...]:
    """Sorts as the lines stand: the newest first."""
    return tuple(-each for each in line.place)


def _with_days(lines: Iterable[Line]) -> Iterable[Line | str]:
    """The lines, before the first of each day its date."""
    heading = ""
    for line in lines:
        if (of := day(line.at)) != heading:
            yield (heading := of)
        yield line
