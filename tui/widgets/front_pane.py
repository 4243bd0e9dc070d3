"""A pane: one front, its figures and its incidents."""

from __future__ import annotations

from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from tui.feeds.health import Coverage
from tui.follow import FrontFigures
from tui.incidents.standing import Posture
from tui.model import Front
from tui.session import Session
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.incident_list import IncidentList
from tui.widgets.posture_words import posture_of, subtitle, title_forms
from tui.widgets.posture_words import title as fit_title
from tui.widgets.words import fold_hours, row_age, spark, zulu


class PaneHead(DrawnLines):
    """One line: what is new, the day's count, its spark by hour, and how far the quiet can be trusted."""

    DEFAULT_CSS = "PaneHead { height: 1; background: $fw-ground; }"

    def __init__(self, session: Session, front: Front) -> None:
        super().__init__()
        self._session = session
        self._front = front

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        style = self.ink
        width = self.size.width
        figures = self._session.picture.figures.get(self._front.id)
        if figures is None:
            return [Segment(" …", style.muted)]
        counts, coverage = figures.counts, figures.coverage
        blind = coverage.blind and self._session.polls
        new = f" {counts.new} new"
        day = f" · {counts.in_24h} in 24 h"
        newest = "" if figures.newest is None else f" {row_age(self._session.now() - figures.newest)}"
        fresh = f"{coverage.fresh}/{coverage.total}" if self._session.polls else ""
        right = f"{fresh}{newest} "
        room = width - len(new) - len(day) - len(right) - 3
        bars = spark(fold_hours(counts.hours, min(24, room))) if room >= 6 else ""
        segments = [
            Segment(new, style.strong if counts.new else style.muted),
            Segment(day, style.muted),
            Segment(f"  {bars}", style.muted),
        ]
        used = sum(segment.cell_length for segment in segments)
        segments.append(Segment(" " * max(1, width - used - len(right))))
        segments.append(Segment(right, style.blind if blind else style.muted))
        return segments


class FrontPane(Vertical):
    """A front's pane. Its border and title say when it is blind and how much is new above the view."""

    DEFAULT_CSS = """
    FrontPane {
        border: round $fw-line; border-title-color: $fw-text; border-title-style: bold;
        border-subtitle-color: $fw-muted; background: $fw-ground; height: 1fr; width: 1fr;
    }
    FrontPane.-surge { border-title-color: $fw-high; }
    FrontPane:focus-within { border: round $fw-focus; border-title-color: $fw-focus; }
    FrontPane.-wall:focus-within { border: round $fw-line; border-title-color: $fw-text; }
    FrontPane.-blind { border: heavy $fw-blind; border-title-color: $fw-blind; }
    FrontPane.-blind:focus-within { border: double $fw-blind; border-title-color: $fw-blind; }
    """

    def __init__(self, session: Session, front: Front) -> None:
        super().__init__()
        self.front = front
        self.session = session
        self.head = PaneHead(session, front)
        self.list = IncidentList(session.now)
        self.context_shown = False
        self.read_to: tuple[float, int] | None = None
        """Key (first_seen, id) of the oldest row read from the store in order; None before any was."""

    def compose(self) -> ComposeResult:
        """The head above the list."""
        yield self.head
        yield self.list

    @property
    def figures(self) -> FrontFigures | None:
        """The front's figures as they stand."""
        return self.session.picture.figures.get(self.front.id)

    def refresh_words(self) -> None:
        """Bring title, subtitle and head up to date."""
        figures = self.figures
        coverage = figures.coverage if figures else None
        unread = bool(self.session.picture.fault)
        blind = unread or (coverage is not None and coverage.blind and self.session.polls)
        self.set_class(blind, "-blind")
        above = f" ── {count} new above" if (count := self.list.new_above) else ""
        blinds: tuple[str, ...] = ("",)
        if blind:
            blinds = (" ── BLIND",) if unread or coverage is None else self._blind_words(coverage)
        standing = figures.posture if figures else None
        forms = title_forms(standing)
        title, told = fit_title(self.front.name.upper(), forms, blinds, above, self._title_room)
        self.set_class(posture_of(standing).rank >= Posture.SURGE.rank, "-surge")
        # The reason stands below where the title has no room for it.
        reason = standing.words if standing is not None and told in forms[1:] else ""
        self._set_border(title, subtitle(reason, self._context_words(figures), self._title_room))
        self.list.empty_words = self._empty_words(blind)
        self.head.bring_up_to_date()
        self.list.bring_up_to_date()

    def _blind_words(self, coverage: Coverage) -> tuple[str, ...]:
        """That the pane is blind, in as many words as there is room for: the longest first."""
        since = coverage.blind_since
        when = "" if since is None else f" since {zulu(since, self.session.now())}"
        fresh, total = coverage.fresh, coverage.total
        return (
            f" ── BLIND{when} · {fresh} of {total} feeds",
            f" ── BLIND{when} {fresh}/{total}",
            " ── BLIND",
        )

    @property
    def _title_room(self) -> int:
        return max(1, self.size.width - 6)

    def _context_words(self, figures: FrontFigures | None) -> tuple[str, ...]:
        """How much context there is, in as many words as there is room for: the longest first."""
        if figures is None or not figures.counts.context_24h:
            return ("",)
        count, how = figures.counts.context_24h, "shown" if self.context_shown else "(c)"
        return (f"{count} context {how}", f"{count} context", f"{count} (c)")

    def _empty_words(self, blind: bool) -> tuple[str, ...]:
        picture = self.session.picture
        if picture.heartbeat is None:
            return ("The collector is starting.",)
        if not blind:
            return ("No incident on record yet.",)
        if picture.failing:
            return (
                "Too few feeds can be reached to tell.",
                "F says why. Without a network, try",
                "frontwatch demo.",
            )
        return ("Polling the feeds for the first time.",)

    def _set_border(self, title: str, subtitle: str) -> None:
        # Content, not str: a name out of the config must not be read as markup.
        room = self._title_room
        wanted = Content(rtl.cut(title, room))
        if str(self._shown_title) != str(wanted):
            self._shown_title = wanted
            self.border_title = wanted
        under = Content(rtl.cut(subtitle, room))
        if str(self._shown_subtitle) != str(under):
            self._shown_subtitle = under
            self.border_subtitle = under

    _shown_title: Content = Content("")
    _shown_subtitle: Content = Content("")
