"""Keeps a fault in one widget from ending the whole screen: it is told, logged, and the rest goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.strip import Strip

from tui.themes import ink
from tui.widgets import rtl

if TYPE_CHECKING:
    from textual.widget import Widget

    Base = Widget
else:
    Base = object  # Textual takes a widget's style from its first base, which must not be this one


RETRY_AFTER: Final = 5.0
"""Seconds after which what could not be drawn is drawn again."""


class Guardian(Protocol):
    """What a widget needs of the app where something in it fails."""

    def contain(self, where: MessagePump, error: Exception) -> bool:
        """Tell of a fault and go on; False where the app is to end by it."""


class Guarded(Base):
    """Put before a widget's own base: what fails in its handlers and its drawing stays there."""

    _retries = False

    async def _dispatch_message(self, message: Message) -> None:
        # Textual's own way out of a fault in a handler is to end this widget's loop, and the app with it.
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not cast(Guardian, self.app).contain(self, error):
                raise

    def render_lines(self, crop: Region) -> list[Strip]:
        """As the widget draws itself; where that fails, that it did."""
        try:
            return super().render_lines(crop)
        except Exception as error:
            if not cast(Guardian, self.app).contain(self, error):
                raise
            if not self._retries:
                self._retries = True
                self.set_timer(RETRY_AFTER, self._draw_again)
            return self._failed_lines(crop, error)

    def _draw_again(self) -> None:
        self._retries = False
        self.refresh()

    def _failed_lines(self, crop: Region, error: Exception) -> list[Strip]:
        style = ink(self.app.theme)
        words = rtl.cut(f" This failed: {type(error).__name__}. It is in the log.", max(1, self.size.width))
        first = Strip([Segment(words, style.fault)]).adjust_cell_length(self.size.width, style.ground)
        told = first.crop(crop.x, crop.right).adjust_cell_length(crop.width, style.ground)
        blank = Strip.blank(crop.width, style.ground)
        return [told if y == 0 else blank for y in range(crop.y, crop.bottom)]
