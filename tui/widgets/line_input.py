"""A line to type in: right-to-left words read correctly, nothing that is pasted acts on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widgets import Input

from tui.store.query import LIMIT, typed
from tui.themes import ink
from tui.widgets import rtl
from tui.widgets.guard import Guarded

Span = tuple[int, int]


class LineInput(Guarded, Input):
    """Textual's Input, drawn by ourselves. Parts of a query stand out in it."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus { width: 1fr; height: 1; border: none; padding: 0; color: $fw-text;
        background: $fw-held; background-tint: $fw-held 0%; }
    """

    def __init__(self, value: str, rtl_mode: Callable[[], rtl.Mode], limit: int = LIMIT) -> None:
        super().__init__(value, select_on_focus=True, max_length=limit)
        self.cursor_blink = False  # nothing moves by itself
        self._rtl_mode = rtl_mode
        self.filters: Sequence[Span] = ()
        """Spans that are filters."""
        self.fault: Span | None = None
        """Span that is wrong."""

    def on_mount(self) -> None:
        """Hear of no selection on the screen: Textual never ends that, and so would keep the line."""
        self.call_next(self.screen.text_selection_started_signal.unsubscribe, self)

    def validate_value(self, value: str) -> str:
        """Only what is safe to show."""
        return typed(value)

    def on_paste(self, event: events.Paste) -> None:
        """All that is pasted in one line: Textual keeps the first of several, and says nothing of it."""
        event.prevent_default()
        event.stop()
        self.replace(" ".join(event.text.split()), *self.selection)

    def on_click(self, event: events.Click) -> None:
        """A double click selects all, as the cursor's own place is not the text's in mixed scripts."""
        if event.chain == 2:
            self.action_select_all()

    def show_parts(self, filters: Sequence[Span], fault: Span | None) -> None:
        """Mark what was read of the query."""
        self.filters, self.fault = filters, fault
        self.refresh()

    def cell_of(self, offset: int) -> int:
        """In which cell of the line a character stands, as far as it runs from left to right."""
        first = self._first()
        return rtl.cells(self.value[first : max(first, offset)])

    def _first(self) -> int:
        """The first character in view: the cursor is in view always."""
        first, width = 0, max(1, self.size.width)
        room = rtl.cells(self.value[: self.cursor_position]) + 1
        while room > width and first < self.cursor_position:
            room -= rtl.cells(self.value[first])
            first += 1
        return first

    def render_line(self, y: int) -> Strip:
        """The query, its parts in their styles, the cursor on it."""
        style, width = ink(self.app.theme), self.size.width
        if y:
            return Strip.blank(width, style.held)
        first = self._first()
        text = self.value[first:] + " "
        marks: list[tuple[int, int, Style]] = []
        if self.has_focus:
            marks.append((self.cursor_position, self.cursor_position + 1, style.strong + Style(reverse=True)))
            start, end = sorted(self.selection)
            if start < end:
                marks.append((start, end, style.strong + style.selected))
        if self.fault is not None:
            marks.append((*self.fault, style.alarm + Style(underline=True)))
        marks += [(start, end, style.focus) for start, end in self.filters]
        shown = [(max(0, start - first), end - first, mark) for start, end, mark in marks if end > first]
        runs = rtl.visual(text, shown, self._rtl_mode(), rtl=False)
        segments = [Segment(part, mark or style.text) for part, mark in runs]
        return Strip(segments).adjust_cell_length(width).apply_style(style.held)
