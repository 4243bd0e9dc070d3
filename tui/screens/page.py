"""A screen that is one page: it scrolls, selects and goes back."""

from __future__ import annotations

from textual.app import ComposeResult

from tui.commands import PAGE
from tui.screens.base import FrontwatchScreen, bindings
from tui.session import Session
from tui.widgets.header import Header
from tui.widgets.page import Lines, Page


class PageScreen(FrontwatchScreen):
    """Header, a page, footer. A subclass writes the page."""

    scope = PAGE
    BINDINGS = bindings(PAGE)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.header = Header(session, way_out="back" if self.shows_then else "")
        self.page = Page(self.write, lambda: self.host.rtl_mode)

    def compose(self) -> ComposeResult:
        """Header, page, footer."""
        yield self.header
        yield self.page
        yield self.footer

    def on_mount(self) -> None:
        """Keys go to the page."""
        self.page.focus()

    async def on_page_opened(self, message: Page.Opened) -> None:
        """A double click does what Enter does, on the screens that open what is selected."""
        await self.run_action("open_incident")

    def write(self, lines: Lines) -> None:
        """Write the page: empty but for what a subclass writes."""

    def refresh_picture(self) -> None:
        """Show what changed without losing the place."""
        self.header.take_picture()
        self.page.remake()

    def refresh_look(self) -> None:
        """Write anew in another theme or ordering."""
        self.page.remake()
        super().refresh_look()

    def action_cursor_down(self) -> None:
        """Next."""
        self._moved(self.page.move(1))

    def action_cursor_up(self) -> None:
        """The one above."""
        self._moved(self.page.move(-1))

    def action_page_down(self) -> None:
        """A page down."""
        self._moved(self.page.move_page(1))

    def action_page_up(self) -> None:
        """A page up."""
        self._moved(self.page.move_page(-1))

    def action_cursor_home(self) -> None:
        """First line."""
        self._moved(self.page.move_to(end=False))

    def action_cursor_end(self) -> None:
        """Last line."""
        self._moved(self.page.move_to(end=True))

    def _moved(self, moved: bool) -> None:
        if not moved:
            self.say("There is no more of this page that way.")

    def action_back(self) -> None:
        """Back to the screen below."""
        self.host.pop_screen()
