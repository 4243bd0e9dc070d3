"""One poll of one feed: fetched, read, taken in, and its record brought up to date."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from tui.clock import Clock
from tui.collector.intake import Intake
from tui.feeds.faults import no_entry
from tui.feeds.fetch import Answer, Fetcher
from tui.feeds.hints import hints_of
from tui.feeds.parse import Parsed
from tui.feeds.rhythm import rhythm_of
from tui.feeds.schedule import after_poll, interval_of
from tui.feeds.web import httpx
from tui.feeds.worker import ParseWorker
from tui.model import Feed, FeedRecord, Timestamp
from tui.policy import FetchPolicy
from tui.store.connect import StoreError

log = logging.getLogger(__name__)

TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a poll."""

    result: Literal["ok", "not_modified", "failed"]
    record: FeedRecord
    reached: bool | None
    """Whether a server answered at all; None where the address can't be asked."""
    entries: int = 0
    new_reports: int = 0
    incidents: frozenset[int] = frozenset()
    """Ids of the incidents that are new or were added to."""
    rests: str = ""
    """The host that asked to be left alone as a whole, until the record's ``rest_until``."""


class Poller:
    """Polls feeds of one watch."""

    def __init__(
        self, fetcher: Fetcher, worker: ParseWorker, intake: Intake, clock: Clock, policy: FetchPolicy
    ) -> None:
        self._fetcher = fetcher
        self._worker = worker
        self._intake = intake
        self._clock = clock
        self._policy = policy
        self.network_down = False
        """Our own network is gone: what can't be reached is no feed's fault, and nothing is stored of it."""

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
            return await self._unchanged(record, answer)
        parsed = await self._worker.parse(
            answer.body, answer.content_type, answer.url or feed.url, self._policy.max_entries
        )
        if parsed.fault:
            # Without its digest: a parser that was only out of luck gets another chance.
            error = no_entry(answer.status, parsed.fault)
            return await self._failed(record._replace(digest=""), answer, error)
        now = self._clock.now()
        good = self._good(_with_document(record, parsed, answer, digest, now), answer, now)
        taken = await self._intake.take(feed, parsed.entries, now, good)
        return Outcome("ok", good, True, len(parsed.entries), taken.new_reports, taken.incidents)

    async def restore(self, record: FeedRecord) -> None:
        """Store a record as it was before a poll that is not to count."""
        await self._intake.save(record)

    async def _unchanged(self, record: FeedRecord, answer: Answer) -> Outcome:
        """The document is the one that was read last."""
        assert answer.outcome != "failed"
        unchanged = self._good(record, answer, self._clock.now())
        await self._intake.save(unchanged)
        return Outcome(answer.outcome, unchanged, reached=True)

    async def _failed(self, record: FeedRecord, answer: Answer, error: str) -> Outcome:
        if self.network_down and answer.reached is False:
            return Outcome("failed", record, reached=False)
        if answer.reached is not False:
            # What a server did to be failing is not mended by its saying later that nothing has changed:
            # without validators it is asked for the whole document. One that was not reached said nothing.
            record = record._replace(etag="", last_modified="")
        now = self._clock.now()
        record = record._replace(
            last_poll=now,
            failures=record.failures + 1,
            failing_since=record.failing_since if record.failing_since is not None else now,
            error=error,
            status=answer.status,
            took=answer.took,
        )
        record = self._planned(record, answer, now)
        await self._intake.save(record)
        # With a 429 it is the host that has had enough, whichever of its feeds was asked.
        rests = httpx.URL(answer.url).host if answer.status == TOO_MANY else ""
        return Outcome("failed", record, answer.reached, rests=rests)

    def _good(self, record: FeedRecord, answer: Answer, now: Timestamp) -> FeedRecord:
        """``record`` after a good answer, with the answer's validators."""
        record = record._replace(
            last_poll=now,
            last_ok=now,
            failures=0,
            failing_since=None,
            error="",
            etag=answer.etag,
            last_modified=answer.last_modified,
            status=answer.status,
            moved=answer.moved,
            took=answer.took,
            answers=record.answers + 1,
            unchanged=record.unchanged + (answer.outcome == "not_modified"),
        )
        return self._planned(record, answer, now)

    def _planned(self, record: FeedRecord, answer: Answer, now: Timestamp) -> FeedRecord:
        """``record`` with its interval and next poll, by what the answer and its documents ask for."""
        asked = answer.retry_after
        if asked is None and answer.status == TOO_MANY:
            asked = record.interval or record.every
        rest = None if asked is None else now + min(asked, self._policy.slowest)
        max_age = record.max_age if answer.outcome == "failed" else answer.max_age
        record = record._replace(rest_until=rest, max_age=max_age)
        record = record._replace(interval=interval_of(record, self._policy, now))
        failed, jitter = record.failures > 0, random.random()
        when = after_poll(record, self._policy, failed=failed, now=now, jitter=jitter)
        return record._replace(next_poll=when)


def _with_document(
    record: FeedRecord, parsed: Parsed, answer: Answer, digest: str, now: Timestamp
) -> FeedRecord:
    """``record`` with what a new document says: its entries, rhythm and wishes."""
    hints = hints_of(answer.body)
    dates = [entry.published for entry in parsed.entries if entry.published is not None]
    rhythm = rhythm_of(dates, now)
    return record._replace(
        digest=digest,
        entries=len(parsed.entries),
        bytes=len(answer.body),
        newest=_newest(dates, record.newest, now),
        # A short document that follows a long one does not unlearn what was known.
        gap=rhythm.gap if rhythm.gap is not None else record.gap,
        longest=rhythm.longest if rhythm.longest is not None else record.longest,
        ttl=hints.stands,
        skip_hours=_bits(hints.skip_hours),
        skip_days=_bits(hints.skip_days),
    )


def _bits(numbers: frozenset[int]) -> int:
    return sum(1 << number for number in numbers)


def _newest(dates: list[Timestamp], before: Timestamp | None, now: Timestamp) -> Timestamp | None:
    """Date of the newest entry ever seen; one that is dated ahead counts as of now."""
    return max([min(date, now) for date in dates] + ([before] if before is not None else []), default=None)
