"""Two hundred feeds of 17 MB read the lean way, by feedparser, and beside a loop that has other things to do.

    uv run python -m tests.benchmarks.bench_parse [FEEDS]

Prints which share goes the lean way, the ratio of processor time to feedparser's on what does, with and
without the way from fields to entries that both share, and then, for the lean way inline, in a thread
and in its process, how long all take while a loop of 3 ms of work a feed goes on, and how long that
loop stalls.
"""

from __future__ import annotations

import asyncio
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from unittest import mock

from tests.benchmarks.realistic import Written, documents
from tui.feeds import lean, parse
from tui.feeds.gate import Refused
from tui.feeds.parse import Parsed
from tui.feeds.worker import ParseWorker

URL = "https://outlet.example/feed"
MOST = 2_000
WORK = 0.003
"""Seconds of the loop's own work a feed: about what a request costs it."""


def read_lean(written: Written) -> Parsed | None:
    """As the lean way reads it; None where it is refused."""
    try:
        return lean.parse(written.body, written.content_type, URL, MOST)
    except Refused:
        return None


def read_full(written: Written) -> Parsed:
    """As feedparser reads it."""
    return parse.parse(written.body, written.content_type, URL, MOST)


def timed(read: Callable[[Written], object], written: Sequence[Written]) -> float:
    """Seconds of processor time for all of them, the better of two rounds."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        for each in written:
            read(each)
        best = min(best, time.process_time() - began)
    return best


async def beside_a_loop(where: str, written: Sequence[Written]) -> tuple[float, float, float]:
    """Seconds that all take, and the 99th percentile and the longest of the loop's stalls."""
    worker, gaps, at_once = ParseWorker(), [0.0], asyncio.Semaphore(32)
    await worker.parse(b"", "", URL, MOST)  # started

    async def ticks() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - began - 0.001)

    async def one(each: Written) -> None:
        async with at_once:
            await asyncio.sleep(0.005)
            until = time.perf_counter() + WORK
            while time.perf_counter() < until:
                pass
            if where == "process":
                await worker.parse(each.body, each.content_type, URL, MOST)
            elif where == "thread":
                await asyncio.to_thread(read_lean, each)
            else:
                read_lean(each)

    ticking = asyncio.create_task(ticks())
    began = time.perf_counter()
    await asyncio.gather(*map(one, written))
    took = time.perf_counter() - began
    ticking.cancel()
    await worker.close()
    gaps.sort()
    return took, gaps[len(gaps) * 99 // 100], gaps[-1]


def main() -> None:
    """Print the figures."""
    warnings.simplefilter("ignore")  # feedparser's own
    written = documents(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    megabytes = sum(len(each.body) for each in written) / 1e6
    plain = [each for each in written if read_lean(each) is not None]
    left = Counter(each.kind for each in written if read_lean(each) is None)
    entries = sum(len(read_full(each).entries) for each in written)
    print(f"{len(written)} feeds, {megabytes:.1f} MB, {entries} entries")
    print(f"lean: {len(plain)} feeds ({len(plain) / len(written):.0%}); left to feedparser: {dict(left)}")
    fast, slow = timed(read_lean, plain), timed(read_full, plain)
    print(f"to entries: lean {fast:.2f} s, feedparser {slow:.2f} s: {slow / fast:.1f} times as fast")
    with (
        mock.patch.object(parse, "parsed_of", lambda *_: Parsed()),
        mock.patch.object(lean, "parsed_of", lambda *_: Parsed()),
    ):
        fast, slow = timed(read_lean, plain), timed(read_full, plain)
    print(f"to fields: lean {fast:.2f} s, feedparser {slow:.2f} s: {slow / fast:.1f} times as fast")
    for where in ("inline", "thread", "process"):
        took, most, longest = asyncio.run(beside_a_loop(where, plain))
        print(f"{where:8} {took:.2f} s; the loop stalls {most * 1000:.0f} ms (p99), {longest * 1000:.0f} ms")


if __name__ == "__main__":
    main()
