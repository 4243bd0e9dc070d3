"""The list of incidents in a pane, drawn line by line so that a hundred thousand cost what fifty do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.clock import MINUTE
from tui.incidents.attention import is_new
from tui.model import Incident, Timestamp
from tui.themes import ink
from tui.widgets import rtl
from tui.widgets.drawn import strip_on
from tui.widgets.guard import Guarded
from tui.widgets.roll import Roll
from tui.widgets.row import DRAWN_ROWS, RowLook, draw_row

KEPT_ROWS = 500
"""Rows that a pane holds when it follows the newest; scrolling down loads more."""


class IncidentList(Guarded, ScrollView, can_focus=True, inherit_bindings=False):
    """Incidents, newest first.

    Nothing moves under the eye: with a line selected, or scrolled down, what comes is added above,
    out of sight, and counted (:attr:`new_above`). With nothing selected and the top in view, the
    list follows the newest.
    """

    DEFAULT_CSS = """
    IncidentList { overflow-x: hidden; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
        background: $fw-ground;
    }
    """

    # What nobody asks of a message is not written: each function costs the first paint 0.1 ms.
    @dataclass(repr=False, eq=False)
    class Opened(Message):
        """A person asks to open an incident."""

        incident: Incident

    @dataclass(repr=False, eq=False)
    class Moved(Message):
        """The selection or the view has moved."""

        list: IncidentList

        def can_replace(self, message: Message) -> bool:
            """Only where it stands last counts."""
            return isinstance(message, IncidentList.Moved) and message.list is self.list

    @dataclass(repr=False, eq=False)
    class BottomReached(Message):
        """The oldest row that is held has come into view."""

        list: IncidentList

    def __init__(self, now: Callable[[], Timestamp], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.roll = Roll()
        self._empty_words: tuple[str, ...] = ()
        self._now = now
        self._row_height = 2
        self._selected: int | None = None
        self._wall = False
        self._rtl_mode: rtl.Mode = "visual"
        self._drawn: dict[tuple[Incident, Style], list[Strip]] = {}
        self._look: RowLook
        """How rows are drawn in the painting that is under way."""
        self._drawn_for: RowLook | None = None
        """How those rows are drawn that are kept, with the minute in place of the moment."""
        self._new_in_view: tuple[bool, ...] = ()
        self._drawn_in = 0
        """The minute in which the view was drawn, by the clock that ages are told from."""

    # What the list holds

    def show(self, incidents: Iterable[Incident]) -> None:
        """Hold these incidents and no others; the selection stays where its incident is still there.

        A person has asked for others, so what is new among them may be seen: a view from the top stays one.
        """
        anchor = self._anchor() if self.scroll_offset.y else None
        self.roll.replace(incidents)
        self._settle(anchor)
        index = self.roll.index(self._selected)
        if index is not None:
            self._bring_into_view(index)

    def merge(self, changed: Iterable[Incident], gone: Iterable[int] = (), *, trim: bool = True) -> bool:
        """Bring the list up to date with what changed in the store; whether old rows were let go for it."""
        anchor = self._anchor()
        for incident in changed:
            self.roll.put(incident)
        for incident_id in gone:
            self.roll.drop(incident_id)
        too_many = trim and anchor is None and len(self.roll) > KEPT_ROWS
        if too_many:
            self.roll.trim(KEPT_ROWS)
        self._settle(anchor)
        return too_many

    # What is seen

    @property
    def row_height(self) -> int:
        """Lines of a row: 1, 2 or 3."""
        return self._row_height

    @row_height.setter
    def row_height(self, height: int) -> None:
        if height != self._row_height:
            anchor = self._anchor()
            self._row_height = height
            self._settle(anchor)

    @property
    def empty_words(self) -> tuple[str, ...]:
        """Lines that stand in the list when it holds nothing."""
        return self._empty_words

    @empty_words.setter
    def empty_words(self, words: tuple[str, ...]) -> None:
        if words != self._empty_words:
            self._empty_words = words
            if not len(self.roll):
                self.refresh()

    def _empty_line(self, y: int, width: int) -> str:
        lines = [words[a:b] for words in self._empty_words for a, b in rtl.wrap(words, width, 9)]
        return rtl.cut(lines[y], width) if y < len(lines) else ""

    def set_look(self, *, rtl_mode: rtl.Mode, wall: bool) -> None:
        """Change who orders right-to-left text, and whether the cursor is shown."""
        self._rtl_mode = rtl_mode
        self._wall = wall
        self.redraw()

    def bring_up_to_date(self) -> None:
        """Draw again where an incident in view has closed since it was drawn; age alone is no reason."""
        if self._which_are_new() != self._new_in_view:
            self.redraw()

    def catch_up(self) -> None:
        """Draw again, as there is a reason to, what was drawn in a minute before: so that ages are right."""
        if self._minute() != self._drawn_in:
            self.refresh()

    def _minute(self) -> int:
        return int(self._now() // MINUTE)

    def _which_are_new(self) -> tuple[bool, ...]:
        """Which of the rows in view are new."""
        top = self.scroll_offset.y // self._row_height
        now = self._now()
        rows = self.roll.rows[top : top + self.size.height // self._row_height + 2]
        return tuple(is_new(incident, now) for incident in rows)

    def redraw(self) -> None:
        """Draw every visible row anew: the theme or the mode has changed."""
        self._drawn.clear()
        self.refresh()

    @property
    def selected(self) -> Incident | None:
        """The incident under the cursor; None where the list follows the newest."""
        return self.roll.get(self._selected)

    @property
    def above(self) -> int:
        """Incidents above the first visible row."""
        return min(len(self.roll), self.scroll_offset.y // self._row_height)

    @property
    def new_above(self) -> int:
        """Unacknowledged incidents above the first visible row."""
        now = self._now()
        return sum(is_new(incident, now) for incident in self.roll.rows[: self.above])

    def _anchor(self) -> tuple[int, int, int] | None:
        """The incident that must not move, the line of the view that it stands on, and its place."""
        y = self.scroll_offset.y
        index = self.roll.index(self._selected)
        if index is None and y > 0 and len(self.roll):
            index = min(len(self.roll) - 1, y // self._row_height)
        return None if index is None else (self.roll[index].id, index * self._row_height - y, index)

    def _settle(self, anchor: tuple[int, int, int] | None) -> None:
        """As :meth:`_place`, and draw what is in view."""
        self._place(anchor)
        self.refresh()
        self.post_message(self.Moved(self))

    def _place(self, anchor: tuple[int, int, int] | None) -> None:
        """Size the list and put the anchor, or what took its place, back on its line of the view."""
        y = 0
        if anchor is not None and len(self.roll):
            index = self.roll.index(anchor[0])
            if index is None:
                index = min(anchor[2], len(self.roll) - 1)
                if self._selected is not None:
                    self._selected = self.roll[index].id
            y = max(0, index * self._row_height - anchor[1])
        if self.roll.index(self._selected) is None:
            self._selected = None
        self._resize_content(y)
        if 0 < len(self.roll) * self._row_height < self.size.height:
            self.post_message(self.BottomReached(self))
        if y != self.scroll_offset.y:
            self.scroll_to(y=y, animate=False, force=True)

    def _resize_content(self, y: int) -> None:
        # Room below the last row, so that a short list can hold its place when rows come above it.
        height = max(len(self.roll) * self._row_height, y + self.size.height if y else 0)
        # No width: a row is as wide as the view, and a scroll bar that comes or goes needs no second layout.
        self.virtual_size = Size(0, height)

    # The cursor

    def select(self, incident_id: int) -> None:
        """Put the cursor on an incident that is held, and bring it into view."""
        index = self.roll.index(incident_id)
        if index is None:
            return
        before = self.roll.index(self._selected)
        self._selected = incident_id
        if self._bring_into_view(index):
            self.refresh()
        else:
            # Two rows and not the whole list: a key's answer must be quick over any line.
            self._refresh_row(index)
            if before is not None:
                self._refresh_row(before)
        self.post_message(self.Moved(self))

    def _refresh_row(self, index: int) -> None:
        y = index * self._row_height - self.scroll_offset.y
        self.refresh(Region(0, y, self.size.width, self._row_height))

    def let_go(self) -> None:
        """No cursor: back to the top, following the newest."""
        self._selected = None
        self._resize_content(0)
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self))

    def move(self, rows: int) -> None:
        """Move the cursor; a step without one takes hold of the first visible row."""
        if not len(self.roll):
            return
        index = self.roll.index(self._selected)
        if index is None:
            index = self.scroll_offset.y // self._row_height
            rows = 0 if abs(rows) == 1 else rows
        index = max(0, min(len(self.roll) - 1, index + rows))
        self.select(self.roll[index].id)
        if index >= len(self.roll) - 1:
            self.post_message(self.BottomReached(self))

    @property
    def page(self) -> int:
        """Rows that the view shows."""
        return max(2, self.size.height // self._row_height)

    def _bring_into_view(self, index: int) -> bool:
        """Scroll so that the row is seen whole; whether that took scrolling."""
        top, height = index * self._row_height, self.size.height
        y = self.scroll_offset.y
        if top < y:
            y = top
        elif top + self._row_height > y + height:
            y = top + self._row_height - height
        if y == self.scroll_offset.y:
            return False
        self._resize_content(y)
        self.scroll_to(y=y, animate=False, force=True)
        return True

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Some lines of the view, all in one look: asked for line by line it takes as long as they do."""
        # A cell of air before the scroll bar.
        width = self.scrollable_content_region.width - 1
        look = RowLook(width, self._row_height, ink(self.app.theme), self._now(), self._rtl_mode, air=1)
        # Ages are told in minutes at the finest that lasts, so a drawn row is good for a minute.
        good_for = look._replace(now=look.now // MINUTE)
        if good_for != self._drawn_for:
            self._drawn.clear()
        self._look, self._drawn_for = look, good_for
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        look = self._look
        style = look.ink
        if y == 0:
            self._new_in_view, self._drawn_in = self._which_are_new(), self._minute()
        index, line = divmod(y + self.scroll_offset.y, look.height)
        if index >= len(self.roll):
            width = look.width + look.air
            text = self._empty_line(y, max(1, width - 2)) if not len(self.roll) else ""
            return strip_on(style.ground, [Segment(f"  {text}", style.muted)], width)
        incident = self.roll[index]
        ground, cursor = style.ground, False
        if incident.id == self._selected and not self._wall:
            ground, cursor = (style.selected, True) if self.has_focus else (style.held, False)
        return self._row(incident, look, ground, cursor)[line]

    def _row(self, incident: Incident, look: RowLook, ground: Style, cursor: bool) -> list[Strip]:
        key = (incident, ground)
        strips = self._drawn.get(key)
        if strips is None:
            if len(self._drawn) > DRAWN_ROWS:
                self._drawn.clear()
            strips = self._drawn[key] = draw_row(incident, look, ground, cursor=cursor)
        return strips

    # Events

    def on_resize(self, event: events.Resize) -> None:
        """Keep the held line where it was as far as the new size allows."""
        # Drawn it was already, as everything of another size is.
        self._place(self._anchor())
        self.post_message(self.Moved(self))
        index = self.roll.index(self._selected)
        if index is not None:
            self._bring_into_view(index)

    def on_focus(self) -> None:
        """The selected line shows that keys go here."""
        self._refresh_selected()

    def on_blur(self) -> None:
        """The selected line shows that keys go elsewhere."""
        self._refresh_selected()

    def _refresh_selected(self) -> None:
        index = self.roll.index(self._selected)
        if index is not None:
            self._refresh_row(index)

    def on_click(self, event: events.Click) -> None:
        """A click selects a row, a double click opens it."""
        index = (event.y + self.scroll_offset.y) // self._row_height
        if self._wall or not 0 <= index < len(self.roll):
            return
        self.select(self.roll[index].id)
        if event.chain == 2:
            self.post_message(self.Opened(self.roll[index]))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell the pane how much is above, and ask for more rows near the bottom."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved(self))
        if new_value > old_value and new_value + 2 * self.size.height >= len(self.roll) * self._row_height:
            self.post_message(self.BottomReached(self))
