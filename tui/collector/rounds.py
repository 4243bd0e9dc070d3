"""The polling of one watch: every feed when its time comes, until somebody ends it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tui.clock import Clock
from tui.collector.poll import Poller
from tui.feeds.schedule import Timetable, after_poll, at_start
from tui.model import FeedRecord, Watch
from tui.store.connect import StoreError

log = logging.getLogger(__name__)

TICK: Final = 0.25
"""Seconds of the machine between looks at the timetable."""
PACE: Final = 0.1
"""Seconds of the machine from one poll to the next, on average, at a start or after a sleep; but"""
SPREAD: Final = 8.0
"""seconds of the machine within which all of them begin: somebody is waiting."""
JUMP: Final = 30.0
"""Seconds by which the clock may differ from the time that passed; more is a sleep or a clock set anew."""
AT_ONCE: Final = 64
"""Polls under way; of each a document may wait in memory for the parser."""
DARK_AFTER: Final = 4
"""Polls in a row that reach no server, after which the fault is taken to be this machine's network."""


class Rounds:
    """Polls the feeds of a watch on their schedule."""

    def __init__(self, watch: Watch, poller: Poller, records: Mapping[str, FeedRecord], clock: Clock) -> None:
        self._feeds = {feed.url: feed for feed in watch.feeds}
        self._poller = poller
        self._records = dict(records)
        self._clock = clock
        self._timetable = Timetable()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._polling = 0
        self._unreached = 0
        self._store_fault = ""
        self._spread = min(SPREAD, PACE * len(self._feeds)) * clock.rate

    def words(self) -> str:
        """What it is at, for the person."""
        if self._store_fault:
            return self._store_fault
        if self._unreached >= DARK_AFTER:
            return "no server can be reached: is the network up?"
        feeds = f"{len(self._feeds)} feed" + ("s" if len(self._feeds) != 1 else "")
        return f"polling {self._polling} of {feeds}" if self._polling else f"watching {feeds}"

    def poll_now(self, url: str | None) -> None:
        """Poll that feed, or every feed, as soon as its host has a place."""
        for each in self._feeds if url is None else (url,):
            if each in self._feeds:
                self._timetable.plan(each, self._clock.now())

    async def run(self) -> None:
        """Until it is cancelled; then the requests under way are, too."""
        loop = asyncio.get_running_loop()
        self._plan_all()
        now, passed = self._clock.now(), loop.time()
        async with asyncio.TaskGroup() as polls:
            while True:
                for url in self._timetable.take(now):
                    polls.create_task(self._poll(url))
                await asyncio.sleep(TICK)
                expected = now + (loop.time() - passed) * self._clock.rate
                now, passed = self._clock.now(), loop.time()
                if abs(now - expected) > JUMP * self._clock.rate:
                    log.info("the clock jumped by %.0f s; all feeds are planned anew", now - expected)
                    self._plan_all()

    def _plan_all(self) -> None:
        """Plan every feed as at a start."""
        now, spread = self._clock.now(), self._spread
        for url, record in self._records.items():
            self._timetable.plan(url, at_start(record, now=now, spread=spread, jitter=random.random()))

    async def _poll(self, url: str) -> None:
        """Poll one feed and plan its next poll, whatever happens."""
        feed, record = self._feeds[url], self._records[url]
        async with self._places:
            self._polling += 1
            try:
                outcome = await self._poller.poll(feed, record)
            except StoreError as error:  # a full disk, say: nothing is stored, and the feed is not to blame
                log.error("%s could not be stored: %s", feed.name, error)
                self._store_fault = str(error)
                self._records[url] = self._postponed(record)
            else:
                self._store_fault = ""
                self._records[url] = outcome.record
                self._tell(record, outcome.record)
                self._note_network(reached=outcome.reached)
            finally:
                self._polling -= 1
        self._timetable.plan(url, self._records[url].next_poll or self._clock.now())
        self._timetable.done(url)

    def _postponed(self, record: FeedRecord) -> FeedRecord:
        """``record`` as it was, but for the time of the next try."""
        when = after_poll(
            record, failed=False, now=self._clock.now(), retry_after=None, jitter=random.random()
        )
        return replace(record, next_poll=when)

    def _tell(self, before: FeedRecord, after: FeedRecord) -> None:
        """Log a feed's turn from good to bad, from bad to good, or to another fault."""
        if after.error and after.error != before.error:
            log.warning("%s: %s", after.name, after.error)
        elif before.error and not after.error:
            log.info("%s: good again", after.name)

    def _note_network(self, *, reached: bool) -> None:
        """Count what reached no server; the first answer after a dark time brings the failing feeds forward.

        Else their back-off, which is a courtesy to servers that never were asked, would keep the
        screen blind for half an hour after the network is back.
        """
        if not reached:
            self._unreached += 1
            return
        dark, self._unreached = self._unreached >= DARK_AFTER, 0
        if not dark:
            return
        log.info("servers can be reached again")
        now = self._clock.now()
        for url, record in self._records.items():
            if record.failures:
                self._timetable.plan(url, now + self._spread * random.random())
