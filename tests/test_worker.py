"""Documents are parsed in a process that can be killed, and is when one takes too long."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.test_parse import RSS, URL
from tui.feeds.parse import Parsed, parse
from tui.feeds.worker import ParseWorker

TINY_ITEMS = b"<rss version='2.0'><channel>" + b"<item><title>a</title></item>" * 200_000
"""6 MB that take feedparser far more than a second."""


@pytest.fixture
async def worker() -> AsyncIterator[ParseWorker]:
    worker = ParseWorker()
    yield worker
    await worker.close()


def alive(pid: int) -> bool:
    """Whether the system knows such a process, a zombie too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(pid: int, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while alive(pid):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.02)


async def test_the_worker_reads_what_the_parser_reads(worker: ParseWorker) -> None:
    expected = parse(RSS, "application/rss+xml", URL, 100)
    assert await worker.parse(RSS, "application/rss+xml", URL, 100) == expected
    assert await worker.parse(b"", "", URL, 100) == Parsed(fault="empty: the server sent nothing")


async def test_one_process_reads_many_documents_also_at_once(worker: ParseWorker) -> None:
    assert worker.pid is None
    await worker.parse(RSS, "", URL, 1)
    first = worker.pid
    answers = await asyncio.gather(*(worker.parse(RSS, "", URL, most) for most in (1, 2, 3)))
    assert [len(answer.entries) for answer in answers] == [1, 2, 3]
    assert worker.pid == first


async def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    worker = ParseWorker(time_limit=1.5)
    await worker.parse(RSS, "", URL, 1)
    first = worker.pid
    assert first is not None
    parsed = await worker.parse(TINY_ITEMS, "", URL, 100)
    assert parsed == Parsed(fault="not readable as a feed: parsing took more than 1.5 s")
    assert not alive(first)
    assert len((await worker.parse(RSS, "", URL, 2)).entries) == 2
    await worker.close()


async def test_a_worker_that_dies_idle_is_started_again_without_a_fault(worker: ParseWorker) -> None:
    await worker.parse(RSS, "", URL, 1)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    await asyncio.to_thread(wait_until_gone, worker.pid)
    assert len((await worker.parse(RSS, "", URL, 3)).entries) == 3


async def kill_at_work(worker: ParseWorker, other_than: int | None = None) -> None:
    """Kill the worker as soon as it is at its next document."""
    while worker.pid in (None, other_than):  # noqa: ASYNC110 - the worker has no event for its start
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)


async def test_a_document_that_brings_a_new_worker_down_is_given_up(worker: ParseWorker) -> None:
    killing = asyncio.create_task(kill_at_work(worker))
    parsed = await worker.parse(TINY_ITEMS, "", URL, 100)
    await killing
    assert parsed == Parsed(fault="not readable as a feed: it brought the parser down")
    assert len((await worker.parse(RSS, "", URL, 3)).entries) == 3


async def test_a_document_that_brings_down_a_used_worker_and_a_new_one_is_given_up(
    worker: ParseWorker,
) -> None:
    await worker.parse(RSS, "", URL, 1)

    async def kill_twice() -> None:
        first = worker.pid
        await kill_at_work(worker)
        await kill_at_work(worker, other_than=first)

    killing = asyncio.create_task(kill_twice())
    parsed = await worker.parse(TINY_ITEMS, "", URL, 100)
    await killing
    assert parsed == Parsed(fault="not readable as a feed: it brought the parser down")


async def test_a_cancelled_parse_leaves_no_process_and_no_half_answer(worker: ParseWorker) -> None:
    await worker.parse(RSS, "", URL, 1)
    first = worker.pid
    assert first is not None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await worker.parse(TINY_ITEMS, "", URL, 100)
    await asyncio.to_thread(wait_until_gone, first)
    assert len((await worker.parse(RSS, "", URL, 2)).entries) == 2


async def test_the_end_of_the_worker_leaves_no_process(worker: ParseWorker) -> None:
    await worker.parse(RSS, "", URL, 1)
    pid = worker.pid
    assert pid is not None
    await worker.close()
    assert not alive(pid)
    await worker.close()


PARENT = """
import asyncio
from tui.feeds.worker import ParseWorker
async def go():
    worker = ParseWorker()
    await worker.parse(b"x", "", "https://news.example/", 1)
    print(worker.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(go())
"""


def test_the_worker_ends_with_a_parent_that_is_killed() -> None:
    root = str(Path(__file__).parents[1])
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=root)
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until_gone(pid)


async def test_what_stands_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: ParseWorker
) -> None:
    (tmp_path / "feedparser.py").write_text("raise SystemExit('somebody else')")
    monkeypatch.chdir(tmp_path)
    assert len((await worker.parse(RSS, "", URL, 2)).entries) == 2
