"""One poll of one feed: fetched, read, taken in, and its record brought up to date."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

from tui.clock import Clock
from tui.collector.intake import Intake
from tui.feeds.fetch import Answer, Fetcher
from tui.feeds.parse import Parsed
from tui.feeds.schedule import after_poll
from tui.feeds.worker import ParseWorker
from tui.model import Feed, FeedRecord, Timestamp
from tui.store.connect import StoreError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a poll."""

    result: Literal["ok", "not_modified", "failed"]
    record: FeedRecord
    reached: bool
    """Whether a server answered at all."""
    entries: int = 0
    new_reports: int = 0
    incidents: int = 0


class Poller:
    """Polls feeds of one watch."""

    def __init__(
        self, fetcher: Fetcher, worker: ParseWorker, intake: Intake, clock: Clock, max_entries: int
    ) -> None:
        self._fetcher = fetcher
        self._worker = worker
        self._intake = intake
        self._clock = clock
        self._max_entries = max_entries

    async def poll(self, feed: Feed, record: FeedRecord) -> Outcome:
        """Poll ``feed`` and store what came of it. Raises StoreError; then nothing is stored."""
        try:
            return await self._poll(feed, record)
        except StoreError:
            raise
        except Exception as error:  # a document that this program fails on must not end all polling
            log.exception("fault in this program at %s", feed.url)
            return await self._failed(record, Answer("failed"), f"fault in this program: {error!r:.150}")

    async def _poll(self, feed: Feed, record: FeedRecord) -> Outcome:
        answer = await self._fetcher.fetch(feed.url, record.etag, record.last_modified)
        if answer.outcome == "failed":
            return await self._failed(record, answer, answer.error)
        digest = blake2b(answer.body, digest_size=16).hexdigest()
        if answer.outcome == "not_modified" or digest == record.digest:
            unchanged = self._good(record, answer)
            await self._intake.save(unchanged)
            return Outcome(answer.outcome, unchanged, reached=True)
        parsed = await self._worker.parse(
            answer.body, answer.content_type, answer.url or feed.url, self._max_entries
        )
        if parsed.fault:
            # Without validators: the next answer is the whole document again, so that no 304 to this
            # one can pass for good, and a parser that was only out of luck gets another chance.
            bare = replace(record, etag="", last_modified="", digest="")
            return await self._failed(bare, answer, parsed.fault)
        good = self._good(replace(record, digest=digest, entries=len(parsed.entries)), answer)
        good = replace(good, newest=_newest(parsed, record.newest, self._clock.now()))
        taken = await self._intake.take(feed, parsed.entries, self._clock.now(), good)
        return Outcome("ok", good, True, len(parsed.entries), taken.new_reports, taken.incidents)

    async def _failed(self, record: FeedRecord, answer: Answer, error: str) -> Outcome:
        now = self._clock.now()
        record = replace(
            record,
            last_poll=now,
            failures=record.failures + 1,
            failing_since=record.failing_since if record.failing_since is not None else now,
            error=error,
        )
        record = replace(record, next_poll=self._next(record, answer, now))
        await self._intake.save(record)
        return Outcome("failed", record, reached=answer.status != 0)

    def _good(self, record: FeedRecord, answer: Answer) -> FeedRecord:
        """``record`` after a good answer, with the answer's validators."""
        now = self._clock.now()
        record = replace(
            record,
            last_poll=now,
            last_ok=now,
            failures=0,
            failing_since=None,
            error="",
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
        return replace(record, next_poll=self._next(record, answer, now))

    def _next(self, record: FeedRecord, answer: Answer, now: Timestamp) -> Timestamp:
        return after_poll(
            record,
            failed=record.failures > 0,
            now=now,
            retry_after=answer.retry_after,
            jitter=random.random(),
        )


def _newest(parsed: Parsed, before: Timestamp | None, now: Timestamp) -> Timestamp | None:
    """Date of the newest entry ever seen; one that is dated ahead counts as of now."""
    dates = [min(entry.published, now) for entry in parsed.entries if entry.published is not None]
    return max(dates + ([before] if before is not None else []), default=None)
