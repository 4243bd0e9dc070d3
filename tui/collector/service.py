"""What a collector does, from the lock to the last transaction."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tui import paths
from tui.alerts.courier import Courier
from tui.clock import Clock
from tui.collector.intake import Intake, StoreThread, first_of
from tui.collector.lock import alone_at, stay_at
from tui.collector.poll import Poller
from tui.collector.repair import finish, look_through, mend
from tui.collector.rounds import Rounds
from tui.collector.trials import Trials
from tui.config import ConfigError, FileWatch, load
from tui.feeds.fetch import Fetcher
from tui.feeds.health import DOWN, OFFLINE
from tui.feeds.worker import ParseWorker
from tui.heaps import give_back
from tui.lookout import Lookout
from tui.model import Heartbeat, Watch
from tui.ringer import Ringer
from tui.seldom import Seldom
from tui.store.connect import Damaged, StoreError
from tui.store.desk import CHECK, PRUNE
from tui.store.migrate import Newer
from tui.store.rows import Request
from tui.store.writer import Writer

log = logging.getLogger(__name__)

BEAT_EVERY: Final = 2.0
"""Seconds of the machine between signs of life."""
LISTEN_EVERY: Final = 1.0
"""Seconds of the machine between looks for what people ask of us."""
CONFIG_EVERY: Final = 2.0
"""Seconds of the machine between looks at the config file."""
LOOK_EVERY: Final = 60.0
"""Seconds of our clock between looks at the fronts' posture; but"""
LOOK_PACE: Final = 2.0
"""at least so many of the machine, however fast our clock runs."""
RING_EVERY: Final = 2.0
"""Seconds of the machine between looks for what is an alarm."""
PRUNE_EVERY: Final = 3600.0
"""Seconds of our clock between prunings."""
COMPLAIN_EVERY: Final = 60.0
"""Seconds of the machine within which one and the same complaint is told once: what fails each second, on a
full disk, would drive all else out of the log. A screen that hears none for two minutes ends us as hung."""


async def run(
    config: Path,
    data: Path,
    clock: Clock,
    *,
    stop: asyncio.Event | None = None,
    wait: bool = False,
    offline: bool = False,
) -> None:
    """Collect by the watch in ``config`` into the store in ``data`` until ``stop`` is set.

    Raises ConfigError where the config is faulty at the start, StoreError where the store can't be
    used, Taken (one of it) where another collector uses it and ``wait`` is not asked for.
    """
    told = asyncio.create_task((stop or asyncio.Event()).wait())
    work = asyncio.create_task(_work(config, data, clock, wait=wait, offline=offline))
    try:
        await asyncio.wait({told, work}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (told, work):
            task.cancel()
        await asyncio.wait({told, work})
    if not work.cancelled() and (error := work.exception()) is not None:
        raise first_of(error) from error


async def _work(config: Path, data: Path, clock: Clock, *, wait: bool, offline: bool) -> None:
    store = data / paths.STORE_NAME
    async with alone_at(data, wait=wait):
        await asyncio.to_thread(finish, store)
        while True:
            try:
                return await _serve(config, store, clock, offline=offline)
            except Exception as error:
                # What was open is closed by now: what can be read goes into a new store, and on with that.
                if not isinstance(first_of(error), Damaged) or not await asyncio.to_thread(mend, store):
                    raise


async def _serve(config: Path, store: Path, clock: Clock, *, offline: bool) -> None:
    files = FileWatch(config)
    watch = await asyncio.to_thread(load, config)
    worker = ParseWorker()
    try:
        # Two threads with a connection each: no long transaction of the one stops the other's pulse.
        async with StoreThread(store) as writing, StoreThread(store) as pulse:
            service = Service(_Config(config, files), writing, pulse, worker, clock, offline=offline)
            async with asyncio.TaskGroup() as tasks:
                for work in (stay_at(store), writing.until_damaged(), pulse.until_damaged()):
                    tasks.create_task(work)
                tasks.create_task(look_through(store, service.check_now))
                tasks.create_task(service.run(watch))
    finally:
        await worker.close()


@dataclass(slots=True)
class _Config:
    """The config file as it was last seen."""

    path: Path
    files: FileWatch
    fault: str = ""
    """What is wrong with it now; empty while it is the watch that runs."""

    def reread(self) -> Watch | None:
        """The watch in the file if it has changed and is good."""
        if not self.files.changed():
            return None
        try:
            watch = load(self.path)
        except ConfigError as error:
            first, more = error.faults[0], len(error.faults) - 1
            self.fault = f"config: {first.where}: {first.what}" + (f" (and {more} more)" if more else "")
            log.error("the config is not taken up, the one before goes on: %s", error)
            return None
        self.fault = ""
        return watch


class Service:
    """What the collector does all along: polls, beats, listens, minds its config and prunes."""

    def __init__(
        self,
        config: _Config,
        writing: StoreThread,
        pulse: StoreThread,
        worker: ParseWorker,
        clock: Clock,
        *,
        offline: bool = False,
    ) -> None:
        self._config = config
        self._intake = Intake(writing)
        self._pulse = pulse
        self._worker = worker
        self._clock = clock
        self._rounds: Rounds | None = None
        self._changed = asyncio.Event()
        self._prune_now = asyncio.Event()
        self._reading = asyncio.Lock()
        self.check_now = asyncio.Event()
        """A screen has met damage: the store is to be looked through."""
        self._seldom = Seldom(COMPLAIN_EVERY)
        self._started = Clock().now()
        self._offline = offline
        self._trials = Trials(self._intake, pulse, worker, clock)

    async def run(self, watch: Watch) -> None:
        """Until it is cancelled."""
        self._watch = watch
        await self._pulse.do(partial(Lookout(watch).start, now=self._clock.now()))
        async with asyncio.TaskGroup() as tasks:
            for work in (
                self._poll,
                self._beat,
                self._listen,
                self._rule,
                self._mind_config,
                self._look,
                self._ring,
                self._prune,
            ):
                tasks.create_task(work())

    async def _poll(self) -> None:
        """Poll by the watch as it is; a changed one begins anew, with what is stored of each feed."""
        while True:
            self._changed.clear()
            watch = self._watch
            records = await self._intake.adopt(watch, self._clock.now())
            log.info("feeds watched: %d, fronts: %d", len(watch.feeds), len(watch.fronts))
            if self._offline:
                await self._changed.wait()
                continue
            async with Fetcher(watch.fetch) as fetcher:
                poller = Poller(fetcher, self._worker, self._intake, self._clock, watch.fetch)
                self._rounds = Rounds(watch, poller, records, self._clock)
                polling = asyncio.create_task(self._rounds.run())
                changed = asyncio.create_task(self._changed.wait())
                try:
                    await asyncio.wait({polling, changed}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in (polling, changed):
                        task.cancel()
                    await asyncio.wait({polling, changed})
            if not polling.cancelled():
                polling.result()  # raises what ended it

    async def _beat(self) -> None:
        """Say each two seconds that we live, and what we are at."""
        while True:
            heartbeat = self._heartbeat()
            try:
                await self._pulse.do(partial(Writer.beat, heartbeat=heartbeat))
            except Newer:
                raise  # from here on the store is the later program's; what this one wrote could be wrong
            except StoreError as error:
                self._complain("no sign of life could be given", error)
            await asyncio.sleep(BEAT_EVERY)

    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(
            pid=os.getpid(),
            started=self._started,
            beat=Clock().now(),
            origin=self._clock.origin,
            anchor=self._clock.anchor,
            rate=self._clock.rate,
            doing=self._config.fault or self._doing(),
            network=self._network(),
        )

    def _doing(self) -> str:
        if self._offline:
            return "offline: nothing is polled"
        return self._rounds.words() if self._rounds else "starting"

    def _network(self) -> str:
        if self._offline:
            return OFFLINE
        return DOWN if self._rounds is not None and self._rounds.network_down else ""

    async def _listen(self) -> None:
        """Do what people ask of us."""
        while True:
            try:
                requests = await self._pulse.do(Writer.requests)
            except StoreError as error:
                self._complain("the screens can't be heard", error)
                requests = []
            for request in requests:
                log.info("%s asks: %s", request.who, " ".join(filter(None, (request.verb, request.url))))
                self._obey(request)
            await asyncio.sleep(LISTEN_EVERY)

    def _obey(self, request: Request) -> None:
        url, rounds = request.url, self._rounds
        if request.verb == "try" and url is not None:
            self._trials.start(self._watch, url, offline=self._offline)
        elif request.verb == CHECK:
            self.check_now.set()
        elif request.verb == PRUNE:
            self._prune_now.set()
        elif rounds is not None and request.verb == "poll":
            rounds.poll_now(url)
        elif rounds is not None and url is not None and request.verb in ("pause", "resume"):
            rounds.pause(url, request.who if request.verb == "pause" else "")

    def _complain(self, what: str, error: StoreError) -> None:
        """Tell what can't be done, which is tried again soon."""
        if self._seldom.due(what, error.brief):
            log.error("%s: %s", what, error.brief)

    async def _rule(self) -> None:
        """Do what people rule of incidents."""
        while True:
            try:
                taken = await self._intake.rule(self._clock.now())
            except StoreError as error:
                self._complain("what people ruled could not be done", error)
            else:
                if taken.touched or taken.emptied:
                    log.info("ruled: %s", [each.id for each in taken.touched] + list(taken.emptied))
            await asyncio.sleep(LISTEN_EVERY)

    async def _mind_config(self) -> None:
        """Look from time to time whether the config has changed."""
        while True:
            await asyncio.sleep(CONFIG_EVERY)
            await self._take_up_config()

    async def _take_up_config(self) -> None:
        """Take up a changed config when it is good; tell its fault, and go on as before, when it is not."""
        async with self._reading:
            watch = await asyncio.to_thread(self._config.reread)
            if watch is not None and watch != self._watch:
                log.info("the config has changed")
                self._watch = watch
                self._changed.set()

    async def _look(self) -> None:
        """Look how every front stands."""
        lookout = Lookout(self._watch)
        while True:
            if lookout.watch is not self._watch:
                lookout = Lookout(self._watch)
            try:
                await self._pulse.do(partial(lookout.look, now=self._clock.now()))
            except StoreError as error:
                self._complain("the posture of the fronts can't be told", error)
            await asyncio.sleep(max(LOOK_PACE, self._clock.real_seconds(LOOK_EVERY)))

    async def _ring(self) -> None:
        """Ring for what is an alarm."""
        start = self._clock.now()
        while True:
            watch = self._watch
            outputs = watch.alarms.to
            ringer, courier = Ringer(watch, start, outputs=outputs), Courier(outputs, self._pulse)
            bringing = asyncio.create_task(courier.run())
            try:
                while watch is self._watch:
                    if bringing.done():
                        bringing.result()  # a fault in it ends the collector, which is started again
                    try:
                        if await self._pulse.do(partial(ringer.ring, now=self._clock.now())):
                            courier.wake()
                    except StoreError as error:
                        self._complain("alarms can't be told", error)
                    await asyncio.sleep(RING_EVERY)
            finally:
                bringing.cancel()
                await asyncio.wait({bringing})

    async def _prune(self) -> None:
        """Keep to the retention of the watch. Offline all that is stored stays, unless somebody asks."""
        due = not self._offline
        while True:
            if due:
                try:
                    dropped = await self._intake.prune(self._clock.now() - self._watch.keep)
                except StoreError as error:
                    self._complain("nothing could be pruned", error)
                else:
                    log.log(logging.INFO if dropped else logging.DEBUG, "pruned %d reports", dropped)
                    give_back()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._prune_now.wait(), self._clock.real_seconds(PRUNE_EVERY))
            due = self._prune_now.is_set() or not self._offline
            if self._prune_now.is_set():
                self._prune_now.clear()
                await self._take_up_config()  # whoever asks may have changed just now what is kept
