"""A tile: one front at a glance, for an overview of many: the worst that is open, posture and counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.message import Message

from tui.incidents.attention import is_new
from tui.model import Front, Incident
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.front_words import border, count_forms, sight_forms
from tui.widgets.row import RowLook, draw_row

MOST: int = 12
"""Incidents that a tile holds: more than any has lines for."""


class FrontTile(DrawnLines, can_focus=True):
    """A front in a border of its own; Enter or a click goes to its pane."""

    DEFAULT_CSS = """
    FrontTile {
        border: round $fw-line; border-title-color: $fw-text; border-title-style: bold;
        border-subtitle-color: $fw-muted; background: $fw-ground; height: 1fr; width: 1fr;
    }
    FrontTile.-surge { border-title-color: $fw-high; }
    FrontTile:focus { border: round $fw-focus; border-title-color: $fw-focus; }
    FrontTile.-wall:focus { border: round $fw-line; border-title-color: $fw-text; }
    FrontTile.-blind { border: heavy $fw-blind; border-title-color: $fw-blind; }
    FrontTile.-blind:focus { border: double $fw-blind; border-title-color: $fw-blind; }
    FrontTile.-wall.-blind:focus { border: heavy $fw-blind; border-title-color: $fw-blind; }
    FrontTile.-past { border: dashed $fw-blind; border-title-color: $fw-blind; }
    FrontTile.-past:focus { border: dashed $fw-focus; border-title-color: $fw-focus; }
    FrontTile.-past.-blind { border: heavy $fw-blind; border-title-color: $fw-blind; }
    """

    @dataclass
    class Chosen(Message):
        """A person clicked on a tile."""

        tile: FrontTile

    def __init__(self, session: Session, front: Front, rtl_mode: Callable[[], rtl.Mode]) -> None:
        super().__init__()
        self.front = front
        self._session = session
        self._rtl_mode = rtl_mode
        self._open: Sequence[Incident] = ()
        self._words = ("", "")

    def take(self, incidents: Sequence[Incident]) -> None:
        """Show these as what is open, the worst first."""
        if incidents != self._open:
            self._open = incidents
            self.refresh()
        self.refresh_words()

    def holds(self, incidents: Collection[int]) -> bool:
        """Whether one of these is shown."""
        return any(incident.id in incidents for incident in self._open)

    def fell_behind(self) -> bool:
        """Whether something that is shown has closed since by itself."""
        now = self._session.moment()
        return not all(is_new(incident, now) for incident in self._open)

    def refresh_words(self) -> None:
        """Bring the words in the border up to date."""
        session = self._session
        figures, now = session.shown.figures.get(self.front.id), session.moment()
        tail: tuple[str, ...] = ("",)
        if figures is not None:
            counts, sights = count_forms(figures.counts), sight_forms(figures, now, polls=session.polls)
            tail = tuple(
                " · ".join(part for part in (count, sight) if part) for sight in sights for count in counts
            )
        told = border(
            self.front.name,
            figures,
            now,
            max(1, self.outer_size.width - 6),
            unread=session.unread,
            since=session.unread_since,
            polls=session.polls,
            above=0,
            hidden=0,
            tail=tail,
        )
        self.set_class(told.blind, "-blind")
        self.set_class(told.surge, "-surge")
        self.set_class(session.as_of is not None, "-past")
        self.set_class(session.wall, "-wall")
        if (told.title, told.subtitle) != self._words:
            self._words = told.title, told.subtitle
            # Content, not str: a name out of the config must not be read as markup.
            self.border_title, self.border_subtitle = Content(told.title), Content(told.subtitle)
        self.bring_up_to_date()

    @property
    def _row_height(self) -> int:
        """Lines of a row: three on a wall, and where there is room for no second row."""
        lines = max(1, self.size.height)
        return min(3, lines) if self._session.wall or lines < 4 else 2

    def draw(self, y: int) -> list[Segment]:
        """A line of what is open."""
        style, session = self.ink, self._session
        index, line = divmod(y, self._row_height)
        # A row that has not room as a whole says half.
        if index < len(self._open) and (index + 1) * self._row_height <= self.size.height:
            look = RowLook(
                self.size.width - 1, self._row_height, style, session.moment() // 60 * 60, self._rtl_mode()
            )
            return list(draw_row(self._open[index], look, style.ground, cursor=False)[line])
        words = " Nothing is new." if not self._open and y == 0 else ""
        return [Segment(rtl.cut(words, max(1, self.size.width)), style.muted)]

    def on_resize(self) -> None:
        """The words have another width."""
        self.refresh_words()

    def on_click(self, event: events.Click) -> None:
        """Go to the front."""
        event.stop()
        self.post_message(self.Chosen(self))
