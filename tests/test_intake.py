"""The collector's way into the store: polls that come close together share a transaction, not a fate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import samples
from tests.samples import NOON
from tui.collector.intake import Intake, StoreThread
from tui.ingest import Ingest, Poll, Taken
from tui.model import Feed, Watch
from tui.store.connect import StoreError
from tui.store.reader import Reader

FEEDS = tuple(samples.feed(f"https://wire.example/{number}") for number in range(20))
WATCH = Watch("Test", tuple(samples.FRONTS), FEEDS)
STRIKE = "Drone strike kills two people near Naqoura in southern Lebanon"


async def polled(intake: Intake, feed: Feed, title: str) -> Taken:
    return await intake.take(feed, [samples.entry(title)], NOON, samples.feed_record(feed.url))


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many polls each transaction held, as they are begun."""
    sizes: list[int] = []
    take = Ingest.take_polls

    def counted(ingest: Ingest, polls: Sequence[Poll]) -> list[Taken]:
        sizes.append(len(polls))
        return take(ingest, polls)

    monkeypatch.setattr(Ingest, "take_polls", counted)
    return sizes


async def test_polls_that_come_together_share_a_transaction_and_each_hears_of_its_own(
    tmp_path: Path, groups: list[int]
) -> None:
    async with StoreThread(tmp_path / "store.db") as store:
        intake = Intake(store)
        await intake.adopt(WATCH, NOON)
        saved = asyncio.create_task(intake.save(samples.feed_record(FEEDS[0].url)))
        football, *strikes = await asyncio.gather(
            polled(intake, FEEDS[0], "Goalless draw in the cup final"),
            *(polled(intake, feed, STRIKE) for feed in FEEDS[1:]),
        )
        await saved
        assert (football.new_reports, len(football.incidents)) == (1, 0)
        assert {(each.new_reports, len(each.incidents)) for each in strikes} == {(1, 1)}
        await polled(intake, FEEDS[0], "Storm closes schools")
    assert groups == [21, 1]
    reader = Reader(tmp_path / "store.db")
    (incident,) = reader.incidents()
    assert incident.reports == 19
    assert [(record.stored, record.relevant) for record in reader.feeds()] == [(2, 0)] + [(1, 1)] * 19
    reader.close()


async def test_a_poll_that_this_program_fails_on_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Ingest.take_polls

    def faulty(ingest: Ingest, polls: Sequence[Poll]) -> list[Taken]:
        if any(poll.record.url == FEEDS[1].url for poll in polls):
            raise LookupError("a fault of ours")
        return take(ingest, polls)

    monkeypatch.setattr(Ingest, "take_polls", faulty)
    async with StoreThread(tmp_path / "store.db") as store:
        intake = Intake(store)
        await intake.adopt(WATCH, NOON)
        came = await asyncio.gather(
            *(polled(intake, feed, STRIKE) for feed in FEEDS[:3]), return_exceptions=True
        )
    assert [type(each) for each in came] == [Taken, LookupError, Taken]
    reader = Reader(tmp_path / "store.db")
    assert [record.stored for record in reader.feeds()[:3]] == [1, 0, 1]
    reader.close()


async def test_a_store_that_can_not_be_written_is_told_to_every_poll_and_nothing_of_them_is_stored(
    tmp_path: Path,
) -> None:
    async with StoreThread(tmp_path / "store.db") as store:
        intake = Intake(store)
        await intake.adopt(WATCH, NOON)
        await store.do(lambda writer: writer.ask(lambda db: db.execute("PRAGMA query_only = ON")))
        told = await asyncio.gather(
            *(polled(intake, feed, STRIKE) for feed in FEEDS[:3]), return_exceptions=True
        )
        assert all(isinstance(each, StoreError) for each in told)
        await store.do(lambda writer: writer.ask(lambda db: db.execute("PRAGMA query_only = OFF")))
        again = await asyncio.gather(*(polled(intake, feed, STRIKE) for feed in FEEDS[:3]))
    assert [each.new_reports for each in again] == [1, 1, 1]


async def test_a_poll_that_is_cancelled_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    async with StoreThread(tmp_path / "store.db") as store:
        intake = Intake(store)
        await intake.adopt(WATCH, NOON)
        tasks = [asyncio.create_task(polled(intake, feed, STRIKE)) for feed in FEEDS[:3]]
        await asyncio.sleep(0)  # each has joined the group
        await asyncio.sleep(0)  # and the first has begun to write it
        tasks[0].cancel()
        came = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(came[0], asyncio.CancelledError)
    assert [each.new_reports for each in came[1:] if isinstance(each, Taken)] == [1, 1]
