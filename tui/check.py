"""``frontwatch check``: every feed polled once, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui.feeds.fetch import Fetcher
from tui.feeds.worker import ParseWorker
from tui.model import Feed, Watch


async def probe(watch: Watch, tell: Callable[[str], None], progress: Callable[[str], None]) -> int:
    """Poll every feed; ``tell`` gets a line a feed in the watch's order, ``progress`` where it stands.

    Returns how many feeds have a fault. Nothing is stored.
    """
    done = 0
    worker = ParseWorker()

    async def one(fetcher: Fetcher, feed: Feed) -> tuple[Feed, str, int]:
        nonlocal done
        answer = await fetcher.fetch(feed.url)
        fault, entries = answer.error, 0
        if answer.outcome == "ok":
            parsed = await worker.parse(answer.body, answer.content_type, answer.url, watch.fetch.max_entries)
            fault, entries = parsed.fault, len(parsed.entries)
        done += 1
        progress(f"{done}/{len(watch.feeds)} {feed.name}")
        return feed, fault, entries

    try:
        async with Fetcher(watch.fetch) as fetcher:
            results = await asyncio.gather(*(one(fetcher, feed) for feed in watch.feeds))
    finally:
        await worker.close()
    for feed, fault, entries in results:
        tell(
            f"FAULT  {feed.name}  {fault}  {feed.url}" if fault else f"good   {feed.name}  {entries} entries"
        )
    return sum(bool(fault) for _, fault, _ in results)
