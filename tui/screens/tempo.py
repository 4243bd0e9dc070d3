"""Tempo: how many incidents by hour, day or week, beside the usual; and the tally since a date."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from threading import Lock
from typing import Final, TypeVar

from textual.worker import get_current_worker

from tui.clock import DAY, HOUR
from tui.commands import TEMPO
from tui.incidents.tally import Asked, Tally
from tui.incidents.tempo import REACH, Size, learn
from tui.model import ACT_TYPES, Front, Timestamp
from tui.screens.base import bindings
from tui.screens.page import PageScreen
from tui.session import Session
from tui.store.connect import StoreError
from tui.store.reader import Reader
from tui.tagging.lexicon import LexiconError
from tui.tally import count, matcher_of
from tui.when import FORMS, moment
from tui.widgets.page import Lines
from tui.widgets.posture_words import SIGNS, posture_of
from tui.widgets.tally_words import write_tally
from tui.widgets.tempo_chart import AXIS, chart, columns, reach, readout

SPAN: Final = 28 * DAY
"""Seconds back from which a tally counts until somebody says another time."""
SIZES: Final[tuple[Size, ...]] = ("hour", "day", "week")
LEAST, MOST = 5, 12
"""Lines of a chart."""
TALLY_LINES: Final = 14
"""Lines of the page that charts leave to the tally."""
RECOUNT_AFTER: Final = 60.0
"""Seconds of the machine after which a tally is counted anew where the store has changed."""

_COUNTING: Final = Lock()

Choice = TypeVar("Choice")


class TempoScreen(PageScreen):
    """A chart for each front, and below them the tally of what is looked at."""

    scope = TEMPO
    shows_then = True
    BINDINGS = bindings(TEMPO)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._bar_size: Size = "day"
        self._front: Front | None = None
        """The front that is looked at alone; None: all of them."""
        self._back = 0
        """Bars by which the cursor stands before the newest."""
        self._bars = 1
        """Bars of the longest chart."""
        self._by: str | None = None
        self._against: str | None = None
        self._type: str | None = None
        self._since: Timestamp | None = None
        """From when the tally counts; None: the usual span, and 0 all that is stored."""
        self._sides: tuple[str, ...] = ()
        """Sides that the lists know, once they are read."""
        self._tally: Tally | None = None
        self._fault = ""
        self._counted: tuple[int, Timestamp] = (0, 0.0)
        """The store's ``seq`` and our clock when the tally was counted last."""

    def on_mount(self) -> None:
        """Charts at once; the tally when it is counted."""
        super().on_mount()
        self._recount()

    def refresh_picture(self) -> None:
        """New figures, the tally not at every one; the past stands still."""
        if self.as_of is not None:
            self.header.take_picture()
            return
        super().refresh_picture()
        seq, at = self._counted
        if self.session.picture.seq != seq and abs(self.session.now() - at) > RECOUNT_AFTER:
            self._recount()

    # The page

    def write(self, lines: Lines) -> None:
        """Charts, then the tally."""
        of = " ".join([*([self._type] if self._type else []), *([f"by {self._by}"] if self._by else [])])
        lines.add(
            (f"INCIDENTS BY {self._bar_size.upper()}", lines.ink.focus),
            (f"{f', only {of}' if of else ''}", lines.ink.strong),
            ("   ", lines.ink.muted),
            *(
                run
                for size in SIZES
                if size != self._bar_size
                for run in (
                    (self.key(f"bars_{size}"), lines.ink.focus),
                    (f" by {size}   ", lines.ink.muted),
                )
            ),
        )
        fronts = self.session.watch.fronts if self._front is None else (self._front,)
        self._bars = 1
        share = (self.page.size.height - TALLY_LINES) // len(fronts) - 4
        for front in fronts:
            self._write_front(lines, front, max(LEAST, min(MOST, share)))
        name = "all fronts" if self._front is None else self._front.name
        write_tally(lines, self._asked(), name, self._tally, self._fault)

    def _write_front(self, lines: Lines, front: Front, height: int) -> None:
        ink, room = lines.ink, lines.width - AXIS
        until = (self.session.moment() // HOUR + 1) * HOUR
        needed = max(REACH, reach(self._bar_size, room))
        hours = self.session.view.hours(front.id, until, needed, self._type, self._by)
        usual = learn(hours, front.zone)
        told = columns(hours, self._bar_size, usual, front.posture or self.session.watch.posture, room)
        self._bars = max(self._bars, len(told))
        at = max(0, len(told) - 1 - self._back)
        figures = self.session.shown.figures.get(front.id)
        standing = figures.posture if figures else None
        posture = posture_of(standing)
        why = f": {standing.words}" if standing is not None and standing.words else ""
        lines.blank()
        name = lines.name(front.name.upper(), ink.strong)
        lines.add(*name, (f"  {SIGNS[posture]} {posture}{why}", ink.alarm if SIGNS[posture] else ink.muted))
        for runs in chart(told, self._bar_size, height, lines.width, ink, at):
            lines.add(*runs)
        known = any(each.bar.seen or each.bar.partly for each in told)
        words = "Nothing is known of this time yet."
        if known:
            words = readout(told[at], self._bar_size, self.session.moment())
        lines.add((" " * AXIS, ink.text), (words, ink.text))

    # The tally

    def _asked(self) -> Asked:
        now = self.session.moment()
        since = now - SPAN if self._since is None else self._since
        front = None if self._front is None else self._front.id
        return Asked(since, now, front, self._against, self._by, self._type)

    def _recount(self) -> None:
        """Count anew, in a thread with a reader of its own; what was asked before is let go.

        Only one counts at a time: what ten quick keys ask for would be in memory ten times.
        """
        self._counted = self.session.picture.seq, self.session.now()
        asked, watch, as_of = self._asked(), self.session.watch, self.as_of

        def work() -> None:
            worker = get_current_worker()
            with _COUNTING:
                if worker.is_cancelled:
                    return
                try:
                    matcher, self._sides = matcher_of(watch)
                    with closing(Reader(self.session.store)) as reader:
                        view = reader if as_of is None else reader.past(as_of)
                        made, fault = count(view, asked, matcher), ""
                except (StoreError, LexiconError) as error:
                    made, fault = None, str(error)
            if not worker.is_cancelled:
                self.app.call_from_thread(self._take, made, fault)

        self.run_worker(work, thread=True, exclusive=True, group="tally")

    def _take(self, made: Tally | None, fault: str) -> None:
        self._tally, self._fault = made, fault
        self.page.remake()

    # Commands

    def action_bars(self, size: Size) -> None:
        """Bars of an hour, a day or a week."""
        if size == self._bar_size:
            self.say(f"A bar is of one {size} already.")
        self._bar_size, self._back = size, 0
        self.page.remake()

    def action_next_front(self) -> None:
        """All fronts, then one after the other."""
        self._turn_front(1)

    def action_previous_front(self) -> None:
        """The same, backwards."""
        self._turn_front(-1)

    def _turn_front(self, way: int) -> None:
        choices: list[Front | None] = [None, *self.session.watch.fronts]
        self._front = _after(choices, self._front, way)
        self._changed()

    def action_previous_bar(self) -> None:
        """The bar to the left."""
        self._move(1)

    def action_next_bar(self) -> None:
        """The bar to the right."""
        self._move(-1)

    def _move(self, bars: int) -> None:
        wanted = self._back + bars
        if not 0 <= wanted < self._bars:
            self.say("This is the newest bar." if wanted < 0 else "This is the oldest bar.")
            return
        self._back = wanted
        self.page.remake()

    def action_type(self) -> None:
        """Only one type of act, or any."""
        self._type = _after([None, *ACT_TYPES], self._type)
        self._changed()

    def action_by(self) -> None:
        """Only what one side did, or any."""
        if self._know_sides():
            self._by = _after([None, *self._sides, "unknown"], self._by)
            self._changed()

    def action_against(self) -> None:
        """Only what one side suffered, or any: in the tally alone."""
        if self._know_sides():
            self._against = _after([None, *self._sides], self._against)
            self._changed()
            # The tally may lie below what is in view.
            self.say(
                "The tally counts all." if self._against is None else f"The tally: against {self._against}."
            )

    def _know_sides(self) -> bool:
        if not self._sides:
            self.say("The lists are being read: in a moment.")
        return bool(self._sides)

    def action_since(self) -> None:
        """Ask from when the tally is to count."""

        def take(typed: str) -> str:
            now = self.session.moment()
            try:
                since = moment(typed, now) if typed else 0.0
            except ValueError:
                return f"Say {FORMS}:"
            if since > now:
                return "That is yet to come:"
            self._since = since
            self._changed()
            return ""

        self.ask("Tally since (a day or an age; empty: all that is stored):", take)

    def _changed(self) -> None:
        self._tally = None
        self.page.remake()
        self._recount()


def _after(choices: Sequence[Choice], one: Choice, way: int = 1) -> Choice:
    """The choice after this one, or (-1) before it, around; the first where it is none of them."""
    return choices[(choices.index(one) + way) % len(choices) if one in choices else 0]
