"""A page of drawn lines that scrolls: the incident, the feeds and the help are made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.themes import Ink, ink
from tui.widgets import rtl
from tui.widgets.guard import Guarded

Run = tuple[str, Style]
"""A piece of a line in one style."""


@dataclass(slots=True)
class Lines:
    """Lines of a page, in order, and which of them belong to something that can be selected."""

    width: int
    """Cells."""
    ink: Ink
    rtl_mode: rtl.Mode
    runs: list[list[Run]] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)
    """First and last line + 1 of each block that can be selected."""
    keys: list[str] = field(default_factory=list)
    """What each block is of: by that the selection is held when blocks come and go."""

    def add(self, *runs: Run) -> None:
        """One line."""
        self.runs.append(list(runs))

    def blank(self) -> None:
        """An empty line."""
        self.runs.append([])

    def heading(self, words: str) -> None:
        """A heading with an empty line above."""
        self.blank()
        self.add((words.upper(), self.ink.focus))

    def text(
        self,
        text: str,
        style: Style,
        *,
        indent: int = 0,
        marks: Sequence[tuple[int, int]] = (),
        most: int = 40,
    ) -> None:
        """Text from outside, wrapped in logical order, then each line reordered.

        ``marks`` are half-open spans of ``text`` that matched; right-to-left text stands right.
        """
        room = max(1, self.width - indent)
        direction = rtl.is_rtl(text)
        to_right = direction and self.rtl_mode == "visual"
        marked = [(start, end, self.ink.mark) for start, end in marks]
        for start, end in rtl.wrap(text, room, most):
            inside = [
                (max(first, start) - start, min(last, end) - start, mark)
                for first, last, mark in marked
                if first < end and last > start
            ]
            line: list[Run] = [
                (part, style if mark is None else style + mark)
                for part, mark in rtl.visual(text[start:end], inside, self.rtl_mode, rtl=direction)
            ]
            used = sum(rtl.cells(part) for part, _ in line)
            pad = " " * (indent + (room - used if to_right else 0))
            self.add((pad, style), *line)

    def row(self, label: str, text: str, *, indent: int, label_style: Style) -> None:
        """A label and, from column ``indent`` on, what it labels, wrapped."""
        start = len(self.runs)
        self.text(text, self.ink.text, indent=indent)
        if len(self.runs) > start:
            (pad, _), *rest = self.runs[start]
            self.runs[start] = [(label.ljust(len(pad)), label_style), *rest]

    def name(self, text: str, style: Style) -> list[Run]:
        """A name from outside, as runs to stand among others on one line."""
        return [(part, style) for part, _ in rtl.visual(text, (), self.rtl_mode)]

    def begin_block(self, key: str) -> None:
        """What follows can be selected as one; ``key`` names it."""
        self.keys.append(key)
        self.blocks.append((len(self.runs), len(self.runs)))

    def end_block(self) -> None:
        """The block ends with the line above."""
        self.blocks[-1] = (self.blocks[-1][0], len(self.runs))


class Page(Guarded, ScrollView, can_focus=True, inherit_bindings=False):
    """Lines that a function makes for the width that there is; blocks of them can be selected."""

    DEFAULT_CSS = """
    Page {
        overflow-x: hidden; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
        background: $fw-ground; padding: 0 1;
    }
    """

    def __init__(self, make: Callable[[Lines], None], rtl_mode: Callable[[], rtl.Mode]) -> None:
        super().__init__()
        self._make = make
        self._rtl_mode = rtl_mode
        self._lines: Lines | None = None
        self.key: str | None = None
        """Key of the selected block."""

    @dataclass
    class Selected(Message):
        """Another block was selected."""

        page: Page

    @property
    def selected(self) -> int | None:
        """Number of the selected block; None where none is."""
        if self._lines is None or self.key not in self._lines.keys:
            return None
        return self._lines.keys.index(self.key)

    def _select(self, index: int) -> None:
        assert self._lines is not None
        self.key = self._lines.keys[index]
        self.post_message(self.Selected(self))
        self.refresh()

    def remake(self) -> None:
        """Make the lines anew: what they tell, the theme or the width has changed."""
        width = max(1, self.scrollable_content_region.width)
        lines = Lines(width, ink(self.app.theme), self._rtl_mode())
        self._make(lines)
        anchor = self._anchor()
        self._lines = lines
        self.virtual_size = Size(width, len(lines.runs))
        if anchor is not None and anchor[0] in lines.keys:
            first, _ = lines.blocks[lines.keys.index(anchor[0])]
            self._scroll(first - anchor[1])
        self.refresh()

    def _anchor(self) -> tuple[str, int] | None:
        """Key of the block that must not move under the eye, and on which line of the view it begins.

        It is the selected one where that is in view, else the first that is; none where the top is in view.
        """
        lines, top = self._lines, self.scroll_offset.y
        if lines is None:
            return None
        seen = {
            key: first - top
            for key, (first, last) in zip(lines.keys, lines.blocks, strict=True)
            if top < last and first < top + self.size.height
        }
        if self.key in seen:
            return self.key, seen[self.key]
        return next(iter(seen.items()), None) if top else None

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        self.remake()

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        style = ink(self.app.theme)
        width = self.scrollable_content_region.width
        lines = self._lines
        at = y + self.scroll_offset.y
        if lines is None or at >= len(lines.runs):
            return Strip.blank(width, style.ground)
        ground = style.ground
        if (selected := self.selected) is not None:
            first, last = lines.blocks[selected]
            if first <= at < last:
                ground = style.selected
        segments = [Segment(text, run_style) for text, run_style in lines.runs[at]]
        return Strip(segments).adjust_cell_length(width).apply_style(ground)

    def move(self, blocks: int) -> bool:
        """Select the next block and bring it into view; without blocks, scroll. Whether there was any."""
        lines = self._lines
        if lines is None or not lines.blocks:
            return self._scroll(self.scroll_offset.y + blocks)
        before = self.selected
        index = 0 if before is None else before + blocks
        index = max(0, min(len(lines.blocks) - 1, index))
        self._select(index)
        first, last = lines.blocks[index]
        top, height = self.scroll_offset.y, self.size.height
        if first < top or last - first > height:
            return self._scroll(first) or index != before
        if last > top + height:
            return self._scroll(last - height) or index != before
        return index != before

    def move_page(self, pages: int) -> bool:
        """Scroll by what the view shows. Whether there was anything to scroll to."""
        return self._scroll(self.scroll_offset.y + pages * max(1, self.size.height - 1))

    def move_to(self, *, end: bool) -> bool:
        """To the last line, or the first. Whether the view was elsewhere."""
        return self._scroll(self.virtual_size.height if end else 0)

    def _scroll(self, wanted: int) -> bool:
        """Bring that line to the top, as far as the page goes. Whether the view has moved."""
        before = self.scroll_offset.y
        y = max(0, min(wanted, self.virtual_size.height - self.size.height))
        self.scroll_to(y=y, animate=False, force=True)
        return y != before

    @dataclass
    class Opened(Message):
        """A block was clicked twice."""

        page: Page

    def on_click(self, event: events.Click) -> None:
        """A click selects the block under it, a double click opens it."""
        at = event.y + self.scroll_offset.y
        for index, (first, last) in enumerate(self._lines.blocks if self._lines else ()):
            if first <= at < last:
                self._select(index)
                if event.chain == 2:
                    self.post_message(self.Opened(self))
