"""The collector's way into the store: a thread that writes, so that no transaction holds up a request."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Self, TypeVar

from tui.ingest import Ingest, Poll, Sighting, Taken, merger_of
from tui.model import Entry, Feed, FeedRecord, Timestamp, Watch
from tui.store.connect import Damaged, StoreError
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

Result = TypeVar("Result")

GATHER: Final = 0.1
"""Seconds of the machine from one transaction of polls to the next."""


class StoreThread:
    """A Writer in a thread of its own; what is asked of it is done in order. An async context manager.

    What is under way when it closes is finished, what still waits is not begun.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._writer: Writer | None = None
        self._damage: Damaged | None = None
        self._damaged = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Raises StoreError where the store can't be opened."""
        self._writer = await self._in_thread(lambda: Writer(self._path))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._writer is not None:
            self._writer.close()

    async def do(self, work: Callable[[Writer], Result]) -> Result:
        """``work`` done in the thread; raises what it raises."""
        writer = self._writer
        assert writer is not None
        try:
            return await self._in_thread(lambda: work(writer))
        except Damaged as error:
            self._damage = error
            self._damaged.set()
            raise

    async def until_damaged(self) -> None:
        """Raises what :meth:`do` raised when it met damage: whoever asked it may have gone on."""
        await self._damaged.wait()
        assert self._damage is not None
        raise self._damage

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class _Group:
    """Polls that are stored in one transaction."""

    def __init__(self) -> None:
        self.polls: list[Poll] = []
        self.written: asyncio.Task[list[Taken | Exception]] | None = None
        """What came of each; None until it is begun."""


class Intake:
    """What the polls bring, into the store. Every method raises StoreError."""

    def __init__(self, store: StoreThread) -> None:
        self._store = store
        self._ingest: Ingest | None = None
        self._group = _Group()
        self._next_group = 0.0

    async def adopt(self, watch: Watch, now: Timestamp) -> dict[str, FeedRecord]:
        """Take up a watch: its tagger, and its feeds with what is stored of their polling, by url."""

        def work(writer: Writer) -> dict[str, FeedRecord]:
            # Lists and stories stay: to sweep them for garbage, now or later, takes a fifteenth of the time.
            gc.disable()
            try:
                self._ingest = Ingest(Tagger(watch.fronts, watch.tripwires), merger_of(writer, now), writer)
            finally:
                gc.freeze()
                gc.enable()
            return writer.set_feeds(watch.feeds, watch.fetch)

        self._group = _Group()  # what was left of a watch before is not begun
        return await self._store.do(work)

    async def take(self, feed: Feed, entries: Sequence[Entry], now: Timestamp, record: FeedRecord) -> Taken:
        """Store what is new of a feed's entries and the feed's record, in one transaction."""
        return await self._write(Poll(record, [Sighting(feed, entry, now) for entry in entries]))

    async def on_fronts(self, feed: Feed, entries: Sequence[Entry]) -> int:
        """How many of a feed's entries are on a front of the watch; nothing of them is stored."""
        ingest = self._ingest
        assert ingest is not None
        return await self._store.do(lambda _: ingest.on_fronts(feed, entries))

    async def rule(self, now: Timestamp) -> Taken:
        """Do what people have ruled since; nothing before a watch is adopted."""
        return await self._store.do(lambda _: self._ingest.rule(now) if self._ingest else Taken(0))

    async def save(self, record: FeedRecord) -> None:
        """Store the record of a poll that brought nothing."""
        await self._write(Poll(record))

    async def _write(self, poll: Poll) -> Taken:
        """Store a poll with those that come close to it: a transaction each would take half as long again.

        The first is stored at once, the next ones together GATHER later.
        """
        loop, group = asyncio.get_running_loop(), self._group
        place = len(group.polls)
        group.polls.append(poll)
        await asyncio.sleep(self._next_group - loop.time())
        if group.written is None:
            self._group, self._next_group = _Group(), loop.time() + GATHER
            group.written = asyncio.create_task(self._store.do(lambda _: self._take(group.polls)))
        # Shielded: one that is cancelled must not end what the others wait for.
        taken = (await asyncio.shield(group.written))[place]
        if isinstance(taken, Exception):
            raise taken
        return taken

    def _take(self, polls: Sequence[Poll]) -> list[Taken | Exception]:
        """What came of each poll; where this program fails on one of them, they are taken one by one."""
        ingest = self._ingest
        assert ingest is not None
        try:
            return list(ingest.take_polls(polls))
        except StoreError:
            raise
        except Exception as error:
            return [error] if len(polls) == 1 else [self._take([poll])[0] for poll in polls]

    async def prune(self, before: Timestamp) -> int:
        """Drop what retention does not keep; how many reports that were."""
        return await self._store.do(lambda writer: writer.prune(before))


def first_of(error: BaseException) -> BaseException:
    """The first fault of a group of tasks: what several of them met is told once."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
