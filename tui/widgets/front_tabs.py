"""The line of fronts where only one pane fits: what is new on those that are not shown."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message

from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines


class FrontTabs(DrawnLines):
    """Each front with its count of new incidents; a click shows its pane."""

    DEFAULT_CSS = "FrontTabs { height: 1; background: $fw-ground; display: none; }"

    @dataclass
    class Chosen(Message):
        """A person clicked on a front."""

        index: int

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown = 0

    def show(self, index: int) -> None:
        """Mark the front whose pane is shown."""
        self._shown = index
        self.bring_up_to_date()

    def _labels(self) -> list[str]:
        """One label a front, cut evenly so that all of them fit."""
        fronts = self._session.watch.fronts
        figures = self._session.picture.figures
        room = max(8, self.size.width // max(1, len(fronts)) - 3)
        labels = []
        for front in fronts:
            known = figures.get(front.id)
            blind = " BLIND" if known and known.coverage.blind and self._session.polls else ""
            count = f" {known.counts.new if known else 0} new{blind}"
            labels.append(f" {rtl.cut(front.name, max(1, room - len(count)))}{count} ")
        return labels

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        style = self.ink
        segments = []
        for index, label in enumerate(self._labels()):
            shown = index == self._shown
            segments.append(
                Segment(f"[{label}]" if shown else f" {label} ", style.focus if shown else style.muted)
            )
        return segments

    def on_click(self, event: events.Click) -> None:
        """Show the front that was clicked."""
        end = 0
        for index, label in enumerate(self._labels()):
            end += rtl.cells(label) + 2
            if event.x < end:
                self.post_message(self.Chosen(index))
                return
