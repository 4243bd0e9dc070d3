"""Feeds: the state of each, the worst first, and what is wrong in words a person can act on."""

from __future__ import annotations

from rich.style import Style

from tui.feeds.health import FeedState, judge
from tui.model import FeedRecord, Timestamp
from tui.screens.page import PageScreen
from tui.widgets import rtl
from tui.widgets.page import Lines
from tui.widgets.words import age, plural

ORDER = (FeedState.FAILING, FeedState.LATE, FeedState.WAITING, FeedState.FRESH)
"""What needs a person comes first."""

NAME = 30
"""Cells of the column of names."""


class FeedsScreen(PageScreen):
    """One line a feed, and its fault below it."""

    def write(self, lines: Lines) -> None:
        """Failing feeds first, then by name."""
        now = self.session.now()
        judged = [(judge(record, now), record) for record in self.session.reader.feeds()]
        judged.sort(key=lambda pair: (ORDER.index(pair[0]), pair[1].name.casefold()))
        fresh = sum(state is FeedState.FRESH for state, _ in judged)
        lines.heading(f"{plural(len(judged), 'feed')}, {fresh} fresh")
        head = f"{'feed':<{NAME}}{'state':<9}{'newest':>7}{'polled':>8}{'next':>7}{'entries':>9}"
        lines.add((head, lines.ink.muted))
        for state, record in judged:
            self._row(lines, state, record, now)

    def _row(self, lines: Lines, state: FeedState, record: FeedRecord, now: Timestamp) -> None:
        ink = lines.ink
        lines.begin_block(record.url)
        name = lines.name(rtl.cut(record.name, NAME - 2), ink.strong)
        pad = " " * (NAME - sum(rtl.cells(part) for part, _ in name))
        style: Style = {FeedState.FAILING: ink.blind, FeedState.LATE: ink.blind}.get(state, ink.text)
        newest = "–" if record.newest is None else age(now - record.newest)
        polled = "–" if record.last_poll is None else age(now - record.last_poll)
        due = "–" if record.next_poll is None else age(record.next_poll - now)
        lines.add(
            *name,
            (pad, ink.strong),
            (f"{state:<9}", style),
            (f"{newest:>7}{polled:>8}{due:>7}{record.entries:>9}", ink.muted),
        )
        if record.error:
            lines.text(record.error, style, indent=2, most=2)
        lines.end_block()
