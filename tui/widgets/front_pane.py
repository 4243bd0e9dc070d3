"""A pane: one front, its figures and its incidents."""

from __future__ import annotations

from rich.segment import Segment
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.feeds.health import DOWN, OFFLINE
from tui.follow import FrontFigures
from tui.model import Front, Incident, Kind, State
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.front_words import Border, border, context_forms, head
from tui.widgets.guard import Guarded
from tui.widgets.incident_list import IncidentList


class PaneHead(DrawnLines):
    """One line: what is new, the day's count, its spark by hour, and how far the quiet can be trusted."""

    DEFAULT_CSS = "PaneHead { height: 1; background: $fw-ground; }"

    def __init__(self, session: Session, front: Front) -> None:
        super().__init__()
        self._session = session
        self._front = front

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        style, session = self.ink, self._session
        figures = session.shown.figures.get(self._front.id)
        if figures is None:
            return [Segment(" …", style.muted)]
        # A cell of air at either end.
        counts, bars, sight = head(figures, session.moment(), self.size.width - 2, polls=session.polls)
        new, separator, rest = counts.partition(" · ")
        segments = [
            Segment(f" {new}", style.strong if figures.counts.new else style.muted),
            Segment(f"{separator}{rest}  {bars}", style.muted),
        ]
        used = sum(segment.cell_length for segment in segments)
        blind = figures.coverage.blind and session.polls
        segments.append(Segment(" " * max(1, self.size.width - used - rtl.cells(sight) - 1)))
        segments.append(Segment(f"{sight} ", style.blind if blind else style.muted))
        return segments


class PaneGrid(Widget):
    """The panes in a grid that covers it."""

    BLANK = True
    DEFAULT_CSS = "PaneGrid { width: 1fr; height: 1fr; layout: grid; grid-size: 1; }"


class FrontPane(Guarded, Widget):
    """A front's pane. Its border and title say when it is blind and how much is new above the view."""

    DEFAULT_CSS = """
    FrontPane { layout: vertical; overflow: hidden hidden;
        border: round $fw-line; border-title-color: $fw-text; border-title-style: bold;
        border-subtitle-color: $fw-muted; background: $fw-ground; height: 1fr; width: 1fr;
    }
    FrontPane.-surge { border-title-color: $fw-high; }
    FrontPane:focus-within { border: round $fw-focus; border-title-color: $fw-focus; }
    FrontPane.-wall:focus-within { border: round $fw-line; border-title-color: $fw-text; }
    FrontPane.-blind { border: heavy $fw-blind; border-title-color: $fw-blind; }
    FrontPane.-blind:focus-within { border: double $fw-blind; border-title-color: $fw-blind; }
    FrontPane.-wall.-blind:focus-within { border: heavy $fw-blind; border-title-color: $fw-blind; }
    FrontPane.-past { border: dashed $fw-blind; border-title-color: $fw-blind; }
    FrontPane.-past:focus-within { border: dashed $fw-focus; border-title-color: $fw-focus; }
    FrontPane.-past.-blind { border: heavy $fw-blind; border-title-color: $fw-blind; }
    """

    def __init__(self, session: Session, front: Front) -> None:
        super().__init__()
        self.front = front
        self.session = session
        self.head = PaneHead(session, front)
        self.list = IncidentList(session.moment)
        self.behind = False
        """A fault kept what is new from its list."""
        self.context_shown = False
        self.shelved_shown = False
        self.width_to_be = 0
        """Cells that it gets when it is laid out: its title is told before that."""
        self.read_to: tuple[float, int] | None = None
        """Key (first_seen, id) of the oldest row read from the store in order; None before any was."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The border: between top and bottom all lines are alike, so that one is made for all."""
        if crop.height < 4:
            return super().render_lines(crop)
        top = super().render_lines(Region(crop.x, crop.y, crop.width, 2))
        bottom = super().render_lines(Region(crop.x, crop.bottom - 1, crop.width, 1))
        return [*top, *[top[1]] * (crop.height - 3), *bottom]

    def compose(self) -> ComposeResult:
        """The head above the list."""
        yield self.head
        yield self.list

    def on_click(self) -> None:
        """A click anywhere in it gives it the keys."""
        self.list.focus()

    @property
    def figures(self) -> FrontFigures | None:
        """The front's figures as they stand."""
        return self.session.shown.figures.get(self.front.id)

    def shows(self, incident: Incident) -> bool:
        """Whether the incident belongs in the list: what is shelved is folded away, and context."""
        return (
            self.front.id in incident.fronts
            and (self.context_shown or incident.kind is Kind.INCIDENT)
            and (self.shelved_shown or incident.state is not State.SHELVED)
        )

    def refresh_words(self) -> None:
        """Bring title, subtitle and head up to date."""
        session, figures = self.session, self.figures
        counts = figures.counts if figures else None
        told = border(
            self.front.name,
            figures,
            session.moment(),
            max(1, (self.size.width or self.width_to_be) - 6),
            unread=session.unread or self.behind,
            since=session.unread_since,
            polls=session.polls,
            above=self.list.new_above,
            hidden=self.list.above,
            tail=context_forms(counts, self.session.keymap.key("context"), shown=self.context_shown),
        )
        classes = {"-blind": told.blind, "-surge": told.surge, "-past": session.as_of is not None}
        self.update_classes(classes, update=self.is_attached)
        self._set_border(told)
        self.list.empty_words = self._empty_words(figures, told.blind)
        self.head.bring_up_to_date()
        self.list.bring_up_to_date()

    def _empty_words(self, figures: FrontFigures | None, blind: bool) -> tuple[str, ...]:
        picture = self.session.picture
        if self.session.as_of is not None:
            return ("No incident had been on record.",)
        if self.session.unread:
            told = self.session.outage
            why = (told.why,) if told is not None and told.why else ()
            return ("Nothing is being collected:", "this quiet means nothing.", *why)
        if picture.heartbeat is None:
            return ("The collector is starting.",)
        if not blind:
            return ("No incident on record yet.",)
        if picture.heartbeat.network == OFFLINE:
            return ("Started offline: nothing is polled.",)
        if picture.heartbeat.network == DOWN:
            return ("No server answers: the network is down.", "Polling goes on as soon as it is back.")
        if picture.failing:
            return (
                "Too few feeds can be reached to tell.",
                f"{self.session.keymap.key('feeds')} says why.",
                "Without a network, try frontwatch demo.",
            )
        if figures is not None and figures.coverage.newest is not None:
            return ("Polling the feeds again.",)
        return ("Polling the feeds for the first time.",)

    def _set_border(self, told: Border) -> None:
        # Content, not str: a name out of the config must not be read as markup.
        wanted = Content(told.title)
        if str(self._shown_title) != str(wanted):
            self._shown_title = wanted
            self.border_title = wanted
        under = Content(told.subtitle)
        if str(self._shown_subtitle) != str(under):
            self._shown_subtitle = under
            self.border_subtitle = under

    _shown_title: Content = Content("")
    _shown_subtitle: Content = Content("")
