"""``frontwatch check``: every feed polled once, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tui.feeds import health
from tui.feeds.faults import no_entry
from tui.feeds.fetch import Answer, Fetcher
from tui.feeds.worker import ParseWorker
from tui.model import Feed, Watch
from tui.words import plural

BAR: Final = 30
"""Cells of the progress bar."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one feed."""

    feed: Feed
    entries: int = 0
    fault: str = ""
    """In words; empty where it can be polled."""
    reached: bool | None = True
    """Whether a server was met; None where the address can't be asked."""
    notes: tuple[str, ...] = ()
    """What is no fault, and can be mended all the same."""

    def lines(self) -> list[str]:
        """For a person: what it is, and how to mend it."""
        name = self.feed.name
        if self.fault:
            return [f"FAULT  {name}  {self.fault}  {self.feed.url}"]
        return [f"good   {name}  {self.entries} entries", *(f"note   {name}  {note}" for note in self.notes)]


async def probe(watch: Watch, tell: Callable[[str], None], progress: Callable[[int, int, str], None]) -> int:
    """Poll every feed; ``tell`` gets the lines of each feed in the watch's order.

    ``progress`` gets how many are done, of how many, and the name of the last. Returns how many feeds have a
    fault. Nothing is stored.
    """
    done = 0
    worker = ParseWorker()

    async def one(fetcher: Fetcher, feed: Feed) -> Verdict:
        nonlocal done
        answer = await fetcher.fetch(feed.url)
        verdict = Verdict(feed, fault=answer.error, reached=answer.reached)
        if answer.outcome == "ok":
            parsed = await worker.parse(answer.body, answer.content_type, answer.url, watch.fetch.max_entries)
            count = len(parsed.entries)
            fault = no_entry(answer.status, parsed.fault) if parsed.fault else ""
            verdict = Verdict(feed, count, fault, notes=tuple(_notes(answer, count)))
        done += 1
        progress(done, len(watch.feeds), feed.name)
        return verdict

    try:
        async with Fetcher(watch.fetch) as fetcher:
            verdicts = await asyncio.gather(*(one(fetcher, feed) for feed in watch.feeds))
    finally:
        await worker.close()
    dead = _network_down(verdicts)
    if dead:
        tell(
            f"FAULT  no server answers: the network is down ({plural(len(dead), 'feed')} tried); "
            "try again when it is back, or check the config alone with --offline"
        )
    for verdict in verdicts:
        for line in verdict.lines() if verdict not in dead else ():
            tell(line)
    return sum(bool(verdict.fault) for verdict in verdicts)


def _network_down(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The feeds whose fault is our own network's: none where any server was met, or too few were asked."""
    missed = [verdict for verdict in verdicts if verdict.reached is False]
    hosts, all_hosts = ({urlsplit(each.feed.url).hostname for each in some} for some in (missed, verdicts))
    met = any(verdict.reached for verdict in verdicts)
    enough = len(missed) >= health.DOWN_AFTER and len(hosts) >= min(health.HOSTS, len(all_hosts))
    return missed if not met and enough else []


def _notes(answer: Answer, entries: int) -> list[str]:
    """What is no fault of a feed, but a person should know."""
    notes = []
    if answer.moved:
        notes.append(f"moved for good: put into feeds.toml {answer.moved}")
    if not entries:
        notes.append("it answers, but without a single entry")
    if answer.took >= health.SLOW:
        notes.append(f"slow: {answer.took:.0f} s for one answer")
    return notes


def bar(done: int, total: int, name: str) -> str:
    """``[######........] 12/43 Naharnet``."""
    full = BAR * done // max(1, total)
    return f"[{'#' * full}{'.' * (BAR - full)}] {done}/{total} {name[:40]}"
