"""Textual's palette with our commands: a fault in it is told, and the screen below goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.app import SystemCommand
from textual.command import CommandPalette

from tui.keymap import key_name
from tui.palette import theme_names
from tui.screens.base import FrontwatchScreen
from tui.widgets.guard import Guarded


class Finder(Guarded, CommandPalette):
    """The palette; a fault in its handlers does not end it before it can be taken away."""


def commands_of(
    screen: FrontwatchScreen, run: Callable[[str], Awaitable[bool]], use_theme: Callable[[str], None]
) -> Iterator[SystemCommand]:
    """All that can be done on a screen, from the same table as its keys, and every theme."""
    for command in screen.commands():
        if command.action != "command_palette":
            name = f"{command.label.capitalize()}  ({key_name(command.keys[0])})"
            yield SystemCommand(name, command.help, partial(run, command.call))
    for theme in theme_names(screen.session.watch.screen.themes):
        yield SystemCommand(f"Theme {theme}", "These colours from now on.", partial(use_theme, theme))
