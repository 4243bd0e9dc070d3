"""The last line: the keys of this screen, or what the last key did."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from tui.commands import commands_of, key_name
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines

LAST = "help"
"""The hint that is never left out."""


class Footer(DrawnLines):
    """Keys and, after one was pressed that has something to say, a sentence until the next."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; background: $fw-held; }"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope
        self._words = ""

    def say(self, words: str) -> None:
        """Show a sentence in place of the keys; empty shows the keys again."""
        if words != self._words:
            self._words = words
            self.refresh()

    def _hints(self, room: int) -> list[tuple[str, str]]:
        """Keys and what they do, as many as fit in their order; the way to all the others always does."""
        hints = [
            (key_name(command.keys[0]), f" {command.label}  ", command.action)
            for command in commands_of(self._scope)
            if command.footer
        ]
        room -= sum(len(key) + len(label) for key, label, action in hints if action == LAST)
        fitting = []
        for key, label, action in hints:
            size = len(key) + len(label)
            if action == LAST or size <= room:
                fitting.append((key, label))
                room -= 0 if action == LAST else size
        return fitting

    @property
    def ground_style(self) -> Style:
        """A bar of its own."""
        return self.ink.held

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        style = self.ink
        segments = [Segment(" ")]
        room = self.size.width - 2
        if self._words:
            segments.append(Segment(rtl.cut(self._words, max(1, room)), style.strong))
        else:
            for key, label in self._hints(room):
                segments += [Segment(key, style.focus), Segment(label, style.muted)]
        return segments
