"""Every feed polled once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from tui import paths
from tui.clock import Clock
from tui.collector.intake import Intake, StoreThread, first_of
from tui.collector.lock import alone_at
from tui.collector.poll import Outcome, Poller
from tui.collector.rounds import AT_ONCE
from tui.feeds.fetch import Fetcher
from tui.feeds.worker import ParseWorker
from tui.lookout import Lookout
from tui.model import Feed, Kind, Watch
from tui.ringer import Ringer
from tui.store.connect import StoreError
from tui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it."""

    feeds: int
    ok: int
    """Feeds whose document was read; one that was the same as before counts."""
    not_modified: int
    """Feeds whose server said that nothing has changed."""
    failed: int
    entries: int
    """Entries in the documents that were read."""
    new_reports: int
    incidents: int
    """Incidents on the watch's fronts that are new or were added to, as they stand at the end."""
    seconds: float

    def as_dict(self) -> dict[str, int | float]:
        """As ``frontwatch collect --once --json`` prints it."""
        return asdict(self)


async def collect_once(
    watch: Watch, data: Path, clock: Clock, progress: Callable[[str], None] | None = None
) -> Summary:
    """Poll every feed of ``watch`` that is not paused now, whatever its schedule.

    ``progress`` gets a line a feed. Raises StoreError where the store can't be used, Taken (one of it) while
    another collector does.
    """
    loop = asyncio.get_running_loop()
    started = loop.time()
    worker = ParseWorker()
    async with alone_at(data), StoreThread(data / paths.STORE_NAME) as store, Fetcher(watch.fetch) as fetcher:
        intake = Intake(store)
        start = clock.now()
        records = await intake.adopt(watch, start)
        await intake.rule(start)
        poller = Poller(fetcher, worker, intake, clock, watch.fetch)
        feeds = [feed for feed in watch.feeds if not records[feed.url].paused_by]
        done, places = 0, asyncio.Semaphore(AT_ONCE)

        async def one(feed: Feed) -> Outcome:
            nonlocal done
            async with places:
                outcome = await poller.poll(feed, records[feed.url])
            done += 1
            if progress is not None:
                words = outcome.record.error or f"{outcome.entries} entries, {outcome.new_reports} new"
                progress(f"{done}/{len(feeds)} {feed.name}: {words}")
            return outcome

        try:
            async with asyncio.TaskGroup() as polls:
                tasks = [polls.create_task(one(feed)) for feed in feeds]
        except* StoreError as errors:
            raise first_of(errors) from None
        finally:
            await worker.close()
        await store.do(lambda writer: Lookout(watch).look(writer, clock.now()))
        await store.do(lambda writer: Ringer(watch, start).ring(writer, clock.now()))
    outcomes = [task.result() for task in tasks]
    fronts = {front.id for front in watch.fronts}
    with closing(Reader(data / paths.STORE_NAME)) as reader:
        touched = reader.incidents_of(id for outcome in outcomes for id in outcome.incidents).values()
    results = Counter(outcome.result for outcome in outcomes)
    return Summary(
        feeds=len(outcomes),
        ok=results["ok"],
        not_modified=results["not_modified"],
        failed=results["failed"],
        entries=sum(outcome.entries for outcome in outcomes),
        new_reports=sum(outcome.new_reports for outcome in outcomes),
        incidents=sum(each.kind is Kind.INCIDENT and bool(fronts & {*each.fronts}) for each in touched),
        seconds=round(loop.time() - started, 3),
    )
