"""The map: where it happened, and beside it the list of what is in view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from tui.commands import MAP
from tui.geo.glyphs import Glyphs
from tui.geo.names import home, own_places
from tui.geo.stand import SPANS, Stand, span_words
from tui.geo.stock import Stock
from tui.geo.view import Frame, View
from tui.model import Incident, Kind
from tui.screens.base import FrontwatchScreen, bindings
from tui.session import Session
from tui.themes import ink
from tui.widgets.header import Header
from tui.widgets.incident_list import IncidentList
from tui.widgets.map_draw import look_of, stand_of
from tui.widgets.map_head import MapHead, in_words
from tui.widgets.map_view import MapView

MOST: Final = 5_000
"""Incidents that are read: those that began last. More on one map tell nothing more."""

WIDE: Final = 100
"""Cells from which on the list stands beside the map and not below it."""

PAN: Final = 0.25
"""Share of the view that a key moves it by."""

ZOOM: Final = 1.5
"""Times that a key brings the map closer."""

WAYS: Final = {"west": (-1, 0), "east": (1, 0), "north": (0, -1), "south": (0, 1)}
"""Cells to the right and down."""


class MapScreen(FrontwatchScreen):
    """A map and a list that go together: what is selected in one is selected in the other.

    Nothing moves by itself: an incident that comes changes neither the selection nor the view.
    """

    scope = MAP
    shows_then = True
    BINDINGS = bindings(MAP)
    CSS = """
    #map-and-list { layout: vertical; height: 1fr; }
    #map-and-list MapView { height: 2fr; width: 1fr; }
    #map-and-list IncidentList { height: 1fr; width: 1fr; border-top: solid $fw-line; }
    #map-and-list.-wide { layout: horizontal; }
    #map-and-list.-wide MapView { height: 1fr; width: 5fr; }
    #map-and-list.-wide IncidentList {
        height: 1fr; width: 2fr; min-width: 40; border-top: none; border-left: solid $fw-line;
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.header = Header(session, way_out="back")
        self.head = MapHead(self._head_words)
        self.map = MapView()
        self.list = IncidentList(session.moment)
        self._more = f"{self.key('fit')} fits the map to all, {self.key('span_longer')} goes further back."
        self.list.empty_words = ("No incident in view.", self._more)
        self._both = Container(self.map, self.list, id="map-and-list")
        self._stand = stand_of(session)
        self._stock = Stock(self._stand)
        self._selected: int | None = None
        self._opened_on: Incident | None = None  # to be selected as soon as the map has a size

    def compose(self) -> ComposeResult:
        """Header, what is shown, map and list, footer."""
        yield self.header
        yield self.head
        yield self._both
        yield self.footer

    def on_mount(self) -> None:
        """Keys go to the list."""
        self._arrange(self.app.size.width)
        self._read()
        self.list.focus()
        self._opened_on = cast(FrontwatchScreen, self.app.screen_stack[-2]).at_hand
        self.footer.display = not self.session.wall
        self.refresh_look()

    # What is shown

    @property
    def stand(self) -> Stand:
        """What is shown, and from where."""
        return self._stand

    @stand.setter
    def stand(self, stand: Stand) -> None:
        self._stand = self.session.map_stand = stand

    def _read(self) -> None:
        """Read anew what is shown: the front or the hours are others."""
        now = self.session.moment()
        since = now - self.stand.hours * 3600.0
        found = self.session.view.incidents(
            front=self.stand.front, kinds=(Kind.INCIDENT,), since=since, limit=MOST
        )
        self._stock.replace(self.stand, found, now)

    def _frame(self) -> Frame | None:
        """What is seen; None while the map has no size yet."""
        width, height = self.map.size
        if not (width and height):
            return None
        view = self.stand.view
        return Frame(self._fitted(width, height) if view is None else view, width, height)

    def _fitted(self, width: int, height: int) -> View:
        """All that is shown; where that is nothing, the cities of the fronts; else the world."""
        fronts = [each for each in self.session.watch.fronts if self.stand.front in (None, each.id)]
        lexicons = {name for front in fronts for name in front.lexicons}
        return self._stock.fitted(width, height, lambda: home(lexicons, own_places(sorted(lexicons))))

    def _head_words(self) -> tuple[str, str, tuple[str, ...]]:
        stock = self._stock
        marked = len(stock.marked)
        in_view = marked if self.map.frame is None else len(self.map.in_view)
        nowhere = len(stock) - marked - stock.shelved
        names = self.session.front_names
        front = "All fronts" if self.stand.front is None else names.get(self.stand.front, self.stand.front)
        return front, span_words(self.stand.hours), in_words(marked, in_view, nowhere, stock.shelved, MOST)

    # Drawing

    def _draw(self, frame: Frame | None = None) -> None:
        """Draw the map as it stands, in another frame where one is given."""
        frame = frame or self.map.frame
        if frame is not None:
            look = look_of(self.session, ink(self.app.theme), self.host.rtl_mode, selected=self._selected)
            self.map.show(frame, self._stock.marked, look)
        self.head.bring_up_to_date()

    def _look_from(self, view: View | None) -> None:
        """Look at another part of the world; None fits it to what is shown."""
        self.stand = replace(self.stand, view=view)
        frame = self._frame()
        if frame is not None:
            self._draw(frame)
            # What is selected stays in the list, wherever it is.
            held = self._stock.get(self._selected)
            self.list.show([*self.map.in_view, *([held] if held is not None else [])])

    def refresh_picture(self) -> None:
        """Take in what changed. Neither the view nor the selection moves; the past stands still."""
        self.header.take_picture()
        if self.as_of is not None:
            return
        touched = self._stock.take(self.session.picture.incidents, self.session.now(), self._selected)
        self._draw()
        if touched and self.map.frame is not None:
            seen = {incident.id for incident in self.map.in_view} | {self._selected}
            changed = (self._stock.get(id) for id in touched & seen)
            self.list.merge((each for each in changed if each), touched - seen, trim=False)
        self.list.bring_up_to_date()

    def refresh_look(self) -> None:
        """Draw anew in another theme or ordering."""
        super().refresh_look()
        self.list.set_look(rtl_mode=self.host.rtl_mode, wall=False)
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """The list beside the map where there is room, else below it."""
        self._arrange(event.size.width)

    def _arrange(self, width: int) -> None:
        wide = width >= WIDE
        self._both.set_class(wide, "-wide")
        self.list.row_height = 2 if wide else 1

    def on_map_view_resized(self, message: MapView.Resized) -> None:
        """Keep the middle of the view, or fit it anew where nobody has moved it."""
        self._look_from(self.stand.view)
        held, self._opened_on = self._opened_on, None
        if held is not None and held.place is not None and self._stock.get(held.id) is not None:
            self._select(held)

    # What is selected

    def on_incident_list_moved(self, message: IncidentList.Moved) -> None:
        """Mark on the map what is selected in the list, and go there where it is out of view."""
        selected = self.list.selected
        now = selected.id if selected is not None else None
        if now == self._selected:
            return
        self._selected = now
        frame = self.map.frame
        place = selected.place if selected is not None else None
        if frame is not None and place is not None and not frame.holds(place.lat, place.lon):
            self._look_from(frame.view.moved(place.lat, place.lon))
        else:
            self._draw()

    def on_map_view_clicked(self, message: MapView.Clicked) -> None:
        """Select the mark's worst incident; again, its next one. A double click opens what is selected."""
        ids = [incident.id for incident in message.mark.incidents]
        if message.twice and self._selected in ids:
            self.action_open_incident()
            return
        at = ids.index(self._selected) + 1 if self._selected in ids else 0
        self.list.select(ids[at % len(ids)])
        self.list.focus()
        if len(ids) > 1:
            closer = self.key("zoom_in")
            self.say(
                f"{at % len(ids) + 1} of {len(ids)} here: click again for the next, {closer} comes closer."
            )

    def on_map_view_moved(self, message: MapView.Moved) -> None:
        """The mouse moved the map."""
        self._look_from(message.view)

    def on_incident_list_opened(self, message: IncidentList.Opened) -> None:
        """A double click in the list opens."""
        with self.host.telling():
            self._open(message.incident)

    def _open(self, incident: Incident) -> None:
        from tui.screens.incident import IncidentScreen  # here: the map need not wait for it

        self.host.push_screen(IncidentScreen(self.session, incident, past=self.session.past))

    def _chosen(self) -> Incident | None:
        incident = self.list.selected
        if incident is None:
            first, new = self.key("cursor_down"), self.key("next_new")
            self.say(f"Nothing is selected: {first} takes the newest in view, {new} the worst that is new.")
        return incident

    # Commands: the list

    def action_cursor_down(self) -> None:
        """Next line."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Line above."""
        self._step(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self._step(self.list.page)

    def action_page_up(self) -> None:
        """A page up."""
        self._step(-self.list.page)

    def action_cursor_home(self) -> None:
        """First line."""
        self._step(-len(self.list.roll) - 1)

    def action_cursor_end(self) -> None:
        """Last line."""
        self._step(len(self.list.roll) + 1)

    def _step(self, rows: int) -> None:
        if not len(self.list.roll):
            self.say(f"No incident is in view: {self._more}")
            return
        before = self.list.selected
        self.list.move(rows)
        if self.list.selected is before:
            self.say("There is no more in view that way.")

    def action_next_new(self) -> None:
        """To the worst incident that is new and that the map shows."""
        new = [held for each, _ in self.session.new(self.session.view) if (held := self._stock.get(each))]
        placed = [each for each in new if each.place is not None]
        if not placed:
            why = "what is new has no place" if new else "nothing is new"
            self.say(f"Nothing to go to: of what is shown here, {why}.")
            return
        ids = [each.id for each in placed]
        walked = self.session.walked if self.session.walked == self._selected else None
        at = ids.index(walked) + 1 if walked is not None and walked in ids else 0
        self.session.walked = ids[at % len(ids)]
        self._select(placed[at % len(placed)])

    def _select(self, incident: Incident) -> None:
        """Select an incident wherever it is; the list's answer brings the map there."""
        self.list.merge((incident,), trim=False)
        self.list.select(incident.id)

    def action_open_incident(self) -> None:
        """Open the selected incident."""
        if incident := self._chosen():
            self._open(incident)

    def action_acknowledge(self) -> None:
        """Acknowledge the selected incident."""
        if self.may_write() and (incident := self._chosen()):
            self.say(self.host.acknowledge((incident,)))

    def action_shelve(self) -> None:
        """Shelve the selected incident."""
        if self.may_write() and (incident := self._chosen()):
            self.say(self.host.shelve((incident,)))

    def action_undo(self) -> None:
        """Take back the last thing this person did."""
        self.take_back()

    def action_open_link(self) -> None:
        """Open the first report's page."""
        if incident := self._chosen():
            self.open_link_of(self.session.view.reports(incident.id))

    # Commands: the map

    def action_pan(self, way: str) -> None:
        """Move the view: ``west``, ``east``, ``north``, ``south``."""
        frame = self.map.frame
        if frame is not None:
            right, down = WAYS[way]
            view = frame.panned(right * frame.width * PAN, down * frame.height * PAN)
            self._look_or_say(view, "This is as far as the map goes.")

    def action_zoom(self, way: str) -> None:
        """Closer (``in``), to what is selected where something is, or further off (``out``)."""
        frame = self.map.frame
        if frame is None:
            return
        if way == "out":
            self._look_or_say(frame.zoomed(1 / ZOOM), "The map goes no further off.")
            return
        held, view = self.list.selected, frame.zoomed(ZOOM)
        if held is not None and held.place is not None:
            view = view.moved(held.place.lat, held.place.lon)
        self._look_or_say(view, "The map comes no closer.")

    def _look_or_say(self, view: View, why_not: str) -> None:
        if self.map.frame is not None and view == self.map.frame.view:
            self.say(why_not)
        else:
            self._look_from(view)

    def action_fit(self) -> None:
        """Fit the view to what is shown."""
        before = self.map.frame
        self._look_from(None)
        if self.map.frame == before:
            self.say("The map is fitted to all that it shows.")

    def action_next_front(self) -> None:
        """All fronts, then each alone."""
        self._turn_front(1)

    def action_previous_front(self) -> None:
        """The same, backwards."""
        self._turn_front(-1)

    def _turn_front(self, way: int) -> None:
        order: Sequence[str | None] = (None, *(front.id for front in self.session.watch.fronts))
        at = order.index(self.stand.front) if self.stand.front in order else 0
        self._show(replace(self.stand, front=order[(at + way) % len(order)]))

    def action_span(self, way: str) -> None:
        """The next span that is ``longer``, or ``shorter``."""
        at = SPANS.index(self.stand.hours) + (1 if way == "longer" else -1)
        if 0 <= at < len(SPANS):
            self._show(replace(self.stand, hours=SPANS[at]))
        else:
            self.say(f"{span_words(self.stand.hours)} is the {way.removesuffix('er')}est span of the map.")

    def _show(self, stand: Stand) -> None:
        """Show another front or other hours."""
        self.stand = stand
        self._read()
        if self._stock.get(self._selected) is None:
            self._selected = None
            self.list.show(())
        self._look_from(stand.view)

    def action_glyphs(self) -> None:
        """Draw with braille, blocks or ASCII."""
        order = tuple(Glyphs)
        glyphs = order[(order.index(self.stand.glyphs) + 1) % len(order)]
        self.stand = replace(self.stand, glyphs=glyphs)
        self._draw()
        self.say(f"Coasts and borders are drawn in {glyphs} now.")

    def action_back(self) -> None:
        """Back to where the map was opened."""
        self.host.pop_screen()
