"""The panes of the board: a list for each front, kept up to date and laid out as the terminal allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size

from tui.follow import Picture
from tui.incidents.attention import GRAVE
from tui.model import Incident, Kind, Timestamp
from tui.screens.base import FrontwatchScreen
from tui.session import Session
from tui.widgets.front_pane import FrontPane, PaneGrid
from tui.widgets.header import Header
from tui.widgets.incident_list import IncidentList
from tui.widgets.layout import PANE_HEIGHT, WALL_PANE_HEIGHT, Arrangement, arrange

if TYPE_CHECKING:
    from tui.widgets.front_tabs import FrontTabs
    from tui.widgets.front_tile import FrontTile
    from tui.widgets.overview import Overview
    from tui.widgets.welcome import Welcome

LOADED = 50
"""Rows read at a time."""


class PanesScreen(FrontwatchScreen):
    """Panes side by side, stacked, or one at a time, as the terminal allows."""

    AUTO_FOCUS = ""  # what has the focus is said when it is mounted: no widget need be looked for
    shows_then = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.header = Header(session, way_out="return_to_now")
        self.panes = [FrontPane(session, front) for front in session.watch.fronts]
        self._grid = PaneGrid(*self.panes)
        self._arrangement = Arrangement(columns=1, rows=1, single=False)
        self._row_height: int | None = None
        self._shown = 0
        self._welcome: Welcome | None = None
        self._tabs: FrontTabs | None = None
        """Made when it is first shown, as"""
        self._overview: Overview | None = None
        """the tiles are."""
        self._wants_overview: bool | None = None
        """None: where the wall has no room for the panes."""
        self._grave_left: frozenset[int] = frozenset()
        """What was new and grave when the board left for the past."""
        self._news: frozenset[int] = frozenset()
        """What has come to be so since."""
        self._recall()

    def _recall(self) -> None:
        """Stand as the last screen of this person stood, as far as the fronts are the same."""
        memory = self.session.memory
        height = memory.get("row_height", 0)
        self._row_height = height if 1 <= height <= 3 else None
        if memory.get("overview", False) and not self.session.wall:
            self._wants_overview = True
        context, front = memory.get("context", list[str]()), memory.get("front", "")
        for index, pane in enumerate(self.panes):
            pane.context_shown = pane.front.id in context
            if pane.front.id == front:
                self._shown = index

    def on_unmount(self) -> None:
        """The next screen begins on this front."""
        self.session.memory.set("front", self.pane.front.id)

    def take_after(self, other: PanesScreen) -> None:
        """Stand as another board stood, as far as the fronts are the same."""
        self._row_height = other._row_height
        self._wants_overview, self._grave_left = other._wants_overview, other._grave_left
        held = {pane.front.id: pane for pane in other.panes}
        for index, pane in enumerate(self.panes):
            before = held.get(pane.front.id)
            if before is not None:
                pane.context_shown = before.context_shown
                pane.shelved_shown = before.shelved_shown
            if pane.front.id == other.pane.front.id:
                self._shown = index

    def compose(self) -> ComposeResult:
        """Header, tabs where only one pane fits, the panes, the footer."""
        if self.session.first_start:
            from tui.widgets.welcome import Welcome  # here: only the very first paint is made of it

            self._welcome = Welcome(self.session)
            self.session.memory.set("welcomed", True)
        # Before anything is styled and laid out, so that both are done once, for the first paint.
        self._arrange(self.app.size)
        self._apply_look()
        yield self.header
        if self._tabs is not None:
            yield self._tabs
        yield self._grid
        if self._overview is not None:
            yield self._overview
        if self._welcome is not None:
            yield self._welcome
        yield self.footer

    def on_mount(self) -> None:
        """Paint from the store at once."""
        for pane in self.panes:
            self._load(pane)
        self.focus_pane(self._shown)

    def close_welcome(self) -> bool:
        """Take the lines of the first start away; whether they were there."""
        welcome, self._welcome = self._welcome, None
        if welcome is None:
            return False
        welcome.remove()
        self._arrange(self.size)
        return True

    def on_welcome_closed(self) -> None:
        """A click on them."""
        self.close_welcome()

    # Data

    def _load(self, pane: FrontPane) -> None:
        """Read a pane anew, as far back as it was read."""
        wanted = max(LOADED, len(pane.list.roll))
        pane.read_to = None
        pane.list.show(self._read(pane, wanted))

    def _read(self, pane: FrontPane, limit: int = LOADED) -> list[Incident]:
        """The next rows of a pane.

        They begin behind what was read so far, not behind what the list holds: an old incident that was
        told of again stands in the list, and much between it and the last page does not.
        """
        while True:
            page = self.session.view.incidents(
                front=pane.front.id,
                kinds=None if pane.context_shown else (Kind.INCIDENT,),
                before=pane.read_to,
                limit=limit,
            )
            if not page:
                return []
            pane.read_to = (page[-1].first_seen, page[-1].id)
            # A page of which everything is folded away is not the end.
            if rows := [incident for incident in page if pane.shows(incident)]:
                return rows

    def take(self, picture: Picture) -> None:
        """Bring the panes up to date with what changed in the store; in the past they stand still."""
        if self.session.as_of is None:
            self._take_in(picture.incidents)
        elif (news := self._grave() - self._grave_left) != self._news:
            # Said once: what a key is answered must not be written over by every picture.
            self._news = news
            if news:
                more = f"{len(news)} more critical or high"
                self.say(f"{more} since you left now. {self.key('return_to_now')} returns to now.")
        self.refresh_picture()

    def _grave(self) -> frozenset[int]:
        """What is new now, whatever minute is shown, and so bad that it needs a response."""
        return frozenset(id for id, severity in self.session.new(self.session.reader) if severity in GRAVE)

    def _take_in(self, incidents: Sequence[Incident]) -> None:
        for pane in self.panes:
            with self.host.containing(pane):  # a fault in one pane keeps no other from what is new
                behind, pane.behind = pane.behind, True
                if behind:
                    self._load(pane)
                else:
                    _merge(pane, incidents)
                pane.behind = False
        if incidents:
            self._catch_up()
        if self.overview is not None:
            self.overview.take(incidents)

    def on_key(self) -> None:
        """Somebody looks: nothing is drawn only to age, but what is looked at tells its age right."""
        self._catch_up()

    def _catch_up(self) -> None:
        for pane in self.panes:
            pane.list.catch_up()

    def go_to(self, at: Timestamp | None) -> None:
        """Show the board as it stood at ``at``; None: as it is now. Raises ``StoreError``."""
        if self.session.as_of is None:
            self._grave_left, self._news = self._grave(), frozenset()
        self.session.go_to(at)
        self.header.bring_up_to_date()
        self.footer.bring_up_to_date()
        for pane in self.panes:
            self._load(pane)
        if self.overview is not None:
            self.overview.load()
        self.refresh_picture()

    def refresh_picture(self) -> None:
        """Show the figures as they stand."""
        for pane in self.panes:
            with self.host.containing(pane):
                pane.refresh_words()
        if self.overview is not None:
            self.overview.take(())
        self.header.take_picture()
        if self._tabs is not None:
            self._tabs.bring_up_to_date()

    def on_incident_list_bottom_reached(self, message: IncidentList.BottomReached) -> None:
        """Read further back as the view comes to the oldest row."""
        pane = self._pane_of(message.list)
        if pane is None:
            return
        with self.host.telling():
            if older := self._read(pane):
                pane.list.merge(older, trim=False)

    def on_incident_list_moved(self, message: IncidentList.Moved) -> None:
        """Tell how much is new above the view."""
        pane = self._pane_of(message.list)
        if pane is not None:
            pane.refresh_words()

    @property
    def at_hand(self) -> Incident | None:
        """The line that is selected in the pane with the keys."""
        return None if self.overview is not None else self.pane.list.selected

    # Layout

    @property
    def overview(self) -> Overview | None:
        """The tiles, while they are shown in place of the panes."""
        return self._overview if self._overview is not None and self._overview.display else None

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the panes anew."""
        self._arrange(event.size)

    def _arrange(self, size: Size) -> None:
        wall = self.session.wall
        height = size.height - self.header.HEIGHT - (0 if wall else 1)
        if self._welcome is not None:
            self._welcome.display = not wall
            height -= 0 if wall else self._welcome.HEIGHT
        least = WALL_PANE_HEIGHT if wall else PANE_HEIGHT
        self._arrangement = arrange(len(self.panes), size.width, height, least)
        single = self._arrangement.single
        # A wall never changes its page by itself: where not all panes fit, it shows all fronts as tiles.
        tiles = wall and single and len(self.panes) > 1
        if self._wants_overview is not None:
            tiles = self._wants_overview
        self._show_overview(tiles, Size(size.width, height))
        self._show_tabs(single and not tiles)
        self._grid.display = not tiles
        self._grid.styles.grid_size_columns = self._arrangement.columns
        self._grid.styles.grid_size_rows = self._arrangement.rows
        for index, pane in enumerate(self.panes):
            pane.display = not single or index == self._shown
            pane.width_to_be = size.width // self._arrangement.columns
        self._apply_row_height(size)

    def _show_tabs(self, shown: bool) -> None:
        if shown and self._tabs is None:
            from tui.widgets.front_tabs import FrontTabs  # here: most terminals have room for all panes

            self._tabs = FrontTabs(self.session)
            self._mark_tab()
            if self._grid.is_attached:
                self.mount(self._tabs, before=self._grid)
        if self._tabs is not None:
            self._tabs.display = shown

    def _mark_tab(self) -> None:
        if self._tabs is not None:
            self._tabs.show(self._shown)

    def _show_overview(self, shown: bool, size: Size) -> None:
        if not shown:
            if self._overview is not None:
                self._overview.display = False
            return
        from tui.widgets.overview import Overview  # here: the first paint need not wait for it

        before = self.overview
        if self._overview is None:
            self._overview = Overview(self.session, lambda: self.host.rtl_mode)
            if self._grid.is_attached:
                self.mount(self._overview, after=self._grid)
        self._overview.display = True
        self._overview.share(size)
        if before is None:
            self._overview.load()

    def _apply_row_height(self, size: Size) -> None:
        arrangement = self._arrangement
        lines = (size.height - 4) // arrangement.rows - 3
        # Three rows must fit: a pane that shows less than three incidents answers nothing.
        fitting = 3 if self.session.wall else 2 if lines >= 8 else 1
        for pane in self.panes:
            # What somebody chose at a desk is no size for a wall.
            pane.list.row_height = fitting if self.session.wall else self._row_height or fitting

    def _apply_look(self) -> None:
        self.footer.display = not self.session.wall
        for pane in self.panes:
            pane.set_class(self.session.wall, "-wall", update=pane.is_attached)
            pane.list.set_look(rtl_mode=self.host.rtl_mode, wall=self.session.wall)
        self.refresh_picture()

    def refresh_look(self) -> None:
        """Draw anew in another theme or ordering."""
        super().refresh_look()
        self._apply_look()

    # What has the focus

    def _pane_of(self, incident_list: IncidentList) -> FrontPane | None:
        return next((pane for pane in self.panes if pane.list is incident_list), None)

    @property
    def pane(self) -> FrontPane:
        """The pane that keys go to."""
        return self.panes[self._shown]

    def focus_pane(self, index: int) -> None:
        """Give the keys to a pane or its tile, and show it where only one fits."""
        self._shown = index % len(self.panes)
        if self.overview is not None:
            self.set_focus(self.overview.tiles[self._shown])
            return
        if self._arrangement.single:
            for at, pane in enumerate(self.panes):
                pane.display = at == self._shown
        self.set_focus(self.panes[self._shown].list)
        self._mark_tab()

    def on_descendant_focus(self) -> None:
        """Remember the pane or tile that a click chose."""
        own = [pane.list for pane in self.panes] if self.overview is None else self.overview.tiles
        index = next((at for at, each in enumerate(own) if each is self.focused), self._shown)
        self._shown = index
        self._mark_tab()

    def on_front_tabs_chosen(self, message: FrontTabs.Chosen) -> None:
        """A click on a tab."""
        self.focus_pane(message.index)

    def on_front_tile_chosen(self, message: FrontTile.Chosen) -> None:
        """A click on a tile; on a wall it does nothing."""
        if self.overview is not None and not self.session.wall:
            self.leave_overview(self.overview.tiles.index(message.tile))

    def set_overview(self, wanted: bool | None) -> None:
        """Show all fronts as tiles, or the panes; None: as the wall has room."""
        self._wants_overview = wanted
        self._arrange(self.size)
        self.focus_pane(self._shown)
        self.refresh_picture()

    def choose_overview(self, *, wanted: bool) -> None:
        """Show the tiles or the panes, as somebody asked for: at a desk the next start shows them too."""
        if not self.session.wall:
            self.session.memory.set("overview", wanted)
        self.set_overview(wanted)

    def leave_overview(self, index: int) -> None:
        """To the pane of a tile."""
        self._shown = index
        self.choose_overview(wanted=False)


def _merge(pane: FrontPane, incidents: Sequence[Incident]) -> None:
    """Bring what has changed into a pane's list, and out of it what it shows no more."""
    changed = [incident for incident in incidents if pane.shows(incident)]
    shown = {incident.id for incident in changed}
    left = [
        incident.id
        for incident in incidents
        if incident.id not in shown and pane.list.roll.get(incident.id) is not None
    ]
    if (changed or left) and pane.list.merge(changed, left):
        rows = pane.list.roll.rows
        pane.read_to = (rows[-1].first_seen, rows[-1].id)
