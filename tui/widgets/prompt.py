"""A line to type in, in the footer's place: a note, initials, a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.feeds.safe_text import safe_text
from tui.widgets import rtl
from tui.widgets.guard import Guarded
from tui.widgets.line_input import LineInput

_TYPED: Final = frozenset(
    key
    for binding in Input.BINDINGS
    for key in (binding.key if isinstance(binding, Binding) else binding[0]).split(",")
)
"""Keys that belong to the line while it is typed; no other key reaches the screen below."""


class Prompt(Guarded, Horizontal):
    """A label and a line. Enter hands the line to ``take``, Esc leaves without."""

    DEFAULT_CSS = """
    Prompt { dock: bottom; height: 1; background: $fw-held; }
    Prompt Static { width: auto; max-width: 50%; height: 1; padding: 0 1; color: $fw-focus;
        text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave", show=False)]

    @dataclass
    class Left(Message):
        """The line was taken, or the person left it."""

        prompt: Prompt

    def __init__(
        self,
        label: str,
        take: Callable[[str], str],
        rtl_mode: Callable[[], rtl.Mode],
        *,
        value: str = "",
        limit: int = 300,
    ) -> None:
        """``take`` gets the line, safe and of ``limit`` characters at most.

        It answers what is wrong with it, and the line stays; or nothing, and the line is done with.
        """
        super().__init__()
        self._label = Static(label, markup=False)
        self._take = take
        self._limit = limit
        self._input = PromptLine(value, rtl_mode, limit, self.take)
        self._done = False

    def compose(self) -> ComposeResult:
        """Label, line."""
        yield self._label
        yield self._input

    @property
    def ready(self) -> bool:
        """Whether keys go to the line."""
        return self._input.has_focus and not self._done

    @property
    def is_up(self) -> bool:
        """Whether keys have gone to the line, be it done with by now."""
        return self._input.has_focus or self._done

    def on_mount(self) -> None:
        """Keys go to the line."""
        self._input.focus()

    def on_key(self, event: events.Key) -> None:
        """A key that means nothing here means nothing at all: tab moves no pane, an arrow no cursor."""
        if event.key not in _TYPED and event.key != "escape":
            event.stop()

    def take(self, typed: str) -> None:
        """Hand the line on; what is wrong with it keeps it."""
        wrong = self._take(safe_text(typed, self._limit))
        if wrong:
            self._label.update(wrong)
        else:
            self.action_leave()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """A click elsewhere leaves; a terminal that loses the focus comes back to what was typed."""
        event.stop()
        if self.app.app_focus:
            self.action_leave()

    def action_leave(self) -> None:
        """Done with, or not."""
        self._done = True
        self.post_message(self.Left(self))


class PromptLine(LineInput):
    """The line of a prompt."""

    def __init__(
        self, value: str, rtl_mode: Callable[[], rtl.Mode], limit: int, take: Callable[[str], None]
    ) -> None:
        super().__init__(value, rtl_mode, limit)
        self._take = take

    async def action_submit(self) -> None:
        """Enter: at once and not by a message, so that the key after it finds the footer back."""
        self._take(self.value)
