"""All fronts as tiles: for a wall, and for more fronts than panes have room."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.containers import Grid
from textual.geometry import Size

from tui.incidents.attention import QUIET_AFTER
from tui.model import Incident
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.front_tile import MOST, FrontTile
from tui.widgets.guard import Guarded
from tui.widgets.layout import tile


class Overview(Guarded, Grid):
    """A tile a front, in as many columns as are readable. It scrolls where there are more than fit."""

    DEFAULT_CSS = """
    Overview { grid-gutter: 0; height: 1fr; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self, session: Session, rtl_mode: Callable[[], rtl.Mode]) -> None:
        self.tiles = [FrontTile(session, front, rtl_mode) for front in session.watch.fronts]
        super().__init__(*self.tiles)
        self._session = session
        self._columns = 1

    def share(self, size: Size) -> None:
        """Share so many cells and lines."""
        grid = tile(len(self.tiles), size.width, size.height)
        self._columns = grid.columns
        self.styles.grid_size_columns = grid.columns
        self.styles.grid_size_rows = grid.rows
        self.styles.grid_rows = str(grid.height) if grid.height else "1fr"

    def load(self) -> None:
        """Read what is open on every front."""
        for each in self.tiles:
            self._read(each)

    def take(self, changed: Iterable[Incident]) -> None:
        """Bring up to date what changed: the fronts of these incidents, and whose figures are others."""
        touched = {front for incident in changed for front in incident.fronts}
        gone = {incident.id for incident in changed}
        for each in self.tiles:
            if each.front.id in touched or each.holds(gone) or each.fell_behind():
                self._read(each)
            else:
                each.refresh_words()

    def _read(self, each: FrontTile) -> None:
        view, now = self._session.view, self._session.moment()
        worst = view.new([each.front.id], now - QUIET_AFTER)[:MOST]
        found = (view.incident(incident) for incident, _ in worst)
        each.take([incident for incident in found if incident is not None])

    def neighbour(self, at: int, rows: int) -> int:
        """The tile so many rows below one; the same where there is none."""
        there = at + rows * self._columns
        return there if 0 <= there < len(self.tiles) else at
