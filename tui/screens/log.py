"""The log: everything that happened on this watch, who did it, and notes; the newest first."""

from __future__ import annotations

from rich.segment import Segment
from textual.app import ComposeResult

from tui.commands import LOG
from tui.screens.base import FrontwatchScreen, bindings
from tui.session import Session
from tui.store.log import Only, Place, Wanted
from tui.watchlog import Line, lines_of, read
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.header import Header
from tui.widgets.log_list import LogList
from tui.widgets.log_row import draw_full
from tui.widgets.words import plural

LOADED = 200
"""Lines read at a time."""


class LogHead(DrawnLines):
    """What of the log is shown, and how much came above the view."""

    DEFAULT_CSS = "LogHead { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.above = ""

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        words = rtl.cut(self.words, max(1, self.size.width - len(self.above) - 8))
        gap = " " * max(1, self.size.width - rtl.cells(words) - len(self.above) - 7)
        style = self.ink
        return [
            Segment(" LOG ", style.focus),
            Segment(words, style.muted),
            Segment(gap),
            Segment(self.above, style.strong),
        ]


class LogDetail(DrawnLines):
    """The selected line in full."""

    DEFAULT_CSS = "LogDetail { height: 4; padding: 0; border-top: solid $fw-line; }"
    HEIGHT = 3

    def __init__(self, screen: LogScreen) -> None:
        super().__init__()
        self._log = screen

    def draw(self, y: int) -> list[Segment]:
        """One of its lines."""
        line, ink = self._log.list.selected, self.ink
        if line is None:
            first, opens = self._log.key("cursor_down"), self._log.key("open_incident")
            words = f" No line is selected: {first} takes the first; {opens} opens its incident."
            return [Segment(words if y == 0 else "", ink.muted)]
        log, width = self._log, self.size.width
        drawn = draw_full(line, width, self.HEIGHT, ink, log.session.moment(), log.host.rtl_mode)
        return drawn[y] if y < len(drawn) else []


class LogScreen(FrontwatchScreen):
    """Lines of the log; it stays live while it is open, and reads back as far as there is anything."""

    scope = LOG
    shows_then = True
    BINDINGS = bindings(LOG)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.header = Header(session, way_out="back")
        self.head = LogHead()
        self.list = LogList(session.moment, lambda: self.host.rtl_mode)
        self.detail = LogDetail(self)
        self._wanted = Wanted()
        self._ends: tuple[int, ...] = ()
        self._whole = False
        """Whether the oldest line is held."""

    def compose(self) -> ComposeResult:
        """Header, what is shown, the lines, the selected one, footer."""
        yield self.header
        yield self.head
        yield self.list
        yield self.detail
        yield self.footer

    def on_mount(self) -> None:
        """Read the newest."""
        self.list.focus()
        self._load()

    # Data

    def _load(self) -> None:
        self._ends = self.session.reader.log_ends()
        lines = self._read_before(None)
        self._whole = len(lines) < LOADED
        self.list.show(lines)

    def _read_before(self, place: Place | None) -> list[Line]:
        """Lines before a place of the log; None: the newest."""
        session = self.session
        return read(session.view, session.watch.fronts, self._wanted, place, LOADED)

    def refresh_picture(self) -> None:
        """Show what came, without moving what is looked at; the past stands still."""
        self.header.take_picture()
        if self.as_of is not None:
            return
        reader = self.session.reader
        logged, self._ends = reader.log_after(self._wanted, self._ends)
        if logged and self.list.add(lines_of(reader, self.session.watch.fronts, logged)):
            self._whole = False

    def on_log_list_bottom_reached(self) -> None:
        """Read further back as the oldest line held comes into view."""
        oldest = self.list.oldest
        if self._whole or oldest is None:
            return
        with self.host.telling():
            older = self._read_before(oldest)
            self._whole = len(older) < LOADED
            self.list.add(older)

    def on_log_list_newest_wanted(self) -> None:
        """Read the newest anew, where what came was only counted."""
        with self.host.telling():
            self._load()

    def on_log_list_moved(self) -> None:
        """Tell of the line that is selected now."""
        above = self.list.above
        self.head.above = f"{plural(above, 'line')} above " if above else ""
        self.head.words = self._filter_words()
        self.head.refresh()
        self.detail.refresh()

    def _filter_words(self) -> str:
        names = self.session.front_names
        front = self._wanted.front
        of = "all fronts" if front is None else f"{names.get(front, front)} and the whole watch"
        none = "" if self.list.oldest else " · nothing of this is in the log"
        return f"{self._wanted.only} · {of} · newest first{none}"

    def refresh_look(self) -> None:
        """Draw anew in another theme or ordering."""
        super().refresh_look()
        self.list.refresh()

    # Commands

    def _show(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._load()

    def action_only(self, name: str) -> None:
        """Show one sort of line; once more shows all again."""
        wanted = Only[name.upper()]
        only = Only.ALL if self._wanted.only is wanted else wanted
        self._show(Wanted(only, self._wanted.front))

    def action_next_front(self) -> None:
        """One front after the other, then all."""
        self._turn_front(1)

    def action_previous_front(self) -> None:
        """The same, backwards."""
        self._turn_front(-1)

    def _turn_front(self, way: int) -> None:
        fronts = [None, *(front.id for front in self.session.watch.fronts)]
        at = fronts.index(self._wanted.front) if self._wanted.front in fronts else 0
        self._show(Wanted(self._wanted.only, fronts[(at + way) % len(fronts)]))

    def action_open_incident(self) -> None:
        """Open the incident of the selected line."""
        line = self.list.selected
        if line is None:
            self.say(f"No line is selected: press {self.key('cursor_down')} to take the first.")
        else:
            self._open(line)

    def on_log_list_opened(self, message: LogList.Opened) -> None:
        """A double click opens."""
        with self.host.telling():
            self._open(message.line)

    def _open(self, line: Line) -> None:
        if line.incidents:
            self.open_by_id(line.incidents[0])
        else:
            self.say("This line is of no incident.")

    def action_note(self) -> None:
        """Write down something of the watch as a whole."""
        self.write_note(None)

    def action_undo(self) -> None:
        """Take back the last thing this person did."""
        self.take_back()

    def _move(self, lines: int) -> None:
        if self.list.move(lines):
            return
        if self.list.oldest is None:
            self.say("Nothing of this is in the log yet.")
        else:
            self.say("This is the oldest line." if lines > 0 else "This is the newest line.")

    def action_cursor_down(self) -> None:
        """An older line."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """A newer line."""
        self._move(-1)

    def action_page_down(self) -> None:
        """A page back in time."""
        self._move(self.list.page)

    def action_page_up(self) -> None:
        """A page towards now."""
        self._move(-self.list.page)

    def action_cursor_home(self) -> None:
        """To the newest, and follow it."""
        if self.list.selected is None and not self.list.above:
            self.say("No line is held: the log follows the newest.")
        self.list.let_go()

    def action_cursor_end(self) -> None:
        """To the oldest line held; older ones are read then."""
        self._move(10**9)

    def action_back(self) -> None:
        """Back to the screen below."""
        self.host.pop_screen()
