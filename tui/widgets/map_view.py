"""The map as a widget: it draws a view, and tells what the mouse asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.geo.clusters import Cluster, clusters
from tui.geo.view import Frame, View
from tui.model import Incident
from tui.themes import ink
from tui.widgets.drawn import difference
from tui.widgets.guard import Guarded
from tui.widgets.map_draw import MapLook, draw_map

WHEEL: Final = 1.25
"""Times that a notch of the wheel brings the map closer."""


class MapView(Guarded, Widget):
    """Draws what it was given last; keeps no incident and no selection of its own."""

    DEFAULT_CSS = "MapView { background: $fw-ground; }"

    @dataclass
    class Resized(Message):
        """The map has another size: what is shown must be fitted anew."""

    @dataclass
    class Moved(Message):
        """A person moved the view with the mouse."""

        view: View

        def can_replace(self, message: Message) -> bool:
            """Only where it was moved last counts."""
            return isinstance(message, MapView.Moved)

    @dataclass
    class Clicked(Message):
        """A mark was clicked."""

        mark: Cluster
        twice: bool
        """Whether it was a double click."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: Frame | None = None
        """What is seen; None before the first :meth:`show`."""
        self._incidents: tuple[Incident, ...] = ()
        self._marks: Sequence[Cluster] = ()
        self._look: MapLook | None = None
        self._lines: list[Strip] = []
        self._grip: tuple[int, int, Frame] | None = None
        """Cell that was taken hold of with the mouse, and the frame at that time."""
        self._dragged = False

    @property
    def in_view(self) -> list[Incident]:
        """The incidents that have a mark in what is seen."""
        return [incident for mark in self._marks for incident in mark.incidents]

    def show(self, frame: Frame, incidents: tuple[Incident, ...], look: MapLook) -> None:
        """Draw these incidents in this frame; only cells that differ go to the terminal."""
        if (frame, incidents) != (self.frame, self._incidents):
            self.frame, self._incidents = frame, incidents
            self._marks = clusters(incidents, frame)
        elif look == self._look:
            return
        self._look = look
        before = self._lines
        self._lines = [
            Strip([Segment(text, style) for text, style in row]) for row in draw_map(frame, self._marks, look)
        ]
        if len(before) != len(self._lines):
            self.refresh()
            return
        pairs = enumerate(zip(before, self._lines, strict=True))
        if changed := [difference(old, new, y) for y, (old, new) in pairs if old != new]:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """One line of the map."""
        ground = ink(self.app.theme).ground
        strip = self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, ground)
        return strip.adjust_cell_length(self.size.width, ground)

    def on_resize(self, event: events.Resize) -> None:
        """Ask for a frame of the new size."""
        self.post_message(self.Resized())

    # The mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Closer, around the pointer."""
        self._zoom(WHEEL, event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Further off, around the pointer."""
        self._zoom(1 / WHEEL, event)

    def _zoom(self, factor: float, event: events.MouseEvent) -> None:
        event.stop()
        if self.frame is not None:
            self.post_message(self.Moved(self.frame.zoomed(factor, (event.x, event.y))))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the map."""
        if self.frame is not None:
            self._grip, self._dragged = (event.x, event.y, self.frame), False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag what was taken hold of along."""
        if self._grip is None:
            return
        x, y, frame = self._grip
        if self._dragged or (event.x, event.y) != (x, y):
            self._dragged = True
            self.post_message(self.Moved(frame.panned(x - event.x, y - event.y)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the map."""
        self._grip = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """A click on a mark selects it, a double click opens it; the end of a drag is none."""
        if self._dragged or self.frame is None:
            return
        near = [mark for mark in self._marks if mark.y == event.y and -1 <= event.x - mark.x <= 2]
        if near:
            closest = min(near, key=lambda mark: abs(mark.x - event.x))
            self.post_message(self.Clicked(closest, event.chain == 2))
