"""The screens that open above the board, each imported when it is first opened."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from tui.screens.base import FrontwatchScreen
from tui.session import Session

DOORS: Final = {
    "feeds": ("tui.screens.feeds", "FeedsScreen"),
    "search": ("tui.screens.search", "SearchScreen"),
    "log": ("tui.screens.log", "LogScreen"),
    "handover": ("tui.screens.handover", "HandoverScreen"),
    "tempo": ("tui.screens.tempo", "TempoScreen"),
    "map": ("tui.screens.map", "MapScreen"),
}
"""Module and class of each, by the name that its command opens it with."""


def screen_class(name: str) -> type[FrontwatchScreen]:
    """The class of the screen of that name."""
    module, found = DOORS[name]
    return cast(type[FrontwatchScreen], getattr(import_module(module), found))


def open_door(name: str, session: Session) -> FrontwatchScreen:
    """A new screen of that name."""
    return screen_class(name)(session)
