"""A list to choose one thing from: what to correct, to what, and which incident to merge with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.commands import CHOICE
from tui.screens.base import bindings
from tui.screens.page import PageScreen
from tui.session import Session
from tui.widgets.page import Lines


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list."""

    key: str
    words: str
    detail: str = ""
    """What is said behind it."""
    now: bool = False
    """Whether it is how things stand."""


class ChoiceScreen(PageScreen):
    """Goes back with what was chosen; Esc goes back without."""

    scope = CHOICE
    BINDINGS = bindings(CHOICE)

    def __init__(
        self, session: Session, title: str, choices: Sequence[Choice], take: Callable[[str], object]
    ) -> None:
        super().__init__(session)
        self._title = title
        self._choices = choices
        self._take = take
        self.page.key = next((each.key for each in choices if each.now), choices[0].key)

    def refresh_picture(self) -> None:
        """Only the header lives here."""
        self.header.take_picture()

    def write(self, lines: Lines) -> None:
        """The title, then a line for each."""
        ink = lines.ink
        lines.blank()
        lines.text(self._title, ink.focus, most=3)
        lines.blank()
        for each in self._choices:
            lines.begin_block(each.key)
            sign = "✓ " if each.now else "  "
            name = lines.name(f"{sign}{each.words}", ink.strong if each.now else ink.text)
            lines.add(*name, ("  ", ink.text), *lines.name(each.detail, ink.muted))
            lines.end_block()

    def action_choose(self) -> None:
        """Back, with the selected line."""
        chosen = self.page.key
        assert chosen is not None
        self.host.pop_screen()
        self._take(chosen)
