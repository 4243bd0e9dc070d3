"""Keys in the order in which they are typed: each waits until the one before it has done what it does.

Textual hands a key to whatever has the focus when the key arrives. Typed ahead of a screen or a line that the
key before it opens, it would land in what lies below and be lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from tui.screens.base import FrontwatchScreen

LOOK_EVERY: Final = 0.005
"""Seconds between looks whether what was opened takes keys by now."""
PATIENCE: Final = 600
"""Looks after which a key goes where the focus is, whatever it waits for: a keyboard is never dead.

Looks and not seconds: on a machine that is busy with something else all takes longer, and they do too."""

Typed = events.Key | events.Paste


class Answered(Message):
    """Follows a key on its way from widget to app: when it has come back, the key has done what it does."""


class TypeAhead:
    """What was typed and waits for its turn; the app asks it for each key before it hands it on.

    Everything here runs in the app's own task, one call after the other.
    """

    def __init__(self, app: App[None], hand_on: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Typed] = deque()
        self._on_its_way: Answered | None = None
        self._looked = 0
        """Looks since something was handed on."""
        self._looks = False
        """Whether a look is to come."""

    async def take(self, typed: Typed) -> None:
        """Something is typed: it goes on its way at once, unless something else does or waits."""
        self._waiting.append(typed)
        await self._go_on()

    async def take_back(self, answered: Answered) -> None:
        """What was handed on has done what it does."""
        if answered is self._on_its_way:
            self._on_its_way = None
            await self._go_on()

    async def _look(self) -> None:
        self._looks = False
        self._looked += 1
        await self._go_on()

    async def _go_on(self) -> None:
        if not self._app.screen_stack:
            self._waiting.clear()  # a key before them has left the app
        while self._waiting and self._may_go():
            typed = self._waiting.popleft()
            target = self._app.focused or self._app.screen
            self._looked = 0
            self._on_its_way = Answered()
            await self._hand_on(typed)
            if not target.post_message(self._on_its_way):
                self._on_its_way = None  # it is gone, and so is whatever it was sent
        if self._waiting and not self._looks:
            self._looks = True
            self._app.set_timer(LOOK_EVERY, self._look)

    def _may_go(self) -> bool:
        if self._on_its_way is None and takes_keys(self._app.screen):
            return True
        return self._looked > PATIENCE


def takes_keys(screen: Screen[object]) -> bool:
    """Whether what is typed goes where it belongs by now."""
    return screen.is_mounted and (not isinstance(screen, FrontwatchScreen) or screen.takes_keys)
