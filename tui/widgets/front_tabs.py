"""The line of fronts where only one pane fits: what is new on those that are not shown."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message

from tui.incidents.standing import Posture
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.posture_words import SIGNS, posture_of

MORE = 12
"""Cells of the label that counts what is on the fronts that have no room."""


class FrontTabs(DrawnLines):
    """Each front with its count of new incidents; a click shows its pane."""

    DEFAULT_CSS = "FrontTabs { height: 1; background: $fw-ground; }"

    @dataclass(repr=False, eq=False)
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

    def _tabs(self) -> list[tuple[str, int]]:
        """The labels in view and the front that each stands for: always the shown one's among them.

        Where some have no room, the first or last label counts what is new on them, behind the sign of the
        worst posture there.
        """
        fronts = self._session.watch.fronts
        wide = max(18, self.size.width // max(1, len(fronts)))
        room = max(1, self.size.width // wide)
        if room >= len(fronts):
            return [(self._label(at, wide), at) for at in range(len(fronts))]
        room = max(1, (self.size.width - 2 * MORE) // wide)
        first = max(0, min(self._shown - room // 2, len(fronts) - room))
        tabs = [(self._label(at, wide), at) for at in range(first, min(len(fronts), first + room))]
        if first:
            tabs.insert(0, (f" ‹ {self._hidden(range(first))}".ljust(MORE)[:MORE], first - 1))
        if first + room < len(fronts):
            behind = self._hidden(range(first + room, len(fronts)))
            tabs.append((f" {behind} ›".rjust(MORE)[-MORE:], first + room))
        return tabs

    def _hidden(self, fronts: range) -> str:
        """What is new on fronts that have no tab, and the sign of the worst posture among them."""
        worst = max((self._posture(at) for at in fronts), key=lambda posture: posture.rank)
        return f"{SIGNS[worst]} {sum(self._new(at) for at in fronts)} new".lstrip()

    def _posture(self, at: int) -> Posture:
        known = self._session.shown.figures.get(self._session.watch.fronts[at].id)
        return posture_of(known.posture if known else None)

    def _new(self, at: int) -> int:
        known = self._session.shown.figures.get(self._session.watch.fronts[at].id)
        return known.counts.new if known else 0

    def _label(self, at: int, wide: int) -> str:
        front = self._session.watch.fronts[at]
        known = self._session.shown.figures.get(front.id)
        uncovered = known is not None and known.coverage.blind and self._session.polls
        blind = " BLIND" if uncovered or self._session.unread else ""
        sign = SIGNS[self._posture(at)]
        count = f"{' ' if sign else ''}{sign} {self._new(at)} new{blind}"
        name = rtl.cut(front.name, max(1, wide - len(count) - 4))
        left, right = ("[", "]") if at == self._shown else (" ", " ")
        label = f"{left} {name}{count} {right}"
        return label + " " * max(0, wide - rtl.cells(label))

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        style = self.ink
        return [
            Segment(label, style.focus if at == self._shown else style.muted) for label, at in self._tabs()
        ]

    def on_click(self, event: events.Click) -> None:
        """Show the front that was clicked."""
        end = 0
        for label, at in self._tabs():
            end += rtl.cells(label)
            if event.x < end:
                self.post_message(self.Chosen(at))
                return
