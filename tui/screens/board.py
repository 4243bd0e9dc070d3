"""The board: what a person can do with a live pane for each front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands import BOARD, Command
from tui.incidents.attention import QUIET_AFTER, is_new
from tui.model import Incident, Kind, Timestamp
from tui.screens.base import bindings
from tui.screens.panes import PanesScreen
from tui.widgets.incident_list import IncidentList
from tui.widgets.words import plural

if TYPE_CHECKING:
    from tui.screens.correcting import Corrector

PAST_HINTS = (
    "return_to_now",
    "earlier_minutes",
    "later_minutes",
    "earlier_hours",
    "later_hours",
    "travel",
    "earlier_days",
    "later_days",
    "open_incident",
    "help",
)
"""What the footer shows in the past, by the commands' names."""


class BoardScreen(PanesScreen):
    """The board's commands."""

    scope = BOARD
    BINDINGS = bindings(BOARD)

    def _wall_has_no_cursor(self) -> bool:
        """Whether this is the wall; says so, since a key was pressed that wants a cursor."""
        if self.session.wall:
            self.say(f"The wall has no cursor and follows the newest. {self.key('wall')} leaves wall mode.")
        return self.session.wall

    def _has_no_lines(self) -> bool:
        """Whether the overview is shown; says so, since a key was pressed that wants a line."""
        if self.overview is not None:
            goes = self.key("open_incident")
            self.say(f"The overview has a tile for each front and no lines: {goes} goes to a front.")
        return self.overview is not None

    def _move(self, rows: int) -> None:
        if self._wall_has_no_cursor() or self._has_no_lines():
            return
        before = self.pane.list.selected
        self.pane.list.move(rows)
        if before is not None and self.pane.list.selected is before:
            self.say("This is the last line." if rows > 0 else "This is the first line.")

    def _selected(self) -> Incident | None:
        if self._wall_has_no_cursor() or self._has_no_lines():
            return None
        incident = self.pane.list.selected
        if incident is None:
            down, new = self.key("cursor_down"), self.key("next_new")
            self.say(
                f"No line is selected: press {down} to take the first, or {new} for the worst that is new."
            )
        return incident

    def action_cursor_down(self) -> None:
        """Next line, or the tile below."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Line above, or the tile above."""
        self._step(-1)

    def _step(self, rows: int) -> None:
        if self.overview is None:
            self._move(rows)
        elif not self._wall_has_no_cursor():
            self.focus_pane(self.overview.neighbour(self._shown, rows))

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
        """Follow the newest again; the lines of the first start go first."""
        if self.close_welcome():
            return
        if self.pane.list.selected is None and self.pane.list.scroll_offset.y == 0:
            self.say("No line is held: the pane follows the newest.")
        self.pane.list.let_go()

    def action_next_front(self) -> None:
        """To the next front."""
        self.focus_pane(self._shown + 1)

    def action_previous_front(self) -> None:
        """To the previous front."""
        self.focus_pane(self._shown - 1)

    def action_next_new(self) -> None:
        """To the worst incident that is new, of equals the newest; then to the next."""
        new = [incident for incident, _ in self.session.new(self.session.view)]
        if self._wall_has_no_cursor():
            return
        if not new:
            self.say("Nothing is new on any front.")
            return
        selected = self.pane.list.selected
        # From where a person went by hand it is the worst again.
        goes_on = selected is not None and selected.id == self.session.walked and selected.id in new
        at = new.index(selected.id) + 1 if selected is not None and goes_on else 0
        worst = self.session.view.incident(new[at % len(new)])
        shown = [at for at, pane in enumerate(self.panes) if worst and pane.front.id in worst.fronts]
        if worst is None or not shown:
            self.say("That incident is on no front of this watch any more.")
            return
        at = self._shown if self._shown in shown else shown[0]
        if self.overview is not None:
            self.leave_overview(at)
        elif at != self._shown:
            self.focus_pane(at)
        self.session.walked = worst.id
        self.pane.list.merge((worst,))
        self.pane.list.select(worst.id)

    def action_open_incident(self) -> None:
        """Open the selected incident."""
        if self.overview is not None and not self._wall_has_no_cursor():
            self.leave_overview(self._shown)
        elif incident := self._selected():
            self._open(incident)

    def on_incident_list_opened(self, message: IncidentList.Opened) -> None:
        """A double click opens."""
        with self.host.telling():
            self._open(message.incident)

    def _open(self, incident: Incident) -> None:
        from tui.screens.incident import IncidentScreen  # here: the first paint need not wait for it

        self.host.push_screen(IncidentScreen(self.session, incident, past=self.session.past))

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

    def action_note(self) -> None:
        """Write a note on the selected incident."""
        if incident := self._selected():
            self.write_note(incident)

    def action_correct(self) -> None:
        """Choose what is wrong of the selected incident."""
        if corrector := self._corrector():
            corrector.correct()

    def action_not_an_incident(self) -> None:
        """Say that the selected one is none."""
        if corrector := self._corrector():
            corrector.not_an_incident()

    def action_merge(self) -> None:
        """Choose another incident that is the same event."""
        if corrector := self._corrector():
            corrector.merge()

    def _corrector(self) -> Corrector | None:
        from tui.screens.correcting import Corrector  # as above

        incident = self._selected() if self.may_write() else None
        return Corrector(self, incident) if incident else None

    def action_undo(self) -> None:
        """Take back the last thing this person did."""
        self.take_back()

    def action_open_link(self) -> None:
        """Open the first report's page."""
        if incident := self._selected():
            self.open_link_of(self.session.view.reports(incident.id))

    def action_context(self) -> None:
        """Show or hide what is no incident."""
        if self._has_no_lines():
            return
        pane = self.pane
        figures = pane.figures
        if not pane.context_shown and figures is not None and not figures.counts.context_24h:
            self.say(f"No context on {pane.front.name} in 24 hours; older context is shown.")
        pane.context_shown = not pane.context_shown
        shown = [each.front.id for each in self.panes if each.context_shown]
        self.session.memory.set("context", shown)
        self._load(pane)
        pane.refresh_words()

    def action_shelved(self) -> None:
        """Show or fold away what is shelved."""
        if self._has_no_lines():
            return
        pane = self.pane
        if not pane.shelved_shown and pane.figures is not None and not pane.figures.counts.shelved:
            self.say("Nothing told of here in 24 hours is shelved; what is older is shown.")
        pane.shelved_shown = not pane.shelved_shown
        self._load(pane)
        pane.refresh_words()

    def action_overview(self) -> None:
        """All fronts as tiles, or the panes."""
        self.choose_overview(wanted=self.overview is None)

    def action_earlier(self, step: str) -> None:
        """A step back in time."""
        self._step_in_time(step, -1)

    def action_later(self, step: str) -> None:
        """A step forward, up to now."""
        if self._in_the_past():
            self._step_in_time(step, 1)

    def _step_in_time(self, step: str, way: int) -> None:
        from tui.time_machine import STEPS, stepped  # as above

        self._travel_to(stepped(self.session.as_of, self.session.now(), way * STEPS[step]))

    def action_return_to_now(self) -> None:
        """Back to now."""
        if self._in_the_past():
            self._travel_to(None)

    def action_travel(self) -> None:
        """Ask for a time and go there."""
        from tui.time_machine import past_minute  # as above
        from tui.when import FORMS

        def take(typed: str) -> str:
            try:
                at = past_minute(typed, self.session.now())
            except ValueError as fault:
                return f"{fault}:"
            with self.host.telling():
                self._travel_to(at)
            return ""

        self.ask(f"Time, as {FORMS}:", take, limit=30)

    def hints(self) -> list[Command]:
        """In the past the ways through time come first."""
        if self.as_of is None:
            return [each for each in super().hints() if each.name != "poll" or self.session.polls]
        own = self.session.keymap.commands_of(self.scope)
        return [command for name in PAST_HINTS for command in own if command.name == name]

    def _in_the_past(self) -> bool:
        if self.session.as_of is None:
            key = self.key("earlier_minutes")
            self.say(f"This is now. {key} goes back in time.")
        return self.session.as_of is not None

    def _travel_to(self, at: Timestamp | None) -> None:
        self.go_to(at)
        if at is None:
            self.say("This is now again.")

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
        self.session.memory.set("row_height", height)
        self._apply_row_height(self.size)

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
        self.set_overview(None)
        self._apply_look()

    def action_quit(self) -> None:
        """Leave."""
        self.host.exit()
