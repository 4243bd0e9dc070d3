"""Five lines at the very first start: what this is, where one's own watch goes, and the first keys."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message

from tui import paths
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines


class Welcome(DrawnLines):
    """Stands above the footer until Esc or a click; it takes no key and no focus."""

    DEFAULT_CSS = "Welcome { height: 5; background: $fw-ground; }"

    HEIGHT: ClassVar = 5
    """Lines."""

    class Closed(Message):
        """A click: it has been read."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def draw(self, y: int) -> list[Segment]:
        """One of the five lines: what it is about, then the words."""
        label, words = self._lines()[y]
        room = max(1, self.size.width - 11)
        return [Segment(f" {label:8} ", self.ink.focus), Segment(rtl.cut(words, room), self.ink.text)]

    def _lines(self) -> tuple[tuple[str, str], ...]:
        session, key = self._session, self._session.keymap.key
        watch = session.watch
        size = f"{len(watch.fronts)} fronts, {len(watch.feeds)} feeds, polled from this machine"
        keys = (
            f"{key('next_front')} front, {key('cursor_down')} select, {key('open_incident')} open, "
            f"{key('acknowledge')} acknowledge; {key('let_go')} closes this"
        )
        return (
            ("WELCOME", f"{watch.title}: {size}."),
            ("BOARD", f"A row is one incident, whoever tells of it; {key('help')} says what signs mean."),
            ("YOURS", f"frontwatch init writes {_short(paths.config_file())} to edit."),
            ("DEMO", "frontwatch demo plays a made-up region, without a network."),
            ("KEYS", f"{keys}."),
        )

    def on_click(self, event: events.Click) -> None:
        """A click closes it."""
        self.post_message(self.Closed())


def _short(path: Path) -> str:
    """The path as a person writes it: with ~ for the home."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
