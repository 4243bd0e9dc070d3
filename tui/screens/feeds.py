"""Feeds: the state of each in a table that sorts and filters, and what is wrong in words to act on."""

from __future__ import annotations

from rich.style import Style

from tui.commands import FEEDS
from tui.feeds.health import OFFLINE, FeedState
from tui.model import FeedRecord
from tui.screens.base import bindings
from tui.screens.page import PageScreen
from tui.session import Session
from tui.themes import Ink
from tui.widgets import feed_table, rtl
from tui.widgets.feed_table import Column, Row
from tui.widgets.page import Lines, Page
from tui.widgets.words import zulu


class FeedsScreen(PageScreen):
    """One row a feed; what is wrong stands on it where there is room, else below."""

    scope = FEEDS
    BINDINGS = bindings(FEEDS)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._sort = "state"
        self._filter = feed_table.EVERY

    # Drawing

    def write(self, lines: Lines) -> None:
        """Summary, what is shown and how, head, rows."""
        rows = feed_table.rows_of(self.session.reader.feeds(), self.session.now())
        shown = feed_table.ordered(feed_table.filtered(rows, self._filter), self._sort)
        lines.heading(feed_table.summary(rows, lines.width))
        words = f"sorted by {self._sort} · {self._filter}"
        if self._filter != feed_table.EVERY:
            words = f"sorted by {self._sort} · only what is {self._filter}: {len(shown)} of {len(rows)}"
        lines.add((rtl.cut(words, lines.width), lines.ink.muted))
        columns, name = feed_table.columns_for(lines.width)
        lines.blank()
        lines.add(*self._head(lines.ink, columns, name))
        for row in shown:
            self._row(lines, row, columns, name)
        if not shown:
            lines.blank()
            lines.add((f"No feed is {self._filter} now.", lines.ink.text))

    def _head(self, ink: Ink, columns: list[Column], name: int) -> list[tuple[str, Style]]:
        """The titles; the one that the table is sorted by stands out."""

        def title(words: str, width: int, *, right: bool) -> tuple[str, Style]:
            sorted_by = words == self._sort
            told = f"▾{words}" if sorted_by else words
            return f"{told:>{width}}" if right else f"{told:<{width}}", ink.strong if sorted_by else ink.muted

        return [
            title("state", feed_table.STATE, right=False),
            title("feed", name, right=False),
            *(title(column.title, column.width, right=True) for column in columns),
        ]

    def _row(self, lines: Lines, row: Row, columns: list[Column], name: int) -> None:
        ink, record = lines.ink, row.record
        style = style_of(row.state, ink)
        lines.begin_block(record.url)
        shown = lines.name(rtl.cut(record.name, name - 2), ink.strong)
        pad = " " * (name - sum(rtl.cells(part) for part, _ in shown))
        figures = "".join(f"{column.words(row):>{column.width}}" for column in columns)
        runs = [(f"{row.state:<{feed_table.STATE}}", style), *shown, (pad, ink.text), (figures, ink.text)]
        words = feed_table.complaint(row)
        room = lines.width - feed_table.STATE - name - len(figures) - 2
        inline = room >= feed_table.INLINE and rtl.cells(words) <= room
        lines.add(*runs, *([(f"  {words}", style)] if inline and words else []))
        if words and not inline:
            lines.text(words, style, indent=feed_table.STATE, most=2)
        lines.end_block()

    # What a person does

    def selected(self) -> FeedRecord | None:
        """The feed that is selected; None, told in the footer, where none is."""
        url = self.page.key if self.page.selected is not None else None
        record = next((each for each in self.session.reader.feeds() if each.url == url), None)
        if record is None:
            self.say(f"Select a feed first: {self.key('cursor_down')} takes the topmost.")
        return record

    async def on_page_opened(self, message: Page.Opened) -> None:
        """A double click does what Enter does."""
        await self.run_action("open_feed")

    def action_open_feed(self) -> None:
        """Everything about the selected feed."""
        record = self.selected()
        if record is not None:
            from tui.screens.feed import FeedScreen  # here: the table need not wait for it

            self.host.push_screen(FeedScreen(self.session, record))

    def action_sort_feeds(self) -> None:
        """By the next column."""
        names = [name for name, _ in feed_table.ORDERS]
        self._sort = names[(names.index(self._sort) + 1) % len(names)]
        self.page.remake()
        self.say(f"Sorted by {self._sort}. {self.key('sort_feeds')}: the next column.")

    def action_filter_feeds(self) -> None:
        """Only what is in the next state."""
        rows = feed_table.rows_of(self.session.reader.feeds(), self.session.now())
        choices = feed_table.filters_of(rows)
        at = choices.index(self._filter) + 1 if self._filter in choices else 0
        self._filter = choices[at % len(choices)]
        self.page.remake()
        if len(choices) <= 2:
            self.say("Every feed is in the same state: there is nothing to filter.")
        else:
            self.say(f"Shown: {self._filter}. {self.key('filter_feeds')}: the next state.")

    def action_poll_feed(self) -> None:
        """Poll the selected feed now."""
        record = self.selected()
        if record is not None:
            poll_feed(self, record)

    def action_pause(self) -> None:
        """Pause the selected feed, or have it polled again."""
        record = self.selected()
        if record is not None:
            pause_feed(self, record)

    def action_undo(self) -> None:
        """Take back the last thing."""
        self.take_back()
        self.page.remake()


def style_of(state: FeedState, ink: Ink) -> Style:
    """What is not seen stands out; the word says which it is."""
    if state in feed_table.BAD:
        return ink.blind
    return ink.text if state is FeedState.FRESH else ink.strong


def poll_feed(screen: PageScreen, record: FeedRecord) -> None:
    """Ask the collector to poll that feed now, and say what will come of it."""
    session = screen.session
    if not screen.may_write():
        return
    heartbeat = session.picture.heartbeat
    if heartbeat is not None and heartbeat.network == OFFLINE:
        screen.say("Not polled: the collector is offline, by --offline.")
        return
    now = session.now()
    session.desk.ask_poll(record.url, session.who, now)
    if record.rest_until is not None and record.rest_until > now:
        screen.say(f"Asked, but its server wants to be left alone: polled at {zulu(record.rest_until, now)}.")
    else:
        screen.say(f"Asked to poll {record.name} now.")


def pause_feed(screen: PageScreen, record: FeedRecord) -> None:
    """Pause a feed, or have it polled again, and say so."""
    session = screen.session
    if not screen.may_write():
        return
    pause = not record.paused_by
    if not session.desk.pause(record.url, session.who, session.now(), paused=pause):
        screen.say("Somebody else did that just now.")
        return
    screen.page.remake()
    what = "Paused: it is not polled" if pause else "Polled again from now on"
    screen.say(f"{what}. {screen.key('undo')} takes it back.")
