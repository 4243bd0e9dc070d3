"""The board: a live pane for each front."""

from __future__ import annotations

from collections import defaultdict

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid

from tui.commands import BOARD
from tui.follow import Picture
from tui.incidents.attention import QUIET_AFTER, is_new
from tui.model import Incident, Kind
from tui.screens.base import FrontwatchScreen, bindings
from tui.session import Session
from tui.widgets.front_pane import FrontPane
from tui.widgets.front_tabs import FrontTabs
from tui.widgets.header import Header
from tui.widgets.incident_list import IncidentList
from tui.widgets.layout import Arrangement, arrange
from tui.widgets.words import plural

LOADED = 100
"""Rows read at a time."""


class BoardScreen(FrontwatchScreen):
    """Panes side by side, stacked, or one at a time, as the terminal allows."""

    scope = BOARD
    BINDINGS = bindings(BOARD)
    CSS = """
    #panes { grid-gutter: 0; grid-size: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.header = Header(session)
        self.tabs = FrontTabs(session)
        self.panes = [FrontPane(session, front) for front in session.watch.fronts]
        self._grid = Grid(*self.panes, id="panes")
        self._arrangement = Arrangement(columns=1, rows=1, single=False)
        self._row_height: int | None = None
        self._shown = 0

    def take_after(self, other: BoardScreen) -> None:
        """Stand as another board stood, as far as the fronts are the same."""
        self._row_height = other._row_height
        held = {pane.front.id: pane for pane in other.panes}
        for index, pane in enumerate(self.panes):
            before = held.get(pane.front.id)
            if before is not None:
                pane.context_shown = before.context_shown
            if pane.front.id == other.pane.front.id:
                self._shown = index

    def compose(self) -> ComposeResult:
        """Header, tabs where only one pane fits, the panes, the footer."""
        yield self.header
        yield self.tabs
        yield self._grid
        yield self.footer

    def on_mount(self) -> None:
        """Paint from the store at once."""
        for pane in self.panes:
            self._load(pane)
            pane.refresh_words()
        self.panes[self._shown].list.focus()
        self._apply_look()

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
        page = self.session.reader.incidents(
            front=pane.front.id,
            kinds=None if pane.context_shown else (Kind.INCIDENT,),
            before=pane.read_to,
            limit=limit,
        )
        if page:
            pane.read_to = (page[-1].first_seen, page[-1].id)
        return page

    def take(self, picture: Picture) -> None:
        """Bring the panes up to date with what changed in the store."""
        by_front: defaultdict[str, list[Incident]] = defaultdict(list)
        gone: defaultdict[str, list[int]] = defaultdict(list)
        for incident in picture.incidents:
            for pane in self.panes:
                front = pane.front.id
                belongs = front in incident.fronts
                if belongs and (pane.context_shown or incident.kind is Kind.INCIDENT):
                    by_front[front].append(incident)
                elif pane.list.roll.get(incident.id) is not None:
                    gone[front].append(incident.id)
        for pane in self.panes:
            changed, left = by_front[pane.front.id], gone[pane.front.id]
            if (changed or left) and pane.list.merge(changed, left):
                rows = pane.list.roll.rows
                pane.read_to = (rows[-1].first_seen, rows[-1].id)
        self.refresh_picture()

    def refresh_picture(self) -> None:
        """Show the figures as they stand."""
        for pane in self.panes:
            pane.refresh_words()
        self.header.take_picture()
        self.tabs.bring_up_to_date()

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

    # Layout

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the panes anew."""
        self._arrange()

    def _arrange(self) -> None:
        size = self.size
        used = self.header.size.height + (0 if self.session.wall else 1)
        self._arrangement = arrange(len(self.panes), size.width, size.height - used)
        single = self._arrangement.single
        self.tabs.display = single
        self._grid.styles.grid_size_columns = self._arrangement.columns
        self._grid.styles.grid_size_rows = self._arrangement.rows
        for index, pane in enumerate(self.panes):
            pane.display = not single or index == self._shown
        self._apply_row_height()

    def _apply_row_height(self) -> None:
        arrangement = self._arrangement
        lines = (self.size.height - 4) // arrangement.rows - 3
        # Three rows must fit: a pane that shows less than three incidents answers nothing.
        fitting = 3 if self.session.wall else 2 if lines >= 8 else 1
        for pane in self.panes:
            pane.list.row_height = self._row_height or fitting

    def _apply_look(self) -> None:
        self.footer.display = not self.session.wall
        for pane in self.panes:
            pane.set_class(self.session.wall, "-wall")
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
        """Give the keys to a pane, and show it where only one fits."""
        self._shown = index % len(self.panes)
        if self._arrangement.single:
            for at, pane in enumerate(self.panes):
                pane.display = at == self._shown
        self.set_focus(self.panes[self._shown].list)
        self.tabs.show(self._shown)

    def on_descendant_focus(self) -> None:
        """Remember the pane that a click chose."""
        index = next((at for at, pane in enumerate(self.panes) if pane.list is self.focused), self._shown)
        self._shown = index
        self.tabs.show(index)

    def on_front_tabs_chosen(self, message: FrontTabs.Chosen) -> None:
        """A click on a tab."""
        self.focus_pane(message.index)

    def _wall_has_no_cursor(self) -> bool:
        """Whether this is the wall; says so, since a key was pressed that wants a cursor."""
        if self.session.wall:
            self.say("The wall has no cursor and follows the newest. Press w to leave wall mode.")
        return self.session.wall

    def _move(self, rows: int) -> None:
        if not self._wall_has_no_cursor():
            self.pane.list.move(rows)

    def _selected(self) -> Incident | None:
        if self._wall_has_no_cursor():
            return None
        incident = self.pane.list.selected
        if incident is None:
            self.say("No line is selected: press ↓ to take the first, or n for the worst that is new.")
        return incident

    # Commands

    def action_cursor_down(self) -> None:
        """Next line."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Line above."""
        self._move(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self._move(self.pane.list.page)

    def action_page_up(self) -> None:
        """A page up."""
        self._move(-self.pane.list.page)

    def action_cursor_home(self) -> None:
        """First line."""
        self._move(-len(self.pane.list.roll) - 1)

    def action_cursor_end(self) -> None:
        """Last line held."""
        self._move(len(self.pane.list.roll) + 1)

    def action_let_go(self) -> None:
        """Follow the newest again."""
        if self.pane.list.selected is None and self.pane.list.scroll_offset.y == 0:
            self.say("No line is held: the pane follows the newest.")
        self.pane.list.let_go()

    def action_next_pane(self) -> None:
        """To the next front."""
        self.focus_pane(self._shown + 1)

    def action_previous_pane(self) -> None:
        """To the front before."""
        self.focus_pane(self._shown - 1)

    def action_next_alarm(self) -> None:
        """To the worst unacknowledged incident, the newest of equals."""
        alarms = self.session.picture.alarms
        if self._wall_has_no_cursor():
            return
        if not alarms:
            self.say("No critical or high incident waits to be acknowledged.")
            return
        selected = self.pane.list.selected
        at = alarms.index(selected.id) if selected is not None and selected.id in alarms else -1
        alarm = self.session.reader.incident(alarms[(at + 1) % len(alarms)])
        shown = [at for at, pane in enumerate(self.panes) if alarm and pane.front.id in alarm.fronts]
        if alarm is None or not shown:
            self.say("That incident is on no front of this watch any more.")
            return
        if self._shown not in shown:
            self.focus_pane(shown[0])
        self.pane.list.merge((alarm,))
        self.pane.list.select(alarm.id)

    def action_open_incident(self) -> None:
        """Open the selected incident."""
        if incident := self._selected():
            self._open(incident)

    def on_incident_list_opened(self, message: IncidentList.Opened) -> None:
        """A double click opens."""
        with self.host.telling():
            self._open(message.incident)

    def _open(self, incident: Incident) -> None:
        from tui.screens.incident import IncidentScreen  # here: the first paint need not wait for it

        self.host.push_screen(IncidentScreen(self.session, incident))

    def action_acknowledge(self) -> None:
        """Acknowledge the selected incident."""
        if self.may_write() and (incident := self._selected()):
            self.say(self.host.acknowledge((incident,)))

    def action_acknowledge_front(self) -> None:
        """Acknowledge all that is new on this front."""
        if not self.may_write():
            return
        front = self.pane.front
        now = self.session.now()
        recent = self.session.reader.incidents(
            front=front.id, kinds=(Kind.INCIDENT,), since=now - QUIET_AFTER, limit=-1
        )
        new = [incident for incident in recent if is_new(incident, now)]
        if not new:
            self.say(f"Nothing is new on {front.name}.")
            return
        self.say(self.host.acknowledge(new))

    def action_shelve(self) -> None:
        """Shelve the selected incident."""
        if self.may_write() and (incident := self._selected()):
            self.say(self.host.shelve((incident,)))

    def action_undo(self) -> None:
        """Take back the last acknowledgement."""
        self.take_back()

    def action_open_link(self) -> None:
        """Open the first report's page."""
        if incident := self._selected():
            reports = self.session.reader.reports(incident.id)
            link = next((report.link for report in reports if report.link), "")
            self.say(self.host.open_link(link))

    def action_context(self) -> None:
        """Show or hide what is no incident."""
        pane = self.pane
        figures = pane.figures
        if not pane.context_shown and figures is not None and not figures.counts.context_24h:
            self.say(f"No context on {pane.front.name} in 24 hours; older context is shown.")
        pane.context_shown = not pane.context_shown
        self._load(pane)
        pane.refresh_words()

    def action_taller(self) -> None:
        """One line more an incident."""
        self._set_row_height(self.pane.list.row_height + 1)

    def action_shorter(self) -> None:
        """One line fewer an incident."""
        self._set_row_height(self.pane.list.row_height - 1)

    def _set_row_height(self, height: int) -> None:
        if not 1 <= height <= 3:
            self.say(f"A row has one to three lines; it has {plural(self.pane.list.row_height, 'line')} now.")
            return
        self._row_height = height
        self._apply_row_height()

    def action_poll(self) -> None:
        """Ask for a poll of every feed."""
        if not self.session.polls:
            self.say("This is a replay: there are no feeds to poll.")
        elif self.may_write():
            self.session.desk.ask_poll(None, self.session.who, self.session.now())
            self.say("Asked the collector to poll every feed now.")

    def action_wall(self) -> None:
        """Wall mode on or off."""
        self.session.wall = not self.session.wall
        for pane in self.panes:
            pane.list.let_go()
        self._arrange()
        self._apply_look()

    def action_quit(self) -> None:
        """Leave."""
        self.host.exit()
