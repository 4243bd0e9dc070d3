"""What the app does with a fault in this program: it goes on without what failed, or ends in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from textual._context import active_message_pump
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import WorkerFailed

from tui.failures import Failures
from tui.screens.base import FrontwatchScreen
from tui.store.connect import StoreError
from tui.unleak import forget_colours, let_widgets_go
from tui.widgets.front_pane import FrontPane


class Containing(App[None]):
    """An app that outlives what fails in its parts.

    Textual ends by any exception in a handler, a timer or a drawing, with a traceback that shows variables.
    Here the part is told of on the board, the traceback goes to the log, and all else goes on. Only what
    keeps the board itself from coming up ends the app: the terminal is put right, and :attr:`ended_by` holds
    why.
    """

    ended_by: Exception | None = None

    def __init__(self, failures: Failures, *, contains: bool, ansi_color: bool | None) -> None:
        """``contains``: False where every fault is to come out, as in tests."""
        super().__init__(ansi_color=ansi_color)
        let_widgets_go()
        # Nothing pops up over the work: no screen is given Textual's two widgets for that.
        self._disable_notifications = self._disable_tooltips = True
        self._failures = failures
        self._contains = contains

    def on_mount(self) -> None:
        """A task that nobody waits for tells here what it ended by."""
        self.theme_changed_signal.subscribe(self, forget_colours)
        if self._contains:
            asyncio.get_running_loop().set_exception_handler(self._task_failed)

    def contain(self, where: MessagePump, error: Exception) -> bool:
        """Tell of a fault and go on; False where there is no board that could go on."""
        if not self._contains or not self._board_is_up():
            return False
        self._failures.note(_named(where), error)
        screen = _screen_of(where)
        ours = isinstance(screen, FrontwatchScreen)
        if screen is not None and not (ours and screen.is_mounted):
            self.call_later(self._take_away, screen)
        return True

    def _take_away(self, screen: Screen[object]) -> None:
        """One that never came up, or Textual's own palette, which has no guards: back to the screen below.

        That tells. What fails twice is taken once.
        """
        if screen is self.screen:
            self.pop_screen()

    @contextmanager
    def containing(self, where: MessagePump) -> Iterator[None]:
        """A fault in what is done here is told as one of ``where``, and what follows is done."""
        try:
            yield
        except StoreError:
            raise  # told in words of its own
        except Exception as error:
            if not self.contain(where, error):
                raise

    def _board_is_up(self) -> bool:
        stack = self.screen_stack if self._screen_stacks.get(self.current_mode) else []
        return self.is_running and bool(stack) and stack[0].is_mounted

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self.contain(self, error):
                raise

    def _handle_exception(self, error: Exception) -> None:
        """Where Textual brings what nobody caught: from timers, idle work, callbacks and composing."""
        told = error.error if isinstance(error, WorkerFailed) else error
        fault = told if isinstance(told, Exception) else error
        if self.contain(active_message_pump.get(self), fault):
            return
        if not self._contains:
            super()._handle_exception(error)
            return
        self.ended_by = self.ended_by or fault
        self._return_code = 1
        self._close_messages_no_wait()

    def _task_failed(self, loop: asyncio.AbstractEventLoop, told: Mapping[str, Any]) -> None:
        error = told.get("exception")
        if isinstance(error, Exception):
            self._failures.note(f"a task ({told.get('message', '')})", error)
        else:
            loop.default_exception_handler(dict(told))


def _screen_of(where: MessagePump) -> Screen[object] | None:
    """The screen that it is, or is part of."""
    node: MessagePump | None = where
    while node is not None and not isinstance(node, Screen):
        node = node._parent
    return node


def _named(where: MessagePump) -> str:
    """A part of the screen, as a person knows it."""
    from textual.command import CommandPalette  # here, both: the first paint need not wait for them

    from tui.widgets.front_tile import FrontTile

    node: MessagePump | None = where
    while node is not None:
        if isinstance(node, FrontPane | FrontTile):
            return f"the pane of {node.front.name}"
        if isinstance(node, FrontwatchScreen):
            return f"the {node.scope} screen" if node.scope else "a screen"
        if isinstance(node, CommandPalette):
            return "the palette"
        node = node._parent
    return "a part of the screen"
