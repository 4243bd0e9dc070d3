"""The polling of one watch: every feed when its time comes, until somebody ends it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from typing import Final

from tui.clock import Clock
from tui.collector.poll import TOO_MANY, Outcome, Poller
from tui.collector.reach import Reach
from tui.feeds.hosts import Hosts
from tui.feeds.network import canonical
from tui.feeds.safe_text import safe_text
from tui.feeds.schedule import GONE, Timetable, after_poll, at_start
from tui.feeds.web import httpx
from tui.model import FeedRecord, Timestamp, Watch
from tui.store.connect import StoreError
from tui.words import plural, zulu

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
PROBE_EVERY: Final = 10.0
"""Seconds of the machine between looks, by one feed, whether a network that was gone is back."""


class Rounds:
    """Polls the feeds of a watch on their schedule."""

    def __init__(self, watch: Watch, poller: Poller, records: Mapping[str, FeedRecord], clock: Clock) -> None:
        self._feeds = {feed.url: feed for feed in watch.feeds}
        self._host = {url: canonical(httpx.URL(url).host) for url in self._feeds}
        self._policy = watch.fetch
        self._poller = poller
        self._records = dict(records)
        self._clock = clock
        self._timetable = Timetable()
        self._hosts = Hosts(watch.fetch.per_host)
        self._reach = Reach(len(set(self._host.values())))
        self._places = asyncio.Semaphore(AT_ONCE)
        self._polling = 0
        self._by_hand: set[str] = set()
        self._next_probe = 0.0
        self._store_fault = ""
        self._spread = min(SPREAD, PACE * len(self._feeds)) * clock.rate
        for url, record in self._records.items():
            if record.status == TOO_MANY and record.rest_until is not None:
                self._hosts.rest(self._host[url], record.rest_until)

    def words(self) -> str:
        """What it is at, for the person."""
        if self._store_fault:
            return self._store_fault
        if (since := self._reach.down_since) is not None:
            return f"network down since {zulu(since)}: no server can be reached"
        feeds = plural(len(self._feeds), "feed")
        return f"polling {self._polling} of {feeds}" if self._polling else f"watching {feeds}"

    @property
    def network_down(self) -> bool:
        """Whether no server at all can be reached."""
        return self._reach.down_since is not None

    def poll_now(self, url: str | None) -> None:
        """Poll that feed, whatever its state, or (None) every one that is polled, when its host lets it."""
        for each in self._feeds if url is None else (url,):
            if each in self._feeds and (url is not None or self._is_polled(self._records[each])):
                self._by_hand.add(each)
                self._timetable.plan(each, self._clock.now())

    def pause(self, url: str, who: str) -> None:
        """Poll that feed no more; ``who`` empty: poll it again."""
        if url not in self._feeds:
            return
        record = self._records[url] = self._records[url]._replace(paused_by=who)
        self._timetable.plan(url, None if who else self._at_start(record))

    async def run(self) -> None:
        """Until it is cancelled; then the requests under way are, too."""
        loop = asyncio.get_running_loop()
        self._plan_all()
        now, passed = self._clock.now(), loop.time()
        async with asyncio.TaskGroup() as polls:
            while True:
                for url in self._due(now, loop.time()):
                    polls.create_task(self._poll(url))
                await asyncio.sleep(TICK)
                expected = now + (loop.time() - passed) * self._clock.rate
                now, passed = self._clock.now(), loop.time()
                if abs(now - expected) > JUMP * self._clock.rate:
                    log.info("the clock jumped by %.0f s; all feeds are planned anew", now - expected)
                    self._plan_all()

    def _due(self, now: Timestamp, passed: float) -> list[str]:
        """The feeds to poll now; while the network is gone, one of them from time to time."""
        if not self.network_down:
            return self._timetable.take(now, lambda url: self._begin(url, now))
        if passed < self._next_probe or self._polling:
            return []
        self._next_probe = passed + PROBE_EVERY
        probes = [url for url, record in self._records.items() if self._is_polled(record)]
        random.shuffle(probes)  # the one that is asked may be down itself
        for url in probes[:1]:
            self._timetable.plan(url, now)
        return self._timetable.take(now, lambda url: url in probes[:1] and self._begin(url, now))

    def _begin(self, url: str, now: Timestamp) -> bool:
        """Take a place at the feed's host, if it has one."""
        begun = self._hosts.begin(self._host[url], now, by_hand=url in self._by_hand)
        if begun:
            self._by_hand.discard(url)
        return begun

    def _plan_all(self) -> None:
        """Plan every feed as at a start."""
        for url, record in self._records.items():
            self._timetable.plan(url, self._at_start(record))

    def _at_start(self, record: FeedRecord) -> Timestamp | None:
        if record.paused_by:
            return None
        return at_start(
            record, self._policy, now=self._clock.now(), spread=self._spread, jitter=random.random()
        )

    def _is_polled(self, record: FeedRecord) -> bool:
        return not record.paused_by and record.status != GONE

    async def _poll(self, url: str) -> None:
        """Poll one feed and plan its next poll, whatever happens."""
        feed, record = self._feeds[url], self._records[url]
        reached: bool | None = None
        async with self._places:
            self._polling += 1
            try:
                outcome = await self._poller.poll(feed, record)
            except StoreError as error:  # a full disk, say: nothing is stored, and the feed is not to blame
                log.error("what %s tells can't be stored: %s", feed.name, error.brief)
                self._store_fault = error.brief
                self._keep(url, self._postponed(record))
            else:
                self._store_fault = ""
                reached = outcome.reached
                self._keep(url, outcome.record)
                self._tell(record, outcome.record)
                await self._note(url, record, outcome)
            finally:
                self._polling -= 1
                mended = self._hosts.end(self._host[url], self._clock.now(), reached=reached)
        if reached is False:
            await self._put_off(url)
        paused = bool(self._records[url].paused_by)
        self._timetable.plan(url, None if paused else self._records[url].next_poll)
        self._timetable.done(url)
        if mended:
            log.info("%s answers again", self._host[url])
            self._bring_forward(self._host[url])

    def _keep(self, url: str, record: FeedRecord) -> None:
        """The record after a poll; who paused the feed meanwhile stays."""
        self._records[url] = record._replace(paused_by=self._records[url].paused_by)

    def _postponed(self, record: FeedRecord) -> FeedRecord:
        """``record`` as it was, but for the time of the next try."""
        when = after_poll(record, self._policy, failed=False, now=self._clock.now(), jitter=random.random())
        return record._replace(next_poll=when)

    def _tell(self, before: FeedRecord, after: FeedRecord) -> None:
        """Log a feed's turn from good to bad, from bad to good, or to another fault; and a new address."""
        if after.error and after.error != before.error:
            log.warning("%s: %s", after.name, after.error)
        elif before.error and not after.error:
            log.info("%s: good again", after.name)
        if after.moved and after.moved != before.moved:
            log.info("%s: moved for good: put into feeds.toml %s", after.name, after.moved)

    async def _note(self, url: str, before: FeedRecord, outcome: Outcome) -> None:
        """What a poll tells of its host and of our own network."""
        if outcome.rests and outcome.record.rest_until is not None:
            await self._rest(canonical(outcome.rests), outcome.record.rest_until)
        if outcome.reached is None:
            return
        now = self._clock.now()
        if not outcome.reached:
            if self._reach.missed(before, self._host[url], now):
                self._poller.network_down = True
                log.warning("no server can be reached: the network is taken to be down")
                # Those polls failed by our own fault: they are forgotten.
                self._hosts.forgive()
                for record in self._reach.forgiven():
                    await self._put(record)
                for record in [each for each in self._records.values() if each.error and not each.failures]:
                    await self._put(record._replace(error="", failing_since=None))  # it waited for its host
        elif self._reach.met():
            self._poller.network_down = False
            log.info("servers can be reached again")
            self._bring_forward(None)

    async def _rest(self, host: str, until: Timestamp) -> None:
        """Ask nothing of any feed of a host until then; each of them says so."""
        log.info("%s asks to be left alone until %s", host, zulu(until))
        self._hosts.rest(host, until)
        for url in [each for each in self._feeds if self._host[each] == host]:
            record = self._records[url]
            if self._is_polled(record) and (record.rest_until or 0.0) < until:
                when = max(record.next_poll or 0.0, until)
                await self._put(record._replace(rest_until=until, next_poll=when))
                self._timetable.plan(url, when)

    async def _put_off(self, url: str) -> None:
        """The other feeds of a host that does not answer wait for its next probe, and say so."""
        host, now = self._host[url], self._clock.now()
        probe_at = self._hosts.probe_at(host)
        if probe_at is None:
            return
        for other in self._feeds:
            if self.network_down:  # found meanwhile: then it is not the host's fault
                return
            record = self._records[other]
            waits = other != url and self._host[other] == host and self._is_polled(record)
            if waits and (record.next_poll or 0.0) < probe_at:
                words = f"waits: {host} does not answer ({self._records[url].error})"
                since = now if record.failing_since is None else record.failing_since
                error = record.error or safe_text(words, 200)
                await self._put(record._replace(next_poll=probe_at, failing_since=since, error=error))
                self._timetable.plan(other, probe_at)

    async def _put(self, record: FeedRecord) -> None:
        """Keep and store a record that is no poll's."""
        self._keep(record.url, record)
        try:
            await self._poller.restore(record)
        except StoreError as error:  # it is stored with the feed's next poll
            log.error("how %s does can't be stored: %s", record.name, error.brief)

    def _bring_forward(self, host: str | None) -> None:
        """Poll soon what waited for a host, or (None) for the network.

        Else the back-off, which is a courtesy to servers, would keep the screen blind for half an hour after
        everything is well again.
        """
        now = self._clock.now()
        for url, record in self._records.items():
            overdue = record.next_poll is None or record.next_poll <= now
            if self._is_polled(record) and host in (None, self._host[url]) and (record.error or overdue):
                self._timetable.plan(url, now + self._spread * random.random())
