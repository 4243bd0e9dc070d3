"""Fetches that people asked to see: each in a task of its own, its steps stored as they come."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from tui.clock import Clock
from tui.collector.intake import Intake, StoreThread
from tui.feeds.trial import Trial
from tui.feeds.worker import ParseWorker
from tui.model import Feed, Watch
from tui.store.connect import StoreError
from tui.store.feeds import TrialStep, add_step, begin_trial
from tui.store.writer import Writer

log = logging.getLogger(__name__)

END = "end"
"""Name of the last step."""


class Trials:
    """One trial a feed at a time."""

    def __init__(self, intake: Intake, pulse: StoreThread, worker: ParseWorker, clock: Clock) -> None:
        self._intake = intake
        self._pulse = pulse
        self._worker = worker
        self._clock = clock
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def start(self, watch: Watch, url: str, *, offline: bool) -> None:
        """Begin a trial of the feed at ``url``, unless one is under way or the watch has no such feed."""
        feed = next((feed for feed in watch.feeds if feed.url == url), None)
        if feed is None or url in self._under_way:
            return
        task = asyncio.create_task(self._run(watch, feed, offline=offline))
        self._under_way[url] = task
        task.add_done_callback(lambda _: self._under_way.pop(url, None))

    async def _run(self, watch: Watch, feed: Feed, *, offline: bool) -> None:
        async def tell(name: str, words: str, good: bool | None = None) -> None:
            step = TrialStep(self._clock.now(), name, words, good)
            await self._pulse.do(partial(Writer.show, work=partial(add_step, url=feed.url, step=step)))

        try:
            await self._pulse.do(partial(Writer.show, work=partial(begin_trial, url=feed.url)))
            if offline:
                await tell(END, "not fetched: the collector is offline, by --offline", good=False)
                return
            trial = Trial(feed, watch.fetch, tell)
            good = await trial.run(self._worker.parse, self._intake.on_fronts, self._clock.now())
            await tell(END, "a good feed" if good else "not good: see above", good=good)
        except StoreError as error:  # the screen says that the store can't be written by itself
            log.error("the trial of %s can't be shown: %s", feed.name, error)
        except Exception as error:  # a document that this program fails on: told, as with a poll
            log.exception("fault in this program at %s", feed.url)
            await tell(END, f"fault in this program: {type(error).__name__}", good=False)
