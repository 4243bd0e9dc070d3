"""One feed: how it does, when it is polled and why then, and one fetch of it step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.commands import FEED
from tui.feeds.health import FeedState
from tui.feeds.schedule import held_back
from tui.model import FeedRecord
from tui.screens.base import bindings
from tui.screens.feeds import pause_feed, poll_feed, style_of
from tui.screens.page import PageScreen
from tui.session import Session
from tui.widgets.feed_table import Row, complaint, interval_of, rows_of, share, size
from tui.widgets.page import Lines
from tui.widgets.words import age, long_age, plural, zulu

LABEL: Final = 13
"""Cells of the column that names a fact."""
SIGNS: Final = {True: "✓", False: "✗", None: "·"}
"""How a step went: it did, it did not, it only tells."""
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class FeedScreen(PageScreen):
    """A feed's page."""

    scope = FEED
    BINDINGS = bindings(FEED)

    def __init__(self, session: Session, record: FeedRecord) -> None:
        self._record = record
        self._asked = False
        super().__init__(session)

    @property
    def record(self) -> FeedRecord:
        """The feed as the store has it now; as it was last, where it is watched no more."""
        found = (each for each in self.session.reader.feeds() if each.url == self._record.url)
        self._record = next(found, self._record)
        return self._record

    def write(self, lines: Lines) -> None:
        """Name, state, facts, and the steps of the last try."""
        record, ink = self.record, lines.ink
        (row,) = rows_of([record], self.session.now())
        lines.blank()
        lines.text(record.name, ink.strong)
        words = complaint(row)
        lines.text(f"{row.state}: {words}" if words else str(row.state), style_of(row.state, ink))
        lines.blank()
        for label, value in self._facts(row):
            lines.row(label, value, indent=LABEL, label_style=ink.muted)
        self._steps(lines)

    def _facts(self, row: Row) -> Iterator[tuple[str, str]]:
        record, now = row.record, row.now
        front = next(
            (f.name for f in self.session.watch.fronts if f.id == record.front), "any: a general feed"
        )
        yield "address", record.url
        yield "publisher", record.publisher
        yield "front", front
        yield "polled", self._polled(row)
        yield "interval", self._interval(record)
        if record.newest is not None:
            yield "newest entry", f"{age(now - record.newest)} ago, {zulu(record.newest, now)}"
        if record.gap is not None and record.longest is not None:
            words = f"an entry each {age(record.gap)} (median), the longest pause {age(record.longest)}"
            yield "rhythm", words
        if record.bytes:
            words = f"{plural(record.entries, 'entry', 'entries')} in {size(record.bytes)}"
            yield "document", f"{words}; the last answer took {record.took:.1f} s"
        if record.answers:
            same = share(record.unchanged, record.answers)
            yield "answers", f"{record.answers} good ones, {same} of them 304: unchanged"
        if record.stored:
            part = share(record.relevant, record.stored)
            yield "relevant", f"{record.relevant} of {plural(record.stored, 'report')} on a front, {part}"
        if record.failures:
            since = "" if record.failing_since is None else f", since {zulu(record.failing_since, now)}"
            yield "failing", f"{plural(record.failures, 'poll')} in a row{since}"

    def _polled(self, row: Row) -> str:
        record, now = row.record, row.now
        last = "never" if record.last_poll is None else f"{age(now - record.last_poll)} ago"
        if row.state is FeedState.GONE:
            return f"{last}; no more, until the config changes or you ask for it with {self.key('poll_feed')}"
        if record.paused_by:
            return f"{last}; paused by {record.paused_by}, {self.key('pause')} goes on"
        if record.next_poll is None or record.next_poll <= now:
            return f"{last}; due"
        return f"{last}; next in {age(record.next_poll - now)}, at {zulu(record.next_poll, now)}"

    def _interval(self, record: FeedRecord) -> str:
        """How often it is polled, and why so."""
        policy = self.session.watch.fetch
        interval, asked = interval_of(record), max(record.ttl or 0.0, record.max_age or 0.0)
        why = [f"the config says {long_age(record.every)}"]
        if policy.adaptive and record.gap is not None and interval != record.every:
            why.append(f"an entry comes each {age(record.gap)}")
        if asked > record.every / 3:
            why.append(f"its publisher asks for {long_age(asked)}")
        hours = [str(hour) for hour in range(24) if record.skip_hours >> hour & 1]
        days = [day for number, day in enumerate(DAYS) if record.skip_days >> number & 1]
        if hours:
            why.append(f"and for none in the hours {', '.join(hours)} (UTC)")
        if days:
            why.append(f"and for none on {', '.join(days)}")
        bounds = f"bounds {long_age(policy.fastest)} to {long_age(policy.slowest)}"
        wait = held_back(record, policy)
        failed = ""
        if record.failures and wait > interval:
            failed = f", held back to {long_age(wait)} after {plural(record.failures, 'failure')} in a row"
        return f"{long_age(interval)}{failed}: {', '.join(why)}; {bounds}"

    def _steps(self, lines: Lines) -> None:
        """The steps of the last try, as far as they have come."""
        ink, steps = lines.ink, self.session.reader.trial(self._record.url)
        lines.heading("one fetch, step by step")
        if not steps:
            words = "Asked: the collector begins within a second." if self._asked else self._offer()
            lines.text(words, ink.muted)
            return
        self._asked = False
        begun = steps[0].at
        for step in steps:
            style = {True: ink.good, False: ink.blind, None: ink.muted}[step.good]
            label = f"{SIGNS[step.good]} {step.name}"
            lines.row(label, step.words, indent=LABEL, label_style=style)
        ago = age(self.session.now() - begun)
        lines.blank()
        lines.text(f"Begun {ago} ago. {self._offer()}", ink.muted)

    def _offer(self) -> str:
        return f"{self.key('try_feed')} fetches it now and shows each step; nothing of it is stored."

    def action_try_feed(self) -> None:
        """Fetch it once and show every step."""
        if not self.may_write():
            return
        self.session.desk.ask_try(self._record.url, self.session.who, self.session.now())
        self._asked = True
        self.page.remake()
        self.say("Asked: its steps come up below.")

    def action_poll_feed(self) -> None:
        """Poll it now."""
        poll_feed(self, self.record)

    def action_pause(self) -> None:
        """Pause it, or have it polled again."""
        pause_feed(self, self.record)

    def action_undo(self) -> None:
        """Take back the last thing."""
        self.take_back()
        self.page.remake()
