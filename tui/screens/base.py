"""What every screen shares: bindings out of the table of commands, a footer, and saying why not."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.commands import COMMANDS, Command, commands_of
from tui.model import Incident
from tui.session import Session
from tui.widgets.footer import Footer
from tui.widgets.rtl import Mode
from tui.widgets.words import plural


class Host(Protocol):
    """What a screen needs of the app that shows it."""

    rtl_mode: Mode

    def acknowledge(self, incidents: Sequence[Incident]) -> str:
        """Acknowledge what is new among these; says what was done."""

    def shelve(self, incidents: Sequence[Incident]) -> str:
        """Shelve what is new among these; says what was done."""

    def open_link(self, link: str) -> str:
        """Open a page or copy its address; says which."""

    def telling(self) -> AbstractContextManager[None]:
        """A store that cannot do what is asked is told in the footer."""

    def push_screen(self, screen: Screen[Any]) -> object:
        """Show a screen above this one."""

    def pop_screen(self) -> object:
        """Back to the screen below."""

    def exit(self) -> None:
        """Leave."""


def bindings(scope: str) -> list[BindingType]:
    """Textual's bindings for the commands of a screen."""
    return [
        Binding(",".join(command.keys), command.action, command.label, show=command.footer, priority=False)
        for command in COMMANDS
        if scope in command.scopes
    ]


class FrontwatchScreen(Screen[None]):
    """A screen of ours. ``scope`` names its commands in the table."""

    scope = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.footer = Footer(self.scope)

    @property
    def host(self) -> Host:
        """The app, as a screen knows it."""
        return cast(Host, self.app)

    def say(self, words: str) -> None:
        """Answer a key in the footer until the next key; a wall has a footer for that only."""
        self.footer.display = bool(words) or not self.session.wall
        self.footer.say(words)

    def on_key(self) -> None:
        """A key takes the sentence away that the one before it left."""
        self.say("")

    def commands(self) -> list[Command]:
        """What can be done here, for palette and help."""
        return commands_of(self.scope)

    def may_write(self) -> bool:
        """Whether this screen may change what is stored; says why not."""
        if self.session.wall:
            self.say("This is the wall: nothing is changed from here. Press w to leave wall mode.")
            return False
        return True

    def take_back(self) -> None:
        """Undo the last thing this person did."""
        if not self.may_write():
            return
        action = self.session.desk.undo(self.session.who, self.session.now())
        if action is None:
            self.say("Nothing to undo: you have changed nothing that is not undone already.")
        else:
            count = len(action.payload.get("ids", ()))
            self.say(f"Undone: {plural(count, 'incident')} new again, unless another desk took it since.")

    def refresh_picture(self) -> None:
        """Show the session's picture as it is now. Screens that show live figures override it."""

    def refresh_look(self) -> None:
        """Draw anew: the theme or the ordering of right-to-left text has changed."""
        for widget in self.walk_children():
            widget.refresh()
