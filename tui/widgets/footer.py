"""The last line: the keys of this screen, or what the last key did."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual import events

from tui.commands import Command
from tui.keymap import key_name
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines

LAST = "help"
"""The hint that is never left out."""


class Footer(DrawnLines):
    """Keys and, after one was pressed that has something to say, a sentence until the next."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; background: $fw-held; }"

    def __init__(self, commands: Callable[[], list[Command]]) -> None:
        super().__init__()
        self._commands = commands
        self._words = ""

    @property
    def speaks(self) -> bool:
        """Whether a sentence stands in place of the keys."""
        return bool(self._words)

    def say(self, words: str) -> None:
        """Show a sentence in place of the keys; empty shows the keys again."""
        if words != self._words:
            self._words = words
            self.refresh()

    def _hints(self) -> list[tuple[str, str, Command]]:
        """Key, label and command, as many as fit in their order; the way to all the others always does."""
        hints = [(key_name(command.keys[0]), f" {command.label}  ", command) for command in self._commands()]
        room = self.size.width - 2
        room -= sum(len(key) + len(label) for key, label, command in hints if command.action == LAST)
        fitting = []
        for key, label, command in hints:
            size = len(key) + len(label)
            if command.action == LAST or size <= room:
                fitting.append((key, label, command))
                room -= 0 if command.action == LAST else size
        return fitting

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does; a sentence makes room for the keys."""
        if self._words:
            self.say("")
            return
        end = 1
        for key, label, command in self._hints():
            end += len(key) + len(label)
            if event.x < end:
                await self.app.run_action(command.call)
                return

    @property
    def ground_style(self) -> Style:
        """A bar of its own."""
        return self.ink.bar

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        style = self.ink
        segments = [Segment(" ")]
        if self._words:
            segments.append(Segment(rtl.cut(self._words, max(1, self.size.width - 2)), style.strong))
        else:
            for key, label, _ in self._hints():
                segments += [Segment(key, style.focus), Segment(label, style.muted)]
        return segments
